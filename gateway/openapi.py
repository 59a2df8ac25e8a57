"""The HTTP interface described by itself: OpenAPI 3.1, made from the routes' types."""

from __future__ import annotations

import re
import typing
from collections.abc import Sequence
from functools import cache
from http import HTTPStatus
from typing import Any

import msgspec
from aiohttp import web

from gateway.problems import CONTENT_TYPE, ProblemBody
from gateway.route import Call, Route

REFS = "#/components/schemas/{name}"
HEADERS = {
    "Idempotency-Key": "Names a command; with the same key it is accepted once, unless the call says otherwise.",
    "Playlog-After": "Wait until the views show this log position.",
}


async def show_openapi(call: Call) -> web.Response:
    """The description of every call."""
    from gateway.routes import ROUTES  # the index names this handler too

    headers = {"Cache-Control": "public, max-age=60"}
    return web.Response(body=document(ROUTES), content_type="application/json", headers=headers)


@cache
def document(routes: tuple[Route, ...]) -> bytes:
    """OpenAPI 3.1 as JSON."""
    types = [kind for route in routes for kind in (route.body, route.answer) if kind is not None]
    schemas, components = msgspec.json.schema_components([*types, ProblemBody], ref_template=REFS)
    described = dict(zip(map(id, types), schemas, strict=False))
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(_path(route), {})[route.method.lower()] = _operation(route, described)
    info = {"title": "Playlog", "version": "1", "description": "Commands go into a log; queries read views of it."}
    security = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    parts = {"schemas": components, "securitySchemes": security}
    return msgspec.json.encode({"openapi": "3.1.0", "info": info, "paths": paths, "components": parts})


def _operation(route: Route, described: dict[int, Any]) -> dict[str, Any]:
    body, name = route.body, route.handler.__name__
    operation: dict[str, Any] = {
        "operationId": name, "summary": route.summary, "description": (route.handler.__doc__ or "").strip(),
        "tags": [route.tag], "parameters": _parameters(route), "responses": _responses(route, described),
    }  # fmt: skip
    if body is not None:
        content = {form: {"schema": described[id(body)]} for form in route.consumes}
        operation["requestBody"] = {"required": True, "content": content}
    if route.role:
        operation["security"] = [{"bearer": []}]
        operation["description"] += f" Needs the role {route.role}."
    return operation


def _responses(route: Route, described: dict[int, Any]) -> dict[str, Any]:
    answer = route.answer
    schema = described[id(answer)] if answer is not None else {"type": "string"}
    content = {"content": {route.produces: {"schema": schema}}} if route.produces else {}
    responses: dict[str, Any] = {str(route.status): {"description": HTTPStatus(route.status).phrase, **content}}
    problem = {"content": {CONTENT_TYPE: {"schema": {"$ref": REFS.format(name="ProblemBody")}}}}
    for status in sorted(set(route.refuses)):
        phrase = HTTPStatus(status).phrase
        responses[str(status)] = {"description": phrase, **(problem if status >= 400 else content)}
    return responses


def _parameters(route: Route) -> list[dict[str, Any]]:
    named = re.findall(r"{(\w+)[:}]", route.path)
    found = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in named]
    found += _query(route.types.get("query"))
    if route.path.startswith("/v1/"):
        found += [
            {"name": name, "in": "header", "required": False, "description": text, "schema": {"type": "string"}}
            for name, text in HEADERS.items()
            if (route.honours_key if name == "Idempotency-Key" else route.method == "GET")
        ]
    return found


def _query(query: Any) -> Sequence[dict[str, Any]]:
    if query is None:
        return []
    schemas = typing.cast("dict[str, Any]", msgspec.json.schema(query)["$defs"][query.__name__])
    return [
        {"name": name, "in": "query", "required": name in schemas.get("required", ()), "schema": schema}
        for name, schema in schemas["properties"].items()
    ]


def _path(route: Route) -> str:
    return re.sub(r"{(\w+):[^}]*}", r"{\1}", route.path)
