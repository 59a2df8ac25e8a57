"""The former version of a state ends for good in the moment that the next one takes over."""

from __future__ import annotations

import msgspec
import pytest
from aiokafka.errors import ProducerFenced

from streams.entry import APPLIED, Applied
from streams.failures import Superseded
from streams.health import Health
from streams.letters import Place
from streams.opening import opened
from streams.platform import Platform
from streams.rebuild_unit import unit_of
from streams.rebuild_versions import make
from streams.record import Outgoing
from streams.succession import Succession
from streams.transactions import Transactions
from streams.versions import FIRST, Versions
from tests.sample import tally

PLACE = Place("tally", "1", "deposits", 0)
EVENT = Outgoing("tallies", b"ann", b"...", ())
SECOND = Versions({"processor tally": 2}, {"processor tally": 1})


def applied(offset: int) -> dict[bytes, bytes | None]:
    return {APPLIED: msgspec.msgpack.encode(Applied(offset))}


async def test_the_former_version_is_fenced_and_what_it_emitted_is_not_emitted_again(platform: Platform) -> None:
    settings, health = platform.settings, Health("tally", "deposits", 0)
    await make(settings, platform.catalogue, unit_of(platform.processors, tally), SECOND)
    async with opened(platform, [tally]) as context:
        # given: a worker of the former version that has come to offset 6
        former = Transactions(settings, "tally", 0)
        await former.start()
        await former.commit([], applied(6))
        # when the next version takes over
        following = Transactions(settings, "tally-v2", 0)
        await following.start()
        second = Succession(context, SECOND, PLACE, health)
        state = await second.recovered()
        await second.take_over(state, following)
        # then: no word of the former counts any more, neither of that worker nor of another
        with pytest.raises(ProducerFenced):
            await former.commit([EVENT], applied(7))
        await former.stop()
        with pytest.raises(Superseded, match="tally has handed over to tally-v2"):
            await Succession(context, FIRST, PLACE, health).recovered()
        # and the next one emits from offset 7 on, also after another has opened it
        assert (list(second.outgoing([EVENT], 6)), list(second.outgoing([EVENT], 7))) == ([], [EVENT])
        state.close()
        again = Succession(context, Versions(SECOND.serving), PLACE, health)
        state = await again.recovered()
        await again.take_over(state, following)
        assert (list(again.outgoing([EVENT], 6)), list(again.outgoing([EVENT], 7))) == ([], [EVENT])
        state.close()
        await following.stop()
