"""The tables of devices: as `tables.py`, with its rules."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from emulator.world.schema import account, metadata, number, text

devices = Table(
    "devices",
    metadata,
    Column("instance_id", Text, primary_key=True),
    account(),
    text("alias"),
    number("device_status"),  # as DescribeDevice names them: 4 in operation, 8 isolated, …
    number("operate_status"),  # likewise: 1 running, 3 shut down, …
    text("os_type"),  # linux or xserver, as scripts name it
    number("system_id"),
    number("raid_id"),
    text("class_code"),
    text("parts", null=True),  # JSON: what a custom model is made of
    text("setup", null=True),  # JSON: how it was asked to be set up; null: as its class is by default
    number("zone_id"),
    text("rack"),
    text("rack_position"),
    text("switches"),
    text("lan_ip", null=True),
    text("wan_ip", null=True),
    text("vpc", null=True),  # un_id; may name what is gone
    text("subnet", null=True),
    text("login_type"),  # password, key or none
    text("user_name"),
    text("password"),
    text("login_key", null=True),
    number("agent_alive"),  # 0 or 1: whether the server's agent answers
    number("is_gateway"),
    number("auto_renew"),
    number("pay_mode"),  # 1 prepaid, 2 postpaid
    number("delivered_at"),
    number("deadline"),
    Index("devices_by_account", "account_id", "instance_id"),
    Index("devices_by_lan_ip", "lan_ip"),
    Index("devices_by_wan_ip", "wan_ip"),
    Index("devices_by_subnet", "subnet"),
)

device_tags = Table(
    "device_tags",
    metadata,
    Column("instance_id", ForeignKey("devices.instance_id"), primary_key=True),
    Column("key", Text, primary_key=True),
    text("value"),
    sqlite_with_rowid=False,
)

device_tasks = Table(
    "device_tasks",
    metadata,
    Column("id", Integer, primary_key=True),
    account(),
    sqlite_autoincrement=True,
)

device_operations = Table(
    "device_operations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("task_id", ForeignKey("device_tasks.id"), nullable=False, index=True),
    text("instance_id"),
    text("kind"),  # the action's name in the log, such as rebootDevice
    number("status"),  # 0 running, 1 succeeded, 2 failed
    number("started_at"),
    number("ended_at", null=True),
    text("operator"),
    Index("device_operations_by_device", "instance_id", "id"),
    sqlite_autoincrement=True,
)

out_of_band = Table(
    "out_of_band",
    metadata,
    Column("instance_id", ForeignKey("devices.instance_id"), primary_key=True),
    text("ip"),
    text("user_name"),
    text("password"),
    text("serial_number"),
)

hosted_devices = Table(
    "hosted_devices",
    metadata,
    Column("instance_id", Text, primary_key=True),
    account(),
    text("asset_id"),
    text("serial_number"),
    text("alias"),
    number("in_order"),  # 0 or 1: whether it can be worked on
    number("zone_id"),
    number("idc_id"),
    text("idc_name"),
    number("rack_id"),
    text("rack"),
    number("position_id"),
    text("position"),
    text("out_of_band_ip"),
    text("vpn_ip"),
    text("vpn_port"),
    text("user_name"),
    text("password"),
    text("vpc"),  # this and the next three: empty while no LAN IP is bound
    text("subnet"),
    text("lan_ip"),
    text("gateway_ip"),
    text("wan_ip"),
    number("bind_status"),  # as DescribeHostedDevice's page numbers it
    number("bind_began_at", null=True),
    number("bind_ends_at", null=True),
    number("added_at"),
    Index("hosted_devices_by_account", "account_id", "instance_id"),
)

devices_sold = Table(
    "devices_sold",
    metadata,
    Column("zone_id", Integer, primary_key=True),
    Column("class_code", Text, primary_key=True),
    number("sold"),  # of the catalogue's stock
    sqlite_with_rowid=False,
)
