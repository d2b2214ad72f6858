"""Options that several commands share."""

from collections.abc import Callable
from typing import Any, TypeVar, get_args

import click

from emulator.cli.groups import Choice, Number, Whole
from emulator.gateway.answer import Profile
from emulator.gateway.authentication import Mode
from emulator.gateway.region import RegionMode
from emulator.settings import DEMO, MOST_DEVICES, Settings

F = TypeVar("F", bound=Callable[..., Any])
DEFAULT_PORT = Settings.port
DEFAULT_ENDPOINT = f"http://127.0.0.1:{DEFAULT_PORT}"
DEFAULT_PROXY_PORT = 8388


def option(*names: str, **settings: Any) -> Callable[[F], F]:
    """An option that can also be set by an environment variable `BM_EMULATOR_…`, which its help names."""
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
        help="Bundled name or TOML/JSON file: content and credentials of an empty world. Repeatable; replaces demo.",
    )(command)


def client_options(command: F) -> F:
    """Options for the key pair of a call."""
    secret_id = option("--secret-id", help="Default: the SecretId of the demo world.", default=None)
    secret_key = option("--secret-key", help="Default: looked up in the demo fixture.", default=None)
    return secret_id(secret_key(command))


def endpoint_option(command: F) -> F:
    return option(
        "--endpoint", default=DEFAULT_ENDPOINT, type=http_url, metavar="URL", help="Where the emulator listens."
    )(command)


def http_url(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise click.BadParameter(f"{text} is no http:// or https:// address")
    return text


def control_options(command: F) -> F:
    """Options for the emulator that a command drives."""
    token = option("--control-token", default=None, help="The token that the emulator printed at its start, if any.")
    return endpoint_option(token(command))


def ca_dir_option(command: F) -> F:
    help_text = "Where the certificate authority is kept. Default: the user's data folder."
    return option("--ca-dir", metavar="FOLDER", help=help_text)(command)


def world_options(command: F) -> F:
    """Options for the content of the default world, and for how it answers."""
    for decorate in reversed(_WORLD_OPTIONS):
        command = decorate(command)
    return command


_WORLD_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    option("--database", metavar="FILE", help="SQLite file or sqlite:/// URL. Default: in memory."),
    option("--catalogue", metavar="FOLDER", help="Regions, device classes, prices. Default: the bundled ones."),
    option(
        "--devices",
        default=0,
        type=Whole(0, MOST_DEVICES),
        help="Add this many generated devices to the first account of an empty world.",
    ),
    option("--seed", default=Settings.seed, help="The same seed makes the same devices, ids and durations."),
    option(
        "--auth",
        default=Settings.auth,
        type=Choice(get_args(Mode)),
        help="strict refuses a wrong signature, warn only explains it, off checks nothing.",
    ),
    option(
        "--profile",
        default=Settings.profile,
        type=Choice(get_args(Profile)),
        help="Answer as the documentation prints it, or as the live service was observed to.",
    ),
    option(
        "--region",
        default=None,
        type=Choice(get_args(RegionMode)),
        help="Of an unknown Region or another one's server: note tells, check refuses the first, scope hides the "
        "second too. Default: note, or check if observed.",
    ),
    option(
        "--time-scale",
        default=Settings.time_scale,
        type=Number(0),
        help="Duration of tasks: 1 = as the real ones (minutes), 0 = instant; the default gives seconds.",
    ),
)


def world_argument(command: F) -> F:
    """The world that a command of `bm-emulator world` is about. Goes above the command's other arguments."""
    return click.argument("world", metavar="WORLD")(command)


def world_option(command: F) -> F:
    return option("--world", default="default", metavar="NAME", help="The world to work in.")(command)
