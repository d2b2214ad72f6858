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
    un_id: Name
    name: str
    cidr: str


class Vpc(Network):
    tgw_mode: Literal["shared", "exclusive"] = "shared"


class Subnet(Network):
    vpc: Name
    docker: bool = False
    """Meant for containers."""


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
    """Left out: the catalogue's first of that `os_type`."""
    raid_id: int = 1
    class_code: str = "PS100v1"
    parts: Parts | None = None
    """Of a custom model, in place of class_code."""
    zone_id: int = 1000100003
    rack: str = "M201-F15"
    rack_position: str = "1"
    switches: str = "M201-F14-02/M201-F15-01"
    lan_ip: str | None = None
    wan_ip: str | None = None
    vpc: str | None = None
    subnet: str | None = None
    login_type: Literal["password", "key", "none"] = "password"
    user_name: str = "root"
    password: str = ""
    login_key: str | None = None
    agent_alive: bool = True
    is_gateway: bool = False
    auto_renew: bool = False
    pay_mode: Literal[1, 2] = 1
    """1 prepaid, 2 postpaid."""
    delivered_at: datetime = datetime(2017, 10, 1)  # noqa: DTZ001
    deadline: datetime = datetime(2037, 10, 1)  # noqa: DTZ001
    """One in the past is carried out at the first call: isolated, or gone if that was over a week and a day ago."""
    tags: dict[str, str] = {}
    out_of_band: OutOfBand | None = None


class Hosted(Row):
    """A hosted server without a LAN IP."""

    instance_id: Name
    user_name: str = "root"
    password: str = ""
    alias: str = ""
    in_order: bool = True
    """Whether it can be worked on."""
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
    vpn_ip: str = "118.89.9.11"
    vpn_port: str = "443"
    wan_ip: str = ""
    added_at: datetime = datetime(2017, 10, 1)  # noqa: DTZ001


class Script(Row):
    cmd_id: Name
    alias: str
    content: str
    """Base64."""
    created_at: datetime
    os_type: OsType = "linux"
    auto_id: int | None = None
    modified_at: datetime | None = None
    """Left out: when it was created."""


class Run(Row):
    instance_id: str
    status: Count
    last_shell_exit: int
    ended_at: datetime | None = None
    """Left out: with the task."""
    cmd_content: str = ""
    cmd_param: str = ""
    cmd_result: str = ""
    auto_id: int | None = None


class Task(Row):
    """A task that is over. Each run's device must be one of the account's, with VPC and subnet."""

    task_id: Name
    cmd_id: str
    cmd_alias: str
    began_at: datetime
    ended_at: datetime
    runs: list[Run]


class Account(Row):
    app_id: Annotated[str, Meta(pattern="^[0-9]{1,20}$")]
    script_quota: Count = 100
    balance: Count = 100_000_000
    """Cents (分)."""
    may_buy: bool = True
    """Whether it is allowed to buy servers."""
    docker_customer: bool = False
    """Whether it may ask for docker subnets."""
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


class Outcome(Row):
    """How a script ends where everything it fits: command and device by id or name, parameter decoded."""

    command: str | None = None
    device: str | None = None
    parameter: str | None = None
    exit_code: Annotated[int, Meta(ge=0, le=255)] = 0
    output: str | None = None
    duration: Annotated[float, Meta(ge=0)] | None = None
    """Seconds, never scaled."""


class Fixture(Row):
    zones: list[Zone] = []
    accounts: list[Account] = []
    faults: list[FaultRule] = []
    """`rules.py` says what a rule may hold."""
    outcomes: list[Outcome] = []


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
