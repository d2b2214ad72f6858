"""The commands that need no server."""

import re
import time

import pytest
from click.testing import CliRunner, Result
from support.client import HOST, PATH, SECRET_ID, SECRET_KEY, Api, signature, text_to_sign

from emulator.cli import main
from emulator.cli.inventory import CHANGES_BY_KIND
from emulator.cli.key_values import key_value, to_json
from emulator.control.field_texts import field_texts
from emulator.control.worlds import NewWorld
from emulator.journal.search import Search
from emulator.world.rules import FaultRule

DOC_TEXT = (
    "GETbmeip.api.qcloud.com/v2/index.php?Action=EipBmBindRs&Nonce=11886&Region=gz&"
    f"SecretId={SECRET_ID}&Timestamp=1465185768&eipId=eip-testcpm&instanceId=cpm-09dx96dg"
)
DOC_URL = "https://bmeip.api.qcloud.com/v2/index.php?" + DOC_TEXT.partition("?")[2]


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def test_sign_prints_the_text_and_the_signature_of_the_documentations_example() -> None:
    done = run("sign", DOC_URL)
    assert done.exit_code == 0
    assert done.output.splitlines() == [
        f"text       {DOC_TEXT}",
        "signature  P6y82HIF1jIIYXbL1N5zDVzMDmE=",
        "encoded    P6y82HIF1jIIYXbL1N5zDVzMDmE%3D",
    ]


def test_sign_takes_the_parameters_of_a_post_from_its_body() -> None:
    url, _, data = DOC_URL.partition("?")
    done = run("sign", url, "--method", "POST", "--data", data)
    assert "signature  vB9gADI122sksJMkfZufj4wjyMw=" in done.output


def test_sign_takes_a_key() -> None:
    done = run("sign", DOC_URL.replace(SECRET_ID, "AKIDmine"), "--secret-key", SECRET_KEY)
    assert done.exit_code == 0
    failed = run("sign", DOC_URL.replace(SECRET_ID, "AKIDmine"))
    assert failed.exit_code == 2
    assert "the SecretKey of AKIDmine is not known here; give it with --secret-key" in failed.output


def url(params: dict, text: str | None = None, key: str = SECRET_KEY) -> str:
    query = text_to_sign("GET", HOST, params).partition("?")[2]
    sent = signature(key, text or text_to_sign("GET", HOST, params)).replace("+", "%2B")
    return f"https://{HOST}{PATH}?{query}&Signature={sent}"


@pytest.fixture
def params() -> dict:
    return Api.common(Api(None), "GetUserCmdList")  # type: ignore[arg-type]


def test_explain_finds_nothing_wrong_with_a_good_url(params: dict) -> None:
    done = run("explain", url(params))
    assert (done.exit_code, "nothing is wrong with it" in done.output) == (0, True), done.output


def test_explain_finds_the_mistake_in_a_url(params: dict) -> None:
    done = run("explain", url(params, text_to_sign("POST", HOST, params)))
    assert done.exit_code == 1
    assert done.output == "the signature is wrong: the method was signed as POST, but sent as GET\n"


def test_explain_shows_where_the_texts_part(params: dict) -> None:
    theirs = text_to_sign("GET", HOST, {**params, "Region": "ap-beijing", "Extra": "1", "Other": "2"})
    done = run("explain", url(params, theirs), "--signed-text", theirs)
    first = next(
        place
        for place, (our, their) in enumerate(zip(text_to_sign("GET", HOST, params), theirs, strict=False))
        if our != their
    )
    assert f"the texts part at character {first + 1}" in done.output
    pointed = done.output.splitlines()
    assert pointed[-2][pointed[-1].index("^")] == theirs[first]


def test_explain_tells_of_everything_that_is_wrong(params: dict) -> None:
    old = {**params, "Timestamp": int(time.time()) - 9000, "limit": "x"}
    done = run("explain", url(old, key="wrong"))
    assert done.exit_code == 1
    assert [line for line in done.output.splitlines() if "the signature is wrong" in line]
    assert [line for line in done.output.splitlines() if "behind this machine's clock" in line]
    assert [line for line in done.output.splitlines() if "limit: 'x' is no whole number" in line]


def test_explain_masks_secrets(params: dict) -> None:
    done = run("explain", url({**params, "password": "tr0ub4dor"}, "another text"))
    assert "password=***" in done.output
    assert "tr0ub4dor" not in done.output


def test_explain_names_what_is_missing_and_what_is_unknown(params: dict) -> None:
    del params["Nonce"]
    assert "the common parameter Nonce" in run("explain", url(params)).output
    assert "no documented action is named X" in run("explain", url({**params, "Nonce": 1, "Action": "X"})).output


def test_explain_tells_of_a_wrong_host_and_goes_on(params: dict) -> None:
    output = run("explain", url({**params, "limit": "x"}).replace(HOST, "bmlb.api.qcloud.com")).output.splitlines()
    assert output[0] == "GetUserCmdList is an action of bm.api.qcloud.com, not of bmlb.api.qcloud.com"
    assert output[-1] == "limit: 'x' is no whole number"


def test_actions_are_listed_with_their_state() -> None:
    lines = run("actions").output.splitlines()
    assert len(lines) == 183
    assert lines[-1] == "172 documented, all of them implemented; 10 undocumented"
    assert "OfflineDevice                             bm      undocumented" in lines
    assert "RunUserCmd                                bm      documented" in lines
    assert "CreateBmListeners                         bmlb    documented" in lines


def test_one_action_is_shown_with_its_parameters_and_errors() -> None:
    output = run("actions", "RunUserCmd").output
    assert "RunUserCmd (bm.api.qcloud.com, documented): Run a script on the given servers." in output
    assert "instanceIds  Array(String), required." in output
    assert "18014  CmdNotExist  用户脚本不存在" in output
    assert run("actions", "QueryBmTgwClusterMode").output.count("QueryBmTgwClusterMode (") == 2
    assert run("actions", "None").exit_code == 2


@pytest.mark.parametrize("command", [(), ("serve",), ("call",), ("sign",), ("explain",), ("actions",)])
def test_every_command_has_a_help_text(command: tuple[str, ...]) -> None:
    done = run(*command, "--help")
    assert done.exit_code == 0
    assert len(done.output.splitlines()) > 5


@pytest.mark.parametrize("words", [["limit"], ["=1"]])
def test_a_parameter_that_is_no_pair_is_refused(words: list[str]) -> None:
    failed = run("call", "GetUserCmdList", *words)
    assert (failed.exit_code, "is not of the form key=value" in failed.output) == (2, True)


@pytest.mark.parametrize(
    ("text", "value"),
    [("devices=3", 3), ("seed=7", "7"), ("name=1e3", "1e3"), ("name=null", None), ("fixture=demo", "demo"), ("x=1", 1)],
)
def test_a_value_is_json_unless_the_field_takes_it_only_as_text(text: str, value: object) -> None:
    assert list(to_json([key_value(text)], NewWorld).values()) == [value]


@pytest.mark.parametrize(
    ("command", "struct"),
    [
        ("fault set", FaultRule),
        ("world new", NewWorld),
        ("journal show", Search),
        *(("inventory set", changes) for changes in CHANGES_BY_KIND.values()),
    ],
)
def test_help_lists_each_field_with_its_text(command: str, struct: type) -> None:
    done = CliRunner().invoke(main, [*command.split(), "--help"], terminal_width=300)
    assert set(struct.__struct_fields__) <= set(re.findall(r"^  (\w+)=", done.output, flags=re.MULTILINE))
    for text in field_texts(struct).values():
        assert f"  {text}" in done.output


def test_help_says_what_values_a_field_takes() -> None:
    output = run("fault", "set", "--help").output
    for said in ("operation=fail|hang|late ", "cut=true|false ", "delay=NUMBER|[NUMBER, …] ", "error=TEXT|INTEGER "):
        assert f"  {said}" in output
    assert "  lan_ip=TEXT|null" in run("inventory", "set", "--help").output


def test_every_command_is_there_and_explains_itself() -> None:
    listed = [line.split()[0] for line in run("--help").output.partition("Commands:\n")[2].splitlines()]
    assert {"serve", "run", "env", "doctor", "call", "explain", "world", "clock", "fault", "journal"} <= set(listed)
    for name in listed:
        assert run(name, "--help").exit_code == 0


def test_the_example_of_an_array_is_one_that_the_call_understands() -> None:
    shown = CliRunner().invoke(main, ["call", "--help"]).output
    assert "instanceIds.0=" in shown
    assert "instanceId.0=" not in shown


def test_actions_of_one_name_are_listed_with_their_hosts() -> None:
    listed = CliRunner().invoke(main, ["actions"]).output
    lines = [line for line in listed.splitlines() if line.startswith("QueryBmTgwClusterMode")]
    hosts = [line.rsplit(", ", 1)[1] for line in lines]
    assert len(set(hosts)) == 2
    assert all(host.endswith(".api.qcloud.com") for host in hosts)
