"""The tables of a world.

Every value is a whole number, a text or bytes, so that a statement can run straight on the driver: moments are
milliseconds since the epoch, lists and objects are JSON text. `SCHEMA_VERSION` counts the changes of this file.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text

SCHEMA_VERSION = 2

metadata = MetaData()


def text(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null)


def number(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, Integer, nullable=null)


def account() -> Column[int]:
    return Column("account_id", ForeignKey("accounts.id"), nullable=False)


world = Table("world", metadata, Column("key", Text, primary_key=True), text("value"))

accounts = Table(
    "accounts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("app_id", Text, nullable=False, unique=True),
    number("script_quota"),
    number("balance"),  # cents
    Column("may_buy", Integer, nullable=False, server_default="1"),  # 0 or 1
    Column("docker_customer", Integer, nullable=False, server_default="0"),  # 0 or 1
)

credentials = Table(
    "credentials",
    metadata,
    Column("secret_id", Text, primary_key=True),
    text("secret_key"),
    account(),
    text("allowed_actions", null=True),  # JSON list; null: every action
)

nonces = Table(
    "nonces",
    metadata,
    Column("id", Integer, primary_key=True),
    number("newest"),  # the latest timestamp among them, in seconds
    Column("uses", LargeBinary, nullable=False),  # pairs of timestamp and mark: nonces.py
)

zones = Table(
    "zones",
    metadata,
    Column("id", Integer, primary_key=True),
    text("vpn_gateway", null=True),  # host:port
)

vpn_accounts = Table(
    "vpn_accounts",
    metadata,
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    text("user_name"),
    text("user_group"),
    text("password"),
)

vpcs = Table(
    "vpcs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("un_id", Text, nullable=False, unique=True),
    account(),
    text("name"),
    text("cidr"),
    Column("tgw_mode", Text, nullable=False, server_default="shared"),  # shared or exclusive
)

subnets = Table(
    "subnets",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("un_id", Text, nullable=False, unique=True),
    account(),
    text("vpc"),  # un_id; no foreign key: a VPC may go before its subnets do
    text("name"),
    text("cidr"),
    Column("docker", Integer, nullable=False, server_default="0"),  # 0 or 1: meant for containers
)

scripts = Table(
    "scripts",
    metadata,
    Column("auto_id", Integer, primary_key=True),
    Column("cmd_id", Text, nullable=False, unique=True),
    account(),
    text("alias"),
    text("os_type"),
    text("content"),  # base64, as sent
    number("created_at"),
    number("modified_at"),
    Index("scripts_by_account", "account_id", "created_at"),
    sqlite_autoincrement=True,
)

tasks = Table(
    "tasks",
    metadata,
    Column("auto_id", Integer, primary_key=True),
    Column("task_id", Text, nullable=False, unique=True),
    account(),
    text("cmd_id"),
    text("cmd_alias"),
    number("status"),  # -1 in progress, 0 finished
    number("instance_count"),
    number("success_count"),
    number("failure_count"),
    number("began_at"),
    number("ended_at", null=True),
    Index("tasks_by_account", "account_id", "began_at"),
    sqlite_autoincrement=True,
)

task_runs = Table(
    "task_runs",
    metadata,
    Column("auto_id", Integer, primary_key=True),
    Column("task_id", ForeignKey("tasks.task_id"), nullable=False, index=True),
    number("began_at"),
    number("ended_at", null=True),
    number("status"),  # -1 in progress, 0 success, above 0 an error number
    text("instance_id"),
    text("instance_name"),
    text("vpc_name"),
    text("vpc_id"),
    text("un_vpc_id"),
    text("vpc_cidr"),
    text("subnet_name"),
    text("subnet_id"),
    text("un_subnet_id"),
    text("subnet_cidr"),
    text("lan_ip"),
    text("cmd_content"),  # base64
    text("cmd_param"),  # base64
    text("cmd_result"),  # base64
    number("last_shell_exit"),
    sqlite_autoincrement=True,
)

operations = Table(
    "operations",
    metadata,
    Column("id", Integer, primary_key=True),
    text("kind"),
    number("subject"),  # the row it will change
    text("about"),  # the id of the device or network that it works on
    number("began_at"),
    number("due_at"),
    text("outcome"),  # JSON
    text("failure", null=True),  # JSON: the outcome if it fails; null: it is a date of the calendar, no work
    Column("fails", Integer, nullable=False, server_default="0"),  # 0 or 1
    number("hangs_at", null=True),  # per cent; null: it does not hang
    Index("operations_by_due", "due_at", "id"),
    Index("operations_by_about", "about"),
    sqlite_autoincrement=True,
)

scripted_outcomes = Table(
    "scripted_outcomes",
    metadata,
    Column("id", Integer, primary_key=True),
    text("command", null=True),  # a script's id or name; null: any
    text("device", null=True),  # a device's id or name
    text("parameter", null=True),  # the decoded cmdParam
    number("exit_code"),
    text("output", null=True),  # null: the usual transcript
    number("duration_ms", null=True),  # null: the usual duration
)

faults = Table(
    "faults",
    metadata,
    Column("id", Integer, primary_key=True),
    text("rule"),  # JSON: rules.py
    text("incident", null=True),  # the named plan that set it
    number("set_at"),
    number("seen"),  # calls that it fitted
    number("fired"),
)

counters = Table(
    "counters",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    number("next"),
    sqlite_with_rowid=False,
)
