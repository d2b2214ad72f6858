"""The worked examples of scripts, replayed in the demo world."""

from typing import Any

import pytest
from conftest import MakeApi
from support.examples import Page, examples, pages, shape
from support.replay import (
    check_documented_fields,
    check_printed_answer,
    check_printed_answer_to_a_signed_request,
    replay,
)

PAGES = [page for page in pages() if page.chapter == "scripts"]
LISTS = ("GetUserCmdList", "GetUserCmdTaskList")
"""Printed before the scripts and tasks of the other pages existed, under an account with more of both."""
OTHERS = [page.action for page in PAGES if page.action not in LISTS]


@pytest.mark.parametrize(("page", "example"), examples("scripts", but=LISTS))
def test_a_printed_request_gets_the_printed_answer(make_api: MakeApi, page: Page, example: dict[str, Any]) -> None:
    check_printed_answer(make_api, page, example)


@pytest.mark.parametrize(("page", "example"), examples("scripts", but=OTHERS))
def test_a_printed_list_request_gets_an_answer_of_the_printed_form_with_the_printed_rows(
    make_api: MakeApi, page: Page, example: dict[str, Any]
) -> None:
    api, answer = replay(make_api, page, example)
    assert shape(answer) == shape(example["response"])
    whole = api.send({"Action": page.action}).json()["data"]["list"]
    printed = example["response"]["data"]["list"]
    assert [row for row in whole if row in printed] == printed


@pytest.mark.parametrize(("page", "example"), examples("scripts", but=LISTS))
def test_a_printed_request_that_is_signed_gets_the_same(make_api: MakeApi, page: Page, example: dict[str, Any]) -> None:
    check_printed_answer_to_a_signed_request(make_api, page, example)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.action)
def test_every_documented_field_is_there_with_its_printed_type(make_api: MakeApi, page: Page) -> None:
    check_documented_fields(make_api, page, page.examples[0])


def test_all_eight_are_replayed() -> None:
    assert len(PAGES) == 8
    assert all(page.examples for page in PAGES)
