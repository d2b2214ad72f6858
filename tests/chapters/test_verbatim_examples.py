"""Every printed example of the chapters that are here, sent verbatim and unsigned to the demo world.

Each is answered with success. The answer is the printed one, to the order of its keys and the types of its values,
unless the pages contradict themselves or each other: OTHERWISE says where and why, and what of the print holds then.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from conftest import NOW, MakeApi
from support.examples import Page, examples, shape
from support.replay import replay

from emulator.clock import ManualClock, from_wire

CHAPTERS = ("devices", "outband", "scripts", "regions", "hosted", "tags")
EXAMPLES = [found for chapter in CHAPTERS for found in examples(chapter)]
CLOCK = {
    "DescribeDeviceClassPartition": "2012-11-05 21:10:16",
    "GetBindHostedLanIPStatus": "2018-04-24 12:00:06",
}
"""The moment at which a page was printed, where its answer depends on that."""


@dataclass(frozen=True)
class Otherwise:
    """Why an answer is not the printed one, and what of the two must be equal all the same."""

    reason: str
    same: Callable[[Any, Any], Any]
    """From the answer's `data` and the printed one: the part of the answer's that is compared with the print."""
    printed: Callable[[Any], Any] = lambda printed: printed
    """What it is compared with."""


def rows(*path: str) -> Callable[[Any, Any], Any]:
    """The printed rows that the answer holds, in the answer's order."""

    def found(answer: Any, printed: Any) -> Any:
        for key in path:
            answer, printed = answer[key], printed[key]
        return [row for row in answer if row in printed]

    return found


def form(answer: Any, _printed: Any = None) -> Any:
    """The keys and types of the answer, without the rows of lists."""
    return [(key, "list" if isinstance(value, list) else shape(value)) for key, value in answer.items()]


NEW_TASK = Otherwise("the call makes a new task, with a number of its own", lambda answer, _: shape(answer), shape)
FILTERED = Otherwise("the filters ask for other servers than the print shows, by id, name, address and VPC", form, form)
OTHERWISE = {
    "BuyDevice": Otherwise(
        "five servers are ordered and two printed; their ids and the order's time are new",
        lambda answer, _: [list(answer), [shape(ids) for ids in answer["resourceIds"].values()]],
        lambda printed: [list(printed), [shape(ids) for ids in printed["resourceIds"].values()]],
    ),
    "DescribeDevice": Otherwise(
        f"{FILTERED.reason}; one subnet is printed with two numbers, and servers of two accounts in one list",
        lambda answer, _: (form(answer), answer["totalNum"], shape(answer["deviceList"][0])),
        lambda printed: (form(printed), printed["totalNum"], shape(printed["deviceList"][1])),
    ),
    "DescribeDevicePosition": FILTERED,
    "DescribeDeviceTrash": FILTERED,
    "DescribeDeviceClass": Otherwise("two classes are printed, and other pages print more", rows()),
    "DescribeDeviceClassRaid": Otherwise(
        "two of a class's RAID types are printed, and DescribeDeviceClassPartition prints more of the same class",
        lambda answer, printed: {code: {raid: answer[code][raid] for raid in printed[code]} for code in printed},
    ),
    "DescribeOs": Otherwise("system 2 is missing, which BuyDevice's page orders for the same class", rows()),
    "DescribeDeviceHardwareInfo": Otherwise(
        "two servers are asked for and a third is printed",
        lambda answer, printed: [{**row, "instanceId": printed[0]["instanceId"]} for row in answer],
        lambda printed: printed * 2,
    ),
    "DescriptionOperationResult": Otherwise(
        "printed twice, once with stray blanks in keys and ids",
        lambda answer, _: str(answer).replace(" ", ""),
        lambda printed: str(printed).replace(" ", ""),
    ),
    "RebootDevice": NEW_TASK,
    "RecoveryBmTgwCluster": NEW_TASK,
    "ReloadDeviceOs": NEW_TASK,
    "ResetDevicePasswd": NEW_TASK,
    "StartDevice": NEW_TASK,
    "SwitchToBmExclusiveCluster": NEW_TASK,
    "SwitchToBmSharedCluster": NEW_TASK,
    "GetUserCmdList": Otherwise(
        "printed before other pages' scripts existed, under an account with 31 scripts",
        lambda answer, _: shape(answer),
        shape,
    ),
    "GetUserCmdTaskList": Otherwise(
        "printed before another page's task existed, under an account with 16 tasks",
        rows("list"),
        lambda printed: printed["list"],
    ),
    "DescribeHostedDevice": Otherwise(
        "one server is printed, and other pages ask for two more",
        rows("list"),
        lambda printed: printed["list"],
    ),
    "DescribeTagKeyList": Otherwise(
        "one key is printed, and DescribeTagValueList's page prints two others",
        lambda answer, printed: {"tagKeyList": [key for key in answer["tagKeyList"] if key in printed["tagKeyList"]]},
    ),
}
"""By action; the rest of each answer, around its `data`, is the printed one here too."""


@pytest.fixture
def clock(request: pytest.FixtureRequest) -> ManualClock:
    """The clock stands at the moment at which the page of the test was printed."""
    page = request.node.callspec.params.get("page") if hasattr(request.node, "callspec") else None
    return ManualClock(from_wire(CLOCK[page.action]) if page and page.action in CLOCK else NOW)


@pytest.mark.parametrize(("page", "example"), EXAMPLES)
def test_a_printed_example_is_answered_as_printed_or_as_is_said_why_not(
    make_api: MakeApi, page: Page, example: dict[str, Any]
) -> None:
    answer, printed = replay(make_api, page, example)[1], example["response"]
    assert answer.get("code", answer.get("returnCode")) == 0
    if page.action not in OTHERWISE:
        assert answer == printed
        assert shape(answer) == shape(printed)
        return
    otherwise = OTHERWISE[page.action]
    assert list(answer) == list(printed)
    assert {**answer, "data": None} == {**printed, "data": None}
    assert otherwise.same(answer["data"], printed["data"]) == otherwise.printed(printed["data"]), otherwise.reason


@pytest.mark.parametrize("action", OTHERWISE)
def test_what_is_excepted_does_differ(make_api: MakeApi, action: str) -> None:
    found = [param.values for param in EXAMPLES if param.id == action]
    assert found
    assert any(replay(make_api, page, example)[1] != example["response"] for page, example in found)


def test_all_are_sent() -> None:
    assert len(EXAMPLES) == 46


def test_the_two_servers_of_two_pages_can_be_started_and_can_be_rebooted(make_api: MakeApi) -> None:
    both = {"instanceIds.1": "cpm-34xs43xs", "instanceIds.2": "cpm-34xs43ab", "opUin": "1"}
    for action in ("StartDevice", "RebootDevice"):
        assert make_api().call(action, **both)["code"] == 0


def test_no_address_is_had_twice_and_none_is_the_gateways(make_api: MakeApi) -> None:
    api = make_api()
    servers = [*api.data("DescribeDevice", limit=100)["deviceList"], *api.data("DescribeHostedDevice")["list"]]
    places = [(row["unSubnetId"], row["lanIp"]) for row in servers if row["lanIp"]]
    assert len(places) == len(set(places)) == 30
    assert not [address for _, address in places if address.endswith(".0.1")]
