"""Worlds: made, forked, reset, deleted and exported; their key pairs, accounts and stock."""

from typing import Annotated

from msgspec import Meta, Struct

from emulator.console.fleet import settled
from emulator.console.forms import changes_entered, inputs
from emulator.console.page import Download, Shown, Visit, change, page, place
from emulator.control import inventory, worlds
from emulator.control.accounts import AccountChanges, StockChange, view_account, view_accounts, view_stock
from emulator.control.worlds import ExportFormat, Fork, NewWorld, WorldView
from emulator.request import PATH

PAGE = 50


class Asked(Struct, frozen=True):
    page: Annotated[int, Meta(ge=1, le=10**7)] = 1


@page("/worlds")
def all_worlds(visit: Visit) -> Shown:
    """All worlds, and the form of a new one."""
    asked: Asked = visit.asked(Asked)
    views: list[WorldView] = visit.call(worlds.list_worlds)
    first = (asked.page - 1) * PAGE
    counts = {world.name: len(visit.control.journals.for_world(world)) for world in visit.control.worlds.all()}
    values = {
        "views": views[first : first + PAGE],
        "counts": counts,
        "newer": place("worlds", page=asked.page - 1) if asked.page > 1 else "",
        "older": place("worlds", page=asked.page + 1) if first + PAGE < len(views) else "",
    }
    return Shown("worlds.html", values)


@change("/worlds/make", on_refusal=all_worlds)
def make(visit: Visit) -> str:
    """Make a world."""
    wanted: NewWorld = visit.entered(NewWorld)
    made: WorldView = visit.call(worlds.make_world, wanted)
    return place("w", made.name, said="made")


@page("/w/{world}")
def one_world(visit: Visit) -> Shown:
    """One world: its key pairs, its snapshots, and what can be done with it."""
    world = settled(visit)
    view: WorldView = visit.call(worlds.read_world)
    values = {
        "view": view,
        "accounts": view_accounts(world),
        "snapshots": visit.call(worlds.list_snapshots),
        "endpoint": f"{visit.request.url.scheme}://{visit.request.url.netloc}",
        "path": PATH,
        "exports": _exports(visit, view),
        "stays": world is visit.control.worlds.default,
    }
    return Shown("world.html", values)


@change("/w/{world}/fork", on_refusal=one_world)
def fork(visit: Visit) -> str:
    """Copy the world."""
    made: WorldView = visit.call(worlds.fork_world, visit.entered(Fork))
    return place("w", made.name, said="made")


@change("/w/{world}/reset", on_refusal=one_world)
def reset(visit: Visit) -> str:
    """Put the world back to how it began."""
    visit.call(worlds.reset_world)
    return visit.at(said="reset")


@change("/w/{world}/delete", on_refusal=one_world)
def delete(visit: Visit) -> str:
    """Delete the world."""
    visit.call(worlds.delete_world)
    return place("worlds", said="gone")


@page("/w/{world}/export")
def export(visit: Visit) -> Shown:
    """What the file holds, and where to get it."""
    visit.control.worlds.named(visit.path["world"])
    return Shown("export.html", {})


@page("/w/{world}/export/file")
def export_file(visit: Visit) -> Download:
    """The world as a fixture."""
    wanted: ExportFormat = visit.asked(ExportFormat)
    media_type = "application/json" if wanted.format == "json" else "application/toml"
    return Download(f"{visit.world}.{wanted.format}", visit.call(worlds.export, wanted), media_type)


@page("/w/{world}/accounts/{account}")
def account(visit: Visit) -> Shown:
    """One account, and the form that sets it."""
    view = view_account(settled(visit), visit.path["account"])
    fields = [(one, getattr(view, one.name)) for one in inputs(AccountChanges, visit.form)]
    return Shown("account.html", {"view": view, "inputs": fields})


@change("/w/{world}/accounts/{account}/set", on_refusal=account)
def set_account(visit: Visit) -> str:
    """Set an account by hand."""
    visit.call(inventory.set_account, changes_entered(AccountChanges, visit.form))
    return visit.at("accounts", visit.path["account"], said="set")


@page("/w/{world}/stock")
def stock(visit: Visit) -> Shown:
    """How many servers of each class each zone has left."""
    return Shown("stock.html", {"rows": view_stock(settled(visit))})


class Left(Struct, frozen=True):
    """The form of the stock: of what, and how many."""

    of: Annotated[str, Meta(pattern="^[0-9]+/.+$")]
    left: Annotated[int, Meta(ge=0, le=10**9)]


@change("/w/{world}/stock/set", on_refusal=stock)
def set_stock(visit: Visit) -> str:
    """Set how many servers of a class a zone has left."""
    wanted: Left = visit.entered(Left)
    zone, _, device_class = wanted.of.partition("/")
    visit.call(inventory.set_stock, StockChange(wanted.left), zone=zone, device_class=device_class)
    return visit.at("stock", said="set")


def _exports(visit: Visit, view: WorldView) -> str:
    """What a shell is told so that its clients reach this world."""
    if not view.credentials:
        return ""
    pair = view.credentials[0]
    lines = {
        "BM_EMULATOR_ENDPOINT": f"{visit.request.url.scheme}://{visit.request.url.netloc}",
        "BM_EMULATOR_SECRET_ID": pair.secret_id,
        "BM_EMULATOR_SECRET_KEY": pair.secret_key,
    }
    return "\n".join(f"export {name}={value}" for name, value in lines.items())
