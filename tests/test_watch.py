"""`bm-emulator watch` shows calls as they come."""

import threading
from collections.abc import Callable

import pytest
from click.testing import CliRunner

from emulator.cli import main
from emulator.testing import Emulator, WorldClient

Watch = Callable[..., str]


@pytest.fixture
def watch(bm_emulator: Emulator, bm_world: WorldClient) -> Watch:
    """Watch the test's world while a few calls come."""

    def watched(*words: str) -> str:
        def calls() -> None:
            bm_world.call("DescribeDevice", limit=1)
            bm_world.call("DescribeDevice", limit="many")
            bm_world.call("DescribeRegions")

        bm_world.call("GetUserCmdList")  # before anybody watches
        timer = threading.Timer(0.5, calls)
        timer.start()
        options = ["--world", bm_world.name, "--endpoint", bm_emulator.url, "--for", "2"]
        done = CliRunner().invoke(main, ["watch", *words, *options], color=True)
        timer.join()
        assert done.exit_code == 0, done.output
        return done.stdout

    return watched


def test_calls_are_shown_as_they_come_and_refused_ones_in_red(watch: Watch) -> None:
    first, second, third = watch().splitlines()
    assert "DescribeDevice limit=1: 0, " in first
    assert second.startswith("\x1b[31m")
    assert "limit: 'many' is no whole number" in second
    assert "DescribeRegions: 0, " in third


def test_refused_calls_and_those_of_an_action_can_be_singled_out(watch: Watch) -> None:
    [refused] = watch("--refused").splitlines()
    assert "limit=many: 10001" in refused
    [other] = watch("--action", "DescribeRegions").splitlines()
    assert "DescribeRegions" in other


def test_an_emulator_that_is_not_there_is_told() -> None:
    done = CliRunner().invoke(main, ["watch", "--endpoint", "http://127.0.0.1:1", "--for", "1"])
    assert done.exit_code == 1
    assert "the connection was refused" in done.output
