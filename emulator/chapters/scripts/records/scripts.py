"""The accounts' own scripts."""

from base64 import b64encode
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple

from msgspec import UNSET, Meta, Struct, UnsetType
from sqlalchemy import bindparam, func, select

from emulator.checking.words import shown
from emulator.clock import from_local, local, to_wire
from emulator.world.accounts import account_of
from emulator.world.by_hand import ImpossibleChange, Moment, app_ids, given, is_base64, moment
from emulator.world.facets import ByHand, Seeds
from emulator.world.resource import Resource
from emulator.world.world import World

Name = Annotated[str, Meta(min_length=1, max_length=64)]
OsType = Literal["linux", "xserver"]


class Script(NamedTuple):
    auto_id: int
    cmd_id: str
    account_id: int
    alias: str
    os_type: str
    """linux or xserver."""
    content: str
    """Base64, as it was sent."""
    created_at: int
    modified_at: int


class SeedScript(Struct, forbid_unknown_fields=True, omit_defaults=True):
    cmd_id: Name
    """The id of the script, such as cmd-nozcbhuw."""
    alias: str
    created_at: datetime
    content: str | None = None
    """The script, in Base64 as the API takes it."""
    text: str | None = None
    """The script as plain text, in place of `content`."""
    os_type: OsType = "linux"
    auto_id: int | None = None
    """The number of the script; left out: the next one."""
    modified_at: datetime | None = None
    """When it was last modified; left out: when it was created."""

    def __post_init__(self) -> None:
        if (self.content is None) == (self.text is None):
            raise ValueError("a script has `content` in Base64, or `text` as plain text: one of both")
        if self.content is not None and not is_base64(self.content):
            raise ValueError("the `content` of a script is Base64; write plain text under `text`")


class ScriptView(Struct, frozen=True):
    cmd_id: str
    """The id of the script, such as cmd-nozcbhuw."""
    app_id: str
    """The account that the script belongs to."""
    alias: str
    """The name of the script, as the customer gave it."""
    os_type: str
    """linux or xserver."""
    content: str
    """The text of the script, in Base64."""
    created_at: str
    """When the script was created, in China Standard Time."""
    modified_at: str
    """When the script was last modified, in China Standard Time."""


class ScriptChanges(Struct, frozen=True, forbid_unknown_fields=True):
    alias: Annotated[str, Meta(min_length=1, max_length=60)] | UnsetType = UNSET
    """The name of the script."""
    os_type: OsType | UnsetType = UNSET
    """linux or xserver."""
    content: Annotated[str, Meta(max_length=100_000)] | UnsetType = UNSET
    """The text of the script, in Base64."""
    created_at: Moment | UnsetType = UNSET
    """When the script was created."""
    modified_at: Moment | UnsetType = UNSET
    """When the script was last modified; not before it was created."""


def may_add_script(world: World, account_id: int) -> bool:
    """Whether the account's quota leaves room for another script."""
    count = SCRIPTS.prepared("count", lambda: select(func.count()).where(SCRIPTS.table.c.account_id == bindparam("id")))
    [number] = count.first(world.database, id=account_id) or (0,)
    return bool(number < account_of(world, account_id).script_quota)


def _sow(world: World, account_id: int, seed: SeedScript) -> None:
    row: dict[str, Any] = {name: getattr(seed, name) for name in seed.__struct_fields__ if name != "text"}
    if seed.text is not None:
        row["content"] = b64encode(seed.text.encode()).decode()
    row["created_at"] = from_local(seed.created_at)
    row["modified_at"] = from_local(seed.modified_at or seed.created_at)
    SCRIPTS.add(world, account_id=account_id, **row)


def _reap(_world: World, script: Script) -> SeedScript:
    names = [name for name in SeedScript.__struct_fields__ if name != "text"]
    row: dict[str, Any] = {name: getattr(script, name) for name in names}
    return SeedScript(**row | {name: local(row[name]) for name in ("created_at", "modified_at")})


def _show(world: World, script: Script) -> ScriptView:
    texts = {name: getattr(script, name) for name in ("cmd_id", "alias", "os_type", "content")}
    times = {name: to_wire(getattr(script, name)) for name in ("created_at", "modified_at")}
    return ScriptView(**texts, **times, app_id=app_ids(world)[script.account_id])


def _change(world: World, before: Script, changes: ScriptChanges) -> None:
    values = given(changes, "alias", "os_type", "content")
    values["created_at"] = created = moment(changes.created_at, before.created_at)
    values["modified_at"] = modified = moment(changes.modified_at, max(created, before.modified_at))
    if modified < created:
        raise ImpossibleChange("a script is not modified before it is created")
    if changes.content is not UNSET and not is_base64(changes.content):
        raise ImpossibleChange(f"content: {shown(changes.content)} is not Base64, which is bHM= for ls")
    SCRIPTS.change(world, before.cmd_id, **values)


SCRIPTS: Resource[Script] = Resource(
    "scripts",
    "script",
    Script,
    is_large=True,
    id="cmd_id",
    prefix="cmd",
    numbered="auto_id",
    indexes=(("account_id", "created_at"),),
    seeds=Seeds(SeedScript, _sow, _reap),
    by_hand=ByHand(ScriptView, ScriptChanges, _show, _change),
)
