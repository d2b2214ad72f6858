"""Kinds whose fixtures and views say what their columns say.

One Struct has a field for each column but `account_id`. Moments are datetimes there, flags booleans, and JSON columns
lists; what people see is the same with `app_id`, and what they may set is some of it.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, get_args, get_type_hints

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from emulator.clock import ImpossibleTime, from_local, local
from emulator.world.by_hand import ImpossibleChange, app_ids
from emulator.world.facets import ByHand, Columns, Seeds
from emulator.world.world import World

_AppId = Annotated[str, Meta(description="The account that it belongs to.")]
_MOST_BITS = 63
"""Of a number that SQLite keeps, besides its sign."""
Check = Callable[[World, Any], None]


def plain(
    plural: str, struct: type[Struct], *settable: str, check: Check = lambda _world, _seed: None
) -> tuple[Seeds, ByHand]:
    """What such a kind declares. `check` raises LookupError for a seed that cannot be."""
    hints = get_type_hints(struct, include_extras=True)
    name = struct.__name__.removeprefix("Seed")
    view = msgspec.defstruct(f"{name}View", [("app_id", _AppId)], bases=(struct,), kw_only=True)
    changes = msgspec.defstruct(
        f"{name}Changes",
        [(field, hints[field] | UnsetType, UNSET) for field in settable],
        namespace={"texts_from": struct},
        forbid_unknown_fields=True,
        frozen=True,
    )

    def sow(world: World, account_id: int, seed: Struct) -> None:
        check(world, seed)
        row = {field: _column(getattr(seed, field)) for field in seed.__struct_fields__}
        world.resources[plural].add(world, account_id=account_id, **row)

    def reap(_world: World, record: Any) -> Struct:
        return struct(**_fields(struct, record))

    def show(world: World, record: Any) -> Struct:
        return view(app_id=app_ids(world)[record.account_id], **_fields(struct, record))

    def change(world: World, record: Any, wanted: Struct) -> None:
        resource = world.resources[plural]
        sent = {field: getattr(wanted, field) for field in wanted.__struct_fields__}
        columns: Columns = {}
        for field, value in sent.items():
            try:
                columns |= {} if value is UNSET else {field: _column(value)}
            except (ImpossibleTime, OverflowError) as error:
                raise ImpossibleChange(f"{field}: {error}") from error
        resource.change(world, getattr(record, resource.id), **columns)

    return Seeds(struct, sow, reap), ByHand(view, changes, show, change)


def _column(value: Any) -> Any:
    if isinstance(value, datetime):
        return from_local(value)
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        raise OverflowError("a number is too large")
    return msgspec.json.encode(value).decode() if isinstance(value, list) else value


def _fields(struct: type[Struct], record: Any) -> Columns:
    fields: Columns = {}
    for field in msgspec.structs.fields(struct):
        value = getattr(record, field.name)
        kinds = {getattr(kind, "__origin__", kind) for kind in (field.type, *get_args(field.type))}
        if value is not None and datetime in kinds:
            value = local(value)
        elif bool in kinds:
            value = bool(value)
        elif list in kinds and isinstance(value, str):
            value = msgspec.json.decode(value, type=field.type)
        fields[field.name] = value
    return fields
