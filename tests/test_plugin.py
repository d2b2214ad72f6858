"""The pytest plugin, driven by pytest itself."""

import pytest
from support.many import suite

CLIENT = """
import pytest
DEVICE = "cpm-an5a9wv4"
"""
LEAN = ("-p", "no:schemathesis", "-p", "no:hypothesispytest", "-p", "no:cacheprovider")
PLAIN = (*LEAN, "-p", "no:randomly")


def run(pytester: pytest.Pytester, text: str, *options: str) -> pytest.RunResult:
    pytester.makepyfile(CLIENT + text)
    return pytester.runpytest_subprocess(*PLAIN, *options)


def test_a_test_gets_a_fresh_world_with_all_that_drives_it(pytester: pytest.Pytester) -> None:
    done = run(
        pytester,
        """
@pytest.mark.parametrize("time", [1, 2])
def test_world(bm_emulator, bm_world, time):
    assert bm_emulator.url.startswith("http://127.0.0.1:")
    assert bm_world.call("GetUserCmdList", searchKey="mine")["data"]["totalNum"] == 0
    bm_world.call("AddUserCmd", alias="mine", osType="linux", content="bHM=")
    bm_world.journal.called("AddUserCmd", times=1)
    bm_world.clock.freeze()
    bm_world.faults.set("GetUserCmdList", error=9001)
    assert bm_world.call("GetUserCmdList")["code"] == 9001
    assert bm_world.inventory.device(DEVICE)["state"] == "running"
""",
    )
    done.assert_outcomes(passed=2)


def test_markers_say_what_the_world_is_like_and_the_nearest_counts(pytester: pytest.Pytester) -> None:
    account = '[[accounts]]\napp_id = "77"\ncredentials = [{ secret_id = "a", secret_key = "b" }]\n'
    pytester.path.joinpath("own.toml").write_text(account, encoding="utf-8")
    done = run(
        pytester,
        """
@pytest.mark.bm_devices(3)
@pytest.mark.bm_seed("7")
@pytest.mark.bm_frozen("2017-10-20T10:00:00")
class TestMarked:
    def test_all(self, bm_world):
        assert len(bm_world.inventory.ids("devices")) == 3
        assert (bm_world.seed, bm_world.clock.time) == ("7", "2017-10-20 10:00:00")

    @pytest.mark.bm_seed("8")
    def test_nearest(self, bm_world):
        assert bm_world.seed == "8"

@pytest.mark.bm_fixture("own.toml")
@pytest.mark.bm_time_scale(0)
def test_fixture(bm_world):
    assert bm_world.app_id == "77"
""",
        "--strict-markers",
    )
    done.assert_outcomes(passed=3)


@pytest.mark.parametrize(
    ("marker", "shown"),
    [
        ("bm_frozen()", "@pytest.mark.bm_frozen(time) takes this one argument, not ()."),
        ("bm_seed(sed=7)", "@pytest.mark.bm_seed(seed) takes this one argument, not (sed=7)."),
        ("bm_devices(1, 2)", "@pytest.mark.bm_devices(number) takes this one argument, not (1, 2)."),
    ],
)
def test_a_marker_without_its_argument_is_explained(pytester: pytest.Pytester, marker: str, shown: str) -> None:
    done = run(pytester, f"@pytest.mark.{marker}\ndef test_marked(bm_world):\n    pass\n")
    done.assert_outcomes(errors=1)
    assert shown in done.stdout.str()
    done.stdout.no_fnmatch_line("*Traceback*")
    done.stdout.no_fnmatch_line("*IndexError*")


def test_a_marker_takes_its_argument_by_name(pytester: pytest.Pytester) -> None:
    done = run(
        pytester,
        """
@pytest.mark.bm_seed(seed=7)
@pytest.mark.bm_devices(number=2)
@pytest.mark.bm_frozen(time="2017-10-20T10:00:00")
@pytest.mark.bm_time_scale(scale=0)
@pytest.mark.bm_fixture(file="empty")
def test_marked(bm_world):
    assert (bm_world.seed, bm_world.clock.time) == ("7", "2017-10-20 10:00:00")
    assert len(bm_world.inventory.ids("devices")) == 2
""",
    )
    done.assert_outcomes(passed=1)


def test_a_client_whose_clock_is_frozen_with_its_world_is_served(pytester: pytest.Pytester) -> None:
    done = run(
        pytester,
        """
import calendar, time

@pytest.mark.bm_frozen("2017-10-20T10:00:00")
def test_frozen(bm_world):
    frozen = calendar.timegm((2017, 10, 20, 2, 0, 0))
    for timestamp, code in ((frozen, 0), (time.time(), 0), (frozen - 7201, 4500)):
        assert bm_world.call("DescribeRegions", Timestamp=int(timestamp), Nonce=int(timestamp))["code"] == code
""",
    )
    done.assert_outcomes(passed=1)


@pytest.mark.parametrize("settings", [{"auth": "strickt"}, {"autt": "off"}])
def test_wrong_settings_are_refused(pytester: pytest.Pytester, settings: dict) -> None:
    done = run(
        pytester,
        f"""
@pytest.fixture(scope="session")
def bm_emulator_settings():
    return {settings}

def test_settings(bm_world):
    pass
""",
    )
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["E*SettingsError: *did you mean *"])


def test_a_failing_test_shows_the_last_calls_and_why_the_last_was_refused(pytester: pytest.Pytester) -> None:
    done = run(
        pytester,
        """
def test_failing(bm_world):
    bm_world.call("DescribeRegions")
    assert bm_world.call("GetUserCmdList", limit="many")["code"] == 0
""",
    )
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(
        [
            "*- bm-emulator -*",
            "the last calls to the world test-failing-*:",
            "  * POST DescribeRegions: code 0",
            "  * POST GetUserCmdList limit=many: code 10001 (10001)*[[]limit]",
            "why GetUserCmdList was refused [[]*]:",
            "  limit = many",
            "  limit: 'many' is no whole number",
        ]
    )


def test_a_failing_test_shows_world_time_and_folds_polls(pytester: pytest.Pytester) -> None:
    done = run(
        pytester,
        """
@pytest.mark.bm_frozen("2017-10-20T10:00:00")
def test_failing(bm_world):
    task = bm_world.call("RebootDevice", instanceIds=[DEVICE], opUin="1")["data"]["taskId"]
    for _ in range(12):
        bm_world.call("DescriptionOperationResult", taskId=task)
        bm_world.clock.advance(1)
    assert bm_world.call("GetUserCmdList", searchKey="a b", limit=5)["code"] == 1
""",
    )
    done.stdout.fnmatch_lines(
        [
            "the last calls to the world test-failing-*, by its time:",
            "  2017-10-20 10:00:00 POST RebootDevice instanceIds.0=cpm-an5a9wv4 opUin=1: code 0",
            "  2017-10-20 10:00:00 POST DescriptionOperationResult taskId=*: code 0  (12 times, until * 10:00:11)",
            "  2017-10-20 10:00:12 POST GetUserCmdList searchKey='a b' limit=5: code 0",
        ],
        consecutive=True,
    )


def test_a_failing_test_shows_calls_with_a_key_that_no_world_has(pytester: pytest.Pytester) -> None:
    done = run(
        pytester,
        """
from emulator.testing.api import ApiClient
from emulator.testing.driver import over_socket

def test_failing(bm_emulator, bm_world):
    client = ApiClient(over_socket(bm_emulator.url), "AKIDwrong", "key")
    assert client.call("DescribeRegions", {})["code"] == 0
""",
    )
    done.stdout.fnmatch_lines(["  no account of this emulator has the SecretId AKIDwrong"])


def test_a_passing_test_shows_nothing_and_a_rule_that_never_fired_is_a_warning(pytester: pytest.Pytester) -> None:
    done = run(
        pytester,
        """
def test_passing(bm_world):
    bm_world.faults.set("GetUserCmdList", error=9001)
""",
    )
    done.assert_outcomes(passed=1, warnings=1)
    done.stdout.fnmatch_lines(["*UnfiredFault: fault 1: error 9001 never fired*GetUserCmdList*"])
    done.stdout.no_fnmatch_line("*- bm-emulator -*")


def test_an_assertion_about_calls_points_at_the_test(pytester: pytest.Pytester) -> None:
    done = run(
        pytester,
        """
def test_failing(bm_world):
    bm_world.journal.called("RunUserCmd")
""",
    )
    done.stdout.fnmatch_lines(['>*bm_world.journal.called("RunUserCmd")', "E*RunUserCmd was called 0 times*"])


def test_a_world_is_gone_after_its_test_and_has_the_same_ids_at_each_run(pytester: pytest.Pytester) -> None:
    text = """
def test_ids(bm_world, bm_emulator):
    assert [world.name for world in bm_emulator.worlds()] == ["default", bm_world.name]
    bm_world.call("AddUserCmd", alias="mine", osType="linux", content="bHM=")
    print("ID", bm_world.call("GetUserCmdList", searchKey="mine")["data"]["list"][0]["cmdId"], bm_world.secret_id)

def test_gone(bm_emulator):
    assert [world.name for world in bm_emulator.worlds()] == ["default"]
"""
    told = []
    for _ in range(2):
        done = run(pytester, text, "-s")
        done.assert_outcomes(passed=2)
        told.append([line for line in done.outlines if "ID cmd-" in line])
    assert told[0] == told[1] != []


def test_the_servers_settings_can_be_overridden(pytester: pytest.Pytester) -> None:
    done = run(
        pytester,
        """
import urllib.request

@pytest.fixture(scope="session")
def bm_emulator_settings():
    return {"auth": "off", "profile": "observed"}

def test_settings(bm_emulator):
    answer = urllib.request.urlopen(f"{bm_emulator.url}/v2/index.php?Action=DescribeRegions")
    assert answer.headers["Content-Type"].startswith("text/html")
""",
    )
    done.assert_outcomes(passed=1)


def test_a_suite_that_does_not_use_it_does_not_import_the_emulator(pytester: pytest.Pytester) -> None:
    done = run(
        pytester,
        """
import sys

def test_nothing():
    assert {name for name in sys.modules if name.startswith(("emulator.", "sqlalchemy", "starlette"))} == {
        "emulator.clock",
        "emulator.pytest_plugin",
    }
""",
    )
    done.assert_outcomes(passed=1)


def test_async_tests_may_use_it(pytester: pytest.Pytester) -> None:
    done = run(
        pytester,
        """
import asyncio, httpx
from emulator.testing import Emulator

def test_async(bm_world):
    async def story():
        return await asyncio.to_thread(bm_world.call, "DescribeRegions")
    assert asyncio.run(story())["code"] == 0

def test_async_in_process():
    async def story():
        with Emulator(listen=False, auth="off") as emulator:
            transport = httpx.ASGITransport(emulator.app)
            async with httpx.AsyncClient(transport=transport, base_url="https://bm.api.qcloud.com") as client:
                answer = (await client.get("/v2/index.php?Action=DescribeRegions")).json()
            emulator.world.journal.called("DescribeRegions", times=1)
            return answer["code"]
    assert asyncio.run(story()) == 0
""",
    )
    done.assert_outcomes(passed=2)


@pytest.mark.parametrize("seed", [1, 2])
def test_many_tests_in_four_workers_and_random_order_do_not_meet(pytester: pytest.Pytester, seed: int) -> None:
    pytester.makepyfile(suite(50))
    done = pytester.runpytest_subprocess(*LEAN, "-n", "4", f"--randomly-seed={seed}")
    done.assert_outcomes(passed=50)
