"""The API explorer: every action with its form, signed and sent from the page."""

import re

import pytest
from support.browser import Browser
from support.client import Api

from emulator import contract
from emulator.contract.names import shape

PEM = "-----BEGIN PRIVATE KEY-----\n"
ACTIONS = "/_emulator/console/w/default/actions"


def test_every_action_is_listed_under_its_chapter(browser: Browser) -> None:
    browser.open(ACTIONS)
    assert f"{len(contract.load())} in all" in browser.text
    assert {action.name for action in contract.load()} <= browser.links.keys()


def test_actions_are_searched_by_name_and_purpose(browser: Browser) -> None:
    browser.open(ACTIONS).press("Show", text="rebootdev")
    assert "1 in all" in browser.text
    assert "RebootDevice" in browser.links


@pytest.mark.parametrize("action", contract.load(), ids=lambda action: f"{action.module}-{action.name}")
def test_an_action_shows_its_parameters_errors_and_answer(browser: Browser, action: contract.Action) -> None:
    text = browser.open(f"{ACTIONS}/{action.module}/{action.name}").text
    assert browser.status == 200
    for parameter in action.parameters:
        assert parameter.name in text
    for error in action.errors:
        assert f"provoke {error.code}" in browser.links
    for field in contract.response_fields(action):
        assert field.path in text


@pytest.mark.parametrize(
    "action", [action for action in contract.load() if contract.example(action)], ids=lambda action: action.name
)
def test_the_example_of_the_page_is_filled_in_and_sent_as_printed(browser: Browser, action: contract.Action) -> None:
    browser.open(f"{ACTIONS}/{action.module}/{action.name}").follow("Fill in an example")
    browser.press("Sign and send")
    assert browser.status == 200, browser.problem
    table = browser.html.partition('id="parameters"')[2].partition("</table>")[0]
    sent = {shape(name) for name in re.findall(r'<th scope="row"[^>]*>([^<]*)</th>', table)}
    known = {parameter.alias: parameter.name for parameter in action.parameters if parameter.alias}
    printed = {shape(name) for name, value in contract.example(action).items() if value}
    assert {
        ".".join([known.get(first, first), *rest]) for first, *rest in (name.split(".") for name in printed)
    } <= sent


def test_what_is_entered_is_signed_sent_and_shown(browser: Browser, api: Api) -> None:
    browser.open(f"{ACTIONS}/bm/DescribeDevice").press(
        "Sign and send", **{"p.instanceIds": "cpm-an5a9wv4, cpm-2bnempu5", "p.limit": "1", "method": "GET"}
    )
    assert "code 0" in browser.text
    assert "Signature: verified" in browser.text
    assert "instanceIds.1=cpm-2bnempu5&limit=1" in browser.text
    assert '"totalNum": 2' in browser.text
    assert "Request GET bm.api.qcloud.com" in browser.text


@pytest.mark.parametrize(
    "action", [action for action in contract.load() if not contract.example(action)], ids=lambda action: action.name
)
def test_without_an_example_what_is_required_is_filled_in(browser: Browser, action: contract.Action) -> None:
    browser.open(f"{ACTIONS}/{action.module}/{action.name}?example=1")
    form = browser.form("/send").fields
    known = {
        parameter.name
        for parameter in action.parameters
        if parameter.required and parameter.name.startswith("instanceId")
    }
    assert all(form[f"p.{name}"].startswith("cpm-") for name in known)


@pytest.mark.parametrize(
    ("action", "entered", "reason"),
    [
        ("ReloadDeviceOs", {"p.passwd": "S3cret!pass9", "more": "passwd=S3cret!pass9\nnovalue"}, "name=value"),
        ("SetOutBandVPNAuthPwd", {"p.password": "S3cret!pass9", "more": "novalue"}, "name=value"),
        ("UploadBmCert", {"p.cert": f"{PEM}S3cret!pass9", "more": "novalue"}, "name=value"),
        ("DescribeDevice", {"more": "passwd:S3cret!pass9"}, "line 1 has to be name=value"),
        ("BindHostedLanIP", {"p.instances": "0.password=S3cret!pass9\nnovalue"}, "name=value"),
    ],
)
def test_a_refused_form_does_not_show_the_secrets_that_were_entered(
    browser: Browser, action: str, entered: dict[str, str], reason: str
) -> None:
    module = "bmlb" if action == "UploadBmCert" else "bm"
    browser.open(f"{ACTIONS}/{module}/{action}").press("Sign and send", **entered)
    assert reason in browser.problem
    assert "S3cret!pass9" not in browser.html


@pytest.mark.parametrize(("field", "value"), [("secret_id", "AKIDnobody"), ("method", "PUT"), ("p.nope", "1")])
def test_what_no_form_of_the_page_sends_is_refused(browser: Browser, field: str, value: str) -> None:
    form = browser.open(f"{ACTIONS}/bm/DescribeDevice").form("/send")
    form.fields["p.nope"] = ""
    browser.press("Sign and send", **{field: value})
    assert browser.status == 422


def test_a_private_key_is_entered_with_its_lines(browser: Browser) -> None:
    key = f"{PEM}abc\n-----END PRIVATE KEY-----"
    browser.open(f"{ACTIONS}/bmlb/UploadBmCert").press("Sign and send", more=f"key={key}\ncolour=red")
    assert browser.status == 200
    assert re.search(r">key</th><td[^>]*>\*\*\*<", browser.html)
    assert re.search(r">colour</th><td[^>]*>red<", browser.html)


def test_what_the_console_makes_itself_is_not_sent_twice(browser: Browser) -> None:
    browser.open(f"{ACTIONS}/bm/DescribeDevice").press("Sign and send", more="Timestamp=1")
    assert "the console itself makes Timestamp" in browser.problem


def test_parameters_without_a_field_are_sent_too(browser: Browser) -> None:
    browser.open(f"{ACTIONS}/bm/DescribeDevice").press("Sign and send", more="dragon=1")
    assert re.search(r"dragon</th>.*?unknown", browser.html, re.DOTALL)
    browser.open(f"{ACTIONS}/bm/DescribeDevice").press("Sign and send", more="dragon")
    assert "has to be name=value" in browser.problem
    assert "dragon" in browser.form("DescribeDevice/send").fields["more"]


def test_ids_of_this_world_are_offered(browser: Browser) -> None:
    page = browser.open(f"{ACTIONS}/bm/GetDeviceOutBandInfo").html
    assert '<option value="cpm-an5a9wv4">' in page


def test_a_call_whose_answer_is_lost_is_shown_all_the_same(browser: Browser, api: Api) -> None:
    api.http.post("/_emulator/worlds/default/faults", json={"action": "DescribeRegions", "cut": True})
    browser.open(f"{ACTIONS}/bm/DescribeRegions").press("Sign and send")
    assert "no answer" in browser.text
    assert "DescribeRegions" in browser.text


def test_a_world_without_a_key_pair_says_so(browser: Browser, api: Api) -> None:
    fixture = {"accounts": [{"app_id": "1"}]}
    made = api.http.post("/_emulator/worlds", json={"name": "mute", "fixture": fixture})
    assert made.status_code == 201, made.text
    browser.open("/_emulator/console/w/mute/actions/bm/DescribeRegions").press("Sign and send")
    assert browser.problem == "no account of the world mute has a key pair to sign with"
