"""A generated fleet: the same seed gives the same world, byte for byte.

Everything comes from the seed, nothing from the clock. VPCs are 10.16.0.0/16, 10.17.0.0/16, …, each with subnets of
200 devices, so that no two LAN addresses meet; nor do the out-of-band addresses, from 100.72.0.0 upwards.

The owner has an out-of-band VPN account, and each zone a VPN gateway, so that the logins can be read at once. An
isolated device was delivered for one to three months, which were over by October 2017, and stays in the recycle bin.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from faker import Faker

from emulator.chapters.devices.records.device import MEETS_DEADLINE, STATES, DeviceStatus, expiry_of
from emulator.chapters.devices.records.devices import DEVICES
from emulator.chapters.devices.records.parts import OUT_OF_BAND, add_tag_rows
from emulator.chapters.eip.records.eip import EipStatus
from emulator.chapters.eip.records.eips import EIPS
from emulator.chapters.eip.records.pool import eip_row, ranges_of
from emulator.chapters.outband.records import VPN_ACCOUNTS, ZONES
from emulator.chapters.vpc.records.interfaces import SUBNET_IPS
from emulator.chapters.vpc.records.nat import NAT_BINDINGS, NAT_GATEWAYS
from emulator.chapters.vpc.records.networks import SUBNETS, VPCS
from emulator.chapters.vpc.records.ssl_vpn import SSL_VPN_USERS, SSL_VPNS
from emulator.clock import add_months
from emulator.world.accounts import Credential, add_account, add_credential, first_credential
from emulator.world.ids import derive
from emulator.world.pending import add_operations
from emulator.world.resource import Resource
from emulator.world.world import World

_PER_SUBNET = 200
_SUBNETS_PER_VPC = 16
_FIRST_NUMBER = 10_000
"""Numeric ids of generated VPCs and subnets begin here, far from those of fixtures."""
_BATCH = 1_000
_FIRST_NETWORK = 16
_OUT_OF_BAND = IPv4Address("100.72.0.0")
_STATES = ("running",) * 17 + ("shutdown",) * 2 + ("isolated",)
_VPN_ADDRESS = IPv4Address("139.199.0.0")
_VPN_DOMAIN = 210_000
_ELASTIC = "115.156.0.0/14"
_DAY = 24 * 60 * 60 * 1000
_FIRST_DELIVERY = 1_467_302_400_000
"""2016-07-01 in China; from then on a device a day or so, each for 15 to 25 years unless it is isolated."""
_GATEWAY = IPv4Address("115.159.242.100")
_TAGS = {"env": ("prod", "test", "dev"), "team": ("web", "data", "ops", "")}


def add_fleet(world: World, size: int, progress: Callable[[int], None] = lambda _done: None) -> None:
    """Add that many devices to the first account, within the caller's transaction. A world without an account gets one.

    `progress(n)` is called after each batch with the number of devices just added.
    """
    owner = first_credential(world) or _add_owner(world)
    _open_out_of_band(world, owner)
    fleet = _Fleet(world, owner)
    for start in range(0, size, _BATCH):
        numbers = range(start, min(start + _BATCH, size))
        fleet.add(numbers)
        progress(len(numbers))


@dataclass
class _Fleet:
    world: World
    owner: Credential

    def __post_init__(self) -> None:
        self.faker = Faker("en_US")
        self.faker.seed_instance(f"{self.world.seed}/fleet")
        catalogue = self.world.catalogue
        self.classes = catalogue.classes
        self.systems = {system.id: system for system in catalogue.systems}
        self.zones = [zone.id for zone in catalogue.zones]

    def add(self, numbers: range) -> None:
        for number in numbers:
            for resource, row in self._networks(number):
                resource.add(self.world, **row)
        rows = [self._device(number) for number in numbers]
        DEVICES.add_many(self.world, [device for device, _login in rows])
        OUT_OF_BAND.add_many(self.world, [login for _device, login in rows])
        EIPS.add_many(self.world, [self._eip_of(device) for device, _login in rows if device["wan_ip"]])
        expiring = [device for device, _login in rows if device["device_status"] in MEETS_DEADLINE]
        add_operations(self.world, [expiry_of(device["instance_id"], device["deadline"]) for device in expiring])
        add_tag_rows(self.world, [tag for device, _login in rows for tag in self._tags(device["instance_id"])])

    def _networks(self, number: int) -> Iterator[tuple[Resource[Any], dict[str, Any]]]:
        """The subnet that begins with this device, and the VPC that begins with that subnet."""
        subnet, first_of_subnet = divmod(number, _PER_SUBNET)
        if first_of_subnet:
            return
        vpc, first_of_vpc = divmod(subnet, _SUBNETS_PER_VPC)
        if first_of_vpc == 0:
            cidr = f"10.{_FIRST_NETWORK + vpc}.0.0/16"
            row = self._network("vpc", vpc, vpc, self.faker.word(), cidr)
            yield VPCS, {**row, "tgw_mode": "shared", "status": 0, "legacy": 0, "others": "[]"}
            yield from self._gateways(vpc)
        cidr = f"10.{_FIRST_NETWORK + vpc}.{subnet % _SUBNETS_PER_VPC}.0/24"
        row = self._network("subnet", subnet, vpc, f"{self.faker.word()}-{subnet}", cidr)
        dhcp = {"dhcp_enabled": 0, "dhcp_servers": "[]", "ip_reserve": 0}
        yield (
            SUBNETS,
            {**row, "vpc": self._id("vpc", vpc), "docker": 0, "registered": 0, "vlan_id": 5, "distributed": 1, **dhcp},
        )
        if first_of_vpc == 0:
            whole = {"address": "", "state": "bound", "nat_id": self._id("nat", vpc), "subnet": row["un_id"]}
            id = f"{whole['nat_id']}/{whole['subnet']}"
            yield NAT_BINDINGS, {"id": id, "account_id": self.owner.account_id, **whole}

    def _network(self, kind: str, ordinal: int, vpc: int, name: str, cidr: str) -> dict[str, Any]:
        ids = {"id": _FIRST_NUMBER + ordinal, "un_id": self._id(kind, ordinal), "account_id": self.owner.account_id}
        zone = self.zones[vpc % len(self.zones)]
        return {**ids, "name": name, "cidr": cidr, "zone_id": zone, "created_at": _FIRST_DELIVERY - _DAY}

    def _gateways(self, vpc: int) -> Iterator[tuple[Resource[Any], dict[str, Any]]]:
        """The NAT gateway of a VPC with its elastic IP, and the SSL VPN gateway with a user."""
        own: dict[str, Any] = {"account_id": self.owner.account_id, "vpc": self._id("vpc", vpc)}
        made, nat_id, vpn = {"created_at": _FIRST_DELIVERY}, self._id("nat", vpc), self._id("sshvpngw", vpc)
        size = {"running": 1, "production_status": 1, "max_concurrent": 1_000_000, "forward_mode": 0, "exclusive": 0}
        yield NAT_GATEWAYS, {**own, **made, **size, "nat_id": nat_id, "name": f"nat_{vpc}"}
        highest = self._elastic(vpc).broadcast_address - 1 - 2 * vpc
        yield EIPS, self._eip(self._id("eip", vpc), str(highest), nat_id, own["vpc"], _FIRST_DELIVERY)
        virtual = {"subnet": self._id("subnet", vpc * _SUBNETS_PER_VPC), "lan_ip": f"10.{_FIRST_NETWORK + vpc}.0.250"}
        yield SUBNET_IPS, {**own, **virtual, "id": f"{virtual['subnet']}/{virtual['lan_ip']}"}
        of_virtual = self._id("eip-virtual", vpc).replace("eip-virtual", "eip")
        yield EIPS, self._eip(of_virtual, str(highest - 1), virtual["lan_ip"], own["vpc"], _FIRST_DELIVERY)
        place = {"domain": str(_VPN_DOMAIN + vpc), "public_ip": str(_VPN_ADDRESS + vpc), "public_port": 443}
        limits = {"client_pool": "169.254.0.0/16", "tx_limit": 50, "rx_limit": 50, "session_limit": 10}
        zone = {"zone_id": self.zones[vpc % len(self.zones)]}
        yield SSL_VPNS, {**own, **made, **place, **limits, **zone, "vpn_gw_id": vpn, "name": f"vpn{vpc}"}
        login = {"user_name": "operator", "password": self._id("user", vpc).removeprefix("user-")}
        user = {"id": f"{vpn}/operator", "account_id": self.owner.account_id, "vpn_gw_id": vpn}
        yield SSL_VPN_USERS, {**user, **login}

    def _elastic(self, vpc: int) -> IPv4Network:
        """The public addresses of a VPC's region; the fleet's servers have the lowest ones, its gateways the highest.

        The catalogue of the user may have none; then they are all of one range.
        """
        ranges = ranges_of(self.world, self.zones[vpc % len(self.zones)], exclusive=0)
        return IPv4Network(ranges[0].cidr if ranges else _ELASTIC)

    def _eip_of(self, device: dict[str, Any]) -> dict[str, Any]:
        eip_id = device["instance_id"].replace("cpm", "eip")
        return self._eip(eip_id, device["wan_ip"], device["instance_id"], device["vpc"], device["delivered_at"])

    def _eip(self, eip_id: str, address: str, holder: str, vpc: str, created_at: int) -> dict[str, Any]:
        held = {"status": EipStatus.BOUND, "bound_to": holder, "vpc": vpc}
        return eip_row(eip_id, self.owner.account_id, created_at, address, **held)

    def _device(self, number: int) -> tuple[dict[str, Any], dict[str, Any]]:
        subnet, place = divmod(number, _PER_SUBNET)
        vpc = subnet // _SUBNETS_PER_VPC
        faker = self.faker
        instance_id = self._id("cpm", number)
        device_class = faker.random_element(self.classes)
        system = self.systems[faker.random_element(device_class.systems)]
        device_status, operate_status = STATES[faker.random_element(_STATES)]
        delivered = _FIRST_DELIVERY + faker.random_int(0, 365) * _DAY
        device = {
            "instance_id": instance_id,
            "account_id": self.owner.account_id,
            "alias": f"{faker.word()}-{faker.word()}-{number}",
            "device_status": device_status,
            "operate_status": operate_status,
            "os_type": system.family,
            "system_id": system.id,
            "raid_id": faker.random_element([raid.id for raid in device_class.raids]),
            "class_code": device_class.code,
            "parts": None,
            "setup": None,
            "zone_id": self.zones[vpc % len(self.zones)],
            "rack": f"M{201 + vpc % 8}-{'ABCDEFGHJK'[subnet % 10]}{number // 20 % 40 + 1:02}",
            "rack_position": str(number % 20 * 2 + 1),
            "switches": f"M{201 + vpc % 8}-S{subnet % 16:02}-01/M{201 + vpc % 8}-S{subnet % 16:02}-02",
            "wan_ip": str(self._elastic(vpc)[number + 1]) if faker.boolean(20) else None,
            "lan_ip": f"10.{_FIRST_NETWORK + vpc}.{subnet % _SUBNETS_PER_VPC}.{place + 10}",
            "vpc": self._id("vpc", vpc),
            "subnet": self._id("subnet", subnet),
            "login_type": "password",
            "user_name": "root" if system.family == "linux" else "Administrator",
            "password": faker.password(length=12),
            "login_key": None,
            "agent_alive": 1,
            "is_gateway": 0,
            "auto_renew": int(faker.boolean(30)),
            "pay_mode": 1,
            "bought": 0,
            "delivered_at": delivered,
            "deadline": self._deadline(delivered, device_status),
        }
        login = {
            "instance_id": instance_id,
            "ip": str(_OUT_OF_BAND + number),
            "user_name": faker.user_name(),
            "password": faker.password(length=14, special_chars=False),
            "serial_number": faker.bothify("##???##", letters="ABCDEFGHJKLMNPQRSTUVWXYZ"),
        }
        return device, login

    def _deadline(self, delivered: int, device_status: int) -> int:
        days = self.faker.random_int(15 * 365, 25 * 365)
        isolated = device_status == DeviceStatus.ISOLATED
        return add_months(delivered, 1 + days % 3) if isolated else delivered + days * _DAY

    def _tags(self, instance_id: str) -> Iterator[tuple[str, str, str]]:
        for key, values in _TAGS.items():
            if self.faker.boolean(40):
                yield instance_id, key, self.faker.random_element(values)

    def _id(self, kind: str, ordinal: int) -> str:
        return derive(self.world.seed, f"{self.owner.app_id}/fleet", kind, ordinal)


def _add_owner(world: World) -> Credential:
    """The account of a world that has none."""
    faker = Faker("en_US")
    faker.seed_instance(f"{world.seed}/owner")
    app_id = faker.numerify("125#######")
    values = {
        "app_id": app_id,
        "script_quota": 100,
        "balance": 100_000_000,
        "may_buy": 1,
        "docker_customer": 0,
        "may_postpay": 1,
        "quotas": "{}",
    }
    account_id = add_account(world, values)
    secret = {"secret_id": f"AKID{faker.pystr(32, 32)}", "secret_key": faker.pystr(32, 32)}
    add_credential(world, account_id, **secret, actions=None)
    return Credential(account_id=account_id, app_id=app_id, allowed=None, **secret)


def _open_out_of_band(world: World, owner: Credential) -> None:
    """Give the owner an out-of-band VPN account and each zone a VPN gateway, where they have none."""
    if VPN_ACCOUNTS.find_any(world, owner.account_id) is None:
        faker = Faker("en_US")
        faker.seed_instance(f"{world.seed}/vpn")
        names = {"user_name": owner.app_id, "user_group": f"bm{owner.app_id}"}
        VPN_ACCOUNTS.add(world, account_id=owner.account_id, **names, password=faker.password(length=12))
    for number, zone in enumerate(world.catalogue.zones):
        if ZONES.find_any(world, zone.id) is None:
            ZONES.add(world, id=zone.id, vpn_gateway=f"{_GATEWAY + number}:443")
