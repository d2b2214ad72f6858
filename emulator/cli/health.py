"""`bm-emulator health`: whether an emulator answers, for health checks and for scripts that wait for one."""

from threading import Event

import click

from emulator.cli.groups import Number, Whole
from emulator.cli.options import DEFAULT_PORT, http_url, option
from emulator.clock import SystemClock
from emulator.https.health import examine_port

_PAUSE_SECONDS = 0.1
_TIMEOUT_SECONDS = 2.0


@click.command()
@option("--endpoint", type=http_url, metavar="URL", help="Where the emulator listens. Default: --port of this machine.")
@option("--port", default=DEFAULT_PORT, type=Whole(1, 65535), help="Its port, if it is on this machine.")
@click.option("--wait", default=0.0, type=Number(0), metavar="SECONDS", help="Try again for this long.")
def health(endpoint: str | None, port: int, wait: float) -> None:
    """Check whether an emulator answers. The exit code is 0 if it does, and 1 if not."""
    clock, pause = SystemClock(), Event()
    deadline = clock.now() + wait * 1000
    finding = examine_port(endpoint or f"http://127.0.0.1:{port}", _TIMEOUT_SECONDS)
    while not finding.ok and clock.now() < deadline:
        pause.wait(_PAUSE_SECONDS)
        finding = examine_port(endpoint or f"http://127.0.0.1:{port}", _TIMEOUT_SECONDS)
    if not finding.ok:
        raise click.ClickException(finding.text)
    click.echo(finding.text)
