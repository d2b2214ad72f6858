"""One book of addresses a subnet, and servers that join subnets."""

from chapters.vpc.conftest import MakeVpc, Vpc
from chapters.vpc.world import FULL, LEFT, SECOND, SERVER, VMS, VPC, WEB

IN_LEFT = {"unVpcId": VPC, "unSubnetId": LEFT}
IN_VMS = {"unVpcId": VPC, "unSubnetId": VMS}


def test_the_lowest_free_addresses_are_applied_for(vpc: Vpc) -> None:
    assert vpc.ask("ApplyIps", **IN_LEFT, count=2)["data"] == ["10.0.3.2", "10.0.3.3"]
    assert vpc.ask("ApplyIps", **IN_LEFT)["data"] == ["10.0.3.4"]
    assert vpc.ask("DescribeBmSubnetIps", **IN_LEFT)["data"] == {
        "cpmSet": [],
        "vmSet": ["10.0.3.2", "10.0.3.3", "10.0.3.4"],
        "tgSet": [],
    }
    assert vpc.ask("DescribeBmSubnetAvailableIp", unSubnetId=LEFT)["data"] == ["10.0.3.5-10.0.3.254"]


def test_what_can_be_had_is_registered_and_the_rest_named(vpc: Vpc) -> None:
    wanted = {"ipList.0": "10.0.1.10", "ipList.1": "10.0.9.9", "ipList.2": "10.0.1.30", "ipList.3": "10.0.1.1"}
    answer = vpc.call("RegisterBatchIp", unVpcId=VPC, unSubnetId=WEB, **wanted)
    assert (answer["code"], answer["codeDesc"]) == (-3031, "AvailableIpUseUp")
    assert answer["message"] == (
        "(-3031)没有可用的IP地址 10.0.1.10 ip冲突，10.0.1.1 ip冲突，10.0.9.9 ip不在子网范围内，剩余ip注册成功"
    )
    assert vpc.ask("DescribeBmSubnetIps", unVpcId=VPC, unSubnetId=WEB)["data"]["vmSet"] == ["10.0.1.20", "10.0.1.30"]


def test_what_is_returned_is_free_and_what_is_not_there_is_passed_over(vpc: Vpc) -> None:
    vpc.ask("ReturnIps", unVpcId=VPC, **{"ips.0": "10.0.1.20", "ips.1": "10.0.1.10", "ips.2": "1.1.1.1"})
    book = vpc.ask("DescribeBmSubnetIps", unVpcId=VPC, unSubnetId=WEB)["data"]
    assert (book["cpmSet"], book["vmSet"]) == (["10.0.1.10", "10.0.1.11"], [])


def test_single_addresses_and_runs_are_listed(vpc: Vpc) -> None:
    free = vpc.ask("DescribeBmSubnetAvailableIp", unSubnetId=WEB)["data"]
    assert free == ["10.0.1.2-10.0.1.9", "10.0.1.12-10.0.1.19", "10.0.1.21-10.0.1.254"]
    vpc.ask("RegisterBatchIp", unVpcId=VPC, unSubnetId=WEB, **{"ipList.0": "10.0.1.18"})
    assert "10.0.1.19" in vpc.ask("DescribeBmSubnetAvailableIp", unSubnetId=WEB)["data"]


def test_a_reinstallation_takes_an_address_of_the_same_book(vpc: Vpc) -> None:
    vpc.ask("ApplyIps", **IN_LEFT)
    move = {"instanceId": SERVER, "osTypeId": 1, "passwd": "abce1234", "unVpcId": VPC, "unSubnetId": LEFT}
    assert vpc.api.call("ReloadDeviceOs", **move, lanIp="10.0.3.2")["code"] == 10001
    assert vpc.api.call("ReloadDeviceOs", **move, lanIp="10.0.3.3")["code"] == 0
    assert vpc.ask("ApplyIps", **IN_LEFT)["data"] == ["10.0.3.4"]


def test_servers_join_a_subnet_and_leave_it(vpc: Vpc) -> None:
    both = {"instanceIds.0": SERVER, "instanceIds.1": SECOND}
    task = vpc.begin("CreateBmInterface", **IN_VMS, **both)
    assert vpc.ask("DescribeBmCpmBySubnetId", **IN_VMS)["cpmSet"] == []
    vpc.clock.advance(60)
    assert vpc.state(task) == 0
    assert vpc.ask("DescribeBmCpmBySubnetId", **IN_VMS)["cpmSet"] == [{"instanceId": SERVER}, {"instanceId": SECOND}]
    assert [row["cidr"] for row in vpc.ask("DescribeBmSubnetByCpmId", instanceId=SECOND)["subnetSet"]] == [
        "10.0.1.0/24",
        "10.0.4.0/30",
        "10.0.2.0/24",
    ]
    assert vpc.ask("DescribeBmSubnetEx", unSubnetId=VMS)["data"][0]["cpmNum"] == 2
    assert vpc.do("DelBmInterface", **IN_VMS, **both) == 0
    assert vpc.ask("DescribeBmSubnetIps", **IN_VMS)["data"]["cpmSet"] == []


def test_a_part_that_fails_has_not_joined(make_vpc: MakeVpc) -> None:
    rule = f'\n[[faults]]\naction = "CreateBmInterface"\ndevice = "{SECOND}"\noperation = "fail"\n'
    vpc = make_vpc("", rule)
    assert vpc.do("CreateBmInterface", **IN_VMS, **{"instanceIds.0": SERVER, "instanceIds.1": SECOND}) == 1
    assert vpc.ask("DescribeBmCpmBySubnetId", **IN_VMS)["cpmSet"] == [{"instanceId": SERVER}]
    assert vpc.ask("DescribeBmSubnetIps", **IN_VMS)["data"]["cpmSet"] == ["10.0.2.2"]


def test_older_clients_name_vpc_and_subnet_without_un(vpc: Vpc) -> None:
    assert vpc.ask("DescribeBmCpmBySubnetId", vpcId=VPC, subnetId=FULL)["cpmSet"] == [{"instanceId": SECOND}]


def test_a_server_that_is_gone_has_left_its_subnets(make_vpc: MakeVpc) -> None:
    vpc = make_vpc()
    [row] = vpc.api.data("DescribeDevice", **{"instanceIds.0": SECOND})["deviceList"]
    assert row["lanIp"] == "10.0.1.11"
    assert vpc.api.call("OfflineDevice", **{"instanceIds.0": SECOND})["code"] == 0
    vpc.clock.advance(40 * 365 * 86_400)
    assert vpc.ask("DescribeBmCpmBySubnetId", unVpcId=VPC, unSubnetId=FULL)["cpmSet"] == []
    assert vpc.ask("DescribeBmSubnetIps", unVpcId=VPC, unSubnetId=FULL)["data"]["cpmSet"] == []
