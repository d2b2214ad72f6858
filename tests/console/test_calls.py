"""Calls in the console: the list, its filters, one call, and the call sent again."""

import re

import pytest
from support.browser import HOME, Browser
from support.client import Api

CALLS = "/_emulator/console/w/default/calls"


def rows(browser: Browser) -> list[list[str]]:
    """The cells of the list, without its head."""
    table = browser.html.partition("<tbody")[2].partition("</tbody>")[0]
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in table.split("</tr>") if "<td" in row]
    return [[re.sub(r"<[^>]*>", "", cell).strip() for cell in row] for row in cells]


def actions(browser: Browser) -> list[str]:
    return [row[2] for row in rows(browser)] if browser.address == HOME else [row[1] for row in rows(browser)]


def test_the_newest_call_is_the_first(browser: Browser, api: Api) -> None:
    api.call("DescribeRegions")
    api.call("DescribeDevice", limit=1)
    assert actions(browser.open(HOME)) == ["DescribeDevice", "DescribeRegions"]


def test_a_line_tells_what_came_of_the_call(browser: Browser, api: Api) -> None:
    api.call("DescribeDevice", limit="many")
    [line] = rows(browser.open(CALLS))
    assert line[1:4] == ["DescribeDevice", "10001", "(10001)参数错误:[limit]"]
    assert line[6] == "verified"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("action=DescribeDevice", ["DescribeDevice", "DescribeDevice"]),
        ("code=10001", ["DescribeDevice"]),
        ("refused=1", ["DescribeDevice"]),
        ("text=MANY", ["DescribeDevice"]),
        ("text=describeregions", ["DescribeRegions"]),
        ("action=DescribeDevice&code=0", ["DescribeDevice"]),
        ("text=nothing-like-this", []),
    ],
)
def test_calls_are_filtered_by_the_address(browser: Browser, api: Api, query: str, found: list[str]) -> None:
    api.call("DescribeRegions")
    api.call("DescribeDevice", limit=1)
    api.call("DescribeDevice", limit="many")
    assert actions(browser.open(f"{CALLS}?{query}")) == found


def test_the_form_leads_to_the_address_of_the_filter(browser: Browser, api: Api) -> None:
    api.call("DescribeRegions")
    browser.open(CALLS).press("Show", of="/calls", action="DescribeRegions", refused="1")
    assert "action=DescribeRegions" in browser.address
    assert actions(browser) == []


def test_thousands_of_calls_are_paged(browser: Browser, api: Api) -> None:
    for _ in range(120):
        api.call("DescribeRegions")
    assert len(rows(browser.open(CALLS))) == 50
    assert len(rows(browser.follow("Older →"))) == 50
    assert len(rows(browser.follow("Older →"))) == 20
    assert "Older →" not in browser.links
    assert len(rows(browser.follow("← Newer"))) == 50


def test_what_came_since_is_asked_for_with_the_last_known_call(browser: Browser, api: Api) -> None:
    api.call("DescribeRegions")
    browser.open(CALLS)
    live = re.findall(r'data-live="([^"]*)" data-after="([^"]*)"', browser.html)[0]
    new = f"{live[0].replace('&amp;', '&')}&once=1&after={live[1]}"
    assert rows(browser.open(new)) == []
    api.call("DescribeDevice", limit=1)
    answer = api.http.get(new, headers={"Host": "localhost"})
    assert "DescribeDevice" in answer.text
    assert "DescribeRegions" not in answer.text
    following = api.http.get(new.replace(live[1], answer.headers["X-Newest"]), headers={"Host": "localhost"})
    assert following.text == ""


@pytest.mark.parametrize("query", ["page=-1", "page=abc", "refused=zzz", "after=x", "once=perhaps"])
def test_a_wrong_question_for_new_calls_is_refused(api: Api, query: str) -> None:
    answer = api.http.get(f"/_emulator/console/live?once=1&{query}", headers={"Host": "localhost"})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "text/plain; charset=utf-8")


def test_nobody_follows_a_world_that_is_not_there(api: Api) -> None:
    answer = api.http.get("/_emulator/console/live?world=nobody", headers={"Host": "localhost"})
    assert (answer.status_code, answer.text) == (404, "there is no world 'nobody'; there is default")


def test_a_link_leads_to_no_later_call_of_the_same_request_id(browser: Browser, api: Api) -> None:
    api.call("DescribeRegions")
    browser.open(HOME)
    link = browser.links[rows(browser)[0][0]]
    api.http.post("/_emulator/worlds/default/reset")
    assert browser.open(link).status == 404
    api.call("DescribeOs")
    assert browser.open(link).status == 404
    assert "a later one has its id" in browser.problem
    assert browser.open(link.partition("?")[0]).status == 200


def test_what_came_after_a_call_is_known_though_that_is_gone(browser: Browser, api: Api) -> None:
    api.call("DescribeRegions")
    browser.open(HOME)
    live = re.findall(r'data-live="([^"]*)" data-after="([^"]*)"', browser.html)[0]
    api.http.post("/_emulator/worlds/default/reset")
    api.call("DescribeOs")
    new = browser.open(f"{live[0].replace('&amp;', '&')}&once=1&after={live[1]}").html
    assert new.count("<tr") == 1
    assert "DescribeOs" in new


@pytest.mark.parametrize(("action", "parameter"), [("ReloadDeviceOs", "passwd"), ("ResetDevicePasswd", "passwd")])
def test_a_new_password_is_shown_nowhere(browser: Browser, api: Api, action: str, parameter: str) -> None:
    secret = "S3cret!pass9"
    browser.open(HOME)
    api.http.put("/_emulator/worlds/default/snapshots/before")
    name = "instanceId" if action == "ReloadDeviceOs" else "instanceIds.0"
    more = {"osTypeId": "1", "raidId": "1", "sysRootSpace": "10", "sysSwaporuefiSpace": "2", "sysUsrlocalSpace": "10"}
    begun = api.call(
        action, **{name: "cpm-an5a9wv4", parameter: secret, **(more if action == "ReloadDeviceOs" else {})}
    )
    assert begun["code"] == 0, begun
    page = one_call(browser)
    assert "operations" in page.text
    assert secret not in page.html
    assert secret not in browser.open("/_emulator/console/w/default/diff?before=before").html
    assert rows(browser.open(f"{CALLS}?text={secret}")) == []
    assert secret not in browser.html.replace(f'value="{secret}"', "")


def test_a_password_of_the_world_is_hidden_in_the_text_to_sign_too(browser: Browser, api: Api) -> None:
    password = api.data("GetDeviceOutBandInfo", instanceId="cpm-an5a9wv4")["outbandInfo"]["password"]
    api.call("DescribeDevice", alias=password)
    page = one_call(browser)
    assert "alias=***" in page.text
    assert password not in page.html


def test_of_many_new_calls_none_is_left_out(browser: Browser, api: Api) -> None:
    browser.open(HOME)
    live, after = re.findall(r'data-live="([^"]*)" data-after="([^"]*)"', browser.html)[0]
    for number in range(150):
        api.call("DescribeDevice", limit=number + 1)
    shown = []
    for _ in range(3):
        answer = api.http.get(f"{live.replace('&amp;', '&')}&once=1&after={after}", headers={"Host": "localhost"})
        after = answer.headers["X-Newest"]
        shown = re.findall(r"/call/([\w-]+)", answer.text) + shown
    assert len(shown) == len(set(shown)) == 150
    assert shown == sorted(shown, reverse=True)


def test_times_among_the_rows_are_printed_as_times(browser: Browser, api: Api) -> None:
    browser.open(HOME)
    api.data("RebootDevice", **{"instanceIds.0": "cpm-an5a9wv4", "opUin": "1"})
    text = one_call(browser).text
    assert "began_at 2017-10-20 10:00:00" in text
    assert not re.search(r"_at \d{10,}", text)


def test_a_call_is_explained_step_by_step(browser: Browser, api: Api) -> None:
    wrong = Api(api.http, secret_key="another key, wholly")
    wrong.call("DescribeDevice", limit=1)
    browser.open(HOME).open(browser.links[rows(browser)[0][0]])
    assert "code 4100" in browser.text
    assert "Signature: refused" in browser.text
    assert "GETbm.api.qcloud.com/v2/index.php?Action=DescribeDevice&Nonce=" in browser.text
    assert "The call did not" in browser.text
    assert '"codeDesc": "AuthFailure"' in browser.text


def test_the_page_of_a_call_searches_on_where_the_search_for_its_mistake_ended_early(
    browser: Browser, api: Api
) -> None:
    many = {f"x.{place}": f"cpm-{place:08}" for place in range(1_000)}
    refused = api.send({**api.signed("DescribeDevice", many, "POST"), "Signature": "d3Jvbmc="}, "POST").json()
    assert refused["code"] == 4100
    assert "The search ended early" not in one_call(browser).text
    assert "no usual mistake explains it" in browser.text


def one_call(browser: Browser) -> Browser:
    """The page of the newest call."""
    browser.open(HOME)
    return browser.open(browser.links[rows(browser)[0][0]])


def test_a_parameter_that_nobody_read_is_shown_as_such(browser: Browser, api: Api) -> None:
    api.call("DescribeDevice", InstanceIds="cpm-an5a9wv4", limit=1)
    page = one_call(browser).html
    assert re.search(r"InstanceIds</th>.*?unknown", page, re.DOTALL)
    assert re.search(r">limit</th><td[^>]*>1</td><td>read<", page)


def test_the_rows_that_a_call_changed_are_shown_before_and_after(browser: Browser, api: Api) -> None:
    browser.open(HOME)  # from here on they are written down
    api.data("ModifyDeviceAlias", **{"instanceIds.0": "cpm-an5a9wv4", "aliases.0": "new-name"})
    text = one_call(browser).text
    assert "alias web-1" in text
    assert "alias new-name" in text


def test_without_a_visit_before_the_page_says_why_there_are_no_rows(browser: Browser, api: Api) -> None:
    api.data("ModifyDeviceAlias", **{"instanceIds.0": "cpm-an5a9wv4", "aliases.0": "new-name"})
    assert "from the first visit to the console on" in one_call(browser).text


def test_the_work_that_a_call_began_is_named(browser: Browser, api: Api) -> None:
    api.data("RebootDevice", **{"instanceIds.0": "cpm-an5a9wv4", "opUin": "1"})
    assert "device operation cpm-an5a9wv4" in one_call(browser).text


def test_the_secrets_of_an_answer_are_hidden(browser: Browser, api: Api) -> None:
    password = api.data("GetDeviceOutBandInfo", instanceId="cpm-an5a9wv4")["outbandInfo"]["password"]
    page = one_call(browser)
    assert '"password": "***"' in page.text
    assert password not in page.html


def test_a_call_is_sent_again_and_signed_afresh(browser: Browser, api: Api) -> None:
    api.call("DescribeDevice", limit=2)
    one_call(browser).press("Send again")
    assert "code 0" in browser.text
    assert "Client console" in browser.text
    assert re.search(r">limit</th><td[^>]*>2<", browser.html)
    assert len(rows(browser.open(CALLS))) == 2


def test_a_call_that_is_no_longer_kept_is_told(browser: Browser) -> None:
    assert browser.open("/_emulator/console/call/nobody").status == 404
    assert "nothing is kept of the request nobody" in browser.problem
