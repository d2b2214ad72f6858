"""Every implemented action has its cases."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest
from support.cases import chapters, omissions

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
