"""`bm-emulator doctor`: is the environment set up so that an unmodified client reaches the emulator?"""

import os

import click

from emulator.cli.options import ca_dir_option, endpoint_option
from emulator.settings import authority_folder


@click.command()
@endpoint_option
@ca_dir_option
def doctor(endpoint: str, ca_dir: str | None) -> None:
    """Check a set-up, and name what is wrong. The exit code is 1 if something is."""
    from emulator.https.checkup import examine

    findings = examine(os.environ, endpoint, authority_folder(ca_dir))
    for finding in findings:
        click.echo(f"{'ok   ' if finding.fine else 'WRONG'}  {finding.text}")
    if not all(finding.fine for finding in findings):
        raise SystemExit(1)
