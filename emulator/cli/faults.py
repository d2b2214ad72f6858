"""`bm-emulator fault …`."""

import click

from emulator.cli.driving import Target, assignments, driving, show


@click.group("fault")
def fault_group() -> None:
    """Fault rules of a world."""


@fault_group.command("list")
@click.option("--unfired", is_flag=True, help="Only those that never fired.")
@driving
def list_faults(target: Target, unfired: bool) -> None:
    """List the rules, and how often they fired."""
    show(target.world("GET", "/faults", query={"unfired": unfired}))


@fault_group.command("set")
@click.argument("rule", nargs=-1, metavar="[KEY=VALUE]...")
@driving
def set_fault(target: Target, rule: tuple[str, ...]) -> None:
    """Set a rule: action=, device=, skip=, times=, and one of error=, http_status=, cut=true, html=true, truncate=true,
    lose_answer=true, operation=fail|hang|late, delay=."""
    show(target.world("POST", "/faults", assignments(rule)))


@fault_group.command("remove")
@click.argument("number", type=int)
@driving
def remove_fault(target: Target, number: int) -> None:
    """Take a rule back, and tell how it fared."""
    show(target.world("DELETE", f"/faults/{number}"))


@fault_group.command("clear")
@driving
def clear_faults(target: Target) -> None:
    """Take all rules back."""
    target.world("DELETE", "/faults")
