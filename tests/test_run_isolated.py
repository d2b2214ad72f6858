"""`bm-emulator run --isolated`: programs that know of no proxy reach the emulator, and nothing else."""

import os
import shutil
import sys
from pathlib import Path

import pytest
from conftest import COMMAND
from support.commands import Done, run

IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
UNPRIVILEGED = ("setpriv", "--bounding-set", "-sys_admin") if IS_ROOT else ()
"""Takes from root what would let it do without a user namespace."""
CALL = "curl -sS --noproxy '*' '{scheme}://bm.api.qcloud.com/v2/index.php?Action=DescribeRegions'"
TRIAL = ("unshare", "--net", "--mount", "--user", "--map-root-user", "true")

pytestmark = [
    pytest.mark.socket,
    pytest.mark.skipif(sys.platform != "linux", reason="needs Linux"),
    pytest.mark.skipif(
        shutil.which("unshare") is None or run(*TRIAL).returncode != 0, reason="this system allows no user namespaces"
    ),
]


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("c a")


def isolated(ca: Path, *words: str, before: tuple[str, ...] = ()) -> Done:
    return run(*before, COMMAND, "run", "--isolated", "--ca-dir", str(ca), "--auth", "off", "--", *words)


@pytest.mark.parametrize("before", [(), UNPRIVILEGED], ids=["as who we are", "without root's rights"])
@pytest.mark.parametrize("scheme", ["https", "http"])
def test_a_program_that_uses_no_proxy_reaches_the_emulator(ca: Path, scheme: str, before: tuple[str, ...]) -> None:
    done = isolated(ca, "sh", "-c", CALL.format(scheme=scheme), before=before)
    assert done.stdout.startswith('{"code":0'), done.stderr
    assert "bm-emulator: 1 call\n      1  DescribeRegions: 0\n" in done.stderr


def test_a_program_that_knows_only_the_systems_bundle_trusts_the_emulator(ca: Path) -> None:
    clean = "unset SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE; "
    done = isolated(ca, "sh", "-c", clean + CALL.format(scheme="https"))
    assert done.stdout.startswith('{"code":0'), done.stderr


def test_it_reaches_nothing_else(ca: Path) -> None:
    interfaces = isolated(ca, "sh", "-c", "tail -n +3 /proc/net/dev | cut -d: -f1")
    assert interfaces.stdout.split() == ["lo"]
    name = isolated(ca, "curl", "-sS", "--noproxy", "*", "http://example.com/")
    assert "Could not resolve host" in name.stderr
    address = isolated(ca, "curl", "-sS", "--noproxy", "*", "--max-time", "5", "http://192.0.2.1/")
    assert address.returncode == 7


def test_the_usual_ways_lead_to_the_emulator_too(ca: Path) -> None:
    done = isolated(
        ca, "sh", "-c", f"{COMMAND} call GetUserCmdList; {CALL.format(scheme='https')} --proxy $https_proxy"
    )
    assert "1  GetUserCmdList: 0\n      1  DescribeRegions: 0" in done.stderr


def test_the_user_and_the_files_are_the_same(ca: Path, tmp_path: Path) -> None:
    file = tmp_path / "made"
    done = isolated(ca, "sh", "-c", f"id -u; echo x > '{file}'", before=UNPRIVILEGED)
    assert done.stdout == f"{os.getuid()}\n"
    assert file.stat().st_uid == os.getuid()


HOLD = "import socket, time; s = socket.create_connection(('bm.api.qcloud.com', 80)); print('held', flush=True)"


def test_what_is_left_in_the_background_is_cut_off_quietly(ca: Path) -> None:
    background = (
        f': >file; {sys.executable} -c "{HOLD}; time.sleep(5)" >file & while ! grep -q held file; do sleep 0.05; done'
    )
    done = isolated(ca, "sh", "-c", f"cd '{ca}'; {background}; kill -0 $! && {CALL.format(scheme='https')}")
    assert done.returncode == 0
    assert done.stderr.splitlines() == ["bm-emulator: 1 call", "      1  DescribeRegions: 0"]


def test_it_does_not_go_with_a_proxy_that_lets_other_hosts_through(ca: Path) -> None:
    done = run(COMMAND, "run", "--isolated", "--proxy-passthrough", "--ca-dir", str(ca), "--", "true")
    assert (done.returncode, "contradict each other" in done.stderr) == (2, True)


@pytest.mark.parametrize(("words", "code"), [(("no-such-command",), 127), (("/etc/hosts",), 126)])
def test_a_command_that_cannot_run_is_told(ca: Path, words: tuple[str, ...], code: int) -> None:
    done = isolated(ca, *words)
    assert done.returncode == code
    assert f"cannot run {words[0]}" in done.stderr


def test_a_system_that_does_not_allow_it_is_told_in_one_line(ca: Path) -> None:
    none = f'sysctl -q -w user.max_user_namespaces=0 && exec setpriv --bounding-set -sys_admin {COMMAND} "$@"'
    words = ("unshare", "--user", "--map-root-user", "sh", "-c", none, "sh", "run", "--isolated", "--ca-dir", str(ca))
    done = run(*words, "--", "true")
    assert done.returncode == 1
    assert "this system allows no network namespace here" in done.stderr
    assert "leave --isolated out" in done.stderr
    assert "Traceback" not in done.stderr
