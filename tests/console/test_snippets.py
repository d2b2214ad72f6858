"""The code that a call's page offers is run: it sends the same call, and its signature is right."""

import html
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from conftest import NOW, MakeApi
from support.browser import Browser
from support.client import Api

from emulator.console.snippets import LANGUAGES
from emulator.testing import Emulator, WorldClient

PARAMETERS = {"alias": 'it\'s "quoted" $HOME `x` \\ 备份 &+=%', "osType": "linux", "content": "bHM=\n"}
PARAMETERS |= {"zz": "a\r\n'b'\r$c\\u0041\ufeff\n"}
"""The last one by name, with what browsers and shells change."""
COMMANDS = {
    "curl": ["bash", "call.sh"],
    "python": [sys.executable, "call.py"],
    "node": ["node", "call.js"],
    "php": ["php", "call.php"],
    "go": ["go", "run", "call.go"],
}


def code(emulator: Emulator, world: WorldClient, language: str) -> str:
    """The code of the world's last call."""
    [call] = world.journal.calls(limit=1)
    page = httpx.get(f"{emulator.url}/_emulator/console/call/{call['request_id']}/as/{language}", trust_env=False)
    found = re.findall(r"<pre[^>]*><code>(.*?)</code></pre>", page.text, re.DOTALL)
    assert page.status_code == 200, page.text
    return html.unescape(found[0])


@pytest.mark.socket
@pytest.mark.parametrize("digest", ["HmacSHA1", "HmacSHA256"])
@pytest.mark.parametrize("language", COMMANDS)
def test_it_sends_the_same_call(
    bm_emulator: Emulator, bm_world: WorldClient, tmp_path: Path, language: str, digest: str
) -> None:
    program, file = COMMANDS[language][0], COMMANDS[language][-1]
    if shutil.which(program) is None or (language == "curl" and shutil.which("openssl") is None):
        pytest.skip(f"this machine has no {program}")
    bm_world.call("AddUserCmd", **PARAMETERS, SignatureMethod=digest)
    (tmp_path / file).write_text(code(bm_emulator, bm_world, language), encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    done = subprocess.run(
        COMMANDS[language], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    before, after = bm_world.journal.calls(limit=2)
    assert before["request_id"] != after["request_id"], done.stdout + done.stderr
    assert after["authentication"] == "verified", (after["explanation"], done.stdout)
    own = {name: value for name, value in after["parameters"].items() if name in (*PARAMETERS, "SignatureMethod")}
    assert own == {**PARAMETERS, "SignatureMethod": digest}
    assert '"code"' in done.stdout


@pytest.mark.socket
@pytest.mark.parametrize("language", COMMANDS)
def test_a_get_and_a_value_that_begins_with_an_at_sign_are_sent_as_they_were(
    bm_emulator: Emulator, bm_world: WorldClient, tmp_path: Path, language: str
) -> None:
    program, file = COMMANDS[language][0], COMMANDS[language][-1]
    if shutil.which(program) is None:
        pytest.skip(f"this machine has no {program}")
    api = Api(httpx.Client(base_url=bm_emulator.url, trust_env=False), bm_world.secret_id, bm_world.secret_key)
    api.call("DescribeDevice", alias="@/etc/passwd", Region="bj")
    (tmp_path / file).write_text(code(bm_emulator, bm_world, language), encoding="utf-8")
    subprocess.run(COMMANDS[language], cwd=tmp_path, capture_output=True, check=True, timeout=60)
    before, after = bm_world.journal.calls(limit=2)
    assert before["request_id"] != after["request_id"]
    assert (after["method"], after["authentication"]) == ("GET", "verified"), after["explanation"]
    assert after["parameters"]["alias"] == "@/etc/passwd"


@pytest.mark.skipif(shutil.which("gofmt") is None, reason="this machine has no gofmt")
def test_the_program_in_go_is_formatted(bm_emulator: Emulator, bm_world: WorldClient, tmp_path: Path) -> None:
    bm_world.call("DescribeDevice", instanceIds=["cpm-an5a9wv4"], limit=1, aVeryLongNameOfAParameter=1)
    (tmp_path / "call.go").write_text(code(bm_emulator, bm_world, "go"), encoding="utf-8")
    assert subprocess.run(["gofmt", "-l", "call.go"], cwd=tmp_path, capture_output=True, check=True).stdout == b""


def test_the_test_of_a_refused_call_expects_the_refusal(
    bm_emulator: Emulator, bm_world: WorldClient, pytester: pytest.Pytester
) -> None:
    bm_world.call("DescribeDevice", limit="many")
    text = code(bm_emulator, bm_world, "test")
    assert 'answer["code"] == 10001' in text
    pytester.makepyfile(text)
    pytester.runpytest_inprocess("-p", "no:randomly").assert_outcomes(passed=1)


def test_where_the_worlds_time_counts_the_code_has_it(make_api: MakeApi) -> None:
    api = make_api(timestamps="world")
    api.call("DescribeRegions")
    browser = Browser(api.http).open("/_emulator/")
    browser.open(next(link for link in browser.links.values() if "/call/" in link))
    for label in ("as Python", "as curl", "as Node.js", "as PHP", "as Go"):
        assert str(NOW // 1000) in Browser(api.http).open(browser.links[label]).html


def test_the_test_passes(bm_emulator: Emulator, bm_world: WorldClient, pytester: pytest.Pytester) -> None:
    bm_world.call("DescribeDevice", instanceIds=["cpm-an5a9wv4"], limit=1)
    pytester.makepyfile(code(bm_emulator, bm_world, "test"))
    pytester.runpytest_inprocess("-p", "no:randomly").assert_outcomes(passed=1)


@pytest.mark.socket
@pytest.mark.skipif(not Path(sys.executable).with_name("qcloudcli").exists(), reason="qcloudcli is not installed")
def test_the_command_of_the_vendor_is_understood(bm_emulator: Emulator, bm_world: WorldClient) -> None:
    bm_world.call("DescribeDevice", instanceIds=["cpm-an5a9wv4"], limit=1, Region="bj")
    text = code(bm_emulator, bm_world, "qcloudcli")
    [line] = [line for line in text.splitlines() if line.startswith("qcloudcli")]
    assert line == "qcloudcli bm DescribeDevice --instanceIds '[\"cpm-an5a9wv4\"]' --limit 1 --RegionId bj"


def test_every_language_has_its_page(bm_emulator: Emulator, bm_world: WorldClient) -> None:
    bm_world.call("DescribeRegions")
    for language in LANGUAGES:
        assert "DescribeRegions" in code(bm_emulator, bm_world, language) or language == "test"
