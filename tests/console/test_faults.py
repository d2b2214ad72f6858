"""Fault rules and incidents, in the console."""

import re

from support.browser import Browser
from support.client import Api

FAULTS = "/_emulator/console/w/default/faults"


def faults(api: Api) -> list[dict]:
    return api.http.get("/_emulator/worlds/default/faults").json()


def test_the_form_offers_what_the_action_documents(browser: Browser) -> None:
    browser.open(FAULTS).press("Offer its errors", action="BuyDevice")
    assert "error:100207" in browser.form("faults/set").choices["does"]
    assert "operation:hang" in browser.form("faults/set").choices["does"]


def test_an_action_that_begins_no_work_offers_none_to_disturb(browser: Browser) -> None:
    browser.open(f"{FAULTS}?action=DescribeDevice")
    assert not [choice for choice in browser.form("faults/set").choices["does"] if choice.startswith("operation")]


def test_a_rule_is_set_and_fires(browser: Browser, api: Api) -> None:
    browser.open(f"{FAULTS}?action=DescribeDevice").press("Set the rule", does="error:9001", times="1")
    assert browser.status in (200, 422)
    [rule] = faults(api) or [None]
    if rule is None:
        raise AssertionError(browser.problem)
    assert api.call("DescribeDevice", limit=1)["code"] == 9001
    assert api.call("DescribeDevice", limit=1)["code"] == 0
    assert re.search(r'<td class="number">1</td><td class="number">1</td>', browser.open(FAULTS).html)


def test_each_plain_kind_of_rule_can_be_set(browser: Browser, api: Api) -> None:
    kinds = [choice for choice in browser.open(FAULTS).form("faults/set").choices["does"] if choice]
    for kind in kinds:
        browser.open(FAULTS).press("Set the rule", does=kind)
        assert "The rule is set." in browser.text, (kind, browser.problem)
    assert len(faults(api)) == len(kinds)


def test_a_rule_for_some_calls_only(browser: Browser, api: Api) -> None:
    browser.open(f"{FAULTS}?action=RebootDevice").press(
        "Set the rule", does="operation:fail", state="devices:running", parameters="opUin=7", lasts="60", skip="1"
    )
    [found] = faults(api)
    assert found["rule"] == {
        "action": "RebootDevice",
        "operation": "fail",
        "kind": "devices",
        "state": "running",
        "parameters": {"opUin": "7"},
        "lasts": 60,
        "skip": 1,
    }


def test_a_rule_that_no_call_could_meet_is_refused_with_what_was_entered(browser: Browser, api: Api) -> None:
    browser.open(f"{FAULTS}?action=DescribeDevice").press("Set the rule", does="error:9001", parameters="nothing=1")
    assert "has no parameter nothing" in browser.problem
    assert browser.form("faults/set").fields["does"] == "error:9001"
    browser.press("Set the rule", times="often", parameters="")
    assert "times: " in browser.problem
    assert faults(api) == []


def test_a_rule_that_does_nothing_is_refused(browser: Browser) -> None:
    browser.open(FAULTS).press("Set the rule")
    assert "does nothing" in browser.problem


def test_rules_are_removed_one_by_one_and_all_at_once(browser: Browser, api: Api) -> None:
    for _ in range(3):
        browser.open(FAULTS).press("Set the rule", does="cut")
    browser.press("Remove")
    assert len(faults(api)) == 2
    browser.press("Remove all")
    assert faults(api) == []


def test_an_incident_is_started_and_stopped_with_one_click(browser: Browser, api: Api) -> None:
    browser.open(FAULTS).press("Start over-quota")
    assert api.call("DescribeRegions")["code"] == 4400
    browser.press("Stop over-quota")
    assert api.call("DescribeRegions")["code"] == 0


def test_a_documented_error_leads_from_its_action_to_the_filled_form(browser: Browser, api: Api) -> None:
    browser.open("/_emulator/console/w/default/actions/bm/BuyDevice").follow("provoke 100207")
    browser.press("Set the rule")
    assert faults(api)[0]["rule"] == {"action": "BuyDevice", "error": 100207}
