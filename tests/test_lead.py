"""`bm-emulator env`, `run` and `doctor`: programs that know nothing of the emulator are led to it."""

import json
import os
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import COMMAND, Server

from emulator.clock import ManualClock, SystemClock
from emulator.https.authority import Authority
from emulator.https.checkup import examine
from emulator.https.environment import NO_PROXY, SAVED, VARIABLES, bypasses
from emulator.testing import Emulator

CLEAN = {name: value for name, value in os.environ.items() if name not in (*VARIABLES, SAVED)}
Done = subprocess.CompletedProcess[str]


def run(*words: str, env: dict[str, str] | None = None) -> Done:
    return subprocess.run(words, capture_output=True, text=True, timeout=60, check=False, env=env or CLEAN)


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("c a")  # a space needs quoting


def evaluated(ca: Path, env: dict[str, str], *options: str) -> dict[str, str]:
    """The environment of a shell after `eval "$(bm-emulator env …)"`."""
    words = shlex.join([COMMAND, "env", "--ca-dir", str(ca), *options])
    program = shlex.join([sys.executable, "-c", "import os, json; print(json.dumps(dict(os.environ)))"])
    script = f'eval "$({words})" && exec {program}'
    done = run("sh", "-euc", script, env=env)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_env_is_safe_to_eval_and_names_the_proxy_and_the_authorities(ca: Path) -> None:
    after = evaluated(ca, CLEAN, "--proxy-port", "1234")
    assert after["https_proxy"] == after["HTTPS_PROXY"] == "http://127.0.0.1:1234"
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


def led(ca: Path, *words: str, options: tuple[str, ...] = ()) -> Done:
    return run(COMMAND, "run", "--ca-dir", str(ca), *options, "--", *words)


@pytest.mark.parametrize(("script", "code"), [("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 137)])
def test_run_passes_the_exit_code_on(ca: Path, script: str, code: int) -> None:
    assert led(ca, "sh", "-c", script).returncode == code


def test_run_passes_words_and_output_through(ca: Path) -> None:
    done = led(ca, "printf", "%s|", "a b", "--help", "-c")
    assert (done.stdout, done.returncode) == ("a b|--help|-c|", 0)


def test_run_tells_a_command_that_is_not_there(ca: Path, tmp_path: Path) -> None:
    done = led(ca, "no-such-command")
    assert (done.returncode, "cannot run no-such-command" in done.stderr) == (127, True)
    file = tmp_path / "file"
    file.write_text("x", encoding="utf-8")
    assert led(ca, str(file)).returncode == 126


def test_run_needs_a_command(ca: Path) -> None:
    assert led(ca).returncode == 2


def test_run_tells_what_was_called_and_writes_the_journal(ca: Path, tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    call = f"{COMMAND} call GetUserCmdList limit=1; {COMMAND} call GetUserCmdList limit=many"
    done = led(ca, "sh", "-c", call, options=("--journal-file", str(journal)))
    assert "bm-emulator: 2 calls\n" in done.stderr
    assert "1  GetUserCmdList: 0\n" in done.stderr
    assert "1  GetUserCmdList: 10001\n" in done.stderr
    assert "limit: 'many' is no whole number" in done.stderr
    assert [json.loads(line)["action"] for line in journal.read_text().splitlines()] == ["GetUserCmdList"] * 2


def test_run_keeps_other_hosts_away_and_other_https_trusted(ca: Path) -> None:
    done = led(ca, "curl", "-sS", "https://example.com/")
    assert done.returncode != 0
    assert "example.com is none of the emulated hosts" in done.stderr
    trusted = led(ca, sys.executable, "-c", "import ssl; print(len(ssl.create_default_context().get_ca_certs()))")
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
    done = led(ca, COMMAND, "call", "DescribeDevice", "limit=1", options=("--fixture", "empty", "--devices", "7"))
    assert '"totalNum": 7' in done.stdout


@pytest.fixture(scope="module")
def served(ca: Path) -> Iterator[Emulator]:
    with Emulator(proxy_port=0, https_port=0, ca_dir=str(ca)) as emulator:
        yield emulator


def healthy(served: Emulator, ca: Path) -> dict[str, str]:
    port = str(served.proxy_url).rpartition(":")[2]
    return evaluated(ca, CLEAN, "--proxy-port", port)


def wrong(served: Emulator, ca: Path, env: dict[str, str], **how: str) -> list[str]:
    findings = examine(env, how.get("endpoint", served.url), Path(how.get("folder", str(ca))))
    return [finding.text for finding in findings if not finding.fine]


def test_doctor_finds_nothing_wrong_with_a_good_set_up(served: Emulator, ca: Path) -> None:
    done = run(COMMAND, "doctor", "--endpoint", served.url, "--ca-dir", str(ca), env=healthy(served, ca))
    assert done.returncode == 0, done.stdout
    assert "WRONG" not in done.stdout
    assert "leads to an emulator by the proxy" in done.stdout


def test_doctor_names_each_variable_that_is_not_set(served: Emulator, ca: Path) -> None:
    done = run(COMMAND, "doctor", "--endpoint", served.url, "--ca-dir", str(ca))
    assert done.returncode == 1
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"):
        assert f"WRONG  {name} is not set" in done.stdout
    assert "set the proxy" in done.stdout


def test_doctor_finds_an_authority_that_is_not_trusted(served: Emulator, ca: Path, tmp_path: Path) -> None:
    other = Authority(tmp_path / "other", SystemClock())
    env = {**healthy(served, ca), "SSL_CERT_FILE": str(other.path), "CURL_CA_BUNDLE": str(tmp_path / "gone")}
    found = wrong(served, ca, env)
    assert found[0] == f"SSL_CERT_FILE does not hold the emulator's authority: {other.path}"
    assert found[1].startswith("CURL_CA_BUNDLE names ")
    assert len(found) == 2


def test_doctor_finds_a_folder_without_an_authority_and_one_whose_authority_is_not_the_servers(
    served: Emulator, ca: Path, tmp_path: Path
) -> None:
    missing = wrong(served, ca, healthy(served, ca), folder=str(tmp_path / "none"))
    assert missing[0].startswith("there is no certificate authority in ")
    Authority(tmp_path / "other", SystemClock())
    found = wrong(served, ca, healthy(served, ca), folder=str(tmp_path / "other"))
    assert "leads to something else than the emulator" in found[-1]


def test_doctor_finds_an_authority_that_has_expired(served: Emulator, ca: Path) -> None:
    later = ManualClock(SystemClock().now() + 4000 * 86_400_000)
    findings = examine(healthy(served, ca), served.url, ca, later)
    assert any("has expired" in finding.text for finding in findings if not finding.fine)


def test_doctor_finds_a_port_that_is_taken_or_that_nothing_listens_on(served: Emulator, ca: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        import threading

        def answer() -> None:
            connection, _ = taken.accept()
            connection.recv(1000)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
            connection.close()

        threading.Thread(target=answer, daemon=True).start()
        endpoint = f"http://127.0.0.1:{taken.getsockname()[1]}"
        assert "is taken by something else" in wrong(served, ca, healthy(served, ca), endpoint=endpoint)[0]
    assert "nothing listens at" in wrong(served, ca, healthy(served, ca), endpoint="http://127.0.0.1:1")[0]


def test_doctor_finds_a_proxy_variable_that_points_elsewhere(served: Emulator, ca: Path) -> None:
    env = {**healthy(served, ca), "https_proxy": "http://127.0.0.1:1"}
    assert "does not lead to an emulator" in wrong(served, ca, env)[-1]
    assert "no address" in wrong(served, ca, {**env, "https_proxy": "http://[broken"})[-1]


def test_doctor_finds_a_host_that_is_spared_the_proxy(served: Emulator, ca: Path) -> None:
    env = {**healthy(served, ca), **dict.fromkeys(NO_PROXY, "localhost,.qcloud.com")}
    assert "spares bm.api.qcloud.com the proxy" in wrong(served, ca, env)[-1]


def test_doctor_finds_a_host_that_resolves_elsewhere(
    served: Emulator, ca: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env = {name: value for name, value in healthy(served, ca).items() if "proxy" not in name.lower()}
    elsewhere = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.7", 443))
    monkeypatch.setattr("emulator.https.checkup.socket.getaddrinfo", lambda *_args, **_more: [elsewhere])
    assert "bm.api.qcloud.com resolves to 192.0.2.7, not to this machine" in wrong(served, ca, env)[-1]


def test_doctor_accepts_a_host_that_resolves_here(served: Emulator, ca: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a hosts file does it, with the HTTPS listener on another port than 443."""
    env = {name: value for name, value in healthy(served, ca).items() if "proxy" not in name.lower()}
    find, ports = socket.getaddrinfo, {443: int(str(served.https_url).rpartition(":")[2])}

    def resolve(_host: str, port: int, *rest: Any, **more: Any) -> Any:
        return find("127.0.0.1", ports.get(port, port), *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert wrong(served, ca, env) == []


def test_doctor_finds_clocks_that_are_too_far_apart(served: Emulator, ca: Path) -> None:
    env = healthy(served, ca)
    fast = ManualClock(SystemClock().now() + 3 * 3600 * 1000)
    found = [finding.text for finding in examine(env, served.url, ca, fast) if not finding.fine]
    assert len(found) == 1
    assert "more than two hours: calls will be refused with 4500" in found[0]


@pytest.mark.socket
def test_serve_tells_how_to_lead_programs_to_it(serve: Callable[..., Server], tmp_path: Path) -> None:
    server = serve("--https-port", "0", "--proxy-port", "0", "--ca-dir", str(tmp_path / "own ca"))
    https, proxy = (server.process.stdout.readline() for _ in range(2))
    assert https.startswith("HTTPS      https://127.0.0.1:")
    assert f"(trust {tmp_path}/own ca/ca.pem)" in https
    line = proxy[proxy.index('eval "') : proxy.rindex(")")]
    url = "https://bm.api.qcloud.com/v2/index.php?Action=DescribeRegions"
    done = run("sh", "-euc", f"{line}; curl -sS '{url}'")
    assert '"code":4000' in done.stdout, done.stderr


@pytest.mark.socket
def test_a_proxy_port_that_is_taken_is_one_clear_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = run(COMMAND, "serve", "--port", "0", "--proxy-port", port, "--ca-dir", str(tmp_path))
        assert done.returncode == 1
        assert f"cannot listen on 127.0.0.1, port {port}" in done.stderr
        assert "--proxy-port" in done.stderr
