"""The rooms and the arrows between them: each may import what stands below it, and nothing else."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import emulator

ROOT = Path(emulator.__file__).parent
FILES = sorted(path for path in ROOT.rglob("*.py"))
STATE = {"world", "clock"}
MAY_IMPORT = {
    "checking": set(),
    "contract": {"checking"},
    "clock": set(),
    "logs": {"clock"},
    "world": {"checking", "clock", "logs"},
    "request": {"clock"},
    "call": {"contract", "world"},
    "chapters": {"call", "checking", *STATE},
    "seeding": {"chapters", "checking", *STATE},
    "journal": {"checking", "clock", "contract", "request", "world"},
    "signing": {"contract", "journal", "request", "world"},
    "gateway": {"call", "chapters", "checking", "contract", "journal", "logs", "request", "signing", *STATE},
    "settings_check": {"checking"},
    "settings": {"gateway", "request", "settings_check"},
    "control": {"chapters", "checking", "contract", "gateway", "journal", "request", "seeding", *STATE},
    "in_process": set(),
    "console": {
        "chapters",
        "checking",
        "contract",
        "control",
        "gateway",
        "in_process",
        "journal",
        "request",
        "signing",
        *STATE,
    },
    "connections": set(),
    "https": {"checking", "clock", "connections", "contract", "control", "request"},
    "serving": {"clock", "connections", "control", "gateway", "https", "request", "settings"},
    "pytest_plugin": {"checking", "clock", "testing", "world"},
    "testing": {
        "app",
        "checking",
        "contract",
        "https",
        "in_process",
        "request",
        "seeding",
        "serving",
        "settings",
        "settings_check",
        "signing",
        *STATE,
    },
    "app": {
        "call",
        "chapters",
        "console",
        "contract",
        "control",
        "gateway",
        "journal",
        "request",
        "seeding",
        "settings",
        *STATE,
    },
    "cli": {
        "app",
        "call",
        "chapters",
        "checking",
        "contract",
        "control",
        "gateway",
        "https",
        "journal",
        "logs",
        "request",
        "seeding",
        "serving",
        "settings",
        "settings_check",
        "signing",
        "testing",
        *STATE,
    },
    "__main__": {"cli"},
    "__init__": set(),
}


def room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_arrows_run_downwards(path: Path) -> None:
    rooms = {name.split(".")[1] for name in imports(path) if name.startswith("emulator.")} - {"__version__"}
    assert rooms <= MAY_IMPORT[room(path)] | {room(path)}


def test_every_room_is_known() -> None:
    assert {room(path) for path in FILES} == set(MAY_IMPORT)


CHAPTERS = sorted(path.name for path in (ROOT / "chapters").iterdir() if path.is_dir() and path.name != "__pycache__")
BEHIND = ("records", "work", "actions")
"""What a chapter is made of, each file or package below those that follow it."""


def part(path: Path) -> str:
    """Of a chapter's file: records, work or actions; or the name of a file beside the chapters."""
    names = path.relative_to(ROOT / "chapters").parts
    return (names[1] if len(names) > 1 else names[0]).removesuffix(".py")


@pytest.mark.parametrize(
    "path", sorted((ROOT / "chapters").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_a_chapter_uses_the_records_of_all_and_the_work_of_itself(path: Path) -> None:
    """Records know records; work knows any records; actions know any records and the work of their own chapter."""
    if path.parent.name == "chapters" and path.name == "__init__.py":
        return  # the only list of chapters
    own = path.relative_to(ROOT / "chapters").parts[0]
    rank = BEHIND.index(part(path)) if part(path) in BEHIND else len(BEHIND)
    for name in imports(path):
        found = name.split(".")
        if found[:2] != ["emulator", "chapters"] or found[2] not in CHAPTERS:
            continue
        used = BEHIND.index(found[3]) if found[3] in BEHIND else len(BEHIND)
        assert used == 0 or (found[2] == own and used <= rank), name


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_is_records_work_and_actions(chapter: str) -> None:
    names = {path.stem for path in (ROOT / "chapters" / chapter).iterdir()} - {"__init__", "__pycache__"}
    assert names <= set(BEHIND)


def test_every_chapter_of_the_contract_that_has_an_action_is_a_folder() -> None:
    chapters = {path.stem for path in (ROOT / "contract" / "data").glob("*.json")}
    assert set(CHAPTERS) <= chapters


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_sql_stays_in_the_world_and_the_records(path: Path) -> None:
    used = {name for name in imports(path) if name.split(".")[0] == "sqlalchemy"}
    is_record = room(path) == "chapters" and part(path) == "records"
    assert room(path) == "world" or is_record or not used


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_driver_and_its_dialect_stay_in_one_file(path: Path) -> None:
    used = {name for name in imports(path) if name.startswith(("sqlite3", "sqlalchemy.dialects"))}
    assert not used or path == ROOT / "world" / "database.py"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_http_stays_out_of_what_lies_below_the_gateway(path: Path) -> None:
    served = {"starlette", "uvicorn", "http.client", "http.server", "urllib"}
    used = {part for name in imports(path) for part in served if name == part or name.startswith(f"{part}.")}
    assert not used or room(path) in {
        "request",
        "gateway",
        "signing",
        "control",
        "console",
        "in_process",
        "https",
        "app",
        "serving",
        "testing",
        "cli",
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_time_and_chance_come_from_their_sources(path: Path) -> None:
    """The client's commands need a nonce, a server a token, the console one against forged forms; the fleet's chance is
    seeded.
    """
    forbidden = {"time", "random", "secrets"} - ({"secrets"} if room(path) in {"cli", "console", "serving"} else set())
    used = {name.split(".")[0] for name in imports(path)}
    assert room(path) == "clock" or not used & forbidden
    assert room(path) == "clock" or "datetime.now" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 260
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            assert node.end_lineno - node.lineno < 50, node.name


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_begins_with_its_map(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not text or ast.get_docstring(ast.parse(text))
