"""What holds in every world after every history, as its client sees it."""

from collections import Counter
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from support.histories import BUY, STEPS, History

from emulator.chapters import RESOURCES
from emulator.world.operation_views import pending_operations

MANY = {"limit": 1000}
FAILED = 2
"""The productionStatus of a gateway whose creation failed."""


def addresses_belong_to_one_server_in_its_subnet(history: History) -> None:
    api = history.api
    servers = [
        *api.data("DescribeDevice", **MANY)["deviceList"],
        *api.data("DescribeDeviceTrash", **MANY)["deviceList"],
    ]
    servers += api.data("DescribeHostedDevice", **MANY)["list"]
    placed = [(row["unVpcId"], row["unSubnetId"], row["lanIp"]) for row in servers if row["lanIp"]]
    twice = [place for place, count in Counter(placed).items() if count > 1]
    assert not twice
    subnets = {subnet.un_id: subnet for subnet in RESOURCES["subnets"].every(history.world)}
    for vpc, subnet, address in placed:
        network = IPv4Network(subnets[subnet].cidr)
        assert subnets[subnet].vpc == vpc
        assert IPv4Address(address) in network
        assert address != str(next(network.hosts()))


def stock_is_neither_negative_nor_lost(history: History) -> None:
    wanted = {"zoneId": BUY["zoneId"], "deviceClassCode": BUY["deviceClassCode"]}
    left = history.api.data("DescribeDeviceInventory", **wanted)["inventory"]
    whole = history.world.catalogue.device_class(str(BUY["deviceClassCode"]))
    assert whole is not None
    bought = sum(
        device.bought and (device.zone_id, device.class_code) == (BUY["zoneId"], whole.code)
        for device in RESOURCES["devices"].every(history.world)
    )
    assert left >= 0
    assert left + bought == whole.stock


def tasks_have_ended_or_are_pending_and_the_log_agrees(history: History) -> None:
    history.api.data("GetUserCmdList")  # settles what is due
    pending = {operation.about for operation in pending_operations(history.world)}
    for task in RESOURCES["numbered_tasks"].ids(history.world):
        for row in history.api.data("DescriptionOperationResult", taskId=task)["instanceIds"]:
            assert row["status"] in (1, 2) or row["instanceId"] in pending
            wanted = {"instanceId": row["instanceId"], "startTime": "2017-01-01", "limit": 1000}
            log = history.api.call("DescribeDeviceOperationLog", **wanted).get("data")  # none of a server that is gone
            statuses = [entry["status"] for entry in log["logs"] if entry["taskId"] == task] if log else []
            assert statuses in ([], [{4: "0", 1: "1", 2: "2"}[row["status"]]])


def script_tasks_count_their_runs(history: History) -> None:
    for task in history.api.data("GetUserCmdTaskList", **MANY)["list"]:
        runs = history.api.data("GetUserCmdTaskDetailList", taskId=task["taskId"], **MANY)["list"]
        states = Counter(min(int(run["status"]), 1) for run in runs)
        assert (int(task["successCount"]), int(task["failureCount"])) == (states[0], states[1])
        assert (task["status"] == -1) == (states[-1] > 0)


def networks_count_what_they_list(history: History) -> None:
    """Each address of a subnet once, none outside it; counts are those of the lists."""
    subnets = history.network("DescribeBmSubnetEx", **MANY)["data"]
    for row in subnets:
        network, own = IPv4Network(row["cidrBlock"]), {"unVpcId": row["unVpcId"], "unSubnetId": row["unSubnetId"]}
        if history.network("DescribeBmVpcEx", unVpcId=row["unVpcId"], strict=False)["code"] != 0:
            raise AssertionError(f"{row['unSubnetId']} is in a VPC that is gone")
        book = history.network("DescribeBmSubnetIps", **own)["data"]
        taken = [address for kind in book.values() for address in kind]
        assert len(taken) == len(set(taken))
        assert row["cpmNum"] == len(book["cpmSet"])
        assert not [address for address in taken if IPv4Address(address) not in network]
        usable = [it for it in taken if network[2] <= IPv4Address(it) < network.broadcast_address]
        assert row["availableIpNum"] == row["totalIpNum"] - len(usable)
    counts = Counter(row["unVpcId"] for row in subnets)
    for vpc in history.network("DescribeBmVpcEx", **MANY)["data"]:
        assert vpc["subnetNum"] == counts[vpc["unVpcId"]]


def gateways_hold_what_is_bound_to_them(history: History) -> None:
    """A gateway that runs has an elastic IP; a subnet uses one gateway; nothing refers to what is gone."""
    history.network("DescribeBmNatGateway")  # settles what is due
    gateways = {nat.nat_id: nat for nat in RESOURCES["nat_gateways"].every(history.world)}
    bindings = RESOURCES["nat_bindings"].every(history.world)
    assert {binding.nat_id for binding in bindings} <= {*gateways}
    users = {(binding.subnet, binding.nat_id) for binding in bindings}
    assert len(users) == len({subnet for subnet, _nat in users})
    eips = RESOURCES["eips"].every(history.world)
    assert {eip.bound_to for eip in eips if eip.bound_to.startswith("nat-")} <= {*gateways}
    assert len({eip.eip for eip in eips}) == len(eips)
    for nat in gateways.values():
        held = [eip for eip in eips if eip.bound_to == nat.nat_id]
        assert bool(held) == (nat.production_status != FAILED), nat
    servers, subnets = set(RESOURCES["devices"].ids(history.world)), set(RESOURCES["subnets"].ids(history.world))
    for interface in RESOURCES["interfaces"].every(history.world):
        assert interface.instance_id in servers
        assert interface.subnet in subnets
    assert {binding.subnet for binding in bindings} <= subnets


def elastic_ips_are_where_they_say(history: History) -> None:
    """A server shows the elastic IP that is bound to it; an address of a VPC that has one is applied for."""
    rows = history.eips("DescribeEipBm", limit=100)["data"]["eipSet"]
    assert history.eips("DescribeEipBmQuota")["data"]["currentEipNum"] == len(rows)
    servers = [
        *history.api.data("DescribeDevice", **MANY)["deviceList"],
        *history.api.data("DescribeDeviceTrash", **MANY)["deviceList"],
    ]
    shown = {(row["instanceId"], row["wanIp"]) for row in servers if row["wanIp"]}
    assert shown == {(row["unInstanceId"], row["eip"]) for row in rows if row["type"] == 0 and row["status"] in (2, 3)}
    assert {row["unInstanceId"] for row in rows if row["unInstanceId"]} <= {row["instanceId"] for row in servers}
    applied = {(ip.vpc, ip.lan_ip) for ip in RESOURCES["subnet_ips"].every(history.world)}
    assert {(row["unVpcId"], row["vpcIp"]) for row in rows if row["vpcIp"]} <= applied
    counted = Counter(row["aclId"] for row in rows if row["aclId"])
    acls = history.eips("DescribeEipAclBm")["data"]["eipAclList"]
    assert {acl["aclId"]: acl["eipNum"] for acl in acls if acl["eipNum"]} == counted
    busy = {operation.about for operation in pending_operations(history.world)}
    assert {row["instanceId"] for row in servers if row["operateStatus"] in ("12", "13")} <= busy
    for row in rows:
        assert (row["type"] is None) == (row["status"] in (4, 6, 9)) or row["status"] == 0, row


def load_balancers_say_the_same_in_every_list(history: History) -> None:
    """Ports are unique, lists of both forms agree, and nothing is behind what is gone."""
    world, found = history.world, history.balancers("DescribeBmLoadBalancers", **MANY)["loadBalancerSet"]
    balancers = {row["loadBalancerId"]: row for row in found}
    backends = RESOURCES["backends"].every(world)
    for backend in backends:
        assert RESOURCES[backend.kind].find_any(world, backend.holder) is not None, backend
        assert backend.bind_type == 1 or RESOURCES["devices"].find_any(world, backend.target) is not None, backend
    for lb_id, balancer in balancers.items():
        own = {"loadBalancerId": lb_id}
        ports = history.balancers("DescribeBmVportInfo", **own)["listenerSet"]
        taken = Counter((row["protocol"] == "udp", row["loadBalancerPort"]) for row in ports)
        assert set(taken.values()) <= {1}, balancer
        layer_4 = history.balancers("DescribeBmListeners", **own)["listenerSet"]
        layer_7 = history.balancers("DescribeBmForwardListenerInfo", **own, ifGetRsInfo=1)["listenerSet"]
        assert [row["listenerId"] for row in ports] == [row["listenerId"] for row in (*layer_4, *layer_7)]
        older = history.balancers("DescribeBmLoadBalancerListeners", host="lb", **own)["listenerSet"]
        assert [row["listenerId"] for row in older] == [it["listenerId"] for it in layer_4 if it["protocol"] == "tcp"]
        shown = {
            (row["listenerId"], rs["instanceId"], rs["rsPort"])
            for row in layer_4
            for rs in history.balancers("DescribeBmL4ListenerBackends", **own, listenerId=row["listenerId"])["data"]
        }
        behind = {
            (path["locationId"], rs["instanceId"], rs["rsPort"])
            for row in layer_7
            for rule in row["ruleSet"]
            for path in rule["locations"]
            for rs in path["rsList"]
        }
        kept = {(it.holder, it.target, it.port) for it in backends if it.lb_id == lb_id and it.state != "binding"}
        assert shown | behind == {it for it in kept if it[0] != lb_id}
        servers = history.balancers("DescribeBmLoadBalancerBackends", host="lb", **own)["backendSet"]
        assert {row["instanceId"] for row in servers} == {target for _holder, target, _port in kept}
    mirrored = Counter(it.listener_id for it in RESOURCES["mirror_listeners"].every(world))
    assert set(mirrored.values()) <= {1}
    assert set(mirrored) <= set(RESOURCES["forward_listeners"].ids(world))


INVARIANTS = (
    load_balancers_say_the_same_in_every_list,
    elastic_ips_are_where_they_say,
    networks_count_what_they_list,
    gateways_hold_what_is_bound_to_them,
    addresses_belong_to_one_server_in_its_subnet,
    stock_is_neither_negative_nor_lost,
    tasks_have_ended_or_are_pending_and_the_log_agrees,
    script_tasks_count_their_runs,
)


def what_is_kept_is_what_the_rows_say(history: History) -> None:
    for plural, resource in RESOURCES.items():
        kept = history.world.database.kept.of(plural)
        rows = {getattr(record, resource.id): record for record in resource.every(history.world)}
        assert {id: rows[id] for id in kept} == kept


@settings(max_examples=30, deadline=None)
@given(
    steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 50)), min_size=4, max_size=20),
    devices=st.sampled_from([0, 4]),
)
def test_the_invariants_hold_over_random_histories(steps: list[Any], devices: int) -> None:
    history = History(devices)
    for step, chosen in steps:
        history.take(step, chosen)
        what_is_kept_is_what_the_rows_say(history)
    for invariant in INVARIANTS:
        invariant(history)
    history.world.close()
