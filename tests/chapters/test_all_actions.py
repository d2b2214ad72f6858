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
    ("chapter", "advice"),
    [
        ("eip", NO_TABLES.format("eip")),
        ("hosted", "EipBmApply is implemented: add parameters that it accepts to GOOD in "),
        ("hosted", "EipBmApply's error 9006 is documented: add a Case that provokes it to CASES in "),
    ],
)
def test_a_new_action_without_cases_is_reported_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, chapter: str, advice: str
) -> None:
    def behaviour(call: Any) -> None: ...

    behaviour.__module__ = f"emulator.chapters.{chapter}.actions"
    monkeypatch.setitem(BEHAVIOURS, ("bmeip", "EipBmApply"), behaviour)
    file = f"tests/chapters/{chapter}/cases.py"
    assert {advice, advice + file} & {*_omissions()}
