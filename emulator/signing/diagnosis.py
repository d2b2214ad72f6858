"""Why a signature is wrong: the request is signed with usual mistakes until the result is the signature sent."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations
from urllib.parse import unquote

from emulator.contract import SERVICE_HOSTS
from emulator.journal.masking import Mask, clip
from emulator.request import Request
from emulator.signing.mistakes import Item, Mistake, SignatureInput, possible_mistakes, signature_input
from emulator.signing.signature import digest_named
from emulator.world.accounts import Credential

_MAX_ITEMS_FOR_SINGLES = 1000
_MAX_ITEMS_FOR_PAIRS = 60
_CONTEXT = 24


def explain_signature(
    request: Request, hosts: tuple[str, ...], credential: Credential, others: Iterable[Credential], mask: Mask
) -> str:
    """The mistake, or the two, that give the signature sent; else the text that the emulator signed, secrets masked."""
    digest = digest_named(request.parameters.get("SignatureMethod"))
    right = signature_input(request, hosts[0], digest, credential.secret_key)
    if len(right.items) <= _MAX_ITEMS_FOR_SINGLES:
        other_keys = {other.secret_id: other.secret_key for other in others if other.secret_id != credential.secret_id}
        known = possible_mistakes(right, (*hosts, *SERVICE_HOSTS), other_keys)
        sent_forms = _meant_signatures(request.parameters["Signature"])
        for causes, candidate in _candidates(right, known):
            how_sent = sent_forms.get(candidate.signature())
            if how_sent is not None:
                return "the signature is wrong: " + "; and ".join(filter(None, (*causes, how_sent)))
    return (
        "the signature is wrong, and no usual mistake explains it (a wrong SecretKey does, or another text). "
        f"The emulator signed, with HMAC-{digest.upper()}: {clip(_masked_text(right, mask))}"
    )


def _masked_text(right: SignatureInput, mask: Mask) -> str:
    hidden = mask.masked([(item.name, item.value) for item in right.items])
    return replace(right, items=tuple(Item(name, value, name, 0) for name, value in hidden)).text()


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


def _candidates(right: SignatureInput, known: list[Mistake]) -> Iterator[tuple[tuple[str, ...], SignatureInput]]:
    yield (), right
    for mistake in known:
        yield (mistake.what,), mistake.apply(right)
    if len(right.items) <= _MAX_ITEMS_FOR_PAIRS:
        for first, second in combinations(known, 2):
            if first.kind != second.kind:
                yield (first.what, second.what), second.apply(first.apply(right))


def _meant_signatures(sent: str) -> dict[str, str]:
    """The signatures that may have been meant, with what went wrong on the way; nothing for the one sent."""
    return {
        sent.strip(): "Signature was sent with white space round it",
        unquote(sent): "Signature was URL-encoded twice",
        sent.replace(" ", "+"): "the + in Signature was sent unencoded, so that it arrived as a space",
        sent: "",
    }
