"""What holds for every page of the console."""

import re
from collections import Counter
from pathlib import Path

import pytest
from support.browser import HOME, Browser
from support.client import Api

from emulator.console import PLACE
from emulator.console.routes import PAGES

STATIC = Path(__file__).parent.parent.parent / "emulator" / "console" / "static"
LARGEST = 100 * 1024
"""Bytes of a page with all that it loads."""


def walk(browser: Browser, most: int = 400) -> dict[str, Browser]:
    """The pages that can be reached by links, by address."""
    todo, seen = [HOME, f"{PLACE}/worlds", f"{PLACE}/w/default/fleet/vpcs"], {}
    while todo and len(seen) < most:
        address = todo.pop(0)
        if address in seen:
            continue
        browser.open(address)
        seen[address] = (browser.status, browser.html, browser.response)
        todo += [link for link in browser.links.values() if link.startswith("/_emulator/") and "lang=" not in link]
    return seen  # type: ignore[return-value]


def test_every_link_leads_somewhere_and_every_page_is_small(browser: Browser, api: Api) -> None:
    api.call("DescribeDevice", limit=1)
    api.http.put("/_emulator/worlds/default/snapshots/before")
    loaded = sum(path.stat().st_size for path in STATIC.iterdir())
    for address, (status, html, _response) in walk(browser).items():  # type: ignore[misc]
        assert status == 200, address
        assert len(html.encode()) + loaded < LARGEST, address


@pytest.mark.parametrize("page", ["fleet/devices", "map/{vpc}", "diff?before=before", "time", "export", ""])
def test_a_page_of_a_large_world_is_small_too(browser: Browser, api: Api, page: str) -> None:
    api.http.post("/_emulator/worlds", json={"name": "many", "devices": 2000})
    api.http.put("/_emulator/worlds/many/snapshots/before")
    world = api.http.get("/_emulator/worlds/many").json()
    many = Api(
        api.http, secret_id=world["credentials"][0]["secret_id"], secret_key=world["credentials"][0]["secret_key"]
    )
    servers = many.data("DescribeDevice", limit=120)["deviceList"]
    for server in servers:
        many.call("RebootDevice", **{"instanceIds.0": server["instanceId"], "opUin": "1"})
    vpc = Counter(server["unVpcId"] for server in servers).most_common(1)[0][0]
    loaded = sum(path.stat().st_size for path in STATIC.iterdir())
    html = browser.open(f"{PLACE}/w/many/{page.format(vpc=vpc)}".rstrip("/")).html
    assert browser.status == 200
    assert len(html.encode()) + loaded < LARGEST


@pytest.mark.parametrize("action", ["DescribeDevice", "DescribeDeviceClassRaid"])
def test_the_page_of_a_long_answer_is_small_and_leads_to_the_whole(browser: Browser, api: Api, action: str) -> None:
    api.http.post("/_emulator/worlds", json={"name": "many", "devices": 1000})
    world = api.http.get("/_emulator/worlds/many").json()
    many = Api(
        api.http, secret_id=world["credentials"][0]["secret_id"], secret_key=world["credentials"][0]["secret_key"]
    )
    told = many.data(action, **({"limit": 1000} if action == "DescribeDevice" else {"deviceClassCode": "PS100v1"}))
    browser.open(f"{PLACE}/w/many/calls")
    browser.open(next(address for address in browser.links.values() if "/call/" in address))
    assert len(browser.html.encode()) < LARGEST
    saved = browser.open(browser.downloads["Save the whole answer"]).response
    assert saved is not None
    assert saved.headers["content-disposition"].startswith("attachment")
    assert len(str(saved.json()["data"])) == len(str(told))


def test_nothing_is_loaded_from_elsewhere(browser: Browser, api: Api) -> None:
    for address, (_status, html, _response) in walk(browser, 60).items():  # type: ignore[misc]
        loaded = re.findall(r'(?:src|href)="([^"]*)"', html)
        assert all(link.startswith(("/_emulator/", "#", "data:,")) for link in loaded), address


def test_every_input_has_a_label_and_every_page_one_heading(browser: Browser) -> None:
    for address, (_status, html, _response) in walk(browser, 120).items():  # type: ignore[misc]
        labelled = set(re.findall(r'<label for="([^"]*)"', html))
        for tag in re.findall(r"<(?:input|select|textarea)\b[^>]*>", html):
            if 'type="hidden"' not in tag:
                assert re.findall(r'id="([^"]*)"', tag)[0] in labelled, (address, tag)
        ids = re.findall(r'\bid="([^"]*)"', html)
        assert len(ids) == len(set(ids)), address
        assert html.count("<h1") == 1, address


def test_style_and_script_come_from_the_package(browser: Browser, api: Api) -> None:
    for name, kind in (("console.css", "text/css"), ("console.js", "text/javascript")):
        answer = api.http.get(f"{PLACE}/static/{name}", headers={"Host": "localhost"})
        assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, kind)
    assert browser.open(f"{PLACE}/static/../routes.py").status == 404
    assert browser.open(f"{PLACE}/static/texts.zh.json").status == 404


def test_an_unknown_page_says_so_and_leads_back(browser: Browser) -> None:
    assert browser.open(f"{PLACE}/nowhere").status == 404
    assert "There is no such page." in browser.problem
    assert browser.follow("Calls of all worlds").status == 200


def test_the_address_without_a_slash_leads_to_the_console(browser: Browser) -> None:
    assert browser.open("/_emulator").address == HOME
    assert browser.open("/_emulator/console").address == HOME


def test_the_walk_reaches_every_kind_of_page(browser: Browser, api: Api) -> None:
    api.call("DescribeDevice", limit=1)
    api.http.put("/_emulator/worlds/default/snapshots/before")
    forms = {path: re.sub(r"{\w+:path}", ".+", re.sub(r"{\w+}", "[^/]+", path)) for path in PAGES if PAGES[path].show}
    found = [address.partition("?")[0] for address in walk(browser, 500)]
    saved = [
        link for _, html, _ in walk(browser, 60).values() for link in re.findall(r'href="([^"?]*)[^"]*" download', html)
    ]  # type: ignore[misc]
    for path, form in forms.items():
        assert any(re.fullmatch(PLACE + form, address) for address in (*found, *saved)), path


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused(api: Api, method: str) -> None:
    assert api.http.request(method, f"{PLACE}/worlds", headers={"Host": "localhost"}).status_code == 405


def test_a_refused_method_has_the_headers_of_every_page(api: Api) -> None:
    answer = api.http.put(f"{PLACE}/worlds", headers={"Host": "localhost"})
    assert "default-src 'none'" in answer.headers["content-security-policy"]
