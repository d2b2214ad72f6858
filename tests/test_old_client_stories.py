"""Stories that the vendor's old clients tell through the proxy: a network made, used, and torn down in both orders, and
an elastic IP that moves from a server to a gateway, and a load balancer with https, a failing server and a mirror.
"""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.certificates import certificate
from test_unmodified_clients import (  # noqa: F401 - fixtures
    NODE_MODULES,
    QCLOUDCLI,
    RunClient,
    ca,
    home,
    needs_qcloudcli,
    node,
    run_client,
)

pytestmark = pytest.mark.socket
LATER = datetime(2100, 1, 1, tzinfo=UTC)
AT_ONCE = ("--time-scale", "0")

SDK = """
import os, json, sys
from QcloudApi.qcloudapi import QcloudApi

def ask(module, action, **params):
    config = {"Region": "ap-guangzhou", "method": sys.argv[1], "SignatureMethod": "HmacSHA256"}
    config |= {"secretId": os.environ["BM_EMULATOR_SECRET_ID"], "secretKey": os.environ["BM_EMULATOR_SECRET_KEY"]}
    answer = json.loads(QcloudApi(module, config).call(action, params))
    print(action, answer["code"])
    return answer

def vpc(action, **params): return ask("bmvpc", action, **params)
def eip(action, **params): return ask("bmeip", action, **params)
"""
NETWORK = """
wanted = [{"subnetName": f"story-{n}", "cidrBlock": f"172.20.{n}.0/24"} for n in (1, 2)]
vpc("CreateBmVpc", vpcName="story", cidrBlock="172.20.0.0/16", zoneId=1000100003, subnetSet=wanted)
[made] = vpc("DescribeBmVpcEx", vpcName="story")["data"]
of = {"unVpcId": made["unVpcId"]}
first, second = (row["unSubnetId"] for row in vpc("DescribeBmSubnetEx", **of)["data"])
order = {"zoneId": 1000100003, "deviceClassCode": "PS100v1", "osTypeId": 1, "raidId": 1, "timeUnit": "m"}
bought = ask("bm", "BuyDevice", **of, unSubnetId=first, timeSpan=1, goodsNum=1, **order)["data"]["resourceIds"]
[[server]] = bought.values()
vpc("CreateBmNatGateway", **of, natName="story", maxConcurrent=1000000, forwardMode=0, autoAllocEipNum=1,
    unSubnetIds=[second])
[nat] = vpc("DescribeBmNatGateway", **of)["data"]
assert nat["eipCount"] == 1, nat
vpc("DeleteBmVpc", **of)
vpc("DeleteBmSubnet", **of, unSubnetId=first)
vpc("DeleteBmSubnet", **of, unSubnetId=second)
ask("bm", "OfflineDevice", instanceIds=[server])
vpc("DeleteBmNatGateway", **of, natId=nat["natId"])
[address] = eip("DescribeEipBm", **of)["data"]["eipSet"]
assert address["eip"] == nat["eipSet"][0] and address["status"] == 4, address
eip("EipBmDelete", eipIds=[address["eipId"]])
for subnet in (first, second):
    vpc("DeleteBmSubnet", **of, unSubnetId=subnet)
vpc("DeleteBmVpc", **of)
assert vpc("DescribeBmVpcEx", vpcName="story")["totalCount"] == 0
"""
ELASTIC = """
of = {"unVpcId": "vpc-k7j1t2x1"}
[made] = eip("EipBmApply", **of, goodsNum=1)["data"]["eipIds"]
eip("EipBmBindRs", eipId=made, instanceId="cpm-tqge3eeo")
[row] = eip("DescribeEipBm", eipIds=[made])["data"]["eipSet"]
[server] = ask("bm", "DescribeDevice", instanceIds=["cpm-tqge3eeo"])["data"]["deviceList"]
assert (row["status"], row["unInstanceId"], server["wanIp"]) == (2, "cpm-tqge3eeo", row["eip"]), (row, server)
acl = eip("EipAclBmApply", aclName="story", status=1)["data"]["aclId"]
eip("EipAclBmSet", aclId=acl, type="in", rule=[{"ip": "10.0.0.0/8", "protocol": "tcp", "action": "accept"}])
eip("EipAclBmBind", eipAcl=[{"eipId": made, "aclId": acl}])
eip("EipAclBmDelete", aclId=acl)
vpc("CreateBmNatGateway", **of, natName="story", maxConcurrent=1000000, forwardMode=0, assignedEipSet=[row["eip"]])
eip("EipBmUnbindRs", eipId=made, instanceId="cpm-tqge3eeo")
vpc("CreateBmNatGateway", **of, natName="story", maxConcurrent=1000000, forwardMode=0, assignedEipSet=[row["eip"]])
[nat] = vpc("DescribeBmNatGateway", **of, natName="story")["data"]
[row] = eip("DescribeEipBm", eipIds=[made])["data"]["eipSet"]
assert (row["natUid"], row["aclId"]) == (nat["natId"], ""), row
eip("EipBmDelete", eipIds=[made])
vpc("DeleteBmNatGateway", **of, natId=nat["natId"])
eip("EipBmDelete", eipIds=[made])
eip("EipAclBmDelete", aclId=acl)
"""
BALANCER = """
import subprocess
def lb(action, **params): return ask("bmlb", action, **params)
def advance(seconds):
    command = [sys.executable, "-m", "emulator", "clock", "advance", str(seconds)]
    subprocess.run(command, check=True, capture_output=True)
servers = ["cpm-abcdefgh", "cpm-6789test", "cpm-1234test"]
content, key, newer, newer_key = json.loads(os.environ["CERTIFICATES"])
[balancer] = lb("CreateBmLoadBalancer", unVpcId="vpc-abcdefgh", loadBalancerType="open")["loadBalancerIds"]
of = {"loadBalancerId": balancer}
secured = {"SSLMode": 1, "certName": "first", "certContent": content, "certKey": key}
https = {"loadBalancerPort": 443, "protocol": "https", "listenerName": "safe", **secured}
[listener] = lb("CreateBmForwardListeners", **of, listeners=[https])["listenerIds"]
at = {**of, "listenerId": listener}
check = {"healthSwitch": 1, "intervalTime": 5, "healthNum": 2, "unhealthNum": 2}
task = lb("CreateBmForwardRules", **at, rules=[{"domain": name, "url": "/", **check} for name in ("a.com", "b.com")])
assert lb("DescribeBmLoadBalancersTaskResult", requestId=task["requestId"])["data"]["status"] == 0
paths = []
for rule in lb("DescribeBmForwardRules", **at)["ruleSet"]:
    paths.append({**at, "domainId": rule["domainId"], "locationId": rule["locations"][0]["locationId"]})
    ports = [{"instanceId": id, "port": 8080, "weight": 10} for id in servers]
    lb("BindBmLocationInstances", **paths[-1], backends=ports)
def health(): return [row["status"] for row in lb("DescribeBmLocationBackends", **paths[0])["data"]]
advance(10)
assert health() == ["Alive"] * 3, health()
ask("bm", "ShutdownDevice", instanceIds=[servers[0]], opUin="1")
advance(10)
assert sorted(health()) == ["Alive", "Alive", "Dead"], health()
[row] = lb("DescribeBmForwardListeners", **of)["listenerSet"]
new = lb("ReplaceBmCert", oldCertId=row["certId"], newCert=newer, newKey=newer_key, deleteOld=1)["data"]["newCertId"]
detail = lb("GetBmCertDetail", certId=new)["data"]
assert (detail["certDomain"], detail["certLBList"][0]["lbId"]) == ("newer.com", balancer), detail
lb("GetBmCertDetail", certId=row["certId"])
lb("AddTrafficMirror", alias="story", unVpcId="vpc-abcdefgh")
[mirror] = lb("GetTrafficMirrorList", aliases=["story"])["data"]["list"]
of_mirror = {"trafficMirrorId": mirror["trafficMirrorId"]}
lb("BindTrafficMirrorListeners", **of_mirror, listenerIds=[listener])
lb("BindTrafficMirrorReceivers", **of_mirror, receivers=[{"instanceId": servers[1], "rsPort": 9090, "weight": 1}])
[copied] = lb("GetTrafficMirrorListenerList", **of_mirror)["data"]["list"]
assert (copied["unListenerId"], copied["trafficMonitorType"], copied["status"]) == (listener, 1, 1), copied
bound = lb("DescribeBmBindInfo", unVpcId="vpc-abcdefgh", instanceIds=servers)["loadBalancerSet"]
assert balancer in [row["loadBalancerId"] for row in bound], bound
lb("DeleteBmForwardDomains", **at, domainIds=[path["domainId"] for path in paths])
lb("DeleteTrafficMirror", trafficMirrorIds=[mirror["trafficMirrorId"]])
lb("DeleteBmLoadBalancers", **of)
lb("DescribeBmVportInfo", **of)
"""
REFUSED_OF_NETWORK = [("DeleteBmVpc", "16003"), ("DeleteBmSubnet", "-3067"), ("DeleteBmSubnet", "-3067")]
REFUSED_OF_BALANCER = [("GetBmCertDetail", "9003"), ("DescribeBmVportInfo", "11041")]
REFUSED_OF_ELASTIC = [("EipAclBmDelete", "9003"), ("CreateBmNatGateway", "13013"), ("EipBmDelete", "30010")]


def refusals(done: "subprocess.CompletedProcess[str]") -> list[tuple[str, ...]]:
    assert done.returncode == 0, done.stderr + done.stdout
    calls = [tuple(line.split()) for line in done.stdout.splitlines()]
    return [call for call in calls if call[1] != "0"]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("story", "refused"),
    [(NETWORK, REFUSED_OF_NETWORK), (ELASTIC, REFUSED_OF_ELASTIC), (BALANCER, REFUSED_OF_BALANCER)],
    ids=["network", "elastic", "balancer"],
)
def test_the_python_sdk(run_client: RunClient, method: str, story: str, refused: list[tuple[str, str]]) -> None:  # noqa: F811
    texts = json.dumps([*certificate("first.com", ends=LATER), *certificate("newer.com", ends=LATER)])
    done = run_client(sys.executable, "-c", SDK + story, method, options=AT_ONCE, CERTIFICATES=texts)
    assert refusals(done) == refused


CLI = """
import json, subprocess, sys

def ask(module, action, *words):
    done = subprocess.run([sys.argv[1], module, action, *words], capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    print(action, answer["code"])
    return answer

of = ("--unVpcId", "vpc-k7j1t2x1")
ask("bmvpc", "CreateBmSubnet", *of, "--vlanId", "2500",
    "--subnetSet", '[{"subnetName": "story", "cidrBlock": "10.1.9.0/24"}]')
rows = ask("bmvpc", "DescribeBmSubnetEx", *of)["data"]
[subnet] = [row["unSubnetId"] for row in rows if row["subnetName"] == "story"]
[address] = ask("bmvpc", "ApplyIps", *of, "--unSubnetId", subnet, "--count", "1")["data"]
[made] = ask("bmeip", "EipBmApply", *of)["data"]["eipIds"]
ask("bmeip", "EipBmBindVpcIp", *of, "--eipId", made, "--vpcIp", address)
ask("bmvpc", "ReturnIps", *of, "--ips", json.dumps([address]))
ask("bmeip", "EipBmUnBindVpcIp", *of, "--eipId", made, "--vpcIp", address)
task = ask("bmvpc", "CreateBmNatGateway", *of, "--natName", "story", "--maxConcurrent", "1000000", "--forwardMode", "0",
           "--autoAllocEipNum", "1", "--unSubnetIds", json.dumps([subnet]))["data"]["taskId"]
assert ask("bmvpc", "QueryBmTaskResult", "--taskId", str(task))["data"]["status"] == 0
ask("bmvpc", "DeleteBmSubnet", *of, "--unSubnetId", subnet)
[nat] = [row for row in ask("bmvpc", "DescribeBmNatGateway", *of)["data"] if row["natName"] == "story"]
ask("bmvpc", "DeleteBmNatGateway", *of, "--natId", nat["natId"])
ask("bmvpc", "ReturnIps", *of, "--ips", json.dumps([address]))
ask("bmvpc", "DeleteBmSubnet", *of, "--unSubnetId", subnet)
ask("bmeip", "EipBmDelete", "--eipIds", json.dumps([made]))
"""


@needs_qcloudcli
def test_the_command_line(run_client: RunClient, home: Path) -> None:  # noqa: F811
    done = run_client(sys.executable, "-c", CLI, QCLOUDCLI, options=AT_ONCE, HOME=str(home), BM_EMULATOR_DATABASE="")
    assert [action for action, _code in refusals(done)] == ["ReturnIps", "DeleteBmSubnet"]


NODE = """
const Api = require('qcloudapi-sdk')
const pair = {SecretId: process.env.BM_EMULATOR_SECRET_ID, SecretKey: process.env.BM_EMULATOR_SECRET_KEY}
const ask = (serviceType, Action, data) => new Promise((done, failed) =>
  new Api({serviceType, method: 'POST', Region: 'gz', ...pair}).request({Action, ...data}, (error, body) => {
    if (error) return failed(error)
    console.log(Action, body.code)
    done(body)
  }))
const story = async () => {
  await ask('bmvpc', 'CreateBmVpc', {vpcName: 'story', cidrBlock: '172.20.0.0/16', zoneId: 1000100003,
    subnetSet: [{subnetName: 'a', cidrBlock: '172.20.1.0/24'}]})
  const of = {unVpcId: (await ask('bmvpc', 'DescribeBmVpcEx', {vpcName: 'story'})).data[0].unVpcId}
  const made = (await ask('bmeip', 'EipBmApply', of)).data.eipIds
  await ask('bmvpc', 'DeleteBmVpc', of)
  const subnet = (await ask('bmvpc', 'DescribeBmSubnetEx', of)).data[0].unSubnetId
  await ask('bmvpc', 'DeleteBmSubnet', {...of, unSubnetId: subnet})
  await ask('bmvpc', 'DeleteBmVpc', of)
  await ask('bmeip', 'EipBmDelete', {eipIds: made})
  await ask('bmvpc', 'DeleteBmVpc', of)
}
story().catch(error => { console.error(error); process.exit(1) })
"""


def test_the_node_sdk(run_client: RunClient, node: str) -> None:  # noqa: F811
    done = run_client(node, "-e", NODE, options=AT_ONCE, NODE_PATH=str(NODE_MODULES))
    assert refusals(done) == [("DeleteBmVpc", "16003"), ("DeleteBmVpc", "16005")]
