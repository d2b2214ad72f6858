"""What the calls of this chapter name, and what they answer where they begin a task."""

from emulator.call import Body, Call, Refusal
from emulator.chapters.eip.records.eip import Eip, EipStatus
from emulator.chapters.eip.records.eips import EIPS
from emulator.chapters.finding import find
from emulator.world.accounts import account_of

MODULE = "bmeip"
_NOT_THERE, _NOT_IN_THIS_STATE, _IN_ARREARS = 30009, 30010, 30012


def own_eip(call: Call, id: str, *, malformed: int = _NOT_THERE) -> Eip:
    """The account's elastic IP of that id. `malformed`: the error for what is no id of one."""
    return find(call, EIPS, id, unknown=_NOT_THERE, malformed=malformed)


def check_status(eip: Eip, *allowed: EipStatus) -> None:
    """Raises 30010 where the elastic IP is in another state."""
    if eip.status not in allowed:
        names = " or ".join(status.name.lower().replace("_", " ") for status in allowed)
        raise Refusal(_NOT_IN_THIS_STATE, why=f"{eip.eip_id} is {eip.state}; it has to be {names}")


def check_paid(call: Call) -> None:
    """Raises 30012 where the account is in arrears: its elastic IPs are isolated then."""
    if is_in_arrears(call):
        raise Refusal(_IN_ARREARS, why="the account's balance is negative")


def is_in_arrears(call: Call) -> bool:
    return account_of(call.world, call.account_id).balance < 0


def task_body(number: int, **more: object) -> Body:
    """The answer of an action that begins a task."""
    return {"data": {**more, "requestId": number}}
