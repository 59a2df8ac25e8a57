"""Migrations: the indexes of OpenSearch, each behind an alias, made from what views declare."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import httpx

from streams.keyspace import MigrationError
from streams.opensearch import APPLIED, alias
from streams.settings import Settings
from streams.sinks import SinkDown
from streams.tables import Index


async def migrate(settings: Settings, indexes: Iterable[Index]) -> None:
    """Create what is missing as `<name>-v1` behind the alias `<name>`; fields are added, none is changed.

    Raises MigrationError where a field's type or the analysis has changed (documents are indexed already: a
    new index is built from the log), SinkDown where OpenSearch does not answer.
    """
    async with httpx.AsyncClient(base_url=settings.opensearch, timeout=60) as client:
        for index in indexes:
            name = alias(settings, index)
            if (await _call(client, "HEAD", f"/_alias/{name}")).status_code == 404:
                await _create(client, settings, index, name)
            else:
                await _extend(client, index, name)


async def _create(client: httpx.AsyncClient, settings: Settings, index: Index, name: str) -> None:
    shape: dict[str, Any] = {
        "number_of_shards": 1,
        "number_of_replicas": settings.replication - 1,
        "refresh_interval": "200ms",
    }
    if index.analysis:
        shape["analysis"] = index.analysis
    body = {"settings": {"index": shape}, "mappings": mapping(index), "aliases": {name: {"is_write_index": True}}}
    answer = await _call(client, "PUT", f"/{name}-v1", body)
    if answer.is_error and "resource_already_exists" not in answer.text:
        raise MigrationError(f"index {index.name} can't be made: {_reason(answer)}\n  mend:   its fields or analysis")


async def _extend(client: httpx.AsyncClient, index: Index, name: str) -> None:
    answer = await _call(client, "PUT", f"/{name}/_mapping", mapping(index))
    if answer.is_error:
        raise MigrationError(
            f"index {index.name}: {_reason(answer)}\n"
            "  mend:   give the changed field another name, or the index; it is built from the log"
        )


def mapping(index: Index) -> dict[str, Any]:
    """Strict: a field that is not declared is refused. The applied stamps are kept with the document, not indexed."""
    applied = {"type": "object", "enabled": False}
    return {"dynamic": "strict", "properties": {index.key: {"type": "keyword"}, **index.fields, APPLIED: applied}}


async def _call(client: httpx.AsyncClient, method: str, path: str, body: Any = None) -> httpx.Response:
    try:
        answer = await client.request(method, path, json=body)
    except httpx.HTTPError as error:
        raise SinkDown(
            f"OpenSearch at {client.base_url} does not answer: {error!r}\n  mend:   playlog doctor"
        ) from error
    if answer.status_code in (429, 502, 503, 504):
        raise SinkDown(f"OpenSearch can't make indexes just now: {answer.status_code} {answer.text[:300]}")
    return answer


def _reason(answer: httpx.Response) -> str:
    return str(answer.json().get("error", {}).get("reason", answer.text[:300]))
