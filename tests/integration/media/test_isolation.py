"""Where a confined process is: nowhere that it could see this machine from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from processors.media import isolation
from processors.media.confined import confined, self_check
from processors.media.limits import Crashed
from processors.media.model import Way
from tests.integration.media.test_confined import Bytes, children, chunk_job, long_work


@pytest.mark.skipif(not isolation.bubblewrap(), reason="no bubblewrap here: the process shuts itself in")
async def test_the_process_has_namespaces_and_a_file_system_of_its_own(tmp_path: Path):
    (secret := tmp_path / "secret").write_text("42")
    stream = confined(chunk_job(long_work()), Bytes(long_work()))
    await anext(stream)
    (innermost,) = [child for child in children() if not child.children()]
    there, here = (Path(f"/proc/{pid}") for pid in (innermost.pid, "self"))

    for name in ("user", "net", "pid", "mnt", "ipc", "uts", "cgroup"):
        assert (there / "ns" / name).readlink() != (here / "ns" / name).readlink(), name
    for hidden in (secret, Path("/etc/passwd")):
        assert hidden.exists()
        assert not (there / "root" / hidden.relative_to("/")).exists()
    await stream.aclose()


GPU = Way(encoder="h264_nvenc", decoder="cuda")


@pytest.fixture
def device(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A file that stands in for a GPU's."""
    (stand_in := tmp_path / "nvidia0").write_text("")
    monkeypatch.setattr(isolation, "DEVICES", str(tmp_path / "nvidia*"))
    isolation.bubblewrap_with_devices.cache_clear()
    yield stand_in
    isolation.bubblewrap_with_devices.cache_clear()


@pytest.mark.skipif(not isolation.bubblewrap(), reason="no bubblewrap here: no GPU is used")
async def test_with_a_gpu_its_device_can_be_opened_and_still_nothing_else(device: Path):
    (secret := device.with_name("secret")).write_text("42")

    with_device = await self_check(str(device), GPU)
    others = [await self_check(path, GPU) for path in (str(secret), "/etc/passwd", __file__)]

    assert with_device.opens_files
    assert [inside.opens_files for inside in others] == [False] * 3
    for inside in (with_device, *others):
        assert (inside.layers[0], inside.opens_sockets, inside.starts_processes) == ("bubblewrap", False, False)
    assert not (await self_check(str(device))).opens_files


async def test_without_bubblewrap_no_gpu_is_used(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(isolation, "bubblewrap_with_devices", tuple)

    with pytest.raises(Crashed, match="inside bubblewrap only"):
        await self_check(way=GPU)
