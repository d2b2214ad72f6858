"""The README and the pages of docs/, as tests read them."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
README = "README.md"
PAGES = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for path in (ROOT / README, *sorted((ROOT / "docs").glob("*.md")))
}
"""Texts by path."""


def blocks(language: str, page: str | None = None) -> list[str]:
    """The code blocks of one page, or of all."""
    text = "\n".join(PAGES.values()) if page is None else PAGES[page]
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)


def lines(pattern: str) -> list[str]:
    """The lines of shell blocks, on all pages, that begin with the pattern."""
    return [line for block in blocks("sh") for line in block.splitlines() if re.match(pattern, line)]


def tables(page: str) -> list[list[list[str]]]:
    """The tables of a page: rows of cells, the head among them."""
    found = re.findall(r"(?:^\|.*\|\n)+", PAGES[page], flags=re.MULTILINE)
    rows = [[_cells(line) for line in table.splitlines()] for table in found]
    return [[head, *body] for head, _rule, *body in rows]


def table(page: str, first: str) -> list[list[str]]:
    """The rows of the first table whose head begins with that cell, less the head."""
    return next(body for head, *body in tables(page) if head[0] == first)


def _cells(line: str) -> list[str]:
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
