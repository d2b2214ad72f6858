"""A suite of short tests that use the plugin, as its own tests and the soak run it."""


def suite(tests: int) -> str:
    return f"""
import pytest


@pytest.mark.parametrize("number", range({tests}))
@pytest.mark.bm_devices(2)
def test_one_of_many(bm_world, number):
    bm_world.clock.freeze()
    ids = bm_world.inventory.ids("devices")
    bm_world.call("AddUserCmd", alias=f"s{{number}}", osType="linux", content="bHM=")
    [row] = bm_world.call("GetUserCmdList")["data"]["list"]
    assert row["alias"] == f"s{{number}}"
    bm_world.faults.set("RebootDevice", error=9001, times=1)
    reboot = {{"instanceIds": ids[:1], "opUin": "1"}}
    assert [bm_world.call("RebootDevice", **reboot)["code"] for _ in range(2)] == [9001, 0]
    assert bm_world.clock.advance_to_idle() == 1
    bm_world.journal.called("AddUserCmd", "RebootDevice", in_order=True)
"""
