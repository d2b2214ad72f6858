"""`bm-emulator health`: an exit code for health checks, and a way to wait."""

import socket
import subprocess
import sys
from collections.abc import Callable

import pytest
from conftest import COMMAND, Server
from support.commands import CLEAN, run


@pytest.mark.socket
def test_health_is_0_while_an_emulator_answers(serve: Callable[..., Server]) -> None:
    server = serve()
    port = server.endpoint.rpartition(":")[2]
    assert run(COMMAND, "health", "--endpoint", server.endpoint).returncode == 0
    assert run(COMMAND, "health", env={**CLEAN, "BM_EMULATOR_PORT": port}).returncode == 0
    server.stop()
    gone = run(COMMAND, "health", "--port", port)
    assert (gone.returncode, gone.stdout) == (1, "")
    assert "nothing listens at http://127.0.0.1:" in gone.stderr


@pytest.mark.socket
def test_health_waits_for_an_emulator_that_starts() -> None:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = str(found.getsockname()[1])
    start = f"sleep 1; exec {COMMAND} serve --port {port}"
    server = subprocess.Popen(["sh", "-c", start], stdout=subprocess.DEVNULL, env=CLEAN)
    try:
        done = run(COMMAND, "health", "--port", port, "--wait", "30")
        assert (done.returncode, done.stdout) == (0, f"an emulator listens at http://127.0.0.1:{port}\n"), done.stderr
    finally:
        server.terminate()
        server.wait(10)


@pytest.mark.socket
def test_health_gives_up_and_knows_a_port_of_something_else() -> None:
    silent = "import socket, time; s = socket.create_server(('127.0.0.1', 0)); print(s.getsockname()[1], flush=True)"
    other = [sys.executable, "-c", f"{silent}; c = s.accept()[0]; c.sendall(b'hello'); c.close(); time.sleep(30)"]
    with subprocess.Popen(other, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        done = run(COMMAND, "health", "--port", process.stdout.readline().strip())
        process.kill()
    assert (done.returncode, "no emulator at" in done.stderr) == (1, True)
    assert run(COMMAND, "health", "--port", "1", "--wait", "0.3").returncode == 1
