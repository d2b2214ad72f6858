"""The engine's own tables, and how columns are written.

Every value is a whole number, a text or bytes, so that a statement can run straight on the driver: moments are
milliseconds since the epoch, lists and objects are JSON text. `SCHEMA_VERSION` counts the changes of any table, those
that `resource.py` makes from records included.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text

SCHEMA_VERSION = 5

metadata = MetaData()


def text(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null)


def number(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, Integer, nullable=null)


world = Table("world", metadata, Column("key", Text, primary_key=True), text("value"))

accounts = Table(
    "accounts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("app_id", Text, nullable=False, unique=True),
    number("script_quota"),
    number("balance"),  # cents
    number("may_buy"),  # 0 or 1
    number("docker_customer"),  # 0 or 1
    number("may_postpay"),  # 0 or 1
    text("quotas"),  # JSON: accounts.py
)

credentials = Table(
    "credentials",
    metadata,
    Column("secret_id", Text, primary_key=True),
    text("secret_key"),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    text("allowed_actions", null=True),  # JSON list; null: every action
)

nonces = Table(
    "nonces",
    metadata,
    Column("id", Integer, primary_key=True),
    number("timestamp"),  # seconds
    Column("marks", LargeBinary, nullable=False),  # eight bytes each: nonces.py
    Index("nonces_by_timestamp", "timestamp"),
)

operations = Table(
    "operations",
    metadata,
    Column("id", Integer, primary_key=True),
    text("kind"),
    text("subject", null=True),  # what it ends: part/N of a numbered task, or run/N of a script task
    text("about"),  # the id of the resource that it works on
    number("began_at"),
    number("due_at"),
    text("outcome"),  # JSON: rows to write, or what the kind's own settler needs
    text("failure", null=True),  # JSON: the outcome if it fails; null: it is a date of the calendar, no work
    number("fails"),  # 0 or 1
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
