"""Who may use the console, and what a client can do to it: nothing."""

import re
from urllib.parse import quote

import httpx
import pytest
from conftest import MakeApi
from support.browser import HOME, Browser
from support.client import Api
from support.in_process import in_process

from emulator.app import create_app
from emulator.console import PLACE
from emulator.console.routes import PAGES
from emulator.control.inventory import kinds_by_hand
from emulator.settings import Settings

TOKEN = "a token of one's own"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def guarded(make_api: MakeApi) -> Api:
    return make_api(control_token=TOKEN)


def forged_change(http: httpx.Client, **how: str) -> httpx.Response:
    return http.post(f"{PLACE}/w/default/reset", data={"key": "guessed"}, headers={"Host": "localhost", **how})


def test_the_token_is_asked_for_once_and_leads_on_to_the_page(guarded: Api) -> None:
    browser = Browser(guarded.http).open(f"{PLACE}/w/default/faults?action=BuyDevice")
    assert "/login" in browser.address
    browser.press("Open the console", token="wrong")
    assert (browser.status, "not this emulator's control token" in browser.text) == (401, True)
    browser.press("Open the console", token=TOKEN)
    assert browser.address.endswith("/w/default/faults?action=BuyDevice")
    assert browser.open(HOME).status == 200


def test_the_cookie_is_for_this_site_and_no_script_and_is_not_the_token(guarded: Api) -> None:
    answer = guarded.http.post(f"{PLACE}/login", data={"token": TOKEN}, headers={"Host": "localhost"})
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Path=/_emulator" in cookie
    assert TOKEN not in cookie


@pytest.mark.parametrize("cookie", ["", "guessed", TOKEN])
def test_without_the_cookie_nothing_is_shown_and_nothing_changed(guarded: Api, cookie: str) -> None:
    headers = {"Host": "localhost", "Cookie": f"bm_emulator_session={cookie.replace(' ', '')}"}
    for path in PAGES:
        answer = guarded.http.get(PLACE + re.sub(r"{\w+(:path)?}", "default", path), headers=headers)
        assert answer.status_code in (303, 401, 405)
    assert guarded.http.get(f"{PLACE}/live", headers=headers).status_code == 401
    assert forged_change(guarded.http, Cookie=headers["Cookie"]).status_code == 401


def test_a_form_that_is_sent_without_the_cookie_leads_to_the_way_in(guarded: Api) -> None:
    browser = Browser(guarded.http).open(HOME).press("Open the console", token=TOKEN)
    browser.open(f"{PLACE}/w/default/time")
    browser.cookies.clear()
    guarded.http.cookies.clear()
    guarded.http.headers.update({"Referer": f"http://localhost{PLACE}/w/default/time"})
    browser.press("Freeze now")
    assert "/login" in browser.address
    assert browser.press("Open the console", token=TOKEN).address.endswith("/w/default/time")


def test_who_logs_out_is_asked_again(guarded: Api) -> None:
    browser = Browser(guarded.http).open(HOME).press("Open the console", token=TOKEN)
    mark = browser.cookies["bm_emulator_session"]
    assert "/login" in browser.press("Log out").address
    headers = {"Host": "localhost", "Cookie": f"bm_emulator_session={mark}"}
    assert guarded.http.get(f"{PLACE}/worlds", headers=headers).status_code == 401
    assert "/login" in browser.open(HOME).address


@pytest.mark.parametrize("body", [b"key=\xff", b"key=" + b"x" * 2_000_000])
def test_a_log_out_that_cannot_be_read_is_none(guarded: Api, body: bytes) -> None:
    headers = {"Host": "localhost", "Content-Type": "application/x-www-form-urlencoded"}
    assert guarded.http.post(f"{PLACE}/logout", content=body, headers=headers).status_code == 303


def test_without_a_token_there_is_no_way_in_to_ask_for(browser: Browser) -> None:
    assert browser.open(f"{PLACE}/login").address == HOME


def test_nobody_is_let_in_from_a_page_of_another_site(guarded: Api) -> None:
    headers = {"Host": "localhost", "Origin": "http://evil.example"}
    answer = guarded.http.post(f"{PLACE}/login", data={"token": TOKEN}, headers=headers)
    assert (answer.status_code, "set-cookie" in answer.headers) == (401, False)


@pytest.mark.parametrize(
    ("body", "reason"), [(b"key=" + b"x" * 2_000_000, "larger than"), (b"key=%ff", "the form is not UTF-8")]
)
def test_a_form_that_cannot_be_read_is_refused_for_that_reason(api: Api, body: bytes, reason: str) -> None:
    headers = {"Host": "localhost", "Content-Type": "application/x-www-form-urlencoded"}
    answer = api.http.post(f"{PLACE}/w/default/time/freeze", content=body, headers=headers)
    assert (answer.status_code, reason in answer.text) == (422, True)


def test_the_cookie_does_not_open_the_control_interface(guarded: Api) -> None:
    browser = Browser(guarded.http).open(HOME).press("Open the console", token=TOKEN)
    cookie = f"bm_emulator_session={browser.cookies['bm_emulator_session']}"
    answer = guarded.http.get("/_emulator/worlds", headers={"Host": "localhost", "Cookie": cookie})
    assert answer.status_code == 401


def test_the_way_in_names_no_world(guarded: Api) -> None:
    guarded.http.post(
        "/_emulator/worlds", json={"name": "a-secret-world"}, headers={"Authorization": f"Bearer {TOKEN}"}
    )
    assert "a-secret-world" not in Browser(guarded.http).open(HOME).html


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/_emulator/\\evil", "/_emulator/%2e%2e/v2/index.php", "/v2/index.php"],
)
def test_the_way_in_leads_to_no_other_site(guarded: Api, target: str) -> None:
    data = {"token": TOKEN, "next": target}
    answer = guarded.http.post(f"{PLACE}/login", data=data, headers={"Host": "localhost"})
    assert answer.headers["location"] == HOME


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Host": "localhost", "Origin": "http://evil.example"}],
    ids=["host", "origin"],
)
def test_a_page_of_another_site_reaches_nothing(api: Api, headers: dict[str, str]) -> None:
    assert api.http.get(HOME, headers=headers).status_code == 403
    assert api.http.post(f"{PLACE}/w/default/reset", headers=headers).status_code == 403


def test_a_form_without_the_key_changes_nothing(api: Api) -> None:
    api.http.post("/_emulator/worlds/default/faults", json={"cut": True})
    assert forged_change(api.http).status_code == 403
    assert len(api.http.get("/_emulator/worlds/default/faults").json()) == 1


def test_each_emulator_has_a_key_of_its_own() -> None:
    pages = []
    for _ in range(2):
        http = httpx.Client(transport=in_process(create_app(Settings())), base_url="http://localhost")
        pages.append(Browser(http).open(f"{PLACE}/worlds").html)
    first, second = (re.findall(r'name="key" value="([^"]+)"', page)[0] for page in pages)
    assert first != second


def test_no_change_is_made_by_a_link(api: Api) -> None:
    for path, page in PAGES.items():
        if page.change:
            address = PLACE + re.sub(r"{\w+(:path)?}", "default", path)
            assert api.http.get(address, headers={"Host": "localhost"}).status_code in (404, 405), path


def test_every_page_forbids_scripts_in_it(browser: Browser) -> None:
    policy = browser.open(HOME).response.headers["content-security-policy"]  # type: ignore[union-attr]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?! src=)|<style| style=| on\w+=", browser.html)


def hostile(api: Api) -> None:
    """Put a script into everything that a client controls."""
    api.call(SCRIPT, **{SCRIPT: SCRIPT})
    api.call("DescribeDevice", **{"limit": SCRIPT, SCRIPT: 1}, host=SCRIPT.replace("/", ""))
    api.call("DescribeDevice", SecretId=SCRIPT)
    api.data("ModifyDeviceAlias", **{"instanceIds.0": "cpm-an5a9wv4", "aliases.0": SCRIPT})
    api.call("AddUserCmd", alias=SCRIPT, osType="linux", content="bHM=")
    api.http.put("/_emulator/worlds/default/snapshots/before")
    api.http.patch("/_emulator/worlds/default/inventory/devices/cpm-an5a9wv4", json={"tags": {SCRIPT: SCRIPT}})
    api.http.post(
        "/_emulator/worlds/default/faults", json={"action": "BuyDevice", "parameters": {"alias": SCRIPT}, "cut": True}
    )


def test_what_a_client_sends_is_text_everywhere(browser: Browser, api: Api) -> None:
    browser.open(HOME)
    hostile(api)
    todo, seen, found = [HOME, f"{PLACE}/w/default/diff?before=before"], set(), 0
    while todo and len(seen) < 400:
        address = todo.pop()
        if address in seen or "/actions/" in address:
            continue
        seen.add(address)
        page = browser.open(address).html
        assert SCRIPT not in page, address
        found += "&lt;script&gt;alert(1)" in page
        todo += [link for link in browser.links.values() if link.startswith("/_emulator/") and "sort=" not in link]
    assert found > 10


@pytest.mark.parametrize("path", [path for path, page in PAGES.items() if page.show])
@pytest.mark.parametrize("garbage", [SCRIPT, "..", "%00", "a" * 3000, "默认"])
def test_garbage_in_an_address_is_refused_and_not_a_fault(browser: Browser, path: str, garbage: str) -> None:
    world = garbage if "{world}" not in path else "default"
    address = path.replace("{world}", world)
    for name in re.findall(r"{\w+(?::path)?}", address):
        address = address.replace(name, httpx.URL(f"http://x/{garbage}").raw_path.decode()[1:])
    for query in ("", "?page=x&action=%00&sort=" + "x" * 500, f"?text={garbage}&before={garbage}&search={garbage}"):
        assert browser.open(PLACE + address + query).status < 500


@pytest.mark.parametrize("plural", kinds_by_hand())
def test_garbage_in_a_form_is_refused_with_a_reason(browser: Browser, api: Api, plural: str) -> None:
    [id, *_] = api.http.get(f"/_emulator/worlds/default/inventory/{plural}").json()["ids"] or [""]
    if not id:
        pytest.skip(f"the demo world has no {plural}")
    browser.open(f"{PLACE}/w/default/fleet/{plural}/{id}")
    fields = [name for form in browser._page.forms for name in form.fields if name and name != "key"]
    for name in dict.fromkeys(fields):
        for value in (SCRIPT, "-1", "1e999", "null", "[]", '{"a": 1}', "x" * 100_000):
            browser.open(f"{PLACE}/w/default/fleet/{plural}/{id}").press("Set", of=quote(id, safe=""), **{name: value})
            assert browser.status < 500, (name, value)
