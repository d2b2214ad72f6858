"""`bm-emulator serve`: start the emulator, and print how to call it."""

import gc
import shlex
import shutil
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args
from urllib.parse import urlsplit

import click

from emulator import __version__
from emulator.app import create_app, open_world
from emulator.chapters.outband.records import device_with_login
from emulator.cli.groups import Choice, Number, Whole
from emulator.cli.key_pairs import demo_key_pair
from emulator.cli.options import (
    DEFAULT_ENDPOINT,
    DEFAULT_PROXY_PORT,
    ca_dir_option,
    fixture_option,
    option,
    world_options,
)
from emulator.clock import SystemClock
from emulator.control.guard import is_every_address
from emulator.gateway.authentication import TimestampMode
from emulator.logs import LogFormat, set_up_logs
from emulator.request import CONTROL_PREFIX, PATH, Limits
from emulator.settings import Settings
from emulator.settings_check import SettingsError
from emulator.world.accounts import Credential, first_credential
from emulator.world.catalogue import FixtureError
from emulator.world.database import DatabaseError
from emulator.world.world import World

if TYPE_CHECKING:
    from emulator.serving import Listeners

_ELSEWHERE = "http://HOST:PORT"
LogLevel = Literal["debug", "info", "warning", "error"]
_SHOW_PROGRESS_FROM = 1000
_REFUSED = "refused calls and warnings"
_SHOWN: dict[LogLevel, str] = {
    "debug": "every call, each operation that ended, and details of connections (--log-level debug)",
    "info": f"every call and each operation that ended (--log-level info); warning: {_REFUSED} only",
    "warning": f"{_REFUSED}; --log-level info shows every call and each operation that ended",
    "error": f"faults of the emulator only (--log-level error); warning: {_REFUSED} too",
}
"""What the log shows, by level."""
_GARBAGE = 10_000, 20, 20
"""The thresholds of the garbage collector. By Python's own ones, a call with thousands of parameters starts a full
collection, which takes as long as the call where thousands of connections are open.
"""
_INTERRUPTED = 128 + signal.SIGINT


@click.command()
@option("--host", default=Settings.host, help="Address to listen on.")
@option("--port", default=Settings.port, type=Whole(0, 65535), help="0 picks a free port and prints it.")
@fixture_option
@world_options
@option(
    "--timestamp-window",
    "window_seconds",
    default=Settings.window_seconds,
    type=Whole(1),
    help="Seconds that a Timestamp may differ from the clock.",
)
@option(
    "--timestamps",
    default=Settings.timestamps,
    type=Choice(get_args(TimestampMode)),
    help="Clock that a Timestamp is held against: the real one, the world's, or any of both.",
)
@option("--max-query", default=Limits.query_bytes, type=Whole(1), help="Limit in bytes of a GET's query string.")
@option("--max-body", default=Limits.body_bytes, type=Whole(1), help="Limit in bytes of a POST's body.")
@option(
    "--max-parameters",
    default=Limits.parameters,
    type=Whole(1),
    help="Limit of parameters per request.",
)
@option(
    "--request-seconds",
    default=Settings.request_seconds,
    type=Number(0, min_open=True),
    help="Seconds within which a request must have arrived.",
)
@option(
    "--idle-seconds",
    default=Settings.idle_seconds,
    type=Number(0, min_open=True),
    help="Seconds after which a connection without a request is closed.",
)
@option(
    "--max-connections",
    type=Whole(1),
    help="Limit of open connections. Default and maximum: half of the open files the process may have.",
)
@option("--rate-limit", is_flag=True, help="Refuse with 4400 more than 1,000 calls a minute, or 100 of one action.")
@option(
    "--journal",
    default=Settings.journal,
    type=Whole(0),
    help="How many calls each world's journal keeps.",
)
@option("--incidents", metavar="FOLDER", help="Your own incidents, in addition to the bundled ones.")
@option("--control-token", help="Token for driving the emulator. Generated if --host is not a loopback address.")
@option("--open-control", is_flag=True, help="Let any client that reaches the emulator drive it, without a token.")
@option("--https-port", type=Whole(0, 65535), help="Also listen for HTTPS; 0 picks a free port.")
@option("--proxy-port", type=Whole(0, 65535), help="Also be an HTTPS proxy, usually on 8388; 0 picks a port.")
@option("--proxy-passthrough", is_flag=True, help="Let the proxy forward to other hosts, for clients on this machine.")
@ca_dir_option
@option(
    "--log-level",
    default="warning",
    type=Choice(get_args(LogLevel)),
    help="info logs every call and each operation that ended, warning only refused calls and warnings.",
)
@option(
    "--log-format",
    default="text",
    type=Choice(get_args(LogFormat)),
    help="text for people, in colours on a terminal (NO_COLOR switches them off); json for programs, a line an event.",
)
def serve(
    log_level: LogLevel, log_format: LogFormat, max_query: int, max_body: int, max_parameters: int, **options: Any
) -> None:
    """Serve the API at http://HOST:PORT/v2/index.php until stopped."""
    set_up_logs(log_level, log_format)
    from emulator.https import AuthorityError
    from emulator.serving import ListenError, Listeners, with_control_token

    try:
        settings = with_control_token(Settings(**options, limits=Limits(max_query, max_body, max_parameters)))
        listeners = Listeners(settings)
        world = _open(settings)
        _print_greeting(settings, world, listeners)
        click.echo(f"Log        {_SHOWN[log_level]}")
        address = _ELSEWHERE if is_every_address(settings.host) else listeners.url
        click.echo(f"Console    {address}{CONTROL_PREFIX}/  (in a browser)")
        _run(settings, world, listeners)
    except (AuthorityError, ListenError, SettingsError) as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        raise SystemExit(_INTERRUPTED) from None


def _open(settings: Settings) -> World:
    try:
        if settings.devices < _SHOW_PROGRESS_FROM:
            return open_world(settings, SystemClock())
        with click.progressbar(length=settings.devices, label="making devices", file=sys.stderr) as bar:
            return open_world(settings, SystemClock(), bar.update)
    except (DatabaseError, FixtureError) as error:
        raise click.ClickException(str(error)) from error


def _print_greeting(settings: Settings, world: World, listeners: "Listeners") -> None:
    everywhere = is_every_address(settings.host)
    endpoint = listeners.url
    kept = "" if world.is_new else " with the world it holds"
    mode = f"auth {settings.auth}, profile {settings.profile}, database {settings.database or 'in memory'}{kept}"
    where = f"port {urlsplit(endpoint).port} of every address" if everywhere else f"{endpoint}{PATH}"
    click.echo(f"bm-emulator {__version__} listens on {where} ({mode})")
    credential = first_credential(world)
    if credential is None:
        click.echo("No account has a credential: calls succeed only with --auth off.")
        return
    click.echo(f"SecretId   {credential.secret_id}")
    click.echo(f"SecretKey  {credential.secret_key}")
    click.echo(f"Try it     {_call_command(world, credential, _ELSEWHERE if everywhere else endpoint)}")
    if everywhere:
        click.echo(
            "HOST:PORT  is where a client reaches that port: of a container, the address that it is published at"
        )
    _print_https(settings, listeners, everywhere=everywhere)
    if settings.control_token:
        click.echo(
            f"Control    {settings.control_token}  (the token for {CONTROL_PREFIX}/, which the console asks for)"
        )


def _print_https(settings: Settings, listeners: "Listeners", *, everywhere: bool) -> None:
    """Where HTTPS and the proxy are. Paths and addresses of a container would mislead whoever reads them outside."""
    https, proxy = urlsplit(listeners.https_url or ""), urlsplit(listeners.proxy_url or "")
    if listeners.authority is not None:
        path = listeners.authority.path
        trust = f"trust a copy of this machine's or container's {path}" if everywhere else f"trust {path}"
        click.echo(f"HTTPS      {f'port {https.port}' if everywhere else https.geturl()}  ({trust})")
    if listeners.proxy_url is not None:
        how = "https_proxy=http://HOST:PORT" if everywhere else _env_command(settings, proxy.port)
        click.echo(f"Proxy      {f'port {proxy.port}' if everywhere else proxy.geturl()}  ({how})")


def _program() -> str:
    """How this program is called: by its name where the PATH leads to it, else by its path."""
    name = Path(sys.argv[0]).name
    return name if shutil.which(name) == sys.argv[0] else sys.argv[0]


def _call_command(world: World, credential: Credential, endpoint: str) -> str:
    """A command that calls the emulator with the credential, and that succeeds."""
    words = [_program(), "call"]
    device = device_with_login(world, credential.account_id)
    words += ["GetDeviceOutBandInfo", f"instanceId={device}"] if device else ["GetUserCmdList"]
    if endpoint != DEFAULT_ENDPOINT:
        words += ["--endpoint", endpoint]
    if credential[:2] != demo_key_pair():
        words += ["--secret-id", credential.secret_id, "--secret-key", credential.secret_key]
    return " ".join(words)


def _env_command(settings: Settings, port: int | None) -> str:
    """The shell command that makes a shell's programs use the proxy."""
    words = [_program(), "env"]
    words += [] if port == DEFAULT_PROXY_PORT else ["--proxy-port", str(port)]
    words += [] if settings.ca_dir is None else ["--ca-dir", settings.ca_dir]
    return f'eval "$({shlex.join(words)})"'


def _run(settings: Settings, world: World, listeners: "Listeners") -> None:
    from emulator.serving import Server

    app = create_app(settings, world=world)
    gc.freeze()  # what exists now lives as long as the server: the collector skips it
    gc.set_threshold(*_GARBAGE)
    gc.enable()
    Server(app, listeners).run()
