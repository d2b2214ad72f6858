"""What the steps of a random history do to load balancers and traffic mirrors."""

from typing import Any

from emulator.chapters import RESOURCES
from emulator.world.world import World

_GONE = "gone-0000000"


def balancer_things(world: World, name: str, chosen: int) -> dict[str, Any]:
    """What the call is about: of each kind one that `chosen` picks, and what belongs to it."""
    balancer, listener = _record(world, "load_balancers", chosen), _record(world, "listeners", chosen)
    forward, location = _record(world, "forward_listeners", chosen), _record(world, "locations", chosen)
    mirror, backend = _record(world, "traffic_mirrors", chosen), _record(world, "backends", chosen)
    copied = _record(world, "mirror_listeners", chosen)
    lb_id = balancer.lb_id if balancer else _GONE
    ports = {"listeners.0.loadBalancerPort": 80 + chosen % 4}
    of_listener = {"loadBalancerId": _of(listener, "lb_id"), "listenerId": _of(listener, "listener_id")}
    of_forward = {"loadBalancerId": _of(forward, "lb_id"), "listenerId": _of(forward, "listener_id")}
    of_location = {
        "loadBalancerId": _of(location, "lb_id"),
        "listenerId": _of(location, "listener_id"),
        "domainId": _of(location, "domain_id"),
    }
    path = {**of_location, "locationId": _of(location, "location_id")}
    server = _server_for(world, _of(listener, "lb_id"), chosen)
    bound = {"backends.0.instanceId": _of(backend, "target"), "backends.0.port": _of(backend, "port") or 80}
    at = {"loadBalancerId": _of(backend, "lb_id"), "listenerId": _of(backend, "holder")}
    of_mirror = {"trafficMirrorId": _of(mirror, "mirror_id")}
    vpcs = {it.lb_id: it.vpc for it in _every(world, "load_balancers")}
    near = next((it for it in _every(world, "forward_listeners") if vpcs[it.lb_id] == _of(mirror, "vpc")), None)
    things: dict[str, dict[str, Any]] = {
        **{key: {"loadBalancerId": lb_id, **ports} for key in ("CreateBmListeners", "CreateBmForwardListeners")},
        "CreateBmLoadBalancerListeners": {"loadBalancerId": lb_id, **ports},
        "ModifyBmListener": of_listener,
        "DeleteBmListeners": {
            "loadBalancerId": of_listener["loadBalancerId"],
            "listenerIds.0": of_listener["listenerId"],
        },
        "BindBmL4ListenerRs": {**of_listener, "backends.0.instanceId": server, "backends.0.port": 8000 + chosen % 3},
        "UnbindBmL4ListenerRs": {**at, **bound},
        "ModifyBmL4ListenerBackendPort": {
            **at,
            "instanceId": bound["backends.0.instanceId"],
            "port": bound["backends.0.port"],
            "newPort": 8010 + chosen,
        },
        "RegisterInstancesWithBmLoadBalancer": {
            "loadBalancerId": lb_id,
            "backends.0.instanceId": _server_for(world, lb_id, chosen),
        },
        "DeregisterInstancesFromBmLoadBalancer": {
            "loadBalancerId": at["loadBalancerId"],
            "backends.0.instanceId": bound["backends.0.instanceId"],
        },
        "CreateBmForwardRules": {**of_forward, **{f"rules.{place}.domain": f"{chosen % 3}.com" for place in (0, 1)}},
        "DeleteBmForwardDomains": {
            "loadBalancerId": of_location["loadBalancerId"],
            "listenerId": of_location["listenerId"],
            "domainIds.0": of_location["domainId"],
        },
        "DeleteBmForwardRules": {**of_location, "locationIds.0": path["locationId"]},
        "BindBmLocationInstances": {
            **path,
            "backends.0.instanceId": _server_for(world, path["loadBalancerId"], chosen),
            "backends.0.port": 8000 + chosen % 3,
        },
        "UnbindBmLocationInstances": {**_path_of(world, backend), **bound},
        "AddTrafficMirror": {"unVpcId": _of(balancer, "vpc")},
        "BindTrafficMirrorListeners": {**of_mirror, "listenerIds.0": _of(near, "listener_id")},
        "UnbindTrafficMirrorListeners": {
            "trafficMirrorId": _of(copied, "mirror_id"),
            "listenerIds.0": _of(copied, "listener_id"),
        },
        "BindTrafficMirrorReceivers": {
            **of_mirror,
            "receivers.0.rsPort": 9,
            "receivers.0.instanceId": _server_in(world, _of(mirror, "vpc"), chosen),
        },
        "DeleteTrafficMirror": {"trafficMirrorIds.0": of_mirror["trafficMirrorId"]},
    }
    return things.get(name, {})


def _every(world: World, kind: str) -> list[Any]:
    return RESOURCES[kind].every(world)


def _record(world: World, kind: str, chosen: int) -> Any:
    """None where there is nothing of the kind."""
    found = _every(world, kind)
    return found[chosen % len(found)] if found else None


def _of(record: Any, column: str) -> Any:
    return getattr(record, column) if record else _GONE


def _server_for(world: World, lb_id: str, chosen: int) -> str:
    """A server of the load balancer's VPC."""
    balancer = RESOURCES["load_balancers"].find_any(world, lb_id)
    return _server_in(world, balancer.vpc if balancer else "", chosen)


def _server_in(world: World, vpc: str, chosen: int) -> str:
    near = [it.instance_id for it in _every(world, "devices") if it.vpc == vpc]
    return near[chosen % len(near)] if near else "cpm-gone0000"


def _path_of(world: World, backend: Any) -> dict[str, Any]:
    """The names of the path that holds a backend, if a path does."""
    path = RESOURCES["locations"].find_any(world, _of(backend, "holder"))
    names = ("lb_id", "listener_id", "domain_id", "location_id")
    return dict(
        zip(("loadBalancerId", "listenerId", "domainId", "locationId"), (_of(path, it) for it in names), strict=True)
    )
