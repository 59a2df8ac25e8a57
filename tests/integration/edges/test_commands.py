"""The engine's commands, as an operator types them."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from streams.catalogue import Catalogue
from streams.commands import cli, line
from streams.log import Log
from streams.platform import Platform
from streams.settings import Settings
from streams.tail import Tail
from tests.integration.edges.errands import CATALOGUE, CLASSES, ErrandDone, errands_platform

ROOT = Path(__file__).parents[3]


async def playlog(platform: Platform, *arguments: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, cli, list(arguments), obj=platform)


async def test_topics_are_planned_then_applied(settings: Settings) -> None:
    own = replace(settings, namespace=f"{settings.namespace}cmd")
    platform = Platform(Path(), own, CATALOGUE, CLASSES, ())
    first = await playlog(platform, "topics", "plan")
    assert (first.exit_code, "create reports: 4 partitions" in first.output) == (1, True)
    assert (await playlog(platform, "topics", "apply")).exit_code == 0
    assert (await playlog(platform, "topics", "plan")).output == "nothing to do\n"


async def test_a_contradiction_is_one_message(settings: Settings) -> None:
    own = replace(settings, namespace=f"{settings.namespace}odd")
    platform = Platform(Path(), own, CATALOGUE, CLASSES, ())
    await playlog(platform, "topics", "apply")
    wider = Catalogue(
        {**CATALOGUE.topics, "reports": replace(CATALOGUE.topics["reports"], partitions=6)}, CATALOGUE.schemas
    )
    answer = await playlog(replace(platform, catalogue=wider), "topics", "apply")
    assert answer.exit_code == 1
    assert "Error: topic reports has 4 partitions, topics/reports.yaml says 6" in answer.output
    assert "playlog topics apply --add-partitions" in answer.output
    wide = replace(platform, catalogue=wider)
    assert (await playlog(wide, "topics", "apply", "--add-partitions")).exit_code == 0
    assert (await playlog(wide, "topics", "plan")).output == "nothing to do\n"


async def test_an_event_is_a_line_of_json(settings: Settings) -> None:
    platform, codec = await errands_platform(replace(settings, namespace=f"{settings.namespace}line"))
    async with Log(platform.settings, CATALOGUE, codec) as log:
        place = await log.post(ErrandDone(subject="Zoë", task_id="t"))
    [recorded] = [r async for r in Tail(platform.settings, codec).until_now(["reports"])]
    told: dict[str, Any] = json.loads(line(recorded))
    assert told["time"].endswith("+00:00")
    assert (told["position"], told["event"], told["subject"]) == (str(place), "ErrandDone", "Zoë")


async def test_records_are_written_from_their_schemas_and_checked(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "topics").symlink_to(ROOT / "topics")
    (tmp_path / "schemas").mkdir()
    for folder in (ROOT / "schemas").iterdir():
        if folder.is_dir() and any(folder.glob("*.avsc")):
            (tmp_path / "schemas" / folder.name).mkdir()
            for file in (*folder.glob("*.avsc"), *folder.glob("*.json")):
                (tmp_path / "schemas" / folder.name / file.name).symlink_to(file)
    platform = Platform(tmp_path, settings, Catalogue.load(tmp_path), (), ())
    assert (await playlog(platform, "schemas", "generate", "--check")).exit_code == 1
    assert (await playlog(platform, "schemas", "generate")).exit_code == 0
    assert (await playlog(platform, "schemas", "generate", "--check")).exit_code == 0
    for made in (tmp_path / "schemas").glob("*/__init__.py"):
        assert made.read_text() == (ROOT / "schemas" / made.parent.name / "__init__.py").read_text()
