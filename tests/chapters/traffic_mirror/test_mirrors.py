"""The life of a traffic mirror."""

from typing import Any

import pytest

from chapters.lb.conftest import DONE, FAILED, SECONDS, Balancers, MakeBalancers
from chapters.lb.conftest import lb as _lb
from chapters.lb.conftest import make as _make
from chapters.lb.world import HTTP, HTTPS, MIRROR, ORPHAN, PUBLIC, world
from chapters.traffic_mirror.cases import GOOD
from chapters.vpc.world import SECOND, SERVER, VPC

lb, make = _lb, _make


def mirrors(lb: Balancers, **by: Any) -> dict[str, dict[str, Any]]:
    found = lb.ask("GetTrafficMirrorList", **by)["data"]
    return {row["trafficMirrorId"]: row for row in found["list"]}


def listeners(lb: Balancers, **by: Any) -> dict[str, int]:
    found = lb.ask("GetTrafficMirrorListenerList", trafficMirrorId=MIRROR, **by)["data"]
    assert found["totalNum"] == len(found["list"])
    return {row["unListenerId"]: row["status"] for row in found["list"]}


def receivers(lb: Balancers, **by: Any) -> dict[tuple[str, int], int]:
    found = lb.ask("GetTrafficMirrorReceiverList", trafficMirrorId=MIRROR, **by)["data"]
    return {(row["instanceId"], row["rsPort"]): row["weight"] for row in found["list"]}


def test_one_is_made_found_and_renamed(lb: Balancers) -> None:
    lb.ask("AddTrafficMirror", alias="new", unVpcId=VPC)
    [(made, row)] = mirrors(lb, **{"aliases.0": "new"}).items()
    assert made.startswith("tm-")
    assert row["unVpcId"] == VPC
    lb.ask("SetTrafficMirrorAlias", trafficMirrorId=made, alias="other")
    assert lb.ask("GetTrafficMirror", trafficMirrorId=made)["data"] == {**row, "alias": "other"}


def test_they_are_found_by_id_vpc_and_page(lb: Balancers) -> None:
    assert set(mirrors(lb)) == {MIRROR, ORPHAN}
    assert set(mirrors(lb, **{"unVpcIds.0": VPC})) == {MIRROR}
    assert set(mirrors(lb, trafficMirrorId=ORPHAN)) == {ORPHAN}
    answer = lb.ask("GetTrafficMirrorList", offset=1, limit=5)["data"]
    assert (answer["totalNum"], len(answer["list"])) == (2, 1)


def test_a_listener_is_seen_being_bound_and_unbound_and_is_in_one_mirror(lb: Balancers) -> None:
    lb.ask("BindTrafficMirrorListeners", **GOOD["BindTrafficMirrorListeners"])
    assert listeners(lb) == {HTTP: 0, HTTPS: 1}
    lb.clock.advance(SECONDS)
    assert listeners(lb) == {HTTP: 1, HTTPS: 1}
    lb.ask("AddTrafficMirror", alias="second", unVpcId=VPC)
    [other] = mirrors(lb, **{"aliases.0": "second"})
    assert lb.call("BindTrafficMirrorListeners", trafficMirrorId=other, **{"listenerIds.0": HTTP})["code"] == 30003
    lb.ask("UnbindTrafficMirrorListeners", **GOOD["UnbindTrafficMirrorListeners"])
    assert listeners(lb)[HTTPS] == 3
    lb.clock.advance(SECONDS)
    assert listeners(lb) == {HTTP: 1}


def test_a_failed_binding_says_so_and_can_be_unbound(make: MakeBalancers) -> None:
    rule = '\n[[faults]]\naction = "BindTrafficMirrorListeners"\noperation = "fail"\n'
    lb = make(world() + rule)
    lb.ask("BindTrafficMirrorListeners", **GOOD["BindTrafficMirrorListeners"])
    lb.clock.advance(SECONDS)
    assert listeners(lb)[HTTP] == 2
    lb.ask("UnbindTrafficMirrorListeners", trafficMirrorId=MIRROR, **{"listenerIds.0": HTTP})
    lb.clock.advance(SECONDS)
    assert HTTP not in listeners(lb)


@pytest.mark.parametrize(
    ("by", "ids"),
    [
        ({"listenerIds.0": HTTPS}, {HTTPS}),
        ({"unListenerIds.0": HTTP}, set()),
        ({"listenerPorts.0": 8443}, {HTTPS}),
        ({"trafficListenerPorts.0": 80}, set()),
        ({"unLBIds.0": PUBLIC}, {HTTPS}),
        ({"unLBIds.0": "lb-bbbbbbbb"}, set()),
    ],
)
def test_its_listeners_are_found(lb: Balancers, by: dict[str, Any], ids: set[str]) -> None:
    assert set(listeners(lb, **by)) == ids


def test_its_listeners_say_where_they_are(lb: Balancers) -> None:
    [row] = lb.ask("GetTrafficMirrorListenerList", trafficMirrorId=MIRROR)["data"]["list"]
    assert (row["trafficMonitorType"], row["trafficMonitPort"], row["unLBId"]) == (1, 8443, PUBLIC)


def test_receivers_are_bound_found_and_unbound(lb: Balancers) -> None:
    lb.ask("BindTrafficMirrorReceivers", **GOOD["BindTrafficMirrorReceivers"])
    assert receivers(lb) == {(SERVER, 8080): 10, (SECOND, 80): 5}
    assert set(receivers(lb, **{"instanceIds.0": SECOND})) == {(SECOND, 80)}
    assert set(receivers(lb, **{"rsPorts.0": 8080})) == {(SERVER, 8080)}
    assert set(receivers(lb, **{"weights.0": 5})) == {(SECOND, 80)}
    assert len(receivers(lb, limit=1)) == 1
    lb.ask("UnbindTrafficMirrorReceivers", **GOOD["UnbindTrafficMirrorReceivers"])
    assert set(receivers(lb)) == {(SECOND, 80)}


def test_its_health_check_and_spreading_change_by_task(lb: Balancers) -> None:
    check = {"healthNum": 4, "unhealthNum": 5, "intervalTime": 6, "checkDomain": "bm.com", "checkDir": "/"}
    wanted = {**check, "healthSwitch": 7, "httpCode.0": 200, "httpCode.1": 3}
    assert lb.do("SetTrafficMirrorHealthSwitch", trafficMirrorId=MIRROR, **wanted) == DONE
    assert lb.do("SetTrafficMirrorLBType", trafficMirrorId=MIRROR, LBType=2) == DONE
    row = mirrors(lb)[MIRROR]
    assert {name: row[name] for name in check} == check
    assert (row["healthSwitch"], row["httpCode"], row["LBType"]) == (1, [200, 3], 2)


@pytest.mark.parametrize("action", ["SetTrafficMirrorHealthSwitch", "SetTrafficMirrorLBType", "DeleteTrafficMirror"])
def test_its_tasks_fail(make: MakeBalancers, action: str) -> None:
    lb = make(world() + f'\n[[faults]]\naction = "{action}"\noperation = "fail"\n')
    before = mirrors(lb)
    assert lb.do(action, **GOOD[action]) == FAILED
    assert mirrors(lb) == before


def test_a_deleted_one_lets_its_listeners_and_servers_go(lb: Balancers) -> None:
    assert lb.do("DeleteTrafficMirror", **GOOD["DeleteTrafficMirror"]) == DONE
    assert set(mirrors(lb)) == {ORPHAN}
    lb.ask("AddTrafficMirror", alias="next", unVpcId=VPC)
    [made] = mirrors(lb, **{"aliases.0": "next"})
    assert lb.call("BindTrafficMirrorListeners", trafficMirrorId=made, **{"listenerIds.0": HTTPS})["code"] == 0


def test_a_server_that_is_gone_receives_nothing(lb: Balancers) -> None:
    lb.api.call("OfflineDevice", **{"instanceIds.0": SERVER})
    lb.clock.advance(600)
    assert receivers(lb) == {}


def test_of_two_changes_at_once_the_last_one_wins(lb: Balancers) -> None:
    tasks = [
        lb.ask("SetTrafficMirrorLBType", trafficMirrorId=MIRROR, LBType=kind)["requestId"] for kind in (1, 2, 1, 0, 2)
    ]
    lb.clock.advance(SECONDS * 5)
    assert [lb.state(task) for task in tasks] == [DONE] * 5
    assert mirrors(lb)[MIRROR]["LBType"] == 2


@pytest.mark.parametrize(
    "action",
    [
        "SetTrafficMirrorAlias",
        "SetTrafficMirrorLBType",
        "SetTrafficMirrorHealthSwitch",
        "DeleteTrafficMirror",
        "BindTrafficMirrorListeners",
        "BindTrafficMirrorReceivers",
    ],
)
def test_one_that_is_being_deleted_is_not_changed_any_more(lb: Balancers, action: str) -> None:
    lb.ask("DeleteTrafficMirror", **GOOD["DeleteTrafficMirror"])
    assert lb.call(action, **GOOD[action])["code"] == 30002
    assert MIRROR in mirrors(lb)


def test_a_check_may_be_as_rare_as_one_likes(lb: Balancers) -> None:
    wanted = {"healthSwitch": 1, "intervalTime": 3600}
    assert lb.do("SetTrafficMirrorHealthSwitch", trafficMirrorId=MIRROR, **wanted) == DONE
    assert mirrors(lb)[MIRROR]["intervalTime"] == 3600
