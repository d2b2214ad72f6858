"""`bm-emulator clock …`."""

from typing import Any

import click

from emulator.cli.target import Target, print_json, with_world


@click.group("clock")
def clock_group() -> None:
    """The clock of a world: read, frozen, moved."""


@clock_group.command("show")
@with_world
def show_clock(target: Target) -> None:
    """Show the clock."""
    print_json(target.ask_world("GET", "/clock"))


def _move(target: Target, verb: str, body: dict[str, Any] | None = None) -> None:
    print_json(target.ask_world("POST", f"/clock/{verb}", body))


@clock_group.command("freeze")
@click.argument("at", required=False)
@with_world
def freeze(target: Target, at: str | None) -> None:
    """Stand still, now or AT a moment (ISO 8601, China Standard Time)."""
    _move(target, "freeze", {"at": at})


@clock_group.command("advance")
@click.argument("seconds", type=float)
@with_world
def advance(target: Target, seconds: float) -> None:
    """Put the clock forward; what is due on the way happens in order."""
    _move(target, "advance", {"seconds": seconds})


@clock_group.command("advance-to-idle")
@with_world
def advance_to_idle(target: Target) -> None:
    """Put the clock forward until nothing is pending but what hangs."""
    _move(target, "advance-to-idle")


@clock_group.command("rate")
@click.argument("rate", type=float)
@with_world
def set_rate(target: Target, rate: float) -> None:
    """Run RATE times as fast as real time."""
    _move(target, "rate", {"rate": rate})


@clock_group.command("real")
@with_world
def real(target: Target) -> None:
    """Back to real time."""
    _move(target, "real")
