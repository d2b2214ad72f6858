"""Every printed example of elastic IPs and their ACLs, sent verbatim and unsigned to the demo world.

An example that undoes another page's is sent after that one. The answer is the printed one, or DIFFERS says why not;
REFUSED says why a printed request cannot succeed where other pages are true.
"""

from typing import Any

import pytest
from conftest import MakeApi
from support.client import Api
from support.examples import Page, examples, pages, shape

from emulator.clock import ManualClock

EXAMPLES = [*examples("eip"), *examples("eip_acl")]
AFTER = {"EipBmDelete": "EipBmUnbindRs", "EipBmUnBindVpcIp": "EipBmBindVpcIp", "EipAclBmUnBind": "EipAclBmBind"}
NEW_TASK = "the call makes a new task, with a number of its own"
DIFFERS = {
    **dict.fromkeys(
        (
            "EipBmApply",
            "EipBmBindRs",
            "EipBmBindVpcIp",
            "EipBmDelete",
            "EipBmModifyCharge",
            "EipBmUnBindVpcIp",
            "EipBmUnbindRs",
        ),
        NEW_TASK,
    ),
    "DescribeEipBmQuota": "an account without elastic IPs is printed",
    "EipAclBmApply": "the ACL is new, with an id and a time of its own",
}
EMPTY = "offset=5 is sent, and both of the two that there are printed"
"""DescribeEipBm's first example."""


def send(api: Api, page: Page, example: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = api.send(
        {"Action": page.action, **example["params"]}, example["method"], example["host"]
    ).json()
    return found


@pytest.mark.parametrize(("page", "example"), EXAMPLES)
def test_a_printed_example_is_answered_as_printed_or_as_is_said_why_not(
    make_api: MakeApi, clock: ManualClock, page: Page, example: dict[str, Any]
) -> None:
    api, printed = make_api(auth="off"), example["response"]
    if page.action in AFTER:
        earlier = next(found for found in pages() if found.action == AFTER[page.action])
        assert send(api, earlier, earlier.examples[0])["code"] == 0
        clock.advance(60)
    answer = send(api, page, example)
    assert answer["code"] == 0, answer
    if "offset" in example["params"]:
        assert answer == {**printed, "data": {"eipSet": []}}, EMPTY
    elif page.action in DIFFERS:
        assert answer != printed, DIFFERS[page.action]
        assert shape(answer) == shape(printed)
    else:
        assert answer == printed
        assert [*answer] == [*printed]


def test_the_printed_pair_of_elastic_ips_is_listed_without_the_offset(make_api: MakeApi) -> None:
    """But for the time that they have been free, and for the fields that only the newer page prints."""
    page = next(found for found in pages() if found.action == "DescribeEipBm")
    example = page.examples[0]
    params = {name: value for name, value in example["params"].items() if name != "offset"}
    rows = send(make_api(auth="off"), page, {**example, "params": params})["data"]["eipSet"]
    for row, printed in zip(rows, example["response"]["data"]["eipSet"], strict=True):
        known = {name: value for name, value in printed.items() if name != "freeSecond"}
        assert {name: row[name] for name in known} == known


def test_all_are_sent() -> None:
    assert len(EXAMPLES) == 18
    assert {param.id for param in EXAMPLES} >= {*DIFFERS, *AFTER}
