"""The HTTPS listener and the proxy, with clients that mean well and clients that do not."""

import socket
import ssl
import struct
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.client import HOST, Api

from emulator.https.request_head import InvalidHead, read_head
from emulator.testing import Emulator

CONNECT = b"CONNECT bm.api.qcloud.com:443 HTTP/1.1\r\nHost: bm.api.qcloud.com:443\r\n\r\n"
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ca")


@pytest.fixture(scope="module")
def emulator(ca: Path) -> Iterator[Emulator]:
    with Emulator(https_port=0, proxy_port=0, ca_dir=str(ca)) as found:
        yield found


def port_of(url: str | None) -> int:
    return httpx.URL(str(url)).port or 0


def to_proxy(emulator: Emulator) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port_of(emulator.proxy_url)), timeout=15)


def said(connection: socket.socket) -> bytes:
    """All until it closes."""
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    return b"".join(parts)


def client(emulator: Emulator, ca: Path, **how: object) -> httpx.Client:
    return httpx.Client(verify=ssl.create_default_context(cafile=str(ca / "ca.pem")), trust_env=False, **how)  # type: ignore[arg-type]


def shake_hands(tls: ssl.SSLObject, connection: socket.socket, received: ssl.MemoryBIO) -> None:
    """Go on with a handshake, with as much as the server has yet to send."""
    while True:
        try:
            tls.do_handshake()
        except ssl.SSLWantReadError:
            received.write(connection.recv(65536))
        else:
            return


def abort_handshake(connection: socket.socket, how: str) -> None:
    """Leave a handshake as a client does that trusts nothing: by an alert, a close or a reset."""
    received, sent = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = ssl.create_default_context().wrap_bio(received, sent, server_hostname=HOST)
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    connection.sendall(sent.read())
    received.write(connection.recv(65536))
    if how == "alert":
        with pytest.raises(ssl.SSLCertVerificationError):
            shake_hands(tls, connection, received)
        connection.sendall(sent.read())
    if how == "reset":
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@pytest.mark.parametrize("how", ["alert", "close", "reset"])
@pytest.mark.parametrize("proxied", [True, False], ids=["through the proxy", "directly"])
def test_an_aborted_handshake_is_a_line_and_no_traceback(
    emulator: Emulator, ca: Path, caplog: pytest.LogCaptureFixture, how: str, proxied: bool
) -> None:
    for _ in range(20):
        if proxied:
            connection = to_proxy(emulator)
            connection.sendall(CONNECT)
            assert connection.recv(65536) == ESTABLISHED
        else:
            connection = socket.create_connection(("127.0.0.1", port_of(emulator.https_url)), timeout=15)
        abort_handshake(connection, how)
    deadline = time.monotonic() + 10
    while len(caplog.records) < 20 and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.1)
    assert {record.name for record in caplog.records} == {"emulator.https"}
    assert {record.exc_info for record in caplog.records} == {None}
    assert all(f"the client has to trust {ca / 'ca.pem'}" in message for message in caplog.messages)
    if how == "alert":
        assert "(tlsv1 alert unknown ca)" in caplog.messages[0]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_https_is_answered_like_http(emulator: Emulator, ca: Path, method: str) -> None:
    api = Api(client(emulator, ca, base_url=str(emulator.https_url)))
    assert api.response("DescribeRegions", method=method).json()["code"] == 0


def test_plain_http_on_the_https_port_and_the_other_way_round_do_no_harm(emulator: Emulator, ca: Path) -> None:
    with socket.create_connection(("127.0.0.1", port_of(emulator.https_url)), timeout=15) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"HTTP" not in said(connection)
    assert Api(client(emulator, ca, base_url=str(emulator.https_url))).call("DescribeRegions")["code"] == 0


@pytest.mark.parametrize("host", [HOST, "vpc.api.qcloud.com", "bmlb.api.cloud.tencent.com"])
def test_the_proxy_leads_the_emulated_hosts_to_the_emulator(emulator: Emulator, ca: Path, host: str) -> None:
    with client(emulator, ca, proxy=emulator.proxy_url, base_url=f"https://{host}") as http:
        api = Api(http)
        for _ in range(3):
            assert api.response("DescribeRegions", host=host).status_code == 200
    assert emulator.world.journal.calls(host=host)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_plain_requests_go_the_same_way(emulator: Emulator, ca: Path, method: str) -> None:
    with client(emulator, ca, proxy=emulator.proxy_url, base_url=f"http://{HOST}") as http:
        assert Api(http).response("DescribeRegions", method=method).json()["code"] == 0


def test_other_hosts_are_refused_with_the_reason(emulator: Emulator, ca: Path) -> None:
    with client(emulator, ca, proxy=emulator.proxy_url) as http:
        answer = http.get("http://example.com/")
        assert answer.status_code == 403
        assert "example.com is none of the emulated hosts" in answer.text
        assert "--proxy-passthrough" in answer.text
        with pytest.raises(httpx.ProxyError, match="403"):
            http.get("https://example.com/")


def test_other_hosts_are_let_through_where_that_is_asked_for(bm_emulator: Emulator, ca: Path) -> None:
    with (
        Emulator(proxy_port=0, proxy_passthrough=True, ca_dir=str(ca)) as emulator,
        client(emulator, ca, proxy=emulator.proxy_url) as http,
    ):
        assert http.get(f"{bm_emulator.url}/_emulator/health").json() == {"status": "ok"}
        with to_proxy(emulator) as connection:
            connection.sendall(f"CONNECT 127.0.0.1:{port_of(bm_emulator.url)} HTTP/1.1\r\n\r\n".encode())
            assert connection.recv(1000) == ESTABLISHED
            connection.sendall(b"GET /_emulator/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            assert b'{"status":"ok"}' in said(connection)


def test_a_host_that_does_not_answer_is_told(ca: Path) -> None:
    with (
        Emulator(proxy_port=0, proxy_passthrough=True, ca_dir=str(ca)) as emulator,
        to_proxy(emulator) as connection,
    ):
        connection.sendall(b"CONNECT 127.0.0.1:1 HTTP/1.1\r\n\r\n")
        assert said(connection).startswith(b"HTTP/1.1 502 Bad Gateway\r\n")


@pytest.mark.parametrize(
    "head",
    [
        b"CONNECT bm.api.qcloud.com HTTP/1.1",
        b"CONNECT bm.api.qcloud.com:99999 HTTP/1.1",
        b"CONNECT bm.api.qcloud.com:443",
        b"CONNECT  bm.api.qcloud.com:443 HTTP/1.1",
        b"connect bm.api.qcloud.com:443 HTTP/1.1",
        b"CONNECT user@bm.api.qcloud.com:443 HTTP/1.1",
        b"CONNECT [::1:443 HTTP/1.1",
        b"GET /v2/index.php HTTP/1.1",
        b"GET https://bm.api.qcloud.com/ HTTP/1.1",
        b"GET http://user:pw@bm.api.qcloud.com/ HTTP/1.1",
        b"GET http://[::1/ HTTP/1.1",
        b"CONNECT bm.api.qcloud.com:443 HTTP/1.1\r\nno header",
        b"CONNECT bm.api.qcloud.com:443 HTTP/1.1\r\nX: a\nY: b",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"",
    ],
)
def test_what_is_no_request_to_a_proxy_is_told_so(emulator: Emulator, head: bytes) -> None:
    with to_proxy(emulator) as connection:
        connection.sendall(head + b"\r\n\r\n")
        assert said(connection).startswith(b"HTTP/1.1 400 Bad Request\r\n")


def test_a_head_without_end_is_told_so(emulator: Emulator) -> None:
    with to_proxy(emulator) as connection:
        connection.sendall(b"CONNECT bm.api.qcloud.com:443 HTTP/1.1\r\n" + b"X: y\r\n" * 4000)
        assert connection.recv(100).startswith(b"HTTP/1.1 431 ")


HEADS = st.one_of(
    st.binary(max_size=200),
    st.builds(
        lambda method, target, rest: method + b" " + target + rest,
        st.sampled_from([b"CONNECT", b"GET", b"POST", b"get", b""]),
        st.one_of(
            st.binary(max_size=60),
            st.from_regex(rb"[a-z.]{1,20}:[0-9]{0,7}", fullmatch=True),
            st.from_regex(rb"http://[^ ]{0,30}", fullmatch=True),
        ),
        st.sampled_from([b" HTTP/1.1", b" HTTP/1.0\r\nHost: x", b"", b" HTTP/2\r\n", b" HTTP/1.1\r\n:"]),
    ),
)


@given(HEADS)
@settings(max_examples=2000, deadline=None)
def test_any_head_is_read_or_refused_and_nothing_smuggled(head: bytes) -> None:
    try:
        found = read_head(head)
    except InvalidHead:
        return
    assert 0 < found.port <= 65_535
    assert found.host == found.host.lower().strip()
    if not found.is_connect:
        assert found.forwarded.count(b"\r\n\r\n") == 1
        assert found.forwarded.endswith(b"\r\nConnection: close\r\n\r\n")


@given(st.lists(HEADS, min_size=1, max_size=3))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_leave_the_proxy_working(emulator: Emulator, pieces: list[bytes]) -> None:
    with to_proxy(emulator) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
            connection.sendall(b"\r\n\r\n")
            connection.shutdown(socket.SHUT_WR)
            said(connection)
        except OSError:
            pass  # it was refused before it had said all
    with to_proxy(emulator) as connection:
        connection.sendall(CONNECT)
        assert connection.recv(100) == ESTABLISHED


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def wait_for(condition: object, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:  # type: ignore[operator]
        time.sleep(0.02)
    return bool(condition())  # type: ignore[operator]


def test_a_thousand_connections_opened_and_abandoned_leave_no_file_open(emulator: Emulator) -> None:
    before = open_files()
    for number in range(1_000):
        connection = to_proxy(emulator)
        if number % 4:
            connection.sendall((CONNECT[:20], CONNECT, CONNECT + b"\x16\x03\x01", CONNECT)[number % 4])
        if number % 3 == 0:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # a reset, not an end
        connection.close()
    assert wait_for(lambda: open_files() <= before + 2), open_files() - before


def test_it_stops_within_a_second_with_tunnels_open(ca: Path) -> None:
    emulator = Emulator(proxy_port=0, ca_dir=str(ca)).start()
    open_tunnels = [to_proxy(emulator) for _ in range(20)]
    for tunnel in open_tunnels[:15]:
        tunnel.sendall(CONNECT)
        assert tunnel.recv(100) == ESTABLISHED
    open_tunnels[15].sendall(CONNECT[:10])
    started = time.monotonic()
    emulator.stop()
    assert time.monotonic() - started < 1
    for tunnel in open_tunnels:
        tunnel.close()


def test_a_slow_reader_does_not_hold_up_others(emulator: Emulator, ca: Path) -> None:
    slow = to_proxy(emulator)
    slow.sendall(CONNECT)
    with client(emulator, ca, proxy=emulator.proxy_url, base_url=f"https://{HOST}") as http:
        assert Api(http).call("DescribeRegions")["code"] == 0
    slow.close()


def test_a_peer_that_says_nothing_is_dropped(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    from emulator.https import proxy

    monkeypatch.setattr(proxy, "_HEAD_SECONDS", 0.1)
    monkeypatch.setattr(proxy, "_IDLE_SECONDS", 0.2)
    with to_proxy(emulator) as silent:
        assert silent.recv(100) == b""
    with to_proxy(emulator) as idle:
        idle.sendall(CONNECT)
        assert idle.recv(100) == ESTABLISHED
        assert idle.recv(100) == b""


def test_large_answers_and_bodies_pass_whole(emulator: Emulator, ca: Path) -> None:
    with client(emulator, ca, proxy=emulator.proxy_url, base_url=f"https://{HOST}") as http:
        api = Api(http)
        content = "A" * 700_000
        api.data("AddUserCmd", method="POST", alias="large", osType="linux", content=content)
        [row] = api.data("GetUserCmdList", searchKey="large")["list"]
        assert api.data("GetUserCmd", cmdId=row["cmdId"])["content"] == content


def test_many_clients_at_once_are_served(emulator: Emulator, ca: Path) -> None:
    codes: list[int] = []

    def story() -> None:
        with client(emulator, ca, proxy=emulator.proxy_url, base_url=f"https://{HOST}") as http:
            codes.extend(Api(http).call("DescribeRegions")["code"] for _ in range(5))

    threads = [threading.Thread(target=story) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [0] * 40


def test_a_resolver_that_leads_here_needs_no_proxy(
    emulator: Emulator, ca: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a hosts file does it, with the HTTPS listener on another port than 443."""
    find = socket.getaddrinfo
    port = port_of(emulator.https_url)
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, _port, *rest, **more: find("127.0.0.1", port, *rest, **more)
    )
    with client(emulator, ca, base_url=f"https://{HOST}") as http:
        assert Api(http).call("DescribeRegions")["code"] == 0


def test_faults_cut_connections_under_tls_and_through_the_proxy_too(emulator: Emulator, ca: Path) -> None:
    with client(emulator, ca, proxy=emulator.proxy_url, base_url=f"https://{HOST}") as http:
        for fault in ({"cut": True}, {"lose_answer": True}, {"truncate": True}):
            emulator.world.faults.set("DescribeRegions", times=1, **fault)
            with pytest.raises(httpx.TransportError):
                Api(http).call("DescribeRegions")
        assert Api(http).call("DescribeRegions")["code"] == 0


def test_the_proxy_does_not_serve_pages_of_its_own(emulator: Emulator) -> None:
    connection = HTTPConnection("127.0.0.1", port_of(emulator.proxy_url))
    connection.request("GET", "/_emulator/worlds")
    assert connection.getresponse().status == 400
    connection.close()
