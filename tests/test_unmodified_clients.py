"""The real old clients, unmodified, over real sockets: each in a process of its own, under `bm-emulator run`."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import COMMAND

from emulator.testing import Emulator

pytestmark = pytest.mark.socket
NODE_MODULES = Path(__file__).parent.parent / ".node" / "node_modules"
RunClient = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ca")


@pytest.fixture
def run_client(ca: Path) -> RunClient:
    def run(*words: str, options: tuple[str, ...] = (), **env: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [COMMAND, "run", "--ca-dir", str(ca), *options, "--", *words],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env={**os.environ, **env},
        )

    return run


SDK = """
import os, json
from QcloudApi.qcloudapi import QcloudApi

def call(module, method, digest, action, params):
    config = {"Region": "ap-guangzhou", "method": method, "SignatureMethod": digest}
    config |= {"secretId": os.environ["BM_EMULATOR_SECRET_ID"], "secretKey": os.environ["BM_EMULATOR_SECRET_KEY"]}
    print(json.loads(QcloudApi(module, config).call(action, params))["code"])

for method in ("GET", "POST"):
    for digest in ("HmacSHA1", "HmacSHA256"):
        call("bm", method, digest, "GetDeviceOutBandInfo", {"instanceId": "cpm-an5a9wv4"})
        call("bm", method, digest, "DescribeDevice", {"instanceIds": ["cpm-an5a9wv4"]})
    call("bmeip", method, digest, "EipBmBindRs", {"eipId": "eip-testcpm", "instanceId": "cpm-09dx96dg"})
    call("bmlb", method, digest, "DescribeBmListeners", {"loadBalancerId": "lb-abcdefgh"})
    call("bmvpc", method, digest, "DescribeBmVpcEx", {})
"""


def test_the_python_sdk_and_its_four_modules(run_client: RunClient) -> None:
    done = run_client(sys.executable, "-c", SDK)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [*["0"] * 4, "30009", "0", "0"] * 2
    assert "10  DescribeDevice" not in done.stderr
    assert "4  DescribeDevice: 0" in done.stderr


HOSTS_FILE = """
import socket, sys
find, port = socket.getaddrinfo, int(sys.argv[1])
socket.getaddrinfo = lambda host, _port, *rest, **more: find("127.0.0.1", port, *rest, **more)
"""


def test_the_python_sdk_by_a_hosts_file_straight_to_the_https_port(ca: Path) -> None:
    with Emulator(https_port=0, ca_dir=str(ca)) as emulator:
        world = emulator.world
        environment = {
            **{name: value for name, value in os.environ.items() if "proxy" not in name.lower()},
            "SSL_CERT_FILE": str(ca / "ca.pem"),
            "BM_EMULATOR_SECRET_ID": world.secret_id,
            "BM_EMULATOR_SECRET_KEY": world.secret_key,
        }
        port = str(emulator.https_url).rpartition(":")[2]
        done = subprocess.run(
            [sys.executable, "-c", HOSTS_FILE + SDK, port],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env=environment,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.split() == [*["0"] * 4, "30009", "0", "0"] * 2
        world.journal.called("GetDeviceOutBandInfo", times=4)


QCLOUDCLI = str(Path(sys.executable).with_name("qcloudcli"))
needs_qcloudcli = pytest.mark.skipif(
    not Path(QCLOUDCLI).exists(), reason="qcloudcli 1.9.20 needs a Python older than 3.12"
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / ".qcloudcli"
    folder.mkdir()
    pair = ("AKIDz8krbsJ5yKBZQpn74WFkmLPx3gnPhESA", "Gu5t9xGARNpq86cd98joQYCN3Cozk1qA")
    (folder / "credentials").write_text(f"[default]\nqcloud_secretid = {pair[0]}\nqcloud_secretkey = {pair[1]}\n")
    (folder / "configure").write_text("[default]\nregion = gz\noutput = json\n")
    return tmp_path


CLI_CALLS = [
    ("DescribeDevice", "--instanceIds", '["cpm-an5a9wv4"]'),
    ("DescribeRegions",),
    ("DescribeDeviceClass",),
    ("DescribeBmInstances",),
    ("DescribeDevicePosition",),
    ("DescribeDeviceInventory", "--zoneId", "1000100003", "--deviceClassCode", "PS100v1"),
    ("DescribeDevicePartition", "--instanceId", "cpm-an5a9wv4"),
    ("DescribeDevicePrice", "--instanceIds", '["cpm-an5a9wv4"]', "--timeSpan", "1"),
    ("GetDeviceDeployProcess", "--instanceId", "cpm-an5a9wv4"),
    ("ModifyDeviceAutoRenewFlag", "--instanceIds", '["cpm-an5a9wv4"]', "--autoRenewFlag", "1"),
    ("RebootDevice", "--instanceIds", '["cpm-an5a9wv4"]', "--opUin", "1"),
    ("ShutdownDevice", "--instanceIds", '["cpm-an5a9wv4"]', "--opUin", "1"),
    ("ReloadDeviceOs", "--instanceId", "cpm-an5a9wv4", "--passwd", "abce1234", "--osTypeId", "1"),
    ("ResetDevicePasswd", "--instanceIds", '["cpm-an5a9wv4"]', "--passwd", "abce1234"),
    ("OfflineDevice", "--instanceIds", '["cpm-an5a9wv4"]'),
]


@needs_qcloudcli
@pytest.mark.parametrize("words", CLI_CALLS, ids=lambda words: words[0])
def test_the_command_line_and_the_actions_it_knows(run_client: RunClient, home: Path, words: tuple[str, ...]) -> None:
    done = run_client(QCLOUDCLI, "bm", *words, HOME=str(home), BM_EMULATOR_DATABASE="")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["code"] in (0, "0"), done.stdout
    assert f"1  {words[0]}: 0" in done.stderr


@needs_qcloudcli
@pytest.mark.parametrize("output", ["table", "text"])
def test_the_command_lines_table_and_text(run_client: RunClient, home: Path, output: str) -> None:
    done = run_client(QCLOUDCLI, "bm", "DescribeDevice", "--output", output, HOME=str(home))
    assert done.returncode == 0, done.stderr
    assert "cpm-an5a9wv4" in done.stdout
    assert ("|" in done.stdout) == (output == "table")


NODE = """
const Api = require('qcloudapi-sdk')
const pair = {SecretId: process.env.BM_EMULATOR_SECRET_ID, SecretKey: process.env.BM_EMULATOR_SECRET_KEY}
const call = (serviceType, method, signatureMethod, data) => new Promise((done, failed) =>
  new Api({serviceType, method, signatureMethod, Region: 'gz', ...pair}).request(
    data, (error, body) => error ? failed(error) : done(body)))
const all = async () => {
  for (const method of ['GET', 'POST']) for (const digest of ['sha1', 'sha256']) {
    const info = await call('bm', method, digest, {Action: 'GetDeviceOutBandInfo', instanceId: 'cpm-an5a9wv4'})
    const list = await call('bm', method, digest, {Action: 'DescribeDevice', instanceIds: ['cpm-an5a9wv4']})
    const eip = await call('bmeip', method, digest, {Action: 'DescribeEipBm', eipIds: ['eip-testcpm']})
    console.log(info.code, list.data.totalNum, eip.code)
  }
}
all().catch(error => { console.error(error); process.exit(1) })
"""


@pytest.fixture
def node() -> str:
    found = shutil.which("node")
    if not found or not (NODE_MODULES / "qcloudapi-sdk").is_dir():
        assert not os.environ.get("EXPECT_NODE"), "node and qcloudapi-sdk should be here"
        pytest.skip("needs node, and `npm install --prefix .node qcloudapi-sdk@0.2.1`")
    return found


def test_the_node_sdk(run_client: RunClient, node: str) -> None:
    done = run_client(node, "-e", NODE, NODE_PATH=str(NODE_MODULES))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["0 1 0"] * 4


def test_curl(run_client: RunClient) -> None:
    url = "https://bm.api.qcloud.com/v2/index.php?Action=DescribeRegions"
    done = run_client("curl", "-sS", url, options=("--auth", "off"))
    assert (done.returncode, json.loads(done.stdout)["code"]) == (0, 0), done.stderr
    done = run_client("curl", "-sS", "-d", "Action=DescribeRegions", url.partition("?")[0], options=("--auth", "off"))
    assert (done.returncode, json.loads(done.stdout)["code"]) == (0, 0), done.stderr
