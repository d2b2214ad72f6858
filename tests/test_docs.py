"""What the README and the pages of docs/ claim is true; what is generated is fresh."""

import inspect
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import click
import pytest
from click.testing import CliRunner
from conftest import COMMAND, MakeApi, Server
from support import fidelity, reference
from support.client import Api
from support.commands import run
from support.examples import pages, shape
from support.pages import PAGES, ROOT, blocks, lines, table, tables
from test_run_isolated import TRIAL
from test_unmodified_clients import NODE_MODULES

from emulator import contract
from emulator.app import open_world
from emulator.call import Call
from emulator.chapters import BEHAVIOURS
from emulator.chapters.vpc.records.networks import VPCS
from emulator.cli import main
from emulator.cli.serve import serve as serve_command
from emulator.clock import ManualClock
from emulator.settings import Settings
from emulator.testing import Emulator, WorldClient
from emulator.testing.clock_client import Clock
from emulator.testing.emulator_client import EmulatorClient
from emulator.testing.fault_client import Fault, Faults, Incidents
from emulator.testing.inventory_client import Inventory
from emulator.testing.journal_client import Journal
from emulator.testing.outcome_client import Outcome, Outcomes
from emulator.world.work import Kind, Piece, begin_task, settle

CLIENTS, TESTING, ARCHITECTURE = "docs/clients.md", "docs/testing.md", "docs/architecture.md"
DRIVING = "world|clock|inventory|stock|fault|incident|journal"
RUNNABLE = lines("bm-emulator (actions|call|schema|sign)")
DRIVEN = lines(f"bm-emulator ({DRIVING})")
LED = list(dict.fromkeys(lines("bm-emulator run ")))
HANDLES = {
    "emulator": EmulatorClient,
    "world": WorldClient,
    "clock": Clock,
    "faults": Faults,
    "fault": Fault,
    "incidents": Incidents,
    "journal": Journal,
    "inventory": Inventory,
    "outcomes": Outcomes,
    "outcome": Outcome,
}
"""What the tables of testing.md call the objects of emulator.testing."""


def test_the_reference_is_fresh() -> None:
    if PAGES["docs/reference.md"] != reference.page():
        pytest.fail(f"docs/reference.md is not what the code says now; run: {reference.COMMAND}", pytrace=False)


def test_the_choices_are_fresh() -> None:
    if PAGES["docs/fidelity.md"] != fidelity.page(PAGES["docs/fidelity.md"]):
        pytest.fail(f"docs/fidelity.md is not what the docstrings say now; run: {fidelity.COMMAND}", pytrace=False)


def test_every_program_is_run_by_a_test() -> None:
    assert {page: len(blocks("python", page)) for page in PAGES if blocks("python", page)} == {
        "README.md": 1,
        "docs/README.zh-CN.md": 1,  # the same one
        CLIENTS: 3,
        TESTING: 4,
        ARCHITECTURE: 1,
    }


@pytest.mark.socket
def test_the_programs_run(serve: Callable[..., Server]) -> None:
    """The second goes on where the first ended."""
    program, story = blocks("python", CLIENTS)[:2]
    text = f"{program}\nprint('---')\n{story}".replace("http://127.0.0.1:8386", serve("--time-scale", "0.002").endpoint)
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 0, done.stderr
    told, _, story_told = done.stdout.partition("---\n")
    assert "'username': 'albert'" in told
    assert re.search(r"sdfrfdw 0 \[root@10.10.1.8 ~\]# ./cmd-nozcbhuw.sh\nhello\n", told)
    assert re.search(r"sdfrfss 0 \[root@10.10.1.7 ~\]# ./cmd-nozcbhuw.sh\nhello\n", told)
    told_lines = story_told.splitlines()
    assert told_lines[0].startswith("100.96.0.")
    assert told_lines[1:4] == ["{'message': '', 'code': 0}", "2 of 2 succeeded", "1 is success"]
    assert [line.split()[2:] for line in told_lines[4:6]] == [["重装系统", "1"], ["关机", "1"]]
    assert told_lines[6:] == ["0 in the recycle bin"]


def test_the_tests_of_a_client_pass_side_by_side(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(pytester.path))
    first, settings, second = blocks("python", TESTING)[:3]
    pytester.makeconftest(settings)
    pytester.makepyfile(test_a=first, test_b=second)
    done = pytester.runpytest_subprocess("-p", "no:randomly", "-p", "no:schemathesis", "-W", "error")
    done.assert_outcomes(passed=4)


@pytest.mark.socket
@pytest.mark.parametrize("line", LED)
def test_the_unmodified_clients_run(line: str, tmp_path: Path) -> None:
    """In a home of its own, with the programs that the page shows."""
    (tmp_path / "servers.py").write_text(blocks("python", CLIENTS)[2], encoding="utf-8")
    (tmp_path / "servers.js").write_text(blocks("js", CLIENTS)[0], encoding="utf-8")
    (tmp_path / ".qcloudcli").mkdir()
    for name, text in zip(("credentials", "configure"), blocks("ini", CLIENTS), strict=True):
        (tmp_path / ".qcloudcli" / name).write_text(text, encoding="utf-8")
    bin_ = Path(sys.executable).parent
    env = {**os.environ, "HOME": str(tmp_path), "PATH": f"{bin_}:{os.environ['PATH']}", "NODE_PATH": str(NODE_MODULES)}
    program = shlex.split(line.partition(" -- ")[2])[0]
    if shutil.which(program, path=env["PATH"]) is None or (program == "node" and not NODE_MODULES.is_dir()):
        pytest.skip(f"needs {program}")
    if "--isolated" in line and run(*TRIAL).returncode != 0:
        pytest.skip("this system allows no user namespaces")
    done = subprocess.run(
        shlex.split(line), capture_output=True, text=True, timeout=60, check=False, env=env, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert ("regionId" if program == "curl" else "web-1") in done.stdout, done.stdout + done.stderr


def test_all_the_unmodified_clients_are_shown() -> None:
    programs = [shlex.split(line.partition(" -- ")[2])[0] for line in LED]
    assert programs == ["curl", "qcloudcli", "python3", "node", "curl"]


@pytest.mark.socket
def test_the_shell_is_led_there_and_back(tmp_path: Path) -> None:
    [story] = [block for block in blocks("sh") if "--unset" in block]
    port, proxy = free_port(), free_port()
    script = story.replace(
        "--proxy-port 8388 --auth off &", f"--port {port} --proxy-port {proxy} --auth off & sleep 1.5"
    )
    script = script.replace("bm-emulator env)", f"bm-emulator env --proxy-port {proxy} --port {port})")
    script = script.replace("bm-emulator doctor", f"bm-emulator doctor --endpoint http://127.0.0.1:{port}")
    env = {**os.environ, "HOME": str(tmp_path), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    script = f'set -eu\n{script}\necho "[${{https_proxy-unset}}]"\nkill %1 || kill $!\n'
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, check=False, env=env)
    assert '"code":0' in done.stdout, done.stdout + done.stderr
    assert "WRONG" not in done.stdout
    assert "leads to an emulator by the proxy" in done.stdout
    assert f"[{os.environ.get('https_proxy', 'unset')}]" in done.stdout


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def test_the_script_without_pytest_runs() -> None:
    done = subprocess.run(
        [sys.executable, "-c", blocks("python", TESTING)[3]], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"http://127.0.0.1:\d+ AKID\w+ 3\n0\n0\n", done.stdout)


def test_the_commands_that_drive_an_emulator_run_one_after_the_other(bm_emulator: Emulator) -> None:
    assert len(DRIVEN) == 10
    for line in DRIVEN:
        done = CliRunner().invoke(main, [*shlex.split(line)[1:], "--endpoint", bm_emulator.url])
        assert done.exit_code == 0, done.output


@pytest.mark.socket
@pytest.mark.parametrize("line", RUNNABLE)
def test_the_other_command_lines_run(serve: Callable[..., Server], line: str) -> None:
    words = shlex.split(line, comments=True)
    where = ["--endpoint", serve().endpoint] if words[1] == "call" else []
    done = subprocess.run([COMMAND, *words[1:], *where], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr


def test_every_verb_of_the_tables_exists_in_python_and_as_a_command() -> None:
    verbs = [row for head, *body in tables(TESTING) if head[0] == "Python" for row in body]
    assert len(verbs) > 30
    for in_python, by_hand, _meaning in verbs:
        handle, _, name = in_python.strip("`").removesuffix("()").partition(".")
        attribute = inspect.getattr_static(HANDLES[handle], name)
        assert callable(attribute) == in_python.endswith("()`"), in_python
        if by_hand:
            assert CliRunner().invoke(main, [*by_hand.strip("`").split(), "--help"]).exit_code == 0, by_hand


def test_the_fixture_loads_and_does_what_is_said(make_api: MakeApi) -> None:
    [fixture] = [block for block in blocks("toml") if "[[accounts]]" in block]
    api = Api(make_api(fixture).http, "AKIDexample", "example")
    codes = [api.call("GetDeviceOutBandInfo", instanceId="cpm-aaaaaaaa")["code"] for _ in range(3)]
    assert codes == [10100, 10100, 10106]


def test_the_work_of_the_architecture_page_begins_and_ends() -> None:
    clock = ManualClock(1_508_464_800_000)
    world = open_world(Settings(time_scale=1), clock)
    vpc, *_ = VPCS.every(world)
    call = Call(vpc.account_id, "", {}, world, clock.now(), may_begin=True)
    names = {"Kind": Kind, "Piece": Piece, "begin_task": begin_task, "VPCS": VPCS}
    [program] = blocks("python", ARCHITECTURE)
    with world.transaction:
        exec(program, {**names, "call": call, "vpc": vpc, "mode": "exclusive"})
        assert settle(world, clock.now() + 29_000) == 0
        assert settle(world, clock.now() + 61_000) == 1
    assert VPCS.every(world)[0].tgw_mode == "exclusive"
    world.close()


def test_the_action_of_the_architecture_page_answers_as_its_page_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    [shown] = re.findall(r"^   ```python\n(.*?)^   ```$", PAGES[ARCHITECTURE], flags=re.DOTALL | re.MULTILINE)
    key = ("bmeip", "DescribeEipBmQuota")
    monkeypatch.setitem(BEHAVIOURS, key, lambda _call: {})  # undone in the end, whatever the page declares
    del BEHAVIOURS[key]
    exec(textwrap.dedent(shown), {})
    [page] = [page for page in pages() if page.action == key[1]]
    assert shape({"code": 0, "message": "", "codeDesc": "", **BEHAVIOURS[key](None)}) == shape(
        page.examples[0]["response"]
    )
    [action] = [action for action in contract.load() if (action.module, action.name) == key]
    assert f"({action.page})" in (BEHAVIOURS[key].__doc__ or "")


def test_every_option_is_in_the_table_with_its_default() -> None:
    told = {row[0].strip("`"): row[2].strip("`") for row in table("docs/reference.md", "option")}
    options = [option for option in serve_command.params if isinstance(option, click.Option)]
    assert list(told) == [option.opts[0] for option in options if option.name != "help"]
    for option in options:
        default = option.default[0] if isinstance(option.default, tuple) else option.default
        named = {"database": "in memory", "catalogue": "bundled", "incidents": "bundled", "ca_dir": "the user's data"}
        named["region"] = "note"
        named |= dict.fromkeys(("control_token", "https_port", "max_connections", "proxy_port"), "none")
        expected = "off" if option.is_flag else named.get(str(option.name), str(default))
        assert told[option.opts[0]] == expected
        assert option.envvar == f"BM_EMULATOR_{option.opts[0][2:].upper().replace('-', '_')}"


def options_of(command: click.Command) -> set[str]:
    """Those of its subcommands among them."""
    known = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    if isinstance(command, click.Group):
        context = click.Context(command)
        found = (command.get_command(context, name) for name in command.list_commands(context))
        known = known.union(*(options_of(sub) for sub in found if sub is not None))
    return known


def test_every_option_that_is_named_exists() -> None:
    named = {word for text in PAGES.values() for word in re.findall(r"`(?:[\w-]+ )*(--[a-z-]+)", text)}
    assert len(named) > 20
    assert named - options_of(main) == {"--help"}


def test_every_file_that_is_named_exists() -> None:
    text = "\n".join(PAGES.values())
    checks = re.findall(r"`(tests/[\w/]+\.py)`", text)
    assert len(checks) > 7
    named = [*checks, *re.findall(r"\b((?:tests|emulator|fixtures)/[\w/-]+(?:\.\w+|/))", text)]
    assert [name for name in named if not (ROOT / name).exists() and name not in files_to_write()] == []


def files_to_write() -> set[str]:
    """The files that the reader of "Add an action" writes, while the chapter of the example has no folder."""
    if (ROOT / "emulator/chapters/eip/actions.py").exists():
        return set()
    return {"emulator/chapters/eip/actions.py", "tests/chapters/eip/cases.py"}


def test_every_file_that_the_code_names_exists() -> None:
    """In comments, docstrings and fixtures: a name of a Python file, with or without its folders."""
    files = [path for folder in ("emulator", "fixtures") for path in (ROOT / folder).rglob("*.*")]
    exist = [f"/{path.relative_to(ROOT)}" for path in files]
    texts = {path: path.read_text(encoding="utf-8") for path in files if path.suffix in (".py", ".toml")}
    assert len(texts) > 100
    for path, text in texts.items():
        for name in re.findall(r"[\w/]*\w\.py\b", text):
            own = name == "conftest.py"  # of a client's suite
            assert own or any(file.endswith(f"/{name}") for file in exist), f"{path} names {name}"


def anchors(page: str) -> set[str]:
    """As GitHub makes them of headings."""
    prose = re.sub(r"^```.*?^```$", "", PAGES[page], flags=re.DOTALL | re.MULTILINE)
    headings = re.findall(r"^#+ (.+)$", prose, flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", PAGES[page]):
        if link.startswith("https://github.com/tencentyun/qcloud-documents/"):
            continue
        path, _, anchor = link.partition("#")
        target = (ROOT / page).parent / unquote(path) if path else ROOT / page
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(os.path.relpath(target, ROOT)), link


@pytest.mark.parametrize("page", [page for page in PAGES if page != ARCHITECTURE])
def test_cells_are_short(page: str) -> None:
    prose = [cell for rows in tables(page) for row in rows for cell in row if not re.search(r"`tests/|\]\(", cell)]
    assert [cell for cell in prose if len(cell.split()) > 12] == []


def test_every_room_that_is_named_exists_and_every_one_that_exists_is_named() -> None:
    rooms = {path.name for path in (ROOT / "emulator").iterdir() if path.is_dir() and path.name != "__pycache__"}
    named = {cell for row in table(ARCHITECTURE, "room") for cell in re.findall(r"`(?:emulator/)?([\w.]+)/?`", row[0])}
    assert rooms | {path.name for path in (ROOT / "emulator").glob("[!_]*.py")} == named


def test_the_undocumented_actions_are_named() -> None:
    undocumented = {action.name for action in contract.load() if action.undocumented}
    [told] = re.findall(r"^Undocumented actions.*?\.$", PAGES["docs/fidelity.md"], flags=re.DOTALL | re.MULTILINE)
    assert undocumented == {name for name in re.findall(r"\w+", told) if name in undocumented}
    assert len(undocumented) == 10


def test_the_figures_of_the_benchmark_are_quoted() -> None:
    text = PAGES["docs/benchmarks.md"]
    assert re.search(r"^ratio +0\.(4[5-9]|[5-9]\d)$", text, flags=re.MULTILINE)
    told = re.search(r"plain ones, of one server: (\S+) against\n(\S+) requests/s, a ratio of (0\.\d\d)", text)
    assert told
    secured, plain = (int(number.replace(",", "")) for number in told.groups()[:2])
    assert abs(secured / plain - float(told[3])) < 0.03
    assert float(told[3]) >= 0.75
