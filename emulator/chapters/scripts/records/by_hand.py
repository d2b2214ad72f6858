"""Scripts, read and set by hand."""

from base64 import b64decode
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType
from sqlalchemy import func, select, update

from emulator.clock import to_wire
from emulator.world.by_hand import ImpossibleChange, Moment, UnknownThing, app_ids, given, moment
from emulator.world.schema import scripts
from emulator.world.world import World


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
    os_type: Literal["linux", "xserver"] | UnsetType = UNSET
    """linux or xserver."""
    content: Annotated[str, Meta(max_length=100_000)] | UnsetType = UNSET
    """The text of the script, in Base64."""
    created_at: Moment | UnsetType = UNSET
    """When the script was created."""
    modified_at: Moment | UnsetType = UNSET
    """When the script was last modified; not before it was created."""


def script_ids(world: World, offset: int, limit: int) -> tuple[list[str], int]:
    """Of all accounts, as they were added, and how many there are."""
    total = world.execute(select(func.count()).select_from(scripts)).scalar_one()
    query = select(scripts.c.cmd_id).order_by(scripts.c.auto_id).offset(offset).limit(limit)
    return list(world.execute(query).scalars()), int(total)


def view_script(world: World, cmd_id: str) -> ScriptView:
    row = _row(world, cmd_id)
    times = (to_wire(row.created_at), to_wire(row.modified_at))
    return ScriptView(row.cmd_id, app_ids(world)[row.account_id], row.alias, row.os_type, row.content, *times)


def change_script_by_hand(world: World, cmd_id: str, changes: ScriptChanges) -> None:
    """Raises UnknownThing or ImpossibleChange."""
    before = _row(world, cmd_id)
    values = given(changes, "alias", "os_type", "content")
    values["created_at"] = created = moment(changes.created_at, before.created_at)
    values["modified_at"] = modified = moment(changes.modified_at, max(created, before.modified_at))
    if modified < created:
        raise ImpossibleChange("a script is not modified before it is created")
    if changes.content is not UNSET:
        try:
            b64decode(changes.content.encode("ascii"), validate=True)
        except ValueError as error:
            raise ImpossibleChange(f"the content of a script is Base64: {error}") from error
    world.execute(update(scripts).where(scripts.c.cmd_id == cmd_id).values(**values))


def _row(world: World, cmd_id: str) -> Any:  # noqa: ANN401
    row = world.execute(select(scripts).where(scripts.c.cmd_id == cmd_id)).first()
    if row is None:
        raise UnknownThing(f"the world has no script {cmd_id!r}")
    return row
