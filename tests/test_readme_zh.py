"""The Chinese README shows the commands, the code and the numbers of the English one, which are tested there."""

import re

import pytest
from support.pages import PAGES, README, blocks, tables

CHINESE = "docs/README.zh-CN.md"


@pytest.mark.parametrize("language", ["sh", "console", "python", "mermaid"])
def test_it_shows_the_same_code(language: str) -> None:
    shown = blocks(language, CHINESE)
    assert shown
    assert shown == blocks(language, README)


def test_it_has_the_same_numbers_of_actions() -> None:
    told, english = (
        {
            tuple(re.findall(r"\d+", cells[1]))
            for rows in tables(page)
            for cells in rows
            if re.fullmatch(r"\d+( of |/)\d+", cells[1])
        }
        for page in (CHINESE, README)
    )
    assert told == english
    assert "172" in PAGES[CHINESE]


def test_it_has_the_same_sections_rows_and_pictures() -> None:
    for pattern in (r"^## ", r"^\| ", r"images/[\w-]+\.png"):
        assert len(re.findall(pattern, PAGES[CHINESE], re.MULTILINE)) == len(
            re.findall(pattern, PAGES[README], re.MULTILINE)
        ), pattern


def test_the_two_lead_to_each_other() -> None:
    assert "](docs/README.zh-CN.md)" in PAGES[README]
    assert "](../README.md)" in PAGES[CHINESE]
