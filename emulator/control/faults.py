"""Fault rules and incidents, which are named plans of them."""

from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

from emulator.chapters import RESOURCES
from emulator.checking.files import UnreadableFile, read_data
from emulator.checking.values import WrongValue, converted
from emulator.checking.words import listed, meant
from emulator.clock import to_wire
from emulator.control.endpoints import ControlRequest, Nothing, endpoint
from emulator.control.state import Control
from emulator.control.worlds import world_named
from emulator.gateway.fault_check import check_fault
from emulator.gateway.faults import describe
from emulator.world import rules
from emulator.world.accounts import all_credentials
from emulator.world.by_hand import UnknownThing
from emulator.world.catalogue import FixtureError
from emulator.world.rules import FaultRule, SetFault
from emulator.world.world import World


class FaultView(Struct, frozen=True):
    id: int
    """The number of the rule in its world."""
    does: str
    """What the rule does, in words."""
    rule: FaultRule
    """The rule as it was set."""
    incident: str | None
    """The incident that set the rule; null: it was set by itself."""
    set_at: str
    """The world's time at which the rule was set, in China Standard Time."""
    seen: int
    """How many calls matched the rule, the skipped ones included."""
    fired: int
    """How many times the rule fired."""
    over: bool
    """Whether the rule has fired as often as it may, or has expired."""


class Which(Struct, frozen=True, forbid_unknown_fields=True):
    unfired: bool = False
    """Whether to list only the rules that never fired."""


class Incident(Struct, frozen=True, forbid_unknown_fields=True):
    """What a file of `fixtures/incidents/` holds."""

    title: Annotated[str, Meta(min_length=1)]
    """What happens in the incident, for people."""
    faults: Annotated[list[FaultRule], Meta(min_length=1)]
    """The rules that are set when the incident starts."""


class IncidentView(Struct, frozen=True):
    name: str
    """The name by which the incident is started."""
    title: str
    """What happens in the incident, for people."""
    faults: list[FaultRule]
    """The rules that are set when the incident starts."""


@endpoint("GET", "/worlds/{world}/faults", query=Which, answer=list[FaultView])
def list_faults(control: Control, request: ControlRequest) -> list[FaultView]:
    """List the fault rules of a world, as they were set, and how often they fired."""
    world = world_named(control, request)
    return [_view(world, fault) for fault in rules.all_faults(world) if not (request.query.unfired and fault.fired)]


@endpoint("POST", "/worlds/{world}/faults", body=FaultRule, answer=FaultView, status=201)
def set_fault(control: Control, request: ControlRequest) -> FaultView:
    """Set a fault rule; one that no call could ever meet is refused, with the reason."""
    world = world_named(control, request)
    _check(control, world, request.body)
    return _view(world, rules.add_fault(world, request.body))


@endpoint("DELETE", "/worlds/{world}/faults")
def clear_faults(control: Control, request: ControlRequest) -> Nothing:
    """Take all fault rules of a world back."""
    world = world_named(control, request)
    rules.remove_faults(world, [fault.id for fault in rules.all_faults(world)])
    return Nothing()


@endpoint("GET", "/worlds/{world}/faults/{fault}", answer=FaultView)
def read_fault(control: Control, request: ControlRequest) -> FaultView:
    """Read a fault rule, and how often it fired."""
    world = world_named(control, request)
    return _view(world, _find(world, request.path["fault"]))


@endpoint("DELETE", "/worlds/{world}/faults/{fault}", answer=FaultView)
def remove_fault(control: Control, request: ControlRequest) -> FaultView:
    """Remove a fault rule, and answer how often it fired."""
    world = world_named(control, request)
    fault = _find(world, request.path["fault"])
    rules.remove_faults(world, [fault.id])
    return _view(world, fault)


@endpoint("GET", "/incidents", answer=list[IncidentView], problems=(422,))
def list_incidents(control: Control, _request: ControlRequest) -> list[IncidentView]:
    """List the incidents that can be started."""
    names = sorted({path.stem for folder in control.incidents for path in folder.glob("*.toml")})
    return [_shown(control, name) for name in names]


@endpoint("GET", "/worlds/{world}/incidents", answer=list[str])
def list_running_incidents(control: Control, request: ControlRequest) -> list[str]:
    """List the incidents that are going on in a world."""
    world = world_named(control, request)
    running = [fault.incident for fault in rules.all_faults(world) if not fault.is_over(world.clock.now())]
    return list(dict.fromkeys(name for name in running if name is not None))


@endpoint("POST", "/worlds/{world}/incidents/{incident}", answer=list[FaultView], problems=(422,))
def start_incident(control: Control, request: ControlRequest) -> list[FaultView]:
    """Start an incident, from the beginning if it is going on: all of its fault rules are set, or none."""
    world, name = world_named(control, request), request.path["incident"]
    plan = _read(control, name)
    for rule in plan.faults:
        _check(control, world, rule)
    _stop(world, name)
    return [_view(world, rules.add_fault(world, rule, name)) for rule in plan.faults]


@endpoint("DELETE", "/worlds/{world}/incidents/{incident}", answer=list[FaultView])
def stop_incident(control: Control, request: ControlRequest) -> list[FaultView]:
    """Stop an incident, and answer how often its fault rules fired."""
    world, name = world_named(control, request), request.path["incident"]
    stopped = _stop(world, name)
    if not stopped:
        running = sorted({fault.incident for fault in rules.all_faults(world) if fault.incident})
        told = f"; {listed(running, 'and')} is" if running else "; none is"
        raise UnknownThing(f"no incident {name!r} is going on in the world {world.name!r}{told}")
    return [_view(world, fault) for fault in stopped]


def _stop(world: World, name: str) -> list[SetFault]:
    stopped = [fault for fault in rules.all_faults(world) if fault.incident == name]
    rules.remove_faults(world, [fault.id for fault in stopped])
    return stopped


def _check(control: Control, world: World, rule: FaultRule) -> None:
    check_fault(rule, control.routes, RESOURCES, [credential.secret_id for credential in all_credentials(world)])


def _find(world: World, wanted: str) -> SetFault:
    for fault in rules.all_faults(world):
        if str(fault.id) == wanted:
            return fault
    known = listed([fault.id for fault in rules.all_faults(world)], "and")
    raise UnknownThing(f"the world {world.name!r} has no fault {wanted!r}; it has {known}")


def _shown(control: Control, name: str) -> IncidentView:
    """A file that is wrong hides no other: it is listed with the reason."""
    try:
        found = _read(control, name)
    except FixtureError as error:
        return IncidentView(name, f"it cannot be started: {error}", [])
    return IncidentView(name, found.title, found.faults)


def check_incidents(folder: str | None) -> None:
    """Raises FixtureError for the first file of a folder of one's own that is wrong."""
    for path in sorted(Path(folder).glob("*.toml")) if folder else ():
        read_incident(path)


def _read(control: Control, name: str) -> Incident:
    for folder in control.incidents:
        path = folder / f"{name}.toml"
        if path.parent == folder and path.is_file():
            return read_incident(path)
    known = sorted({path.stem for folder in control.incidents for path in folder.glob("*.toml")})
    raise UnknownThing(f"there is no incident {name!r}{meant(name, known)}; there are {', '.join(known)}")


def read_incident(path: Path) -> Incident:
    """Raises FixtureError."""
    try:
        incident: Incident = converted(read_data(path), Incident, whole="the file")
    except (UnreadableFile, WrongValue) as error:
        raise FixtureError(f"the incident {path.name} is wrong: {error}") from error
    return incident


def _view(world: World, fault: SetFault) -> FaultView:
    over = fault.is_over(world.clock.now())
    set_at = to_wire(fault.set_at)
    return FaultView(fault.id, describe(fault), fault.rule, fault.incident, set_at, fault.seen, fault.fired, over)
