"""Options that several commands share, and the errors that end a command: one clear line, exit code 1 or 2."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from emulator.settings import DEMO

F = TypeVar("F", bound=Callable[..., Any])
DEFAULT_ENDPOINT = "http://127.0.0.1:8386"


def option(*names: str, **settings: Any) -> Callable[[F], F]:  # noqa: ANN401
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
    return option("--endpoint", default=DEFAULT_ENDPOINT, metavar="URL", help="Where the emulator listens.")(command)


def control_options(command: F) -> F:
    """Which emulator is driven, and by what right."""
    token = option("--control-token", default=None, help="What the emulator printed at its start, if it wants one.")
    return endpoint_option(token(command))


def world_option(command: F) -> F:
    return option("--world", default="default", metavar="NAME", help="Which world.")(command)
