"""The inventory of a world by hand: devices, hosted servers, scripts, tasks, accounts, stock: listed, read and set."""

from typing import Annotated

from msgspec import Meta, Struct

from emulator.control.endpoints import Ask, endpoint
from emulator.control.state import Control
from emulator.control.worlds import of
from emulator.inventory.by_hand import accounts, devices, hosted, scripts, tasks
from emulator.inventory.by_hand.checks import UnknownThing
from emulator.inventory.world import World


class Page(Struct, frozen=True, forbid_unknown_fields=True):
    offset: Annotated[int, Meta(ge=0, le=10**9)] = 0
    limit: Annotated[int, Meta(ge=1, le=1_000)] = 100


class Ids(Struct, frozen=True):
    total: int
    ids: list[str]


@endpoint("GET", "/worlds/{world}/inventory/devices", query=Page, answer=Ids)
def list_devices(control: Control, ask: Ask) -> Ids:
    """List the devices of a world."""
    return _ids(devices.device_ids(of(control, ask), ask.query.offset, ask.query.limit))


@endpoint("GET", "/worlds/{world}/inventory/devices/{device}", answer=devices.DeviceView)
def read_device(control: Control, ask: Ask) -> devices.DeviceView:
    """Read a device with all that the world knows of it."""
    return devices.view_device(_settled(control, ask), ask.path["device"])


@endpoint("PATCH", "/worlds/{world}/inventory/devices/{device}", body=devices.DeviceChanges, answer=devices.DeviceView)
def set_device(control: Control, ask: Ask) -> devices.DeviceView:
    """Set fields of a device; what cannot be is refused, with the reason, and nothing is set."""
    world = _settled(control, ask)
    with world.transaction:
        devices.change_device_by_hand(world, ask.path["device"], ask.body)
    return devices.view_device(world, ask.path["device"])


@endpoint("GET", "/worlds/{world}/inventory/hosted", query=Page, answer=Ids)
def list_hosted(control: Control, ask: Ask) -> Ids:
    """List the hosted servers of a world."""
    return _ids(hosted.hosted_ids(of(control, ask), ask.query.offset, ask.query.limit))


@endpoint("GET", "/worlds/{world}/inventory/hosted/{device}", answer=hosted.HostedView)
def read_hosted(control: Control, ask: Ask) -> hosted.HostedView:
    """Read a hosted server."""
    return hosted.view_hosted(_settled(control, ask), ask.path["device"])


@endpoint("PATCH", "/worlds/{world}/inventory/hosted/{device}", body=hosted.HostedChanges, answer=hosted.HostedView)
def set_hosted(control: Control, ask: Ask) -> hosted.HostedView:
    """Set fields of a hosted server."""
    world = _settled(control, ask)
    with world.transaction:
        hosted.change_hosted_by_hand(world, ask.path["device"], ask.body)
    return hosted.view_hosted(world, ask.path["device"])


@endpoint("GET", "/worlds/{world}/inventory/scripts", query=Page, answer=Ids)
def list_scripts(control: Control, ask: Ask) -> Ids:
    """List the scripts of a world."""
    return _ids(scripts.script_ids(of(control, ask), ask.query.offset, ask.query.limit))


@endpoint("GET", "/worlds/{world}/inventory/scripts/{script}", answer=scripts.ScriptView)
def read_script(control: Control, ask: Ask) -> scripts.ScriptView:
    """Read a script."""
    return scripts.view_script(of(control, ask), ask.path["script"])


@endpoint("PATCH", "/worlds/{world}/inventory/scripts/{script}", body=scripts.ScriptChanges, answer=scripts.ScriptView)
def set_script(control: Control, ask: Ask) -> scripts.ScriptView:
    """Set fields of a script."""
    world = of(control, ask)
    with world.transaction:
        scripts.change_script_by_hand(world, ask.path["script"], ask.body)
    return scripts.view_script(world, ask.path["script"])


@endpoint("GET", "/worlds/{world}/inventory/tasks", query=Page, answer=Ids)
def list_tasks(control: Control, ask: Ask) -> Ids:
    """List the tasks of a world: those on scripts, and then those on devices."""
    return _ids(tasks.task_ids(of(control, ask), ask.query.offset, ask.query.limit))


@endpoint("GET", "/worlds/{world}/inventory/tasks/{task}", answer=tasks.TaskView)
def read_task(control: Control, ask: Ask) -> tasks.TaskView:
    """Read a task: what it does to which device, and how far it is."""
    return tasks.view_task(_settled(control, ask), ask.path["task"])


@endpoint("PATCH", "/worlds/{world}/inventory/tasks/{task}", body=tasks.OperationChanges, answer=tasks.TaskView)
def set_task(control: Control, ask: Ask) -> tasks.TaskView:
    """Set how and when a task will end, or let it hang; one that is over stays as it is."""
    world = _settled(control, ask)
    with world.transaction:
        tasks.change_task(world, ask.path["task"], ask.body)
    return tasks.view_task(_settled(control, ask), ask.path["task"])


@endpoint("GET", "/worlds/{world}/operations", answer=list[tasks.OperationView])
def list_operations(control: Control, ask: Ask) -> list[tasks.OperationView]:
    """List what is going on in a world: the parts of its tasks, deliveries, bindings."""
    return tasks.pending_operations(_settled(control, ask))


@endpoint(
    "PATCH",
    "/worlds/{world}/operations/{operation}",
    body=tasks.OperationChanges,
    answer=tasks.OperationView,
)
def set_operation(control: Control, ask: Ask) -> tasks.OperationView:
    """Set how and when an operation will end, or let it hang; one due at once ends when somebody looks next."""
    world, number = _settled(control, ask), _number(ask.path["operation"])
    with world.transaction:
        tasks.change_operation(world, number, ask.body)
    return tasks.view_operation(world, number)


@endpoint("GET", "/worlds/{world}/inventory/accounts", answer=list[accounts.AccountView])
def list_accounts(control: Control, ask: Ask) -> list[accounts.AccountView]:
    """List the accounts of a world, with balance and quota."""
    return accounts.view_accounts(of(control, ask))


@endpoint("GET", "/worlds/{world}/inventory/accounts/{account}", answer=accounts.AccountView)
def read_account(control: Control, ask: Ask) -> accounts.AccountView:
    """Read an account, by its appId."""
    return accounts.view_account(of(control, ask), ask.path["account"])


@endpoint(
    "PATCH", "/worlds/{world}/inventory/accounts/{account}", body=accounts.AccountChanges, answer=accounts.AccountView
)
def set_account(control: Control, ask: Ask) -> accounts.AccountView:
    """Set the balance, the quota or the permissions of an account."""
    world = of(control, ask)
    with world.transaction:
        accounts.change_account(world, ask.path["account"], ask.body)
    return accounts.view_account(world, ask.path["account"])


@endpoint("GET", "/worlds/{world}/inventory/stock", answer=list[accounts.StockView])
def list_stock(control: Control, ask: Ask) -> list[accounts.StockView]:
    """List how many servers of each class each zone has left."""
    return accounts.view_stock(of(control, ask))


@endpoint(
    "PUT",
    "/worlds/{world}/inventory/stock/{zone}/{device_class}",
    body=accounts.StockChange,
    answer=accounts.StockView,
)
def set_stock(control: Control, ask: Ask) -> accounts.StockView:
    """Set how many servers of a class a zone has left."""
    world = of(control, ask)
    with world.transaction:
        return accounts.change_stock(world, ask.path["zone"], ask.path["device_class"], ask.body)


def _settled(control: Control, ask: Ask) -> World:
    """The world, with everything that is due."""
    world = of(control, ask)
    with world.transaction:
        control.settle(world, world.clock.now())
    return world


def _ids(found: tuple[list[str], int]) -> Ids:
    return Ids(total=found[1], ids=found[0])


def _number(text: str) -> int:
    if text.isascii() and text.isdecimal() and len(text) < 19:
        return int(text)
    raise UnknownThing(f"{text!r} is no number of an operation")
