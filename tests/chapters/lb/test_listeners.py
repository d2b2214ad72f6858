"""Listeners of both layers and of the older form."""

from typing import Any

import pytest

from chapters.lb.cases import GOOD
from chapters.lb.conftest import DONE, FAILED, RUNNING, SECONDS, Balancers, MakeBalancers
from chapters.lb.world import BROKEN, CERT, HTTP, HTTPS, OLD, PRIVATE, PUBLIC, TCP, UDP, world
from chapters.vpc.world import SECOND, SERVER
from emulator.chapters import BEGINS_WORK

OLDER = "lb"
SETTINGS = {
    "sessionExpire": 900,
    "healthSwitch": 1,
    "timeOut": 6,
    "intervalTime": 10,
    "healthNum": 8,
    "unhealthNum": 9,
    "bandwidth": 5,
    "customHealthSwitch": 1,
    "inputType": "text",
    "lineSeparatorType": 3,
    "healthRequest": "GET /",
    "healthResponse": "200",
    "toaFlag": 1,
}
CHANGES = ("ModifyBmListener", "DeleteBmListeners", "BindBmL4ListenerRs", "UnbindBmL4ListenerRs")


def test_one_is_made_with_all_its_settings_and_is_seen_being_made(lb: Balancers) -> None:
    known = set(lb.listeners())
    new = {"loadBalancerPort": 8010, "protocol": "udp", "listenerName": "new", **SETTINGS}
    task = lb.ask(
        "CreateBmListeners", loadBalancerId=PUBLIC, **{f"listeners.0.{name}": value for name, value in new.items()}
    )["requestId"]
    [(made, row)] = [it for it in lb.listeners().items() if it[0] not in known]
    assert row["status"] == 0
    assert {name: row[name] for name in new} == new
    lb.clock.advance(SECONDS)
    assert lb.state(task) == DONE
    assert lb.listeners()[made]["status"] == 1


def test_a_port_may_be_had_once_by_udp_and_once_by_anything_else(lb: Balancers) -> None:
    both = {"listeners.0.loadBalancerPort": 80, "listeners.0.protocol": "udp", "listeners.0.listenerName": "u"}
    assert lb.do("CreateBmListeners", loadBalancerId=PUBLIC, **both) == DONE
    twice = {f"listeners.1.{name.rpartition('.')[2]}": value for name, value in both.items()}
    other = {**both, "listeners.0.loadBalancerPort": 81, "listeners.1.loadBalancerPort": 81}
    assert lb.call("CreateBmListeners", loadBalancerId=PUBLIC, **{**twice, **other})["code"] == -12013


def test_what_a_change_does_not_name_stays(lb: Balancers) -> None:
    before = lb.listeners()[TCP]
    assert lb.do("ModifyBmListener", loadBalancerId=PUBLIC, listenerId=TCP, **SETTINGS) == DONE
    assert lb.do("ModifyBmListener", loadBalancerId=PUBLIC, listenerId=TCP, bandwidth=7) == DONE
    assert lb.listeners()[TCP] == {**before, **SETTINGS, "bandwidth": 7}


def test_the_settings_of_a_probe_go_with_its_switch(lb: Balancers) -> None:
    lb.do("ModifyBmListener", loadBalancerId=PUBLIC, listenerId=TCP, **SETTINGS)
    lb.do("ModifyBmListener", loadBalancerId=PUBLIC, listenerId=TCP, customHealthSwitch=0)
    row = lb.listeners()[TCP]
    probe = ("inputType", "lineSeparatorType", "healthRequest", "healthResponse")
    assert [row[name] for name in probe] == ["", 0, "", ""]


def test_toa_is_for_balancers_of_the_fullnat_kind(make: MakeBalancers) -> None:
    text = world().replace('domain = "front.hslb.myqcloud.com"', 'domain = "f"\ntgw_set_type = "tunnel"')
    new = {"listeners.0.loadBalancerPort": 1, "listeners.0.protocol": "tcp", "listeners.0.listenerName": "n"}
    wanted = {"loadBalancerId": PUBLIC, **new, "listeners.0.toaFlag": 1}
    assert make(text).call("CreateBmListeners", **wanted)["code"] == 9003
    assert make().call("CreateBmListeners", **wanted)["code"] == 0


def test_a_deleted_one_is_seen_going_and_takes_what_is_behind_it(lb: Balancers) -> None:
    task = lb.ask("DeleteBmListeners", loadBalancerId=PUBLIC, **{"listenerIds.1": TCP})["requestId"]
    assert lb.listeners()[TCP]["status"] == 3
    assert lb.call("ModifyBmListener", loadBalancerId=PUBLIC, listenerId=TCP, bandwidth=1)["code"] == -12021
    lb.clock.advance(SECONDS)
    assert lb.state(task) == DONE
    assert TCP not in lb.listeners()
    [balancer] = lb.ask("DescribeBmBindInfo", **{"instanceIds.0": SERVER})["loadBalancerSet"]
    assert [row["listenerId"] for row in balancer["L4ListenerSet"]] == [OLD]


def test_one_that_could_not_be_made_or_deleted_says_so_and_can_be_deleted(make: MakeBalancers) -> None:
    rules = ('\n[[faults]]\naction = "{}"\noperation = "fail"\ntimes = 1\n').format
    lb = make(world() + rules("CreateBmListeners") + rules("DeleteBmListeners"))
    assert lb.do("CreateBmListeners", **GOOD["CreateBmListeners"]) == FAILED
    [made] = [id for id, row in lb.listeners().items() if row["status"] == 2 and id != BROKEN]
    assert lb.do("DeleteBmListeners", loadBalancerId=PUBLIC, **{"listenerIds.0": made}) == FAILED
    assert lb.listeners()[made]["status"] == 4
    assert lb.do("DeleteBmListeners", loadBalancerId=PUBLIC, **{"listenerIds.0": made}) == DONE
    assert made not in lb.listeners()


@pytest.mark.parametrize("action", CHANGES)
def test_a_balancer_changes_one_thing_at_a_time(lb: Balancers, action: str) -> None:
    lb.ask("ModifyBmForwardListener", **GOOD["ModifyBmForwardListener"])
    assert lb.call(action, **GOOD[action])["code"] in (12003, -21001)
    lb.clock.advance(SECONDS)
    assert lb.call(action, **GOOD[action])["code"] == 0


@pytest.mark.parametrize(("operation", "state"), [("fail", FAILED), ("hang", RUNNING), ("late", RUNNING)])
@pytest.mark.parametrize("action", sorted(name for module, name in BEGINS_WORK if module == "bmlb" and name in GOOD))
def test_all_work_fails_hangs_or_is_late(make: MakeBalancers, action: str, operation: str, state: int) -> None:
    rule = f'\n[[faults]]\naction = "{action}"\noperation = "{operation}"\nlate_by = 600\n'
    lb = make(world() + rule)
    older = action.endswith(("Listeners", "Listener", "Balancer", "Backends")) and "LoadBalancer" in action
    answer = lb.ask(action, host=OLDER if older else "bmlb", **GOOD[action])
    lb.clock.advance(SECONDS)
    if "requestId" in answer:
        assert lb.state(answer["requestId"]) == state


def test_those_of_layer_7_have_their_ids_at_once_and_run_after_seconds(lb: Balancers) -> None:
    [made] = lb.ask("CreateBmForwardListeners", **GOOD["CreateBmForwardListeners"])["listenerIds"]
    assert lb.forward_listeners()[made]["status"] == 0
    rule = {"rules.0.domain": "a.com", "rules.0.url": "/"}
    assert lb.call("CreateBmForwardRules", loadBalancerId=PUBLIC, listenerId=made, **rule)["code"] == -12010
    lb.clock.advance(SECONDS)
    row = lb.forward_listeners()[made]
    assert (row["status"], row["SSLMode"], row["certId"], row["certCaId"]) == (1, 1, CERT, "")
    assert lb.call("CreateBmForwardRules", loadBalancerId=PUBLIC, listenerId=made, **rule)["code"] == 0


def test_an_internal_balancer_has_layer_7_of_http(lb: Balancers) -> None:
    new = {"listeners.0.loadBalancerPort": 80, "listeners.0.protocol": "http", "listeners.0.listenerName": "n"}
    [made] = lb.ask("CreateBmForwardListeners", loadBalancerId=PRIVATE, **new)["listenerIds"]
    assert lb.forward_listeners(PRIVATE)[made]["protocol"] == "http"


def test_either_spelling_of_the_mode_is_understood(lb: Balancers) -> None:
    good = dict(GOOD["CreateBmForwardListeners"])
    good["listeners.0.sslMode"] = good.pop("listeners.0.SSLMode")
    assert lb.call("CreateBmForwardListeners", **good)["code"] == 0
    changed = {"loadBalancerId": PUBLIC, "listenerId": HTTPS, "SSLMode": 1}
    assert lb.call("ModifyBmForwardListener", **changed)["code"] == 0


@pytest.mark.parametrize(
    ("by", "ids"),
    [
        ({}, {TCP, UDP, OLD, BROKEN}),
        ({"searchKey": "WE"}, {TCP}),
        ({"instanceIds.0": SERVER}, {TCP, OLD}),
        ({"instanceIds.0": "10.0.1.20"}, {TCP}),
        ({"instanceIds.0": SERVER, "searchKey": "old"}, {OLD}),
        ({"instanceIds.0": SECOND}, set()),
    ],
)
def test_those_of_layer_4_are_found_by_name_and_by_what_is_behind_them(
    lb: Balancers, by: dict[str, Any], ids: set[str]
) -> None:
    found = lb.ask("DescribeBmListenerInfo", loadBalancerId=PUBLIC, **by)["listenerSet"]
    assert {row["listenerId"] for row in found} == ids


@pytest.mark.parametrize(
    ("by", "ids"),
    [({"searchKey": "A.c"}, {HTTP}), ({"searchKey": "z"}, set()), ({"instanceIds.0": SERVER}, {HTTP})],
)
def test_those_of_layer_7_are_found_by_domain_and_by_what_is_behind_them(
    lb: Balancers, by: dict[str, Any], ids: set[str]
) -> None:
    found = lb.ask("DescribeBmForwardListenerInfo", loadBalancerId=PUBLIC, **by)["listenerSet"]
    assert {row["listenerId"] for row in found} == ids
    assert not [path for row in found for rule in row["ruleSet"] for path in rule["locations"] if "rsList" in path]


def test_the_ports_are_those_of_all_listeners(lb: Balancers) -> None:
    answer = lb.ask("DescribeBmVportInfo", loadBalancerId=PUBLIC)
    ports = {(row["protocol"], row["loadBalancerPort"]) for row in answer["listenerSet"]}
    own = [*lb.listeners().values(), *lb.forward_listeners().values()]
    assert ports == {(row["protocol"], row["loadBalancerPort"]) for row in own}
    assert answer["totalCount"] == len(ports)


def test_both_forms_see_each_others_listeners(lb: Balancers) -> None:
    known = set(lb.listeners())
    new = {**GOOD["CreateBmLoadBalancerListeners"], "listeners.0.listenerName": "older"}
    assert lb.do("CreateBmLoadBalancerListeners", host=OLDER, **new) == DONE
    [made] = set(lb.listeners()) - known
    assert lb.listeners()[made]["healthSwitch"] == 1
    assert lb.behind(made) == {(SERVER, 8011): "Alive"}
    assert lb.do("ModifyBmListener", loadBalancerId=PUBLIC, listenerId=made, listenerName="newer") == DONE
    older = lb.ask("DescribeBmLoadBalancerListeners", host=OLDER, loadBalancerId=PUBLIC)["listenerSet"]
    named = {row["listenerId"]: (row["listenerName"], row["instancePort"], row["protocol"]) for row in older}
    assert named[made] == ("newer", 8011, 2)
    assert named[TCP] == ("web", 0, 2)
    assert UDP not in named
    assert lb.do("DeleteBmLoadBalancerListeners", host=OLDER, loadBalancerId=PUBLIC, **{"listenerIds.0": TCP}) == DONE
    assert TCP not in lb.listeners()


def test_the_older_form_turns_sessions_off(lb: Balancers) -> None:
    for seconds in (900, 0):
        changes = {"loadBalancerId": PUBLIC, "listenerId": OLD, "sessionExpire": seconds}
        assert lb.do("ModifyBmLoadBalancerListener", host=OLDER, **changes) == DONE
        assert lb.listeners()[OLD]["sessionExpire"] == seconds


def test_the_server_ports_of_an_internal_balancer_do_not_repeat(lb: Balancers) -> None:
    ports = {"listeners.0.loadBalancerPort": 1, "listeners.0.instancePort": 5, "listeners.0.protocol": 2}
    again = {"listeners.1.loadBalancerPort": 2, "listeners.1.instancePort": 5, "listeners.1.protocol": 2}
    for balancer, code in ((PRIVATE, 9003), (PUBLIC, 0)):
        answer = lb.call("CreateBmLoadBalancerListeners", host=OLDER, loadBalancerId=balancer, **ports, **again)
        assert answer["code"] == code


def test_the_older_list_is_filtered_by_port(lb: Balancers) -> None:
    answer = lb.ask("DescribeBmLoadBalancerListeners", host=OLDER, loadBalancerId=PUBLIC, loadBalancerPort=90)
    assert [row["listenerId"] for row in answer["listenerSet"]] == [OLD]


def test_a_port_of_the_older_form_has_one_protocol(lb: Balancers) -> None:
    older = {"listeners.0.loadBalancerPort": 53, "listeners.0.instancePort": 5, "listeners.0.protocol": 2}
    answer = lb.call("CreateBmLoadBalancerListeners", host=OLDER, loadBalancerId=PUBLIC, **older)
    assert answer["code"] == 9003  # udp has it
    newer = {"listeners.0.loadBalancerPort": 90, "listeners.0.protocol": "udp", "listeners.0.listenerName": "x"}
    assert lb.call("CreateBmListeners", loadBalancerId=PUBLIC, **newer)["code"] == -12013
