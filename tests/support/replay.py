"""The worked examples whose world the demo fixture holds, replayed against it."""

from typing import Any

from conftest import MakeApi

from support.client import Api
from support.examples import Page, at, shape

_WIRE_TYPES = {"string": str, "number": int, "bool": bool, "array": list, "object": dict, "null": type(None)}


def replay(make_api: MakeApi, page: Page, example: dict[str, Any]) -> tuple[Api, dict[str, Any]]:
    """Send the printed request, unsigned as it is printed: the Api that sent it, and the answer."""
    api = make_api(auth="off")
    return api, api.send({"Action": page.action, **example["params"]}, example["method"], example["host"]).json()


def check_printed_answer(make_api: MakeApi, page: Page, example: dict[str, Any]) -> None:
    """Check that the printed request gets the printed answer: values, order of keys, types."""
    _, answer = replay(make_api, page, example)
    assert answer == example["response"]
    assert shape(answer) == shape(example["response"])


def check_printed_answer_to_a_signed_request(make_api: MakeApi, page: Page, example: dict[str, Any]) -> None:
    answer = make_api().call(page.action, method="POST", host=example["host"], **example["params"])
    assert answer == example["response"]


def check_documented_fields(make_api: MakeApi, page: Page, example: dict[str, Any]) -> None:
    """Check that every field of the page's response table is there, with the type that the example prints."""
    _, answer = replay(make_api, page, example)
    for field in page.response:
        values = at(answer, field["path"])
        assert values, field
        if "wire" in field:
            assert {type(value) for value in values} == {_WIRE_TYPES[field["wire"]]}, field
