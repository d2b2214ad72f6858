"""The emulator, and the world of it, that a command drives. Answers are printed as JSON."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar

import click

from emulator.cli.options import control_options, world_option
from emulator.testing.driver import ControlError, Driver, over_socket, path_segment

F = TypeVar("F", bound=Callable[..., Any])


class Target:
    """The control interface of an emulator. An error of it ends the command with one line."""

    def __init__(self, endpoint: str, token: str | None, world: str = "") -> None:
        self._driver = Driver(over_socket(endpoint), token)
        self._endpoint = endpoint
        self._world = world

    def ask(self, method: str, path: str, body: Any = None, query: dict[str, Any] | None = None) -> Any:
        with one_line_errors(self._endpoint):
            return self._driver.ask(method, path, body, query)

    def ask_world(self, method: str, path: str, body: Any = None, query: dict[str, Any] | None = None) -> Any:
        """Ask for what lies below the world's own path."""
        return self.ask(method, f"/worlds/{path_segment(self._world)}{path}", body, query)

    def ask_text(self, path: str, query: dict[str, Any] | None = None) -> str:
        """Get what lies below the world's own path, where it is no JSON."""
        with one_line_errors(self._endpoint):
            return self._driver.ask_text("GET", f"/worlds/{path_segment(self._world)}{path}", query)


@contextmanager
def one_line_errors(endpoint: str) -> Iterator[None]:
    """End the command with one line and exit code 1 where the emulator refuses or cannot be reached."""
    try:
        yield
    except ControlError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        refused = isinstance(error.__cause__, ConnectionRefusedError)
        message = f"{error}; is `bm-emulator serve` running?" if refused else str(error)
        raise click.ClickException(message) from error
    except ValueError as error:
        message = f"{endpoint} does not answer as an emulator does; is it one? (--endpoint)"
        raise click.ClickException(message) from error


def with_target(command: F) -> F:
    """Decorator: adds --endpoint and --control-token, and passes the command a Target made from them.

    An option or argument `world` of the command names the target's world.
    """

    @wraps(command)
    def run(*, endpoint: str, control_token: str | None, world: str = "", **rest: Any) -> None:
        command(Target(endpoint, control_token, world), **rest)

    wrapped: Any = control_options(run)
    return wrapped  # type: ignore[no-any-return]


def with_world(command: F) -> F:
    """Decorator: with_target, and the option --world for the target's world."""
    return with_target(world_option(command))


def print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
