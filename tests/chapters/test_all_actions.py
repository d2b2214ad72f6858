"""Every implemented action has its cases."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest
from conftest import MakeApi
from support.cases import chapters, omissions
from support.examples import Page, pages

from emulator import contract
from emulator.chapters import BEHAVIOURS

NO_TABLES = "write tests/chapters/{}/cases.py with GOOD and CASES, after the model of hosted/cases.py"


def _omissions() -> list[str]:
    found = []
    for chapter in sorted(chapters()):
        name = f"chapters.{chapter}.cases"
        if find_spec(f"chapters.{chapter}") is None or find_spec(name) is None:
            found.append(NO_TABLES.format(chapter))
            continue
        tables = import_module(name)
        found += omissions(chapter, tables.GOOD, tables.CASES)
    return found


def test_no_implemented_action_is_forgotten() -> None:
    assert not _omissions(), "\n".join(_omissions())


@pytest.mark.parametrize(
    "advice",
    [
        "ModifyHostedAlias is implemented: add parameters that it accepts to GOOD in tests/chapters/hosted/cases.py",
        "ModifyHostedAlias's error 18136 is documented: add a Case that provokes it to CASES in "
        "tests/chapters/hosted/cases.py",
    ],
)
def test_an_action_without_cases_is_reported_with_what_to_do(advice: str) -> None:
    assert advice in omissions("hosted", {}, [])


def test_a_chapter_without_cases_is_reported_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def behaviour(call: Any) -> None: ...

    behaviour.__module__ = "emulator.chapters.unheard_of.actions"
    monkeypatch.setitem(BEHAVIOURS, ("bm", "DoTheUnheardOf"), behaviour)
    assert NO_TABLES.format("unheard_of") in _omissions()


_ONLY_READS = {action.name for action in contract.load() if action.only_reads}
_QUESTIONS = [
    pytest.param(page, id=f"{page.chapter}-{page.action}")
    for page in pages()
    if page.action in _ONLY_READS and page.action in {name for _module, name in BEHAVIOURS}
]


@pytest.mark.parametrize("page", _QUESTIONS)
def test_an_action_that_only_reads_changes_no_row(make_api: MakeApi, page: Page) -> None:
    api = make_api(auth="off")
    example = page.examples[0]
    before = api.http.get("/_emulator/worlds/default/export")
    assert before.status_code == 200
    answer = api.send({"Action": page.action, **example["params"]}, example["method"], example["host"]).json()
    assert answer.get("code", 0) in (
        0,
        "0",
        -3051,
        9003,
    )  # the last two where a page contradicts another, or masks an id
    assert api.http.get("/_emulator/worlds/default/export").text == before.text
