"""Hosted servers set by hand: any situation in one step."""

import pytest
from support.client import Api

from emulator.testing import ControlError, WorldClient


def test_a_hosted_server_is_set(bm_world: WorldClient, world_api: Api) -> None:
    hosted = "chm-gr9wprj0"
    assert hosted in bm_world.inventory.ids("hosted")
    assert bm_world.inventory.hosted(hosted)["bind_status"] == "never"
    bm_world.inventory.set_hosted(hosted, alias="theirs", in_order=False)
    [row] = world_api.data("DescribeHostedDevice", vagueStr=hosted)["list"]
    assert row["alias"] == "theirs"
    bind = {"unVpcId": "vpc-34cxlz7z", "unSubnetId": "subnet-1so5ae8m", "gatewayIp": "10.10.1.1", "operateMode": 1}
    bind |= {"contacts": "c", "mobile": "13800000000", "instances.0.instanceId": hosted}
    bind |= {"instances.0.userName": "root", "instances.0.password": bm_world.inventory.hosted(hosted)["password"]}
    assert world_api.call("BindHostedLanIP", **bind)["code"] == 18133
    bm_world.inventory.set_hosted(hosted, in_order=True)
    bm_world.clock.freeze()
    assert world_api.call("BindHostedLanIP", **bind)["code"] == 0
    with pytest.raises(ControlError, match="is being bound or unbound"):
        bm_world.inventory.set_hosted(hosted, lan_ip=None)
    bm_world.clock.advance_to_idle()
    assert bm_world.inventory.hosted(hosted)["bind_status"] == "bound"
    assert bm_world.inventory.set_hosted(hosted, lan_ip=None)["bind_status"] == "unbound"
    with pytest.raises(ControlError, match="the world has no hosted server 'nothing'"):
        bm_world.inventory.hosted("nothing")
