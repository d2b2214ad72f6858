"""Files of TOML and JSON that people write, with the place of what cannot be read."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from emulator.checking.words import meant, shown

_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")
_BYTE = re.compile(r"\(byte (\d+)\)")
_WORDS = {
    "RemoteDisconnected": "the connection was closed without an answer",
    "ConnectionResetError": "the connection was cut",
    "IncompleteRead": "the connection was closed in the middle of the answer",
    "BadStatusLine": "what answers does not speak HTTP",
    "ConnectionRefusedError": "the connection was refused: nothing listens there",
    "gaierror": "the name has no address",
    "TimeoutError": "nothing came in time",
}
"""Errors of connections, by the names of their classes."""


class UnreadableFile(ValueError):
    """A file or text that cannot be read, with the place and the reason."""


def read_data(path: Path, also: Iterable[str] = ()) -> Any:
    """What a file holds: JSON if its name ends in `.json`, else TOML. `also`: other names that were perhaps meant.

    Raises UnreadableFile.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        known = [*also, *_siblings(path)]
        raise UnreadableFile(f"no such file{meant(path.name, known) or meant(path.stem, known)}") from error
    except OSError as error:
        raise UnreadableFile(reason(error)) from error
    return parse_json(data) if path.suffix == ".json" else parse_toml(data)


def parse_json(data: bytes) -> Any:
    """Raises UnreadableFile."""
    try:
        return msgspec.json.decode(data)
    except RecursionError as error:
        raise UnreadableFile("this JSON is nested too deeply") from error
    except UnicodeDecodeError as error:
        raise UnreadableFile(_not_utf8(error)) from error
    except msgspec.DecodeError as error:
        found = _BYTE.search(str(error))
        place = int(found[1]) if found else len(data)
        raise UnreadableFile(f"{_place(data.decode(errors='replace'), place)}this is no JSON") from error


def parse_toml(data: bytes) -> Any:
    """Raises UnreadableFile."""
    try:
        text = data.decode()
        return tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise UnreadableFile(_not_utf8(error)) from error
    except RecursionError as error:
        raise UnreadableFile("this TOML is nested too deeply") from error
    except tomllib.TOMLDecodeError as error:
        found = _PLACE.search(str(error))
        if found is None:
            raise UnreadableFile("at the end of the file something is missing: this is no TOML") from error
        line = [*text.splitlines(), ""][int(found[1]) - 1]
        raise UnreadableFile(f"line {found[1]}, column {found[2]}: this is no TOML: {shown(line)}") from error


def why(error: Exception) -> str:
    """What went wrong with a file or a connection, in plain words."""
    name = type(error).__name__
    if name in _WORDS:
        return _WORDS[name]
    return reason(error) if isinstance(error, OSError) else str(error) or name


def reason(error: OSError) -> str:
    """Why the system refused, in words alone."""
    return (error.strerror or str(error) or type(error).__name__).lower()


def _siblings(path: Path) -> list[str]:
    try:
        return [other.name for other in path.parent.iterdir()]
    except OSError:
        return []


def _not_utf8(error: UnicodeDecodeError) -> str:
    return f"byte {error.start + 1} is no UTF-8"


def _place(text: str, place: int) -> str:
    before = text[:place]
    return f"line {before.count(chr(10)) + 1}, column {place - before.rfind(chr(10))}: "
