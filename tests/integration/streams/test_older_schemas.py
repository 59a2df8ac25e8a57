"""Given events of an earlier release among dead letters, when they are tried again, then they can still be read."""

from __future__ import annotations

from dataclasses import replace

from streams.codec import Codec
from streams.context import Context
from streams.event import natural_id
from streams.log import Log
from streams.platform import Platform
from streams.record import Outgoing, Record
from streams.registry import Registry
from streams.resolutions import Letter, unresolved
from tests.integration.streams.posting import letters, send
from tests.sample import Deposited
from tests.sample_workers import Workers, eventually


def deposit(name: str, account: str, amount: int) -> Deposited:
    return Deposited(event_id=natural_id(name), occurred_at=1, account=account, amount=amount)


async def earlier(platform: Platform, note: str) -> Codec:
    """The codec of an earlier release, whose deposits had a field that today's have not."""
    schema = platform.catalogue.schemas["Deposited"]
    field = {"name": note, "type": "string", "default": "", "doc": note}
    schemas = {**platform.catalogue.schemas, "Deposited": {**schema, "fields": [*schema["fields"], field]}}
    catalogue = replace(platform.catalogue, schemas=schemas)
    async with Registry(platform.settings) as registry:
        return Codec(catalogue, platform.classes, await registry.register(catalogue))


async def test_a_replay_after_a_restart_knows_the_schemas_of_what_waits(
    platform: Platform, log: Log, workers: Workers
) -> None:
    codec = await earlier(platform, "note")
    first = workers.start()
    posted = await log.post(deposit("a", "ann", 666))
    behind = Outgoing("deposits", b"ann", codec.encode(deposit("b", "ann", 2)), ())
    await send(platform, [(behind, posted.partition)])

    async def two_letters() -> bool:
        return [letter.fate for letter in await letters(platform, "count_deposits")] == ["dead", "parked"]

    await eventually(two_letters)
    assert workers.end(first) == 0
    workers.cure.touch()
    workers.start("another-machine")
    [dead, _] = unresolved(await letters(platform, "count_deposits"))
    await send(platform, [(dead.replay(), posted.partition)])

    async def tried() -> bool:
        return len(await letters(platform, "count_deposits")) == 4

    await eventually(tried)
    assert [letter.fate for letter in await letters(platform, "count_deposits")][2:] == ["replayed", "replayed"]


async def test_the_schema_of_a_letter_that_is_tried_again_is_learnt(platform: Platform) -> None:
    value = (await earlier(platform, "remark")).encode(deposit("a", "ann", 1))
    dead = Letter("show_totals", "1", "dead", "deposits", Record(0, 0, 0, b"ann", value), "", "")
    codec, replay = await platform.codec(), dead.replay()
    async with Registry(platform.settings) as registry:
        context = Context(platform.settings, platform.catalogue, codec, registry, None, {}, "test")
        await context.learn([Record(0, 1, 0, replay.key, replay.value, replay.headers)])
    assert codec.decode(value).partition_key == "ann"
