"""`bm-emulator clock …`: the clock of a world."""

from typing import Any

import click

from emulator.cli.groups import NEGATIVE, Group, Number
from emulator.cli.target import Target, print_json, with_world


@click.group("clock", cls=Group)
def clock_group() -> None:
    """Read, freeze and move the clock of a world."""


@clock_group.command("show")
@with_world
def show_clock(target: Target) -> None:
    """Show the clock of a world."""
    print_json(target.ask_world("GET", "/clock"))


def _move(target: Target, verb: str, body: dict[str, Any] | None = None) -> None:
    print_json(target.ask_world("POST", f"/clock/{verb}", body))


@clock_group.command("freeze")
@click.argument("at", required=False)
@with_world
def freeze(target: Target, at: str | None) -> None:
    """Stop the clock now, or AT a time (ISO 8601, China Standard Time unless it names an offset)."""
    _move(target, "freeze", {"at": at})


@clock_group.command("advance", context_settings=NEGATIVE)
@click.argument("seconds", type=Number())
@with_world
def advance(target: Target, seconds: float) -> None:
    """Advance the clock. Operations that are due on the way end in order."""
    _move(target, "advance", {"seconds": seconds})


@clock_group.command("advance-to-idle")
@with_world
def advance_to_idle(target: Target) -> None:
    """Advance the clock until no operation is pending, except those that hang."""
    _move(target, "advance-to-idle")


@clock_group.command("rate", context_settings=NEGATIVE)
@click.argument("rate", type=Number())
@with_world
def set_rate(target: Target, rate: float) -> None:
    """Run the clock RATE times as fast as real time."""
    _move(target, "rate", {"rate": rate})


@clock_group.command("real")
@with_world
def return_to_real_time(target: Target) -> None:
    """Return the clock to real time."""
    _move(target, "real")
