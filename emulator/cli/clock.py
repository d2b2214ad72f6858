"""`bm-emulator clock …`."""

from typing import Any

import click

from emulator.cli.driving import Target, driving, show


@click.group("clock")
def clock_group() -> None:
    """The clock of a world: read, frozen, moved."""


@clock_group.command("show")
@driving
def show_clock(target: Target) -> None:
    """Show the clock."""
    show(target.world("GET", "/clock"))


def _move(target: Target, verb: str, body: dict[str, Any] | None = None) -> None:
    show(target.world("POST", f"/clock/{verb}", body))


@clock_group.command("freeze")
@click.argument("at", required=False)
@driving
def freeze(target: Target, at: str | None) -> None:
    """Stand still, now or AT a moment (ISO 8601, China Standard Time)."""
    _move(target, "freeze", {"at": at})


@clock_group.command("advance")
@click.argument("seconds", type=float)
@driving
def advance(target: Target, seconds: float) -> None:
    """Put the clock forward; what is due on the way happens in order."""
    _move(target, "advance", {"seconds": seconds})


@clock_group.command("advance-to-idle")
@driving
def advance_to_idle(target: Target) -> None:
    """Put the clock forward until nothing is pending but what hangs."""
    _move(target, "advance-to-idle")


@clock_group.command("rate")
@click.argument("rate", type=float)
@driving
def set_rate(target: Target, rate: float) -> None:
    """Run RATE times as fast as real time."""
    _move(target, "rate", {"rate": rate})


@clock_group.command("real")
@driving
def real(target: Target) -> None:
    """Back to real time."""
    _move(target, "real")
