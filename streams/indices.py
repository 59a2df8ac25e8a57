"""Migrations: the indexes of OpenSearch, each behind an alias, made from what views declare."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import httpx
import msgspec

from streams.keyspace import MigrationError
from streams.opensearch import APPLIED, alias, next_alias
from streams.settings import Settings
from streams.sinks import SinkDown
from streams.tables import Index

WAIT = 60.0  # seconds for an answer; copying takes as long as it takes


async def migrate(settings: Settings, indexes: Iterable[Index]) -> None:
    """Create what is missing as `<name>-v1` behind the alias `<name>`; what is declared otherwise becomes the next
    version: a copy of all documents, stamps included, that takes the alias over.

    Meanwhile the old version takes no writes, and views hold theirs. Cut short, it begins anew the next time.
    Raises MigrationError where documents do not fit the new declaration (the old version stays as it was),
    SinkDown where OpenSearch does not answer.
    """
    async with httpx.AsyncClient(base_url=settings.opensearch, timeout=WAIT) as client:
        for index in indexes:
            name = alias(settings, index)
            found = await ask(client, "GET", f"/{name}/_mapping")
            if found.status_code == 404:
                await create_index(client, settings, index, f"{name}-v1", name)
                continue
            [(version, shape)] = found.json().items()
            if shape["mappings"].get("_meta", {}).get("declared") != digest(index):
                await _exchange(client, settings, index, version, name)
            else:
                await _block(client, index, version, False)  # a change was begun, cut short and taken back


async def create_index(
    client: httpx.AsyncClient, settings: Settings, index: Index, version: str, name: str = ""
) -> None:
    """`name`: the alias, unless another version still has it."""
    shape: dict[str, Any] = {
        "number_of_shards": 1,
        "number_of_replicas": settings.replication - 1,
        "refresh_interval": "200ms",
    }
    shape |= {key: part for key in ("analysis", "similarity") if (part := getattr(index, key))}
    aliases = {name: {"is_write_index": True}} if name else {}
    body = {"settings": {"index": shape}, "mappings": mapping(index), "aliases": aliases}
    answer = await ask(client, "PUT", f"/{version}", body)
    if answer.is_error and not (name and "resource_already_exists" in answer.text):
        raise MigrationError(f"index {index.name} can't be made: {_reason(answer)}\n  mend:   its fields or analysis")


async def _exchange(client: httpx.AsyncClient, settings: Settings, index: Index, old: str, name: str) -> None:
    """Put the next version in the place of `old`, whose documents it takes over."""
    if (await ask(client, "HEAD", f"/_alias/{next_alias(settings, index)}")).is_success:
        raise MigrationError(
            f'index {index.name} is being rebuilt\n  mend:   let "playlog rebuild" come to its end, then try again'
        )
    new = following(old)
    await ask(client, "DELETE", f"/{new}")  # what was begun and cut short
    await create_index(client, settings, index, new)
    try:
        await _copy(client, index, old, new)
        exchange = [
            {"add": {"index": new, "alias": name, "is_write_index": True}},
            {"remove_index": {"index": old}},
        ]
        done(index, await ask(client, "POST", "/_aliases", {"actions": exchange}))
    except MigrationError:
        await ask(client, "DELETE", f"/{new}")
        await _block(client, index, old, False)
        raise


async def _copy(client: httpx.AsyncClient, index: Index, old: str, new: str) -> None:
    """Copy all documents of `old`, which takes no writes from here on."""
    await _block(client, index, old, True)
    done(index, await ask(client, "POST", f"/{old}/_refresh"))
    copy = {"conflicts": "proceed", "source": {"index": old}, "dest": {"index": new, "op_type": "create"}}
    copied = done(index, await ask(client, "POST", "/_reindex?refresh=true", copy, wait=None))
    if failures := copied["failures"]:
        cause = failures[0]["cause"]
        raise MigrationError(
            f"index {index.name}: document {failures[0]['id']} does not fit what is declared now: {cause['reason']} "
            f"{cause.get('caused_by', {}).get('reason', '')}\n"
            "  mend:   give the changed field another name, or the index; it is built from the log"
        )


async def _block(client: httpx.AsyncClient, index: Index, version: str, on: bool) -> None:
    """Refuse or take writes; raises MigrationError: a copy would lack what is written meanwhile."""
    done(index, await ask(client, "PUT", f"/{version}/_settings", {"index.blocks.write": on}))


def following(version: str) -> str:
    """The name of the version after this one."""
    stem, _, number = version.rpartition("-v")
    return f"{stem}-v{int(number) + 1}"


def digest(index: Index) -> str:
    """Names what is declared: equal digests, equal indexes."""
    declared = (index.key, index.fields, index.analysis, index.similarity)
    return hashlib.sha256(msgspec.json.encode(declared, order="deterministic")).hexdigest()


def mapping(index: Index) -> dict[str, Any]:
    """Strict: a field that is not declared is refused. The applied stamps are kept with the document, not indexed."""
    applied = {"type": "object", "enabled": False}
    return {
        "_meta": {"declared": digest(index)},
        "dynamic": "strict",
        "properties": {index.key: {"type": "keyword"}, **index.fields, APPLIED: applied},
    }


async def ask(
    client: httpx.AsyncClient, method: str, path: str, body: Any = None, wait: float | None = WAIT
) -> httpx.Response:
    try:
        answer = await client.request(method, path, json=body, timeout=wait)
    except httpx.HTTPError as error:
        raise SinkDown(
            f"OpenSearch at {client.base_url} does not answer: {error!r}\n  mend:   playlog doctor"
        ) from error
    if answer.status_code in (429, 502, 503, 504):
        raise SinkDown(f"OpenSearch can't make indexes just now: {answer.status_code} {answer.text[:300]}")
    return answer


def done(index: Index, answer: httpx.Response) -> Any:
    """The answer's body; raises MigrationError for a refusal."""
    if answer.is_error and "failures" not in answer.json():
        raise MigrationError(f"index {index.name} can't be changed: {_reason(answer)}\n  mend:   playlog doctor")
    return answer.json()


def _reason(answer: httpx.Response) -> str:
    return str(answer.json().get("error", {}).get("reason", answer.text[:300]))
