"""The console in a real browser: the story of a demo, live calls, languages, the keyboard, no JavaScript, the token."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from support.certificates import certificate
from support.chromium import Tab
from support.client import Api

from emulator.testing import Emulator, WorldClient

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.socket
SCRIPT = "<img src=x onerror=alert(1)><script>alert(1)</script>"
DEVICE = "cpm-an5a9wv4"
OpenTab = Callable[..., Tab]


@pytest.fixture
def tab(chrome: "Browser", bm_emulator: Emulator) -> Iterator[OpenTab]:
    """Opens tabs, each in a window of its own; none may have had a fault at the end."""
    opened: list[Tab] = []

    def make(*, base: str = bm_emulator.url, allows: tuple[str, ...] = (), **how: Any) -> Tab:
        found = Tab(chrome.new_context(**how).new_page(), base)
        opened.append(found)
        return found

    yield make
    for found in opened:
        found.page.context.close()
        assert found.faults == []
        assert not [asked for asked in found.asked if asked.startswith("alert")]


def at(world: WorldClient, *parts: str) -> str:
    return "/".join(["/_emulator/console/w", world.name, *parts])


def test_the_story_of_a_demo(tab: OpenTab, bm_world: WorldClient, world_api: Api) -> None:
    bm_world.clock.freeze()  # the reboot goes on for as long as a slow machine needs to find its button
    one = tab()
    page = one.open(at(bm_world, "calls"))
    page.get_by_text("live", exact=True).wait_for()
    Api(world_api.http, bm_world.secret_id, "a wrong key").call("DescribeDevice", limit=1)
    page.locator("tr.bad").get_by_role("link").first.click()
    page.get_by_role("heading", name="Signature: refused").wait_for()
    assert "The call did not" in page.locator("main").inner_text()
    one.shot("a-wrong-signature")

    page.goto(one.base + at(bm_world))
    page.get_by_label("Name", exact=True).fill("before")
    page.get_by_role("button", name="Keep a snapshot").click()
    page.get_by_text("The snapshot is kept.").wait_for()

    page.get_by_role("link", name="Actions").click()
    page.get_by_role("link", name="RebootDevice", exact=True).click()
    page.get_by_label("instanceIds").fill(DEVICE)
    page.get_by_label("opUin").fill("1")
    page.get_by_role("button", name="Sign and send").click()
    page.get_by_text("The call was sent").wait_for()
    assert page.locator(".summary strong").inner_text() == "code 0"
    one.shot("a-call")

    page.get_by_role("link", name="Time", exact=True).click()
    page.get_by_role("button", name="fail").click()
    page.get_by_text("it will fail").wait_for()
    one.shot("time")
    page.get_by_role("button", name="Until idle").click()
    page.get_by_text("Nothing is going on.").wait_for()
    page.goto(one.base + at(bm_world, "fleet", "devices", DEVICE))
    assert "reboot-failed" in page.locator("main").inner_text()
    one.shot("a-server")

    page.get_by_role("link", name="Faults").click()
    page.get_by_role("button", name="Start over-quota").click()
    page.get_by_text("The incident has begun.").wait_for()
    assert world_api.call("DescribeRegions")["code"] == 4400
    one.shot("faults")

    page.goto(one.base + at(bm_world))
    page.get_by_role("link", name="before with now").click()
    assert "operate_status" in page.locator("main").inner_text()
    one.shot("a-comparison")
    page.goto(one.base + at(bm_world))
    page.get_by_role("button", name="Restore").click()
    page.get_by_text("The world is what the snapshot shows.").wait_for()
    assert one.asked == ["confirm: What has happened since will be gone."]
    assert bm_world.inventory.device(DEVICE)["state"] == "running"


def test_a_server_is_bought_and_seen_to_come(tab: OpenTab, bm_world: WorldClient) -> None:
    one = tab()
    page = one.open(at(bm_world, "actions", "bm", "BuyDevice"))
    page.get_by_role("link", name="Fill in an example").click()
    for name, value in {"zoneId": "1000100003", "unVpcId": "vpc-34cxlz7z", "unSubnetId": "subnet-1so5ae8m"}.items():
        page.get_by_label(name).fill(value)
    for name, value in {"goodsNum": "1", "raidId": "1", "osTypeId": "1", "alias": "bought"}.items():
        page.get_by_label(name).fill(value)
    page.get_by_role("button", name="Sign and send").click()
    assert page.locator(".summary strong").inner_text() == "code 0", page.locator("main").inner_text()
    page.goto(one.base + at(bm_world, "fleet", "devices?search=bought"))
    page.locator("tbody th a").first.click()
    page.get_by_role("heading", name="What is going on").wait_for()
    one.shot("a-delivery")
    page.goto(one.base + at(bm_world, "time"))
    page.get_by_role("button", name="Until idle").click()
    page.goto(one.base + at(bm_world, "fleet", "devices?search=bought"))
    assert "running" in page.locator("tbody").inner_text()
    page.goto(one.base + at(bm_world, "map", "vpc-34cxlz7z"))
    page.locator("svg.map").wait_for()
    one.shot("a-vpc")


def test_calls_appear_by_themselves_until_paused(tab: OpenTab, bm_world: WorldClient) -> None:
    page = tab().open(at(bm_world, "calls"))
    page.get_by_text("live", exact=True).wait_for()
    bm_world.call("DescribeRegions")
    page.locator("tbody tr", has_text="DescribeRegions").wait_for()
    page.get_by_role("button", name="Pause").click()
    bm_world.call("GetUserCmdList")
    page.wait_for_timeout(1200)
    assert page.locator("tbody tr").count() == 1
    page.get_by_role("button", name="Go on").click()
    page.locator("tbody tr", has_text="GetUserCmdList").wait_for()
    assert page.locator("tbody tr").count() == 2


def test_a_live_list_stays_short_and_keeps_to_its_filter(tab: OpenTab, bm_world: WorldClient) -> None:
    page = tab().open(at(bm_world, "calls?action=DescribeRegions"))
    page.get_by_text("live", exact=True).wait_for()
    for _ in range(12):
        for _ in range(20):
            bm_world.call("DescribeRegions")
            bm_world.call("GetUserCmdList", limit=1)
        page.wait_for_timeout(550)
    page.locator("tbody tr").nth(199).wait_for()
    page.wait_for_timeout(600)
    assert page.locator("tbody tr").count() == 200
    assert page.locator("tbody tr", has_text="GetUserCmdList").count() == 0


def test_a_hidden_page_lets_go_and_catches_up(tab: OpenTab, bm_world: WorldClient) -> None:
    page = tab().open(at(bm_world, "calls"))
    page.get_by_text("live", exact=True).wait_for()
    hide = "(hidden) => { Object.defineProperty(document, 'hidden', {get: () => hidden, configurable: true});" \
        "document.dispatchEvent(new Event('visibilitychange')) }"  # fmt: skip
    page.evaluate(hide, True)
    bm_world.call("DescribeRegions")
    page.wait_for_timeout(1200)
    assert page.locator("tbody tr").count() == 0
    page.evaluate(hide, False)
    page.locator("tbody tr", has_text="DescribeRegions").wait_for()


def test_the_seventh_open_page_is_live_too(chrome: "Browser", bm_emulator: Emulator, bm_world: WorldClient) -> None:
    context = chrome.new_context()
    tabs = [Tab(context.new_page(), bm_emulator.url) for _ in range(9)]
    for one in tabs:
        one.open(at(bm_world, "calls")).get_by_text("live", exact=True).wait_for()
    bm_world.call("DescribeRegions")
    for one in tabs:
        one.page.locator("tbody tr", has_text="DescribeRegions").wait_for()
    context.close()


def test_a_stop_takes_under_a_second_with_ten_pages_open(chrome: "Browser", serve: Callable[..., Any]) -> None:
    server = serve()
    contexts = [chrome.new_context() for _ in range(10)]
    for context in contexts:
        Tab(context.new_page(), server.endpoint).open("/_emulator/").get_by_text("live", exact=True).wait_for()
    began = time.monotonic()
    server.stop()
    assert time.monotonic() - began < 1
    for context in contexts:
        context.close()


def test_it_speaks_chinese(tab: OpenTab, bm_world: WorldClient) -> None:
    one = tab(locale="zh-CN")
    page = one.open(at(bm_world, "calls"))
    page.get_by_text("实时", exact=True).wait_for()
    page.get_by_role("link", name="接口", exact=True).click()
    page.get_by_role("link", name="DescribeRegions", exact=True).click()
    page.get_by_role("button", name="签名并发送").click()
    page.get_by_text("调用已发送").wait_for()
    one.shot("a-call-zh")
    page.get_by_role("link", name="English").click()
    page.get_by_role("heading", name="Answer").wait_for()


def test_everything_is_reached_by_the_keyboard(tab: OpenTab, bm_world: WorldClient) -> None:
    bm_world.call("DescribeRegions")
    page = tab().open(at(bm_world, "calls"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("DescribeRegions")
    page.keyboard.press("Enter")
    page.wait_for_url("**action=DescribeRegions**")
    page.get_by_role("link", name=":").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Send again").focus()
    page.keyboard.press("Space")
    page.get_by_text("The call was sent").wait_for()
    page.get_by_text("World: ").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="All worlds", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Worlds").wait_for()


def test_without_javascript_everything_but_live_works(tab: OpenTab, bm_world: WorldClient) -> None:
    bm_world.call("DescribeRegions")
    page = tab(java_script_enabled=False).open(at(bm_world, "calls"))
    assert page.locator("tbody tr").count() == 1
    assert not page.locator("#live").is_visible()
    page.get_by_label("Refused only").check()
    page.get_by_role("button", name="Show").click()
    assert page.locator("tbody tr").count() == 0
    page.get_by_role("link", name="Time", exact=True).click()
    page.get_by_role("button", name="Freeze now").click()
    assert "frozen" in page.locator("main").inner_text()


def test_the_token_is_asked_for_once(tab: OpenTab, serve: Callable[..., Any]) -> None:
    server = serve("--control-token", "open sesame")
    page = tab(base=server.endpoint).open("/_emulator/console/worlds")
    page.get_by_label("Control token").fill("open sesame")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Worlds", exact=True).wait_for()
    page.get_by_role("link", name="bm-emulator").click()
    page.get_by_text("live", exact=True).wait_for()
    page.goto("about:blank")  # before the server goes


def test_no_script_of_a_client_runs(tab: OpenTab, bm_world: WorldClient, world_api: Api) -> None:
    one = tab()
    page = one.open(at(bm_world, "calls"))
    page.get_by_text("live", exact=True).wait_for()
    world_api.call("DescribeDevice", limit=SCRIPT, **{SCRIPT: SCRIPT})
    world_api.call(SCRIPT)
    world_api.call("ModifyDeviceAlias", **{"instanceIds.0": DEVICE, "aliases.0": SCRIPT})
    page.locator("tbody tr").nth(2).wait_for()
    for _ in range(3):
        page.locator("tbody tr").nth(_).get_by_role("link").first.click()
        page.go_back()
    for path in ("fleet/devices", f"fleet/devices/{DEVICE}", "map/vpc-34cxlz7z", "export"):
        one.open(at(bm_world, path))


def test_nothing_scrolls_sideways_on_a_phone(
    tab: OpenTab, bm_emulator: Emulator, bm_world: WorldClient, world_api: Api
) -> None:
    cert, key = certificate("www.example.com", ends=datetime(2099, 1, 1, tzinfo=UTC))
    uploaded = bm_world.call("UploadBmCert", certType="SVR", cert=cert, key=key)["data"]
    world_api.call("A" * 300)
    world_api.call("AddUserCmd", alias="long", osType="linux", content="bHM=" * 500)
    Api(world_api.http, world_api.secret_id, "a wrong key").call("DescribeDevice", limit=1)
    long = bm_emulator.new_world("w" * 64)
    one = tab(viewport={"width": 360, "height": 700})
    page = one.open(at(bm_world, "calls"))
    calls = [link.get_attribute("href") or "" for link in page.locator("tbody td:first-child a").all()]
    places = [*calls, at(bm_world, "fleet", "certificates", uploaded["certId"])]
    places += [at(long, path) for path in ("", "time", "fleet", "faults")]
    for address in places:
        one.open(address.rstrip("/"))
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address
    long.delete()


def test_a_page_tells_that_the_emulator_is_gone_and_follows_it_when_it_is_back(
    chrome: "Browser", serve: Callable[..., Any]
) -> None:
    server = serve()
    port = str(httpx.URL(server.endpoint).port)
    context = chrome.new_context()
    page = Tab(context.new_page(), server.endpoint).open("/_emulator/")
    page.get_by_text("live", exact=True).wait_for()
    server.api().call("DescribeRegions")
    page.locator("tbody tr", has_text="DescribeRegions").wait_for()
    server.stop()
    page.get_by_text("not live (the page loaded anew tells why)").wait_for()
    again = serve("--port", port)
    page.get_by_text("live", exact=True).wait_for()
    again.api().call("DescribeOs")
    page.locator("tbody tr", has_text="DescribeOs").wait_for()
    assert page.locator("tbody tr").count() == 2
    context.close()


def test_what_was_copied_is_told(tab: OpenTab, bm_world: WorldClient) -> None:
    bm_world.call("DescribeRegions")
    one = tab(permissions=["clipboard-read", "clipboard-write"])
    page = one.open(at(bm_world, "calls"))
    page.locator("tbody a").first.click()
    page.get_by_role("button", name="Copy").first.click()
    page.get_by_role("button", name="Copied").wait_for()
    assert "Action=DescribeRegions" in page.evaluate("navigator.clipboard.readText()")
