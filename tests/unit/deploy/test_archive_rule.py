"""Sources are not archived so early that parts of uploads that go on would be."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from deploy.store import commands
from streams.archive import Rule
from streams.platform import Platform


@pytest.mark.parametrize(
    ("after", "expiry", "least"),
    [(1, "", 2), (2, "", None), (7, "604800", 8), (8, "604800", None), (2, "172801", 3), (3, "172801", None)],
)
def test_parts_of_an_upload_that_goes_on_are_never_archived(
    monkeypatch: pytest.MonkeyPatch, after: int, expiry: str, least: int | None
) -> None:
    async def kept(_platform: Platform, wanted: Rule | None, change: bool) -> Rule | None:
        return wanted if change else None

    monkeypatch.setattr(commands, "_archive", kept)
    monkeypatch.setenv("PLAYLOG_UPLOAD_EXPIRY", expiry)
    answer = CliRunner().invoke(commands.cli, ["store", "archive", "--after", str(after)])
    if least is None:
        assert answer.output == f"sources go to GLACIER when they are {after} days old\n"
    else:
        assert answer.exit_code == 2
        assert f"give {least} days or more" in answer.output
