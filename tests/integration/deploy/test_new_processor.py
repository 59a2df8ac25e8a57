"""`playlog new processor` leaves a repository whose checks pass, untouched."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy import ROOT

ROOMS = ("topics", "schemas", "streams", "processors", "gateway", "deploy", "tests")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "node_modules", "web", ".*")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The repository without its web page, as a repository of its own."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=LEFT_OUT)
    for file in ("pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / file, tmp_path)
    return tmp_path


def run(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(copy), "PLAYLOG_HOME": str(copy / ".playlog")}
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )


def test_the_checks_pass_with_one_of_each_kind(copy: Path) -> None:
    for arguments in (
        ("flag_stalls", "--reads", "playback", "--emits", "stall-flags/StallFlagged"),
        ("list_publications", "--reads", "videos", "--kind", "view", "--event", "VideoPublished"),
        ("send_mail", "--reads", "mail-tasks", "--kind", "work", "--emits", "mail-reports/MailSent"),
    ):
        made = run(copy, "deploy.commands", "new", "processor", *arguments)
        assert made.returncode == 0, made.stderr
    subprocess.run(["git", "init", "-q"], cwd=copy, check=True)
    subprocess.run(["git", "add", "."], cwd=copy, check=True)
    theirs = [f"tests/unit/processors/test_{name}.py" for name in ("flag_stalls", "list_publications", "send_mail")]
    tests = run(copy, "pytest", "-q", "-p", "no:cacheprovider", "tests/policy", *theirs)
    assert tests.returncode == 0, tests.stdout
    style = run(copy, "ruff", "check")
    assert style.returncode == 0, style.stdout
    assert run(copy, "ruff", "format", "--check").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("Counter", "--reads", "playback"), "no verb phrase"),
        (("count_views", "--reads", "playback"), "is there already"),
        (("flag_stalls", "--reads", "playbacks"), "there are accounts,"),
        (("flag_stalls", "--reads", "playback", "--event", "Beacon"), "on playback there are PlaybackBeacon"),
        (("flag_stalls", "--reads", "playback", "--emits", "Stalls"), "write topic/Event"),
        (("flag_stalls", "--reads", "playback", "--emits", "videos/VideoFlagged"), "name a new topic"),
        (("send_mail", "--reads", "videos", "--kind", "work"), "takes tasks of its own"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_written(copy: Path, arguments: tuple[str, ...], told: str) -> None:
    before = {path: path.stat().st_mtime_ns for path in copy.rglob("*.yaml")}
    refused = run(copy, "deploy.commands", "new", "processor", *arguments)
    assert refused.returncode == 1
    assert told in refused.stderr
    assert {path: path.stat().st_mtime_ns for path in copy.rglob("*.yaml")} == before
