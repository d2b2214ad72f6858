"""`bm-emulator serve`, over a real socket."""

import os
import re
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from conftest import COMMAND, Server
from support.client import PATH

pytestmark = pytest.mark.socket
Serve = Callable[..., Server]
DEVICE = {"instanceId": "cpm-an5a9wv4"}


def command(*words: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, *words], capture_output=True, text=True, timeout=30, check=False, env={**os.environ, **(env or {})}
    )


def test_the_greeting_tells_where_and_with_which_keys_and_one_line_to_paste(serve: Serve) -> None:
    server = serve()
    listens, secret_id, secret_key, try_it = server.greeting
    assert re.search(r"listens on http://127.0.0.1:\d+/v2/index.php", listens)
    assert secret_id.split()[1] == "AKIDz8krbsJ5yKBZQpn74WFkmLPx3gnPhESA"
    assert secret_key.split()[1] == "Gu5t9xGARNpq86cd98joQYCN3Cozk1qA"
    pasted = subprocess.run(
        shlex.split(try_it.removeprefix("Try it")), capture_output=True, text=True, timeout=30, check=False
    )
    assert (pasted.returncode, '"dhcp_ip": "100.68.134.36"' in pasted.stdout) == (0, True), pasted


def test_the_line_to_paste_works_in_a_world_of_ones_own_too(serve: Serve, tmp_path: Path) -> None:
    fixture = tmp_path / "own.toml"
    account = '[[accounts]]\napp_id = "1"\ncredentials = [{secret_id = "AKIDown", secret_key = "own"}]\n'
    fixture.write_text(account, encoding="utf-8")
    try_it = serve("--fixture", str(fixture)).greeting[3]
    pasted = subprocess.run(
        shlex.split(try_it.removeprefix("Try it")), capture_output=True, text=True, timeout=30, check=False
    )
    assert (pasted.returncode, '"totalNum": 0' in pasted.stdout) == (0, True), pasted


def test_the_greeting_of_a_container_names_nothing_that_exists_only_inside(serve: Serve, tmp_path: Path) -> None:
    server = serve("--host", "0.0.0.0", "--https-port", "0", "--proxy-port", "0", "--ca-dir", str(tmp_path))
    greeting = [*server.greeting, *(server.process.stdout.readline().rstrip() for _ in range(4))]
    listens, _id, _key, try_it, note, https, proxy, control = greeting
    assert re.search(r"listens on port \d+ of every address \(", listens)
    assert try_it.endswith(" call GetDeviceOutBandInfo instanceId=cpm-an5a9wv4 --endpoint http://HOST:PORT")
    assert "the address that it is published at" in note
    assert re.fullmatch(rf"HTTPS      port \d+  \(trust a copy of .* container's {tmp_path}/ca.pem\)", https)
    assert re.fullmatch(r"Proxy      port \d+  \(https_proxy=http://HOST:PORT\)", proxy)
    assert control.startswith("Control ")
    assert "127.0.0.1" not in "".join(greeting)


def test_the_greeting_names_the_command_as_it_was_found(serve: Serve) -> None:
    path = f"{Path(COMMAND).parent}:{os.environ['PATH']}"
    assert serve(env={**os.environ, "PATH": path}).greeting[3].startswith("Try it     bm-emulator call ")
    assert serve(env={**os.environ, "PATH": "/usr/bin:/bin"}).greeting[3].startswith(f"Try it     {COMMAND} call ")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_real_client_is_answered(serve: Serve, method: str) -> None:
    response = serve().api().response("GetDeviceOutBandInfo", method=method, **DEVICE)
    assert response.json()["code"] == 0
    assert "server" not in response.headers


def test_a_kept_connection_serves_many_calls(serve: Serve) -> None:
    api = serve().api()
    for _ in range(50):
        assert api.call("GetDeviceOutBandInfo", **DEVICE)["code"] == 0


def test_running_a_script_takes_a_client_through_its_polling_loop(serve: Serve) -> None:
    api = serve("--time-scale", "0.01").api()
    run = {"userName": "root", "password": "123456", "cmdParam": "", "instanceId.0": "sdfrfss"}
    api.data("RunUserCmd", cmdId="cmd-nozcbhuw", **run)
    seen = []
    deadline = time.monotonic() + 10
    while (status := api.data("GetUserCmdTaskList")["list"][0]["status"]) != 0 and time.monotonic() < deadline:
        seen.append(status)
        time.sleep(0.05)
    assert status == 0
    assert set(seen) == {-1}


def test_a_file_keeps_state_and_nonces_across_restarts(serve: Serve, tmp_path: Path) -> None:
    database = str(tmp_path / "world.db")
    first = serve("--database", database)
    api = first.api()
    api.data("AddUserCmd", alias="kept", osType="linux", content="bHM=")
    params = api.signed("GetUserCmdList", {"searchKey": "kept"})
    assert api.send(params).json()["data"]["totalNum"] == 1
    first.stop()
    second = serve("--database", database)
    assert second.greeting[0].endswith(f"{database} with the world it holds)")
    api = second.api()
    assert api.send(params).json()["code"] == 4500
    assert api.data("GetUserCmdList", searchKey="kept")["totalNum"] == 1


def test_what_was_answered_survives_a_kill(serve: Serve, tmp_path: Path) -> None:
    database = str(tmp_path / "world.db")
    first = serve("--database", database)
    first.api().data("AddUserCmd", alias="kept", osType="linux", content="bHM=")
    first.stop(signal.SIGKILL)
    assert serve("--database", database).api().data("GetUserCmdList", searchKey="kept")["totalNum"] == 1


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_signals_stop_it_within_a_second_even_with_connections_open(serve: Serve, how: signal.Signals) -> None:
    server = serve()
    api = server.api()
    api.call("GetUserCmdList")
    with socket.create_connection(("127.0.0.1", int(server.endpoint.rsplit(":", 1)[1]))) as half_sent:
        half_sent.sendall(b"POST /v2/index.php HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nAction=")
        time.sleep(0.1)
        started = time.monotonic()
        server.stop(how)
        assert time.monotonic() - started < 1


def test_a_stop_leaves_no_traceback(serve: Serve, tmp_path: Path) -> None:
    server = serve()
    server.api().call("GetUserCmdList")
    assert server.stop(signal.SIGINT) == 130
    assert (tmp_path / "server0.log").read_text(encoding="utf-8") == ""


def test_every_setting_is_an_environment_variable_too(serve: Serve, tmp_path: Path) -> None:
    database = tmp_path / "env.db"
    settings = {"AUTH": "off", "PROFILE": "observed", "DATABASE": str(database), "SEED": "9", "DEVICES": "3"}
    settings["REGION"] = "note"
    server = serve(env={**os.environ, **{f"BM_EMULATOR_{name}": value for name, value in settings.items()}})
    assert "auth off, profile observed, database" in server.greeting[0]
    assert database.exists()
    response = server.api().send({"Action": "GetUserCmd", "cmdId": "cmd-nozcbhuw"})
    assert response.headers["Content-Type"].startswith("text/html")
    assert server.api().send({"Action": "DescribeRegions", "Region": "nowhere"}).json()["code"] == 0


def test_limits_are_settings(serve: Serve) -> None:
    api = serve("--auth", "off", "--max-query", "100", "--max-body", "100", "--max-parameters", "3").api()
    assert api.send({"Action": "GetUserCmdList", "x": "y" * 100}).status_code == 414
    assert api.send({"Action": "GetUserCmdList", "x": "y" * 100}, "POST").status_code == 413
    assert api.send({"Action": "GetUserCmdList", "a": 1, "b": 2, "c": 3}).status_code == 413


def test_the_window_of_timestamps_is_a_setting(serve: Serve) -> None:
    api = serve("--timestamp-window", "300").api()
    assert api.call("GetUserCmdList", Timestamp=int(time.time()) - 299)["code"] == 0
    assert api.call("GetUserCmdList", Timestamp=int(time.time()) - 310)["code"] == 4500


def test_a_port_in_use_is_one_clear_line(serve: Serve) -> None:
    port = serve().endpoint.rsplit(":", 1)[1]
    second = command("serve", "--port", port)
    assert second.returncode == 1
    assert re.fullmatch(rf"Error: cannot listen on 127.0.0.1, port {port}: .* in use.*--port.*\n", second.stderr)


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["--fixture", "no-such-file.toml"], 1, "cannot read the fixture no-such-file.toml"),
        (["--nonsense"], 2, "No such option"),
        (["--auth", "maybe"], 2, "'maybe' is not one of"),
        (["--port", "70000"], 2, "not a whole number from 0 to 65,535"),
        (["--database", "postgresql://localhost/x"], 1, "a world lives in SQLite"),
        (["--database", "/no/such/folder/world.db"], 1, "cannot use the database"),
        (["--host", "no.such.host.invalid"], 1, "cannot listen on no.such.host.invalid"),
    ],
)
def test_what_cannot_be_started_says_why(words: list[str], code: int, told: str) -> None:
    failed = command("serve", "--port", "0", *words)
    assert failed.returncode == code
    assert told in failed.stderr
    assert "Traceback" not in failed.stderr


def test_a_wrong_environment_variable_is_named() -> None:
    failed = command("serve", env={"BM_EMULATOR_PORT": "many"})
    assert (failed.returncode, "BM_EMULATOR_PORT" in failed.stderr) == (2, True), failed.stderr


def test_secrets_are_not_in_the_log(serve: Serve, tmp_path: Path) -> None:
    server = serve("--log-level", "info")
    api = server.api()
    run = {"userName": "root", "password": "tr0ub4dor", "cmdParam": "", "instanceId.0": "sdfrfss"}
    api.call("RunUserCmd", cmdId="cmd-nozcbhuw", **run)
    api.send({**api.signed("RunUserCmd", run), "Signature": "wrong"})
    api.call("SetOutBandVPNAuthPwd", password="tr0ub4dor!", createOrUpdate="create")
    server.stop()
    log = (tmp_path / "server0.log").read_text(encoding="utf-8")
    assert "GET RunUserCmd cmd-nozcbhuw sdfrfss: 0, " in log
    assert "password=***" in log
    assert "tr0ub4dor" not in log
    assert api.secret_key not in log


def test_health_is_told(serve: Serve) -> None:
    assert httpx.get(f"{serve().endpoint}/_emulator/health", trust_env=False).json() == {"status": "ok"}


def test_a_request_line_that_is_no_http_gets_a_400_and_not_a_traceback(serve: Serve, tmp_path: Path) -> None:
    server = serve()
    with socket.create_connection(("127.0.0.1", int(server.endpoint.rsplit(":", 1)[1]))) as connection:
        connection.sendall(b"\x16\x03\x01\x00\xff nonsense\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 400")
    server.stop()
    assert "Traceback" not in (tmp_path / "server0.log").read_text(encoding="utf-8")


def test_thousands_of_devices_are_made_with_a_progress_bar(serve: Serve, tmp_path: Path) -> None:
    started = time.monotonic()
    server = serve("--devices", "10000")
    assert server.api().call("GetDeviceOutBandInfo", **DEVICE)["code"] == 0
    assert time.monotonic() - started < 10
    assert "making devices" in (tmp_path / "server0.log").read_text(encoding="utf-8")


def call(server: Server, *words: str) -> subprocess.CompletedProcess[str]:
    return command("call", "--endpoint", server.endpoint, *words)


@pytest.mark.parametrize("options", [(), ("--post",), ("--sha256",), ("--post", "--sha256", "--region", "gz")])
def test_call_signs_sends_and_prints(serve: Serve, options: tuple[str, ...]) -> None:
    done = call(serve(), *options, "GetUserCmdList", "limit=1", "searchKey=输入")
    assert (done.returncode, '"alias": "shell输入"' in done.stdout) == (0, True), done


def test_call_says_by_its_exit_code_and_how_to_go_on_when_it_was_refused(serve: Serve) -> None:
    server = serve()
    refused = call(server, "--secret-key", "wrong", "GetUserCmdList")
    assert (refused.returncode, '"code": 4100' in refused.stdout) == (1, True)
    explain = shlex.split(refused.stderr.removeprefix("explained by:"))
    told = command(*explain[1:], "--endpoint", server.endpoint)
    assert told.returncode == 0
    assert "the signature is wrong" in told.stdout
    assert "action               GetUserCmdList" in told.stdout


def test_call_without_a_server_is_one_clear_line() -> None:
    failed = command("call", "--endpoint", "http://127.0.0.1:1", "GetUserCmdList")
    assert failed.returncode == 1
    assert re.fullmatch(r"Error: no answer from http://127.0.0.1:1.*is `bm-emulator serve` running\?\n", failed.stderr)


def test_an_unknown_request_is_told_so(serve: Serve) -> None:
    failed = command("explain", "0-0", "--endpoint", serve().endpoint)
    assert (failed.returncode, "nothing is kept of the request 0-0" in failed.stderr) == (1, True)


def test_sign_and_call_agree_with_the_server(serve: Serve) -> None:
    api = serve().api()
    params = "&".join(f"{name}={value}" for name, value in api.common("GetUserCmdList").items())
    signed = command("sign", f"https://bm.api.qcloud.com{PATH}?{params}")
    encoded = signed.stdout.splitlines()[2].split()[1]
    assert api.http.get(f"{PATH}?{params}&Signature={encoded}", headers={"Host": "localhost"}).json()["code"] == 0


def test_two_servers_keep_to_themselves(serve: Serve) -> None:
    one, other = serve().api(), serve().api()
    one.data("AddUserCmd", alias="mine", osType="linux", content="bHM=")
    assert other.data("GetUserCmdList", searchKey="mine")["totalNum"] == 0


def test_an_answer_goes_out_in_one_write(serve: Serve) -> None:
    """The head of an answer and its body arrive together, and pipelined calls are answered one after the other."""
    server = serve("--auth", "off")
    call = b"GET /v2/index.php?Action=DescribeRegions HTTP/1.1\r\nHost: bm.api.qcloud.com\r\n\r\n"
    with socket.create_connection(("127.0.0.1", int(server.endpoint.rsplit(":", 1)[1])), timeout=10) as connection:
        connection.sendall(call)
        first = connection.recv(65536)
        length = int(re.search(rb"content-length: (\d+)", first)[1])
        assert len(first.partition(b"\r\n\r\n")[2]) == length
        connection.sendall(call * 3)
        received = b""
        while received.count(b"HTTP/1.1 200 OK") < 3 or not received.endswith(first[-20:]):
            received += connection.recv(65536)
        assert received.count(b'{"code":0,') == 3


def test_an_answer_without_a_body_goes_out_too(serve: Serve) -> None:
    response = httpx.head(f"{serve().endpoint}/_emulator/health", trust_env=False)
    assert (response.status_code, response.content) == (200, b"")
