"""`bm-emulator run`: a program against an emulator of its own."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import COMMAND
from support.commands import CLEAN, Done, run


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("c a")  # a space needs quoting


def emulated(ca: Path, *words: str, options: tuple[str, ...] = ()) -> Done:
    return run(COMMAND, "run", "--ca-dir", str(ca), *options, "--", *words)


@pytest.mark.parametrize(("script", "code"), [("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 137)])
def test_run_passes_the_exit_code_on(ca: Path, script: str, code: int) -> None:
    assert emulated(ca, "sh", "-c", script).returncode == code


def test_run_passes_words_and_output_through(ca: Path) -> None:
    done = emulated(ca, "printf", "%s|", "a b", "--help", "-c")
    assert (done.stdout, done.returncode) == ("a b|--help|-c|", 0)


def test_run_tells_a_command_that_is_not_there(ca: Path, tmp_path: Path) -> None:
    done = emulated(ca, "no-such-command")
    assert (done.returncode, "cannot run no-such-command" in done.stderr) == (127, True)
    file = tmp_path / "file"
    file.write_text("x", encoding="utf-8")
    assert emulated(ca, str(file)).returncode == 126


def test_run_needs_a_command(ca: Path) -> None:
    assert emulated(ca).returncode == 2


def test_run_tells_what_was_called_and_writes_the_journal(ca: Path, tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    call = f"{COMMAND} call GetUserCmdList limit=1; {COMMAND} call GetUserCmdList limit=many"
    done = emulated(ca, "sh", "-c", call, options=("--journal-file", str(journal)))
    assert "bm-emulator: 2 calls\n" in done.stderr
    assert "1  GetUserCmdList: 0\n" in done.stderr
    assert "1  GetUserCmdList: 10001\n" in done.stderr
    assert "limit: 'many' is no whole number" in done.stderr
    assert [json.loads(line)["action"] for line in journal.read_text().splitlines()] == ["GetUserCmdList"] * 2


def test_run_keeps_other_hosts_away_and_other_https_trusted(ca: Path) -> None:
    done = emulated(ca, "curl", "-sS", "https://example.com/")
    assert done.returncode != 0
    assert "example.com is none of the emulated hosts" in done.stderr
    trusted = emulated(ca, sys.executable, "-c", "import ssl; print(len(ssl.create_default_context().get_ca_certs()))")
    assert int(trusted.stdout) > 50


@pytest.mark.parametrize(("how", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 0)])
def test_run_hands_signals_on_and_waits_for_the_command(ca: Path, how: signal.Signals, code: int) -> None:
    """An interrupt comes to the command from the terminal; here it does not, and so the command ends by itself."""
    process = subprocess.Popen(
        [COMMAND, "run", "--ca-dir", str(ca), "--", "sh", "-c", "echo up; sleep 2 & wait $!"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=CLEAN,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    process.send_signal(how)
    _out, errors = process.communicate(timeout=20)
    assert process.returncode == code
    assert "Traceback" not in errors


def test_run_takes_a_world_as_serve_does(ca: Path) -> None:
    done = emulated(ca, COMMAND, "call", "DescribeDevice", "limit=1", options=("--fixture", "empty", "--devices", "7"))
    assert '"totalNum": 7' in done.stdout


def test_run_counts_in_the_order_of_the_calls_and_in_words_that_agree(ca: Path) -> None:
    once = emulated(ca, COMMAND, "call", "GetUserCmdList")
    assert "bm-emulator: 1 call\n" in once.stderr
    calls = "; ".join(f"{COMMAND} call {action}" for action in ("GetUserCmdList", "DescribeRegions", "GetUserCmdList"))
    told = emulated(ca, "sh", "-c", calls).stderr
    assert "bm-emulator: 3 calls\n      2  GetUserCmdList: 0\n      1  DescribeRegions: 0\n" in told


def test_run_says_what_to_check_when_there_was_no_call(ca: Path) -> None:
    told = emulated(ca, "true").stderr
    assert "bm-emulator: 0 calls\n  The command called none of the API's hosts" in told
    assert "takes its proxy from the environment" in told
    assert "--isolated" in told
    assert "Check that" not in emulated(ca, "no-such-command").stderr


def test_run_tells_the_calls_of_a_command_that_ends_as_if_it_were_not_there(ca: Path) -> None:
    done = emulated(ca, "sh", "-c", f"{COMMAND} call GetUserCmdList; exit 127")
    assert (done.returncode, "bm-emulator: 1 call\n" in done.stderr) == (127, True)


def test_a_journal_that_cannot_be_written_is_told(ca: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "none" / "journal.jsonl"
    done = emulated(ca, "true", options=("--journal-file", str(nowhere)))
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == f"Error: cannot write {nowhere}: no such file or directory"
