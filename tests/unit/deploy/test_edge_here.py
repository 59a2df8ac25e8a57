"""Where viewers are sent for media, with and without an nginx on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.local import edge
from deploy.local.configuration import Local


def local(folder: Path, **settings: str) -> Local:
    return Local.from_environment({"PLAYLOG_HOME": str(folder), "PLAYLOG_EDGE_PORT": "8999", **settings})


@pytest.fixture
def nginx(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "nginx", lambda: Path("/usr/sbin/nginx"))


@pytest.fixture
def no_nginx(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "nginx", lambda: None)


@pytest.mark.usefixtures("nginx")
def test_with_nginx_they_are_sent_to_the_edge(tmp_path: Path) -> None:
    assert edge.announced(local(tmp_path), {}) == "http://127.0.0.1:8999"
    assert [program.name for program in edge.edge(local(tmp_path))] == ["edge"]


@pytest.mark.usefixtures("no_nginx")
def test_without_they_are_sent_to_the_gateway(tmp_path: Path) -> None:
    assert edge.announced(local(tmp_path), {}) == ""
    assert edge.edge(local(tmp_path)) == []


@pytest.mark.usefixtures("nginx")
def test_an_operator_may_name_another_edge_or_none(tmp_path: Path) -> None:
    assert edge.announced(local(tmp_path), {"PLAYLOG_EDGE": "https://media.example"}) == "https://media.example"
    assert edge.announced(local(tmp_path), {"PLAYLOG_EDGE": ""}) == ""


@pytest.mark.usefixtures("nginx")
def test_viewers_from_elsewhere_are_not_sent_to_their_own_machine(tmp_path: Path) -> None:
    assert edge.announced(local(tmp_path, PLAYLOG_HOST="0.0.0.0"), {}) == ""


@pytest.mark.parametrize("size", ["2", "g", "-1g", "2t", "1 g"])
def test_a_size_that_nginx_would_not_take_is_refused(tmp_path: Path, size: str) -> None:
    with pytest.raises(ValueError, match="PLAYLOG_EDGE_CACHE"):
        local(tmp_path, PLAYLOG_EDGE_CACHE=size)
