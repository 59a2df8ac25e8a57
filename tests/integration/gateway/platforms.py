"""A platform in a namespace of some tests, and workers in the tests' own event loop."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from deploy.assembly import platform
from deploy.declare import declare
from streams.platform import Platform
from streams.processor import Fold, Tally, View, Work
from streams.settings import Settings
from streams.tasks import run_works
from streams.worker import run


async def declared_for(name: str, servers: Settings, folders: pytest.TempPathFactory) -> Platform:
    """Declared in a namespace of its own that begins with the name's first letter, with keys in a new home."""
    home = folders.mktemp(name)
    _make_keys(home)
    settings = replace(servers, namespace=f"{name[0]}{uuid.uuid4().hex[:8]}", home=str(home))
    await declare(settings, lambda _: None)
    return platform(settings)


def at_work(platform: Platform, processors: Sequence[Fold | Tally | View]) -> AbstractAsyncContextManager[None]:
    """A worker that hosts the processors, joined, until the block is left; what ends it before is raised."""
    return _joined(lambda stop, ready: run(platform, processors, stop, ready))


def taking_tasks(
    platform: Platform, works: Sequence[Work], provided: Mapping[Any, object]
) -> AbstractAsyncContextManager[None]:
    """The same for works."""
    return _joined(lambda stop, ready: run_works(platform, works, provided, stop, ready))


@asynccontextmanager
async def _joined(
    worker: Callable[[asyncio.Event, Callable[[], object]], Coroutine[Any, Any, None]],
) -> AsyncIterator[None]:
    stop, joined = asyncio.Event(), asyncio.Event()
    working = asyncio.create_task(worker(stop, joined.set))
    waiting = asyncio.create_task(joined.wait())
    await asyncio.wait({waiting, working}, return_when=asyncio.FIRST_COMPLETED)
    if not joined.is_set():
        waiting.cancel()
        await working
        raise AssertionError("the worker ended before it joined")
    try:
        yield
    finally:
        stop.set()
        await working


def _make_keys(home: Path) -> None:
    """What `make up` makes: a key pair and the media secret."""
    keys, key = home / "keys", Ed25519PrivateKey.generate()
    keys.mkdir(parents=True)
    (keys / "jwt-private.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (keys / "jwt-public.pem").write_bytes(public)
    (keys / "media-secret").write_text("a secret of these tests")
