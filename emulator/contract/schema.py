"""JSON Schemas of an action's parameters and of its success answer, made from the contract.

Parameters are described as a program holds them: whole numbers are numbers, and arrays are arrays. In a request all of
them are texts, and arrays are numbered. A field of the answer has the type that the documentation's examples print or,
where no example prints it, the type of the page's table.
"""

import re
from typing import Any

from emulator.contract import response_fields
from emulator.contract.model import Action, Parameter, ResponseField

Schema = dict[str, Any]
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TYPES = {"String": "string", "Int": "integer", "Float": "number", "Boolean": "boolean", "Object": "object"}
_WIRE = {"bool": "boolean"}
_NUMBERS = {"integer": "number", "number": "number"}
_SEGMENTS = re.compile(r"\[\]|[^.\[\]]+")


def parameters_schema(action: Action) -> Schema:
    """The action's own parameters, without the common ones that sign a call."""
    described = {"$schema": _DIALECT, "title": f"{action.name}: parameters", "description": action.summary}
    return {**described, **_object(action.parameters)}


def answer_schema(action: Action) -> Schema:
    """The success answer; any JSON object where no page documents it."""
    root: Schema = {"$schema": _DIALECT, "title": f"{action.name}: answer", "type": "object"}
    for field in response_fields(action):
        _place(root, field)
    if action.envelope.keys or not root.get("properties"):
        root["required"] = ["code"]
    return root


def _object(parameters: tuple[Parameter, ...]) -> Schema:
    required = [parameter.name for parameter in parameters if parameter.required and parameter.default is None]
    properties = {parameter.name: _parameter(parameter) for parameter in parameters}
    return {"type": "object", "properties": properties, **({"required": required} if required else {})}


def _parameter(parameter: Parameter) -> Schema:
    schema = _item(parameter)
    if parameter.is_array:
        array: Schema = {"type": "array", "items": schema}
        if parameter.max_items is not None:
            array["maxItems"] = parameter.max_items
        schema = {"anyOf": [array, schema]} if parameter.may_be_single else array
    if parameter.default is not None:
        schema["default"] = parameter.default
    if parameter.secret:
        schema["writeOnly"] = True
    if parameter.description:
        schema["description"] = parameter.description
    return schema


def _item(parameter: Parameter) -> Schema:
    if parameter.item_type == "Object":
        return _object(parameter.fields)
    schema: Schema = {"type": _TYPES[parameter.item_type]}
    is_text = schema["type"] == "string"
    if parameter.enum is not None:
        return {**schema, "enum": list(parameter.enum)}
    if is_text and parameter.required and not parameter.may_be_empty:
        schema["minLength"] = 1
    if not is_text:
        limits = {"minimum": parameter.min, "maximum": parameter.max}
        schema |= {
            name: int(limit) if limit == int(limit) else limit for name, limit in limits.items() if limit is not None
        }
    if parameter.pattern is not None:
        schema["pattern"] = f"^(?:{parameter.pattern})$"
    if parameter.format == "base64":
        schema["contentEncoding"] = "base64"
    return schema


def _place(root: Schema, field: ResponseField) -> None:
    """Put a field at its path. Whatever holds it is an array or an object, unless it has a type already."""
    place = root
    for segment in _SEGMENTS.findall(field.path):
        if segment == "[]":
            place.setdefault("type", "array")
            place = place.setdefault("items", {})
        elif segment.startswith("<"):
            place.setdefault("type", "object")
            place = place.setdefault("additionalProperties", {})
        else:
            place.setdefault("type", "object")
            place = place.setdefault("properties", {}).setdefault(segment, {})
    place |= _field(field)


def _field(field: ResponseField) -> Schema:
    """Pages print a number as text in one example and not in the next, and null for what is not there."""
    documented = "array" if field.type.startswith("Array") else _TYPES.get(field.type, "string")
    kind = _WIRE.get(field.wire, field.wire) if field.wire not in (None, "null") else documented
    types = (
        [kind]
        if kind in ("array", "object")
        else list(dict.fromkeys([kind, _NUMBERS.get(documented, "string"), "null"]))
    )
    described = {"description": field.description} if field.description else {}
    return {"type": types[0] if len(types) == 1 else types, **described}
