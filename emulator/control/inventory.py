"""The inventory of a world by hand: every declared kind of thing, operations, accounts and stock, listed, read and
set.
"""

from itertools import groupby
from typing import Annotated, Any

from msgspec import Meta, Struct

from emulator.chapters import RESOURCES
from emulator.checking.words import meant
from emulator.control import accounts
from emulator.control.endpoints import ControlRequest, endpoint
from emulator.control.state import Control
from emulator.control.worlds import world_named
from emulator.world import operation_views
from emulator.world.by_hand import UnknownThing
from emulator.world.facets import ByHand
from emulator.world.resource import Resource
from emulator.world.world import World

_MOST_DIGITS = 18
_MOST_COMPARED = 1_000
"""An unknown id is compared with so many ids of a kind."""


class Page(Struct, frozen=True, forbid_unknown_fields=True):
    offset: Annotated[int, Meta(ge=0, le=10**9)] = 0
    """How many ids to leave out at the beginning."""
    limit: Annotated[int, Meta(ge=1, le=1_000)] = 100
    """How many ids to list at most."""
    things: bool = False
    """Whether to give with each id what it stands for."""


class Ids(Struct, frozen=True):
    total: int
    """How many there are."""
    ids: list[str]
    """The ids of the page that was asked for."""
    things: list[Any] = []
    """What the ids stand for, where that was asked for: each as it is read by its id."""


def _declare(plural: str, kinds: list[tuple[Resource[Any], ByHand]]) -> None:
    """The endpoints of the kinds that are listed under one name."""
    resource, by_hand = kinds[0]
    path, name = f"/worlds/{{world}}/inventory/{plural}", resource.singular.replace("_", " ")

    def list_them(control: Control, request: ControlRequest) -> Ids:
        world = _settled(control, request)
        ids = [id for kind, _by_hand in kinds for id in kind.ids(world)]
        page = ids[request.query.offset :][: request.query.limit]
        things = [_show(world, kinds, id, name) for id in page] if request.query.things else []
        return Ids(len(ids), page, things)

    def read_one(control: Control, request: ControlRequest) -> Struct:
        world = _settled(control, request)
        return _show(world, kinds, request.path[resource.singular], name)

    def set_one(control: Control, request: ControlRequest) -> Struct:
        world = _settled(control, request)
        with world.transaction:
            changed_by, record = _find(world, kinds, request.path[resource.singular], name)
            changed_by.change(world, record, request.body)
        return read_one(control, request)

    one = f"{path}/{{{resource.singular}}}"
    list_them.__name__, list_them.__doc__ = f"list_{plural}", f"List the {name}s of a world, by their ids."
    read_one.__name__, read_one.__doc__ = f"read_{resource.singular}", f"Read a {name}."
    set_one.__name__, set_one.__doc__ = (
        f"set_{resource.singular}",
        f"Set a {name}; what cannot be is refused, with the reason, and nothing is set.",
    )
    endpoint("GET", path, query=Page, answer=Ids)(list_them)
    endpoint("GET", one, answer=by_hand.view)(read_one)
    endpoint("PATCH", one, body=by_hand.changes, answer=by_hand.view)(set_one)


def _show(world: World, kinds: list[tuple[Resource[Any], ByHand]], id: str, name: str) -> Struct:
    shown_by, record = _find(world, kinds, id, name)
    return shown_by.show(world, record)


def _find(world: World, kinds: list[tuple[Resource[Any], ByHand]], id: str, name: str) -> tuple[ByHand, Any]:
    for resource, by_hand in kinds:
        record = resource.find_any(world, id)
        if record is not None:
            return by_hand, record
    known = [known for resource, _by_hand in kinds for known in resource.ids(world)[:_MOST_COMPARED]]
    raise UnknownThing(f"the world has no {name} {id!r}{meant(id, known)}")


def kinds_by_hand() -> dict[str, list[tuple[Resource[Any], ByHand]]]:
    """The kinds that people may see and set, by the name under which they are listed."""
    found = [(it.by_hand.plural or it.plural, it, it.by_hand) for it in RESOURCES.values() if it.by_hand]
    found.sort(key=lambda kind: kind[0])
    return {
        plural: [(resource, by_hand) for _plural, resource, by_hand in kinds]
        for plural, kinds in groupby(found, key=lambda kind: kind[0])
    }


for _plural, _kinds in kinds_by_hand().items():
    _declare(_plural, _kinds)


@endpoint("GET", "/worlds/{world}/operations", answer=list[operation_views.OperationView])
def list_operations(control: Control, request: ControlRequest) -> list[operation_views.OperationView]:
    """List what is going on in a world: the parts of its tasks, deliveries, bindings."""
    return operation_views.pending_operations(_settled(control, request))


@endpoint(
    "PATCH",
    "/worlds/{world}/operations/{operation}",
    body=operation_views.OperationChanges,
    answer=operation_views.OperationView,
)
def set_operation(control: Control, request: ControlRequest) -> operation_views.OperationView:
    """Set how and when an operation will end, or let it hang; one due at once ends when somebody looks next."""
    world, number = _settled(control, request), _number(request.path["operation"])
    with world.transaction:
        operation_views.change_operation(world, number, request.body)
    return operation_views.view_operation(world, number)


@endpoint("GET", "/worlds/{world}/inventory/accounts", answer=list[accounts.AccountView])
def list_accounts(control: Control, request: ControlRequest) -> list[accounts.AccountView]:
    """List the accounts of a world, with balance and quota."""
    return accounts.view_accounts(world_named(control, request))


@endpoint("GET", "/worlds/{world}/inventory/accounts/{account}", answer=accounts.AccountView)
def read_account(control: Control, request: ControlRequest) -> accounts.AccountView:
    """Read an account, by its appId."""
    return accounts.view_account(world_named(control, request), request.path["account"])


@endpoint(
    "PATCH", "/worlds/{world}/inventory/accounts/{account}", body=accounts.AccountChanges, answer=accounts.AccountView
)
def set_account(control: Control, request: ControlRequest) -> accounts.AccountView:
    """Set the balance, the quota or the permissions of an account."""
    world = world_named(control, request)
    with world.transaction:
        accounts.set_account_by_hand(world, request.path["account"], request.body)
    return accounts.view_account(world, request.path["account"])


@endpoint("GET", "/worlds/{world}/inventory/stock", answer=list[accounts.StockView])
def list_stock(control: Control, request: ControlRequest) -> list[accounts.StockView]:
    """List how many servers of each class each zone has left."""
    return accounts.view_stock(world_named(control, request))


@endpoint(
    "PUT",
    "/worlds/{world}/inventory/stock/{zone}/{device_class}",
    body=accounts.StockChange,
    answer=accounts.StockView,
)
def set_stock(control: Control, request: ControlRequest) -> accounts.StockView:
    """Set how many servers of a class a zone has left."""
    world = world_named(control, request)
    with world.transaction:
        return accounts.change_stock(world, request.path["zone"], request.path["device_class"], request.body)


def _settled(control: Control, request: ControlRequest) -> World:
    """The world, with everything that is due."""
    world = world_named(control, request)
    with world.transaction:
        control.settle(world, world.clock.now())
    return world


def _number(text: str) -> int:
    if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS:
        return int(text)
    raise UnknownThing(f"{text!r} is no number of an operation")
