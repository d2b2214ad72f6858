"""The world that most tests of load balancers begin with: a public and an internal one, with all that they can have."""

from datetime import UTC, datetime
from typing import Any

from support.certificates import certificate

from chapters.vpc.cases import TASK
from chapters.vpc.world import OTHER, SERVER, VPC, WEB, table
from chapters.vpc.world import world as network

PUBLIC, PRIVATE, NEW, AWAY = "lb-aaaaaaaa", "lb-bbbbbbbb", "lb-nnnnnnnn", "lb-oooooooo"
TCP, UDP, OLD, BROKEN = "lbl-tcp00000", "lbl-udp00000", "lbl-old00000", "lbl-brk00000"
HTTP, HTTPS, BROKEN_7, HTTP_AWAY = "lbl-http0000", "lbl-https000", "lbl-brk70000", "lbl-away0000"
DOMAIN, BROKEN_DOMAIN, LOCATION, BROKEN_LOCATION = "dm-aaaaaaaa", "dm-bbbbbbbb", "loc-aaaaaaaa", "loc-bbbbbbbb"
ADDRESS, FAR_SERVER, ISOLATED = "10.0.1.20", "cpm-faraway0", "cpm-isolated"
CERT, CA, EXPIRED = "cert0000", "cert00ca", "certold0"
MIRROR, ORPHAN = "tm-aaaaaaaa", "tm-oooooooo"
OLD_CERTIFICATE = certificate("old.com", begins=datetime(2015, 1, 1, tzinfo=UTC), ends=datetime(2016, 1, 1, tzinfo=UTC))
AUTHORITY = certificate("the authority", authority=True)


def backend(holder: str, kind: str, target: str, port: int, **more: Any) -> str:
    place = {"id": f"{holder}/{target}/{port}", "kind": kind, "holder": holder, "target": target, "port": port}
    return table("backends", **place, **more)


def pem(cert_id: str, content: str, key: str = "", kind: str = "SVR") -> str:
    texts = f'content = """\n{content}"""\nprivate_key = """{key}"""\n'
    return table("certificates", cert_id=cert_id, name=cert_id, kind=kind) + texts


def _domain(domain_id: str, domain: str, status: int = 1) -> str:
    return table("forward_domains", domain_id=domain_id, lb_id=PUBLIC, listener_id=HTTP, domain=domain, status=status)


def _location(location_id: str, url: str, status: int = 1, **more: Any) -> str:
    ids = {"location_id": location_id, "lb_id": PUBLIC, "listener_id": HTTP, "domain_id": DOMAIN}
    return table("locations", **ids, url=url, status=status, **more)


_CHECKED = {"health_switch": 1, "custom_health_switch": 1, "input_type": "text"}
_TABLES = (
    table("devices", instance_id=FAR_SERVER, alias="far", vpc=OTHER, subnet="subnet-far00000", lan_ip="10.1.1.9"),
    table("devices", instance_id=ISOLATED, alias="isolated", vpc=VPC, subnet=WEB, lan_ip="10.0.1.12", state="isolated"),
    table("load_balancers", lb_id=PUBLIC, name="front", vip="140.140.9.9", vpc=VPC, domain="front.hslb.myqcloud.com"),
    table("load_balancers", lb_id=PRIVATE, name="back", vip="10.0.1.40", vpc=VPC, subnet=WEB) + 'kind = "internal"\n',
    table("load_balancers", lb_id=NEW, name="new", vip="140.140.9.10", vpc=VPC, status=0),
    table("load_balancers", lb_id=AWAY, name="away", vip="140.140.9.11", vpc=OTHER),
    pem(CERT, *certificate("a.com", "a.com", "www.a.com")),
    pem(CA, AUTHORITY[0], kind="CA"),
    pem(EXPIRED, *OLD_CERTIFICATE),
    table("listeners", listener_id=TCP, lb_id=PUBLIC, name="web", port=80, **_CHECKED),
    table("listeners", listener_id=UDP, lb_id=PUBLIC, name="dns", port=53, protocol="udp"),
    table("listeners", listener_id=OLD, lb_id=PUBLIC, name="older", port=90, instance_port=9000, health_switch=1),
    table("listeners", listener_id=BROKEN, lb_id=PUBLIC, name="broken", port=81, status=2),
    table("forward_listeners", listener_id=HTTP, lb_id=PUBLIC, name="pages", port=8000),
    table("forward_listeners", listener_id=BROKEN_7, lb_id=PUBLIC, name="broken", port=8001, status=2),
    table("forward_listeners", listener_id=HTTP_AWAY, lb_id=AWAY, name="away", port=80),
    table("forward_listeners", listener_id=HTTPS, lb_id=PUBLIC, name="safe", port=8443, ssl_mode=1, cert_id=CERT)
    + 'protocol = "https"\n',
    _domain(DOMAIN, "a.com"),
    _domain(BROKEN_DOMAIN, "b.com", 2),
    _location(LOCATION, "/", health_switch=1),
    _location(BROKEN_LOCATION, "/broken", 0),
    table("traffic_mirrors", mirror_id=MIRROR, alias="copy", vpc=VPC),
    table("traffic_mirrors", mirror_id=ORPHAN, alias="orphan", vpc="vpc-gone0000"),
    table("mirror_listeners", id=f"{MIRROR}/{HTTPS}", mirror_id=MIRROR, listener_id=HTTPS),
    backend(TCP, "listeners", SERVER, 8080, lb_id=PUBLIC),
    backend(TCP, "listeners", ADDRESS, 7000, lb_id=PUBLIC, bind_type=1),
    backend(LOCATION, "locations", SERVER, 8080, lb_id=PUBLIC),
    backend(LOCATION, "locations", ADDRESS, 7000, lb_id=PUBLIC, bind_type=1),
    backend(PUBLIC, "load_balancers", SERVER, 0, lb_id=PUBLIC),
    backend(OLD, "listeners", SERVER, 9000, lb_id=PUBLIC),
    backend(MIRROR, "traffic_mirrors", SERVER, 8080),
)


def world(quotas: str = "", *tables: str) -> str:
    return network(quotas, TASK, *_TABLES, *tables)
