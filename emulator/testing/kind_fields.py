"""What the test client can set by hand of each kind of thing, for editors and type checkers.

Generated as fields.py is.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, TypedDict


class AccountFields(TypedDict, total=False):
    """What can be set by hand, of one account."""

    balance: int
    script_quota: int
    may_buy: bool
    docker_customer: bool
    may_postpay: bool
    quotas: Mapping[str, Any]


class BackendFields(TypedDict, total=False):
    """What can be set by hand, of one backend."""

    weight: int
    answers: bool


class CertificateFields(TypedDict, total=False):
    """What can be set by hand, of one certificate."""

    name: str


class DeviceFields(TypedDict, total=False):
    """What can be set by hand, of one device."""

    alias: str
    state: str
    device_status: int
    operate_status: int
    deadline: datetime | str
    auto_renew: bool
    pay_mode: Literal[1, 2]
    agent_alive: bool
    lan_ip: str | None
    wan_ip: str | None
    login_type: Literal["key", "none", "password"]
    user_name: str
    password: str
    login_key: str | None
    tags: Mapping[str, str]
    out_of_band: Mapping[str, Any] | None


class EipFields(TypedDict, total=False):
    """What can be set by hand, of one eip."""

    name: str
    vpc: str
    exclusive: bool
    tunnel: bool
    status: Literal[0, 1, 2, 3, 4, 6, 9]
    bound_to: str
    pay_mode: Literal["bandwidth", "flow"]
    bandwidth: int
    acl: str


class EipAclFields(TypedDict, total=False):
    """What can be set by hand, of one eip acl."""

    name: str
    status: Literal[0, 1]
    inbound: Sequence[Mapping[str, Any]]
    outbound: Sequence[Mapping[str, Any]]
    created_at: datetime | str


class ForwardDomainFields(TypedDict, total=False):
    """What can be set by hand, of one forward domain."""

    status: Literal[0, 1, 2, 3, 4]
    created_at: datetime | str


class ForwardListenerFields(TypedDict, total=False):
    """What can be set by hand, of one forward listener."""

    name: str
    status: Literal[0, 1, 2, 3, 4]
    created_at: datetime | str


class HostedServerFields(TypedDict, total=False):
    """What can be set by hand, of one hosted server."""

    alias: str
    in_order: bool
    user_name: str
    password: str
    wan_ip: str
    lan_ip: None


class InterfaceFields(TypedDict, total=False):
    """What can be set by hand, of one interface."""

    state: Literal["joined", "joining", "leaving"]


class KafkaConfFields(TypedDict, total=False):
    """What can be set by hand, of one kafka conf."""


class ListenerFields(TypedDict, total=False):
    """What can be set by hand, of one listener."""

    name: str
    status: Literal[0, 1, 2, 3, 4]
    created_at: datetime | str


class LoadBalancerFields(TypedDict, total=False):
    """What can be set by hand, of one load balancer."""

    name: str
    domain: str
    status: Literal[0, 1]
    created_at: datetime | str
    status_at: datetime | str


class LocationFields(TypedDict, total=False):
    """What can be set by hand, of one location."""

    status: Literal[0, 1, 2, 3, 4]
    created_at: datetime | str


class MirrorListenerFields(TypedDict, total=False):
    """What can be set by hand, of one mirror listener."""

    status: Literal[0, 1, 2, 3]


class NatBindingFields(TypedDict, total=False):
    """What can be set by hand, of one nat binding."""

    state: Literal["binding", "bound", "unbinding"]


class NatGatewayFields(TypedDict, total=False):
    """What can be set by hand, of one nat gateway."""

    name: str
    running: bool
    production_status: Literal[0, 1, 2]
    created_at: datetime | str


class OperationFields(TypedDict, total=False):
    """What can be set by hand, of one operation."""

    fails: bool
    due_in: float
    hangs_at: int


class ScriptFields(TypedDict, total=False):
    """What can be set by hand, of one script."""

    alias: str
    os_type: Literal["linux", "xserver"]
    content: str
    created_at: datetime | str
    modified_at: datetime | str


class SslVpnFields(TypedDict, total=False):
    """What can be set by hand, of one ssl vpn."""

    name: str
    tx_limit: int
    rx_limit: int
    session_limit: int
    created_at: datetime | str


class SslVpnRuleFields(TypedDict, total=False):
    """What can be set by hand, of one ssl vpn rule."""

    action: Literal["allow", "deny"]


class SslVpnUserFields(TypedDict, total=False):
    """What can be set by hand, of one ssl vpn user."""

    password: str


class SubnetFields(TypedDict, total=False):
    """What can be set by hand, of one subnet."""

    name: str
    docker: bool
    zone_id: int
    vlan_id: int
    created_at: datetime | str


class SubnetIpFields(TypedDict, total=False):
    """What can be set by hand, of one subnet ip."""


class TaskFields(TypedDict, total=False):
    """What can be set by hand, of one task."""

    fails: bool
    due_in: float
    hangs_at: int


class TrafficMirrorFields(TypedDict, total=False):
    """What can be set by hand, of one traffic mirror."""

    alias: str
    created_at: datetime | str


class VpcFields(TypedDict, total=False):
    """What can be set by hand, of one VPC."""

    name: str
    tgw_mode: Literal["exclusive", "shared"]
    status: Literal[0, 1, 2, 3]
    created_at: datetime | str
    legacy: bool
    others: Sequence[Literal["direct_connect", "ipsec", "load_balancer", "peering"]]
