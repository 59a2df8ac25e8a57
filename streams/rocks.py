"""A partition's store on disk: RocksDB in a folder that one process at a time has locked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import rocksdict

LOCKED = "lock hold by current process", "While lock file", "Resource temporarily unavailable"
SLOTS = 16
BLOCKS: Any = rocksdict.Cache(8 * 1024 * 1024)  # what has been read lately, of all stores of a process together
BUFFERS: Any = rocksdict.WriteBufferManager(32 * 1024 * 1024, False)  # and what has been written


class RocksStore:
    """Survives kill -9 as of the last batch written; what a power cut takes is read again from the changelog."""

    def __init__(self, path: Path) -> None:
        """Raises BlockingIOError where another process holds `path`."""
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._db: Any = rocksdict.Rdict(str(path), _options())
        except Exception as error:  # rocksdict raises Exception itself
            if any(sign in str(error) for sign in LOCKED):
                raise BlockingIOError(f"{path} is in use") from error
            raise

    def get(self, key: bytes) -> bytes | None:
        return self._db.get(key)

    def get_many(self, keys: list[bytes]) -> list[bytes | None]:
        return self._db.get(keys)

    def scan(self, prefix: bytes, after: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        for key, value in self._db.items(from_key=max(prefix, after)):
            if not key.startswith(prefix):
                return
            if key != after:
                yield key, value

    def write(self, changes: Mapping[bytes, bytes | None]) -> None:
        batch: Any = rocksdict.WriteBatch(raw_mode=True)
        for key, value in changes.items():
            if value is None:
                batch.delete(key)
            else:
                batch.put(key, value)
        self._db.write(batch)

    def close(self) -> None:
        self._db.close()


def open_rocks(folder: Path) -> tuple[RocksStore, Path]:
    """The first store under `folder` that no other process holds: a stopped worker may sit on one for long."""
    for slot in range(SLOTS):
        try:
            return RocksStore(folder / str(slot)), folder / str(slot)
        except BlockingIOError:
            continue
    raise RuntimeError(f"{folder}: {SLOTS} processes hold a store each\n  mend:   stop workers that hang")


def _options() -> rocksdict.Options:
    """Small, and together bounded: a process has a store for each partition of each fold."""
    options = rocksdict.Options(raw_mode=True)
    options.create_if_missing(True)
    options.set_write_buffer_size(2 * 1024 * 1024)
    options.set_max_write_buffer_number(2)
    options.set_write_buffer_manager(BUFFERS)
    options.set_max_open_files(64)
    options.set_level_zero_file_num_compaction_trigger(8)  # of small files: a recovery is written over less often
    options.set_keep_log_file_num(2)
    options.set_max_total_wal_size(16 * 1024 * 1024)
    blocks = rocksdict.BlockBasedOptions()
    blocks.set_bloom_filter(10, False)  # a key that is not there costs no look into a file
    blocks.set_block_cache(BLOCKS)
    options.set_block_based_table_factory(blocks)
    return options
