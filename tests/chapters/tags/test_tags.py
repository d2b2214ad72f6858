"""Tags: the printed forms, the documented errors, and the lists of keys and values."""

from typing import Any

import pytest
from conftest import MakeApi
from support.account import HEAD, device
from support.cases import Case, check_complete, check_refused
from support.examples import Page, examples, shape

from chapters.conftest import MakeAccount
from chapters.tags.cases import CASES, GOOD
from emulator.clock import ManualClock


@pytest.mark.parametrize(("page", "example"), examples("tags"))
def test_a_printed_request_gets_an_answer_of_the_printed_form(
    make_account: MakeAccount, page: Page, example: dict[str, Any]
) -> None:
    api = make_account(device("cpm-aaaaaaaa", 'tags = {test01 = "foo", test02 = "x"}'))
    answer = api.call(page.action, host=example["host"], **example["params"])
    assert shape(answer) == shape(example["response"])


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_documented_error_is_answered_and_changes_nothing(make_api: MakeApi, clock: ManualClock, case: Case) -> None:
    check_refused(case, make_api, clock, [*GOOD.items()])


def test_all_documented_errors_are_among_the_cases() -> None:
    check_complete("tags", GOOD, CASES)


def test_tags_are_listed_with_their_values(make_account: MakeAccount) -> None:
    api = make_account(
        device("cpm-aaaaaaaa", 'tags = {env = "prod", Team = "a"}'),
        device("cpm-bbbbbbbb", 'tags = {env = "test"}'),
        device("cpm-cccccccc"),
    )
    assert api.data("DescribeTagKeyList", serviceType="bm") == {"tagKeyList": ["Team", "env"]}
    assert api.data("DescribeTagKeyList", serviceType="bm", searchKey="te") == {"tagKeyList": ["Team"]}
    assert api.data("DescribeTagValueList", serviceType="bm", **{"tagKeyList.0": "env", "tagKeyList.1": "none"}) == [
        {"tagKey": "env", "tagValueList": ["prod", "test"]},
        {"tagKey": "none", "tagValueList": []},
    ]
    [row] = api.data("DescribeDevice", **{"instanceIds.0": "cpm-aaaaaaaa"})["deviceList"]
    assert row["tagDetail"] == [{"key": "Team", "value": "a"}, {"key": "env", "value": "prod"}]


def test_another_account_sees_no_tag_of_it(make_api: MakeApi) -> None:
    api = make_api(HEAD + device("cpm-aaaaaaaa", 'tags = {env = "prod"}'))
    assert api.data("DescribeTagKeyList", serviceType="bm") == {"tagKeyList": []}
