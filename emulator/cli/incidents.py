"""`bm-emulator incident …`."""

import click

from emulator.cli.target import Target, print_json, with_world
from emulator.testing.driver import path_segment


@click.group("incident")
def incident_group() -> None:
    """Named fault plans."""


@incident_group.command("list")
@with_world
def list_incidents(target: Target) -> None:
    """List the incidents, and mark those that are going on."""
    running = target.ask_world("GET", "/incidents")
    for found in target.ask("GET", "/incidents"):
        click.echo(f"{'*' if found['name'] in running else ' '} {found['name']:24}{found['title']}")


@incident_group.command("start")
@click.argument("name")
@with_world
def start_incident(target: Target, name: str) -> None:
    """Start an incident."""
    print_json(target.ask_world("POST", f"/incidents/{path_segment(name)}"))


@incident_group.command("stop")
@click.argument("name")
@with_world
def stop_incident(target: Target, name: str) -> None:
    """Stop an incident, and tell how its rules fared."""
    print_json(target.ask_world("DELETE", f"/incidents/{path_segment(name)}"))
