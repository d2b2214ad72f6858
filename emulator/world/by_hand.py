"""What the views and changes by hand of all kinds have in common."""

from base64 import b64decode
from datetime import datetime
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from emulator.clock import ImpossibleTime, from_local
from emulator.world.accounts import all_accounts
from emulator.world.world import World

Text = Annotated[str, Meta(min_length=1, max_length=200)]
Free = Annotated[str, Meta(max_length=200)]
Moment = Annotated[datetime, Meta(description="China Standard Time, unless it names an offset")]


class UnknownThing(LookupError):
    """The world holds no such thing."""


class ImpossibleChange(ValueError):
    """It cannot be so, with the reason."""


def given(changes: Struct, *names: str) -> dict[str, Any]:
    """The fields of those names that were sent."""
    values = {name: getattr(changes, name) for name in names}
    return {name: value for name, value in values.items() if value is not UNSET}


def moment(value: datetime | UnsetType, otherwise: int) -> int:
    """In milliseconds. Raises ImpossibleChange."""
    if value is UNSET:
        return otherwise
    try:
        return from_local(value)
    except ImpossibleTime as error:
        raise ImpossibleChange(str(error)) from error


def is_base64(text: str) -> bool:
    """Whether a text is Base64; line breaks are allowed, because encoders insert them."""
    try:
        b64decode(text.replace("\r", "").replace("\n", "").encode("ascii"), validate=True)
    except ValueError:
        return False
    return True


def app_ids(world: World) -> dict[int, str]:
    """The appId of each account, by its number."""
    return {account.id: account.app_id for account in all_accounts(world)}
