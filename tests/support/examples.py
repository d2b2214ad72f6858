"""The documentation's worked examples and response tables, as the tests' data."""

import json
from collections.abc import Container
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

_DATA = Path(__file__).parent.parent / "data" / "examples"


@dataclass(frozen=True)
class Page:
    chapter: str
    action: str
    response: list[dict[str, Any]]
    examples: list[dict[str, Any]]


@cache
def pages() -> tuple[Page, ...]:
    chapters = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(_DATA.glob("*.json"))}
    return tuple(Page(chapter, **page) for chapter, found in chapters.items() for page in found)


def examples(chapter: str, *, but: Container[str] = ()) -> list[Any]:
    """Each worked example of a chapter as parameters of a test, without the actions in `but`."""
    return [
        pytest.param(page, example, id=page.action)
        for page in pages()
        if page.chapter == chapter and page.action not in but
        for example in page.examples
    ]


def shape(value: Any) -> Any:
    """Keys in order and JSON types: what two answers of one form share. A list has the shape of its first item."""
    if isinstance(value, dict):
        return [(key, shape(item)) for key, item in value.items()]
    if isinstance(value, list):
        return ["list", *([shape(value[0])] if value else [])]
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    return "null" if value is None else "string"


def at(value: Any, path: str) -> list[Any]:
    """All values at a path such as `data.list[].cmdId`."""
    values = [value]
    for part in path.replace("[]", ".[]").split("."):
        values = [item for found in values for item in (found if part == "[]" else [found[part]])]
    return values
