"""`bm-emulator check`, and the documented fields that it compares answers with."""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result
from conftest import Server
from support.examples import Page, pages

from emulator import contract
from emulator.chapters import BEHAVIOURS
from emulator.cli import main
from emulator.cli.check_answers import compare, document, read_hints
from emulator.cli.check_calls import queries
from emulator.testing import Emulator

CONTRADICTIONS = {
    ("DescribeDeviceClassRaid", "data.<deviceClassCode>.<raidId>.unFormatPartition"): "a text here, an object there",
    ("DescriptionOperationResult", "data.status "): "a space before the colon",
    ("DescriptionOperationResult", "data.instanceIds[].instanceId "): "a space before the colon",
    ("DescribeEipBm", "data.eipSet[].type"): "null where it has no meaning",
    ("GetBmCertDetail", "data.certLBList.lbId"): "an array in the table",
    ("GetBmCertDetail", "data.certLBList.lbName"): "an array in the table",
    ("GetBmCertDetail", "data.certLBList.vpcId"): "an array in the table",
    ("GetBmCertDetail", "data.certLBList.regionId"): "an array in the table",
    ("AddBmSslVpnGwAcl", "data[].portRange"): "null where it has no meaning",
    ("ModifyBmSslVpnGw", "data.sslVpnGw.txPeakLimit"): "a number in the page's other example",
    ("ModifyBmSslVpnGw", "data.sslVpnGw.rxPeakLimit"): "a number in the page's other example",
}
"""Where a page's example contradicts its table or its other example."""


def run(*words: str, **options: Any) -> Result:
    return CliRunner().invoke(main, ("check", *words), **options)


@pytest.fixture(scope="module")
def fleet() -> dict[str, dict[str, Any]]:
    """The results for a world of 60 generated devices."""
    return results("--devices", "60")


def results(*words: str) -> dict[str, dict[str, Any]]:
    """What --json prints, by the name of the action."""
    return {row["action"]: row for row in json.loads(run("--json", *words).stdout)["actions"]}


def answers(monkeypatch: pytest.MonkeyPatch, action: str, change: Callable[[dict[str, Any]], Any]) -> None:
    """Break an action: `change` gets the body of each of its answers and alters it."""
    honest = BEHAVIOURS["bm", action]

    def broken(call: Any) -> Any:
        body = honest(call)
        change(body)
        return body

    monkeypatch.setitem(BEHAVIOURS, ("bm", action), broken)


def test_every_query_answers_as_its_page_documents() -> None:
    done = run("--devices", "60")
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[-1].endswith("; 0 differences")
    assert "DIFFERENT" not in done.output


def test_the_table_has_a_row_for_each_action() -> None:
    rows = [line.split() for line in run().stdout.splitlines()]
    assert rows[0] == ["action", "calls", "fields", "differences"]
    assert ["DescribeHardwareSpecification", "1", "25/25", "0"] in rows
    assert ["GetBindHostedLanIPStatus", "3", "7/8", "0", "3", "declared"] in rows
    assert ["DescribeTagValueList", "1", "6/6", "0"] in rows


def test_every_implemented_query_is_called_and_succeeds(fleet: dict[str, dict[str, Any]]) -> None:
    assert {action.name for action in queries()} < fleet.keys()
    assert {row["result"] for row in fleet.values() if row["module"] == "bm"} == {"ok"}
    for name in ("DescribeDevice", "DescribeRegions", "DescribeHostedDevice", "GetUserCmdTaskDetailList"):
        assert fleet[name]["fields_checked"] == fleet[name]["fields_documented"], fleet[name]


def test_a_query_is_every_action_that_only_reads() -> None:
    names = {action.name for action in queries()}
    assert {"DescribeDevice", "GetUserCmd", "QueryBmTgwClusterMode", "DescriptionOperationResult"} <= names
    assert not [name for name in names if name.startswith(("Modify", "Buy", "Run", "Set", "Add", "Delete"))]
    assert "DescribeDeviceInventory" not in names, "no page documents it"


def moved_to_the_end(row: dict[str, Any], key: str) -> None:
    row[key] = row.pop(key)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda row: row.pop("alias"), "alias: a documented key is missing"),
        (lambda row: row.update(secret="x"), "secret: an undocumented key"),
        (lambda row: row.update(zoneId=1), "zoneId: number instead of string"),
        (lambda row: row.update(alias=None), "alias: null instead of string"),
        (lambda row: moved_to_the_end(row, "instanceId"), "instanceId: printed before"),
    ],
    ids=["missing", "undocumented", "number", "null", "order"],
)
def test_a_broken_answer_is_found(
    monkeypatch: pytest.MonkeyPatch, change: Callable[[dict[str, Any]], Any], line: str
) -> None:
    answers(monkeypatch, "DescribeDevice", lambda body: [change(row) for row in body["data"]["deviceList"][-1:]])
    done = run()
    assert done.exit_code == 1
    [shown] = [shown for shown in done.output.splitlines() if shown.startswith("DIFFERENT")]
    assert shown.startswith(f"DIFFERENT DescribeDevice data.deviceList[].{line}")
    assert shown.endswith("(limit=100)"), "the parameters of the call"


def test_a_broken_answer_is_found_where_only_some_calls_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, "GetUserCmd", lambda body: body["data"].pop("content"))
    row = results()["GetUserCmd"]
    assert row["result"] == "different"
    [found] = row["differences"]
    assert (found["path"], found["kind"]) == ("data.content", "missing")
    assert list(found["parameters"]) == ["cmdId"]


def test_an_error_that_the_page_does_not_document_is_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, "DescribeHardwareSpecification", lambda body: body["no such key"])
    done = run()
    assert done.exit_code == 1
    assert "DIFFERENT DescribeHardwareSpecification: no documented error: 6000" in done.output


def test_an_action_that_is_refused_everywhere_says_so() -> None:
    row = results("--fixture", "empty", "--devices", "1")["GetBindHostedLanIPStatus"]
    assert (row["result"], row["fields_checked"]) == ("refused", 0)
    assert row["refusals"][0]["code"] == 18137


def test_the_declared_departures_are_listed_and_each_is_needed(fleet: dict[str, dict[str, Any]]) -> None:
    listed = [(f"{row['module']}/{row['action']}", one["path"]) for row in fleet.values() for one in row["declared"]]
    assert listed
    assert sorted(listed) == sorted((known.action, known.path) for known in read_hints().departures)
    assert all(len(known.reason) > 20 for known in read_hints().departures)


def test_a_declared_departure_covers_only_what_it_names(monkeypatch: pytest.MonkeyPatch) -> None:
    def change(body: dict[str, Any]) -> None:
        next(iter(next(iter(body["data"].values())).values()))["unFormatPartition"] = 1

    answers(monkeypatch, "DescribeDeviceClassRaid", change)
    [found] = results()["DescribeDeviceClassRaid"]["differences"]
    assert found["text"] == "number instead of string"


def test_a_running_emulator_is_checked_and_only_read() -> None:
    with Emulator() as emulator:
        world = emulator.world
        world.snapshot("before")
        done = run("--endpoint", emulator.url)
        assert done.exit_code == 0, done.output
        called = {call["action"] for call in world.journal.calls(limit=10_000)}
        assert called <= {action.name for action in queries()}
        assert len(called) > 20
        assert not any(world.diff("before").values())


def test_an_emulator_in_another_process_is_checked(serve: Callable[..., Server]) -> None:
    done = run("--endpoint", serve("--devices", "5").endpoint)
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("--endpoint", "http://127.0.0.1:1"), "Error: no answer from http://127.0.0.1:1: "),
        (("--fixture", "no-such-file"), "Error: cannot read the fixture no-such-file: "),
        (("--secret-key", "wrong"), "Error: the key pair is refused: "),
        (("--secret-id", "AKIDnobody", "--secret-key", "x"), "Error: the key pair is refused: "),
    ],
)
def test_what_prevents_a_check_is_told_in_one_line(words: tuple[str, ...], error: str) -> None:
    done = run(*words)
    assert done.exit_code == 1
    assert done.output.startswith(error)
    assert done.output.count("\n") == 1


def test_a_running_emulator_has_its_own_content() -> None:
    done = run("--endpoint", "http://127.0.0.1:1", "--devices", "3")
    assert done.exit_code == 2
    assert "leave out --endpoint" in done.output


def test_what_is_no_emulator_is_told_in_one_line() -> None:
    with Emulator() as emulator:
        emulator.world.faults.set("DescribeRegions", http_status=502)
        done = run("--endpoint", emulator.url)
    assert done.exit_code == 1
    assert done.output == f"Error: {emulator.url} does not answer as an emulator does; is it one? (--endpoint)\n"
    assert done.output.count("\n") == 1


def test_an_emulator_that_answers_as_the_live_service_is_not_compared() -> None:
    with Emulator(profile="observed") as emulator:
        done = run("--endpoint", emulator.url)
    assert (done.exit_code, "start it with --profile documented" in done.output) == (1, True)


@pytest.mark.parametrize("page", pages(), ids=lambda page: f"{page.chapter}-{page.action}")
def test_the_contract_has_the_documented_fields_of_every_action(page: Page) -> None:
    named = [action for action in contract.load() if action.name == page.action]
    had = [
        sorted((one.path, one.type, one.wire, one.description) for one in contract.response_fields(action))
        for action in named
    ]
    table = sorted((row["path"], row["type"], row.get("wire"), row["description"]) for row in page.response)
    assert table in had


def test_the_printed_examples_agree_with_the_fields_in_keys_order_and_types() -> None:
    found = set()
    for page in pages():
        named = [action for action in contract.load() if action.name == page.action]
        for example in (one["response"] for one in page.examples):
            if str(example.get("code", example.get("returnCode"))) == "0":
                each = [list(compare(document(contract.response_fields(one)), example, set())) for one in named]
                found |= {(page.action, one.path) for one in min(each, key=len) if one.kind != "missing"}
    assert found == CONTRADICTIONS.keys()


def test_an_action_is_shown_with_the_fields_of_its_answer() -> None:
    output = CliRunner().invoke(main, ("actions", "GetDeviceOutBandInfo")).output
    assert "  data.outbandInfo.dhcp_ip  String, printed as string. Out-of-band IP of the server.\n" in output
    trash = CliRunner().invoke(main, ("actions", "DescribeDeviceTrash")).output
    assert "  data.deviceList[].tagDetail  Array(Object), not printed. Tags of the device.\n" in trash


def test_the_fields_of_answers_are_not_read_at_the_start() -> None:
    program = (
        "import sys\n"
        "opened = []\n"
        "sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == 'open' else None)\n"
        "from emulator.testing import Emulator\n"
        "Emulator(listen=False).start().stop()\n"
        "assert any('data/devices.json' in path for path in opened)\n"
        "assert not [path for path in opened if 'data/responses' in path]\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
