"""The schema registry, spoken to in Confluent's REST dialect."""

from __future__ import annotations

import json
from types import TracebackType
from typing import Any, Self, cast

import httpx

from streams.catalogue import Catalogue, Schema, package
from streams.settings import Settings

CONTENT = {"Content-Type": "application/vnd.schemaregistry.v1+json"}


class RegistryError(RuntimeError):
    """The registry refused or did not answer; the text says what to do."""


class SchemaNotFound(RegistryError):
    """The registry has no schema of this id."""


class Registry:
    """Subjects follow TopicRecordNameStrategy: `<topic>-<namespace>.<record>`, FULL_TRANSITIVE compatibility."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client = httpx.AsyncClient(timeout=30)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._client.aclose()

    async def register(self, catalogue: Catalogue) -> dict[str, int]:
        """Register every schema of the catalogue; schema id by event name.

        Raises RegistryError naming the schema that is not fully compatible with all its earlier versions.
        """
        await self._call("PUT", "/config", {"compatibility": "FULL_TRANSITIVE"})
        return {
            name: (
                await self._call(
                    "POST",
                    f"/subjects/{self._subject(catalogue, name)}/versions",
                    _body(schema),
                )
            )["id"]
            for name, schema in catalogue.schemas.items()
        }

    async def ids(self, catalogue: Catalogue) -> dict[str, int]:
        """Schema id by event name; raises RegistryError where one has not been registered."""
        return {
            name: (await self._call("POST", f"/subjects/{self._subject(catalogue, name)}", _body(schema)))["id"]
            for name, schema in catalogue.schemas.items()
        }

    async def schema(self, schema_id: int) -> Schema:
        """The writer's schema of an id."""
        return json.loads((await self._call("GET", f"/schemas/ids/{schema_id}"))["schema"])

    def _subject(self, catalogue: Catalogue, event: str) -> str:
        topic = next(t.name for t in catalogue.topics.values() if event in t.events)
        return f"{self._settings.named(topic)}-playlog.{package(topic)}.{event}"

    async def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        try:
            answer = await self._client.request(method, self._settings.registry + path, json=body, headers=CONTENT)
        except httpx.HTTPError as error:
            raise RegistryError(
                f"schema registry {self._settings.registry} does not answer: {error!r}\n  mend:   playlog doctor"
            ) from error
        if answer.status_code == 404 and path.startswith("/subjects/"):
            raise RegistryError(
                f"{path.split('/')[2]} is not registered as it stands here\n  mend:   playlog topics apply"
            )
        if answer.status_code == 404 and path.startswith("/schemas/ids/"):
            raise SchemaNotFound(f"the registry has no schema {path.rsplit('/', 1)[1]}")
        if answer.status_code == 409:
            raise RegistryError(
                f"{path.split('/')[2]} is not fully compatible with its earlier versions: {answer.text[:300]}\n"
                "  mend:   give new fields a default, and make a new event for a new meaning"
            )
        if answer.is_error:
            raise RegistryError(f"schema registry: {method} {path} answered {answer.status_code}: {answer.text[:300]}")
        return cast("dict[str, Any]", answer.json())


def _body(schema: Schema) -> dict[str, str]:
    return {"schema": json.dumps(schema)}
