"""Load balancers: parameters that each action accepts, and a case for each documented error."""

from typing import Any

from support.account import fault
from support.cases import Call, Case, Params, changed, errors_of
from support.certificates import certificate

from chapters.lb.world import (
    ADDRESS,
    BROKEN,
    BROKEN_7,
    BROKEN_DOMAIN,
    BROKEN_LOCATION,
    CA,
    CERT,
    DOMAIN,
    EXPIRED,
    FAR_SERVER,
    HTTP,
    HTTPS,
    ISOLATED,
    LOCATION,
    NEW,
    OLD,
    OLD_CERTIFICATE,
    PRIVATE,
    PUBLIC,
    TCP,
    UDP,
    world,
)
from chapters.vpc.world import EMPTY, FAR, FULL, GOING, SECOND, SERVER, VPC, WEB, table

_TAKEN = {"lb_id": "lb-cccccccc", "name": "c", "vip": "1.2.3.4", "vpc": EMPTY, "domain": "c.hslb.myqcloud.com"}
INSIDE = {"unVpcId": VPC, "unSubnetId": WEB, "loadBalancerType": "internal"}
_LB = {"loadBalancerId": PUBLIC}
_AT = {**_LB, "listenerId": TCP}
_RULES = {**_LB, "listenerId": HTTP}
_PATH = {**_RULES, "domainId": DOMAIN, "locationId": LOCATION}
_CONTENT, _KEY = certificate("b.com")
GOOD: dict[str, Params] = {
    "BindBmL4ListenerRs": {
        **_AT,
        "backends.0.port": 81,
        "backends.0.probePort": 82,
        "backends.0.instanceId": SECOND,
        "backends.0.weight": 10,
    },
    "BindBmL4ListenerVmIp": {**_AT, "vmList.0.port": 81, "vmList.0.vmIp": ADDRESS, "vmList.0.weight": 10},
    "BindBmL7LocationVmIp": {**_PATH, "vmList.0.port": 81, "vmList.0.vmIp": ADDRESS, "vmList.0.weight": 10},
    "BindBmLocationInstances": {
        **_PATH,
        "backends.0.port": 81,
        "backends.0.instanceId": SECOND,
        "backends.0.weight": 10,
    },
    "CreateBmForwardListeners": {
        **_LB,
        "listeners.0.loadBalancerPort": 8010,
        "listeners.0.protocol": "https",
        "listeners.0.listenerName": "new",
        "listeners.0.SSLMode": 1,
        "listeners.0.certId": CERT,
    },
    "CreateBmForwardRules": {**_RULES, "rules.0.domain": "a.com", "rules.0.url": "/new"},
    "CreateBmListeners": {
        **_LB,
        "listeners.0.loadBalancerPort": 8010,
        "listeners.0.protocol": "tcp",
        "listeners.0.listenerName": "new",
    },
    "CreateBmLoadBalancer": {"unVpcId": VPC, "loadBalancerType": "open"},
    "CreateBmLoadBalancerListeners": {
        **_LB,
        "listeners.0.loadBalancerPort": 8010,
        "listeners.0.instancePort": 8011,
        "listeners.0.protocol": 2,
    },
    "DeleteBmForwardDomains": {**_RULES, "domainIds.0": DOMAIN},
    "DeleteBmForwardRules": {**_RULES, "domainId": DOMAIN, "locationIds.0": LOCATION},
    "DeleteBmListeners": {**_LB, "listenerIds.0": TCP},
    "DeleteBmLoadBalancerListeners": {**_LB, "listenerIds.0": TCP},
    "DeleteBmLoadBalancers": _LB,
    "DeregisterInstancesFromBmLoadBalancer": {**_LB, "backends.0.instanceId": SERVER},
    "DescribeBmBindInfo": {"instanceIds.0": SERVER, "unVpcId": VPC},
    "DescribeBmForwardListenerInfo": _LB,
    "DescribeBmForwardListeners": _LB,
    "DescribeBmForwardRules": _RULES,
    "DescribeBmL4ListenerBackends": _AT,
    "DescribeBmLBHealthStatus": {"loadBalanceId": PUBLIC},
    "DescribeBmListenerInfo": _LB,
    "DescribeBmListeners": _LB,
    "DescribeBmLoadBalancerBackends": _LB,
    "DescribeBmLoadBalancerListeners": _LB,
    "DescribeBmLoadBalancers": {"loadBalancerIds.0": PUBLIC},
    "DescribeBmLoadBalancersByInstances": {"backendInstanceIds.0": SERVER},
    "DescribeBmLoadBalancersTaskResult": {"requestId": 7},
    "DescribeBmLocationBackends": _PATH,
    "DescribeBmVportInfo": _LB,
    "GetBmCertDetail": {"certId": CERT},
    "InquiryBmLBPrice": {"loadBalancerType": "open"},
    "ModifyBmForwardListener": {**_LB, "listenerId": HTTPS, "listenerName": "renamed"},
    "ModifyBmForwardLocation": {
        **_RULES,
        "rules.0.domainId": DOMAIN,
        "rules.0.locationId": LOCATION,
        "rules.0.url": "/other",
    },
    "ModifyBmL4ListenerBackendPort": {**_AT, "instanceId": SERVER, "port": 8080, "newPort": 8081},
    "ModifyBmL4ListenerBackendProbePort": {**_AT, "instanceId": SERVER, "port": 8080, "probePort": 8081},
    "ModifyBmL4ListenerBackendWeight": {**_AT, "instanceId": SERVER, "port": 8080, "weight": 0},
    "ModifyBmListener": {**_AT, "listenerName": "renamed"},
    "ModifyBmLoadBalancerAttributes": {**_LB, "loadBalancerName": "renamed"},
    "ModifyBmLoadBalancerBackends": {**_LB, "backends.0.instanceId": SERVER, "backends.0.weight": 3},
    "ModifyBmLoadBalancerListener": {**_AT, "listenerName": "renamed"},
    "ModifyBmLocationBackendPort": {**_PATH, "instanceId": SERVER, "port": 8080, "newPort": 8081},
    "ModifyBmLocationBackendWeight": {**_PATH, "instanceId": SERVER, "port": 8080, "weight": 0},
    "RegisterInstancesWithBmLoadBalancer": {**_LB, "backends.0.instanceId": SECOND},
    "ReplaceBmCert": {"oldCertId": CERT, "newCert": _CONTENT, "newKey": _KEY},
    "UnbindBmL4ListenerRs": {**_AT, "backends.0.port": 8080, "backends.0.instanceId": SERVER},
    "UnbindBmL4ListenerVmIp": {**_AT, "vmList.0.port": 7000, "vmList.0.vmIp": ADDRESS},
    "UnbindBmL7LocationVmIp": {**_PATH, "vmList.0.port": 7000, "vmList.0.vmIp": ADDRESS},
    "UnbindBmLocationInstances": {**_PATH, "backends.0.port": 8080, "backends.0.instanceId": SERVER},
    "UploadBmCert": {"certType": "SVR", "cert": _CONTENT, "key": _KEY},
}


def poor(balance: int) -> str:
    return world().replace('app_id = "1251001002"', f'app_id = "1251001002"\nbalance = {balance}', 1)


WORLD = world()
NO_BUYER = WORLD.replace('app_id = "1251001002"', 'app_id = "1251001002"\nmay_buy = false', 1)
_BAD, _NO_BALANCER, _BUSY, _NOT_ALLOWED, _NO_NETWORK = 9003, 11041, 12003, -21001, 20002
_BY_FAULT = (9006, 9009, 11060, 14100, 28000, 500008, 700104, 700108, 700102, -20000, -20005)


def case(action: str, code: int, world: str = WORLD, earlier: Call | None = None, **changes: Any) -> Case:
    return Case(action, code, changed(GOOD[action], **changes), world, earlier=earlier, module="bmlb")


_CHANGE: Call = ("ModifyBmLoadBalancerAttributes", GOOD["ModifyBmLoadBalancerAttributes"])
_CREATE = "CreateBmLoadBalancer"
_BALANCERS = [
    case(_CREATE, _BAD, loadBalancerType="shared"),
    case(_CREATE, _BAD, goodsNum=0),
    case(_CREATE, _BAD, poor(2_999)),
    case(_CREATE, _BAD, loadBalancerType="internal"),
    case(_CREATE, _BAD, **{**INSIDE, "tgwSetType": "dnat"}),
    case(_CREATE, _BAD, ipProtocolType="ipv6", unVpcId="vpc-bbbbbbbb"),
    case(_CREATE, _BAD, **{"specifiedVips.0": "1.2.3.4", "specifiedVips.1": "1.2.3.5"}),
    case(_CREATE, _BAD, **{"specifiedVips.0": "ten"}),
    case(_CREATE, _BAD, **{"specifiedVips.0": "140.140.9.9"}),
    case(_CREATE, _BAD, **{"specifiedVips.0": "183.60.0.3"}),
    case(_CREATE, _BAD, **{**INSIDE, "specifiedVips.0": "10.0.1.10"}),
    case(_CREATE, _BAD, **{**INSIDE, "unSubnetId": FULL}),
    case(_CREATE, 12010, goodsNum=21),
    case(_CREATE, 12011, world("load_balancers = 4")),
    case(_CREATE, _NO_NETWORK, unVpcId="vpc-unknown1"),
    case(_CREATE, _NO_NETWORK, unVpcId=GOING),
    case(_CREATE, _NO_NETWORK, **{**INSIDE, "unSubnetId": FAR}),
    case("DescribeBmLoadBalancers", _BAD, limit=-1),
    case("DeleteBmLoadBalancers", _BUSY, earlier=("DeleteBmLoadBalancers", GOOD["DeleteBmLoadBalancers"])),
    case("InquiryBmLBPrice", 100001, loadBalancerType="shared"),
    case("InquiryBmLBPrice", 100004, NO_BUYER),
    case("ModifyBmLoadBalancerAttributes", _BAD, loadBalancerId="lb-unknown1"),
    case("ModifyBmLoadBalancerAttributes", _BAD, loadBalancerName="a b"),
    case("ModifyBmLoadBalancerAttributes", _BAD, loadBalancerName=None),
    case("ModifyBmLoadBalancerAttributes", _BAD, loadBalancerId=PRIVATE, domainPrefix="back"),
    case("ModifyBmLoadBalancerAttributes", _BAD, earlier=_CHANGE),
    case("ModifyBmLoadBalancerAttributes", _BAD, world("", table("load_balancers", **_TAKEN)), domainPrefix="c"),
]


def _both(code: int, setting: str, value: Any, **more: Any) -> list[Case]:
    """Of making a listener of layer 4 and of changing one."""
    made = {f"listeners.0.{name}": it for name, it in {setting: value, **more}.items()}
    return [case("CreateBmListeners", code, **made), case("ModifyBmListener", code, **{setting: value, **more})]


_PORT = "listeners.0.loadBalancerPort"
_L4 = [
    *_both(_BAD, "timeOut", 10, intervalTime=10),
    *_both(_BAD, "sessionExpire", 899),
    *_both(_BAD, "healthNum", 11),
    *_both(_BAD, "inputType", "hexadecimal", healthSwitch=1, customHealthSwitch=1, healthRequest="xyz"),
    case("CreateBmListeners", _BAD, **{"listeners.0.customHealthSwitch": 1}),
    case("ModifyBmListener", _BAD, healthSwitch=0),
    case("ModifyBmListener", _BAD, listenerName=None),
    case("CreateBmListeners", 12014, world("listeners = 4")),
    case("CreateBmListeners", -12013, **{_PORT: 80}),
    case("CreateBmListeners", -12013, **{_PORT: 8000}),
    case("CreateBmListeners", -12013, **{_PORT: 53, "listeners.0.protocol": "udp"}),
    case("CreateBmListeners", _BUSY, earlier=_CHANGE),
    case("DeleteBmListeners", -12023, **{"listenerIds.0": HTTP}),
    case("DeleteBmListeners", _BUSY, earlier=_CHANGE),
    case("ModifyBmListener", -12023, listenerId="lbl-unknown1"),
    case("ModifyBmListener", -12021, listenerId=BROKEN),
    case("CreateBmLoadBalancerListeners", _BAD, **{_PORT: 80}),
    case("CreateBmLoadBalancerListeners", _BAD, **{"listeners.0.protocol": 3}),
    case("CreateBmLoadBalancerListeners", 12014, world("listeners = 4")),
    case("DeleteBmLoadBalancerListeners", _BAD, earlier=_CHANGE),
    case("DeleteBmLoadBalancerListeners", _BAD, loadBalancerId=NEW),
    case("ModifyBmLoadBalancerListener", _BAD, sessionExpire=899),
    case("ModifyBmLoadBalancerListener", _BAD, listenerId=BROKEN),
    case("ModifyBmLoadBalancerListener", _BAD, earlier=_CHANGE),
    case("DescribeBmLoadBalancerListeners", _BAD, protocol=3),
    case("DescribeBmLBHealthStatus", 12012, loadBalanceId="lb-unknown1"),
]
_RS = "backends.0.instanceId"
_DOWN: Call = ("ShutdownDevice", {"instanceIds.0": SERVER, "opUin": 1})
_DOWN_SECOND: Call = ("ShutdownDevice", {"instanceIds.0": SECOND, "opUin": 1})
_MANY = world("backends = 2")
_BACKENDS = [
    *(case(name, 30011, **{_RS: "cpm-unknown1"}) for name in ("BindBmL4ListenerRs", "BindBmLocationInstances")),
    *(case(name, 30011, **{_RS: FAR_SERVER}) for name in ("BindBmL4ListenerRs", "BindBmLocationInstances")),
    *(case(name, -21000, **{_RS: ISOLATED}) for name in ("BindBmL4ListenerRs", "BindBmLocationInstances")),
    *(case(name, -21000, earlier=_DOWN_SECOND) for name in ("BindBmL4ListenerRs", "BindBmLocationInstances")),
    *(case(name, 12013, _MANY) for name in GOOD if name.startswith("Bind")),
    *(
        case(name, -12024, **{"vmList.0.vmIp": "10.0.1.21"})
        for name in ("BindBmL4ListenerVmIp", "BindBmL7LocationVmIp")
    ),
    *(case(name, -12023, listenerId=HTTP) for name in GOOD if "indBmL4" in name),
    *(case(name, -12021, listenerId=BROKEN) for name in ("BindBmL4ListenerRs", "BindBmL4ListenerVmIp")),
    case("UnbindBmL4ListenerRs", -12021, listenerId=BROKEN),
    case("BindBmL4ListenerRs", -12022, **{_RS: SERVER, "backends.0.port": 8080}),
    case("BindBmL4ListenerRs", -12022, **{_RS: SERVER, "backends.0.port": 9000}),
    case("BindBmL4ListenerVmIp", -12022, **{"vmList.0.port": 7000}),
    case("BindBmL4ListenerRs", _BAD, listenerId=UDP),
    case("BindBmL4ListenerRs", _BAD, **{"backends.0.weight": 101}),
    case("BindBmL7LocationVmIp", -12025, **{"vmList.0.port": 7000}),
    case("BindBmLocationInstances", _BAD, **{_RS: SERVER, "backends.0.port": 8080}),
    case("UnbindBmL4ListenerRs", -21000, earlier=_DOWN),
    case("UnbindBmL4ListenerRs", 30011, **{"backends.0.port": 8081}),
    case("UnbindBmL4ListenerVmIp", _BAD, **{"vmList.0.port": 7001}),
    case("UnbindBmLocationInstances", -21000, earlier=_DOWN),
    case("UnbindBmLocationInstances", 30011, **{_RS: SECOND}),
    case("UnbindBmL7LocationVmIp", _BAD, **{"vmList.0.port": 7001}),
    *(case(name, 30011, port=8088) for name in GOOD if name.endswith(("Port", "Weight"))),
    *(case(name, -21000, earlier=_DOWN) for name in GOOD if "BackendPort" in name),
    case("ModifyBmL4ListenerBackendPort", -12022, newPort=9000),
    case("ModifyBmL4ListenerBackendPort", _BAD, newPort=0),
    case("ModifyBmL4ListenerBackendProbePort", _BAD, listenerId=OLD, port=9000),
    case("ModifyBmL4ListenerBackendWeight", _BUSY, earlier=_CHANGE),
    case("ModifyBmLocationBackendPort", _BAD, locationId="loc-unknown1"),
    case("ModifyBmLocationBackendWeight", _BUSY, earlier=_CHANGE),
    case("DescribeBmL4ListenerBackends", _BAD, listenerId=HTTP),
    case("DescribeBmLocationBackends", _BAD, domainId=BROKEN_DOMAIN),
    case("DescribeBmLocationBackends", _BAD, limit=-1),
    case("DescribeBmBindInfo", _BAD, vpcId="XXX"),
    case("DescribeBmForwardListenerInfo", _BAD, ifGetRsInfo="yes"),
    case("RegisterInstancesWithBmLoadBalancer", 9824, **{_RS: FAR_SERVER}),
    case("RegisterInstancesWithBmLoadBalancer", 10005, **{_RS: ISOLATED}),
    case("RegisterInstancesWithBmLoadBalancer", 10005, **{_RS: SERVER}),
    case("RegisterInstancesWithBmLoadBalancer", 12013, world("balancer_servers = 1")),
    case("RegisterInstancesWithBmLoadBalancer", _BUSY, earlier=_CHANGE),
    case("DeregisterInstancesFromBmLoadBalancer", 9824, **{_RS: FAR_SERVER}),
    case("DeregisterInstancesFromBmLoadBalancer", 10005, **{_RS: SECOND}),
    case("DeregisterInstancesFromBmLoadBalancer", 10005, earlier=_CHANGE),
    case("ModifyBmLoadBalancerBackends", 9824, **{_RS: FAR_SERVER}),
    case("ModifyBmLoadBalancerBackends", 10005, **{_RS: SECOND}),
    case("ModifyBmLoadBalancerBackends", _BUSY, earlier=_CHANGE),
    case("DescribeBmLoadBalancersByInstances", _BAD, limit=101),
]
_RULE_CHANGES = ("DeleteBmForwardDomains", "DeleteBmForwardRules", "ModifyBmForwardLocation")
_ON_RULES = ("CreateBmForwardRules", *_RULE_CHANGES)
_OTHER_KEY = certificate("c.com")[1]
_DELETING = WORLD.replace('domain = "b.com"\nstatus = 2', 'domain = "b.com"\nstatus = 3')
_SAFE = {"listeners.0.certId": None, "listeners.0.certContent": _CONTENT}
_L7 = [
    case("CreateBmForwardListeners", _BAD, **{"listeners.0.SSLMode": 0}),
    case("CreateBmForwardListeners", _BAD, **{"listeners.0.certId": None}),
    case("CreateBmForwardListeners", _BAD, **{"listeners.0.certId": "unknown0"}),
    case("CreateBmForwardListeners", _BAD, **{"listeners.0.protocol": "http"}),
    case("CreateBmForwardListeners", _BAD, **{"listeners.0.SSLMode": 2}),
    case("CreateBmForwardListeners", _BAD, loadBalancerId=PRIVATE),
    case("CreateBmForwardListeners", 12014, world("listeners = 3")),
    case("CreateBmForwardListeners", -12013, **{_PORT: 80}),
    case("CreateBmForwardListeners", -20002, **{"listeners.0.certId": CA}),
    case("CreateBmForwardListeners", -20002, **_SAFE, **{"listeners.0.certKey": _OTHER_KEY}),
    case("CreateBmForwardListeners", -12020, **{"listeners.0.certId": EXPIRED}),
    case("CreateBmForwardListeners", _BUSY, earlier=_CHANGE),
    case("ModifyBmForwardListener", -12000, listenerId=TCP),
    case("ModifyBmForwardListener", -12010, listenerId=BROKEN_7),
    case("ModifyBmForwardListener", -20002, sslMode=2, certCaId=CERT),
    case("ModifyBmForwardListener", -12020, certId=EXPIRED),
    case("ModifyBmForwardListener", _BAD, listenerId=HTTP, sslMode=1, certId=CERT),
    case("ModifyBmForwardListener", _BAD, listenerName=None),
    case("ModifyBmForwardListener", _BUSY, earlier=_CHANGE),
    *(case(name, -12000, listenerId=TCP) for name in _ON_RULES),
    *(case(name, -12010, listenerId=BROKEN_7) for name in _ON_RULES),
    *(case(name, _BUSY, earlier=_CHANGE) for name in _ON_RULES),
    case("CreateBmForwardRules", -12011, **{"rules.0.domain": "b.com"}),
    case("CreateBmForwardRules", -12007, world("forward_domains = 2"), **{"rules.0.domain": "c.com"}),
    case("CreateBmForwardRules", -12008, world("locations = 2")),
    case("CreateBmForwardRules", -12015, **{"rules.0.url": "/"}),
    case("CreateBmForwardRules", -12015, **{"rules.1.domain": "a.com", "rules.1.url": "/new"}),
    *(
        case("CreateBmForwardRules", -12016, **{"rules.0.domain": domain})
        for domain in ("a_b", "a.*.com", "*", "~a b", "ä.com", "a" * 81)
    ),
    *(case("CreateBmForwardRules", -12017, **{"rules.0.url": url}) for url in ("/a b", "~ /{a}", "!/", "/" * 81)),
    *(
        case("CreateBmForwardRules", -12019, **{"rules.0.domain": domain, "rules.0.httpCheckDomain": "c.org"})
        for domain in ("a.com", "*.a.com", "www.a.*")
    ),
    case("CreateBmForwardRules", _BAD, **{"rules.0.sessionExpire": 29}),
    case("CreateBmForwardRules", _BAD, **{"rules.0.httpCheckPath": "~ /a"}),
    case("CreateBmForwardRules", _BAD, **{"rules.0.httpCheckDomain": "*.a.com"}),
    case("ModifyBmForwardLocation", -12003, **{"rules.0.domainId": "dm-unknown1"}),
    case("ModifyBmForwardLocation", -12011, **{"rules.0.locationId": BROKEN_LOCATION}),
    case("ModifyBmForwardLocation", -12015, **{"rules.0.url": "/broken"}),
    case("ModifyBmForwardLocation", -12017, **{"rules.0.url": "/a b"}),
    case("ModifyBmForwardLocation", _BAD, **{"rules.0.url": None}),
    case("ModifyBmForwardLocation", _BAD, **{"rules.0.httpCheckDomain": "c.org"}),
    case("DeleteBmForwardDomains", -12003, **{"domainIds.0": "dm-unknown1"}),
    case("DeleteBmForwardDomains", -12011, _DELETING, **{"domainIds.0": BROKEN_DOMAIN}),
    case("DeleteBmForwardRules", -12003, domainId=BROKEN_DOMAIN),
    case("DeleteBmForwardRules", -12011, **{"locationIds.0": BROKEN_LOCATION}),
    case("DescribeBmForwardRules", _BAD, listenerId=TCP),
    case("DescribeBmForwardListeners", _BAD, loadBalancerId="lb-unknown1"),
    case("UploadBmCert", -20001, certType="server"),
    case("UploadBmCert", -20002, cert="-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----"),
    case("UploadBmCert", -20002, cert=f"{_CONTENT}\n-----BEGIN CERTIFICATE-----\n"),
    case("UploadBmCert", -20002, key=_OTHER_KEY),
    case("UploadBmCert", -20002, key="no key"),
    case("UploadBmCert", -20002, certType="CA"),
    case("UploadBmCert", -12020, cert=OLD_CERTIFICATE[0], key=OLD_CERTIFICATE[1]),
    case("ReplaceBmCert", -20002, newKey=_OTHER_KEY),
    case("ReplaceBmCert", -20002, newCert=OLD_CERTIFICATE[0], newKey=None),
    case("ReplaceBmCert", _BAD, oldCertId="unknown0"),
    case("GetBmCertDetail", _BAD, certId="unknown0"),
]
_OWN = {"InquiryBmLBPrice", "CreateBmLoadBalancer", "DescribeBmLoadBalancers", "DescribeBmLoadBalancersByInstances"}


def _general(name: str, code: int) -> list[Case]:
    """What many pages document in the same way."""
    if code in _BY_FAULT:
        return [case(name, code, WORLD + fault(name, code))]
    if code == _BAD and name not in _OWN:
        return [case(name, code, **{next(iter(GOOD[name])): None})]
    if code == _NO_BALANCER:
        return [case(name, code, loadBalancerId="lb-unknown1")]
    if code == _BUSY:
        return [case(name, code, loadBalancerId=NEW)]
    if code == _NOT_ALLOWED:
        return [case(name, code, earlier=_CHANGE)]
    return []


CASES = [
    *(found for name, code in errors_of(*GOOD, module="bmlb") for found in _general(name, code)),
    *_BALANCERS,
    *_L4,
    *_BACKENDS,
    *_L7,
]
