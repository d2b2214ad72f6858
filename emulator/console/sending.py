"""Calls that the console sends itself: signed as a client signs them, and handed to the API in process."""

from collections.abc import Iterable

from emulator.clock import Clock
from emulator.console.page import Visit, place_of
from emulator.in_process import exchange
from emulator.signing.calls import SignedCall, signed_call
from emulator.world.accounts import all_credentials
from emulator.world.by_hand import ImpossibleChange

CLIENT = "console"
"""The client's address in the journal."""
MADE_ANEW = {"Action", "Nonce", "SecretId", "Timestamp", "Signature"}
"""Parameters that differ from call to call."""


def key_pair(visit: Visit, world: str, secret_id: str = "") -> tuple[str, str]:
    """The key pair with that SecretId, or the world's first. Raises ImpossibleChange where the world has none."""
    pairs = [(found.secret_id, found.secret_key) for found in all_credentials(visit.control.worlds.named(world))]
    if not pairs:
        raise ImpossibleChange(f"no account of the world {world} has a key pair to sign with")
    return next((pair for pair in pairs if pair[0] == secret_id), pairs[0])


def api_clock(visit: Visit, world: str) -> Clock:
    """The clock that a Timestamp is held against."""
    return visit.control.worlds.named(world).clock if visit.control.by_world_time else visit.control.real_clock


def signed(
    visit: Visit, world: str, action: str, parameters: Iterable[tuple[str, str]], **how: str | None
) -> SignedCall:
    """A call that is signed now. `how`: method, host, secret_id."""
    return signed_call(
        action,
        [(name, value) for name, value in parameters if name not in MADE_ANEW],
        key_pair(visit, world, how.get("secret_id") or ""),
        nonce=next(visit.console.nonces),
        seconds=api_clock(visit, world).now() // 1000,
        method=how.get("method") or "POST",
        host=how.get("host"),
    )


async def send(visit: Visit, world: str, action: str, parameters: Iterable[tuple[str, str]], **how: str | None) -> str:
    """Sign a call, send it, and tell the address of its page. Raises ImpossibleChange."""
    call = signed(visit, world, action, parameters, **how)
    before = next(visit.control.journals.newest(world), None)
    method = how.get("method") or "POST"
    try:
        reply = await exchange(visit.console.api, method, call.target, call.headers, call.body, CLIENT)
    except ConnectionError:  # by a fault rule; the journal knows the call all the same
        newest = next(visit.control.journals.newest(world), None)
        if newest is None or newest is before:
            raise ImpossibleChange("the answer was lost, and the journal keeps no call") from None
        return place_of(newest, said="sent")
    sent = visit.control.journals.find(reply.headers["x-emulator-request-id"])
    if sent is None:
        raise ImpossibleChange("the call was sent and answered, but the journal keeps no calls")
    return place_of(sent, said="sent")
