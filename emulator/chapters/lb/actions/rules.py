"""What listeners of layer 7 forward: domains and their paths, made, listed, changed, deleted.

Rules of the same domain come together under it; a domain whose paths are all gone stays. A domain is `_`, or letters,
digits, - and dots, one of these with a * at one end, or a regular expression after ~; a path is letters, digits and
/ - . ? % # & = _, or a regular expression after ~ ~* ^~ =. What ModifyBmForwardLocation does not name stays as it is.
Without httpCode all classes of HTTP status are healthy. A check's domain matches a regular expression always, as
nobody evaluates it.
"""

import re
from typing import Any

from emulator.call import BadParameter, Body, Call, Refusal
from emulator.chapters.lb.actions.finding import (
    LAYER_7_NOT_RUNNING,
    MODULE,
    RULE_NOT_RUNNING,
    check_idle,
    check_running,
    domain_of,
    layer_7,
    location_of,
    made_balancer,
    own_balancer,
    task_body,
)
from emulator.chapters.lb.records.balancers import LoadBalancer
from emulator.chapters.lb.records.forward_listeners import ForwardListener
from emulator.chapters.lb.records.rules import (
    ALL_CLASSES,
    DOMAINS,
    LOCATIONS,
    Domain,
    Location,
    domains_of,
    locations_of,
)
from emulator.chapters.lb.records.status import Status
from emulator.chapters.lb.work.rules import begin_change, begin_creation, begin_deletion, begin_domain_deletion
from emulator.chapters.registry import action
from emulator.clock import to_wire
from emulator.world.accounts import account_of, quotas_of

_TOO_MANY_DOMAINS, _TOO_MANY_PATHS, _THERE_ALREADY = -12007, -12008, -12015
_BAD_DOMAIN, _BAD_PATH, _OTHER_DOMAIN = -12016, -12017, -12019
_LONGEST, _SHORTEST_SESSION = 80, 30
_ANY = "_"
_REGEX = r"""[^ "';`~{}]+"""
_DOMAIN = re.compile(rf"_|\*?[A-Za-z0-9.-]+|[A-Za-z0-9.-]+\*|~ ?{_REGEX}")
_PATH = re.compile(rf"[A-Za-z0-9/.?%#&=_-]+|(~\*|~|\^~|=) ?{_REGEX}")
_PLAIN_DOMAIN, _PLAIN_PATH = re.compile(r"[A-Za-z0-9.-]+"), re.compile(r"[A-Za-z0-9/.?%#&=_-]+")
_SETTINGS = {
    "url": "url",
    "sessionExpire": "session_expire",
    "healthSwitch": "health_switch",
    "intervalTime": "interval_time",
    "healthNum": "health_num",
    "unhealthNum": "unhealth_num",
    "httpCode": "http_code",
    "httpCheckPath": "check_path",
    "httpCheckDomain": "check_domain",
    "balanceMode": "balance_mode",
}


@action("CreateBmForwardRules", MODULE, begins_operations=True)
def create_bm_forward_rules(call: Call) -> Body:
    """Begin to make domains and paths (负载均衡相关接口/七层监听器相关接口/创建负载均衡七层转发规则.md)."""
    balancer, listener = _running(call)
    known = {domain.domain: domain for domain in domains_of(call.world, listener.listener_id)}
    new: list[Domain] = []
    paths: dict[str, set[str]] = {}
    locations = []
    for rule in call["rules"]:
        name = rule["domain"]
        _check_form(name, _DOMAIN, _BAD_DOMAIN)
        if name not in known:
            known[name] = _new_domain(call, listener, name, len(known))
            new.append(known[name])
        domain = known[name]
        if domain not in new:
            check_running(domain, RULE_NOT_RUNNING)
        here = paths.setdefault(name, {it.url for it in locations_of(call.world, domain.domain_id)})
        locations.append(_new_location(call, domain, rule, here))
        here.add(rule["url"])
    check_idle(call, balancer)
    return task_body(begin_creation(call, new, locations))


@action("DescribeBmForwardRules", MODULE)
def describe_bm_forward_rules(call: Call) -> Body:
    """List domains and their paths (负载均衡相关接口/七层监听器相关接口/获取负载均衡七层转发规则.md)."""
    listener = layer_7(call, own_balancer(call, unknown=None), unknown=None)
    ids = call.get("domainIds")
    found = [it for it in domains_of(call.world, listener.listener_id) if not ids or it.domain_id in ids]
    rows = [
        {**row(it), "locations": [path_row(path) for path in locations_of(call.world, it.domain_id)]} for it in found
    ]
    return {"ruleSet": rows, "totalCount": len(rows)}


@action("ModifyBmForwardLocation", MODULE, begins_operations=True)
def modify_bm_forward_location(call: Call) -> Body:
    """Begin to change paths (负载均衡相关接口/七层监听器相关接口/修改负载均衡七层转发路径.md)."""
    balancer, listener = _running(call)
    wanted: dict[str, dict[str, Any]] = {}
    for rule in call["rules"]:
        domain = domain_of(call, listener, rule["domainId"])
        location = location_of(call, domain, rule["locationId"])
        check_running(domain, RULE_NOT_RUNNING)
        check_running(location, RULE_NOT_RUNNING)
        wanted[location.location_id] = _changes(call, domain, location, rule, wanted)
    check_idle(call, balancer)
    return task_body(begin_change(call, balancer.lb_id, wanted))


@action("DeleteBmForwardDomains", MODULE, begins_operations=True)
def delete_bm_forward_domains(call: Call) -> Body:
    """Begin to delete domains with their paths (负载均衡相关接口/七层监听器相关接口/删除负载均衡七层转发域名.md)."""
    balancer, listener = _running(call)
    leaving = [domain_of(call, listener, id) for id in dict.fromkeys(call["domainIds"])]
    for domain in leaving:
        _check_may_go(domain)
    check_idle(call, balancer)
    return task_body(begin_domain_deletion(call, leaving))


@action("DeleteBmForwardRules", MODULE, begins_operations=True)
def delete_bm_forward_rules(call: Call) -> Body:
    """Begin to delete paths (负载均衡相关接口/七层监听器相关接口/删除负载均衡七层转发规则.md)."""
    balancer, listener = _running(call)
    domain = domain_of(call, listener, call["domainId"])
    leaving = [location_of(call, domain, id) for id in dict.fromkeys(call["locationIds"])]
    for location in leaving:
        _check_may_go(location)
    check_idle(call, balancer)
    return task_body(begin_deletion(call, leaving))


def row(domain: Domain) -> Body:
    return {
        "domain": domain.domain,
        "domainId": domain.domain_id,
        "status": domain.status,
        "addTimestamp": to_wire(domain.created_at),
    }


def path_row(location: Location) -> Body:
    return {
        "url": location.url,
        "locationId": location.location_id,
        "sessionExpire": location.session_expire,
        "healthSwitch": location.health_switch,
        "httpCheckPath": location.check_path,
        "httpCheckDomain": location.check_domain,
        "intervalTime": location.interval_time,
        "healthNum": location.health_num,
        "unhealthNum": location.unhealth_num,
        "httpCode": location.http_code,
        "balanceMode": location.balance_mode,
        "status": location.status,
        "addTimestamp": to_wire(location.created_at),
    }


def _running(call: Call) -> tuple[LoadBalancer, ForwardListener]:
    balancer = made_balancer(call)
    listener = layer_7(call, balancer)
    check_running(listener, LAYER_7_NOT_RUNNING)
    return balancer, listener


def _check_may_go(thing: Domain | Location) -> None:
    """What is being made or deleted cannot be deleted; what failed can."""
    if thing.status in (Status.CREATING, Status.DELETING):
        check_running(thing, RULE_NOT_RUNNING)


def _new_domain(call: Call, listener: ForwardListener, name: str, has: int) -> Domain:
    most = quotas_of(account_of(call.world, call.account_id)).forward_domains
    if has >= most:
        raise Refusal(_TOO_MANY_DOMAINS, why=f"{listener.listener_id} has {has} domains and may have {most}")
    own = (DOMAINS.new_id(call.world, call.app_id), call.account_id, listener.lb_id, listener.listener_id)
    return Domain(*own, name, Status.CREATING, call.now)


def _new_location(call: Call, domain: Domain, rule: dict[str, Any], here: set[str]) -> Location:
    most = quotas_of(account_of(call.world, call.account_id)).locations
    if len(here) >= most:
        raise Refusal(_TOO_MANY_PATHS, why=f"{domain.domain} has {len(here)} paths and may have {most}")
    settings = _settings(rule)
    settings.setdefault("http_code", ALL_CLASSES)
    settings.setdefault("check_path", "")
    settings.setdefault("check_domain", "")
    _check(domain, settings, here, check_domain=True)
    ids: dict[str, Any] = {"location_id": LOCATIONS.new_id(call.world, call.app_id), "account_id": call.account_id}
    ids |= {"lb_id": domain.lb_id, "listener_id": domain.listener_id, "domain_id": domain.domain_id}
    return Location(**ids, **settings, status=Status.CREATING, created_at=call.now)


def _changes(
    call: Call, domain: Domain, location: Location, rule: dict[str, Any], earlier: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """`earlier`: what the call changes of other paths."""
    wanted = _settings(rule)
    if not wanted:
        raise BadParameter("rules", f"nothing of {location.location_id} is to be changed: send any of the settings")
    others = [it for it in locations_of(call.world, domain.domain_id) if it.location_id != location.location_id]
    _check(domain, wanted, {earlier.get(it.location_id, {}).get("url", it.url) for it in others}, check_domain=False)
    return {name: value for name, value in wanted.items() if value != getattr(location, name)}


def _settings(rule: dict[str, Any]) -> dict[str, Any]:
    return {column: rule[name] for name, column in _SETTINGS.items() if rule.get(name) not in (None, "")}


def _check(domain: Domain, settings: dict[str, Any], here: set[str], *, check_domain: bool) -> None:
    """`check_domain`: whether the page has an error of its own for a check's domain that is another."""
    if "url" in settings:
        _check_form(settings["url"], _PATH, _BAD_PATH)
        if settings["url"] in here:
            raise Refusal(_THERE_ALREADY, why=f"{domain.domain} has the path {settings['url']} already")
    if 0 < settings.get("session_expire", 0) < _SHORTEST_SESSION:
        raise BadParameter("sessionExpire", f"it is 0, or {_SHORTEST_SESSION} to 3600 seconds")
    if settings.get("check_path") and not _PLAIN_PATH.fullmatch(settings["check_path"]):
        raise BadParameter("httpCheckPath", "a plain path is checked, without a modifier")
    wanted = settings.get("check_domain")
    if wanted and not _PLAIN_DOMAIN.fullmatch(wanted):
        raise BadParameter("httpCheckDomain", "a plain domain is checked")
    if wanted and not _matches(domain.domain, wanted):
        why = f"{wanted} is not forwarded by the domain {domain.domain}"
        raise Refusal(_OTHER_DOMAIN, why=why) if check_domain else BadParameter("httpCheckDomain", why)


def _check_form(text: str, form: re.Pattern[str], error: int) -> None:
    if len(text) > _LONGEST or not text.isascii() or not text.isprintable() or not form.fullmatch(text):
        raise Refusal(error, why=f"{text[:_LONGEST]!r} has none of the forms that the page describes")


def _matches(pattern: str, domain: str) -> bool:
    """Whether a listener's domain forwards a plain one; a regular expression is not evaluated."""
    if pattern == _ANY or pattern.startswith("~"):
        return True
    if pattern.startswith("*"):
        return domain.endswith(pattern[1:])
    return domain.startswith(pattern[:-1]) if pattern.endswith("*") else domain == pattern
