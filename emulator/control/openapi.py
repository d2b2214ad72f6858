"""The OpenAPI 3.1 description of the control interface, built from the declarations of its endpoints."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, get_args

import msgspec
from msgspec import Struct

from emulator.control.endpoints import ENDPOINTS, JSON, Endpoint, Problem
from emulator.control.field_texts import field_texts

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
    """The whole OpenAPI document, for this version of the emulator."""
    schemas, components = _schemas()
    paths: dict[str, Any] = {}
    for found in ENDPOINTS:
        paths.setdefault(found.path, {})[found.method.lower()] = _operation(found, schemas, components)
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
    """The schemas by their types' names, and the components that they refer to."""
    named: dict[str, Any] = {repr(Problem): Problem}
    for found in ENDPOINTS:
        named.update({repr(kind): kind for kind in (found.answer, found.body, found.query) if kind is not None})
    schemas, components = msgspec.json.schema_components(named.values(), ref_template=_REFERENCE)
    for struct in set(_structs(named.values())):
        _describe_fields(struct, components[struct.__name__])
    return dict(zip(named, schemas, strict=True)), components


def _structs(kinds: Iterable[Any]) -> Iterator[type[Struct]]:
    """Every Struct in the types and in the fields of those Structs."""
    for kind in kinds:
        if isinstance(kind, type) and issubclass(kind, Struct):
            yield kind
            yield from _structs(field.type for field in msgspec.structs.fields(kind))
        else:
            yield from _structs(get_args(kind))


def _describe_fields(struct: type[Struct], schema: dict[str, Any]) -> None:
    """Describe each property by the docstring beneath its field, unless its Meta has a description."""
    texts = field_texts(struct)
    for field in msgspec.structs.fields(struct):
        if field.name in texts:
            schema["properties"][field.encode_name].setdefault("description", texts[field.name])


def _operation(found: Endpoint, schemas: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": found.function.__name__,
        "summary": found.summary,
        "parameters": [*_path_parameters(found), *_query_parameters(found, components)],
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


def _query_parameters(found: Endpoint, components: dict[str, Any]) -> list[dict[str, Any]]:
    if found.query is None:
        return []
    required = _required(found.query)
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            "description": schema.get("description", ""),
            "schema": schema,
        }
        for name, schema in components[found.query.__name__]["properties"].items()
    ]


def _required(kind: type[Struct]) -> set[str]:
    return {field.name for field in msgspec.structs.fields(kind) if field.required}
