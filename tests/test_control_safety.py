"""Who may drive the emulator, and that nothing that is sent to the control interface breaks it."""

import socket
from collections.abc import Callable

import httpx
import pytest
import schemathesis
from conftest import Server
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from emulator.control.openapi import describe
from emulator.testing import ControlError, Emulator, WorldClient, connect

WORLDS = "/_emulator/worlds"


def status(emulator: Emulator, **headers: str) -> int:
    return httpx.get(emulator.url + WORLDS, headers=headers, trust_env=False).status_code


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:1234", "[::1]:80", "bm.api.qcloud.com"])
def test_this_machines_own_names_and_the_emulated_hosts_may_be_called(bm_emulator: Emulator, host: str) -> None:
    assert status(bm_emulator, Host=host) == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "10.0.0.1", "127.0.0.1.evil.example", ""])
def test_dns_rebinding_is_refused_by_the_host(bm_emulator: Emulator, host: str) -> None:
    assert status(bm_emulator, Host=host) == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:3000", "http://127.0.0.1"])
def test_a_page_of_another_site_may_not_drive_it(bm_emulator: Emulator, origin: str) -> None:
    assert status(bm_emulator, Origin=origin) == 403


@pytest.mark.parametrize("host", ["evil.example/_emulator/health?", "evil.example/_emulator/health#"])
def test_a_host_that_pretends_to_be_the_open_path_may_not(bm_emulator: Emulator, host: str) -> None:
    assert status(bm_emulator, Host=host) == 403


def test_a_page_of_its_own_may(bm_emulator: Emulator) -> None:
    assert status(bm_emulator, Origin=bm_emulator.url) == 200


def test_a_client_from_another_machine_may_not() -> None:
    with Emulator(listen=False) as emulator:
        transport = httpx.ASGITransport(emulator.app, client=("192.0.2.1", 1))

        async def ask() -> int:
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                return (await client.get(WORLDS)).status_code

        import asyncio

        assert asyncio.run(ask()) == 403


@pytest.mark.socket
def test_an_emulator_that_others_can_reach_prints_a_token_and_wants_it(serve: Callable[..., Server]) -> None:
    server = serve("--host", "0.0.0.0")
    printed = next(line for line in server.process.stdout if line.startswith("Control "))
    token = printed.split()[1]
    assert httpx.get(server.endpoint + WORLDS, trust_env=False).status_code == 401
    with pytest.raises(ControlError, match="is driven with a control token"):
        connect(server.endpoint).worlds()
    with pytest.raises(ControlError, match="this control token is not this emulator's"):
        connect(server.endpoint, token="wrong").worlds()
    assert [world.name for world in connect(server.endpoint, token).worlds()] == ["default"]
    assert httpx.get(server.endpoint + "/_emulator/health", trust_env=False).status_code == 200


@pytest.mark.socket
def test_a_token_of_ones_own_is_wanted_on_this_machine_too(serve: Callable[..., Server]) -> None:
    server = serve("--control-token", "open sesame")
    assert httpx.get(server.endpoint + WORLDS, trust_env=False).status_code == 401
    assert connect(server.endpoint, "open sesame").world.name == "default"


@pytest.mark.socket
def test_open_control_is_open(serve: Callable[..., Server]) -> None:
    server = serve("--host", "0.0.0.0", "--open-control")
    assert httpx.get(server.endpoint + WORLDS, headers={"Host": "a.b"}, trust_env=False).status_code == 200


def test_other_methods_and_paths_are_refused_and_pointed_to_what_there_is(bm_emulator: Emulator) -> None:
    wrong = httpx.put(bm_emulator.url + WORLDS, trust_env=False)
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "GET, POST")
    nowhere = httpx.get(bm_emulator.url + "/_emulator/nowhere", trust_env=False)
    assert (nowhere.status_code, "openapi.json" in nowhere.json()["error"]) == (404, True)


def test_a_body_that_is_no_json_or_too_large_is_refused(bm_emulator: Emulator) -> None:
    assert httpx.post(bm_emulator.url + WORLDS, content=b"{", trust_env=False).status_code == 400
    assert httpx.post(bm_emulator.url + WORLDS, content=b"\xff\xfe", trust_env=False).status_code == 400
    assert httpx.post(bm_emulator.url + WORLDS, content=b"[" * 100_000, trust_env=False).status_code == 400
    assert httpx.post(bm_emulator.url + WORLDS, content=b" " * 9_000_000, trust_env=False).status_code == 413


def test_a_client_that_goes_away_leaves_nothing_behind(bm_emulator: Emulator) -> None:
    before = len(bm_emulator.worlds())
    address = httpx.URL(bm_emulator.url)
    for _ in range(20):
        with socket.create_connection((address.host, address.port)) as half_sent:
            half_sent.sendall(b"POST /_emulator/worlds HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{")
    assert len(bm_emulator.worlds()) == before


DESCRIPTION = describe("0")
OPERATIONS = [(path, method) for path, methods in DESCRIPTION["paths"].items() for method in methods]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=lambda part: part)
def test_every_answer_of_the_control_interface_is_as_described(
    bm_emulator: Emulator, bm_world: WorldClient, path: str, method: str
) -> None:
    description = schemathesis.openapi.from_url(f"{bm_emulator.url}/_emulator/openapi.json")
    known = {"world": bm_world.name, "device": "cpm-an5a9wv4", "script": "cmd-nozcbhuw", "account": "251000873"}
    known |= {
        "hosted_server": "chm-gaci4xvn",
        "incident": "over-quota",
        "zone": "1000100003",
        "device_class": "PS100v1",
        "snapshot": "s",
    }
    bm_world.snapshot("s")

    def check(case: schemathesis.Case) -> None:
        if (path, method) == ("/_emulator/worlds", "post") and isinstance(case.body, dict):
            case.body.pop("devices", None)  # thousands of them take seconds
        if case.meta.generation.mode.is_positive:
            case.path_parameters.update({name: value for name, value in known.items() if name in case.path_parameters})
        case.call_and_validate(checks=CHECKS)

    operation = description[path][method.upper()]
    for mode in schemathesis.GenerationMode:
        wanted = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        try:
            wanted(given(operation.as_strategy(generation_mode=mode))(check))()
        except Unsatisfiable:
            continue  # nothing can be wrong about it
    for world in bm_emulator.worlds():
        world.faults.clear()
        if world.name not in ("default", bm_world.name):
            world.delete()
