"""What takes time with load balancers: making, changing and deleting them.

A public one costs 1 yuan for each day begun. 30 yuan are taken when it is bought; what is left of them is given back
when it is deleted, or when its creation fails, so that it is gone.
"""

from emulator.chapters.lb.records.balancers import LOAD_BALANCERS, OPEN, BalancerStatus, LoadBalancer
from emulator.chapters.lb.records.removal import remove_balancer
from emulator.chapters.lb.work.tasks import SECONDS, begin_on
from emulator.world.accounts import pay
from emulator.world.facets import Columns
from emulator.world.pending import Due, planned_outcomes
from emulator.world.work import Beginner, Kind, Piece, end_its_part, settles
from emulator.world.world import World

PRICE_A_DAY, DEPOSIT = 100, 3_000
"""Cents (分)."""
_DAY_MS = 24 * 60 * 60 * 1000
_CREATION = Kind("load balancer creation", "createLoadBalancer", SECONDS)
_CHANGE = Kind("load balancer change", "modifyLoadBalancer", SECONDS)
_DELETION = Kind("load balancer deletion", "deleteLoadBalancer", SECONDS)


def begin_creation(call: Beginner, balancers: list[LoadBalancer]) -> int:
    """Returns the task's number."""
    for balancer in balancers:
        LOAD_BALANCERS.add(call.world, **balancer._asdict())
        if balancer.kind == OPEN:
            pay(call.world, balancer.account_id, DEPOSIT)
    pieces = [Piece(balancer.lb_id, {}, {}) for balancer in balancers]
    return begin_on(call, [balancer.lb_id for balancer in balancers], _CREATION, pieces)


def begin_change(call: Beginner, balancer: LoadBalancer, wanted: Columns) -> int:
    return begin_on(call, [balancer.lb_id], _CHANGE, [Piece(balancer.lb_id, wanted, {})])


def pending_changes(world: World) -> list[Columns]:
    """What the changes that are going on will set."""
    return planned_outcomes(world, _CHANGE.operation)


def begin_deletion(call: Beginner, balancer: LoadBalancer) -> int:
    return begin_on(call, [balancer.lb_id], _DELETION, [Piece(balancer.lb_id, {}, {})])


@settles(_CREATION.operation)
def _end_creation(world: World, due: Due) -> bool:
    balancer = LOAD_BALANCERS.find_any(world, due.about)
    end_its_part(world, due, possible=balancer is not None)
    if balancer is not None and due.fails:
        _give_back(world, balancer, DEPOSIT)
    elif balancer is not None:
        LOAD_BALANCERS.change(world, due.about, status=BalancerStatus.RUNNING, status_at=due.due_at)
    return balancer is not None


@settles(_CHANGE.operation)
def _end_change(world: World, due: Due) -> bool:
    possible = LOAD_BALANCERS.find_any(world, due.about) is not None
    end_its_part(world, due, possible=possible)
    if possible and not due.fails:
        LOAD_BALANCERS.change(world, due.about, **due.outcome, status_at=due.due_at)
    return possible


@settles(_DELETION.operation)
def _end_deletion(world: World, due: Due) -> bool:
    balancer = LOAD_BALANCERS.find_any(world, due.about)
    end_its_part(world, due, possible=balancer is not None)
    if balancer is not None and not due.fails:
        days = max(1, -(-(due.due_at - balancer.created_at) // _DAY_MS))
        _give_back(world, balancer, DEPOSIT - days * PRICE_A_DAY)
    return balancer is not None


def _give_back(world: World, balancer: LoadBalancer, cents: int) -> None:
    """Remove a load balancer with all that it has, and give back what is left of what was taken for it.

    One that stood longer owes more.
    """
    remove_balancer(world, balancer.lb_id)
    if balancer.kind == OPEN:
        pay(world, balancer.account_id, -cents)
