"""What a fixture file may say: TOML or JSON, checked field by field.

Times are China Standard Time. What is left out gets a value that makes the thing work: a device without `login_type`
takes a password, an account without `script_quota` may keep 100 scripts.
"""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from emulator.world.catalogue import FixtureError, Parts
from emulator.world.rules import FaultRule

OsType = Literal["linux", "xserver"]
State = Literal["running", "shutdown", "isolated", "fault"]
Count = Annotated[int, Meta(ge=0)]
Name = Annotated[str, Meta(min_length=1, max_length=64)]


class Row(Struct, forbid_unknown_fields=True):
    pass


class Credential(Row):
    secret_id: Name
    secret_key: Name
    actions: list[str] | None = None
    """The only actions it may call; left out: all."""


class VpnAccount(Row):
    password: str
    user_name: str | None = None
    """Left out: the account's app_id."""
    user_group: str | None = None
    """Left out: `bm` and the account's app_id."""


class Network(Row):
    id: int
    """The number of the network: its vpcId or subnetId."""
    un_id: Name
    """Its unVpcId or unSubnetId, such as vpc-6t44o010."""
    name: str
    cidr: str
    """The range of its addresses, such as 10.10.0.0/16."""


class Vpc(Network):
    tgw_mode: Literal["shared", "exclusive"] = "shared"


class Subnet(Network):
    vpc: Name
    """The VPC that it lies in, by un_id."""
    docker: bool = False
    """Whether it is meant for containers."""


class OutOfBand(Row):
    ip: str
    user_name: str
    password: str
    serial_number: str


class Device(Row):
    instance_id: Name
    alias: str = ""
    state: State = "running"
    os_type: OsType = "linux"
    system_id: int | None = None
    """The number of the operating system; left out: the catalogue's first of that `os_type`."""
    raid_id: int = 1
    """The number of the RAID level in the catalogue."""
    class_code: str = "PS100v1"
    """The device class in the catalogue."""
    parts: Parts | None = None
    """The parts of a custom model, in place of class_code."""
    zone_id: int = 1000100003
    rack: str = "M201-F15"
    rack_position: str = "1"
    switches: str = "M201-F14-02/M201-F15-01"
    """The two switches that the server is connected to."""
    lan_ip: str | None = None
    wan_ip: str | None = None
    vpc: str | None = None
    """The VPC, by un_id; with `subnet`, which lies in it."""
    subnet: str | None = None
    login_type: Literal["password", "key", "none"] = "password"
    user_name: str = "root"
    password: str = ""
    login_key: str | None = None
    """The SSH key, with login_type key."""
    agent_alive: bool = True
    """Whether the agent on the server answers."""
    is_gateway: bool = False
    """Whether the server is the gateway of its VPC."""
    auto_renew: bool = False
    """Whether the server is renewed when it expires."""
    pay_mode: Literal[1, 2] = 1
    """1 prepaid, 2 postpaid."""
    delivered_at: datetime = datetime(2017, 10, 1)  # noqa: DTZ001
    deadline: datetime = datetime(2037, 10, 1)  # noqa: DTZ001
    """When the server expires. A past time takes effect at the first call: isolated, or gone after eight days."""
    tags: dict[str, str] = {}
    """The values of the tags, by key."""
    out_of_band: OutOfBand | None = None
    """The out-of-band login; left out: the server has no record."""


class Hosted(Row):
    """A hosted server without a LAN IP."""

    instance_id: Name
    user_name: str = "root"
    password: str = ""
    alias: str = ""
    in_order: bool = True
    """Whether the server can be worked on."""
    asset_id: str = "TYSV17091K55"
    serial_number: str = "HYH32F2"
    zone_id: int = 1000100003
    idc_id: int = 3967
    idc_name: str = "广州电信永顺DC3楼"
    rack_id: int = 110437
    rack: str = "0302-H10"
    position_id: int = 1608859
    position: str = "15"
    out_of_band_ip: str = "100.100.139.103"
    """The address of the out-of-band interface."""
    vpn_ip: str = "118.89.9.11"
    """The address of the VPN gateway, as the pages print it."""
    vpn_port: str = "443"
    wan_ip: str = ""
    added_at: datetime = datetime(2017, 10, 1)  # noqa: DTZ001


class Script(Row):
    cmd_id: Name
    """The id of the script, such as cmd-nozcbhuw."""
    alias: str
    content: str
    """The text of the script, in Base64."""
    created_at: datetime
    os_type: OsType = "linux"
    auto_id: int | None = None
    """The number of the script; left out: the next one."""
    modified_at: datetime | None = None
    """When it was last modified; left out: when it was created."""


class Run(Row):
    instance_id: str
    status: Count
    """0 succeeded, 1 login rejected, 2 no answer, 3 wrong operating system, 4 the script failed."""
    last_shell_exit: int
    """The exit status of the script; -1: it never ran."""
    ended_at: datetime | None = None
    """When the run ended; left out: with the task."""
    cmd_content: str = ""
    """The text of the script that ran, in Base64."""
    cmd_param: str = ""
    """The parameters of the run, in Base64."""
    cmd_result: str = ""
    """The output of the run, in Base64."""
    auto_id: int | None = None


class Task(Row):
    """A task that is over. Each run's device must be one of the account's, with VPC and subnet."""

    task_id: Name
    cmd_id: str
    cmd_alias: str
    began_at: datetime
    """When the task began."""
    ended_at: datetime
    runs: list[Run]
    """The runs of the task, one for each device."""


class Account(Row):
    app_id: Annotated[str, Meta(pattern="^[0-9]{1,20}$")]
    """The account's APPID, a number as text."""
    script_quota: Count = 100
    """How many scripts the account may keep."""
    balance: Count = 100_000_000
    """What the account can spend, in cents (分)."""
    may_buy: bool = True
    """Whether the account may buy servers."""
    docker_customer: bool = False
    """Whether the account may ask for docker subnets."""
    credentials: list[Credential] = []
    out_of_band_vpn: VpnAccount | None = None
    vpcs: list[Vpc] = []
    subnets: list[Subnet] = []
    devices: list[Device] = []
    hosted: list[Hosted] = []
    scripts: list[Script] = []
    tasks: list[Task] = []


class Zone(Row):
    id: int
    vpn_gateway: str | None = None
    """The zone's VPN gateway, as host:port; left out: the zone has none."""


class Outcome(Row):
    """How a script ends where everything it fits: command and device by id or name, parameter decoded."""

    command: str | None = None
    """The script, by id or alias; left out: any."""
    device: str | None = None
    """The device, by id or alias; left out: any."""
    parameter: str | None = None
    """The parameters of the run, decoded; left out: any."""
    exit_code: Annotated[int, Meta(ge=0, le=255)] = 0
    """The exit code of the script, 0 to 255."""
    output: str | None = None
    """What the script prints; left out: the generated transcript."""
    duration: Annotated[float, Meta(ge=0)] | None = None
    """Seconds that the run takes, never scaled; left out: drawn."""


class Fixture(Row):
    zones: list[Zone] = []
    accounts: list[Account] = []
    faults: list[FaultRule] = []
    """The fault rules of the world, as `world/rules.py` describes them."""
    outcomes: list[Outcome] = []
    """How scripts end; the first that matches counts."""


def read_fixture(path: Path) -> Fixture:
    """Raises FixtureError."""
    try:
        text = path.read_text(encoding="utf-8")
        data: Any = msgspec.json.decode(text) if path.suffix == ".json" else tomllib.loads(text)
        return msgspec.convert(data, Fixture)
    except OSError as error:
        raise FixtureError(f"cannot read the fixture {path}: {error.strerror}") from error
    except (msgspec.MsgspecError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FixtureError(f"the fixture {path} is wrong: {error}") from error
