"""One platform as the engine sees it: what a process needs to know to take part."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from streams.catalogue import Catalogue
from streams.codec import Codec
from streams.event import Event
from streams.processor import Processor
from streams.registry import Registry
from streams.settings import Settings


@dataclass(frozen=True)
class Platform:
    """Settings, catalogue, records and processors; `root` is where `topics/` and `schemas/` lie.

    Put together in one place by whoever uses the engine; the engine's commands find it as click's `obj`.
    """

    root: Path
    settings: Settings
    catalogue: Catalogue
    classes: tuple[type[Event], ...]
    processors: tuple[Processor, ...]

    async def codec(self) -> Codec:
        """A codec with the ids that the registry gave the catalogue's schemas; raises RegistryError."""
        async with Registry(self.settings) as registry:
            return Codec(self.catalogue, self.classes, await registry.ids(self.catalogue))
