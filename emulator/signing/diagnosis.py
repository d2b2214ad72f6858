"""Why a signature is wrong: the request is signed with usual mistakes until the result is the signature sent.

One mistake is looked for before two. The search ends after a fixed amount of work, counted in characters signed, so
that a refused call with many or long parameters keeps nobody waiting. The story of the call searches on, once, and
`bm-emulator explain URL` further.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from heapq import nsmallest
from itertools import chain

from emulator.contract import Action
from emulator.journal.masking import Mask, clip
from emulator.request import Pairs, Request
from emulator.signing.bodies import Body, Item, right_bodies, right_texts
from emulator.signing.body_changes import encoding_changes, joining_changes, order_changes, value_changes
from emulator.signing.changes import Change, Faulty, likely, once, twice
from emulator.signing.choices import KIND as _CHOICE
from emulator.signing.choices import choice_changes
from emulator.signing.heads import Head, head_changes, likely_hosts, unlikely_hosts
from emulator.signing.keys import Mac, mac_changes, other_keys
from emulator.signing.sent import meant_digests
from emulator.signing.signature import digest_named, sign_request
from emulator.world.accounts import Credential

_FEW, _MANY = 10, 60
_VERY_MANY = 5_000
"""Of more parameters even the right texts take too long to be made while others wait; `explain` searches."""
WORK, _MOST_WORK = 8_000_000, 60_000_000
"""The characters that a refused call may sign: with up to 10 or over 60 parameters, and with 60. 1,000 take 2 µs."""
STORY_WORK = 200_000_000
"""When somebody reads the story of a call whose search ended early: half a second on a fast machine, once."""
THOROUGH_WORK = 1_000_000_000
_WRONG = "the signature is wrong"
_ENDED_EARLY = " The search ended early; the story of the call, or `bm-emulator explain URL`, searches on."
_ENDED = " The search ended before it had tried everything."
_SIGNING, _ITEM = 800, 200
"""What a signature, and each parameter of a new body, cost beside their characters, in characters."""
_SHOWN_PAIRS = 300
_CONTEXT = 24


class OutOfWorkError(Exception):
    """The search has done all the work that it may."""


class _Search:
    """The search for one signature: parts of the text, computed once each, and the work that is left."""

    def __init__(self, sent: str, work: int) -> None:
        self._meant = meant_digests(sent)
        self._work = work

    def spend(self, work: int) -> None:
        """Raises OutOfWorkError."""
        self._work -= work
        if self._work < 0:
            raise OutOfWorkError

    def render(self, bodies: Iterable[Faulty[Body]], cost: int) -> Iterator[Faulty[bytes]]:
        """The bodies as text, but those that their encoding lacks. `cost`: of each. Raises OutOfWorkError."""
        for what, body in bodies:
            self.spend(cost)
            try:
                yield what, body.text()
            except UnicodeEncodeError:
                continue

    def match(
        self,
        heads: Iterable[Faulty[bytes]],
        bodies: Iterable[Faulty[bytes]],
        macs: Iterable[Faulty[Mac]],
    ) -> tuple[str, ...] | None:
        """The mistakes of the first combination that gives the signature sent. Raises OutOfWorkError."""
        for of_body, body in bodies:
            for of_head, head in heads:
                for of_key, mac in macs:
                    self.spend(_SIGNING + len(head) + len(body))
                    how = self._meant.get(mac.sign(head, body))
                    if how is not None and (mistakes := (*of_head, *of_body, *of_key, how)) != ("",):
                        return tuple(filter(None, mistakes))
        return None


def explain_signature(
    request: Request,
    action: Action,
    hosts: tuple[str, ...],
    credential: Credential,
    others: Mapping[str, str],
    mask: Mask,
    *,
    work: int | None = None,
) -> str:
    """The mistake, or the two, that give the signature sent; else the text that the emulator signed, secrets masked.

    `hosts`: those that may be signed; `others`: whose each other key is, in words; `work`: see the module.
    """
    search = _Search(request.parameters["Signature"], _usual_work(len(request.pairs)) if work is None else work)
    end = ""
    try:
        if work is None and len(request.pairs) > _VERY_MANY:
            raise OutOfWorkError
        mistakes = _find_mistakes(search, request, action, hosts, credential, others)
    except OutOfWorkError:
        mistakes = None
        end = _ENDED_EARLY if work is None else _ENDED
    if mistakes is not None:
        return f"{_WRONG}: {'; and '.join(mistakes)}"
    return (
        f"{_WRONG}, and no usual mistake explains it (a wrong SecretKey does, or another text). "
        f"The emulator signed, with HMAC-{digest_named(request.parameters.get('SignatureMethod')).upper()}: "
        f"{shown_text(request, hosts[0], mask)}{end}"
    )


def with_longer_search(note: str, explain: Callable[[], str]) -> str:
    """A note about a signature; if its search ended early, with what `explain` finds in place of that."""
    before, wrong, _after = note.partition(_WRONG)
    return before + explain() if wrong and note.endswith(_ENDED_EARLY) else note


def _usual_work(parameters: int) -> int:
    if parameters <= _FEW or parameters > _MANY:
        return WORK
    return WORK + (_MOST_WORK - WORK) * (parameters - _FEW) // (_MANY - _FEW)


def _find_mistakes(
    search: _Search,
    request: Request,
    action: Action,
    hosts: tuple[str, ...],
    credential: Credential,
    others: Mapping[str, str],
) -> tuple[str, ...] | None:
    """Raises OutOfWorkError."""
    method = request.parameters.get("SignatureMethod")
    mac = Mac(credential.secret_key.encode(), digest_named(method))
    right = [Head(request.method, host) for host in _own_host_first(request, action, hosts)]

    heads: list[Faulty[bytes]] = [((), head.text()) for head in right]
    bodies: list[Faulty[bytes]] = [((), text) for text in right_texts(request)]
    macs: list[Faulty[Mac]] = [((), mac)]
    of_macs = mac_changes(mac, credential.secret_id, method)
    of_heads = [*head_changes(request), *likely_hosts(request, action, hosts)]
    wrong_macs = list(once([mac], of_macs))
    wrong_heads = _heads(once(right[:2], of_heads))
    rare_heads = _heads(once(right[:1], unlikely_hosts(request, action, hosts)))
    found = search.match(heads, bodies, [*macs, *wrong_macs]) or search.match([*wrong_heads, *rare_heads], bodies, macs)
    if found:
        return found
    search.spend(len(request.pairs) * _ITEM)
    bases, files = right_bodies(request)
    body = bases[0]
    cost = body.size + len(body.items) * _ITEM
    of_bodies = _body_changes(search, request, body, files, lambda: sign_request_of(request, right[0].host, credential))
    found = search.match(heads, search.render(once(bases, of_bodies), cost), macs)
    if found:
        return found
    wrong_keys = list(once([mac], other_keys(others)))
    likely_macs = list(once([mac], likely(of_macs)))
    likely_heads = _heads(once(right[:2], likely(of_heads)))
    encoded_first = sorted(likely(of_bodies), key=lambda change: change.kind == _CHOICE)
    likely_bodies = list(search.render(once([body], encoded_first), cost))
    return (
        search.match(heads, bodies, wrong_keys)
        or search.match(heads, bodies, list(twice(mac, of_macs)))
        or search.match(_heads(twice(right[0], of_heads)), bodies, macs)
        or search.match(heads, likely_bodies, likely_macs)
        or search.match(likely_heads, bodies, likely_macs)
        or search.match(likely_heads, likely_bodies, macs)
        or search.match(heads, search.render(twice(body, of_bodies), 2 * cost), macs)
    )


def _own_host_first(request: Request, action: Action, hosts: tuple[str, ...]) -> list[str]:
    """The hosts that may be signed, those first that clients sign: the documented one, then the one it was sent to."""
    first = (action.hosts[0], request.host, request.authority)
    return [host for host in dict.fromkeys((*first, *hosts)) if host in hosts]


def _heads(heads: Iterable[Faulty[Head]]) -> list[Faulty[bytes]]:
    return [(what, head.text()) for what, head in heads]


def _body_changes(
    search: _Search, request: Request, body: Body, files: tuple[Item, ...], signature: Callable[[], str]
) -> list[Change[Body]]:
    """The mistakes in an order in which two can be combined: parameters are chosen before they are encoded."""
    search.spend(20 * len(body.items) * _ITEM)
    return list(
        chain(
            choice_changes(request, body, files, signature()),
            value_changes(body),
            order_changes(),
            encoding_changes(body),
            joining_changes(),
        )
    )


def sign_request_of(request: Request, host: str, credential: Credential) -> str:
    """The right signature of a request."""
    return sign_request(request.method, host, request.pairs, credential.secret_key)[1]


def shown_text(request: Request, host: str, mask: Mask, world: str | None = None) -> str:
    """The right text, or its beginning, with `***` in place of secret values, those of the world included."""
    pairs: Pairs = [(name, value) for name, value in request.pairs if name != "Signature"]
    text = sign_request(request.method, host, mask.masked(nsmallest(_SHOWN_PAIRS, pairs), world), "")[0]
    return clip(text)


def first_difference(ours: str, theirs: str) -> str | None:
    """A drawing of the place where two signed texts begin to differ; None if they are equal."""
    if ours == theirs:
        return None
    pairs = zip(ours, theirs, strict=False)
    at = next((place for place, (our, their) in enumerate(pairs) if our != their), min(len(ours), len(theirs)))
    start = max(0, at - _CONTEXT)
    cut = "…" if start else ""
    our_part, their_part = (f"{cut}{text[start : at + _CONTEXT]}" for text in (ours, theirs))
    pointer = " " * (len(cut) + at - start) + "^"
    return "\n".join(
        (
            f"the texts part at character {at + 1}:",
            f"  emulator  {our_part}",
            f"  client    {their_part}",
            f"            {pointer}",
        )
    )
