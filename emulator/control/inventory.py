"""The inventory of a world by hand: devices, hosted servers, scripts, tasks, accounts, stock: listed, read and set."""

from collections.abc import Callable
from typing import Annotated, Any, NamedTuple

from msgspec import Meta, Struct

from emulator.chapters.devices.records import by_hand as devices
from emulator.chapters.hosted import by_hand as hosted
from emulator.chapters.scripts.records import by_hand as scripts
from emulator.control import accounts, tasks
from emulator.control.endpoints import ControlRequest, endpoint
from emulator.control.state import Control
from emulator.control.worlds import world_named
from emulator.world.by_hand import UnknownThing
from emulator.world.world import World

_MOST_DIGITS = 18


class Page(Struct, frozen=True, forbid_unknown_fields=True):
    offset: Annotated[int, Meta(ge=0, le=10**9)] = 0
    """How many ids to leave out at the beginning."""
    limit: Annotated[int, Meta(ge=1, le=1_000)] = 100
    """How many ids to list at most."""


class Ids(Struct, frozen=True):
    total: int
    """How many there are in the world."""
    ids: list[str]
    """The ids of this page, in order."""


class _Kind(NamedTuple):
    """Things that are listed by their ids, read one at a time, and set."""

    plural: str
    singular: str
    ids: Callable[[World, int, int], tuple[list[str], int]]
    view: Callable[[World, str], Any]
    change: Callable[[World, str, Any], None]
    shown: type[Struct]
    changes: type[Struct]


_KINDS = (
    _Kind(
        "devices",
        "device",
        devices.device_ids,
        devices.view_device,
        devices.change_device_by_hand,
        devices.DeviceView,
        devices.DeviceChanges,
    ),
    _Kind(
        "hosted",
        "hosted_server",
        hosted.hosted_ids,
        hosted.view_hosted,
        hosted.change_hosted_by_hand,
        hosted.HostedView,
        hosted.HostedChanges,
    ),
    _Kind(
        "scripts",
        "script",
        scripts.script_ids,
        scripts.view_script,
        scripts.change_script_by_hand,
        scripts.ScriptView,
        scripts.ScriptChanges,
    ),
    _Kind(
        "tasks",
        "task",
        tasks.task_ids,
        tasks.view_task,
        tasks.change_task,
        tasks.TaskView,
        tasks.OperationChanges,
    ),
)


def _declare(kind: _Kind) -> None:
    path, name = f"/worlds/{{world}}/inventory/{kind.plural}", kind.singular.replace("_", " ")

    def list_them(control: Control, request: ControlRequest) -> Ids:
        ids, total = kind.ids(_settled(control, request), request.query.offset, request.query.limit)
        return Ids(total=total, ids=ids)

    def read_one(control: Control, request: ControlRequest) -> Struct:
        found: Struct = kind.view(_settled(control, request), request.path[kind.singular])
        return found

    def set_one(control: Control, request: ControlRequest) -> Struct:
        world = _settled(control, request)
        with world.transaction:
            kind.change(world, request.path[kind.singular], request.body)
        return read_one(control, request)

    one = f"{path}/{{{kind.singular}}}"
    list_them.__name__, list_them.__doc__ = f"list_{kind.plural}", f"List the {name}s of a world, by their ids."
    read_one.__name__, read_one.__doc__ = f"read_{kind.singular}", f"Read a {name}."
    set_one.__name__, set_one.__doc__ = (
        f"set_{kind.singular}",
        f"Set a {name}; what cannot be is refused, with the reason, and nothing is set.",
    )
    endpoint("GET", path, query=Page, answer=Ids)(list_them)
    endpoint("GET", one, answer=kind.shown)(read_one)
    endpoint("PATCH", one, body=kind.changes, answer=kind.shown)(set_one)


for _kind in _KINDS:
    _declare(_kind)


@endpoint("GET", "/worlds/{world}/operations", answer=list[tasks.OperationView])
def list_operations(control: Control, request: ControlRequest) -> list[tasks.OperationView]:
    """List what is going on in a world: the parts of its tasks, deliveries, bindings."""
    return tasks.pending_operations(_settled(control, request))


@endpoint(
    "PATCH",
    "/worlds/{world}/operations/{operation}",
    body=tasks.OperationChanges,
    answer=tasks.OperationView,
)
def set_operation(control: Control, request: ControlRequest) -> tasks.OperationView:
    """Set how and when an operation will end, or let it hang; one due at once ends when somebody looks next."""
    world, number = _settled(control, request), _number(request.path["operation"])
    with world.transaction:
        tasks.change_operation(world, number, request.body)
    return tasks.view_operation(world, number)


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
        accounts.change_account(world, request.path["account"], request.body)
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
