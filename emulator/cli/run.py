"""`bm-emulator run`: a program against an emulator of its own."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from emulator.checking.files import reason
from emulator.checking.words import meant
from emulator.cli.env import proxied_environment
from emulator.cli.isolated_process import NOT_EXECUTABLE, NOT_FOUND
from emulator.cli.options import ca_dir_option, fixture_option, option, world_options
from emulator.cli.run_summary import summary
from emulator.https import AuthorityError
from emulator.settings import Settings
from emulator.settings_check import SettingsError
from emulator.testing import Emulator
from emulator.world.catalogue import FixtureError
from emulator.world.database import DatabaseError

Start = Callable[[tuple[str, ...], dict[str, str]], "subprocess.Popen[bytes]"]


@click.command("run", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED, metavar="COMMAND...")
@fixture_option
@world_options
@ca_dir_option
@option("--proxy-passthrough", is_flag=True, help="Let the command reach other hosts than the emulated ones.")
@click.option("--isolated", is_flag=True, help="Let the command reach the emulator and nothing else. Linux only.")
@click.option("--journal-file", type=click.Path(dir_okay=False), help="Write the journal to this file, as JSON lines.")
def run(command: tuple[str, ...], journal_file: str | None, isolated: bool, **options: Any) -> None:
    """Run COMMAND against an emulator of its own, and return the exit code of COMMAND.

    The emulator listens on free ports while COMMAND runs, and COMMAND's HTTP and HTTPS is routed to it by environment
    variables, or with --isolated by the network itself. The key pair is in the variables BM_EMULATOR_SECRET_ID and
    BM_EMULATOR_SECRET_KEY. A summary of the calls is printed on stderr at the end.
    """
    from emulator.https.environment import client_variables
    from emulator.serving import ListenError  # uvicorn takes long to import

    if command[0].startswith("-"):
        known = [name for parameter in run.params for name in parameter.opts if name.startswith("--")]
        raise click.UsageError(f"run has no option {command[0]}{meant(command[0], known)}")
    if journal_file is not None:
        _write(Path(journal_file), "")
    if isolated and options["proxy_passthrough"]:
        raise click.UsageError("--isolated and --proxy-passthrough contradict each other")
    try:
        with Emulator(proxy_port=0, **options) as emulator:
            assert emulator.proxy_url is not None  # noqa: S101
            environment = {**os.environ, **proxied_environment(emulator.proxy_url, Settings(ca_dir=options["ca_dir"]))}
            world = emulator.world
            environment |= client_variables(emulator.url, (world.secret_id, world.secret_key))
            with _starter(emulator, environment, isolated=isolated) as start:
                code = _run(start, command, environment)
            if journal_file is not None:
                _write(Path(journal_file), world.journal.export())
            click.echo(summary(world, started=code not in (NOT_FOUND, NOT_EXECUTABLE), isolated=isolated), err=True)
    except (AuthorityError, DatabaseError, FixtureError, ListenError, OSError, SettingsError) as error:
        raise click.ClickException(str(error)) from error
    raise SystemExit(code)


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"cannot write {file}: {reason(error)}") from error


@contextmanager
def _starter(emulator: Emulator, environment: dict[str, str], *, isolated: bool) -> Iterator[Start]:
    """What starts the command: in the network of this machine, or in one of its own."""
    if not isolated:
        yield lambda command, environment: subprocess.Popen(command, env=environment)  # noqa: S603
        return
    from emulator.cli import isolation

    with isolation.isolated(emulator, Path(environment["SSL_CERT_FILE"])) as found:
        yield found.start


def _run(start: Start, command: tuple[str, ...], environment: dict[str, str]) -> int:
    """Run the command and return its exit code as a shell does. SIGTERM is forwarded to it, SIGINT is ignored here."""
    processes: list[subprocess.Popen[bytes]] = []
    received: list[int] = []

    def forward(number: int, _frame: object) -> None:
        received.append(number)
        for process in processes:
            process.send_signal(number)

    interrupt = signal.signal(signal.SIGINT, lambda _number, _frame: None)  # a terminal sends it to the command too
    terminate = signal.signal(signal.SIGTERM, forward)
    try:
        processes.append(start(command, environment))
        for number in received:  # before the process existed
            processes[0].send_signal(number)
        code = processes[0].wait()
    except FileNotFoundError:
        click.echo(f"Error: cannot run {command[0]}: there is no such command", err=True)
        return NOT_FOUND
    except OSError as error:
        click.echo(f"Error: cannot run {command[0]}: {error.strerror}", err=True)
        return NOT_EXECUTABLE
    finally:
        signal.signal(signal.SIGINT, interrupt)
        signal.signal(signal.SIGTERM, terminate)
    return code if code >= 0 else 128 - code
