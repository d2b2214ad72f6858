"""What the README shows happens so, and it stays short."""

import os
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import COMMAND, Server
from support.pages import PAGES, README, ROOT, blocks, table

from emulator import contract
from emulator.chapters import BEHAVIOURS
from emulator.gateway import gateway

TEXT = PAGES[README]
REQUEST_ID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


def test_it_is_short() -> None:
    assert TEXT.count("\n") <= 160
    assert TEXT.count("```mermaid") <= 2


def test_it_opens_with_the_two_commands() -> None:
    run, test = blocks("sh", README)[:2]
    assert run == "python3 -m venv .venv && .venv/bin/pip install -q . && .venv/bin/bm-emulator serve\n"
    assert test == "python3 -m venv .venv && .venv/bin/pip install -q '.[test]' && .venv/bin/pytest -q\n"
    assert TEXT.index(test) < 500


def test_continuous_integration_calls_the_test_command() -> None:
    assert blocks("sh", README)[1] in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def transcript() -> Iterator[tuple[str, str]]:
    """Each command of the transcript, and what it printed."""
    [shown] = blocks("console", README)
    for part in re.split(r"^\$ ", shown, flags=re.MULTILINE)[1:]:
        command, _, printed = part.partition("\n")
        yield command, printed


def general(printed: str) -> str:
    """Less what differs from run to run: the port, the ids, the times, where the command is."""
    printed = printed.replace(COMMAND, "bm-emulator")
    printed = re.sub(r" --endpoint http://127\.0\.0\.1:\d+$", "", printed, flags=re.MULTILINE)
    printed = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", printed)
    printed = re.sub(r"\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\b", "TIME", printed)
    return re.sub(REQUEST_ID, "REQUEST-ID", printed)


def fits(shown: str, printed: str) -> bool:
    """A line of three dots stands for any lines."""
    pattern = re.escape(general(shown)).replace("…\\\n", "(?:.*\\n)*")
    return re.fullmatch(pattern, general(printed)) is not None


@pytest.mark.socket
def test_its_transcript_is_what_happens(serve: Callable[..., Server]) -> None:
    """A request id in a command is the one that the command before printed."""
    (start, greeting), *calls = transcript()
    assert start == "bm-emulator serve &"
    server = serve()
    seen = [f"$ {start}\n" + "".join(f"{line}\n" for line in server.greeting)]
    same = [fits(greeting, seen[0].partition("\n")[2])]
    env = {
        **os.environ,
        "BM_EMULATOR_ENDPOINT": server.endpoint,
        "PATH": f"{Path(COMMAND).parent}:{os.environ['PATH']}",
    }
    for command, shown in calls:
        request_id = re.search(REQUEST_ID, seen[-1])
        line = re.sub(REQUEST_ID, request_id[0], command) if request_id else command
        done = subprocess.run(
            ["bash", "-c", f"{line} 2>&1"], capture_output=True, text=True, timeout=30, check=False, env=env
        )
        seen.append(f"$ {line}\n{done.stdout}")
        same.append(fits(shown, done.stdout))
    assert len(seen) == 4
    assert all(same), "the README's transcript is not what happens now:\n" + general("".join(seen))


def test_its_test_passes(pytester: pytest.Pytester) -> None:
    [shown] = blocks("python", README)
    pytester.makepyfile(shown)
    done = pytester.runpytest_subprocess("-p", "no:randomly", "-p", "no:schemathesis", "-W", "error")
    done.assert_outcomes(passed=1)


def test_it_counts_the_answered_actions_of_every_chapter() -> None:
    """A chapter is the folder of the documentation that the table names in brackets."""
    told = {
        re.findall(r"\(([^()]+)\)", chapter)[-1]: actions
        for chapter, actions in table(README, "chapter of the documentation")
    }
    every, answered = Counter[str](), Counter[str]()
    for action in contract.load():
        chapter = action.page.split("/")[0]
        every[chapter] += 1
        answered[chapter] += (action.module, action.name) in BEHAVIOURS
    assert told == {chapter: f"{answered[chapter]} of {every[chapter]}" for chapter in every}


def test_its_numbers_of_actions_are_right() -> None:
    documented = [action for action in contract.load() if not action.undocumented]
    implemented = [action for action in documented if (action.module, action.name) in BEHAVIOURS]
    assert len(implemented) == len(documented) == 172
    assert f"All {len(implemented)} documented actions are implemented" in TEXT
    assert len(BEHAVIOURS) - len(implemented) == 10


def test_its_stages_of_a_call_are_the_gateways() -> None:
    [stages] = re.findall(r"^ +(wire --> .*)$", TEXT, flags=re.MULTILINE)
    assert stages.split(" --> ") == re.findall(r"^ +(\w+)  ", gateway.__doc__ or "", flags=re.MULTILINE)


def test_it_leads_to_every_page() -> None:
    assert [page for page in PAGES if page != README and f"]({page})" not in TEXT] == []
