"""Two accounts do anything in any order while the clock moves at random: nothing breaks, leaks or hangs."""

import itertools
from typing import Any

import httpx
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from support.client import Api
from support.in_process import in_process

from emulator.app import create_app, open_world
from emulator.clock import ManualClock
from emulator.seeding.fixture import Fixture
from emulator.seeding.loading import load_fixture
from emulator.settings import Settings

HOUR, DAY = 3600, 24 * 3600
NOW = 1_508_464_800_000
WHO = st.sampled_from(["1", "2"])
WHICH = st.integers(0, 12)
PASSWORDS = st.sampled_from(["abce1234", "Adm1n!strator", "short", "x"])
IDLE = ("1", "3")


def _account(app_id: str, numbers: itertools.count) -> dict[str, Any]:
    vpc, subnet = f"vpc-{app_id * 8}", f"subnet-{app_id * 8}"
    place = {"vpc": vpc, "subnet": subnet, "password": "old12345"}
    return {
        "app_id": app_id,
        "balance": 20_000_000,
        "script_quota": 3,
        "credentials": [{"secret_id": f"AKID{app_id}", "secret_key": app_id}],
        "vpcs": [{"id": next(numbers), "un_id": vpc, "name": "v", "cidr": "10.1.0.0/16"}],
        "subnets": [{"id": next(numbers), "un_id": subnet, "vpc": vpc, "name": "s", "cidr": "10.1.1.0/27"}],
        "devices": [
            {
                "instance_id": f"cpm-{app_id * 7}{number}",
                "lan_ip": f"10.1.1.{number + 10}",
                "deadline": f"2017-10-{21 + number}T00:00:00",
                "auto_renew": number == 2,
                **place,
            }
            for number in range(4)
        ],
        "hosted": [{"instance_id": f"chm-{app_id * 8}", "password": "old12345"}],
    }


class Customers(RuleBasedStateMachine):
    @initialize()
    def open(self) -> None:
        import msgspec

        numbers = itertools.count(5_000)
        chosen = Settings(fixtures=(), devices=0, auth="off", time_scale=1)
        self.clock = ManualClock(NOW)
        fixture = msgspec.convert({"accounts": [_account("1", numbers), _account("2", numbers)]}, Fixture)
        self.world = open_world(Settings(fixtures=("demo",), auth="off", time_scale=1), self.clock)
        with self.world.transaction:
            load_fixture(self.world, fixture, "two accounts")
        app = create_app(chosen, world=self.world)
        self.http = httpx.Client(transport=in_process(app), base_url="http://localhost")
        self.last_task = {"1": 1, "2": 1}

    def teardown(self) -> None:
        self.clock.advance(2 * HOUR)
        for who in ("1", "2"):
            self._all_ended(who)
        self.world.close()

    def call(self, who: str, action: str, **params: Any) -> dict[str, Any]:
        response = Api(self.http).send({"Action": action, "SecretId": f"AKID{who}", **params})
        answer = response.json()
        assert response.status_code == 200
        assert answer.get("code", 0) not in (6000, 9001), answer
        other = "2" if who == "1" else "1"
        assert f"cpm-{other * 7}" not in response.text.replace(str(params), "")
        return answer

    def devices(self, who: str) -> list[dict[str, Any]]:
        return self.call(who, "DescribeDevice", limit=1000)["data"]["deviceList"]

    def device(self, who: str, which: int) -> str:
        """One of the account's, or one that it does not have."""
        known = [row["instanceId"] for row in self.devices(who)]
        return known[which % len(known)] if known and which < 12 else "cpm-nothing1"

    @rule(who=WHO, which=WHICH, kind=st.sampled_from(["StartDevice", "ShutdownDevice", "RebootDevice"]))
    def power(self, who: str, which: int, kind: str) -> None:
        answer = self.call(who, kind, opUin="1", **{"instanceIds.0": self.device(who, which)})
        assert answer["code"] in (0, 10001, 12002)
        if answer.get("data"):
            self.last_task[who] = answer["data"]["taskId"]

    @rule(who=WHO, which=WHICH, passwd=PASSWORDS, reinstall=st.booleans())
    def change_password(self, who: str, which: int, passwd: str, reinstall: bool) -> None:
        name = self.device(who, which)
        if reinstall:
            answer = self.call(who, "ReloadDeviceOs", instanceId=name, passwd=passwd)
        else:
            answer = self.call(who, "ResetDevicePasswd", passwd=passwd, **{"instanceIds.0": name})
        assert answer["code"] in (0, 10001, 12002)

    @rule(who=WHO, number=st.integers(0, 9), span=st.integers(1, 3), custom=st.booleans())
    def buy(self, who: str, number: int, span: int, custom: bool) -> None:
        before = len(self.devices(who))
        parts = {"cpuId": 1, "mem": 64, "haveRaidCard": 0, "diskTypeId1": 1, "diskNum1": 2, "raidId": 6}
        model = parts if custom else {"deviceClassCode": "PC000v1", "raidId": 1}
        place = {"zoneId": 1000100003, "unVpcId": f"vpc-{who * 8}", "unSubnetId": f"subnet-{who * 8}"}
        order = {"osTypeId": 1, "timeUnit": "m", "timeSpan": span, "goodsNum": number}
        answer = self.call(who, "BuyDevice", **place, **order, **model)
        assert answer["code"] in (0, 100001, 700102, 700007, 100207)
        assert len(self.devices(who)) == before + (number if answer["code"] == 0 else 0)

    @rule(who=WHO, which=WHICH, password=st.sampled_from(["old12345", "abce1234"]))
    def run_script(self, who: str, which: int, password: str) -> None:
        self.call(who, "AddUserCmd", alias="a", osType="linux", content="bHM=")
        found = self.call(who, "GetUserCmdList")["data"]
        assert found["totalNum"] == len(found["list"]) <= 3
        login = {"userName": "root", "password": password, "cmdParam": "", "instanceIds.0": self.device(who, which)}
        answer = self.call(who, "RunUserCmd", cmdId=found["list"][0]["cmdId"], **login)
        assert answer["code"] in (0, 18018)

    @rule(who=WHO, bind=st.booleans(), password=st.sampled_from(["old12345", "wrong"]))
    def hosted(self, who: str, bind: bool, password: str) -> None:
        if not bind:
            answer = self.call(who, "UnbindHostedLanIP", **{"instanceIds.0": f"chm-{who * 8}"})
            assert answer["code"] in (0, 18101, 18134)
            return
        server = {"instances.0.instanceId": f"chm-{who * 8}", "instances.0.userName": "root"}
        place = {"unVpcId": f"vpc-{who * 8}", "unSubnetId": f"subnet-{who * 8}", "gatewayIp": "10.1.1.1"}
        contact = {"operateMode": 1, "contacts": "a", "mobile": "13800000000", "instances.0.password": password}
        answer = self.call(who, "BindHostedLanIP", **server, **place, **contact)
        assert answer["code"] in (0, 18110, 18134, 18133)

    @rule(who=WHO, which=WHICH, flag=st.integers(0, 1))
    def renew(self, who: str, which: int, flag: int) -> None:
        self.call(who, "ModifyDeviceAutoRenewFlag", autoRenewFlag=flag, **{"instanceIds.0": self.device(who, which)})

    @rule(who=WHO)
    def switch_cluster(self, who: str) -> None:
        answer = self.call(who, "RecoveryBmTgwCluster", unVpcId=f"vpc-{who * 8}")
        if answer["code"] == 0:
            self.last_task[who] = answer["data"]["taskId"]
        else:
            assert answer["code"] == 10001  # one switch of a VPC at a time

    @rule(seconds=st.sampled_from([1, 60, 300, HOUR, DAY, 8 * DAY]))
    def wait(self, seconds: int) -> None:
        self.clock.advance(seconds)

    @invariant()
    def lists_and_counts_agree(self) -> None:
        for who in ("1", "2"):
            kept = self.call(who, "DescribeDevice", limit=1000)["data"]
            trash = self.call(who, "DescribeDeviceTrash", limit=1000)["data"]
            assert kept["totalNum"] == len(kept["deviceList"])
            assert trash["totalNum"] == len(trash["deviceList"])
            assert kept["totalNum"] == self.call(who, "DescribeDevice", unVpcId=f"vpc-{who * 8}")["data"]["totalNum"]
            assert {row["deviceStatus"] for row in trash["deviceList"]} <= {"8", "12"}
            addresses = [row["lanIp"] for row in kept["deviceList"] + trash["deviceList"]]
            assert len(set(addresses)) == len(addresses)

    @invariant()
    def a_task_is_told_to_its_own_account(self) -> None:
        for who in ("1", "2"):
            assert self.call(who, "DescriptionOperationResult", taskId=self.last_task[who])["code"] in (0, 10001)

    def _all_ended(self, who: str) -> None:
        for row in self.devices(who):
            assert row["deviceStatus"] in ("4", "5")
            assert row["operateStatus"] in IDLE
        tasks = self.call(who, "GetUserCmdTaskList", limit=1000)["data"]["list"]
        assert all(task["status"] == 0 for task in tasks)
        for task in tasks:
            counts = [int(task[name]) for name in ("instanceCount", "successCount", "failureCount")]
            assert counts[0] == counts[1] + counts[2]
        [server] = self.call(who, "DescribeHostedDevice")["data"]["list"]
        assert server["bindLanIpStatus"] not in ("0", "3")


TestCustomers = Customers.TestCase
TestCustomers.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
