"""What a batch asks of its store."""

from __future__ import annotations

from streams.core import core_of
from streams.entry import Applied
from streams.in_memory import codec_of
from streams.letters import Place
from streams.record import Record
from streams.store import MemoryStore
from tests import sample


class Asked(MemoryStore):
    """Remembers which keys were read one by one, and how many together."""

    def __init__(self) -> None:
        super().__init__()
        self.single: list[bytes] = []
        self.together: list[int] = []

    def get(self, key: bytes) -> bytes | None:
        self.single.append(key)
        return super().get(key)

    def get_many(self, keys: list[bytes]) -> list[bytes | None]:
        self.together.append(len(keys))
        return super().get_many(keys)


def test_the_states_of_a_batch_are_read_at_once_each_key_once() -> None:
    catalogue, store = sample.catalogue(), Asked()
    codec = codec_of(catalogue)
    core = core_of(sample.tally, Place("tally", "1", "deposits", 0), catalogue, codec)
    names = ["ann", "bob", "ann", "eve"]
    values = [codec.encode(sample.Deposited(event_id=str(n), account=name, amount=1)) for n, name in enumerate(names)]
    pairs = zip(names, values, strict=True)
    core.step(store, Applied(), [Record(0, n, 1, name.encode(), value) for n, (name, value) in enumerate(pairs)])
    assert (store.together, store.single) == ([3], [])
