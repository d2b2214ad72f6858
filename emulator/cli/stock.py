"""`bm-emulator stock …`: how many servers can be bought in a world."""

import click

from emulator.cli.groups import NEGATIVE, Group, Whole
from emulator.cli.tables import print_table
from emulator.cli.target import Target, print_json, with_world
from emulator.testing.driver import path_segment


@click.group("stock", cls=Group)
def stock_group() -> None:
    """List and set how many servers of each class are left to buy."""


@stock_group.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON.")
@with_world
def list_stock(target: Target, as_json: bool) -> None:
    """List how many servers of each class each zone has left, as a table."""
    rows = target.ask_world("GET", "/inventory/stock")
    if as_json:
        print_json(rows)
    elif rows:
        print_table(rows, list(rows[0]))


@stock_group.command("set", context_settings=NEGATIVE)
@click.argument("zone")
@click.argument("device_class", metavar="CLASS")
@click.argument("left", type=Whole(0))
@with_world
def set_stock(target: Target, zone: str, device_class: str, left: int) -> None:
    """Set how many servers of a class a zone has LEFT: `stock set 1000100003 PS100v1 0`."""
    print_json(
        target.ask_world("PUT", f"/inventory/stock/{path_segment(zone)}/{path_segment(device_class)}", {"left": left})
    )
