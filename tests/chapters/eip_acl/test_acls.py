"""ACLs of elastic IPs: their rules, and which elastic IPs have them."""

from typing import Any

import pytest

from chapters.eip.conftest import Eips
from chapters.eip.world import ACL, FREE, SPARE, USED
from chapters.vpc.world import NAT, VPC

DROP = {"ip": "0.0.0.0/0", "protocol": "ANY", "action": "drop"}


def acls(eips: Eips, **by: Any) -> list[dict[str, Any]]:
    return list(eips.ask("DescribeEipAclBm", **by)["eipAclList"])


def acl(eips: Eips, id: str = ACL) -> dict[str, Any]:
    [found] = acls(eips, **{"aclIds.0": id})
    return found


def give(eips: Eips, eip_id: str, acl_id: str, action: str = "EipAclBmBind") -> None:
    eips.ask(action, **{"eipAcl.0.eipId": eip_id, "eipAcl.0.aclId": acl_id})


def test_a_new_one_drops_everything(eips: Eips) -> None:
    made = eips.ask("EipAclBmApply", aclName="front", status=1)
    assert made == {"aclId": made["aclId"], "status": 1, "aclName": "front", "createdAt": "2017-10-20 10:00:00"}
    found = acl(eips, made["aclId"])
    assert (found["status"], found["eipNum"], found["inrule"], found["outrule"]) == ("1", 0, [DROP], [DROP])


def test_rules_are_kept_in_order_and_cleared_by_direction(eips: Eips) -> None:
    rules = {
        "rule.0.ip": "8.8.8.8",
        "rule.0.port": "80-8080",
        "rule.0.protocol": "tcp",
        "rule.0.action": "accept",
        "rule.0.description": "测试",
        "rule.1.ip": "10.0.0.0/8",
        "rule.1.action": "drop",
    }
    eips.ask("EipAclBmSet", aclId=ACL, type="in", **rules)
    eips.ask("EipAclBmSet", aclId=ACL, type="out", **{"rule.0.ip": "1.1.1.1", "rule.0.action": "accept"})
    first = {"ip": "8.8.8.8", "port": "80-8080", "protocol": "TCP", "action": "accept", "description": "测试"}
    assert acl(eips)["inrule"] == [first, {"ip": "10.0.0.0/8", "protocol": "ANY", "action": "drop"}]
    assert acl(eips)["outrule"] == [{"ip": "1.1.1.1", "protocol": "ANY", "action": "accept"}]
    eips.ask("EipAclBmSet", aclId=ACL, type="in")
    assert (acl(eips)["inrule"], len(acl(eips)["outrule"])) == ([DROP], 1)


def test_only_what_is_sent_changes(eips: Eips) -> None:
    eips.ask("EipAclBmSet", aclId=ACL, aclName="renamed")
    assert (acl(eips)["aclName"], acl(eips)["status"]) == ("renamed", "1")
    eips.ask("EipAclBmSet", aclId=ACL, status=0)
    assert (acl(eips)["aclName"], acl(eips)["status"]) == ("renamed", "0")


def test_a_new_one_takes_the_place_of_the_old(eips: Eips) -> None:
    give(eips, FREE, ACL)
    give(eips, USED, ACL)
    assert {row["eipId"] for row in eips.listed(aclId=ACL)} == {FREE, USED}
    assert acl(eips)["eipNum"] == 2
    give(eips, FREE, SPARE)
    assert (acl(eips)["eipNum"], acl(eips, SPARE)["eipNum"]) == (1, 1)
    assert (eips.row(FREE)["aclId"], eips.row(FREE)["aclName"]) == (SPARE, "spare")
    assert eips.call("EipAclBmDelete", aclId=SPARE)["code"] == 9003
    give(eips, FREE, SPARE, "EipAclBmUnBind")
    eips.ask("EipAclBmDelete", aclId=SPARE)
    assert acls(eips, **{"aclIds.0": SPARE}) == []
    assert eips.row(FREE)["aclId"] == ""


def test_of_several_pairs_all_are_bound_or_none(eips: Eips) -> None:
    pairs = {"eipAcl.0.eipId": FREE, "eipAcl.0.aclId": ACL, "eipAcl.1.eipId": "eip-unknown1", "eipAcl.1.aclId": ACL}
    assert eips.call("EipAclBmBind", **pairs)["code"] == 9003
    assert acl(eips)["eipNum"] == 0


def test_an_elastic_ip_that_moves_to_a_gateway_loses_its_acl(eips: Eips) -> None:
    give(eips, FREE, ACL)
    moved = {"unVpcId": VPC, "natId": NAT, "assignedEipSet.0": FREE}
    assert eips.api.call("EipBindBmNatGateway", host="bmvpc.api.qcloud.com", **moved)["code"] in (0, "0")
    assert eips.row(FREE)["aclId"] == ACL
    eips.clock.advance(60)
    assert (eips.row(FREE)["natUid"], eips.row(FREE)["aclId"], acl(eips)["eipNum"]) == (NAT, "", 0)


@pytest.mark.parametrize(
    ("by", "names"),
    [
        ({}, ["web", "spare"]),
        ({"aclName": "PA"}, ["spare"]),
        ({"aclIds.0": SPARE, "aclIds.1": ACL}, ["web", "spare"]),
        ({"offset": 1}, ["spare"]),
        ({"limit": 1}, ["web"]),
        ({"aclName": "%"}, []),
    ],
)
def test_they_are_found(eips: Eips, by: dict[str, Any], names: list[str]) -> None:
    assert [row["aclName"] for row in acls(eips, **by)] == names


def test_only_the_wanted_fields_are_answered(eips: Eips) -> None:
    [row] = acls(eips, **{"aclIds.0": ACL, "query.0": "aclName", "query.1": "outrule"})
    assert [*row] == ["aclId", "aclName", "appId", "outrule", "eipNum"]
