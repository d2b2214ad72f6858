"""The `bm-emulator` command. Each subcommand is imported only when it is used, so that it starts without the others."""

from importlib import import_module

import click

from emulator.cli.groups import Group

_COMMANDS = {
    "actions": "actions:actions",
    "call": "call:call",
    "check": "check:check",
    "clock": "clock:clock_group",
    "doctor": "doctor:doctor",
    "env": "env:print_environment",
    "explain": "explain:explain",
    "fault": "faults:fault_group",
    "health": "health:health",
    "incident": "incidents:incident_group",
    "inventory": "inventory:inventory_group",
    "journal": "journal:journal_group",
    "outcome": "outcomes:outcome_group",
    "run": "run:run",
    "schema": "schema:schema",
    "serve": "serve:serve",
    "sign": "sign:sign",
    "stock": "stock:stock_group",
    "watch": "watch:watch",
    "world": "worlds:world_group",
}
"""The module in this package and the function of each subcommand."""


class _Commands(Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"emulator.cli.{module}"), name)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="bm-emulator")
def main() -> None:
    """A local emulator of Tencent Cloud's legacy (v2) bare-metal API.

    \b
    bm-emulator serve                       start the emulator
    bm-emulator call ACTION key=value …     sign a call, send it, print the answer
    bm-emulator run -- COMMAND …            run a program against an emulator of its own
    bm-emulator explain URL-or-REQUEST-ID   say why a call was refused
    bm-emulator schema ACTION               print an action's parameters and answer as JSON Schema
    bm-emulator watch                       show calls as they come, with the mistakes that were found
    bm-emulator health --wait SECONDS       wait until an emulator answers
    bm-emulator check                       compare the answers with the documentation
    bm-emulator world, clock, fault, incident, journal, inventory, outcome, stock …
                                            drive a running emulator
    """
