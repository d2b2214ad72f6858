"""Templates become pages. Jinja is loaded when the first page is asked for; every value is escaped."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from emulator.clock import to_wire
from emulator.console import HOME, PLACE, session
from emulator.console.page import Shown, Visit, place, place_of, with_query
from emulator.console.texts import LANGUAGES
from emulator.console.values import cell

if TYPE_CHECKING:
    from jinja2 import Environment

_FOLDER = Path(__file__).parent / "templates"
_MOST_NAMED = 20
"""Worlds that the head of a page names; there may be a thousand."""


@cache
def templates() -> "Environment":
    """The templates of the console."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    found = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    found.globals |= {"place": place, "place_of": place_of, "home": HOME}
    found.globals |= {"static": f"{PLACE}/static", "forgery_field": session.FORGERY_FIELD}
    found.filters |= {"wire": to_wire, "pretty": pretty, "clock_part": _clock_part, "words": _words, "cell": cell}
    return found


def render(visit: Visit, shown: Shown) -> str:
    """The HTML of a page."""
    control = visit.console.control
    worlds = [world.name for world in control.worlds.all()]
    values: Mapping[str, Any] = {
        "t": visit.text,
        "at": visit.at,
        "world": visit.world,
        "worlds": worlds[:_MOST_NAMED],
        "more_worlds": max(0, len(worlds) - _MOST_NAMED),
        "language": visit.language,
        "languages": {name: (label, _in_language(visit, name)) for name, label in LANGUAGES.items()},
        "form": visit.form,
        "problem": visit.problem,
        "said": visit.query.get("said", ""),
        "logout": session.LOGOUT if visit.console.guard.asks_for_token else "",
        "forgery_key": visit.console.forgery_key,
        **shown.values,
    }
    return templates().get_template(shown.template).render(values)


def _in_language(visit: Visit, language: str) -> str:
    """This page's address in another language."""
    path = visit.request.url.path if visit.request.method in ("GET", "HEAD") else HOME
    return with_query(path, {**visit.query, "lang": language})


def pretty(value: Any) -> str:
    """A value as indented JSON."""
    return json.dumps(msgspec.to_builtins(value), ensure_ascii=False, indent=2)


def _words(name: str) -> str:
    """The name of a kind, for people."""
    return name.replace("_", " ")


def _clock_part(time: str) -> str:
    """The time of day of a time as the API prints it."""
    return time.partition(" ")[2] or time
