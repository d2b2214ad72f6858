"""The documented API as data, and the one place where parameters are checked from it."""

from collections.abc import Iterator
from typing import Any

import pytest
from support.client import Api
from support.examples import Page, pages

from emulator import contract
from emulator.call import CommonRefusal, Refusal
from emulator.chapters import BEHAVIOURS
from emulator.contract import Action, Envelope, Parameter
from emulator.gateway.parameters import read_parameters
from emulator.gateway.routes import Routes
from emulator.testing import WorldClient

ACTIONS = {(action.module, action.name): action for action in contract.load()}
DOCUMENTED = [key for key, action in ACTIONS.items() if not action.undocumented]


def action(*parameters: Parameter, parameter_error: int | None = None) -> Action:
    errors = tuple(
        contract.DocumentedError(code, f"Error{code}", "") for code in (parameter_error, 18001) if code is not None
    )
    return Action("Test", "bm", ("h",), "", "", Envelope(("code",), ""), parameters, errors, parameter_error)


def read(parameter: Parameter, **sent: str) -> Any:
    return read_parameters(action(parameter), sent).get(parameter.name)


def test_every_documented_action_is_known() -> None:
    assert len(DOCUMENTED) == 172
    assert len({name for _, name in DOCUMENTED}) == 171  # QueryBmTgwClusterMode is two


def test_a_common_parameter_is_known_to_the_journal_and_to_fault_rules(bm_world: WorldClient, world_api: Api) -> None:
    optional = [parameter.name for parameter in contract.COMMON_PARAMETERS if not parameter.required]
    sent = dict.fromkeys(optional, "x")
    bm_world.faults.set("GetUserCmdList", parameters=sent, error=9001)
    response = world_api.response("GetUserCmdList", **sent)
    assert response.json()["codeDesc"] == "InternalError.DbError"
    assert bm_world.journal.story(response.headers["X-Emulator-Request-Id"])["unknown_parameters"] == []


def test_every_action_has_its_examples_in_the_tests_data() -> None:
    assert sorted(page.action for page in pages()) == sorted(name for _, name in DOCUMENTED)


def test_every_behaviour_has_a_contract_and_every_contract_a_behaviour_or_the_start_stops() -> None:
    assert ACTIONS.keys() == BEHAVIOURS.keys()
    with pytest.raises(ValueError, match=r"behaviour without a contract.*MakeCoffee"):
        Routes(contract.load(), {**BEHAVIOURS, ("bm", "MakeCoffee"): lambda _call: {}})
    with pytest.raises(ValueError, match=r"contract without behaviour.*AddUserCmd"):
        Routes(contract.load(), {key: BEHAVIOURS[key] for key in BEHAVIOURS if key[1] != "AddUserCmd"})


@pytest.mark.parametrize("key", BEHAVIOURS, ids=lambda key: key[1])
def test_every_behaviour_names_the_page_it_follows(key: tuple[str, str]) -> None:
    assert ACTIONS[key].page in (BEHAVIOURS[key].__doc__ or "")


def test_every_pattern_is_in_words_too() -> None:
    found = [parameter for action in contract.load() for parameter in _with_fields(action.parameters)]
    assert [parameter for parameter in found if parameter.pattern and not parameter.rule] == []


def _with_fields(parameters: tuple[Parameter, ...]) -> Iterator[Parameter]:
    for parameter in parameters:
        yield parameter
        yield from _with_fields(parameter.fields)


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.action)
def test_no_printed_request_lacks_a_text_because_it_is_empty(page: Page) -> None:
    refusals = [
        _refusal(found, example["params"])
        for (_, name), found in ACTIONS.items()
        for example in page.examples
        if name == page.action
    ]
    assert [why for why in refusals if "sent empty" in why] == []


def _refusal(found: Action, sent: dict[str, str]) -> str:
    try:
        read_parameters(found, sent)
    except Refusal as refusal:
        return refusal.why
    return ""


@pytest.mark.parametrize("found", ACTIONS.values(), ids=lambda found: f"{found.module}-{found.name}")
def test_every_default_satisfies_its_own_rule(found: Action) -> None:
    for parameter in found.parameters:
        if parameter.default is not None:
            value = read_parameters(action(parameter), {parameter.name: str(parameter.default)})[parameter.name]
            assert value == parameter.default


@pytest.mark.parametrize(("text", "value"), [("0", 0), ("-5", -5), ("007", 7), ("9223372036854775807", 2**63 - 1)])
def test_whole_numbers(text: str, value: int) -> None:
    assert read(Parameter("n", "Int"), n=text) == value


@pytest.mark.parametrize("text", ["x", "1.0", "1e3", " 1", "+1", "--1", "９", "9223372036854775808", "9" * 5000, "1 "])
def test_what_is_no_whole_number(text: str) -> None:
    with pytest.raises(CommonRefusal, match="4000"):
        read(Parameter("n", "Int"), n=text)


@pytest.mark.parametrize(("text", "value"), [("1", 1.0), ("-0.5", -0.5)])
def test_numbers(text: str, value: float) -> None:
    assert read(Parameter("n", "Float"), n=text) == value


@pytest.mark.parametrize("text", ["nan", "inf", "1e3", "1.", "x"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(CommonRefusal):
        read(Parameter("n", "Float"), n=text)


@pytest.mark.parametrize(("text", "value"), [("0", False), ("1", True), ("true", True), ("false", False)])
def test_truth_values(text: str, value: bool) -> None:
    assert read(Parameter("n", "Bool"), n=text) is value


@pytest.mark.parametrize(
    ("low", "high", "good", "bad"), [(1, 3, "123", "04"), (None, 3, "03", "4"), (1, None, "19", "0")]
)
def test_ranges(low: int | None, high: int | None, good: str, bad: str) -> None:
    parameter = Parameter("n", "Int", min=low, max=high)
    assert [read(parameter, n=digit) for digit in good] == [int(digit) for digit in good]
    for digit in bad:
        with pytest.raises(CommonRefusal):
            read(parameter, n=digit)


def test_enumerations() -> None:
    assert read(Parameter("n", "Int", enum=(8, 4, 1)), n="4") == 4
    with pytest.raises(CommonRefusal):
        read(Parameter("n", "Int", enum=(8, 4, 1)), n="5")
    with pytest.raises(CommonRefusal):
        read(Parameter("n", "String", enum=("a",), required=True), n="")


def test_patterns_must_fit_the_whole_value() -> None:
    parameter = Parameter("n", "String", pattern="^[a-z]{2}$")
    assert read(parameter, n="ab") == "ab"
    for text in ("abc", "ab\n", "a"):
        with pytest.raises(CommonRefusal):
            read(parameter, n=text)


@pytest.mark.parametrize("text", ["", "YQ==", "YW\r\nJj"])
def test_base64(text: str) -> None:
    assert read(Parameter("n", "String", format="base64"), n=text) == text


@pytest.mark.parametrize("text", ["YQ=", "Y Q==", "Y-_=", "é"])
def test_what_is_no_base64(text: str) -> None:
    with pytest.raises(CommonRefusal):
        read(Parameter("n", "String", format="base64"), n=text)


def test_arrays_have_a_greatest_length() -> None:
    parameter = Parameter("n", "Array(Int)", max_items=2)
    assert read(parameter, **{"n.3": "1", "n.11": "2"}) == [1, 2]
    with pytest.raises(CommonRefusal):
        read(parameter, **{"n.0": "1", "n.1": "2", "n.2": "3"})


def test_objects_in_arrays_are_read_field_by_field() -> None:
    inner = (
        Parameter("port", "Int", required=True),
        Parameter("ips", "Array(String)"),
        Parameter("w", "Int", default=10),
    )
    parameter = Parameter("backends", "Array(Object)", fields=inner)
    sent = {"backends.1.port": "80", "backends.1.ips.0": "10.0.0.1", "backends.0.port": "81", "backends.0.w": "5"}
    assert read(parameter, **sent) == [{"port": 81, "w": 5}, {"port": 80, "ips": ["10.0.0.1"], "w": 10}]


def test_a_bad_field_is_named_by_its_whole_path() -> None:
    parameter = Parameter("backends", "Array(Object)", fields=(Parameter("port", "Int", required=True),))
    with pytest.raises(CommonRefusal) as refused:
        read(parameter, **{"backends.1.port": "x"})
    assert refused.value.message == "(4000)请求失败，参数错误:[backends.1.port]"


def test_a_documented_object_is_read_under_its_own_name() -> None:
    hosted = ACTIONS["bm", "BindHostedLanIP"]
    instances = next(parameter for parameter in hosted.parameters if parameter.fields)
    given = {f"{instances.name}.0.{field.name}": "x" for field in instances.fields}
    values = read_parameters(action(instances), given)[instances.name]
    assert [field.name for field in instances.fields] == list(values[0])


def test_the_alias_is_read_and_the_documented_name_comes_first() -> None:
    parameter = Parameter("deviceClassCode", "String", alias="deviceClass")
    assert read(parameter, deviceClass="a") == "a"
    assert read(parameter, deviceClass="a", deviceClassCode="b") == "b"


def test_defaults_stand_in_for_what_is_not_sent_or_sent_empty() -> None:
    parameter = Parameter("n", "Int", default=20)
    assert read(parameter) == 20
    assert read(parameter, n="") == 20
    assert read(Parameter("n", "Int"), n="") is None
    assert read(Parameter("n", "String"), n="") == ""


def test_without_an_error_of_its_own_the_action_answers_4000() -> None:
    with pytest.raises(CommonRefusal) as missing:
        read(Parameter("n", "Int", required=True))
    assert missing.value.message == "请求失败，参数[n]不能为空。"
    with pytest.raises(CommonRefusal) as bad:
        read(Parameter("n", "Int"), n="x")
    assert bad.value.message == "(4000)请求失败，参数错误:[n]"


def test_with_one_it_answers_that_and_the_closest_one_for_a_bad_value() -> None:
    closest = action(Parameter("n", "Int", required=True, error=18001), parameter_error=10001)
    for sent, code in (({}, 10001), ({"n": "x"}, 18001)):
        with pytest.raises(Refusal) as refused:
            read_parameters(closest, sent)
        assert refused.value.name == code


def test_a_parameter_error_reaches_the_wire_with_the_parameters_name(api: Api) -> None:
    assert api.call("GetUserCmdList", offset=-1) == {
        "code": 10001,
        "message": "(10001)参数错误:[offset]",
        "codeDesc": "InvalidParameter",
    }
    assert api.call("GetOutBandVPNAuthInfo") == {
        "code": 4000,
        "message": "请求失败，参数[zoneId]不能为空。",
        "codeDesc": "InvalidParameter",
    }
