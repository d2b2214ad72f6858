"""`bm-emulator doctor`: whether an unmodified client in this environment would reach the emulator."""

import os

import click

from emulator.cli.options import ca_dir_option, endpoint_option
from emulator.settings import authority_folder


@click.command()
@endpoint_option
@ca_dir_option
def doctor(endpoint: str, ca_dir: str | None) -> None:
    """Check whether programs in this environment reach the emulator, and say what to fix.

    Checked are the port, certificate trust, the environment variables, the route a client would take, and clock skew.
    The exit code is 1 if something is wrong.
    """
    from emulator.https.checkup import examine

    findings = examine(os.environ, endpoint, authority_folder(ca_dir))
    for finding in findings:
        click.echo(f"{'ok   ' if finding.ok else 'WRONG'}  {finding.text}")
    if not all(finding.ok for finding in findings):
        raise SystemExit(1)
