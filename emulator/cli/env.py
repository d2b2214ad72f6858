"""`bm-emulator env`: the variables that route a shell's programs to the emulator."""

import os
from typing import get_args

import click

from emulator.cli.groups import Choice, Whole
from emulator.cli.key_pairs import find_key_pair
from emulator.cli.options import DEFAULT_PROXY_PORT, ca_dir_option, option
from emulator.https.shells import Shell, shell_commands
from emulator.settings import Settings


@click.command("env")
@option("--host", default=Settings.host, help="Address of the emulator's proxy.")
@option("--proxy-port", default=DEFAULT_PROXY_PORT, type=Whole(1, 65535), help="Port of the emulator's proxy.")
@option("--port", default=Settings.port, type=Whole(1, 65535), help="Port on which the emulator serves.")
@option("--secret-id", default=None, help="SecretId to tell programs. Default: that of the demo world.")
@option("--secret-key", default=None, help="Its SecretKey. Default: looked up in the demo world.")
@ca_dir_option
@click.option(
    "--shell",
    default="sh",
    show_default=True,
    type=Choice(get_args(Shell)),
    help="The shell to print commands for; sh is any POSIX shell.",
)
@click.option("--unset", is_flag=True, help="Print the commands that restore the variables.")
def print_environment(
    host: str,
    proxy_port: int,
    port: int,
    secret_id: str | None,
    secret_key: str | None,
    ca_dir: str | None,
    shell: Shell,
    unset: bool,
) -> None:
    """Print the variables that route programs to the emulator, and a key pair for them.

    \b
    eval "$(bm-emulator env)"
    bm-emulator env --shell fish | source
    bm-emulator env --shell powershell | Out-String | Invoke-Expression

    The emulator must have been started with --proxy-port. Its proxy refuses other hosts, unless it was started with
    --proxy-passthrough. The exported bundle holds the system's certificate authorities and the emulator's own.
    """
    from emulator.https.environment import client_variables, restoring_variables

    if unset:
        click.echo(shell_commands(restoring_variables(os.environ), shell))
        return
    address = f"[{host}]" if ":" in host else host
    routed = proxied_environment(f"http://{address}:{proxy_port}", Settings(ca_dir=ca_dir))
    told = client_variables(f"http://{address}:{port}", find_key_pair(secret_id, secret_key))
    click.echo(shell_commands({**routed, **told}, shell))


def proxied_environment(proxy_url: str, settings: Settings) -> dict[str, str]:
    """The variables that route HTTP and HTTPS to the proxy. Makes the certificate authority if there is none yet."""
    from emulator.https import AuthorityError
    from emulator.https.environment import original_environment, routing_variables
    from emulator.https.runtimes import write_client_files
    from emulator.serving import open_authority

    try:
        authority = open_authority(settings)
        files = write_client_files(authority, original_environment(os.environ))
    except AuthorityError as error:
        raise click.ClickException(str(error)) from error
    return routing_variables(os.environ, proxy_url, files)
