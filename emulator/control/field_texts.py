"""The docstrings beneath the fields of a Struct, read from its source: what the fields mean, for people."""

import ast
import inspect
import sys
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from msgspec import Struct


def field_texts(struct: type[Struct]) -> dict[str, str]:
    """The docstring beneath each field, by the field's name; fields without one are left out.

    Fields of base Structs are included, and a text in the Struct itself replaces its base's.
    """
    texts: dict[str, str] = {}
    for kind in reversed(getattr(struct, "texts_from", struct).__mro__):
        if issubclass(kind, Struct) and kind is not Struct:
            texts |= _texts_of_module(kind.__module__).get(kind.__name__, {})
    return {name: text for name, text in texts.items() if name in struct.__struct_fields__}


@cache
def _texts_of_module(name: str) -> dict[str, dict[str, str]]:
    """The texts by class and field. A module is parsed once; one whose source is not at hand has none."""
    try:
        source = inspect.getsource(sys.modules[name])
    except (KeyError, OSError, TypeError):
        return {}
    classes = (node for node in ast.parse(source).body if isinstance(node, ast.ClassDef))
    return {found.name: dict(_texts_of_class(found)) for found in classes}


def _texts_of_class(found: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for statement, following in pairwise(found.body):
        if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
            continue
        if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
            text = following.value.value
            if isinstance(text, str):
                yield statement.target.id, " ".join(text.split())
