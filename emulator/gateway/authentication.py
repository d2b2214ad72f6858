"""Third stage: which credential signed the call, and whether it may make it.

In mode `strict` the SecretId must be known, the Signature right, the Timestamp within the window of a clock, the Nonce
unused with that SecretId and Timestamp, and the action permitted. The clock is the real one, the world's, or any of the
two, for a client whose clock is frozen with its world. `warn` accepts the call all the same and notes
what strict would have refused; `off` checks nothing. In both, a call with an unknown SecretId belongs to the first
account.
"""

from functools import lru_cache
from typing import Literal

from emulator.call import CommonRefusal, Refusal
from emulator.clock import Clock
from emulator.contract import COMMON_PARAMETERS, Action
from emulator.gateway import common_errors
from emulator.journal.journal import Entry
from emulator.journal.masking import Mask
from emulator.request import PATH, Request
from emulator.signing.diagnosis import STORY_WORK, explain_signature, with_longer_search
from emulator.signing.signature import digest_named, sign, signed_pairs, text_to_sign
from emulator.world.accounts import Credential, find_credential, first_credential
from emulator.world.secrets import Secrets
from emulator.world.world import World

Mode = Literal["strict", "warn", "off"]
TimestampMode = Literal["real", "world", "any"]
_MAX_DIGITS, _MAX_NUMBER = 20, 2**64 - 1
_SMALL_NONCES = 65_536
_CLOSE = 366 * 24 * 3600
"""A Timestamp in another unit is known by lying within a year of now, in seconds."""
_REQUIRED = [parameter.name for parameter in COMMON_PARAMETERS if parameter.required and parameter.name != "Action"]
"""Without Action, which the routes miss with a code of their own."""


class Authentication:
    """Finds and checks the caller. `real_clock` is the clock that clients share, not a world's own."""

    def __init__(
        self,
        real_clock: Clock,
        mask: Mask,
        secrets: Secrets,
        *,
        mode: Mode,
        profile: str,
        window_seconds: int,
        timestamps: TimestampMode,
    ) -> None:
        self._clock = real_clock
        self._mask = mask
        self._secrets = secrets
        self._mode = mode
        self._profile = profile
        self._window = window_seconds
        self._timestamps = timestamps

    def require_parameters(self, entry: Entry) -> None:
        """Raises CommonRefusal 4000, in mode `strict` only."""
        if self._mode == "strict":
            entry.authentication = "refused"
            require_parameters(entry.request)
            entry.authentication = "not reached"

    def caller(self, world: World, entry: Entry, action: Action) -> Credential:
        """The credential that makes the call; the entry notes how far it was checked.

        Raises CommonRefusal 4000, 4100, 4102 or 4500, or the action's own OperationDenied.
        """
        request = entry.request
        entry.authentication = "refused"
        if self._mode == "strict":
            credential = self._verify(world, request, action)
            entry.authentication = "verified"
            return credential
        if self._mode == "warn":
            try:
                require_parameters(request)
                credential = self._verify(world, request, action)
            except Refusal as refusal:
                request.notes.append(f"strict authentication would have refused this: {refusal.why}")
            else:
                entry.authentication = "verified"
                return credential
        found = find_credential(world, request.parameters.get("SecretId", "")) or first_credential(world)
        if found is None:
            raise self._unknown(request.parameters.get("SecretId", ""))
        entry.authentication = "not checked" if self._mode == "off" else "accepted though wrong"
        return found

    def _verify(self, world: World, request: Request, action: Action) -> Credential:
        parameters = request.parameters
        secret_id = parameters["SecretId"]
        credential = find_credential(world, secret_id)
        if credential is None:
            raise self._unknown(secret_id)
        hosts = signing_hosts(request, action)
        if not has_valid_signature(request, hosts, credential.secret_key):
            raise common_errors.signature_wrong(self._profile, self._explain(world, request, action, credential))
        self._check_replay(world, secret_id, parameters["Timestamp"], parameters["Nonce"])
        if not credential.may_call(action.name):
            raise _denied(action, request.request_id)
        return credential

    def search_on(self, world: World, entry: Entry, action: Action) -> None:
        """Search on for the mistake in the signature of a call that is over, where the search for it ended early."""
        request = entry.request
        credential = find_credential(world, request.parameters.get("SecretId", ""))
        if credential is None:
            return
        notes = [
            with_longer_search(note, lambda: self._explain(world, request, action, credential, work=STORY_WORK))
            for note in entry.notes
        ]
        if notes != list(entry.notes):
            entry.notes = tuple(self._mask.texts(notes, request.pairs, entry.world))

    def _explain(
        self, world: World, request: Request, action: Action, credential: Credential, *, work: int | None = None
    ) -> str:
        """Why the signature of a request is wrong. `work`: see signing/diagnosis.py."""
        hosts, others = signing_hosts(request, action), self._other_keys(world, credential)
        return explain_signature(request, action, hosts, credential, others, self._mask, work=work)

    def _other_keys(self, world: World, own: Credential) -> dict[str, str]:
        """Whose each key is but the caller's own, in words; keys of the same world first."""
        known: dict[str, str] = {}
        for name, other in sorted(self._secrets.credentials(), key=lambda found: found[0] != world.name):
            of_world = "" if name == world.name else f" of the world {name!r}"
            known.setdefault(other.secret_key, f"SecretId {other.secret_id}{of_world}")
        known.pop(own.secret_key, None)
        return known

    def _unknown(self, secret_id: str) -> CommonRefusal:
        """The refusal of a SecretId that no account has. It never shows one that may be a SecretKey."""
        return common_errors.secret_id_unknown(self._why_unknown(secret_id))

    def _why_unknown(self, secret_id: str) -> str:
        if self._mask.is_key(secret_id):
            return "SecretId holds a SecretKey: SecretId and SecretKey were exchanged"
        if self._secrets.is_secret_id(secret_id.strip()):
            return f"SecretId was sent with white space round it: {secret_id!r}"
        if self._mask.looks_like_key(secret_id):
            return (
                f"no account of this emulator has the SecretId that was sent ({len(secret_id)} characters, not shown, "
                "for it may be a SecretKey: a SecretId begins with AKID)"
            )
        shown = secret_id if secret_id.isprintable() and " " not in secret_id else repr(secret_id)
        return f"no account of this emulator has the SecretId {shown}"

    def _check_replay(self, world: World, secret_id: str, timestamp_text: str, nonce_text: str) -> None:
        timestamp = whole_number("Timestamp", timestamp_text)
        nonce = whole_number("Nonce", nonce_text)
        moments = self._moments(world)
        now = moments[0]
        if abs(now - timestamp) > self._window and abs(moments[-1] - timestamp) > self._window:
            raise common_errors.replayed(now, self._why_late(timestamp, moments))
        if not world.nonces.use(secret_id, timestamp, nonce, oldest=min(now, moments[-1]) - self._window):
            why = f"Nonce {nonce} was used before with Timestamp {timestamp}"
            if nonce < _SMALL_NONCES:
                why += (
                    f". Clients that draw Nonce from {_SMALL_NONCES:,} numbers, as the PHP and Node SDKs do, draw one "
                    "twice in a second now and then: at 100 calls a second in 7 of 100 seconds"
                )
            raise common_errors.replayed(now, why)

    def _moments(self, world: World) -> list[int]:
        """The times that a Timestamp is held against, in seconds; the one that a refusal tells the client is first."""
        if self._timestamps == "real":
            return [self._clock.now() // 1000]
        of_world = world.clock.now() // 1000
        return [of_world] if self._timestamps == "world" else [self._clock.now() // 1000, of_world]

    def _why_late(self, timestamp: int, moments: list[int]) -> str:
        clock = "the world's clock" if self._timestamps == "world" else "the server's clock"
        why = clock_difference(timestamp, moments[0], clock)
        if len(moments) > 1:
            why += f", and {abs(moments[1] - timestamp)} s off the world's clock"
        others = "--timestamps any accepts the world's clock or the real one"
        return f"{why} (--timestamps {self._timestamps}{'' if len(moments) > 1 else f'; {others}'})"


def require_parameters(request: Request) -> None:
    """Raises CommonRefusal 4000 for the first required common parameter that is missing or empty."""
    for name in _REQUIRED:
        value = request.parameters.get(name)
        if not value:
            raise common_errors.missing(name, why=_why_missing(request, name, is_sent=value is not None))


def _why_missing(request: Request, name: str, *, is_sent: bool) -> str:
    read = "query string" if request.method == "GET" else "body"
    if is_sent:
        return f"the common parameter {name} is empty"
    why = f"the common parameter {name} is not in the {read}"
    near = next((sent for sent in request.parameters if sent.strip().lower() == name.lower()), None)
    return f"{why}; {near!r} was sent, and names are case-sensitive" if near is not None else why


def clock_difference(timestamp: int, now: int, clock: str) -> str:
    """How far a Timestamp is off, in words. Both are in seconds; `clock`: whose `now` is."""
    for unit, a_second in (("milliseconds", 1000), ("microseconds", 10**6), ("nanoseconds", 10**9)):
        if abs(now - timestamp // a_second) <= _CLOSE:
            return f"Timestamp {timestamp} looks like {unit}; it is in seconds since 1970, as {now}"
    return f"Timestamp is {abs(now - timestamp)} s {'behind' if timestamp < now else 'ahead of'} {clock}"


def whole_number(name: str, text: str) -> int:
    """Read a positive number of at most 64 bits. Raises CommonRefusal 4000."""
    if text.isdecimal() and text.isascii() and len(text) <= _MAX_DIGITS:
        number = int(text)
        if 0 < number <= _MAX_NUMBER:
            return number
    raise common_errors.malformed(name, why=f"{name} is no positive whole number of at most 64 bits")


def signing_hosts(request: Request, action: Action) -> tuple[str, ...]:
    """The hosts that a client may sign: the Host header with and without its port, and the documented ones."""
    return _hosts(request.host, request.authority, action.hosts)


@lru_cache(maxsize=1024)
def _hosts(host: str, authority: str, documented: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((host, authority, *documented)))


def has_valid_signature(request: Request, hosts: tuple[str, ...], key: str) -> bool:
    """Whether the key makes the signature sent, with any of the hosts, orders and paths that clients sign."""
    digest = digest_named(request.parameters.get("SignatureMethod"))
    by_name, by_sent_name = signed_pairs(request.method, request.pairs)
    sent = request.parameters["Signature"]
    orders = (by_name,) if by_name is by_sent_name else (by_name, by_sent_name)
    paths = (PATH,) if request.path == PATH else (PATH, request.path)
    for host in hosts:
        for pairs in orders:
            for path in paths:
                if sign(key, text_to_sign(request.method, host, pairs, path), digest) == sent:
                    return True
    return False


def _denied(action: Action, request_id: str) -> Refusal:
    if action.error("OperationDenied"):
        return Refusal("OperationDenied", why=f"the credential is limited to other actions than {action.name}")
    refusal: CommonRefusal = common_errors.not_authorised(f"{action.module}:{action.name}", request_id)
    return refusal
