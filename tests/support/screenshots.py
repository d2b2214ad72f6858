"""Takes the pictures of docs/console.md: `PYTHONPATH=. .venv/bin/python tests/support/screenshots.py`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from emulator.testing import Emulator
from support.chromium import ROOT, Tab, chromium
from support.client import Api

IMAGES = ROOT / "docs" / "images"
DEVICE, VPC = "cpm-an5a9wv4", "vpc-34cxlz7z"


def main() -> None:
    import httpx

    IMAGES.mkdir(exist_ok=True)
    with Emulator() as emulator, chromium() as browser, httpx.Client(base_url=emulator.url, trust_env=False) as http:
        world = emulator.world
        page = browser.new_page(viewport={"width": 1100, "height": 620})
        tab = Tab(page, emulator.url)
        at = f"/_emulator/console/w/{world.name}"

        def shot(name: str) -> None:
            page.screenshot(path=IMAGES / f"{name}.png")

        tab.open(f"{at}/calls")
        world.clock.freeze(at="2017-10-20T10:00:00")
        for action, sent in (
            ("DescribeRegions", {}),
            ("DescribeDevice", {"limit": 2}),
            ("GetDeviceOutBandInfo", {"instanceId": DEVICE}),
            ("RebootDevice", {"instanceIds": [DEVICE], "opUin": "1"}),
            ("ShutdownDevice", {"instanceIds": ["cpm-2bnempu5"], "opUin": "1"}),
            ("DescribeDevice", {"limit": "many"}),
            ("GetUserCmdList", {"searchKey": "cmd"}),
        ):
            world.call(action, **sent)
        Api(http, world.secret_id, world.secret_key + " ").call("DescribeDevice", limit=1)
        world.faults.set("DescribeDevice", error=9001, times=1)
        world.call("DescribeDevice", limit=1)
        page.wait_for_timeout(1500)
        shot("console-calls")
        page.locator("tr.bad").nth(1).get_by_role("link").first.click()
        shot("console-call")
        world.clock.advance(40)
        tab.open(f"{at}/fleet/devices/{DEVICE}")
        shot("console-server")
        for kind, more in (("open", {}), ("internal", {"unSubnetId": "subnet-1so5ae8m"})):
            sent = {"unVpcId": VPC, "loadBalancerType": kind, "goodsNum": 1, "payMode": "flow", "tgwSetType": "fullnat"}
            world.call("CreateBmLoadBalancer", **sent, **more)
        world.call("EipBmApply", unVpcId=VPC, goodsNum=2, payMode="flow", exclusive=0)
        world.clock.advance_to_idle()
        first, second, *_ = [
            id for id in world.inventory.ids("devices") if world.inventory.device(id)["vpc"] == VPC and id != DEVICE
        ]
        world.inventory.set_device(first, state="fault")
        world.call("RebootDevice", instanceIds=[second], opUin="1")
        tab.open(f"{at}/map/{VPC}")
        shot("console-vpc")


if __name__ == "__main__":
    main()
