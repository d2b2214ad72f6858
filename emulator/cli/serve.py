"""`bm-emulator serve`: start the emulator, and say how to call it."""

import gc
import logging
import signal
import socket
import sys
from typing import Any, Literal, get_args

import click

from emulator import __version__
from emulator.app import create_app, open_world
from emulator.cli.client import demo_key_pair
from emulator.cli.options import DEFAULT_ENDPOINT, fixture_option, option
from emulator.clock import SystemClock
from emulator.control.endpoints import PREFIX
from emulator.gateway.answer import Profile
from emulator.gateway.authentication import Mode
from emulator.gateway.wire import PATH, Limits
from emulator.inventory.accounts import first_credential
from emulator.inventory.catalogue import FixtureError
from emulator.inventory.database import DatabaseError
from emulator.inventory.devices import first_device
from emulator.inventory.outband import find_vpn_account
from emulator.inventory.world import World
from emulator.settings import MOST_DEVICES, Settings

LogLevel = Literal["debug", "info", "warning", "error"]
_SHOW_PROGRESS_FROM = 1000
_INTERRUPTED = 128 + signal.SIGINT


@click.command()
@option("--host", default=Settings.host, help="Address to listen on.")
@option("--port", default=Settings.port, type=click.IntRange(0, 65535), help="0 picks a free one and prints it.")
@option("--database", metavar="FILE", help="SQLite file or sqlite:/// URL; in memory if left out.")
@fixture_option
@option("--catalogue", metavar="FOLDER", help="What there is to buy and where; the bundled one if left out.")
@option("--devices", default=0, type=click.IntRange(0, MOST_DEVICES), help="Fill an empty world with so many devices.")
@option("--seed", default=Settings.seed, help="The same seed makes the same world.")
@option("--auth", default=Settings.auth, type=click.Choice(get_args(Mode)), help="How signatures are checked.")
@option(
    "--profile",
    default=Settings.profile,
    type=click.Choice(get_args(Profile)),
    help="Answer as the pages print it, or as the live service was seen to.",
)
@option(
    "--time-scale",
    default=Settings.time_scale,
    type=click.FloatRange(0),
    help="How long tasks take: 1 as long as the real ones, 0 no time.",
)
@option(
    "--window",
    "window_seconds",
    default=Settings.window_seconds,
    type=click.IntRange(1),
    help="Seconds that a Timestamp may be off.",
)
@option("--max-query", default=Limits.query_bytes, type=click.IntRange(1), help="Bytes of a GET's query string.")
@option("--max-body", default=Limits.body_bytes, type=click.IntRange(1), help="Bytes of a POST's body.")
@option("--max-parameters", default=Limits.parameters, type=click.IntRange(1), help="Parameters of a request.")
@option("--rate-limit", is_flag=True, help="Refuse more than 1,000 calls a minute, or 100 of one action.")
@option("--journal", default=Settings.journal, type=click.IntRange(0), help="How many calls are remembered.")
@option("--incidents", metavar="FOLDER", help="Incidents of your own, beside the bundled ones.")
@option("--control-token", help="What those who drive it must know; made up if --host is not of this machine alone.")
@option("--open-control", is_flag=True, help="Let everybody drive it who can reach it.")
@option("--log-level", default="warning", type=click.Choice(get_args(LogLevel)), help="info shows every call.")
def serve(log_level: LogLevel, max_query: int, max_body: int, max_parameters: int, **options: Any) -> None:  # noqa: ANN401
    """Serve the API at http://HOST:PORT/v2/index.php until stopped."""
    logging.basicConfig(level=log_level.upper(), format="%(asctime)s %(levelname)s %(message)s")
    settings = Settings(**options, limits=Limits(max_query, max_body, max_parameters))
    try:
        from emulator.serving import with_token

        settings = with_token(settings)
        listener = _listen(settings.host, settings.port)
        world = _open(settings)
        _greet(settings, world, listener)
        _run(settings, world, listener)
    except KeyboardInterrupt:
        raise SystemExit(_INTERRUPTED) from None


def _listen(host: str, port: int) -> socket.socket:
    from emulator.serving import listen

    try:
        return listen(host, port)
    except OSError as error:
        raise click.ClickException(
            f"cannot listen on {host}, port {port}: {error.strerror}; choose with --host and --port (0: a free one)"
        ) from error


def _open(settings: Settings) -> World:
    try:
        if settings.devices < _SHOW_PROGRESS_FROM:
            return open_world(settings, SystemClock())
        with click.progressbar(length=settings.devices, label="making devices", file=sys.stderr) as bar:
            return open_world(settings, SystemClock(), bar.update)
    except (DatabaseError, FixtureError) as error:
        raise click.ClickException(str(error)) from error


def _greet(settings: Settings, world: World, listener: socket.socket) -> None:
    from emulator.serving import url

    endpoint = url(settings.host, listener)
    kept = "" if world.is_new else " with the world it holds"
    how = f"auth {settings.auth}, profile {settings.profile}, database {settings.database or 'in memory'}{kept}"
    click.echo(f"bm-emulator {__version__} listens on {endpoint}{PATH} ({how})")
    credential = first_credential(world)
    if credential is None:
        click.echo("No account has a credential: only --auth off could call.")
        return
    click.echo(f"SecretId   {credential.secret_id}")
    click.echo(f"SecretKey  {credential.secret_key}")
    words = [sys.argv[0], "call"]
    device = first_device(world, credential.account_id)
    reachable = device and find_vpn_account(world, credential.account_id)
    words += ["GetDeviceOutBandInfo", f"instanceId={device}"] if reachable else ["GetUserCmdList"]
    if endpoint != DEFAULT_ENDPOINT:
        words += ["--endpoint", endpoint]
    if credential[:2] != demo_key_pair():
        words += ["--secret-id", credential.secret_id, "--secret-key", credential.secret_key]
    click.echo(f"Try it     {' '.join(words)}")
    if settings.control_token:
        click.echo(f"Control    {settings.control_token}  (the token that {PREFIX}/ wants)")


def _run(settings: Settings, world: World, listener: socket.socket) -> None:
    from emulator.serving import server

    app = create_app(settings, world=world)
    gc.freeze()  # what is here now stays: the collector need not look at it
    gc.enable()
    server(app).run(sockets=[listener])
