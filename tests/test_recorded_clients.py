"""Requests that real clients of other languages sent, bytes as they are: in process and over a socket."""

import asyncio
import json
import re
import socket
import threading
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from emulator import serving
from emulator.app import create_app
from emulator.clock import ManualClock
from emulator.in_process import exchange
from emulator.settings import Settings

RECORDED = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "recorded_clients.jsonl").read_text(encoding="utf-8").splitlines()
]
NAMES = [f"{request['client']} {request['method']} {place}" for place, request in enumerate(RECORDED)]


def moment(request: dict[str, Any]) -> int:
    """The client's Timestamp, in milliseconds: the gateway's clock stands there."""
    sent = request["query"].encode() + b64decode(request["body_base64"])
    found = re.search(rb'Timestamp(?:=|"\r\n\r\n)(\d{10})', sent)
    assert found, sent
    return int(found[1]) * 1000


def answer_of(raw: bytes) -> dict[str, Any]:
    head, _, body = raw.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 "), raw
    found: dict[str, Any] = json.loads(body)
    return found


def assert_accepted(answer: dict[str, Any]) -> None:
    """The signature is right and the parameters are understood."""
    assert answer["code"] == 0, answer


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(moment(RECORDED[0]))


@pytest.fixture
def port(clock: ManualClock) -> Iterator[int]:
    settings = Settings(port=0)
    listeners = serving.Listeners(settings)
    server = serving.Server(create_app(settings, real_clock=clock), listeners)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield int(listeners.url.rpartition(":")[2])
    server.should_exit = True
    thread.join()


@pytest.mark.socket
def test_each_recorded_request_is_accepted_over_a_socket(port: int, clock: ManualClock) -> None:
    for request in sorted(RECORDED, key=moment):
        clock.advance((moment(request) - clock.now()) / 1000 if moment(request) > clock.now() else 0)
        target = request["path"] + (f"?{request['query']}" if request["query"] else "")
        lines = [f"{request['method']} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in request["headers"])]
        body = b64decode(request["body_base64"])
        with socket.create_connection(("127.0.0.1", port), 10) as connection:
            connection.sendall("\r\n".join([*lines, "connection: close", "", ""]).encode("latin-1") + body)
            raw = b"".join(iter(lambda connection=connection: connection.recv(65536), b""))
        while raw.startswith(b"HTTP/1.1 100"):
            raw = raw.partition(b"\r\n\r\n")[2]
        assert_accepted(answer_of(raw))


@pytest.mark.parametrize("request_", RECORDED, ids=NAMES)
def test_a_recorded_request_is_accepted_in_process(request_: dict[str, Any]) -> None:
    app = create_app(Settings(), real_clock=ManualClock(moment(request_)))
    target = request_["path"] + (f"?{request_['query']}" if request_["query"] else "")
    headers = {name: value for name, value in request_["headers"] if name != "transfer-encoding"}
    reply = asyncio.run(exchange(app, request_["method"], target, headers, b64decode(request_["body_base64"])))
    assert_accepted(json.loads(reply.body))
    app.close()


def test_the_recording_has_the_clients_that_it_should_have() -> None:
    assert {request["client"].split()[0] for request in RECORDED} == {
        "qcloudapi-sdk-php",
        "qcloudapi-sdk-java",
        "qcloudapi-sdk-go",
    }
    assert {parse_qs(request["query"]).get("SignatureMethod", [""])[0] for request in RECORDED} >= {"HmacSHA256"}
