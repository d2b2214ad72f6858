"""`bm-emulator schema`: parameters that an action accepts and answers that the pages print fit, and others do not."""

import json
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import jsonschema_rs
import pytest
from click.testing import CliRunner
from support.cases import chapters
from support.examples import pages

from emulator import contract
from emulator.cli import main
from emulator.contract import Action
from emulator.contract.schema import answer_schema, parameters_schema

ACTIONS = {action.name: action for action in contract.load()}


def schema(*words: str) -> Any:
    done = CliRunner().invoke(main, ["schema", *words])
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


@pytest.mark.parametrize("action", contract.load(), ids=lambda action: f"{action.module}-{action.name}")
def test_every_action_has_schemas(action: Action) -> None:
    for made in (parameters_schema(action), answer_schema(action)):
        jsonschema_rs.meta.validate(made)


def structured(described: Any, sent: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a request as a program holds them: numbers are numbers, and arrays are arrays."""
    values: dict[str, Any] = {}
    for name, value in sent.items():
        place = values
        *path, leaf = name.split(".")
        for part in path:
            place = place.setdefault(part, {})
        place[leaf] = value
    return {name: typed(described["properties"].get(name, {}), value) for name, value in values.items()}


def typed(described: Any, value: Any) -> Any:
    described = described.get("anyOf", [described])[0]
    if isinstance(value, dict) and described.get("type") == "array":
        return [typed(described["items"], item) for item in value.values()]
    if isinstance(value, dict):
        return structured(described, value)
    return int(value) if described.get("type") == "integer" else str(value)


def accepted() -> Iterator[Any]:
    for chapter in chapters():
        for name, sent in import_module(f"chapters.{chapter}.cases").GOOD.items():
            yield pytest.param(ACTIONS[name], sent, id=name)


@pytest.mark.parametrize(("action", "sent"), list(accepted()))
def test_parameters_that_the_action_accepts_fit(action: Action, sent: Mapping[str, Any]) -> None:
    described = parameters_schema(action)
    values = structured(described, sent)
    jsonschema_rs.validate(described, values)
    for name in described.get("required", ()):
        without = {key: value for key, value in values.items() if key != name}
        assert not jsonschema_rs.is_valid(described, without)


CONTRADICTIONS = {
    "DescribeDeviceClassRaid-0": "a field is a text, and an object in one row",
    "ModifyBmSslVpnGw-1": "a number of the first example is a text in the second",
}
"""Examples that do not fit their own page's table or other example."""


def printed() -> Iterator[Any]:
    for page in pages():
        if page.action in ACTIONS:
            for number, example in enumerate(page.examples):
                name = f"{page.action}-{number}"
                reason = CONTRADICTIONS.get(name, "")
                marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
                yield pytest.param(page.action, example, id=name, marks=marks)


@pytest.mark.parametrize(("name", "example"), list(printed()))
def test_answers_that_the_pages_print_fit(name: str, example: dict[str, Any]) -> None:
    jsonschema_rs.validate(answer_schema(ACTIONS[name]), example["response"])


def test_limits_choices_and_secrets_are_told() -> None:
    run, buy = schema("RunUserCmd", "--part", "parameters"), schema("BuyDevice")["parameters"]
    assert run["required"] == ["cmdId", "userName", "password", "cmdParam", "instanceIds"]
    assert run["properties"]["password"]["writeOnly"] is True
    assert buy["properties"]["goodsNum"]["type"] == "integer"
    assert buy["properties"]["timeUnit"]["enum"]


def test_the_answer_is_nested() -> None:
    answer = schema("DescribeDevice", "--part", "answer")
    device = answer["properties"]["data"]["properties"]["deviceList"]["items"]
    assert device["properties"]["instanceId"]["type"] == ["string", "null"]


def test_an_unknown_action_is_an_error() -> None:
    done = CliRunner().invoke(main, ["schema", "RunCmd"])
    assert (done.exit_code, "no known action is named RunCmd" in done.output) == (2, True)
