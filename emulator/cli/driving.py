"""The commands that drive a running emulator have this in common: they print JSON, and end with one clear line."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click

from emulator.cli.options import control_options, world_option
from emulator.testing.driver import ControlError, Driver, over_socket, safe

F = TypeVar("F", bound=Callable[..., Any])


class Target:
    """An emulator, and a world of it."""

    def __init__(self, endpoint: str, token: str | None, world: str) -> None:
        self._driver = Driver(over_socket(endpoint), token)
        self._endpoint = endpoint
        self._world = world

    def ask(self, method: str, path: str, body: Any = None, query: dict[str, Any] | None = None) -> Any:  # noqa: ANN401
        try:
            return self._driver.ask(method, path, body, query)
        except ControlError as error:
            raise click.ClickException(str(error)) from error
        except (OSError, ValueError) as error:
            told = f"no answer from {self._endpoint}: {error}; is `bm-emulator serve` running?"
            raise click.ClickException(told) from error

    def world(self, method: str, path: str, body: Any = None, query: dict[str, Any] | None = None) -> Any:  # noqa: ANN401
        """Below the world's own path."""
        return self.ask(method, f"/worlds/{safe(self._world)}{path}", body, query)


def driving(command: F) -> F:
    """A command that gets a Target first, of the options it then has."""

    @wraps(command)
    def run(*, endpoint: str, control_token: str | None, world: str, **rest: Any) -> None:  # noqa: ANN401
        command(Target(endpoint, control_token, world), **rest)

    wrapped: Any = control_options(world_option(run))
    return wrapped  # type: ignore[no-any-return]


def show(value: Any) -> None:  # noqa: ANN401
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
