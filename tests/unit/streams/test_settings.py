"""Settings come from the environment, and what can't be is refused by its name."""

from __future__ import annotations

import pytest

from streams.settings import Settings


@pytest.mark.parametrize("settings", [Settings(), Settings(standby=True, replication=3, namespace="t")])
def test_settings_reach_a_child_process(settings: Settings) -> None:
    assert Settings.from_environment(settings.environment()) == settings


@pytest.mark.parametrize("given", [{"PLAYLOG_STANDBY": "yes"}, {"PLAYLOG_STANDBY": "1", "PLAYLOG_STATE": "memory"}])
def test_copies_are_on_or_off_and_on_a_disk(given: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="PLAYLOG_STANDBY is"):
        Settings.from_environment(given)
