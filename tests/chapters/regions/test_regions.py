"""Regions: the printed answer, and one region by its number."""

from support.cases import check_complete
from support.client import Api
from support.examples import pages, shape

from chapters.regions.cases import CASES, GOOD


def test_the_printed_request_gets_the_printed_answer(account: Api) -> None:
    [page] = [page for page in pages() if page.chapter == "regions"]
    [example] = page.examples
    printed = example["response"]
    answer = account.call(page.action, host=example["host"], **example["params"])
    assert answer["data"].keys() == printed["data"].keys()
    assert shape({**answer, "data": None}) == shape({**printed, "data": None})
    assert answer["data"] == printed["data"]


def test_one_region_may_be_asked_for(api: Api) -> None:
    assert list(api.data("DescribeRegions", host="bm.api.cloud.tencent.com", regionId=4)) == ["4"]
    assert api.call("DescribeRegions", regionId=5)["code"] == 4000


def test_all_documented_errors_are_among_the_cases() -> None:
    check_complete("regions", GOOD, CASES)
