"""What is behind listeners and paths, and its health on the world's clock."""

from typing import Any

import pytest

from chapters.lb.cases import GOOD
from chapters.lb.conftest import DONE, FAILED, SECONDS, Balancers, MakeBalancers
from chapters.lb.world import ADDRESS, HTTP, LOCATION, OLD, PUBLIC, TCP, UDP, world
from chapters.vpc.world import SECOND, SERVER

OLDER = "lb"
AT = {"loadBalancerId": PUBLIC, "listenerId": TCP}
PATH = {"loadBalancerId": PUBLIC, "listenerId": HTTP, "domainId": "dm-aaaaaaaa", "locationId": LOCATION}
INTERVAL, GOOD_PROBES, BAD_PROBES = 5, 3, 3


def location(lb: Balancers) -> dict[tuple[str, int], str]:
    found = lb.ask("DescribeBmLocationBackends", **PATH)["data"]
    return {(row["instanceId"], row["rsPort"]): row["status"] for row in found}


def older_health(lb: Balancers, listener_id: str = TCP) -> dict[tuple[str, int], int]:
    data = lb.ask("DescribeBmLBHealthStatus", host=OLDER, loadBalanceId=PUBLIC, listenerId=listener_id)["data"]
    return {(row["ip"], row["port"]): row["healthStatus"] for row in data[PUBLIC]}


def things(lb: Balancers, kind: str) -> list[dict[str, Any]]:
    return list(lb.api.http.get(f"/_emulator/worlds/default/inventory/{kind}?things=true").json()["things"])


def test_a_bound_server_is_found_healthy_after_its_good_probes(lb: Balancers) -> None:
    task = lb.ask("BindBmL4ListenerRs", **GOOD["BindBmL4ListenerRs"])["requestId"]
    [row] = lb.api.data("DescribeDevice", **{"instanceIds.0": SECOND})["deviceList"]
    assert row["operateStatus"] == "14"
    assert (SECOND, 81) not in lb.behind(TCP)
    while lb.state(task) != DONE:
        lb.clock.advance(1)
    [row] = lb.api.data("DescribeDevice", **{"instanceIds.0": SECOND})["deviceList"]
    assert row["operateStatus"] == "1"
    assert lb.behind(TCP)[SECOND, 81] == "Dead"
    lb.clock.advance(INTERVAL * GOOD_PROBES)
    assert lb.behind(TCP)[SECOND, 81] == "Alive"


def test_a_server_that_goes_down_is_found_dead_after_its_bad_probes_everywhere(lb: Balancers) -> None:
    lb.device("ShutdownDevice", SERVER)
    assert lb.behind(TCP)[SERVER, 8080] == "Alive"
    lb.clock.advance(INTERVAL * BAD_PROBES - 1)
    assert lb.behind(TCP)[SERVER, 8080] == "Alive"
    assert older_health(lb)["10.0.1.10", 8080] == 1
    lb.clock.advance(1)
    assert lb.behind(TCP)[SERVER, 8080] == "Dead"
    assert older_health(lb)["10.0.1.10", 8080] == 0
    assert lb.behind(TCP)[ADDRESS, 7000] == "Alive"
    assert location(lb)[SERVER, 8080] == "Alive"  # five bad probes
    lb.clock.advance(INTERVAL * 2)
    assert location(lb)[SERVER, 8080] == "Dead"
    [path, _] = lb.forward_listeners()[HTTP]["ruleSet"][0]["locations"]
    assert {row["instanceId"]: row["status"] for row in path["rsList"]} == {SERVER: "Dead", ADDRESS: "Alive"}


def test_one_that_comes_back_too_soon_was_never_dead(lb: Balancers) -> None:
    instance = {"instanceIds.0": SERVER, "opUin": 1}
    lb.api.call("RebootDevice", **instance)
    lb.clock.advance(INTERVAL)
    lb.api.http.post("/_emulator/worlds/default/clock/advance-to-idle")
    state = lb.behind(TCP)[SERVER, 8080]
    assert state == "Dead"  # a reboot takes longer than three probes
    lb.clock.advance(INTERVAL * GOOD_PROBES)
    assert lb.behind(TCP)[SERVER, 8080] == "Alive"


def test_the_moment_counts_at_which_it_happened_not_the_one_at_which_somebody_looked(lb: Balancers) -> None:
    lb.device("ShutdownDevice", SERVER)
    lb.clock.advance(600)
    lb.device("StartDevice", SERVER)
    lb.clock.advance(600)  # it has been up for eight minutes, and nobody looked
    assert lb.behind(TCP)[SERVER, 8080] == "Alive"


@pytest.mark.parametrize("state", ["isolated", "fault", "shutdown"])
def test_one_that_is_out_of_operation_is_dead_too(lb: Balancers, state: str) -> None:
    changed = lb.api.http.patch(f"/_emulator/worlds/default/inventory/devices/{SERVER}", json={"state": state})
    assert changed.status_code == 200
    assert lb.behind(TCP)[SERVER, 8080] == "Alive"
    lb.clock.advance(INTERVAL * BAD_PROBES)
    assert lb.behind(TCP)[SERVER, 8080] == "Dead"


def test_one_that_is_gone_is_behind_nothing(lb: Balancers) -> None:
    lb.api.call("OfflineDevice", **{"instanceIds.0": SERVER})
    lb.clock.advance(INTERVAL * BAD_PROBES)
    assert lb.behind(TCP)[SERVER, 8080] == "Dead"
    lb.clock.advance(600)
    assert (SERVER, 8080) not in lb.behind(TCP)
    assert (SERVER, 8080) not in location(lb)


def test_what_is_behind_can_be_made_not_to_answer(lb: Balancers) -> None:
    path = f"/_emulator/worlds/default/inventory/backends/{TCP}/{ADDRESS}/7000"
    assert lb.api.http.patch(path, json={"answers": False}).status_code == 200
    lb.clock.advance(INTERVAL * BAD_PROBES)
    assert lb.behind(TCP)[ADDRESS, 7000] == "Dead"
    assert lb.api.http.patch(path, json={"answers": True}).status_code == 200
    lb.clock.advance(INTERVAL * GOOD_PROBES)
    assert lb.behind(TCP)[ADDRESS, 7000] == "Alive"


def test_without_a_check_nothing_is_found_dead(lb: Balancers) -> None:
    bind = {**GOOD["BindBmL4ListenerRs"], "listenerId": UDP}
    del bind["backends.0.probePort"]
    assert lb.do("BindBmL4ListenerRs", **bind) == DONE
    assert lb.behind(UDP) == {(SECOND, 81): "Alive"}
    lb.device("ShutdownDevice", SECOND)
    lb.clock.advance(600)
    assert lb.behind(UDP) == {(SECOND, 81): "Alive"}
    lb.do("ModifyBmListener", loadBalancerId=PUBLIC, listenerId=UDP, healthSwitch=1)
    lb.clock.advance(INTERVAL * BAD_PROBES)
    assert lb.behind(UDP) == {(SECOND, 81): "Dead"}


def test_ports_weights_and_probe_ports_change(lb: Balancers) -> None:
    server = {**AT, "instanceId": SERVER}
    lb.ask("ModifyBmL4ListenerBackendWeight", **server, port=8080, weight=0)
    assert lb.do("ModifyBmL4ListenerBackendProbePort", **server, port=8080, probePort=9) == DONE
    assert lb.do("ModifyBmL4ListenerBackendPort", **server, port=8080, newPort=8081) == DONE
    row = next(row for row in lb.ask("DescribeBmL4ListenerBackends", **AT)["data"] if row["instanceId"] == SERVER)
    assert (row["rsPort"], row["weight"]) == (8081, 0)
    shown = lb.api.http.get(f"/_emulator/worlds/default/inventory/backends/{TCP}/{SERVER}/8081").json()
    assert shown["probe_port"] == 9
    for name, value in (("Weight", {"weight": 3}), ("Port", {"newPort": 8082})):
        lb.ask(f"ModifyBmLocationBackend{name}", **PATH, instanceId=SERVER, port=8080, **value)
    assert (SERVER, 8082) in location(lb)


def test_addresses_stand_beside_servers(lb: Balancers) -> None:
    assert lb.do("BindBmL4ListenerVmIp", **GOOD["BindBmL4ListenerVmIp"]) == DONE
    lb.ask("BindBmL7LocationVmIp", **GOOD["BindBmL7LocationVmIp"])
    assert (ADDRESS, 81) in lb.behind(TCP)
    assert (ADDRESS, 81) in location(lb)
    row = next(row for row in lb.ask("DescribeBmLocationBackends", **PATH)["data"] if row["rsPort"] == 81)
    assert (row["bindType"], row["lanIp"], row["alias"], row["operates"]) == (1, ADDRESS, "", [])
    back = {"unVpcId": "vpc-aaaaaaaa", "ips.0": ADDRESS}
    assert lb.api.call("ReturnIps", host="bmvpc.api.qcloud.com", **back)["code"] != 0
    assert lb.do("UnbindBmL4ListenerVmIp", **GOOD["UnbindBmL4ListenerVmIp"]) == DONE
    lb.ask("UnbindBmL7LocationVmIp", **GOOD["UnbindBmL7LocationVmIp"])
    assert (ADDRESS, 7000) not in lb.behind(TCP)
    assert (ADDRESS, 7000) not in location(lb)


def test_servers_are_bound_to_and_unbound_from_paths_at_once(lb: Balancers) -> None:
    lb.ask("BindBmLocationInstances", **GOOD["BindBmLocationInstances"])
    assert location(lb)[SECOND, 81] == "Dead"
    lb.clock.advance(INTERVAL * GOOD_PROBES)
    assert location(lb)[SECOND, 81] == "Alive"
    weight = {"backends.0.weight": 4}
    lb.ask("UnbindBmLocationInstances", **GOOD["UnbindBmLocationInstances"], **weight)
    assert (SERVER, 8080) not in location(lb)


def test_a_failed_binding_leaves_nothing_and_a_failed_unbinding_everything(make: MakeBalancers) -> None:
    text = ('\n[[faults]]\naction = "{}"\noperation = "fail"\ntimes = 1\n').format
    lb = make(world() + text("BindBmL4ListenerRs") + text("UnbindBmL4ListenerRs"))
    before = lb.behind(TCP)
    assert lb.do("BindBmL4ListenerRs", **GOOD["BindBmL4ListenerRs"]) == FAILED
    assert lb.do("UnbindBmL4ListenerRs", **GOOD["UnbindBmL4ListenerRs"]) == FAILED
    assert lb.behind(TCP) == before
    assert lb.do("UnbindBmL4ListenerRs", **GOOD["UnbindBmL4ListenerRs"]) == DONE
    assert (SERVER, 8080) not in lb.behind(TCP)


def test_a_server_isolated_while_it_is_bound_is_not_bound(make: MakeBalancers) -> None:
    lb = make(world().replace('lan_ip = "10.0.1.11"', 'lan_ip = "10.0.1.11"\ndeadline = 2017-10-20 10:00:01'))
    task = lb.ask("BindBmL4ListenerRs", **GOOD["BindBmL4ListenerRs"])["requestId"]
    lb.clock.advance(SECONDS)
    assert lb.state(task) == FAILED
    assert (SECOND, 81) not in lb.behind(TCP)


def test_one_server_is_looked_up(lb: Balancers) -> None:
    found = lb.ask("DescribeBmL4ListenerBackends", **AT, **{"backends.0.instanceId": SERVER, "backends.0.port": 8080})
    assert [row["instanceId"] for row in found["data"]] == [SERVER]
    page = lb.ask("DescribeBmLocationBackends", **PATH, offset=1, limit=5)["data"]
    assert len(page) == 1


def test_the_bindings_of_servers_and_addresses_are_found_in_one_answer(lb: Balancers) -> None:
    answer = lb.ask("DescribeBmBindInfo", unVpcId="vpc-aaaaaaaa", **{"instanceIds.0": ADDRESS, "instanceIds.1": SERVER})
    [row] = answer["loadBalancerSet"]
    assert (row["loadBalancerId"], row["vpcId"], row["vip"], answer["totalCount"]) == (PUBLIC, 1, "140.140.9.9", 1)
    layer_4 = {it["listenerId"]: {rs["instanceId"] for rs in it["rsList"]} for it in row["L4ListenerSet"]}
    assert layer_4 == {TCP: {ADDRESS, SERVER}, OLD: {SERVER}}
    [listener] = row["L7ListenerSet"]
    assert [path["locationId"] for path in listener["ruleSet"][0]["locations"]] == [LOCATION]
    assert lb.ask("DescribeBmBindInfo", vpcId=2, **{"instanceIds.0": SERVER})["loadBalancerSet"] == []


def test_registered_servers_are_behind_all_older_listeners(lb: Balancers) -> None:
    assert (
        lb.do("RegisterInstancesWithBmLoadBalancer", host=OLDER, **GOOD["RegisterInstancesWithBmLoadBalancer"]) == DONE
    )
    assert set(lb.behind(OLD)) == {(SERVER, 9000), (SECOND, 9000)}
    weights = {"backends.0.instanceId": SECOND, "backends.0.weight": 33}
    assert lb.do("ModifyBmLoadBalancerBackends", host=OLDER, loadBalancerId=PUBLIC, **weights) == DONE
    rows = lb.ask("DescribeBmLoadBalancerBackends", host=OLDER, loadBalancerId=PUBLIC)["backendSet"]
    assert {row["instanceId"]: (row["weight"], row["instanceStatus"]) for row in rows} == {
        SERVER: (10, "1"),
        SECOND: (33, "1"),
    }
    ids = {"backendInstanceIds.0": SECOND}
    [row] = lb.ask("DescribeBmLoadBalancersByInstances", host=OLDER, **ids)["loadBalancerSet"]
    assert (row["loadBalancerId"], row["loadBalancerType"], row["unInstanceId"]) == (PUBLIC, 2, SECOND)
    leaving = {"backends.1.instanceId": SERVER}
    assert lb.do("DeregisterInstancesFromBmLoadBalancer", host=OLDER, loadBalancerId=PUBLIC, **leaving) == DONE
    assert set(lb.behind(OLD)) == {(SECOND, 9000)}
    assert (SERVER, 8080) not in lb.behind(TCP)
    assert (SERVER, 8080) not in location(lb)


def test_a_listener_with_nothing_behind_it_says_so_in_the_older_answer(lb: Balancers) -> None:
    assert older_health(lb, UDP) == {("", 53): -1}


def test_servers_are_found_by_name(lb: Balancers) -> None:
    found = lb.ask("DescribeBmLoadBalancersByInstances", host=OLDER, backendInstanceName=SERVER)
    assert [row["instanceName"] for row in found["loadBalancerSet"]] == [SERVER]
    other = {"backendInstanceName": SERVER, "backendInstanceIds.0": SECOND}
    assert lb.ask("DescribeBmLoadBalancersByInstances", host=OLDER, **other)["totalCount"] == 0


def test_a_deleted_balancer_leaves_nothing(lb: Balancers) -> None:
    assert lb.do("DeleteBmLoadBalancers", loadBalancerId=PUBLIC) == DONE
    for kind in ("listeners", "forward_domains", "locations"):
        rows = things(lb, kind)
        assert not [row for row in rows if row.get("lb_id") == PUBLIC], kind
    rows = things(lb, "backends")
    assert not [row for row in rows if row.get("lb_id") == PUBLIC]


THIRD = SECOND


def register(lb: Balancers, *servers: str, weight: int = 10) -> dict[str, Any]:
    named = {f"backends.{place}.instanceId": id for place, id in enumerate(servers)}
    weights = {f"backends.{place}.weight": weight for place, _id in enumerate(servers)}
    wanted = {"loadBalancerId": PUBLIC, **named, **weights}
    return lb.call("RegisterInstancesWithBmLoadBalancer", host=OLDER, **wanted)


def test_a_server_is_registered_once_in_a_call(lb: Balancers) -> None:
    assert register(lb, THIRD, THIRD)["code"] == 10005


def test_a_port_behind_a_newer_listener_is_not_put_behind_an_older_one(lb: Balancers) -> None:
    bound = {"backends.0.instanceId": THIRD, "backends.0.port": 9000, "backends.0.weight": 1}
    assert lb.do("BindBmL4ListenerRs", loadBalancerId=PUBLIC, listenerId=TCP, **bound) == DONE
    assert register(lb, THIRD)["code"] == 10005  # the older listener's instancePort is 9000


def test_a_registration_sets_the_weight_of_a_server_that_is_bound_already(lb: Balancers) -> None:
    bound = {"backends.0.instanceId": THIRD, "backends.0.port": 9000, "backends.0.weight": 77}
    assert lb.do("BindBmL4ListenerRs", loadBalancerId=PUBLIC, listenerId=OLD, **bound) == DONE
    assert register(lb, THIRD, weight=2)["code"] == 0
    lb.clock.advance(SECONDS)
    rows = lb.ask("DescribeBmL4ListenerBackends", loadBalancerId=PUBLIC, listenerId=OLD)["data"]
    assert {row["weight"] for row in rows if row["instanceId"] == THIRD} == {2}


def test_the_older_list_knows_no_state_of_load_balancers(lb: Balancers) -> None:
    assert register(lb, THIRD)["code"] == 0
    lb.clock.advance(SECONDS)
    lb.ask(
        "DeregisterInstancesFromBmLoadBalancer", host=OLDER, loadBalancerId=PUBLIC, **{"backends.0.instanceId": THIRD}
    )
    rows = lb.ask("DescribeBmLoadBalancerBackends", host=OLDER, loadBalancerId=PUBLIC)["backendSet"]
    assert {row["instanceId"]: row["instanceStatus"] for row in rows}[THIRD] == "1"
