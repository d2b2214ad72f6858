"""`bm-emulator fault …`: the fault rules of a world."""

import click

from emulator.cli.field_help import CommandWithFields
from emulator.cli.groups import Group, Whole
from emulator.cli.key_values import PAIRS, Pair, key_value, to_json
from emulator.cli.target import Target, print_json, with_world
from emulator.world.rules import FaultRule


@click.group("fault", cls=Group)
def fault_group() -> None:
    """Set, list and remove the fault rules of a world."""


@fault_group.command("list")
@click.option("--unfired", is_flag=True, help="Only the rules that never fired.")
@with_world
def list_faults(target: Target, unfired: bool) -> None:
    """List the rules, and how often each fired."""
    print_json(target.ask_world("GET", "/faults", query={"unfired": unfired}))


@fault_group.command("set", cls=CommandWithFields, fields={"Fields of a rule": FaultRule})
@click.argument("rule", nargs=-1, type=key_value, metavar=PAIRS)
@with_world
def set_fault(target: Target, rule: tuple[Pair, ...]) -> None:
    """Set a fault rule: which calls it matches, how often it fires, and what it does to them.

    Example: fault set action=RunUserCmd error=9001 skip=1 times=2
    """
    print_json(target.ask_world("POST", "/faults", to_json(rule, FaultRule)))


@fault_group.command("remove")
@click.argument("number", type=Whole())
@with_world
def remove_fault(target: Target, number: int) -> None:
    """Remove a rule, and show how often it fired."""
    print_json(target.ask_world("DELETE", f"/faults/{number}"))


@fault_group.command("clear")
@with_world
def clear_faults(target: Target) -> None:
    """Remove all rules."""
    target.ask_world("DELETE", "/faults")
