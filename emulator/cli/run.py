"""`bm-emulator run`: a program against an emulator of its own."""

import os
import signal
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import click

from emulator.cli.env import proxied_environment
from emulator.cli.options import ca_dir_option, fixture_option, option, world_options
from emulator.https import AuthorityError
from emulator.settings import Settings
from emulator.settings_check import SettingsError
from emulator.testing import Emulator, WorldClient
from emulator.world.catalogue import FixtureError
from emulator.world.database import DatabaseError

_MAX_CALLS = 100_000
_NOT_FOUND = 127
_NOT_EXECUTABLE = 126
_MAX_EXPLANATIONS = 10


@click.command("run", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED, metavar="COMMAND...")
@fixture_option
@world_options
@ca_dir_option
@option("--proxy-passthrough", is_flag=True, help="Let the command reach other hosts than the emulated ones.")
@click.option("--journal-file", type=click.Path(dir_okay=False), help="Write the journal to this file, as JSON lines.")
def run(command: tuple[str, ...], journal_file: str | None, **options: Any) -> None:
    """Run COMMAND against an emulator of its own, and return the exit code of COMMAND.

    The emulator listens on free ports while COMMAND runs, and COMMAND's HTTPS is routed to it. The key pair is in the
    variables BM_EMULATOR_SECRET_ID and BM_EMULATOR_SECRET_KEY. A summary of the calls is printed on stderr at the end.
    """
    from emulator.serving import ListenError  # uvicorn takes long to import

    try:
        with Emulator(proxy_port=0, **options) as emulator:
            assert emulator.proxy_url is not None  # noqa: S101
            environment = {**os.environ, **proxied_environment(emulator.proxy_url, Settings(ca_dir=options["ca_dir"]))}
            world = emulator.world
            environment |= {
                "BM_EMULATOR_ENDPOINT": emulator.url,
                "BM_EMULATOR_SECRET_ID": world.secret_id,
                "BM_EMULATOR_SECRET_KEY": world.secret_key,
            }
            code = _run(command, environment)
            if journal_file is not None:
                Path(journal_file).write_text(world.journal.export(), encoding="utf-8")
            click.echo(_summary(world), err=True)
    except (AuthorityError, DatabaseError, FixtureError, ListenError, OSError, SettingsError) as error:
        raise click.ClickException(str(error)) from error
    raise SystemExit(code)


def _run(command: tuple[str, ...], environment: dict[str, str]) -> int:
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
        processes.append(subprocess.Popen(command, env=environment))  # noqa: S603
        for number in received:  # before the process existed
            processes[0].send_signal(number)
        code = processes[0].wait()
    except FileNotFoundError:
        click.echo(f"Error: cannot run {command[0]}: there is no such command", err=True)
        return _NOT_FOUND
    except OSError as error:
        click.echo(f"Error: cannot run {command[0]}: {error.strerror}", err=True)
        return _NOT_EXECUTABLE
    finally:
        signal.signal(signal.SIGINT, interrupt)
        signal.signal(signal.SIGTERM, terminate)
    return code if code >= 0 else 128 - code


def _summary(world: WorldClient) -> str:
    """How often each action was called with which result, and why calls were refused."""
    calls = world.journal.calls(limit=_MAX_CALLS)
    counted = Counter((call["action"], call["code"]) for call in calls)
    dropped = f", {world.journal.dropped} dropped" if world.journal.dropped else ""
    lines = [f"bm-emulator: {len(calls)} calls{dropped}"]
    for (action, code), number in sorted(counted.items(), key=str):
        lines.append(f"  {number:5}  {action or '(no Action)'}: {'no answer' if code is None else code}")
    explained = [call for call in calls if call["explanation"]]
    lines += [f"  {call['action']}: {'; '.join(call['explanation'])}" for call in explained[:_MAX_EXPLANATIONS]]
    if len(explained) > _MAX_EXPLANATIONS:
        lines.append(f"  and {len(explained) - _MAX_EXPLANATIONS} more explanations")
    return "\n".join(lines)
