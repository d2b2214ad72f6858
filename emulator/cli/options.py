"""Options that several commands share, and the errors that end a command: one clear line, exit code 1 or 2."""

from collections.abc import Callable
from typing import Any, TypeVar, get_args

import click

from emulator.gateway.answer import Profile
from emulator.gateway.authentication import Mode
from emulator.settings import DEMO, MOST_DEVICES, Settings

F = TypeVar("F", bound=Callable[..., Any])
DEFAULT_ENDPOINT = "http://127.0.0.1:8386"
DEFAULT_PROXY_PORT = 8388


def option(*names: str, **settings: Any) -> Callable[[F], F]:
    """A flag that is a `BM_EMULATOR_…` variable too, as its help says."""
    long = next(name for name in names if name.startswith("--"))
    variable = "BM_EMULATOR_" + long.lstrip("-").upper().replace("-", "_")
    return click.option(*names, envvar=variable, show_envvar=True, show_default=True, **settings)


def fixture_option(command: F) -> F:
    return option(
        "--fixture",
        "fixtures",
        multiple=True,
        default=(DEMO,),
        type=click.Path(),
        help="TOML or JSON, repeatable: what an empty world is filled from, with its credentials.",
    )(command)


def client_options(command: F) -> F:
    """Who calls."""
    secret_id = option("--secret-id", help="Left out: the demo world's.", default=None)
    secret_key = option("--secret-key", help="Left out: looked up in the fixtures.", default=None)
    return secret_id(secret_key(command))


def endpoint_option(command: F) -> F:
    return option(
        "--endpoint", default=DEFAULT_ENDPOINT, type=_http_url, metavar="URL", help="Where the emulator listens."
    )(command)


def _http_url(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise click.BadParameter(f"{text} is no http:// or https:// address")
    return text


def control_options(command: F) -> F:
    """Which emulator is driven, and by what right."""
    token = option("--control-token", default=None, help="What the emulator printed at its start, if it wants one.")
    return endpoint_option(token(command))


def ca_dir_option(command: F) -> F:
    return option(
        "--ca-dir", metavar="FOLDER", help="Where the certificate authority is kept; the user's data if left out."
    )(command)


def world_options(command: F) -> F:
    """What the default world is like, and how it answers."""
    for decorate in reversed(_WORLD_OPTIONS):
        command = decorate(command)
    return command


_WORLD_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    option("--database", metavar="FILE", help="SQLite file or sqlite:/// URL; in memory if left out."),
    option("--catalogue", metavar="FOLDER", help="What there is to buy and where; the bundled one if left out."),
    option(
        "--devices", default=0, type=click.IntRange(0, MOST_DEVICES), help="Fill an empty world with so many devices."
    ),
    option("--seed", default=Settings.seed, help="The same seed makes the same world."),
    option("--auth", default=Settings.auth, type=click.Choice(get_args(Mode)), help="How signatures are checked."),
    option(
        "--profile",
        default=Settings.profile,
        type=click.Choice(get_args(Profile)),
        help="Answer as the pages print it, or as the live service was seen to.",
    ),
    option(
        "--time-scale",
        default=Settings.time_scale,
        type=click.FloatRange(0),
        help="How long tasks take: 1 as long as the real ones, 0 no time.",
    ),
)


def world_argument(command: F) -> F:
    """The world that a command of `bm-emulator world` is about. Goes above the command's other arguments."""
    return click.argument("world", metavar="WORLD")(command)


def world_option(command: F) -> F:
    return option("--world", default="default", metavar="NAME", help="Which world.")(command)
