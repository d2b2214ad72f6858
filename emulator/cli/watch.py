"""`bm-emulator watch`: calls as they come, with what was wrong with them."""

from collections.abc import Iterator
from itertools import count
from threading import Event
from typing import Any

import click

from emulator.cli.groups import Number
from emulator.cli.journal_lines import lines
from emulator.cli.target import Target, with_world

_POLL_SECONDS = 0.3
_MOST = 1_000
"""Of more calls between two looks, the newest are shown."""


@click.command("watch")
@click.option("--refused", is_flag=True, help="Show refused calls only.")
@click.option("--action", help="Show calls of this action only.")
@click.option("--for", "seconds", type=Number(0), metavar="SECONDS", help="Stop after this long. Default: at Ctrl-C.")
@with_world
def watch(target: Target, refused: bool, action: str | None, seconds: float | None) -> None:
    """Show the calls of a world as they come, with the mistakes that were found.

    Times, colours and folding are those of `journal show`: a refused call is red, a fault yellow. Ctrl-C ends it.
    """
    click.echo("waiting for calls; Ctrl-C ends", err=True)
    try:
        for calls in _arriving(target, seconds):
            shown = [call for call in calls if action in (None, call["action"]) and not (refused and _is_good(call))]
            for call in shown:
                click.secho(next(lines([call])), fg=_colour(call))
    except KeyboardInterrupt:
        click.echo(err=True)


def _arriving(target: Target, seconds: float | None) -> Iterator[list[dict[str, Any]]]:
    """The calls that have come since the last look, over and over. A journal that was cleared begins anew."""
    pause, known = Event(), _number(target.ask_world("GET", "/journal", query={"limit": 1}))
    for look in count(1):
        if seconds is not None and look * _POLL_SECONDS > seconds + _POLL_SECONDS:
            return
        pause.wait(_POLL_SECONDS)
        number = _number(target.ask_world("GET", "/journal", query={"limit": 1}))
        new = number - known if number >= known else number
        known = number
        if new:
            yield target.ask_world("GET", "/journal", query={"limit": min(new, _MOST)})["calls"]


def _number(answer: dict[str, Any]) -> int:
    return int(answer["kept"] + answer["dropped"])


def _is_good(call: dict[str, Any]) -> bool:
    return call["code"] in (0, "0")


def _colour(call: dict[str, Any]) -> str | None:
    if call["fault"] is not None:
        return "yellow"
    return None if _is_good(call) else "red"
