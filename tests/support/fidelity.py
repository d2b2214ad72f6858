"""Writes the lower part of docs/fidelity.md: the choices of each chapter, from its modules' docstrings.

    .venv/bin/python tests/support/fidelity.py

What stands above the mark in that page is written by hand and kept.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PATH = ROOT / "docs" / "fidelity.md"
COMMAND = ".venv/bin/python tests/support/fidelity.py"
MARK = f"<!-- Generated from here on. Change the docstrings of emulator/chapters, then run: {COMMAND} -->\n"
PARTS = ("actions", "work")
"""The modules of a chapter, or packages of these names, whose docstrings tell what was chosen."""


def page(before: str) -> str:
    """The page as it should be. `before`: as it is."""
    by_hand, mark, _rest = before.partition(MARK)
    if not mark:
        raise ValueError(f"{PATH.name} lacks the mark that its generated part begins with: {MARK}")
    return by_hand + MARK + "".join(f"\n{part}\n" for part in _parts())


def _parts() -> Iterator[str]:
    """A heading a chapter; a paragraph a module, then what its docstring says below its first paragraph."""
    for folder in sorted((ROOT / "emulator" / "chapters").iterdir()):
        told = {path: text for path in _modules(folder) if "\n\n" in (text := _docstring(path))}
        if told:
            yield f"### {folder.name}"
        for path, text in told.items():
            summary, _, choices = text.partition("\n\n")
            name = path.relative_to(folder).with_suffix("")
            yield f"**[{name}](../{path.relative_to(ROOT)})**: {' '.join(summary.split())}"
            yield choices.strip()


def _modules(folder: Path) -> list[Path]:
    return [path for part in PARTS for path in (*folder.glob(f"{part}.py"), *sorted(folder.glob(f"{part}/*.py")))]


def _docstring(path: Path) -> str:
    return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""


if __name__ == "__main__":
    PATH.write_text(page(PATH.read_text(encoding="utf-8")), encoding="utf-8")
