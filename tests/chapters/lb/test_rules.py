"""Domains and paths of listeners of layer 7."""

from typing import Any

import pytest

from chapters.lb.conftest import DONE, FAILED, SECONDS, Balancers, MakeBalancers
from chapters.lb.world import BROKEN_DOMAIN, BROKEN_LOCATION, DOMAIN, HTTP, LOCATION, PUBLIC, world
from chapters.vpc.world import SERVER

AT = {"loadBalancerId": PUBLIC, "listenerId": HTTP}


def rules_of(lb: Balancers, **by: Any) -> dict[str, dict[str, Any]]:
    """The paths of each domain, by domain and path."""
    found = lb.ask("DescribeBmForwardRules", **AT, **by)["ruleSet"]
    return {rule["domain"]: {path["url"]: path for path in rule["locations"]} for rule in found}


def rule(place: int, domain: str, url: str, **more: Any) -> dict[str, Any]:
    return {f"rules.{place}.{name}": value for name, value in {"domain": domain, "url": url, **more}.items()}


def test_paths_of_one_domain_come_together(lb: Balancers) -> None:
    wanted = {**rule(0, "c.com", "/"), **rule(1, "a.com", "/new"), **rule(2, "c.com", "/more")}
    task = lb.ask("CreateBmForwardRules", **AT, **wanted)["requestId"]
    assert {url: path["status"] for url, path in rules_of(lb)["c.com"].items()} == {"/": 0, "/more": 0}
    lb.clock.advance(SECONDS)
    assert lb.state(task) == DONE
    found = rules_of(lb)
    assert {url: path["status"] for url, path in found["c.com"].items()} == {"/": 1, "/more": 1}
    assert set(found["a.com"]) == {"/", "/broken", "/new"}


def test_a_path_has_the_documented_defaults_and_what_is_sent(lb: Balancers) -> None:
    settings = {"sessionExpire": 30, "healthSwitch": 1, "intervalTime": 6, "healthNum": 4, "unhealthNum": 2}
    settings |= {"httpCode": 7, "balanceMode": "ip_hash", "httpCheckPath": "/up"}
    lb.do("CreateBmForwardRules", **AT, **rule(0, "c.com", "/"), **rule(1, "d.com", "/", **settings))
    found = rules_of(lb)
    plain, full = found["c.com"]["/"], found["d.com"]["/"]
    defaults = {"sessionExpire": 0, "healthSwitch": 0, "intervalTime": 5, "healthNum": 3, "unhealthNum": 5}
    assert {name: plain[name] for name in defaults} == defaults
    assert (plain["balanceMode"], plain["httpCode"]) == ("wrr", 31)
    assert {name: full[name] for name in settings} == settings


@pytest.mark.parametrize("domain", ["_", "a-1.B", "*.c.com", "www.c.*", "~^www[0-9]+.com$", "a" * 80])
def test_the_forms_of_domains(lb: Balancers, domain: str) -> None:
    assert lb.call("CreateBmForwardRules", **AT, **rule(0, domain, "/"))["code"] == 0


@pytest.mark.parametrize("url", ["/a-b.c?d%20#e&f=g_h", "~ /a|b", "~*/a", "^~ /a", "= /", "/" + "a" * 79])
def test_the_forms_of_paths(lb: Balancers, url: str) -> None:
    assert lb.call("CreateBmForwardRules", **AT, **rule(0, "c.com", url))["code"] == 0


@pytest.mark.parametrize(
    ("domain", "checked"),
    [("_", "x.org"), ("*.c.com", "www.c.com"), ("www.c.*", "www.c.org"), ("~.*", "x"), ("c.com",) * 2],
)
def test_a_checks_domain_matches_the_forwarded_one(lb: Balancers, domain: str, checked: str) -> None:
    assert lb.call("CreateBmForwardRules", **AT, **rule(0, domain, "/", httpCheckDomain=checked))["code"] == 0


def test_what_a_change_does_not_name_stays(lb: Balancers) -> None:
    before = rules_of(lb)["a.com"]["/"]
    ids = {"domainId": DOMAIN, "locationId": LOCATION}
    change = {f"rules.0.{name}": value for name, value in {**ids, "url": "/x", "httpCode": 3}.items()}
    assert lb.do("ModifyBmForwardLocation", **AT, **change) == DONE
    assert rules_of(lb)["a.com"]["/x"] == {**before, "url": "/x", "httpCode": 3}


def test_a_deleted_path_is_seen_going_and_its_domain_stays(lb: Balancers) -> None:
    lb.ask("DeleteBmForwardRules", **AT, domainId=DOMAIN, **{"locationIds.0": LOCATION})
    assert rules_of(lb)["a.com"]["/"]["status"] == 3
    lb.clock.advance(SECONDS)
    assert set(rules_of(lb)["a.com"]) == {"/broken"}
    assert lb.ask("DescribeBmBindInfo", **{"instanceIds.0": SERVER})["loadBalancerSet"][0]["L7ListenerSet"] == []


def test_a_deleted_domain_takes_its_paths(lb: Balancers) -> None:
    lb.ask("DeleteBmForwardDomains", **AT, **{"domainIds.0": DOMAIN})
    assert {path["status"] for path in rules_of(lb)["a.com"].values()} == {3}
    lb.clock.advance(SECONDS)
    assert set(rules_of(lb)) == {"b.com"}


def test_what_could_not_be_made_or_deleted_says_so_and_can_be_deleted(make: MakeBalancers) -> None:
    text = ('\n[[faults]]\naction = "{}"\noperation = "fail"\ntimes = 1\n').format
    lb = make(world() + text("CreateBmForwardRules") + text("DeleteBmForwardDomains"))
    assert lb.do("CreateBmForwardRules", **AT, **rule(0, "c.com", "/")) == FAILED
    [row] = [it for it in lb.ask("DescribeBmForwardRules", **AT)["ruleSet"] if it["domain"] == "c.com"]
    assert (row["status"], row["locations"][0]["status"]) == (2, 2)
    for state, shown in ((FAILED, 4), (DONE, None)):
        assert lb.do("DeleteBmForwardDomains", **AT, **{"domainIds.0": row["domainId"]}) == state
        left = [it["status"] for it in lb.ask("DescribeBmForwardRules", **AT)["ruleSet"] if it["domain"] == "c.com"]
        assert left == ([] if shown is None else [shown])


def test_the_list_is_limited_to_domains(lb: Balancers) -> None:
    assert set(rules_of(lb, **{"domainIds.0": BROKEN_DOMAIN})) == {"b.com"}


def test_what_is_being_made_cannot_be_changed_or_deleted(lb: Balancers) -> None:
    ids = {"rules.0.domainId": DOMAIN, "rules.0.locationId": BROKEN_LOCATION}
    assert lb.call("ModifyBmForwardLocation", **AT, **ids, **{"rules.0.url": "/x"})["code"] == -12011
