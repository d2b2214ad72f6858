"""The `bm-emulator` command."""

import click

from emulator.cli.actions import actions
from emulator.cli.client import call, sign
from emulator.cli.explain import explain
from emulator.cli.serve import serve


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="bm-emulator")
def main() -> None:
    """A local emulator of Tencent Cloud's legacy (v2) bare-metal API.

    \b
    bm-emulator serve                       start it
    bm-emulator call ACTION key=value …     sign a call, send it, print the answer
    bm-emulator explain URL-or-REQUEST-ID   say why a call was refused
    """


for command in (serve, call, sign, explain, actions):
    main.add_command(command)
