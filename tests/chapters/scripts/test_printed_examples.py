"""The worked examples of the pages whose world the demo fixture holds, replayed: out-of-band access and scripts."""

from typing import Any

import pytest
from conftest import MakeApi
from support.client import Api
from support.examples import Page, at, pages, shape

PAGES = [page for page in pages() if page.chapter in ("outband", "scripts")]
LISTS = ("GetUserCmdList", "GetUserCmdTaskList")
"""Printed before the scripts and tasks of the other pages existed, under an account with more of both."""
WIRE_TYPES = {"string": str, "number": int, "bool": bool, "array": list, "object": dict, "null": type(None)}


def each_example(*, lists: bool) -> Any:
    chosen = [
        pytest.param(page, example, id=page.action)
        for page in PAGES
        for example in page.examples
        if (page.action in LISTS) is lists
    ]
    return pytest.mark.parametrize(("page", "example"), chosen)


def replay(make_api: MakeApi, page: Page, example: dict[str, Any]) -> tuple[Api, dict[str, Any]]:
    api = make_api(auth="off")
    return api, api.send({"Action": page.action, **example["params"]}, example["method"], example["host"]).json()


@each_example(lists=False)
def test_a_printed_request_gets_the_printed_answer(make_api: MakeApi, page: Page, example: dict[str, Any]) -> None:
    _, answer = replay(make_api, page, example)
    assert answer == example["response"]
    assert shape(answer) == shape(example["response"])


@each_example(lists=True)
def test_a_printed_list_request_gets_an_answer_of_the_printed_form_with_the_printed_rows(
    make_api: MakeApi, page: Page, example: dict[str, Any]
) -> None:
    api, answer = replay(make_api, page, example)
    assert shape(answer) == shape(example["response"])
    whole = api.send({"Action": page.action}).json()["data"]["list"]
    printed = example["response"]["data"]["list"]
    assert [row for row in whole if row in printed] == printed


@each_example(lists=False)
def test_a_printed_request_that_is_signed_gets_the_same(make_api: MakeApi, page: Page, example: dict[str, Any]) -> None:
    answer = make_api().call(page.action, method="POST", host=example["host"], **example["params"])
    assert answer == example["response"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.action)
def test_every_documented_field_is_there_with_its_printed_type(make_api: MakeApi, page: Page) -> None:
    _, answer = replay(make_api, page, page.examples[0])
    for field in page.response:
        values = at(answer, field["path"])
        assert values, field
        if "wire" in field:
            assert {type(value) for value in values} == {WIRE_TYPES[field["wire"]]}, field


def test_all_eleven_are_replayed() -> None:
    assert len(PAGES) == 11
    assert all(page.examples for page in PAGES)
