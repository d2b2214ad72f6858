"""`bm-emulator env`: what a shell exports so that its programs call the emulator."""

import os

import click

from emulator.cli.options import DEFAULT_PROXY_PORT, ca_dir_option, option
from emulator.settings import Settings


@click.command("env")
@option("--host", default=Settings.host, help="Where the emulator's proxy listens.")
@option("--proxy-port", default=DEFAULT_PROXY_PORT, type=click.IntRange(1, 65535), help="Likewise.")
@ca_dir_option
@click.option("--unset", is_flag=True, help="Print what takes it back.")
def print_environment(host: str, proxy_port: int, ca_dir: str | None, unset: bool) -> None:
    """Print what to export so that programs call the emulator: eval "$(bm-emulator env)".

    For an emulator that was started with --proxy-port. Other hosts are refused by it, unless it was started with
    --proxy-passthrough; the file of authorities holds the system's too.
    """
    from emulator.https.environment import restored, shell

    if unset:
        click.echo(shell(restored(os.environ)))
        return
    url = f"http://[{host}]:{proxy_port}" if ":" in host else f"http://{host}:{proxy_port}"
    click.echo(shell(proxied_environment(url, Settings(ca_dir=ca_dir))))


def proxied_environment(proxy_url: str, settings: Settings) -> dict[str, str]:
    from emulator.https import AuthorityError
    from emulator.https.bundle import write_bundle
    from emulator.https.environment import original, variables
    from emulator.serving import open_authority

    try:
        authority = open_authority(settings)
        bundle = write_bundle(authority, original(os.environ))
    except AuthorityError as error:
        raise click.ClickException(str(error)) from error
    return variables(os.environ, proxy_url, bundle, authority.path)
