"""The control interface described as OpenAPI 3.1, made from the declarations of its endpoints."""

import re
from typing import Any

import msgspec

from emulator.control.endpoints import ENDPOINTS, JSON, Endpoint, Problem

_REFERENCE = "#/components/schemas/{name}"
_PROBLEMS = {
    400: "The body is no JSON.",
    401: "The control token is missing or wrong.",
    403: "Not a client that may drive the emulator.",
    404: "There is no such thing.",
    409: "It cannot be done as things are.",
    413: "The body is too large.",
    422: "A value that it does not take.",
}
_ALWAYS = (401, 403)


def describe(version: str) -> dict[str, Any]:
    schemas, components = _schemas()
    paths: dict[str, Any] = {}
    for found in ENDPOINTS:
        paths.setdefault(found.path, {})[found.method.lower()] = _operation(found, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "bm-emulator control interface",
            "version": version,
            "description": "Worlds, clocks, faults, journals and inventories of a running emulator.",
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"token": []}],
    }


def _schemas() -> tuple[dict[str, Any], dict[str, Any]]:
    """By the type's name, and the components that they refer to."""
    named: dict[str, Any] = {repr(Problem): Problem}
    for found in ENDPOINTS:
        named.update({repr(kind): kind for kind in (found.answer, found.body, found.query) if kind is not None})
    schemas, components = msgspec.json.schema_components(named.values(), ref_template=_REFERENCE)
    return dict(zip(named, schemas, strict=True)), components


def _operation(found: Endpoint, schemas: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": found.function.__name__,
        "summary": found.summary,
        "parameters": [*_path_parameters(found), *_query_parameters(found)],
        "responses": {str(found.status): _answer("Done.", schemas[repr(found.answer)], found.media_type)},
    }
    if found.body is not None:
        content = {JSON: {"schema": schemas[repr(found.body)]}}
        operation["requestBody"] = {"required": bool(_required(found.body)), "content": content}
    for status in sorted({*found.problems, *_ALWAYS}):
        operation["responses"][str(status)] = _answer(_PROBLEMS[status], schemas[repr(Problem)], JSON)
    return operation


def _answer(description: str, schema: Any, media_type: str) -> dict[str, Any]:
    return {"description": description, "content": {media_type: {"schema": schema}}}


def _path_parameters(found: Endpoint) -> list[dict[str, Any]]:
    names = re.findall(r"{(\w+)}", found.path)
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def _query_parameters(found: Endpoint) -> list[dict[str, Any]]:
    if found.query is None:
        return []
    schema = msgspec.json.schema_components([found.query], ref_template=_REFERENCE)[1][found.query.__name__]
    required = _required(found.query)
    return [
        {"name": name, "in": "query", "required": name in required, "schema": value}
        for name, value in schema["properties"].items()
    ]


def _required(kind: type[msgspec.Struct]) -> set[str]:
    return {field.name for field in msgspec.structs.fields(kind) if field.required}
