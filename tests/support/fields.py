"""Writes fields.py, kind_fields.py and kind_setters.py of emulator/testing from the code: the test client's keywords.

PYTHONPATH=. .venv/bin/python tests/support/fields.py
"""

from collections.abc import Iterator
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, get_args, get_origin

from msgspec import Struct
from msgspec import inspect as types

from emulator.control import routes
from emulator.journal.search import Search
from emulator.settings import annotations
from emulator.world.rules import FaultRule

FOLDER = Path(__file__).parent.parent.parent / "emulator" / "testing"
COMMAND = "PYTHONPATH=. .venv/bin/python tests/support/fields.py"
HEAD = '''"""The keywords of the test client, for editors and type checkers.

Generated from the declarations that the emulator checks them against, as docs/contributing.md says. What each means is
in docs/reference.md.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypedDict

from emulator.request import Limits
'''
HEAD_OF_KINDS = '''"""What the test client can set by hand of each kind of thing, for editors and type checkers.

Generated as fields.py is.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, TypedDict
'''
HEAD_OF_SETTERS = '''# ruff: noqa: E501
# fmt: off
"""What the test client sets of each kind of thing: `set`, with the fields of each kind.

Generated as fields.py is.
"""

from collections.abc import Mapping
from typing import Any, Literal, Unpack, overload

from emulator.testing import kind_fields as of
'''
_WIDER = dict.fromkeys(("database", "catalogue", "incidents", "ca_dir"), "str | Path | None")
_WIDER |= {"seed": "str | int", "code": "str | int | None"}
"""Fields that take more than they keep: all that is a text in the end."""
_PLAIN: dict[type[types.Type], str] = {
    types.AnyType: "Any",
    types.BoolType: "bool",
    types.DateTimeType: "datetime | str",
    types.FloatType: "float",
    types.IntType: "int",
    types.NoneType: "None",
    types.StrType: "str",
    types.StructType: "Mapping[str, Any]",
}


def pages() -> dict[Path, str]:
    """The text of each file."""
    return {
        FOLDER / "fields.py": "\n".join([HEAD, *_of_the_client()]),
        FOLDER / "kind_fields.py": "\n".join([HEAD_OF_KINDS, *_of_kinds()]),
        FOLDER / "kind_setters.py": "\n".join([HEAD_OF_SETTERS, *_setters()]),
    }


def _of_the_client() -> Iterator[str]:
    settings = {name: _annotation(kind) for name, kind in annotations().items()}
    yield from _class("SettingsFields", "Settings of an emulator.", settings)
    yield from _class("FaultFields", "Fields of a fault rule, without its action.", _fields(FaultRule, "action"))
    yield from _class(
        "SearchFields", "Fields of a search in the journal, without the action.", _fields(Search, "action")
    )


def _of_kinds() -> Iterator[str]:
    for name, struct in sorted(_changes().items()):
        kind = name.replace("_", " ").replace("vpc", "VPC")
        yield from _class(f"{_camel(name)}Fields", f"What can be set by hand, of one {kind}.", _fields(struct))


def _setters() -> Iterator[str]:
    """`set` for each kind, with its own fields."""
    plurals = {found.path.split("/")[-2]: found.path.rpartition("/")[2].strip("{}") for found in _patched()}
    kinds = {plural: name for plural, name in sorted(plurals.items()) if plural not in ("operations", "worlds")}
    yield f"Kind = Literal[{', '.join(_quoted(plural) for plural in kinds)}]"
    yield '"""The kinds of things that can be read and set by hand."""\n\n'
    yield "class Setters:"
    yield '    """Sets fields of a thing of any kind. The emulator says what is wrong with a value."""\n'
    yield "    def _set(self, kind: str, id_: str, changes: Mapping[str, Any]) -> dict[str, Any]:"
    yield "        raise NotImplementedError\n"
    for plural, name in kinds.items():
        own = f"Unpack[of.{_camel(name)}Fields]"
        yield "    @overload"
        yield f'    def set(self, kind: Literal["{plural}"], id: str | int, /, **changes: {own}) -> dict[str, Any]: ...'
    yield "    def set(self, kind: Kind, id: str | int, /, **changes: Any) -> dict[str, Any]:"
    yield '        """Set fields of a thing of any kind, and return it."""'
    yield "        return self._set(kind, str(id), changes)\n"


def _patched() -> list[routes.Endpoint]:
    return [found for found in routes.ENDPOINTS if found.method == "PATCH" and found.path.endswith("}")]


def _changes() -> dict[str, type[Struct]]:
    """What can be changed by hand, by the singular of the kind."""
    found = {setter.path.rpartition("/")[2].strip("{}"): setter.body for setter in _patched()}
    return {name: body for name, body in found.items() if body is not None and name != "world"}


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def _class(name: str, text: str, fields: dict[str, str]) -> Iterator[str]:
    end = "\n" if fields else ""
    yield f'\nclass {name}(TypedDict, total=False):\n    """{text}"""{end}'
    yield from (f"    {field}: {_WIDER.get(field, kind)}" for field, kind in fields.items())
    yield ""


def _fields(struct: type[Struct], *left_out: str) -> dict[str, str]:
    described = types.type_info(struct)
    assert isinstance(described, types.StructType)
    return {field.encode_name: _type(field.type) for field in described.fields if field.encode_name not in left_out}


def _type(kind: types.Type) -> str:
    if isinstance(kind, types.Metadata):
        return _type(kind.type)
    if isinstance(kind, types.UnionType):
        return " | ".join(sorted((_type(part) for part in kind.types), key=lambda word: word == "None"))
    if isinstance(kind, types.LiteralType):
        return f"Literal[{', '.join(_quoted(value) for value in kind.values)}]"
    if isinstance(kind, types.ListType):
        return f"Sequence[{_type(kind.item_type)}]"
    if isinstance(kind, types.DictType):
        return f"Mapping[{_type(kind.key_type)}, {_type(kind.value_type)}]"
    return _PLAIN[type(kind)]


def _annotation(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return f"Literal[{', '.join(_quoted(value) for value in get_args(kind))}]"
    if get_origin(kind) is Annotated:
        return _annotation(get_args(kind)[0])
    if get_origin(kind) is tuple:
        return "tuple[str | Path, ...]"
    if isinstance(kind, UnionType) or NoneType in get_args(kind):
        return " | ".join(_annotation(part) for part in get_args(kind))
    return "None" if kind is NoneType else str(kind.__name__)


def _quoted(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
