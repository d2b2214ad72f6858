"""`bm-emulator incident …`: named sets of fault rules."""

import click

from emulator.cli.groups import Group
from emulator.cli.target import Target, print_json, with_world
from emulator.testing.driver import path_segment


@click.group("incident", cls=Group)
def incident_group() -> None:
    """Start and stop incidents, which are named sets of fault rules."""


@incident_group.command("list")
@with_world
def list_incidents(target: Target) -> None:
    """List the incidents. A * marks those that are running in the world."""
    running = target.ask_world("GET", "/incidents")
    for incident in target.ask("GET", "/incidents"):
        mark = "*" if incident["name"] in running else " "
        click.echo(f"{mark} {incident['name']:24}{incident['title']}")


@incident_group.command("start")
@click.argument("name")
@with_world
def start_incident(target: Target, name: str) -> None:
    """Start an incident, and show its rules."""
    print_json(target.ask_world("POST", f"/incidents/{path_segment(name)}"))


@incident_group.command("stop")
@click.argument("name")
@with_world
def stop_incident(target: Target, name: str) -> None:
    """Stop an incident, and show how often its rules fired."""
    print_json(target.ask_world("DELETE", f"/incidents/{path_segment(name)}"))
