"""Making, changing and deleting what listeners of layer 7 forward."""

from collections.abc import Sequence

from emulator.chapters.lb.records.backends import backends_of, reckon
from emulator.chapters.lb.records.removal import remove_domain, remove_location
from emulator.chapters.lb.records.rules import DOMAINS, LOCATIONS, Domain, Location, locations_of
from emulator.chapters.lb.records.status import Status
from emulator.chapters.lb.work.tasks import SECONDS, begin_on
from emulator.world.facets import Columns
from emulator.world.pending import Due
from emulator.world.work import Beginner, Kind, Piece, end_its_part, settles
from emulator.world.world import World

_CREATION = Kind("rule creation", "createForwardRule", SECONDS)
_CHANGE = Kind("rule change", "modifyForwardRule", SECONDS)
_DELETION = Kind("rule deletion", "deleteForwardRule", SECONDS)
_DOMAIN_DELETION = Kind("domain deletion", "deleteForwardDomain", SECONDS)


def begin_creation(call: Beginner, domains: Sequence[Domain], locations: Sequence[Location]) -> int:
    """`domains`: those that are new. Returns the task's number."""
    for domain in domains:
        DOMAINS.add(call.world, **domain._asdict())
    for location in locations:
        LOCATIONS.add(call.world, **location._asdict())
    pieces = [Piece(it.location_id, {"domain": it.domain_id}, {"domain": it.domain_id}) for it in locations]
    return begin_on(call, [locations[0].lb_id], _CREATION, pieces)


def begin_change(call: Beginner, lb_id: str, wanted: dict[str, Columns]) -> int:
    """`wanted`: what changes, by the path's id."""
    return begin_on(call, [lb_id], _CHANGE, [Piece(id, columns, {}) for id, columns in wanted.items()])


def begin_deletion(call: Beginner, locations: Sequence[Location]) -> int:
    for location in locations:
        LOCATIONS.change(call.world, location.location_id, status=Status.DELETING)
    return begin_on(call, [locations[0].lb_id], _DELETION, [Piece(it.location_id, {}, {}) for it in locations])


def begin_domain_deletion(call: Beginner, domains: Sequence[Domain]) -> int:
    for domain in domains:
        _mark(call.world, domain.domain_id, Status.DELETING)
    return begin_on(call, [domains[0].lb_id], _DOMAIN_DELETION, [Piece(it.domain_id, {}, {}) for it in domains])


def _mark(world: World, domain_id: str, status: Status) -> None:
    """Show a state at a domain and all its paths."""
    DOMAINS.change(world, domain_id, status=status)
    for location in locations_of(world, domain_id):
        LOCATIONS.change(world, location.location_id, status=status)


@settles(_CREATION.operation)
def _end_creation(world: World, due: Due) -> bool:
    """A new domain runs as soon as one of its paths does."""
    location, domain = LOCATIONS.find_any(world, due.about), DOMAINS.find_any(world, due.outcome["domain"])
    possible = location is not None and domain is not None and location.status == Status.CREATING
    end_its_part(world, due, possible=possible)
    if possible and domain is not None:
        status = Status.CREATION_FAILED if due.fails else Status.RUNNING
        LOCATIONS.change(world, due.about, status=status)
        if domain.status in (Status.CREATING, Status.CREATION_FAILED):
            DOMAINS.change(world, domain.domain_id, status=status)
    return possible


@settles(_CHANGE.operation)
def _end_change(world: World, due: Due) -> bool:
    location = LOCATIONS.find_any(world, due.about)
    end_its_part(world, due, possible=location is not None)
    if location is not None and not due.fails:
        if location._replace(**due.outcome).check != location.check:
            for backend in backends_of(world, due.about):
                reckon(world, backend, location.check)
        LOCATIONS.change(world, due.about, **due.outcome)
    return location is not None


@settles(_DELETION.operation)
def _end_deletion(world: World, due: Due) -> bool:
    possible = LOCATIONS.find_any(world, due.about) is not None
    end_its_part(world, due, possible=possible)
    if due.fails:
        LOCATIONS.change(world, due.about, status=Status.DELETION_FAILED)
    else:
        remove_location(world, due.about)
    return possible


@settles(_DOMAIN_DELETION.operation)
def _end_domain_deletion(world: World, due: Due) -> bool:
    possible = DOMAINS.find_any(world, due.about) is not None
    end_its_part(world, due, possible=possible)
    if due.fails:
        _mark(world, due.about, Status.DELETION_FAILED)
    else:
        remove_domain(world, due.about)
    return possible
