"""Where a confined process is: nowhere that it could see this machine from."""

from __future__ import annotations

from pathlib import Path

import pytest

from processors.media import isolation
from processors.media.confined import confined
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
