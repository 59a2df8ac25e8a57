"""Statements of a test's own, past the engine."""

from __future__ import annotations

from typing import Any

from streams.cassandra import connect
from streams.platform import Platform


async def cql(platform: Platform, statement: str) -> list[dict[str, Any]]:
    """Run a statement, `{k}` being the platform's keyspace; its rows."""
    session = await connect(platform.settings)
    try:
        result = await session.execute(session.query(statement.format(k=platform.settings.keyspace)))
        return [row.as_dict() for row in result.all()]
    finally:
        await session.close()
