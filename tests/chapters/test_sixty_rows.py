"""Lists of sixty rows: every filter filters, every sort sorts with a stable tie-break, pages are parts of the whole."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from conftest import NOW
from support.account import OWNER
from support.client import Api
from support.in_process import in_process

from chapters.vpc.world import table
from emulator import contract
from emulator.app import create_app, open_world
from emulator.clock import ManualClock
from emulator.settings import Settings

NUMBER = 60
Row = dict[str, Any]
Key = Callable[[Row], Any]
_FIRST = datetime(2017, 1, 1)  # noqa: DTZ001
_ZONES = (1000100003, 1000800001, 1000400001)
_HEAD = f"""
[[accounts]]
app_id = "1251001002"
credentials = [{{secret_id = "{OWNER[0]}", secret_key = "{OWNER[1]}"}}]
"""


def _day(number: int) -> str:
    return (_FIRST + timedelta(days=number % 5)).isoformat(" ")


def _dated(kind: str, made: int, **columns: Any) -> str:
    return table(kind, **columns) + f"created_at = {_day(made)}\n"


def _lines(columns: dict[str, Any]) -> str:
    return table("x", **columns).split("\n", 1)[1]


def _rows(number: int) -> list[str]:
    """Each kind's thing of that number. Names, days and states repeat, so that sorting has ties."""
    vpc, subnet, nat = f"vpc-{number:08}", f"subnet-{number:08}", f"nat-{number:08}"
    server, eip, zone = f"cpm-{number:08}", f"eip-{number:08}", _ZONES[number % 3]
    cidr = f"10.{number}.0.0"
    bound = {"status": 2, "bound_to": (server, nat)[number % 2]} if number % 4 < 2 else {"status": (4, 9)[number % 2]}
    pay = {"pay_mode": "bandwidth", "bandwidth": number} if number % 3 else {}
    acl = {"acl": f"bmeipacl-{number % 4:08}"} if number % 2 == 0 else {}
    return [
        _dated("vpcs", number, id=900 + number, un_id=vpc, name=f"Net {number % 7}", cidr=f"{cidr}/16", zone_id=zone)
        + f"status = {(0, 0, 2, 3)[number % 4]}\n",
        _dated("subnets", number, id=900 + number, un_id=subnet, vpc=vpc, name=f"sub_{number % 7}", cidr=f"{cidr}/24")
        + f"zone_id = {zone}\nvlan_id = {(5, 2000, 2001)[number % 3]}\n",
        table("devices", instance_id=server, alias=f"s{number}", vpc=vpc, subnet=subnet, lan_ip=f"10.{number}.0.9"),
        _dated("nat_gateways", number, nat_id=nat, name=f"nat-{number % 7}", vpc=vpc),
        _dated("ssl_vpns", number, vpn_gw_id=f"sshvpngw-{number:08}", name=f"v{number % 7}", vpc=vpc, zone_id=zone)
        + f'domain = "{number}"\npublic_ip = "1.1.1.{number}"\n',
        _dated("eips", number, eip_id=eip, eip=f"2.2.{number % 3}.{number}", name=f"web_{number % 7}", vpc=vpc)
        + _lines(bound | pay | acl),
        _dated("eip_acls", number, acl_id=f"bmeipacl-{number:08}", name=f"acl%{number % 7}"),
        _dated("load_balancers", number, lb_id=f"lb-{number:08}", name=f"lb {number % 7}", vpc=vpc)
        + _lines(_inside(number, subnet) if number % 5 == 0 else _outside(number))
        + _lines(
            {"exclusive": number % 3, "project_id": number % 4, "tgw_set_type": ("tunnel", "fullnat")[number % 2]}
        ),
        table(
            "backends", id=f"lb-{number:08}/{server}/0", kind="load_balancers", holder=f"lb-{number:08}", target=server
        )
        + _lines({"port": 0, "lb_id": f"lb-{number:08}"}),
        _dated("traffic_mirrors", number, mirror_id=f"tm-{number:08}", alias=f"m{number % 7}", vpc=vpc),
    ]


def _inside(number: int, subnet: str) -> dict[str, Any]:
    return {"kind": "internal", "subnet": subnet, "vip": f"10.{number}.0.200"}


def _outside(number: int) -> dict[str, Any]:
    return {"vip": f"3.3.{number % 3}.{number}", "domain": f"d{number % 7}-{number}.hslb.myqcloud.com"}


WORLD = _HEAD + "\n".join(text for number in range(NUMBER) for text in _rows(number))


def says(name: str, value: Any) -> Callable[[Row], bool]:
    return lambda row: bool(row[name] == value)


def holds(name: str, text: str) -> Callable[[Row], bool]:
    return lambda row: text.lower() in row[name].lower()


def one_of(name: str, *values: Any) -> Callable[[Row], bool]:
    return lambda row: row[name] in values


@dataclass
class List:
    """A list action: what each filter keeps, and by what each sort sorts."""

    action: str
    module: str
    rows: Callable[[dict[str, Any]], list[Row]]
    total: Callable[[dict[str, Any]], int]
    id: Key
    filters: list[tuple[dict[str, Any], Callable[[Row], bool]]]
    sorts: dict[str, Key] = field(default_factory=dict)
    by: str = "orderField"
    direction: str = "orderDirection"
    down: Any = "desc"
    up: Any = "asc"
    pages: bool = True

    def __str__(self) -> str:
        return self.action


def _plain(answer: dict[str, Any]) -> list[Row]:
    return list(answer["data"])


def _total(answer: dict[str, Any]) -> int:
    return int(answer["totalCount"])


LISTS = [
    List(
        "DescribeBmVpcEx",
        "bmvpc",
        _plain,
        _total,
        lambda row: row["vpcId"],
        [
            ({"unVpcId": "vpc-00000007"}, says("unVpcId", "vpc-00000007")),
            ({"vpcName": "nET 3"}, holds("vpcName", "net 3")),
            ({"zoneIds.0": _ZONES[0], "zoneIds.1": _ZONES[2]}, one_of("zoneId", _ZONES[0], _ZONES[2])),
            ({"vpcStatus": 2}, lambda row: row["vpcId"] % 4 == 2),
            (
                {"vpcName": "Net 1", "zoneIds.0": _ZONES[1]},
                lambda row: (row["vpcName"], row["zoneId"]) == ("Net 1", _ZONES[1]),
            ),
        ],
        {"createTime": lambda row: row["createTime"], "vpcName": lambda row: row["vpcName"]},
    ),
    List(
        "DescribeBmSubnetEx",
        "bmvpc",
        _plain,
        _total,
        lambda row: row["subnetId"],
        [
            ({"unVpcId": "vpc-00000007"}, says("unVpcId", "vpc-00000007")),
            ({"unSubnetId": "subnet-00000008"}, says("unSubnetId", "subnet-00000008")),
            ({"subnetName": "B_2"}, holds("subnetName", "b_2")),
            ({"zoneIds.0": _ZONES[1]}, says("zoneId", _ZONES[1])),
            ({"vlanId": 2000}, says("vlanId", 2000)),
        ],
        {"createTime": lambda row: (row["subnetId"] - 900) % 5, "subnetName": lambda row: row["subnetName"]},
    ),
    List(
        "DescribeBmNatGateway",
        "bmvpc",
        _plain,
        _total,
        lambda row: row["natId"],
        [
            ({"natId": "nat-00000005"}, says("natId", "nat-00000005")),
            ({"natName": "AT-4"}, holds("natName", "at-4")),
            ({"unVpcId": "vpc-00000011"}, says("unVpcId", "vpc-00000011")),
        ],
        {"natId": lambda _row: 0},
    ),
    List(
        "DescribeBmSslVpnGw",
        "bmvpc",
        _plain,
        _total,
        lambda row: row["vpnGwId"],
        [
            ({"unVpcId": "vpc-00000007"}, says("unVpcId", "vpc-00000007")),
            ({"vpnGwId": "sshvpngw-00000005"}, says("vpnGwId", "sshvpngw-00000005")),
            ({"zoneId": _ZONES[2]}, says("zoneId", _ZONES[2])),
        ],
        {"createTime": lambda row: row["createTime"]},
        pages=False,
    ),
    List(
        "DescribeEipBm",
        "bmeip",
        lambda answer: list(answer["data"]["eipSet"]),
        _total,
        lambda row: row["eipId"],
        [
            ({"eipIds.0": "eip-00000003", "eipIds.1": "eip-00000001"}, one_of("eipId", "eip-00000003", "eip-00000001")),
            ({"eips.0": "2.2.1.4"}, says("eip", "2.2.1.4")),
            ({"unInstanceIds.0": "cpm-00000004"}, says("unInstanceId", "cpm-00000004")),
            ({"searchKey": "EB_3"}, holds("eipName", "eb_3")),
            ({"status.0": 2, "status.1": 9}, one_of("status", 2, 9)),
            ({"unVpcId": "vpc-00000011"}, says("unVpcId", "vpc-00000011")),
            ({"payMode": "bandwidth"}, says("payMode", "bandwidth")),
            ({"aclId": "bmeipacl-00000002"}, says("aclId", "bmeipacl-00000002")),
            ({"payMode": "flow", "status.0": 4}, lambda row: (row["payMode"], row["status"]) == ("flow", 4)),
        ],
        {
            "eipId": lambda _row: 0,
            "eip": lambda row: row["eip"],
            "status": lambda row: row["status"],
            "arrears": lambda row: row["arrears"],
            "createdAt": lambda row: row["createdAt"],
            "unInstanceId": lambda row: row["unInstanceId"] or row["natUid"] or "",
        },
        by="orderBy",
        direction="orderType",
        down=1,
        up=0,
    ),
    List(
        "DescribeEipAclBm",
        "bmeip",
        lambda answer: list(answer["data"]["eipAclList"]),
        lambda answer: int(answer["data"]["totalNum"]),
        lambda row: row["aclId"],
        [
            ({"aclName": "CL%3"}, holds("aclName", "cl%3")),
            ({"aclIds.0": "bmeipacl-00000009"}, says("aclId", "bmeipacl-00000009")),
        ],
    ),
    List(
        "DescribeBmLoadBalancers",
        "bmlb",
        lambda answer: list(answer["loadBalancerSet"]),
        _total,
        lambda row: row["loadBalancerId"],
        [
            ({"loadBalancerIds.0": "lb-00000003"}, says("loadBalancerId", "lb-00000003")),
            ({"loadBalancerType": "internal"}, says("loadBalancerType", "internal")),
            ({"loadBalancerName": "lb 3"}, says("loadBalancerName", "lb 3")),
            ({"domain": "d1-1.hslb.myqcloud.com"}, says("domain", "d1-1.hslb.myqcloud.com")),
            ({"loadBalancerVips.0": "10.5.0.200"}, says("loadBalancerVips", ["10.5.0.200"])),
            (
                {"searchKey": "B 3"},
                lambda row: any("b 3" in text for text in (row["loadBalancerName"], *row["loadBalancerVips"])),
            ),
            ({"searchKey": "D2-"}, holds("domain", "d2-")),
            ({"searchKey": "3.3.1."}, lambda row: "3.3.1." in row["loadBalancerVips"][0]),
            ({"projectId": 3}, says("projectId", 3)),
            ({"exclusive": 2}, lambda row: int(row["loadBalancerId"][3:]) % 3 == 2),
            ({"tgwSetType": "tunnel"}, says("tgwSetType", "tunnel")),
            ({"unVpcId": "vpc-00000007"}, says("unVpcId", "vpc-00000007")),
            (
                {"loadBalancerType": "open", "tgwSetType": "fullnat"},
                lambda row: (row["loadBalancerType"], row["tgwSetType"]) == ("open", "fullnat"),
            ),
        ],
        {
            "loadBalancerName": lambda row: row["loadBalancerName"],
            "createTime": lambda row: row["createTime"],
            "domain": lambda row: row["domain"],
            "loadBalancerType": lambda row: row["loadBalancerType"],
        },
        by="orderBy",
        direction="orderType",
        down=1,
        up=0,
    ),
    List(
        "DescribeBmLoadBalancersByInstances",
        "bmlb",
        lambda answer: list(answer["loadBalancerSet"]),
        _total,
        lambda row: row["unInstanceId"],
        [
            ({"backendInstanceIds.0": "cpm-00000003"}, says("unInstanceId", "cpm-00000003")),
            ({"backendInstanceName": "s4"}, says("instanceName", "s4")),
        ],
    ),
    List(
        "GetTrafficMirrorList",
        "bmlb",
        lambda answer: list(answer["data"]["list"]),
        lambda answer: int(answer["data"]["totalNum"]),
        lambda row: row["trafficMirrorId"],
        [
            ({"trafficMirrorIds.0": "tm-00000003"}, says("trafficMirrorId", "tm-00000003")),
            ({"aliases.0": "m3", "aliases.1": "m4"}, one_of("alias", "m3", "m4")),
            ({"unVpcIds.0": "vpc-00000007"}, says("unVpcId", "vpc-00000007")),
        ],
    ),
]
FILTERS = [pytest.param(it, sent, kept, id=f"{it}-{'-'.join(sent)}") for it in LISTS for sent, kept in it.filters]
SORTS = [pytest.param(it, name, key, id=f"{it}-{name}") for it in LISTS for name, key in it.sorts.items()]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    file = tmp_path_factory.mktemp("sixty") / "sixty.toml"
    file.write_text(WORLD, encoding="utf-8")
    settings = Settings(fixtures=(str(file),))
    made = open_world(settings, ManualClock(NOW))
    app = create_app(settings, world=made)
    yield Api(httpx.Client(transport=in_process(app), base_url="http://bm.api.qcloud.com"), *OWNER)
    made.close()


def ask(world: Api, it: List, **params: Any) -> tuple[list[Row], int]:
    answer = world.call(it.action, host=contract_of(it).hosts[0], **params)
    assert answer["code"] in (0, "0"), answer
    return it.rows(answer), it.total(answer)


def every(world: Api, it: List, **params: Any) -> list[Row]:
    """All rows, by pages of seven."""
    if not it.pages:
        return ask(world, it, **params)[0]
    rows: list[Row] = []
    while True:
        page, total = ask(world, it, offset=len(rows), limit=7, **params)
        rows += page
        if len(page) < 7:
            assert total == len(rows)
            return rows


@pytest.mark.parametrize("it", LISTS, ids=str)
def test_the_pages_are_the_whole(world: Api, it: List) -> None:
    rows = every(world, it)
    assert len({it.id(row) for row in rows}) == len(rows) == NUMBER
    if it.pages:
        assert ask(world, it, offset=58, limit=7) == (rows[58:], NUMBER)
        assert ask(world, it, offset=60, limit=7) == ([], NUMBER)
        assert ask(world, it, limit=50) == (rows[:50], NUMBER)


@pytest.mark.parametrize(("it", "sent", "kept"), FILTERS)
def test_a_filter_keeps_what_fits_and_nothing_else(
    world: Api, it: List, sent: dict[str, Any], kept: Callable[[Row], bool]
) -> None:
    wanted = [row for row in every(world, it) if kept(row)]
    assert 0 < len(wanted) < NUMBER
    assert every(world, it, **sent) == wanted


@pytest.mark.parametrize(("it", "name", "key"), SORTS)
def test_a_sort_sorts_and_ties_are_broken_by_the_id(world: Api, it: List, name: str, key: Key) -> None:
    wanted = sorted(every(world, it), key=lambda row: (key(row), it.id(row)))
    assert [it.id(row) for row in every(world, it, **{it.by: name, it.direction: it.up})] == [it.id(r) for r in wanted]
    backwards = every(world, it, **{it.by: name, it.direction: it.down})
    assert [it.id(row) for row in backwards] == [it.id(row) for row in reversed(wanted)]


def test_no_filter_of_these_lists_is_left_out() -> None:
    paging = {"offset", "limit", "query"}
    for it in LISTS:
        documented = {parameter.name for parameter in contract_of(it).parameters}
        used = {name.split(".")[0] for sent, _kept in it.filters for name in sent} | {it.by, it.direction}
        assert documented - paging <= used, it
        sort = next((parameter for parameter in contract_of(it).parameters if parameter.name == it.by), None)
        assert set(sort.enum or () if sort else ()) == set(it.sorts), it


def contract_of(it: List) -> contract.Action:
    return next(action for action in contract.load() if (action.module, action.name) == (it.module, it.action))
