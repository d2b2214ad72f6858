"""The tables of a world.

Every value is a whole number, a text or bytes, so that a statement can run straight on the driver: moments are
milliseconds since the epoch, lists and objects are JSON text. `SCHEMA_VERSION` counts the changes of this file.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text

SCHEMA_VERSION = 1

metadata = MetaData()


def _text(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null)


def _number(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, Integer, nullable=null)


def _account() -> Column[int]:
    return Column("account_id", ForeignKey("accounts.id"), nullable=False)


world = Table("world", metadata, Column("key", Text, primary_key=True), _text("value"))

accounts = Table(
    "accounts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("app_id", Text, nullable=False, unique=True),
    _number("script_quota"),
)

credentials = Table(
    "credentials",
    metadata,
    Column("secret_id", Text, primary_key=True),
    _text("secret_key"),
    _account(),
    _text("allowed_actions", null=True),  # JSON list; null: every action
)

nonces = Table(
    "nonces",
    metadata,
    Column("id", Integer, primary_key=True),
    _number("newest"),  # the latest timestamp among them, in seconds
    Column("uses", LargeBinary, nullable=False),  # pairs of timestamp and mark: nonces.py
)

zones = Table(
    "zones",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("vpn_gateway", null=True),  # host:port
)

vpn_accounts = Table(
    "vpn_accounts",
    metadata,
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    _text("user_name"),
    _text("user_group"),
    _text("password"),
)

vpcs = Table(
    "vpcs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("un_id", Text, nullable=False, unique=True),
    _account(),
    _text("name"),
    _text("cidr"),
)

subnets = Table(
    "subnets",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("un_id", Text, nullable=False, unique=True),
    _account(),
    _text("vpc"),  # un_id; no foreign key: a VPC may go before its subnets do
    _text("name"),
    _text("cidr"),
)

devices = Table(
    "devices",
    metadata,
    Column("instance_id", Text, primary_key=True),
    _account(),
    _text("alias"),
    _text("state"),  # running, shutdown or isolated
    _text("os_type"),  # linux or xserver, as scripts name it
    _text("lan_ip", null=True),
    _text("vpc", null=True),  # un_id; may name what is gone
    _text("subnet", null=True),
    _text("login_type"),  # password, key or none
    _text("user_name"),
    _text("password"),
    _text("login_key", null=True),
    Index("devices_by_account", "account_id", "instance_id"),
)

out_of_band = Table(
    "out_of_band",
    metadata,
    Column("instance_id", ForeignKey("devices.instance_id"), primary_key=True),
    _text("ip"),
    _text("user_name"),
    _text("password"),
    _text("serial_number"),
)

scripts = Table(
    "scripts",
    metadata,
    Column("auto_id", Integer, primary_key=True),
    Column("cmd_id", Text, nullable=False, unique=True),
    _account(),
    _text("alias"),
    _text("os_type"),
    _text("content"),  # base64, as sent
    _number("created_at"),
    _number("modified_at"),
    Index("scripts_by_account", "account_id", "created_at"),
    sqlite_autoincrement=True,
)

tasks = Table(
    "tasks",
    metadata,
    Column("auto_id", Integer, primary_key=True),
    Column("task_id", Text, nullable=False, unique=True),
    _account(),
    _text("cmd_id"),
    _text("cmd_alias"),
    _number("status"),  # -1 in progress, 0 finished
    _number("instance_count"),
    _number("success_count"),
    _number("failure_count"),
    _number("began_at"),
    _number("ended_at", null=True),
    Index("tasks_by_account", "account_id", "began_at"),
    sqlite_autoincrement=True,
)

task_runs = Table(
    "task_runs",
    metadata,
    Column("auto_id", Integer, primary_key=True),
    Column("task_id", ForeignKey("tasks.task_id"), nullable=False, index=True),
    _number("began_at"),
    _number("ended_at", null=True),
    _number("status"),  # -1 in progress, 0 success, above 0 an error number
    _text("instance_id"),
    _text("instance_name"),
    _text("vpc_name"),
    _text("vpc_id"),
    _text("un_vpc_id"),
    _text("vpc_cidr"),
    _text("subnet_name"),
    _text("subnet_id"),
    _text("un_subnet_id"),
    _text("subnet_cidr"),
    _text("lan_ip"),
    _text("cmd_content"),  # base64
    _text("cmd_param"),  # base64
    _text("cmd_result"),  # base64
    _number("last_shell_exit"),
    sqlite_autoincrement=True,
)

operations = Table(
    "operations",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("kind"),
    _number("subject"),  # the row it will change
    _number("due_at"),
    _text("outcome"),  # JSON
    Index("operations_by_due", "due_at", "id"),
    sqlite_autoincrement=True,
)

scripted_outcomes = Table(
    "scripted_outcomes",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("command", null=True),  # a script's id or name; null: any
    _text("device", null=True),  # a device's id or name
    _text("parameter", null=True),  # the decoded cmdParam
    _number("exit_code"),
    _text("output", null=True),  # null: the usual transcript
    _number("duration_ms", null=True),  # null: the usual duration
)

faults = Table(
    "faults",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("action"),
    _text("error"),  # an error's name or number
    _number("times", null=True),  # null: always
    _number("fired"),
)

counters = Table(
    "counters",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    _number("next"),
    sqlite_with_rowid=False,
)
