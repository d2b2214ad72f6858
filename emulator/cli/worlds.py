"""`bm-emulator world …`."""

import click

from emulator.cli.driving import Target, driving, show
from emulator.cli.key_values import PAIRS, Pair, key_value, to_json
from emulator.control.worlds import NewWorld
from emulator.testing.driver import safe


@click.group("world")
def world_group() -> None:
    """Worlds of a running emulator: made, reset, forked, compared."""


@world_group.command("list")
@driving
def list_worlds(target: Target) -> None:
    """List the worlds, with their credentials and clocks."""
    show(target.ask("GET", "/worlds"))


@world_group.command("new")
@click.argument("settings", nargs=-1, type=key_value, metavar=PAIRS)
@driving
def new_world(target: Target, settings: tuple[Pair, ...]) -> None:
    """Make a world: name=, fixture=demo|empty, devices=, seed=, time_scale=, frozen_at=, rate_limit=."""
    show(target.ask("POST", "/worlds", to_json(settings, NewWorld)))


@world_group.command("show")
@driving
def show_world(target: Target) -> None:
    """Show a world."""
    show(target.world("GET", ""))


@world_group.command("delete")
@driving
def delete_world(target: Target) -> None:
    """Delete a world."""
    target.world("DELETE", "")


@world_group.command("reset")
@driving
def reset_world(target: Target) -> None:
    """Make a world again as it was made."""
    show(target.world("POST", "/reset"))


@world_group.command("fork")
@click.option("--name", help="Of the copy; left out: w1, w2, …")
@click.option("--snapshot", help="Copy what this snapshot shows.")
@driving
def fork_world(target: Target, name: str | None, snapshot: str | None) -> None:
    """Make a copy of a world, with credentials of its own."""
    show(target.world("POST", "/fork", {"name": name, "snapshot": snapshot}))


@world_group.command("snapshot")
@click.argument("name")
@driving
def keep_snapshot(target: Target, name: str) -> None:
    """Keep a world as it is now."""
    show(target.world("PUT", f"/snapshots/{safe(name)}"))


@world_group.command("restore")
@click.argument("name")
@driving
def restore_snapshot(target: Target, name: str) -> None:
    """Make a world again as a snapshot shows it."""
    show(target.world("POST", f"/snapshots/{safe(name)}/restore"))


@world_group.command("diff")
@click.argument("before")
@click.argument("after", required=False)
@driving
def diff_snapshots(target: Target, before: str, after: str | None) -> None:
    """Tell what rows changed between two snapshots, or since one."""
    show(target.world("GET", "/diff", query={"before": before, "after": after}))
