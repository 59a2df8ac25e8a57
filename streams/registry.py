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


class RegistryDown(RegistryError):
    """The registry does not answer, or not as one that works; it may later."""


class SchemaNotFound(RegistryError):
    """The registry has no schema of this id, or none under this name."""


class NotRegistered(RegistryError):
    """The registry has a schema under other forms only, or not at all."""


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
        """Schema id by event name; raises RegistryError where one has not been registered, or never can be."""
        return {
            name: await self._id(self._subject(catalogue, name), schema) for name, schema in catalogue.schemas.items()
        }

    async def _id(self, subject: str, schema: Schema) -> int:
        try:
            return (await self._call("POST", f"/subjects/{subject}", _body(schema)))["id"]
        except NotRegistered:
            if not await self._fits(subject, schema):
                raise RegistryError(_incompatible(subject, "its fields differ")) from None
            raise

    async def _fits(self, subject: str, schema: Schema) -> bool:
        """Whether a schema is fully compatible with all versions of the subject, or there is none yet."""
        try:
            answer = await self._call("POST", f"/compatibility/subjects/{subject}/versions", _body(schema))
        except SchemaNotFound:
            return True
        return answer["is_compatible"]

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
            raise RegistryDown(
                f"schema registry {self._settings.registry} does not answer: {error!r}\n  mend:   playlog doctor"
            ) from error
        if answer.status_code == 404 and path.startswith("/subjects/"):
            raise NotRegistered(f"{path.split('/')[2]} is not registered as it stands here\n  mend:   playlog declare")
        if answer.status_code == 404 and path.startswith(("/schemas/ids/", "/compatibility/")):
            raise SchemaNotFound(f"the registry has no schema {path.rsplit('/', 1)[1]}")
        if answer.status_code == 409:
            raise RegistryError(_incompatible(path.split("/")[2], answer.text[:300]))
        if answer.is_error:
            refused = RegistryDown if answer.is_server_error else RegistryError
            raise refused(f"schema registry: {method} {path} answered {answer.status_code}: {answer.text[:300]}")
        return cast("dict[str, Any]", answer.json())


def _incompatible(subject: str, why: str) -> str:
    return (
        f"{subject} is not fully compatible with its earlier versions: {why}\n"
        "  mend:   give new fields a default, and make a new event for a new meaning"
    )


def _body(schema: Schema) -> dict[str, str]:
    return {"schema": json.dumps(schema)}
