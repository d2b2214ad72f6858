"""`bm-emulator journal …`: the calls that a world has received."""

import json
from typing import Any

import click

from emulator import contract
from emulator.cli.field_help import CommandWithFields
from emulator.cli.groups import Group, Whole
from emulator.cli.journal_lines import lines
from emulator.cli.key_values import PAIRS, Pair, key_value
from emulator.cli.target import Target, with_world
from emulator.contract.names import nearest
from emulator.journal.search import Search


@click.group("journal", cls=Group)
def journal_group() -> None:
    """Search, assert on and clear the calls that a world has received."""


@journal_group.command("show", cls=CommandWithFields, fields={"Fields to search by": Search})
@click.argument("search", nargs=-1, type=key_value, metavar=PAIRS)
@click.option("--json", "as_json", is_flag=True, help="Print everything about each call, as JSON lines.")
@with_world
def show_journal(target: Target, search: tuple[Pair, ...], as_json: bool) -> None:
    """Show the calls that match, the oldest first. Repeated ones, as polls are, are folded into one line.

    The time is the world's, with the real one beside it where they differ.

    Example: journal show action=RunUserCmd parameter=cmdId=cmd-nozcbhuw changed=true
    """
    answer = target.ask_world("GET", "/journal", query=dict(search))
    calls = answer["calls"]
    for line in (json.dumps(call, ensure_ascii=False) for call in calls) if as_json else lines(calls):
        click.echo(line)
    if not as_json:
        _print_what_is_missing(answer)
        if not answer["found"]:
            _print_what_was_meant(dict(search).get("action"))


def _print_what_is_missing(answer: dict[str, Any]) -> None:
    """Say that there is nothing, or that there is more than is shown."""
    if not answer["kept"]:
        click.echo("the journal is empty: no call has come since the start or the last `journal clear`", err=True)
    elif not answer["found"]:
        click.echo(f"none of the {answer['kept']} calls matches", err=True)
    elif len(answer["calls"]) < answer["found"]:
        click.echo(f"the newest {len(answer['calls'])} of {answer['found']} calls; limit=N shows more", err=True)
    if answer["dropped"]:
        click.echo(f"{answer['dropped']} older calls were dropped", err=True)


def _print_what_was_meant(action: str | None) -> None:
    """Name an action that is spelled almost as the one that was looked for, where there is none of that name."""
    known = sorted({found.name for found in contract.load()})
    if action is not None and action not in known:
        meant = nearest(action, known)
        suggestion = f"; did you mean {meant}?" if meant else "; `bm-emulator actions` lists them"
        click.echo(f"no action is named {action}{suggestion}", err=True)


@journal_group.command("verify")
@click.argument("actions", nargs=-1, required=True)
@click.option("--times", type=Whole(0), help="Exactly this many times. Default: at least once.")
@click.option(
    "--with", "parameters", multiple=True, type=key_value, metavar="KEY=VALUE", help="A sent parameter; repeatable."
)
@click.option("--in-order", is_flag=True, help="In this order, whatever came between.")
@with_world
def verify_journal(
    target: Target, actions: tuple[str, ...], times: int | None, parameters: tuple[Pair, ...], in_order: bool
) -> None:
    """Check that each of ACTIONS was called. If not, print the nearest call and exit with 1."""
    wanted = {"actions": list(actions), "times": times, "parameters": dict(parameters), "in_order": in_order}
    verdict = target.ask_world("POST", "/journal/verify", wanted)
    if not verdict["holds"]:
        raise click.ClickException(verdict["message"])


@journal_group.command("clear")
@with_world
def clear_journal(target: Target) -> None:
    """Clear the journal."""
    target.ask_world("DELETE", "/journal")
