"""Run a command's work; what an operator can mend is said in one message, without a traceback."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import click

from streams.admin import TopicsError
from streams.catalogue import CatalogueError
from streams.log import LogDown
from streams.registry import RegistryError
from streams.sinks import SinkDown

T = TypeVar("T")


def told(work: Coroutine[Any, Any, T]) -> T:
    """Its result; raises ClickException with what to do about an expected error, Abort at Ctrl-C."""
    try:
        return asyncio.run(work)
    except (TopicsError, RegistryError, CatalogueError, LogDown, SinkDown, LookupError) as error:
        raise click.ClickException(str(error.args[0]) if error.args else str(error)) from error
    except KeyboardInterrupt:
        raise click.Abort from None
