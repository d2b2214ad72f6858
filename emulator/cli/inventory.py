"""`bm-emulator inventory …`."""

import click

from emulator.cli.driving import Target, assignments, driving, show
from emulator.testing.driver import safe

_KINDS = ("devices", "hosted", "scripts", "tasks", "accounts")


@click.group("inventory")
def inventory_group() -> None:
    """The things of a world, read and set by hand."""


@inventory_group.command("list")
@click.argument("kind", type=click.Choice([*_KINDS, "stock", "operations"]))
@driving
def list_things(target: Target, kind: str) -> None:
    """List the things of a KIND."""
    show(target.world("GET", "/operations" if kind == "operations" else f"/inventory/{kind}"))


@inventory_group.command("show")
@click.argument("kind", type=click.Choice(_KINDS))
@click.argument("thing")
@driving
def show_thing(target: Target, kind: str, thing: str) -> None:
    """Show one: a device by instanceId, a script by cmdId, a task by taskId, an account by appId."""
    show(target.world("GET", f"/inventory/{kind}/{safe(thing)}"))


@inventory_group.command("set")
@click.argument("kind", type=click.Choice(_KINDS))
@click.argument("thing")
@click.argument("changes", nargs=-1, required=True, metavar="KEY=VALUE...")
@driving
def set_thing(target: Target, kind: str, thing: str, changes: tuple[str, ...]) -> None:
    """Set fields of one, as `state=fault` or `out_of_band=null`."""
    show(target.world("PATCH", f"/inventory/{kind}/{safe(thing)}", assignments(changes)))


@inventory_group.command("set-stock")
@click.argument("zone")
@click.argument("device_class")
@click.argument("left", type=click.IntRange(0))
@driving
def set_stock(target: Target, zone: str, device_class: str, left: int) -> None:
    """Set how many servers of a class a zone has left."""
    show(target.world("PUT", f"/inventory/stock/{safe(zone)}/{safe(device_class)}", {"left": left}))
