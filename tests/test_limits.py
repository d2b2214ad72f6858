"""Slow clients, idle connections, too many of them and too large headers; over HTTP, HTTPS and the proxy."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx
import pytest
from conftest import Server
from support.client import Api

from emulator.testing import Emulator

pytestmark = pytest.mark.socket
HOST = "bm.api.qcloud.com"
SHORT = {"request_seconds": 1, "idle_seconds": 2, "max_connections": 12}
HALF = f"POST /v2/index.php HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 100000\r\n\r\nActi".encode()
HEALTH = b"GET /_emulator/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
CALL = f"GET /v2/index.php?Action=DescribeRegions HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()
Connect = Callable[[], socket.socket]


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ca")


@pytest.fixture(scope="module")
def emulator(ca: Path) -> Iterator[Emulator]:
    with Emulator(auth="off", https_port=0, proxy_port=0, ca_dir=str(ca), **SHORT) as found:
        httpx.get(f"{found.url}/_emulator/health", trust_env=False)  # its event loop has opened its own files now
        yield found


def plain(url: str | None) -> socket.socket:
    return socket.create_connection(("127.0.0.1", httpx.URL(str(url)).port or 0), timeout=10)


def tunnel(emulator: Emulator) -> socket.socket:
    connection = plain(emulator.proxy_url)
    connection.sendall(f"CONNECT {HOST}:443 HTTP/1.1\r\n\r\n".encode())
    assert connection.recv(100).startswith(b"HTTP/1.1 200")
    return connection


@pytest.fixture(params=["http", "https", "proxy"])
def connect(request: pytest.FixtureRequest, emulator: Emulator, ca: Path) -> Connect:
    def under_tls(connection: socket.socket) -> socket.socket:
        return ssl.create_default_context(cafile=str(ca / "ca.pem")).wrap_socket(connection, server_hostname=HOST)

    ways: dict[str, Connect] = {
        "http": lambda: plain(emulator.url),
        "https": lambda: under_tls(plain(emulator.https_url)),
        "proxy": lambda: under_tls(tunnel(emulator)),
    }
    return ways[request.param]


def said(connection: socket.socket) -> bytes:
    """All until it closes; a reset is an end too."""
    parts = []
    try:
        while part := connection.recv(65536):
            parts.append(part)
    except ConnectionError:
        pass
    return b"".join(parts)


def seconds_until_closed(connection: socket.socket) -> float:
    started = time.monotonic()
    said(connection)
    return time.monotonic() - started


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def assert_falls_to(before: int) -> None:
    deadline = time.monotonic() + 10
    while open_files() > before and time.monotonic() < deadline:
        time.sleep(0.02)
    assert open_files() <= before


def test_a_request_that_does_not_arrive_in_time_is_answered_with_408_and_closed(connect: Connect) -> None:
    with connect() as connection:
        connection.sendall(HALF)
        started = time.monotonic()
        assert said(connection).startswith(b"HTTP/1.1 408 Request Timeout\r\n")
        assert 0.8 < time.monotonic() - started < 4


def test_bytes_that_keep_coming_do_not_buy_time(connect: Connect) -> None:
    with connect() as connection:
        connection.sendall(HALF)
        started = time.monotonic()
        with suppress(OSError):
            while time.monotonic() - started < 8:
                connection.sendall(b"x")
                time.sleep(0.1)
        assert time.monotonic() - started < 4


def test_an_idle_kept_connection_is_closed_after_a_while(connect: Connect) -> None:
    with connect() as connection:
        connection.sendall(CALL)
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        assert 1.5 < seconds_until_closed(connection) < 5


def test_a_connection_that_never_says_anything_is_closed_too(emulator: Emulator) -> None:
    for url in (emulator.url, emulator.https_url, emulator.proxy_url):
        with plain(url) as connection:
            assert seconds_until_closed(connection) < 5


def test_an_answer_that_takes_long_is_waited_for(emulator: Emulator, connect: Connect) -> None:
    emulator.world.faults.set("DescribeRegions", times=1, delay=3.5)
    with connect() as connection:
        connection.sendall(CALL)
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "headers",
    [b"X: " + b"y" * 200_000 + b"\r\n", b"X: y\r\n" * 20_000, b"x" * 200_000],
    ids=["one large header", "many headers", "a name without end"],
)
def test_more_than_64_kilobytes_of_headers_are_431(connect: Connect, headers: bytes) -> None:
    with connect() as connection:
        connection.sendall(b"GET /v2/index.php HTTP/1.1\r\nHost: x\r\n" + headers)
        assert said(connection).startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\n")


def test_64_kilobytes_of_headers_pass(connect: Connect) -> None:
    with connect() as connection:
        connection.sendall(CALL[:-2] + b"X: " + b"y" * 65_000 + b"\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")


def test_headers_after_a_body_count_too(emulator: Emulator) -> None:
    head = b"POST /v2/index.php HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    with plain(emulator.url) as connection:
        connection.sendall(head + b"1\r\na\r\n0\r\nX: " + b"y" * 200_000)
        assert b"431 Request Header Fields" in said(connection)


def test_a_large_body_in_many_pieces_is_no_large_header(emulator: Emulator) -> None:
    with plain(emulator.url) as connection:
        body = b"Action=DescribeRegions&x=" + b"y" * 500_000
        connection.sendall(
            b"POST /v2/index.php HTTP/1.1\r\nHost: %b\r\nContent-Length: %d\r\n" % (HOST.encode(), len(body))
        )
        connection.sendall(b"\r\n" + body)
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")


def test_at_the_bound_the_oldest_connection_goes_first(emulator: Emulator, connect: Connect) -> None:
    before = open_files()
    with ExitStack() as stack:
        oldest = stack.enter_context(plain(emulator.url))
        oldest.sendall(HALF)
        time.sleep(0.1)
        for _ in range(30):
            stack.enter_context(plain(emulator.url)).sendall(HALF)
            time.sleep(0.01)  # so that those before it have been accepted
        assert said(oldest) == b""
        newest = stack.enter_context(connect())
        newest.sendall(CALL)
        assert newest.recv(65536).startswith(b"HTTP/1.1 200")
    assert_falls_to(before)


def test_where_every_connection_waits_for_the_emulator_the_control_interface_can_still_be_reached(ca: Path) -> None:
    with Emulator(auth="off", max_connections=5) as emulator, ExitStack() as stack:
        emulator.world.faults.set("DescribeRegions", delay=20)
        time.sleep(0.1)
        for _ in range(5):
            stack.enter_context(plain(emulator.url)).sendall(CALL)
        time.sleep(0.3)
        with plain(emulator.url) as another:
            another.sendall(CALL)
            assert said(another).startswith(b"HTTP/1.1 503 ")
        with plain(emulator.url) as control:
            control.sendall(HEALTH)
            assert control.recv(1000).startswith(b"HTTP/1.1 200")


def test_handshakes_that_do_not_go_on_are_bounded(emulator: Emulator, ca: Path) -> None:
    before = open_files()
    with ExitStack() as stack:
        for number in range(40):
            stack.enter_context(plain(emulator.https_url)).sendall(b"\x16\x03\x01" if number % 2 else b"")
        time.sleep(0.3)
        assert open_files() - before <= 40 + SHORT["max_connections"] + 1
        trust = ssl.create_default_context(cafile=str(ca / "ca.pem"))
        with httpx.Client(verify=trust, trust_env=False, base_url=str(emulator.https_url)) as client:
            assert client.get("/_emulator/health").status_code == 200
    assert_falls_to(before)


def test_a_client_that_does_not_take_its_answers_is_cut(emulator: Emulator) -> None:
    before = open_files()
    with plain(emulator.url) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(0.5)
        with suppress(OSError):
            while True:
                connection.sendall(CALL * 100)
        assert_falls_to(before + 1)


def test_the_limits_are_settings_and_the_servers_stop_stays_quick(serve: Callable[..., Server]) -> None:
    server = serve("--request-seconds", "0.5", "--idle-seconds", "0.5", "--max-connections", "50")
    with plain(server.endpoint) as half, plain(server.endpoint) as idle:
        half.sendall(HALF)
        assert said(half).startswith(b"HTTP/1.1 408 ")
        assert seconds_until_closed(idle) < 3
    with plain(server.endpoint) as half:
        half.sendall(HALF)
        assert Api(httpx.Client(base_url=server.endpoint, trust_env=False)).call("DescribeRegions")["code"] == 0
        started = time.monotonic()
        server.stop()
        assert time.monotonic() - started < 1
