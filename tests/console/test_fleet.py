"""Everything that a world holds, in tables and one by one."""

import re

import pytest
from support.browser import Browser
from support.client import Api

from emulator.chapters import RESOURCES
from emulator.console.relations import NO_THINGS, REFERS_TO
from emulator.control.inventory import kinds_by_hand

FLEET = "/_emulator/console/w/default/fleet"
DEVICE = "cpm-an5a9wv4"
RUN = {"cmdId": "cmd-nozcbhuw", "userName": "root", "password": "123456", "cmdParam": "bHM="}


def ids(browser: Browser) -> list[str]:
    return re.findall(r'<th scope="row"><a [^>]*>([^<]*)</a>', browser.html)


def test_the_overview_counts_every_kind(browser: Browser, api: Api) -> None:
    text = browser.open(FLEET).text
    for plural in kinds_by_hand():
        total = api.http.get(f"/_emulator/worlds/default/inventory/{plural}").json()["total"]
        assert f"{total} {plural.replace('_', ' ')}" in text


@pytest.mark.parametrize("plural", kinds_by_hand())
def test_each_thing_of_the_demo_world_has_a_page(browser: Browser, api: Api, plural: str) -> None:
    known = api.http.get(f"/_emulator/worlds/default/inventory/{plural}").json()["ids"]
    browser.open(f"{FLEET}/{plural}")
    assert sorted(ids(browser)) == sorted(known)
    for id in known:
        browser.open(f"{FLEET}/{plural}").follow(id)
        assert browser.status == 200
        assert id in browser.text


def test_a_table_is_searched(browser: Browser) -> None:
    browser.open(f"{FLEET}/devices").press("Show", search="WEB-1")
    assert ids(browser) == [DEVICE]


def test_a_table_is_sorted_by_a_column_and_back(browser: Browser) -> None:
    forwards = ids(browser.open(f"{FLEET}/devices").follow("alias"))
    backwards = ids(browser.follow("alias"))
    assert backwards == forwards[::-1]
    assert "aria-sort" in browser.html


def test_a_table_is_paged(browser: Browser, api: Api) -> None:
    api.http.post("/_emulator/worlds", json={"name": "many", "devices": 120})
    place = "/_emulator/console/w/many/fleet/devices"
    first = ids(browser.open(place))
    second, third = ids(browser.follow("Next page →")), ids(browser.follow("Next page →"))
    assert [len(first), len(second), len(third)] == [50, 50, 20]
    assert len({*first, *second, *third}) == 120


def test_tasks_of_both_kinds_are_one_table(browser: Browser, api: Api) -> None:
    task = api.data("RebootDevice", **{"instanceIds.0": DEVICE, "opUin": "1"})["taskId"]
    api.data("RunUserCmd", **RUN, **{"instanceIds.0": "sdfrfss"})
    [run] = api.data("GetUserCmdTaskList", limit=1)["list"]
    assert {str(task), run["taskId"]} <= set(ids(browser.open(f"{FLEET}/tasks")))


def test_a_thing_shows_its_fields_and_hides_its_secrets_until_asked(browser: Browser, api: Api) -> None:
    view = api.http.get(f"/_emulator/worlds/default/inventory/devices/{DEVICE}").json()
    browser.open(f"{FLEET}/devices/{DEVICE}")
    assert view["lan_ip"] in browser.text
    assert view["out_of_band"]["password"] not in browser.html
    assert view["out_of_band"]["password"] in browser.follow("Show secrets").text
    assert view["out_of_band"]["password"] not in browser.follow("Hide secrets").html


def test_what_belongs_together_is_linked_both_ways(browser: Browser) -> None:
    browser.open(f"{FLEET}/devices/{DEVICE}").follow("subnet-1so5ae8m")
    assert DEVICE in browser.links
    browser.follow("vpc-34cxlz7z")
    assert "subnet-1so5ae8m" in browser.links


def test_the_work_on_a_thing_is_shown_with_its_progress(browser: Browser, api: Api) -> None:
    api.data("RebootDevice", **{"instanceIds.0": DEVICE, "opUin": "1"})
    browser.open(f"{FLEET}/devices/{DEVICE}")
    assert re.search(r'<progress max="100" value="0"', browser.html)
    assert "RebootDevice" in browser.text  # its last calls


def test_a_thing_is_set_by_hand(browser: Browser, api: Api) -> None:
    browser.open(f"{FLEET}/devices/{DEVICE}").press("Set", of=DEVICE, state="shutdown", alias="asleep")
    assert "It is set." in browser.text
    view = api.http.get(f"/_emulator/worlds/default/inventory/devices/{DEVICE}").json()
    assert (view["alias"], view["state"]) == ("asleep", "shutdown")


def test_what_cannot_be_set_is_refused_with_the_reason_and_what_was_entered(browser: Browser, api: Api) -> None:
    browser.open(f"{FLEET}/devices/{DEVICE}").press("Set", of=DEVICE, lan_ip="10.99.0.1", alias="moved")
    assert browser.status == 422
    assert "10.99.0.1" in browser.problem
    assert browser.form(DEVICE).fields["lan_ip"] == "10.99.0.1"
    assert browser.form(DEVICE).fields["alias"] == "moved"
    [row] = api.data("DescribeDevice", **{"instanceIds.0": DEVICE})["deviceList"]
    assert row["alias"] == "web-1"


def test_an_empty_form_says_what_to_do(browser: Browser) -> None:
    browser.open(f"{FLEET}/devices/{DEVICE}").press("Set", of=DEVICE)
    assert browser.problem == "nothing was entered: fill in at least one field"


def test_a_field_of_several_parts_is_set_as_json(browser: Browser, api: Api) -> None:
    browser.open(f"{FLEET}/devices/{DEVICE}").press("Set", of=DEVICE, tags='{"team": "a"}', out_of_band="null")
    view = api.http.get(f"/_emulator/worlds/default/inventory/devices/{DEVICE}").json()
    assert (view["tags"], view["out_of_band"]) == ({"team": "a"}, None)
    browser.press("Set", of=DEVICE, tags='{"team": ')
    assert browser.problem.startswith("tags: ")


def test_an_unknown_thing_is_told(browser: Browser) -> None:
    assert browser.open(f"{FLEET}/devices/cpm-nobody").status == 404
    assert browser.problem == "the world has no device &#39;cpm-nobody&#39;"
    assert browser.open(f"{FLEET}/dragons").status == 404
    assert browser.open("/_emulator/console/w/nowhere/fleet").status == 404


def test_an_account_is_set(browser: Browser, api: Api) -> None:
    browser.open(FLEET).follow("251000873").press("Set", balance="1234", may_buy="false")
    [account] = api.http.get("/_emulator/worlds/default/inventory/accounts").json()
    assert (account["balance"], account["may_buy"]) == (1234, False)


def test_the_stock_is_set(browser: Browser, api: Api) -> None:
    browser.open(FLEET).follow("… stock").press("Set", of="stock/set")
    assert "left" in browser.problem
    form = browser.form("stock/set")
    browser.press("Set", of="stock/set", left="3")
    zone, device_class = form.fields["of"].split("/")
    stock = api.http.get("/_emulator/worlds/default/inventory/stock").json()
    assert {"zone_id": int(zone), "class_code": device_class, "left": 3} in stock


def test_a_vpc_is_drawn_with_the_state_of_what_is_in_it(browser: Browser, api: Api) -> None:
    browser.open(f"{FLEET}/vpcs/vpc-34cxlz7z").follow("Drawing")
    square = rf'<a href="[^"]*{DEVICE}"><title>device {DEVICE}[^<]*</title><rect class="thing (\w+)"'
    assert re.findall(square, browser.html) == ["good"]
    api.data("ShutdownDevice", **{"instanceIds.0": DEVICE, "opUin": "1"})
    assert re.findall(square, browser.open(browser.address).html) == ["busy"]
    api.http.post("/_emulator/worlds/default/clock/advance-to-idle", json={})
    assert re.findall(square, browser.open(browser.address).html) == ["bad"]


@pytest.mark.parametrize("kind", kinds_by_hand())
def test_every_table_can_be_searched(browser: Browser, kind: str) -> None:
    for query in ("search=a", "search=%25&sort=", "search='&page=2"):
        assert browser.open(f"{FLEET}/{kind}?{query}").status == 200


@pytest.mark.parametrize("sort", ["password", "-password", "nope", "state"])
def test_a_table_is_sorted_by_no_column_that_it_does_not_show(browser: Browser, sort: str) -> None:
    assert browser.open(f"{FLEET}/devices?sort={sort}").status == 422
    assert "is none of instance_id" in browser.problem


def test_a_refused_form_shows_no_secret_that_was_entered(browser: Browser) -> None:
    browser.open(f"{FLEET}/devices/{DEVICE}").press("Set", of=DEVICE, password="S3cret!pass9", deadline="never")
    assert "deadline" in browser.problem
    assert "S3cret!pass9" not in browser.html


def test_the_servers_in_a_state_are_listed(browser: Browser, api: Api) -> None:
    api.data("ShutdownDevice", **{"instanceIds.0": DEVICE, "opUin": "1"})
    api.http.post("/_emulator/worlds/default/clock/advance-to-idle", json={})
    browser.open(f"{FLEET}/devices").press("Show", of="", state="shutdown")
    listed = [link for link in browser.links if link.startswith("cpm-")]
    assert DEVICE in listed
    assert all(
        api.http.get(f"/_emulator/worlds/default/inventory/devices/{id}").json()["state"] == "shutdown" for id in listed
    )
    assert f"{len(listed)} in all" in browser.text


def test_every_column_that_names_a_thing_is_known_as_such() -> None:
    """A new kind whose columns have other names is seen here."""
    kinds = [resource for resource in RESOURCES.values() if resource.by_hand]
    ids = {name for kind in kinds for name in kind.record._fields if name.endswith("_id") and name != kind.id}
    assert ids <= {*REFERS_TO, *NO_THINGS} | {kind.id for kind in kinds}
    assert set(REFERS_TO) <= {name for kind in kinds for name in kind.record._fields}
    assert {plural for plurals in REFERS_TO.values() for plural in plurals} <= {kind.plural for kind in kinds}
