"""The texts of a Struct's fields: the docstrings written beneath them."""

import ast
import inspect
from functools import cache
from itertools import pairwise
from textwrap import dedent

from msgspec import Struct


def field_texts(struct: type[Struct]) -> dict[str, str]:
    """The text of each field that has one, by the field's name. Fields of base Structs are included."""
    texts: dict[str, str] = {}
    for base in reversed(struct.__mro__):
        texts |= _own_texts(base)
    return texts


@cache
def _own_texts(struct: type) -> dict[str, str]:
    """The texts of the fields that a class declares itself; none where its source is not at hand."""
    try:
        source = dedent(inspect.getsource(struct))
    except (OSError, TypeError):
        return {}
    declaration = ast.parse(source).body[0]
    if not isinstance(declaration, ast.ClassDef):
        return {}
    return {
        field.target.id: " ".join(text.value.value.split())
        for field, text in pairwise(declaration.body)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant) and isinstance(text.value.value, str)
    }
