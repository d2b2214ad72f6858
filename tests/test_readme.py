"""What the README claims is true."""

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from conftest import COMMAND, MakeApi, Server
from support.client import SECRET_ID, SECRET_KEY, Api
from test_unmodified_clients import NODE_MODULES

from emulator import contract
from emulator.chapters import BEHAVIOURS
from emulator.cli import main
from emulator.cli.serve import serve as serve_command
from emulator.testing import Emulator

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, flags=re.DOTALL | re.MULTILINE)


def table(heading: str) -> list[list[str]]:
    """The rows of the first table under a heading, less its head."""
    section = TEXT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.strip("|").split(" | ") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def test_it_opens_with_the_two_commands() -> None:
    run, test = blocks("sh")[:2]
    assert run == "python3 -m venv .venv && .venv/bin/pip install -q . && .venv/bin/bm-emulator serve\n"
    assert test == "python3 -m venv .venv && .venv/bin/pip install -q '.[test]' && .venv/bin/pytest -q\n"
    assert TEXT.index(test) < 500


def test_continuous_integration_calls_the_test_command() -> None:
    assert blocks("sh")[1] in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.socket
def test_its_programs_run(serve: Callable[..., Server]) -> None:
    """The second goes on where the first ended."""
    program, story = blocks("python")[:2]
    text = f"{program}\nprint('---')\n{story}".replace("http://127.0.0.1:8386", serve("--time-scale", "0.002").endpoint)
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 0, done.stderr
    told, _, story_told = done.stdout.partition("---\n")
    assert "'username': 'albert'" in told
    assert re.search(r"sdfrfdw 0 \[root@10.10.1.8 ~\]# ./cmd-nozcbhuw.sh\nhello\n", told)
    assert re.search(r"sdfrfss 0 \[root@10.10.1.7 ~\]# ./cmd-nozcbhuw.sh\nhello\n", told)
    lines = story_told.splitlines()
    assert lines[0].startswith("100.96.0.")
    assert lines[1:4] == ["{'message': '', 'code': 0}", "2 of 2 succeeded", "1 is success"]
    assert [line.split()[2:] for line in lines[4:6]] == [["重装系统", "1"], ["关机", "1"]]
    assert lines[6:] == ["0 in the recycle bin"]


DRIVING = "world|clock|inventory|fault|incident|journal"
RUNNABLE = [line for block in blocks("sh") for line in block.splitlines() if re.match("bm-emulator (call|sign)", line)]
DRIVEN = [line for block in blocks("sh") for line in block.splitlines() if re.match(f"bm-emulator ({DRIVING})", line)]


def test_its_tests_of_a_client_pass(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(blocks("python")[2])
    done = pytester.runpytest_subprocess("-p", "no:randomly", "-p", "no:schemathesis", "-W", "error")
    done.assert_outcomes(passed=3)


LED = [line for block in blocks("sh") for line in block.splitlines() if line.startswith("bm-emulator run ")]


@pytest.mark.socket
@pytest.mark.parametrize("line", LED)
def test_its_unmodified_clients_run(line: str, tmp_path: Path) -> None:
    """In a home of its own, with the programs that the page shows."""
    (tmp_path / "servers.py").write_text(blocks("python")[4], encoding="utf-8")
    (tmp_path / "servers.js").write_text(blocks("js")[0], encoding="utf-8")
    (tmp_path / ".qcloudcli").mkdir()
    keys = f"[default]\nqcloud_secretid = {SECRET_ID}\nqcloud_secretkey = {SECRET_KEY}\n"
    (tmp_path / ".qcloudcli" / "credentials").write_text(keys, encoding="utf-8")
    (tmp_path / ".qcloudcli" / "configure").write_text("[default]\nregion = gz\n", encoding="utf-8")
    bin_ = Path(sys.executable).parent
    env = {**os.environ, "HOME": str(tmp_path), "PATH": f"{bin_}:{os.environ['PATH']}", "NODE_PATH": str(NODE_MODULES)}
    program = shlex.split(line.partition(" -- ")[2])[0]
    if shutil.which(program, path=env["PATH"]) is None or (program == "node" and not NODE_MODULES.is_dir()):
        pytest.skip(f"needs {program}")
    done = subprocess.run(
        shlex.split(line), capture_output=True, text=True, timeout=60, check=False, env=env, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert ("regionId" if program == "curl" else "web-1") in done.stdout, done.stdout + done.stderr


@pytest.mark.socket
def test_its_shell_is_led_there_and_back(tmp_path: Path) -> None:
    [story] = [block for block in blocks("sh") if "--unset" in block]
    port, proxy = free_port(), free_port()
    script = story.replace("serve --proxy-port 8388 &", f"serve --port {port} --proxy-port {proxy} & sleep 1.5")
    script = script.replace("bm-emulator env)", f"bm-emulator env --proxy-port {proxy})")
    script = script.replace("bm-emulator doctor", f"bm-emulator doctor --endpoint http://127.0.0.1:{port}")
    env = {**os.environ, "HOME": str(tmp_path), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    script = f'set -eu\n{script}\necho "[${{https_proxy-unset}}]"\nkill %1 || kill $!\n'
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, check=False, env=env)
    assert '"code":4000' in done.stdout, done.stdout + done.stderr
    assert "WRONG" not in done.stdout
    assert "leads to an emulator by the proxy" in done.stdout
    assert f"[{os.environ.get('https_proxy', 'unset')}]" in done.stdout


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def test_its_script_without_pytest_runs() -> None:
    done = subprocess.run(
        [sys.executable, "-c", blocks("python")[3]], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"http://127.0.0.1:\d+ AKID\w+ 3\n0\n0\n", done.stdout)


def test_its_commands_that_drive_an_emulator_run_one_after_the_other(bm_emulator: Emulator) -> None:
    assert len(DRIVEN) == 8
    for line in DRIVEN:
        done = CliRunner().invoke(main, [*shlex.split(line)[1:], "--endpoint", bm_emulator.url])
        assert done.exit_code == 0, done.output


@pytest.mark.socket
@pytest.mark.parametrize("line", RUNNABLE)
def test_its_other_command_lines_run(serve: Callable[..., Server], line: str) -> None:
    words = shlex.split(line, comments=True)
    where = ["--endpoint", serve().endpoint] if words[1] == "call" else []
    done = subprocess.run([COMMAND, *words[1:], *where], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr


def test_the_fixture_loads_and_does_what_is_said(make_api: MakeApi) -> None:
    [fixture] = blocks("toml")
    api = Api(make_api(fixture).http, "AKIDexample", "example")
    codes = [api.call("GetDeviceOutBandInfo", instanceId="cpm-aaaaaaaa")["code"] for _ in range(3)]
    assert codes == [10100, 10100, 10106]


def test_every_option_is_in_the_table_with_its_default() -> None:
    told = {row[0].strip("`"): row[1].strip("`") for row in table("Options of `serve`")}
    options = [option for option in serve_command.params if isinstance(option, click.Option)]
    assert list(told) == [option.opts[0] for option in options if option.name != "help"]
    for option in options:
        default = option.default[0] if isinstance(option.default, tuple) else option.default
        named = {"database": "in memory", "catalogue": "bundled", "incidents": "bundled", "ca_dir": "the user's data"}
        named |= dict.fromkeys(("control_token", "https_port", "proxy_port"), "none")
        expected = "off" if option.is_flag else named.get(str(option.name), str(default))
        assert told[option.opts[0]] == expected
        assert option.envvar == f"BM_EMULATOR_{option.opts[0][2:].upper().replace('-', '_')}"


def test_every_check_that_it_names_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)`", TEXT)
    assert len(named) > 7
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_every_room_that_it_names_exists_and_every_one_that_exists_is_named() -> None:
    rooms = {path.name for path in (ROOT / "emulator").iterdir() if path.is_dir() and path.name != "__pycache__"}
    named = {cell for row in table("How it is built") for cell in re.findall(r"`(?:emulator/)?([\w.]+)/?`", row[0])}
    assert rooms | {"app.py", "settings.py", "call.py", "clock.py", "serving.py", "pytest_plugin.py"} == named


def test_its_numbers_of_actions_are_right() -> None:
    documented = [action for action in contract.load() if not action.undocumented]
    implemented = [action for action in documented if (action.module, action.name) in BEHAVIOURS]
    assert len(documented) == 172
    assert f"{len(implemented)} actions are implemented" in TEXT
    assert f"The other {172 - len(implemented)} documented actions answer 6100" in TEXT
    assert len(BEHAVIOURS) - len(implemented) == 6


def test_it_quotes_the_figures_of_the_benchmark() -> None:
    assert re.search(r"^ratio +0\.(4[5-9]|[5-9]\d)$", TEXT, flags=re.MULTILINE)
    told = re.search(r"plain ones, of one server: (\S+) against\n(\S+) requests/s, a ratio of (0\.\d\d)", TEXT)
    assert told
    secured, plain = (int(number.replace(",", "")) for number in told.groups()[:2])
    assert abs(secured / plain - float(told[3])) < 0.03
    assert float(told[3]) >= 0.75
