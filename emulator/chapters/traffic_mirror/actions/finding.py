"""What the calls of this chapter name."""

from emulator.call import Body, Call, Refusal
from emulator.chapters.finding import find
from emulator.chapters.traffic_mirror.records import (
    MIRRORS,
    Mirror,
)
from emulator.chapters.traffic_mirror.work import is_leaving
from emulator.chapters.vpc.records.networks import VPCS

MODULE = "bmlb"
WRONG_VPC, NOT_THERE = 30001, 30002


def own(call: Call) -> Mirror:
    return find(call, MIRRORS, call["trafficMirrorId"], unknown=NOT_THERE)


def own_that_stays(call: Call) -> Mirror:
    """One that is being deleted is not there any more for what would change it."""
    return _staying(call, own(call))


def staying(call: Call, mirror_id: str) -> Mirror:
    return _staying(call, find(call, MIRRORS, mirror_id, unknown=NOT_THERE))


def _staying(call: Call, mirror: Mirror) -> Mirror:
    if is_leaving(call.world, mirror.mirror_id):
        raise Refusal(NOT_THERE, why=f"{mirror.mirror_id} is being deleted")
    return mirror


def own_in_vpc(call: Call) -> Mirror:
    mirror = own(call)
    if VPCS.find(call.world, call.account_id, mirror.vpc) is None:
        raise Refusal(WRONG_VPC, why=f"{mirror.mirror_id} belongs to {mirror.vpc}, which is gone")
    return mirror


def page(call: Call, rows: list[Body], filters: dict[str, str]) -> Body:
    """The rows that have one of the values of each filter that was sent."""
    chosen = [row for row in rows if all(row[key] in call[name] for name, key in filters.items() if call.get(name))]
    first = call.get("offset") or 0
    return {"data": {"totalNum": len(chosen), "list": chosen[first : first + call["limit"]]}}
