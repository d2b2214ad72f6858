"""The keywords of the test client, for editors and type checkers.

Generated from the declarations that the emulator checks them against, as docs/contributing.md says. What each means is
in docs/reference.md.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypedDict

from emulator.request import Limits


class SettingsFields(TypedDict, total=False):
    """Settings of an emulator."""

    host: str
    port: int
    database: str | Path | None
    fixtures: tuple[str | Path, ...]
    catalogue: str | Path | None
    devices: int
    seed: str | int
    auth: Literal["strict", "warn", "off"]
    profile: Literal["documented", "observed"]
    region: Literal["note", "check", "scope"] | None
    time_scale: float
    window_seconds: int
    timestamps: Literal["real", "world", "any"]
    limits: Limits
    request_seconds: float
    idle_seconds: float
    max_connections: int | None
    rate_limit: bool
    journal: int
    incidents: str | Path | None
    control_token: str | None
    open_control: bool
    https_port: int | None
    proxy_port: int | None
    proxy_passthrough: bool
    ca_dir: str | Path | None


class FaultFields(TypedDict, total=False):
    """Fields of a fault rule, without its action."""

    secret_id: str | None
    parameters: Mapping[str, str]
    device: str | None
    device_state: str | None
    resource: str | None
    kind: str | None
    state: str | None
    skip: int
    times: int | None
    lasts: float | None
    error: str | int | None
    partly: bool
    force: bool
    http_status: int | None
    body: Mapping[str, Any] | None
    cut: bool
    html: bool
    truncate: bool
    lose_answer: bool
    operation: Literal["fail", "hang", "late"] | None
    hangs_at: int
    late_by: float
    delay: float | Sequence[float] | None


class SearchFields(TypedDict, total=False):
    """Fields of a search in the journal, without the action."""

    code: str | int | None
    method: str | None
    host: str | None
    client: str | None
    authentication: str | None
    parameter: str | None
    fault: bool | None
    began: bool | None
    changed: bool | None
    unknown: bool | None
    slower_than: float | None
    since: int | None
    until: int | None
    limit: int
