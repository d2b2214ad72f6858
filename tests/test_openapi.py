"""The description of the control interface says what every field means."""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from emulator import __version__
from emulator.control import routes
from emulator.control.field_texts import field_texts
from emulator.control.openapi import describe


class Base(Struct):
    first: int
    """Of the base."""
    second: int
    """Replaced below."""


class Derived(Base):
    second: int
    """Of a text
    on two lines."""
    third: int


def properties(value: Any, where: str = "") -> Iterator[tuple[str, dict]]:
    """Every property and every parameter of a query in the document, with its place."""
    if isinstance(value, list):
        for item in value:
            yield from properties(item, where)
    elif isinstance(value, dict):
        if value.get("in") == "query":
            yield f"{where}?{value['name']}", value
        for name, schema in value.get("properties", {}).items():
            yield f"{where}.{name}", schema
        for key, item in value.items():
            yield from properties(item, f"{where}/{key}")


def test_every_property_and_every_query_parameter_has_a_description() -> None:
    assert routes.ENDPOINTS
    found = dict(properties(describe(__version__)))
    assert len(found) > 200
    assert [where for where, schema in found.items() if not schema.get("description")] == []


def test_the_text_of_a_field_is_the_docstring_beneath_it() -> None:
    assert field_texts(Derived) == {"first": "Of the base.", "second": "Of a text on two lines."}
    assert field_texts(Base)["second"] == "Replaced below."
