"""`bm-emulator world …`: the worlds of a running emulator."""

from pathlib import Path
from typing import Any

import click
import msgspec

from emulator.cli.field_help import CommandWithFields
from emulator.cli.groups import Group
from emulator.cli.key_values import PAIRS, Pair, key_value, to_json
from emulator.cli.options import world_argument
from emulator.cli.target import Target, print_json, with_target
from emulator.control.worlds import NewWorld
from emulator.seeding.fixture import read_fixture
from emulator.testing.driver import path_segment
from emulator.world.catalogue import FixtureError


@click.group("world", cls=Group)
def world_group() -> None:
    """Make, reset, fork and compare the worlds of a running emulator."""


@world_group.command("list")
@with_target
def list_worlds(target: Target) -> None:
    """List the worlds, with their credentials and clocks."""
    print_json(target.ask("GET", "/worlds"))


@world_group.command("new", cls=CommandWithFields, fields={"Fields of a new world": NewWorld})
@click.argument("settings", nargs=-1, type=key_value, metavar=PAIRS)
@with_target
def new_world(target: Target, settings: tuple[Pair, ...]) -> None:
    """Make a world with credentials of its own.

    fixture=FILE.toml or fixture=FILE.json makes it of a world file, as `world export` writes it.

    Example: world new name=mine devices=20 seed=7
    """
    body = to_json(settings, NewWorld)
    if str(body.get("fixture", "")).endswith((".toml", ".json")):
        body["fixture"] = _read(Path(body["fixture"]))
    print_json(target.ask("POST", "/worlds", body))


def _read(path: Path) -> Any:
    try:
        return msgspec.to_builtins(read_fixture(path))
    except FixtureError as error:
        raise click.ClickException(str(error)) from error


@world_group.command("show")
@world_argument
@with_target
def show_world(target: Target) -> None:
    """Show a world: its credentials, its clock, its snapshots."""
    print_json(target.ask_world("GET", ""))


@world_group.command("delete")
@world_argument
@with_target
def delete_world(target: Target) -> None:
    """Delete a world with its snapshots and its journal."""
    target.ask_world("DELETE", "")


@world_group.command("reset")
@world_argument
@with_target
def reset_world(target: Target) -> None:
    """Return a world to the state in which it was made."""
    print_json(target.ask_world("POST", "/reset"))


@world_group.command("fork")
@world_argument
@click.option("--name", help="The name of the copy. Default: w1, w2, …")
@click.option("--snapshot", help="Copy this snapshot instead of the present state.")
@with_target
def fork_world(target: Target, name: str | None, snapshot: str | None) -> None:
    """Copy a world. The copy has credentials of its own."""
    print_json(target.ask_world("POST", "/fork", {"name": name, "snapshot": snapshot}))


@world_group.command("snapshot")
@world_argument
@click.argument("name")
@with_target
def keep_snapshot(target: Target, name: str) -> None:
    """Keep a snapshot of a world under NAME. An older one of that name is replaced."""
    print_json(target.ask_world("PUT", f"/snapshots/{path_segment(name)}"))


@world_group.command("restore")
@world_argument
@click.argument("name")
@with_target
def restore_snapshot(target: Target, name: str) -> None:
    """Return a world to the snapshot NAME. Its journal is kept."""
    print_json(target.ask_world("POST", f"/snapshots/{path_segment(name)}/restore"))


@world_group.command("export")
@world_argument
@click.argument("file", type=click.Path(dir_okay=False, writable=True, allow_dash=True, path_type=Path))
@with_target
def export_world(target: Target, file: Path) -> None:
    """Write a world to FILE, which loads as an equal world: TOML, or JSON if FILE ends in .json.

    FILE may be - for standard output.
    """
    text = target.ask_text("/export", query={"format": "json" if file.suffix == ".json" else "toml"})
    if str(file) == "-":
        click.echo(text, nl=False)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"cannot write {file}: {error.strerror}") from error


@world_group.command("diff")
@world_argument
@click.argument("before")
@click.argument("after", required=False)
@with_target
def diff_snapshots(target: Target, before: str, after: str | None) -> None:
    """Show the rows that changed between the snapshots BEFORE and AFTER, or since BEFORE."""
    print_json(target.ask_world("GET", "/diff", query={"before": before, "after": after}))
