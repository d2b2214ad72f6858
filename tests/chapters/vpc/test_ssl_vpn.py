"""SSL VPN gateways, their users and their rules; and the two chapters that switch one VPC's TGW cluster."""

from chapters.vpc.conftest import Vpc
from chapters.vpc.world import EMPTY, OTHER, VPC, VPN

NEW = {"unVpcId": EMPTY, "vpnGwName": "vpn2", "txPeakLimit": 5, "rxPeakLimit": 6}


def test_a_gateway_is_made_changed_and_deleted(vpc: Vpc) -> None:
    made = vpc.ask("CreateBmSslVpnGw", **NEW)["data"]["sslVpnGw"]
    assert (made["publicPort"], made["clientIPPool"], made["zoneId"]) == (443, "169.254.0.0/16", 1000800001)
    changed = {"vpnGwId": made["vpnGwId"], "vpnGwName": "vpn3", "txPeakLimit": 50, "rxPeakLimit": 60}
    vpc.ask("ModifyBmSslVpnGw", **changed)
    [row] = vpc.ask("DescribeBmSslVpnGw", unVpcId=EMPTY)["data"]
    assert (row["vpnGwName"], row["txPeakLimit"], row["rxPeakLimit"]) == ("vpn3", 50, 60)
    assert row["domain"] not in ("", "206001")
    vpc.ask("DeleteBmSslVpnGw", unVpcId=EMPTY)
    assert vpc.ask("DescribeBmSslVpnGw", vpnGwId=made["vpnGwId"]) == {
        "code": 0,
        "message": "",
        "codeDesc": "Success",
        "data": [],
        "totalCount": 0,
    }


def test_gateways_are_found_by_vpc_and_zone_and_sorted(vpc: Vpc) -> None:
    vpc.ask("CreateBmSslVpnGw", **NEW)
    vpc.ask("CreateBmSslVpnGw", **{**NEW, "unVpcId": OTHER})
    rows = vpc.ask("DescribeBmSslVpnGw", orderField="createTime", orderDirection="desc")["data"]
    assert rows[0]["vpnGwId"] == VPN
    assert [row["unVpcId"] for row in vpc.ask("DescribeBmSslVpnGw", zoneId=1000100003)["data"]] == [OTHER]


def test_users_come_and_go_and_a_password_is_never_shown(vpc: Vpc) -> None:
    vpc.ask("AddBmSslVpnGwUser", vpnGwId=VPN, userName="bobby", pin="builder12")
    answer = vpc.ask("DescribeBmSshSslVpnUser", vpnGwId=VPN)
    assert answer["data"] == [{"userName": "alice", "domain": "206001"}, {"userName": "bobby", "domain": "206001"}]
    vpc.ask("ModifyBmSslVpnGwUser", vpnGwId=VPN, userName="bobby", pin="changed12")
    vpc.ask("DelBmSslVpnGwUser", vpnGwId=VPN, userName="alice")
    assert vpc.ask("DescribeBmSshSslVpnUser", vpnGwId=VPN)["totalCount"] == 1
    written = vpc.api.http.get("/_emulator/worlds/default/journal").text
    assert "bobby" in written
    assert "builder12" not in written
    assert "changed12" not in written


def test_each_change_of_the_rules_answers_all_of_them(vpc: Vpc) -> None:
    def rule(position: int, protocol: str, **more: str) -> dict[str, object]:
        fixed = {"ipVersion": 4, "direction": "ingress", "action": "deny", "dstCidr": "10.0.1.0/24"}
        return {
            f"aclRuleList.0.{name}": value
            for name, value in {**fixed, "position": position, "protocol": protocol, **more}.items()
        }

    gateway = {"unVpcId": VPC, "vpnGwId": VPN}
    added = vpc.ask("AddBmSslVpnGwAcl", **gateway, **rule(3, "udp", portRange="53:54"))
    assert [(row["position"], row["portRange"]) for row in added["data"]] == [(50, "80"), (3, "53:54")]
    left = vpc.ask("DeleteBmSslVpnGwAcl", **gateway, **rule(50, "any"))
    assert [row["position"] for row in left["data"]] == [3]
    assert left["data"] == vpc.ask("DescribeBmSslVpnGwAcl", unVpcId=VPC)["data"]
    replaced = vpc.ask("ModifyBmSslVpnGwAcl", **gateway, **rule(9, "icmp", portRange="7"))
    assert [(row["position"], row["srcCidr"], row["portRange"]) for row in replaced["data"]] == [
        (9, "169.254.0.0/16", None)
    ]


def test_the_two_chapters_switch_the_same_vpc_one_switch_at_a_time(vpc: Vpc) -> None:
    task = vpc.begin("SwitchToTgwExclusiveCluster", unVpcId=VPC)
    assert vpc.api.call("SwitchToBmSharedCluster", unVpcId=VPC)["code"] == 10001
    vpc.clock.advance(120)
    assert vpc.state(task) == 0
    assert vpc.ask("QueryBmTgwClusterMode", unVpcId=VPC)["data"] == "exclusive"
    assert vpc.api.call("QueryBmTgwClusterMode", unVpcId=VPC)["data"] == "exclusive"
