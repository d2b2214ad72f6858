"""The usual mistakes in which parameters are signed, under which names, and with which values."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from emulator.contract import COMMON_PARAMETERS
from emulator.request import Request
from emulator.signing.bodies import Body, Item
from emulator.signing.changes import Change

Changes = Iterator[Change[Body]]
_COMMON = {parameter.name for parameter in COMMON_PARAMETERS}
_REGIONS = (
    *("gz", "bj", "sh", "hk", "cq", "cd", "tj", "sg", "ca"),
    *("ap-guangzhou", "ap-beijing", "ap-shanghai", "ap-hongkong", "ap-chongqing", "ap-chengdu"),
)
_BARE_METAL_REGIONS = tuple(f"{region}-bls" for region in ("ap-guangzhou", "ap-beijing", "ap-shanghai", "ap-chongqing"))
_UNSENT = (
    *(("Region", region) for region in ("", *_REGIONS, *_BARE_METAL_REGIONS)),
    ("SignatureMethod", "HmacSHA1"),
    ("SignatureMethod", "HmacSHA256"),
    ("Version", "2018-04-23"),
    ("Version", "2017-03-12"),
    ("Version", "v2"),
    ("Token", ""),
    *(("RequestClient", f"SDK_PYTHON_{version}") for version in ("1.1", "2.0.5", "2.0.10", "2.0.14", "2.0.15")),
    *(("RequestClient", f"SDK_PHP_{version}") for version in ("1.1", "2.0.6", "2.0.8", "2.0.9")),
    *(("RequestClient", f"SDK_JAVA_{version}") for version in ("1.3", *(f"2.0.{minor}" for minor in range(10)))),
    *(("RequestClient", f"SDK_{name}") for name in ("NODEJS_0.0.1", "NODEJS_1.0.1", "GO_1.0", "NET_1.0")),
)
"""Parameters that clients add to what they sign, and may forget to send."""
_USUAL = {"HmacSHA1", "HmacSHA256", "gz", "ap-guangzhou"}
_SECONDS = 5
KIND = "choice"
"""Which parameters are signed."""


def choice_changes(request: Request, right: Body, files: tuple[Item, ...], signature: str) -> Changes:
    """`signature`: the right one, for clients that sign it again. The likelier mistakes come first."""
    items = right.items
    yield from _clock_changes(items)
    for what, value in (("empty", ""), ("already filled in", signature)):
        extra = Item("Signature", value, "Signature", len(items))
        yield _signing(f"Signature itself was signed too ({what})", (*items, extra))
    yield from _name_changes(request, items)
    if files:
        yield _signing("values that begin with @ were signed with POST", (*items, *files))
    yield _signing("parameters without a value were left out", (item for item in items if item.value))
    common = [item for item in items if item.name in _COMMON]
    yield _signing("only the common parameters were signed, not those of the action", common)
    own = (item for item in items if item.name not in _COMMON or item.name == "Action")
    yield _signing("only the parameters of the action were signed, not the common ones", own)
    sent = {item.name for item in items}
    for name, value in _UNSENT:
        if name not in sent:
            what = f"the parameter {name}={value} was signed but not sent"
            yield _signing(what, (*items, Item(name, value, name, len(items))), alone=value not in _USUAL)
    for left_out in common:
        yield _without(left_out)
    for left_out in items:
        if left_out.name not in _COMMON:
            yield _without(left_out)


def _signing(what: str, items: Iterable[Item], *, alone: bool = False) -> Change[Body]:
    chosen = tuple(sorted(items))
    return Change(KIND, what, lambda body: body.of(chosen), alone)


def _without(left_out: Item) -> Change[Body]:
    what = f"the parameter {left_out.name} was sent but not signed"
    return Change(KIND, what, lambda body: body.of(item for item in body.items if item.name != left_out.name))


def _clock_changes(items: tuple[Item, ...]) -> Changes:
    """Timestamp, Nonce, or both where they are alike, taken twice: once to sign and once to send."""
    sent = {item.name: item.value for item in items}
    numbers = {name: int(sent[name]) for name in ("Timestamp", "Nonce") if _is_number(sent.get(name, ""))}
    names: list[tuple[str, ...]] = [(name,) for name in numbers]
    if len(names) == 2 and str(numbers["Nonce"]).startswith(str(numbers["Timestamp"])):
        names.append(("Timestamp", "Nonce"))
    for off in (by * sign for by in range(1, _SECONDS + 1) for sign in (-1, 1)):
        for together in names:
            signed = " and ".join(f"{name} {numbers[name] + off}" for name in together)
            what = (
                f"{signed} was signed, but {' and '.join(str(numbers[name]) for name in together)} sent: take it once"
            )
            yield _with_values(what, {name: str(numbers[name] + off) for name in together}, alone=off != -1)
    if (timestamp := numbers.get("Timestamp")) is not None:
        for unit, value in (("seconds", timestamp // 1000), ("milliseconds", timestamp * 1000)):
            yield _with_values(
                f"Timestamp was signed in {unit}, but sent otherwise", {"Timestamp": str(value)}, alone=True
            )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 20


def _with_values(what: str, values: dict[str, str], *, alone: bool = False) -> Change[Body]:
    return Change(
        KIND,
        what,
        lambda body: body.of(item._replace(value=values.get(item.name, item.value)) for item in body.items),
        alone,
    )


def _name_changes(request: Request, items: tuple[Item, ...]) -> Changes:
    """Names that were written in another way than they were sent."""
    yield _signing("names were signed with `_`; it becomes `.`", (item._replace(name=item.sent_as) for item in items))
    dotted = (item._replace(name=item.sent_as.replace("_", ".")) for item in items)
    yield _signing("a name that begins with `_` was signed with `.`; it stays as it is", dotted, alone=True)
    bracketed = (item._replace(name=re.sub(r"\.(\d+)", r"[\1]", item.name)) for item in items)
    yield _signing("names were signed with [0] but sent with .0; sign what is sent", bracketed)
    unbracketed = (item._replace(name=re.sub(r"\[(\d+)\]", r".\1", item.name)) for item in items)
    yield _signing("names were signed with .0 but sent with [0]; sign and send instanceIds.0", unbracketed)
    unnumbered = (item._replace(name=re.sub(r"\.\d+$", "", item.name)) for item in items)
    yield _signing(
        "names were signed without the number of the array, as instanceIds for instanceIds.0", unnumbered, alone=True
    )
    later = (item._replace(name=re.sub(r"\.(\d+)$", lambda n: f".{int(n[1]) + 1}", item.name)) for item in items)
    yield _signing("array numbers were signed as one more than they were sent", later, alone=True)
    yield from _nested_arrays(request, items)
    for name in ("Action", *_COMMON - {"Action", "Signature"}):
        other = name[:1].lower() + name[1:]
        yield _signing(
            f"{name} was signed as {other!r}",
            (item._replace(name=other) if item.name == name else item for item in items),
            alone=True,
        )
    small = (item._replace(name=item.name[:1].lower() + item.name[1:]) for item in items)
    yield _signing("the names were signed with a small letter at their beginning", small)
    action = next((item.value for item in items if item.name == "Action"), "")
    for other in dict.fromkeys((action[:1].lower() + action[1:], action.lower(), action.upper())):
        yield _with_values(f"Action was signed as {other!r}, but sent as {action!r}", {"Action": other}, alone=True)


def _nested_arrays(request: Request, items: tuple[Item, ...]) -> Changes:
    """Arrays that an SDK flattened when it sent them, but not when it signed them."""
    arrays: defaultdict[str, list[str]] = defaultdict(list)
    for name, value in request.pairs:
        if "[" in name:
            arrays[name.partition("[")[0]].append(value)
    single = [item for item in items if "[" not in item.name]
    if arrays:
        wanted = next(iter(arrays))
        php = (*single, *(Item(name, "Array", name, 0) for name in arrays))
        yield _signing(f"PHP signed '{wanted}=Array' for a nested array: send arrays flat, as {wanted}.0", php)
    for name, value in request.pairs:
        if "[" not in name:
            arrays[name].append(value)
    lists = {name: values for name, values in arrays.items() if len(values) > 1}
    if not lists:
        return
    rest = [item for item in single if item.name not in lists]
    for how, write in (("a Python list", str), ("JSON", json.dumps), ("a text with commas", ",".join)):
        written = (Item(name, write(values), name, 0) for name, values in lists.items())
        yield _signing(f"an array was signed as {how}: send arrays flat, as {next(iter(lists))}.0", (*rest, *written))
