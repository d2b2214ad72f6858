"""The worked examples of out-of-band access, replayed in the demo world."""

from typing import Any

import pytest
from conftest import MakeApi
from support.examples import Page, examples, pages
from support.replay import check_documented_fields, check_printed_answer, check_printed_answer_to_a_signed_request

PAGES = [page for page in pages() if page.chapter == "outband"]


@pytest.mark.parametrize(("page", "example"), examples("outband"))
def test_a_printed_request_gets_the_printed_answer(make_api: MakeApi, page: Page, example: dict[str, Any]) -> None:
    check_printed_answer(make_api, page, example)


@pytest.mark.parametrize(("page", "example"), examples("outband"))
def test_a_printed_request_that_is_signed_gets_the_same(make_api: MakeApi, page: Page, example: dict[str, Any]) -> None:
    check_printed_answer_to_a_signed_request(make_api, page, example)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.action)
def test_every_documented_field_is_there_with_its_printed_type(make_api: MakeApi, page: Page) -> None:
    check_documented_fields(make_api, page, page.examples[0])


def test_all_three_are_replayed() -> None:
    assert len(PAGES) == 3
    assert all(page.examples for page in PAGES)
