"""What any store of a partition's state must do: one suite over memory and RocksDB."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from streams.rocks import RocksStore, open_rocks
from streams.store import MemoryStore, Store


@pytest.fixture(params=["memory", "rocksdb"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    makers: dict[str, Callable[[], Store]] = {"memory": MemoryStore, "rocksdb": lambda: RocksStore(tmp_path / "s")}
    made = makers[request.param]()
    yield made
    made.close()


def test_what_was_written_is_read(store: Store) -> None:
    store.write({b"a": b"1", b"b": b""})
    assert (store.get(b"a"), store.get(b"b"), store.get(b"c")) == (b"1", b"", None)


def test_none_deletes(store: Store) -> None:
    store.write({b"a": b"1"})
    store.write({b"a": None, b"never": None})
    assert store.get(b"a") is None
    assert list(store.scan(b"")) == []


def test_a_scan_is_in_the_order_of_bytes_and_stops_at_the_prefix(store: Store) -> None:
    store.write({b"t\xff": b"3", b"t\x00\x02": b"2", b"u": b"4", b"t": b"0", b"t\x00\x01": b"1", b"s": b"5"})
    assert [value for _, value in store.scan(b"t")] == [b"0", b"1", b"2", b"3"]


def test_a_scan_of_nothing_is_empty(store: Store) -> None:
    assert list(store.scan(b"x")) == []


def test_rocksdb_keeps_what_was_written(tmp_path: Path) -> None:
    store = RocksStore(tmp_path / "s")
    store.write({b"a": b"1"})
    store.close()
    again = RocksStore(tmp_path / "s")
    assert again.get(b"a") == b"1"
    again.close()


def _hold(path: Path, ready: Callable[[], object], done: Callable[[], object]) -> None:
    store = RocksStore(path)
    ready()
    done()
    store.close()


def test_a_store_that_a_hanging_process_holds_is_left_to_it(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ready, done = context.Event(), context.Event()
    holder = context.Process(target=_hold, args=(tmp_path / "0", ready.set, done.wait))
    holder.start()
    assert ready.wait(30)
    with pytest.raises(BlockingIOError):
        RocksStore(tmp_path / "0")
    store, path = open_rocks(tmp_path)
    assert path == tmp_path / "1"
    store.close()
    done.set()
    holder.join(30)
