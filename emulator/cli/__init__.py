"""The `bm-emulator` command."""

import click

from emulator.cli.actions import actions
from emulator.cli.client import call, sign
from emulator.cli.doctor import doctor
from emulator.cli.explain import explain
from emulator.cli.faults import fault_group, incident_group
from emulator.cli.journal import inventory_group, journal_group
from emulator.cli.lead import print_environment, run
from emulator.cli.serve import serve
from emulator.cli.worlds import clock_group, world_group


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="bm-emulator")
def main() -> None:
    """A local emulator of Tencent Cloud's legacy (v2) bare-metal API.

    \b
    bm-emulator serve                       start it
    bm-emulator call ACTION key=value …     sign a call, send it, print the answer
    bm-emulator run -- COMMAND …            run a program against an emulator of its own
    bm-emulator explain URL-or-REQUEST-ID   say why a call was refused
    bm-emulator world, clock, fault, incident, journal, inventory …
                                            drive a running one
    """


DRIVING = (world_group, clock_group, fault_group, incident_group, journal_group, inventory_group)
for command in (serve, run, print_environment, doctor, call, sign, explain, actions, *DRIVING):
    main.add_command(command)
