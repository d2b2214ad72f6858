"""`bm-emulator outcome …`: how scripts end in a world."""

import click

from emulator.cli.field_help import CommandWithFields
from emulator.cli.groups import Whole
from emulator.cli.key_values import PAIRS, Pair, key_value, to_json
from emulator.cli.target import Target, print_json, with_world
from emulator.seeding.fixture import Outcome


@click.group("outcome")
def outcome_group() -> None:
    """Set, list and remove how scripts end in a world."""


@outcome_group.command("list")
@with_world
def list_outcomes(target: Target) -> None:
    """List the outcomes; the first that fits a run counts."""
    print_json(target.ask_world("GET", "/outcomes"))


@outcome_group.command("set", cls=CommandWithFields, fields={"Fields of an outcome": Outcome})
@click.argument("outcome", nargs=-1, type=key_value, metavar=PAIRS)
@with_world
def set_outcome(target: Target, outcome: tuple[Pair, ...]) -> None:
    """Set how scripts end that are run from now on. It counts before those that were set earlier.

    Example: outcome set command=deploy device=web-2 exit_code=3 output="no space left"
    """
    print_json(target.ask_world("POST", "/outcomes", to_json(outcome, Outcome)))


@outcome_group.command("remove", context_settings={"ignore_unknown_options": True})
@click.argument("number", type=Whole())
@with_world
def remove_outcome(target: Target, number: int) -> None:
    """Remove an outcome, and show what it was."""
    print_json(target.ask_world("DELETE", f"/outcomes/{number}"))


@outcome_group.command("clear")
@with_world
def clear_outcomes(target: Target) -> None:
    """Remove all outcomes, those of the world file too."""
    target.ask_world("DELETE", "/outcomes")
