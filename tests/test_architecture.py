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
    "contract": set(),
    "clock": set(),
    "world": {"clock", "chapters"},
    "call": {"contract", "world"},
    "chapters": {"call", *STATE},
    "seeding": {"chapters", *STATE},
    "journal": {"clock", "contract", "gateway", "world"},
    "signing": {"gateway", "journal", "world"},
    "gateway": {"call", "chapters", "contract", "journal", "signing", *STATE},
    "settings": {"gateway"},
    "control": {"chapters", "gateway", "journal", "seeding", *STATE},
    "https": {"clock", "control", "gateway"},
    "serving": {"clock", "control", "gateway", "https", "settings"},
    "pytest_plugin": {"clock", "testing"},
    "testing": {"app", "contract", "control", "gateway", "seeding", "serving", "settings", "signing", *STATE},
    "app": {"call", "chapters", "contract", "control", "gateway", "journal", "seeding", "settings", *STATE},
    "cli": {
        "app",
        "call",
        "chapters",
        "contract",
        "control",
        "gateway",
        "https",
        "journal",
        "seeding",
        "serving",
        "settings",
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


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_sql_stays_in_the_world_and_the_records(path: Path) -> None:
    """The gateway and the application know the library's errors, not its statements."""
    allowed = {"sqlalchemy.exc.SQLAlchemyError"}
    used = {name for name in imports(path) if name.split(".")[0] == "sqlalchemy"}
    parts = path.relative_to(ROOT).parts
    assert room(path) in {"world", "seeding", "control"} or "records" in "".join(parts) or "by_hand.py" in parts or used <= allowed


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_http_stays_out_of_what_lies_below_the_gateway(path: Path) -> None:
    served = {"starlette", "uvicorn", "http.client", "http.server", "urllib"}
    used = {part for name in imports(path) for part in served if name == part or name.startswith(f"{part}.")}
    assert not used or room(path) in {"gateway", "signing", "control", "https", "app", "serving", "testing", "cli"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_time_and_chance_come_from_their_sources(path: Path) -> None:
    """The client's commands need a nonce, a server a token; the fleet's chance is seeded."""
    forbidden = {"time", "random", "secrets"} - ({"secrets"} if room(path) in {"cli", "serving"} else set())
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
