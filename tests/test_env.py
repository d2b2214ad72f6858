"""`bm-emulator env`: the environment of programs that know nothing of the emulator."""

import shutil
import sys
from pathlib import Path

import pytest
from conftest import COMMAND
from support.commands import CLEAN, evaluated, run

from emulator.https.environment import SAVED, VARIABLES, bypasses
from emulator.https.shells import Shell, shell_commands


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("c a")  # a space needs quoting


def test_env_is_safe_to_eval_and_names_the_proxy_and_the_authorities(ca: Path) -> None:
    after = evaluated(ca, CLEAN, "--proxy-port", "1234")
    for name in ("https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"):
        assert after[name] == "http://127.0.0.1:1234"
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        assert Path(after[name]) == ca / "bundle.pem"
    assert Path(after["NODE_EXTRA_CA_CERTS"]) == ca / "ca.pem"
    assert after["no_proxy"] == after["NO_PROXY"] == "localhost,127.0.0.1,::1"


def test_unset_takes_back_what_was_set_and_brings_back_what_was_there(ca: Path) -> None:
    before = {**CLEAN, "https_proxy": "http://corporate:3128", "no_proxy": "a.b, *.qcloud.com", "SSL_CERT_FILE": ""}
    once = evaluated(ca, before)
    twice = evaluated(ca, once, "--proxy-port", "99")
    assert twice["no_proxy"] == "a.b,localhost,127.0.0.1,::1"
    assert twice["https_proxy"] == "http://127.0.0.1:99"
    back = evaluated(ca, twice, "--unset")
    assert {name: back.get(name) for name in (*VARIABLES, SAVED)} == {
        **dict.fromkeys((*VARIABLES, SAVED)),
        **{name: before[name] for name in ("https_proxy", "no_proxy", "SSL_CERT_FILE")},
    }


def test_options_that_were_set_are_kept_once_and_brought_back(ca: Path) -> None:
    before = {**CLEAN, "NODE_OPTIONS": "--no-warnings", "JAVA_TOOL_OPTIONS": "-Da=b", "PHP_INI_SCAN_DIR": "/p"}
    twice = evaluated(ca, evaluated(ca, before), "--proxy-port", "99")
    assert twice["NODE_OPTIONS"].startswith("--no-warnings --require ")
    assert twice["JAVA_TOOL_OPTIONS"].startswith("-Da=b -Dhttp.proxyHost=127.0.0.1 ")
    assert twice["JAVA_TOOL_OPTIONS"].count("proxyPort") == 2
    assert "-Dhttps.proxyPort=99" in twice["JAVA_TOOL_OPTIONS"]
    assert twice["PHP_INI_SCAN_DIR"] == f"/p:{ca}/php"
    back = evaluated(ca, twice, "--unset")
    assert {name: back[name] for name in ("NODE_OPTIONS", "JAVA_TOOL_OPTIONS", "PHP_INI_SCAN_DIR")} == {
        name: before[name] for name in ("NODE_OPTIONS", "JAVA_TOOL_OPTIONS", "PHP_INI_SCAN_DIR")
    }


def test_java_spares_the_hosts_that_no_proxy_spares(ca: Path) -> None:
    after = evaluated(ca, {**CLEAN, "no_proxy": "a.b,.c.d:80,::2"})
    assert "'-Dhttp.nonProxyHosts=a.b|*.a.b|c.d|*.c.d|[::2]|localhost|127.*|[::1]'" in after["JAVA_TOOL_OPTIONS"]


AWKWARD = "it's a $HOME \\' \\ \"quoted\" `x` %PATH%"


@pytest.mark.parametrize(
    ("shell", "words"),
    [("sh", ("sh", "-c")), ("fish", ("fish", "--no-config", "-c")), ("powershell", ("pwsh", "-NoProfile", "-c"))],
)
def test_the_commands_of_each_shell_set_and_unset_awkward_values(shell: Shell, words: tuple[str, ...]) -> None:
    if shutil.which(words[0]) is None:
        pytest.skip(f"needs {words[0]}")
    show = f"{sys.executable} -c 'import os; print(os.environ.get(chr(88)), chr(89) in os.environ)'"
    script = f"{shell_commands({'X': AWKWARD, 'Y': None}, shell)}\n{show}"
    done = run(*words, script, env={**CLEAN, "Y": "set"})
    assert done.stdout == f"{AWKWARD} False\n", done.stderr


def test_powershell_quotes_as_it_should() -> None:
    told = shell_commands({"X": "it's $HOME", "Y": None}, "powershell")
    assert told == "$env:X = 'it''s $HOME';\nRemove-Item Env:Y -ErrorAction SilentlyContinue;"


def test_env_prints_for_the_shell_that_is_asked_for(ca: Path) -> None:
    for shell, begin in (("sh", "export "), ("fish", "set -gx "), ("powershell", "$env:")):
        done = run(COMMAND, "env", "--ca-dir", str(ca), "--shell", shell)
        assert all(line.startswith(begin) for line in done.stdout.splitlines())


def test_unset_without_env_leaves_nothing(ca: Path) -> None:
    back = evaluated(ca, {**CLEAN, SAVED: "nonsense"}, "--unset")
    assert set(back).isdisjoint({*VARIABLES, SAVED})


@pytest.mark.parametrize(
    ("entry", "spares"),
    [
        ("*", True),
        (".qcloud.com", True),
        ("qcloud.com", True),
        ("*.api.qcloud.com", True),
        ("bm.api.qcloud.com:443", True),
        ("BM.API.QCLOUD.COM", True),
        ("cloud.com", False),
        ("example.com", False),
        ("", False),
    ],
)
def test_entries_of_no_proxy_that_spare_the_emulated_hosts_are_known(entry: str, spares: bool) -> None:
    assert bypasses(entry, "bm.api.qcloud.com") == spares
