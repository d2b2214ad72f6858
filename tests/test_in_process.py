"""The emulator without a socket, and as a context manager for scripts and unittest."""

import asyncio
import socket
import threading
import unittest

import httpx
import pytest
import requests
from support.client import HOST, Api

from emulator.serving import ListenError
from emulator.testing import Emulator, connect


def test_requests_reach_it_through_an_adapter() -> None:
    with Emulator(listen=False) as emulator, requests.Session() as session:
        session.mount("https://", emulator.requests_adapter())
        params = Api(None, emulator.world.secret_id, emulator.world.secret_key).signed("DescribeRegions", method="POST")  # type: ignore[arg-type]
        answer = session.post(f"https://{HOST}/v2/index.php", data=params)
        assert (answer.status_code, answer.json()["code"]) == (200, 0)
        assert answer.headers["Content-Type"].startswith("application/json")
        emulator.world.journal.called("DescribeRegions", times=1)


def test_requests_see_a_cut_connection() -> None:
    with Emulator(listen=False, auth="off") as emulator, requests.Session() as session:
        session.mount("https://", emulator.requests_adapter())
        emulator.world.faults.set("DescribeRegions", cut=True, times=1)
        url = f"https://{HOST}/v2/index.php?Action=DescribeRegions"
        with pytest.raises(requests.ConnectionError):
            session.get(url)
        assert session.get(url).json()["code"] == 0


def test_httpx_reaches_it_through_a_transport() -> None:
    with Emulator(listen=False) as emulator:
        client = httpx.Client(transport=emulator.httpx_transport(), base_url=f"https://{HOST}")
        assert Api(client).call("DescribeRegions")["code"] == 0
        emulator.world.faults.set("DescribeRegions", lose_answer=True)
        with pytest.raises(httpx.ReadError):
            Api(client).call("DescribeRegions")


def test_async_httpx_reaches_it_as_an_application() -> None:
    async def story(emulator: Emulator) -> int:
        transport = httpx.ASGITransport(emulator.app)
        async with httpx.AsyncClient(transport=transport, base_url=f"https://{HOST}") as client:
            return (await client.get("/v2/index.php?Action=DescribeRegions")).json()["code"]

    with Emulator(listen=False, auth="off") as emulator:
        assert asyncio.run(story(emulator)) == 0


def test_threads_do_not_meet_in_a_world() -> None:
    with Emulator(listen=False) as emulator:
        world = emulator.world
        before = world.call("GetUserCmdList")["data"]["totalNum"]

        def add(thread: int) -> None:
            for number in range(5):
                answer = world.call("AddUserCmd", alias=f"{thread}-{number}", osType="linux", content="bHM=")
                assert answer["code"] == 0

        threads = [threading.Thread(target=add, args=(thread,)) for thread in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert world.call("GetUserCmdList")["data"]["totalNum"] == before + 20


def test_it_serves_unittest() -> None:
    class Case(unittest.TestCase):
        def setUp(self) -> None:
            self.emulator = Emulator().start()
            self.addCleanup(self.emulator.stop)

        def test_call(self) -> None:
            self.assertEqual(self.emulator.new_world().call("DescribeRegions")["code"], 0)  # noqa: PT009

    result = unittest.TextTestRunner(stream=open("/dev/null", "w")).run(Case("test_call"))  # noqa: PTH123, SIM115
    assert result.wasSuccessful()


def test_one_that_runs_elsewhere_is_driven_the_same_way(bm_emulator: Emulator) -> None:
    elsewhere = connect(bm_emulator.url)
    world = elsewhere.new_world("elsewhere", devices=2)
    assert len(elsewhere.find_world("elsewhere").inventory.ids("devices")) == 2
    world.delete()


def test_settings_are_those_of_serve() -> None:
    with Emulator(profile="observed", auth="off", fixtures=("empty",)) as emulator:
        response = httpx.get(f"{emulator.url}/v2/index.php?Action=GetUserCmdList", trust_env=False)
        assert response.headers["Content-Type"].startswith("text/html")
        assert response.json()["data"]["totalNum"] == 0


def test_what_is_not_started_says_so() -> None:
    emulator = Emulator(listen=False)
    with pytest.raises(RuntimeError, match="not started"):
        _ = emulator.app
    with pytest.raises(ConnectionRefusedError):
        _ = emulator.world


def test_a_database_in_a_file_is_reset_and_restored_too(tmp_path) -> None:
    with Emulator(listen=False, database=str(tmp_path / "w.db")) as emulator:
        world = emulator.world
        before = world.call("GetUserCmdList")["data"]["totalNum"]
        world.snapshot("s")
        world.call("AddUserCmd", alias="mine", osType="linux", content="bHM=")
        fork = world.fork()
        world.restore("s")
        assert world.call("GetUserCmdList")["data"]["totalNum"] == before
        assert fork.call("GetUserCmdList")["data"]["totalNum"] == before + 1
        world.call("AddUserCmd", alias="mine", osType="linux", content="bHM=")
        world.clock.freeze("2017-10-20T10:00:00")
        world.reset()
        world.call("AddUserCmd", alias="kept", osType="linux", content="bHM=")
        world.clock.freeze("2017-10-21T10:00:00")
    with Emulator(listen=False, database=str(tmp_path / "w.db")) as emulator:
        assert emulator.world.call("GetUserCmdList")["data"]["totalNum"] == before + 1
        assert emulator.world.clock.time == "2017-10-21 10:00:00"


def test_one_that_cannot_listen_lets_go_of_its_database(tmp_path) -> None:
    database = str(tmp_path / "w.db")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        with pytest.raises(ListenError, match=r"cannot listen on 127\.0\.0\.1"):
            Emulator(port=taken.getsockname()[1], database=database).start()
        with Emulator(listen=False, database=database) as emulator:
            assert emulator.world.call("DescribeRegions")["code"] == 0
