"""Writes the table of docs/fidelity.md: what is checked of each chapter, counted.

.venv/bin/python tests/support/fidelity_table.py
"""

import ast
import logging
import re
import sys
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import httpx

TESTS = Path(__file__).parent.parent
if str(TESTS) not in sys.path:
    sys.path.insert(0, str(TESTS))

from conftest import NOW  # noqa: E402

from emulator import contract  # noqa: E402
from emulator.app import create_app, open_world  # noqa: E402
from emulator.chapters import BEHAVIOURS  # noqa: E402
from emulator.cli.check import _check, _own_emulator  # noqa: E402
from emulator.cli.check_answers import read_hints  # noqa: E402
from emulator.clock import ManualClock, from_wire  # noqa: E402
from emulator.settings import Settings  # noqa: E402
from emulator.testing.api import ApiClient  # noqa: E402
from support.cases import Case, chapters  # noqa: E402
from support.client import Api  # noqa: E402
from support.examples import Page, pages  # noqa: E402
from support.in_process import in_process  # noqa: E402

SOURCES = TESTS.parent / "emulator" / "chapters"
PATH = TESTS.parent / "docs" / "fidelity.md"
COMMAND = ".venv/bin/python tests/support/fidelity_table.py"
FIRST, LAST = f"<!-- Made by: {COMMAND} -->\n", "<!-- The end of what is made by it. -->\n"
_SENT_WITH = {"eip_acl": "eip", "traffic_mirror": "lb"}
"""Chapters whose examples the tests of another one send."""
STORIES = ("recorded_clients", "unmodified_clients", "old_client_stories", "sdk")
"""The tests in which clients of the vendor, or what they sent, call the emulator."""
COLUMNS = (
    *("chapter", "actions", "printed examples: equal, successful, of all", "fields checked", "errors by state"),
    *("errors by fault rule", "parameters with effect", "called by old clients"),
)
HEADING = f"| {' | '.join(COLUMNS)} |\n|{' --- |' * len(COLUMNS)}\n"


class Row(NamedTuple):
    chapter: str
    actions: int
    equal: int
    successful: int
    examples: int
    fields: int
    documented_fields: int
    by_state: int
    by_fault: int
    effective: int
    parameters: int
    called: int

    def __str__(self) -> str:
        cells = (
            *(self.chapter, self.actions, f"{self.equal}, {self.successful} of {self.examples}"),
            *(f"{self.fields} of {self.documented_fields}", self.by_state, self.by_fault),
            *(f"{self.effective} of {self.parameters}", self.called),
        )
        return "| " + " | ".join(str(cell) for cell in cells) + " |\n"


def page(before: str) -> str:
    """The page as it should be. `before`: as it is."""
    head, mark, rest = before.partition(FIRST)
    _old, end, tail = rest.partition(LAST)
    if not mark or not end:
        raise ValueError(f"{PATH.name} lacks the marks around its table: {FIRST}{LAST}")
    return head + FIRST + table() + LAST + tail


def table() -> str:
    rows = list(_rows())
    totals = [sum(values) for values in zip(*(row[1:] for row in rows), strict=True)]
    return HEADING + "".join(map(str, rows)) + str(Row("all", *totals)) + _told()


def _rows() -> Iterator[Row]:
    fields, called = _fields(), _called()
    for chapter in sorted(chapters()):
        tables = import_module(f"chapters.{chapter}.cases")
        own = [action for action in contract.load() if _chapter(action) == chapter]
        printed = [found for found in pages() if found.chapter == chapter]
        counts = _examples(chapter, printed)
        ways = _ways(tables.CASES)
        seen, documented = (sum(fields.get(action.name, (0, 0))[place] for action in own) for place in (0, 1))
        words = _words(chapter)
        idle = [name for action in own for name in _idle(action, words)]
        known = sum(len(action.parameters) for action in own)
        yield Row(
            *(
                chapter,
                len(own),
                *counts,
                seen,
                documented,
                ways["state"],
                ways["fault"],
                known - len(idle),
                known,
            ),
            sum(action.name in called for action in own),
        )


def _chapter(action: contract.Action) -> str:
    return BEHAVIOURS[action.module, action.name].__module__.split(".")[2]


def _ways(cases: list[Case]) -> Counter[str]:
    """How each documented error of each action is provoked: by the state of the world, or else by a fault rule."""
    pairs: dict[tuple[str, int], str] = {}
    for case in cases:
        by_fault = "[[faults]]" in case.world and f"error = {case.code}" in case.world
        if pairs.get((case.action, case.code)) != "state":
            pairs[case.action, case.code] = "fault" if by_fault else "state"
    return Counter(pairs.values())


def _fields() -> dict[str, tuple[int, int]]:
    """By query: how many of the fields that its page documents `bm-emulator check` has seen, and how many there are."""
    with _own_emulator(("demo",), 50) as (exchange, pair):
        checked = _check(ApiClient(exchange, *pair), read_hints().begins)
    return {one.name.rpartition("/")[2]: (len(one.seen & one.paths), len(one.paths)) for one in checked}


def _examples(chapter: str, printed: list[Page]) -> tuple[int, int, int]:
    """How many of a chapter's printed examples are answered as printed, how many with success, how many there are."""
    try:
        after = import_module(f"chapters.{_SENT_WITH.get(chapter, chapter)}.test_verbatim_examples").AFTER
    except (ImportError, AttributeError):
        after = {}
    moments = import_module("chapters.test_verbatim_examples").CLOCK
    equal = successful = 0
    for found in printed:
        for example in found.examples:
            clock = ManualClock(from_wire(moments[found.action]) if found.action in moments else NOW)
            api = _api(clock)
            if found.action in after:
                _prepare(api, after[found.action])
                clock.advance(60)
            answer = _send(api, found.action, example)
            equal += answer == example["response"]
            successful += str(answer.get("code", answer.get("returnCode"))) == "0"
    return equal, successful, sum(len(found.examples) for found in printed)


def _prepare(api: Api, after: str | tuple[str, Any]) -> None:
    """Send what an example comes after: another page's example, or a call with its parameters."""
    if isinstance(after, str):
        _send(api, after, next(it for it in pages() if it.action == after).examples[0])
    else:
        name, params = after
        host = next(action.hosts[0] for action in contract.load() if action.name == name)
        _send(api, name, {"params": params, "method": "GET", "host": host})


def _send(api: Api, name: str, example: dict[str, Any]) -> Any:
    return api.send({"Action": name, **example["params"]}, example["method"], example["host"]).json()


def _api(clock: ManualClock) -> Api:
    settings = Settings(auth="off")
    app = create_app(settings, world=open_world(settings, clock))
    return Api(httpx.Client(transport=in_process(app), base_url="http://bm.api.qcloud.com"))


def _words(chapter: str) -> set[str]:
    """The texts and names that stand in a chapter's code: a parameter that is none of them has no effect."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in (SOURCES / chapter).rglob("*.py"))
    nodes = [node for tree in trees for node in ast.walk(tree)]
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return texts | {node.id for node in nodes if isinstance(node, ast.Name)}


def _idle(action: contract.Action, words: set[str]) -> list[str]:
    """The parameters of an action that have no effect."""
    return [parameter.name for parameter in action.parameters if not _has_effect(parameter.name, words)]


def _told() -> str:
    """The parameters without effect, by action."""
    words = {chapter: _words(chapter) for chapter in chapters()}
    found = {action.name: _idle(action, words[_chapter(action)]) for action in contract.load()}
    told = "; ".join(f"{name}: {', '.join(idle)}" for name, idle in found.items() if idle)
    return f"\nChecked and otherwise without effect: {told}.\n\n"


def _has_effect(parameter: str, words: set[str]) -> bool:
    return parameter in words or re.sub("([A-Z])", r"_\1", parameter).lower() in words


def _called() -> set[str]:
    """The actions that the stories of old clients name."""
    texts = [(TESTS / f"test_{story}.py").read_text(encoding="utf-8") for story in STORIES]
    texts.append((TESTS / "data" / "recorded_clients.jsonl").read_text(encoding="utf-8"))
    return {action.name for action in contract.load() if any(action.name in text for text in texts)}


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    PATH.write_text(page(PATH.read_text(encoding="utf-8")), encoding="utf-8")
