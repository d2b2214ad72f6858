"""What is behind a listener, a path or a traffic mirror: ports of servers, and of virtual machines' addresses.

A server of the older form is registered with the load balancer itself too, under port 0.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple

from msgspec import Meta, Struct

from emulator.chapters.lb.records.health import NO_CHECK, Check, is_alive
from emulator.chapters.vpc.records.networks import Name
from emulator.clock import from_local
from emulator.world.facets import States
from emulator.world.paging import Order, Where, among, differs, equals, listed
from emulator.world.plain import plain
from emulator.world.resource import Resource
from emulator.world.world import World

BINDING, BOUND, UNBINDING = "binding", "bound", "unbinding"
PRESENT = (BOUND, UNBINDING)
SERVER, ADDRESS = 0, 1
"""The numbers of bindType."""
Holder = Literal["listeners", "locations", "load_balancers", "traffic_mirrors"]
_SERVERS = "devices"
_CREATED = datetime(2017, 10, 1)  # noqa: DTZ001


class Backend(NamedTuple):
    id: str
    """What holds it, the server or address, and the port, as lbl-…/cpm-…/80."""
    account_id: int
    kind: str
    """The kind of what holds it, one of Holder."""
    holder: str
    lb_id: str
    """Empty: it is a traffic mirror's."""
    target: str
    """The server's id, or the virtual machine's address."""
    bind_type: int
    port: int
    weight: int
    probe_port: int
    """The port that a probe of the user's own asks; 0: the same."""
    state: str
    answers: int
    """0 or 1: whether anything listens on the port while the server runs."""
    up: int
    alive: int
    since: int


class SeedBackend(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A port of a server, or of an address, behind a listener, a path or a traffic mirror."""

    id: str
    """What holds it, the server or address, and the port, as lbl-abcdefgh/cpm-abcdefgh/80."""
    kind: Holder
    """What holds it: listeners, locations, load_balancers (the older form, port 0) or traffic_mirrors."""
    holder: Name
    """The id of what holds it."""
    target: Name
    """The server's id, or the address of a virtual machine."""
    port: Annotated[int, Meta(ge=0, le=65_535)]
    """The port."""
    lb_id: str = ""
    """The load balancer; empty for a traffic mirror's."""
    bind_type: Literal[0, 1] = 0
    """0 a server, 1 the address of a virtual machine."""
    weight: Annotated[int, Meta(ge=0, le=100)] = 10
    """Its weight."""
    probe_port: Annotated[int, Meta(ge=0, le=65_535)] = 0
    """The port that a probe of the user's own asks; 0: the same."""
    state: Literal["binding", "bound", "unbinding"] = "bound"
    """binding and unbinding pass."""
    answers: bool = True
    """Whether anything listens on the port while the server runs."""
    alive: bool = True
    """What its health check had found at `since`."""
    since: datetime = _CREATED
    """When it was bound, came up or went down last, or its check was changed."""


_seeds, _by_hand = plain("backends", SeedBackend, "weight", "answers")


def _sow(world: World, account_id: int, seed: SeedBackend) -> None:
    if seed.id != backend_id(seed.holder, seed.target, seed.port):
        raise LookupError(f"the id of a backend is made of its holder, target and port, not {seed.id!r}")
    if world.resources[seed.kind].find_any(world, seed.holder) is None:
        raise LookupError(f"the backend {seed.id} is held by {seed.holder}, which is none of the {seed.kind}")
    texts = {name: getattr(seed, name) for name in seed.__struct_fields__}
    flags = {"answers": int(seed.answers), "alive": int(seed.alive), "since": from_local(seed.since)}
    up = int(seed.answers and is_target_up(world, seed.lb_id, seed.target, seed.bind_type))
    BACKENDS.add(world, account_id=account_id, up=up, **{**texts, **flags})


def _change(world: World, backend: Backend, changes: Any) -> None:
    _by_hand.change(world, backend, changes)
    changed = BACKENDS.find_any(world, backend.id) or backend
    turn(world, backend, is_up(world, changed))


BACKENDS: Resource[Backend] = Resource(
    "backends",
    "backend",
    Backend,
    id="id",
    form="[^/]+/[^/]+/[0-9]+",
    indexes=(("holder", "id"), ("target", "id"), ("lb_id", "target")),
    states=States((BINDING, BOUND, UNBINDING), lambda backend: str(backend.state)),
    seeds=_seeds._replace(sow=_sow),
    by_hand=_by_hand._replace(change=_change),
)


def backend_id(holder: str, target: str, port: int) -> str:
    return f"{holder}/{target}/{port}"


def backends_of(world: World, holder: str) -> list[Backend]:
    """What a listener, a path, a load balancer (the older form) or a traffic mirror holds, in whatever state."""
    return _listed(world, equals("holder", holder))


def backends_at(world: World, target: str) -> list[Backend]:
    """Where a server, or an address, stands behind."""
    return _listed(world, equals("target", target))


def backends_of_balancer(world: World, lb_id: str, targets: Iterable[str] | None = None) -> list[Backend]:
    """All that is behind a load balancer; `targets`: of these servers and addresses alone."""
    chosen = [] if targets is None else [among("target", targets)]
    return _listed(world, equals("lb_id", lb_id), *chosen)


def own_backends(world: World, account_id: int, targets: Iterable[str] | None = None) -> list[Backend]:
    """All that is behind an account's load balancers; `targets`: of these servers and addresses alone."""
    chosen = [] if targets is None else [among("target", targets)]
    return _listed(world, equals("account_id", account_id), differs("lb_id", ""), *chosen)


def _listed(world: World, *wheres: Where) -> list[Backend]:
    return listed(world, BACKENDS, [*wheres], Order(("id",)))[0]


def is_target_up(world: World, lb_id: str, target: str, bind_type: int) -> bool:
    """Whether a server runs, in the VPC of the load balancer; an address always answers."""
    if bind_type == ADDRESS:
        return True
    server = world.resources[_SERVERS].find_any(world, target)
    balancer = world.resources["load_balancers"].find_any(world, lb_id)
    return server is not None and bool(server.is_up) and (balancer is None or balancer.vpc == server.vpc)


def is_up(world: World, backend: Backend) -> bool:
    """Whether it answers now."""
    return bool(backend.answers) and is_target_up(world, backend.lb_id, backend.target, backend.bind_type)


def check_of(world: World, backend: Backend) -> Check:
    """The health check of what holds it."""
    holder = world.resources[backend.kind].find_any(world, backend.holder)
    found: Check = getattr(holder, "check", NO_CHECK)
    return found


def turn(world: World, backend: Backend, up: bool) -> None:
    """Keep that it came up or went down now, with what its check has found so far."""
    if up != bool(backend.up):
        reckon(world, backend, check_of(world, backend), up=int(up))


def reckon(world: World, backend: Backend, check: Check, **columns: int) -> None:
    """Keep what a check has found so far, before anything that it depends on changes."""
    at = world.moment()
    BACKENDS.change(world, backend.id, alive=int(is_alive(backend, check, at)), since=at, **columns)


def server_changed(world: World, _before: Any, server: Any) -> None:
    """Told when a server comes up, goes down or moves."""
    for backend in backends_at(world, server.instance_id):
        turn(world, backend, is_up(world, backend))
