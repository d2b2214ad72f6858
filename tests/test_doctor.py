"""`bm-emulator doctor`, and what `serve` prints for the programs of a shell."""

import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import COMMAND, Server
from support.commands import CLEAN, evaluated, run

from emulator.clock import ManualClock, SystemClock
from emulator.https.authority import Authority
from emulator.https.checkup import examine
from emulator.https.environment import NO_PROXY
from emulator.testing import Emulator


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("c a")  # a space needs quoting


@pytest.fixture(scope="module")
def served(ca: Path) -> Iterator[Emulator]:
    with Emulator(proxy_port=0, https_port=0, ca_dir=str(ca)) as emulator:
        yield emulator


def healthy(served: Emulator, ca: Path) -> dict[str, str]:
    port = str(served.proxy_url).rpartition(":")[2]
    return evaluated(ca, CLEAN, "--proxy-port", port)


def wrong(served: Emulator, ca: Path, env: dict[str, str], **how: str) -> list[str]:
    findings = examine(env, how.get("endpoint", served.url), Path(how.get("folder", str(ca))))
    return [finding.text for finding in findings if not finding.ok]


def test_doctor_finds_nothing_wrong_with_a_good_set_up(served: Emulator, ca: Path) -> None:
    done = run(COMMAND, "doctor", "--endpoint", served.url, "--ca-dir", str(ca), env=healthy(served, ca))
    assert done.returncode == 0, done.stdout
    assert "WRONG" not in done.stdout
    assert "leads to an emulator by the proxy" in done.stdout
    assert re.search(r"the clocks \(.* here\) differ by [0-5] s\n", done.stdout)


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
    assert any("has expired" in finding.text for finding in findings if not finding.ok)


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
    found = [finding.text for finding in examine(env, served.url, ca, fast) if not finding.ok]
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
