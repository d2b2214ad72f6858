"""axe-core finds no serious violation on any page, light and dark, on a screen of a desk and of a phone."""

from typing import TYPE_CHECKING, Any

import pytest
from support.chromium import AXE, Tab, missing

from emulator.testing import Emulator, WorldClient

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.socket
PLACES = {
    "calls": "calls",
    "fleet": "fleet",
    "table": "fleet/devices",
    "thing": "fleet/devices/cpm-an5a9wv4",
    "map": "map/vpc-34cxlz7z",
    "time": "time",
    "faults": "faults?action=BuyDevice",
    "actions": "actions",
    "action": "actions/bm/BuyDevice",
    "world": "",
    "diff": "diff?before=before",
    "account": "accounts/251000873",
    "stock": "stock",
    "export": "export",
    "refused": "fleet/devices/nobody",
}


@pytest.fixture(scope="session")
def axe() -> str:
    if not AXE.exists():
        missing("axe-core (npm install --prefix .node axe-core)")
    return AXE.read_text(encoding="utf-8")


def violations(tab: Tab, axe: str) -> list[str]:
    tab.page.evaluate(axe)
    found: dict[str, Any] = tab.page.evaluate("axe.run()")
    serious = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
    return [f"{one['id']}: {one['help']}: {node['html'][:200]}" for one in serious for node in one["nodes"][:3]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_violation(
    chrome: "Browser", axe: str, bm_emulator: Emulator, bm_world: WorldClient, scheme: Any
) -> None:
    bm_world.snapshot("before")
    bm_world.call("RebootDevice", instanceIds=["cpm-an5a9wv4"], opUin="1")
    bm_world.call("DescribeDevice", limit="many")
    bm_world.faults.set("BuyDevice", cut=True)
    [call] = bm_world.journal.calls(limit=1)
    own = {name: f"w/{bm_world.name}/{path}".rstrip("/") for name, path in PLACES.items()}
    others = {"all-calls": "", "worlds": "worlds", "call": f"call/{call['request_id']}"}
    others["code"] = f"{others['call']}/as/python"
    found = {}
    for size, width in (("desk", 1280), ("phone", 390)):
        context = chrome.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
        tab = Tab(context.new_page(), bm_emulator.url)
        for name, path in {**own, **others}.items():
            tab.open(f"/_emulator/console/{path}" if path else "/_emulator/")
            tab.shot(f"{name}-{scheme}-{size}")
            if told := violations(tab, axe):
                found[name, size] = told
            assert tab.page.evaluate("document.documentElement.scrollWidth") <= width, (name, size)
        context.close()
    assert found == {}


def test_the_way_in_has_no_serious_violation(chrome: "Browser", axe: str, serve: Any) -> None:
    server = serve("--control-token", "open sesame")
    tab = Tab(chrome.new_context().new_page(), server.endpoint)
    tab.open("/_emulator/")
    tab.shot("login")
    assert violations(tab, axe) == []
    tab.page.context.close()
