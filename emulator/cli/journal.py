"""`bm-emulator journal …` and `bm-emulator inventory …`."""

import json
from typing import Any

import click

from emulator.cli.driving import Target, assignments, driving, show
from emulator.testing.driver import safe
from emulator.testing.journal import flat

_KINDS = ("devices", "hosted", "scripts", "tasks", "accounts")


@click.group("journal")
def journal_group() -> None:
    """The calls that a world has had."""


@journal_group.command("show")
@click.argument("search", nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--json", "as_json", is_flag=True, help="The whole of each call, a line of JSON each.")
@driving
def show_journal(target: Target, search: tuple[str, ...], as_json: bool) -> None:
    """Show calls: action=, code=, method=, host=, client=, authentication=, parameter=name=value, fault=true,
    began=true, changed=true, unknown=true, slower_than=, since=, until=, limit=."""
    found = target.world("GET", "/journal", query=dict(word.partition("=")[::2] for word in search))
    for call in found["calls"]:
        click.echo(json.dumps(call, ensure_ascii=False) if as_json else line(call))
    if not as_json and found["dropped"]:
        click.echo(f"{found['dropped']} older calls were dropped", err=True)


def line(call: dict[str, Any]) -> str:
    """One call."""
    code = "no answer" if call["code"] is None else call["code"]
    told = "; ".join(call["explanation"])
    return f"{call['time']}  {call['request_id']}  {call['method']:4} {call['action']!s:28} {code}  {told}".rstrip()


@journal_group.command("verify")
@click.argument("actions", nargs=-1, required=True)
@click.option("--times", type=click.IntRange(0), help="Exactly so often; left out: at least once.")
@click.option("--with", "parameters", multiple=True, metavar="KEY=VALUE", help="A parameter, repeatable.")
@click.option("--in-order", is_flag=True, help="One after the other.")
@driving
def verify_journal(
    target: Target, actions: tuple[str, ...], times: int | None, parameters: tuple[str, ...], in_order: bool
) -> None:
    """Exit with 1 and the nearest call unless ACTIONS were called."""
    sent = flat(dict(word.partition("=")[::2] for word in parameters))
    wanted = {"actions": list(actions), "times": times, "parameters": sent, "in_order": in_order}
    verdict = target.world("POST", "/journal/verify", wanted)
    if not verdict["holds"]:
        raise click.ClickException(verdict["message"])


@journal_group.command("clear")
@driving
def clear_journal(target: Target) -> None:
    """Forget the calls."""
    target.world("DELETE", "/journal")


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
