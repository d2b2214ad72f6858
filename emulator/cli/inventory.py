"""`bm-emulator inventory …`: the things of a world, read and set by hand."""

import click
from msgspec import Struct

import emulator.control.routes  # noqa: F401 - completes ENDPOINTS
from emulator.cli.field_help import CommandWithFields
from emulator.cli.groups import Choice, Group, Whole
from emulator.cli.key_values import Pair, key_value, to_json
from emulator.cli.tables import columns_of, print_table
from emulator.cli.target import Target, print_json, with_world
from emulator.control.endpoints import ENDPOINTS
from emulator.testing.driver import path_segment


def _changes_by_kind() -> dict[str, type[Struct]]:
    """The fields that can be set, by kind of thing, as the endpoints of the control interface declare them."""
    setters = [found for found in ENDPOINTS if found.method == "PATCH" and "/inventory/" in found.path]
    return {setter.path.split("/")[-2]: setter.body for setter in setters if setter.body is not None}


CHANGES_BY_KIND = _changes_by_kind()
_KINDS = tuple(CHANGES_BY_KIND)


@click.group("inventory", cls=Group)
def inventory_group() -> None:
    """Read and set the things of a world by hand."""


@inventory_group.command("list")
@click.argument("kind", type=Choice([*_KINDS, "operations"]))
@click.option("--limit", type=Whole(1, 1000), default=100, show_default=True, help="At most so many.")
@click.option("--offset", type=Whole(0), default=0, help="Leave out so many at the beginning.")
@click.option("--json", "as_json", is_flag=True, help="Print ids, accounts or operations as JSON.")
@with_world
def list_things(target: Target, kind: str, limit: int, offset: int, as_json: bool) -> None:
    """List the things of a kind, the accounts, or the pending operations, as a table."""
    if kind in ("operations", "accounts"):
        found = target.ask_world("GET", "/operations" if kind == "operations" else f"/inventory/{kind}")
        total, rows = len(found), found[offset:][:limit]
        columns = list(rows[0]) if rows else []
    else:
        query = {"limit": limit, "offset": offset, "things": not as_json}
        found = target.ask_world("GET", f"/inventory/{kind}", query=query)
        total, rows = found["total"], found["things"]
        columns = columns_of(rows[0]) if rows else []
    if as_json:
        print_json(found)
        return
    if rows:
        print_table(rows, columns)
    if len(rows) < total or not total:
        click.echo(f"{len(rows)} of {total} {kind}", err=True)


@inventory_group.command("show")
@click.argument("kind", type=Choice(_KINDS))
@click.argument("id_", metavar="ID")
@with_world
def show_thing(target: Target, kind: str, id_: str) -> None:
    """Show one thing: a server by instanceId, a script by cmdId, a task by taskId, an account by appId."""
    print_json(target.ask_world("GET", f"/inventory/{kind}/{path_segment(id_)}"))


@inventory_group.command(
    "set", cls=CommandWithFields, fields={f"Fields of {kind}": changes for kind, changes in CHANGES_BY_KIND.items()}
)
@click.argument("kind", type=Choice(_KINDS))
@click.argument("id_", metavar="ID")
@click.argument("changes", nargs=-1, required=True, type=key_value, metavar="KEY=VALUE...")
@with_world
def set_thing(target: Target, kind: str, id_: str, changes: tuple[Pair, ...]) -> None:
    """Set fields of one thing. A value that the world cannot have is refused with the reason.

    Example: inventory set devices cpm-an5a9wv4 state=fault out_of_band=null
    """
    print_json(
        target.ask_world("PATCH", f"/inventory/{kind}/{path_segment(id_)}", to_json(changes, CHANGES_BY_KIND[kind]))
    )
