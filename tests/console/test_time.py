"""The world's clock and its pending work, in the console."""

import re

from conftest import MakeApi
from support.browser import Browser
from support.client import Api

TIME = "/_emulator/console/w/default/time"
DEVICE = "cpm-an5a9wv4"


def clock(api: Api) -> dict:
    return api.http.get("/_emulator/worlds/default/clock").json()


def reboot(api: Api, device: str = DEVICE) -> str:
    return api.data("RebootDevice", **{"instanceIds.0": device, "opUin": "1"})["taskId"]


def status(api: Api, task: str) -> int:
    return api.data("DescriptionOperationResult", taskId=task)["status"]


def test_the_clock_is_frozen_and_put_back_to_real_time(browser: Browser, api: Api) -> None:
    browser.open(TIME).press("Freeze now")
    assert "frozen" in browser.text
    assert clock(api)["rate"] == 0
    browser.press("Real time")
    assert clock(api)["real"]


def test_the_clock_is_frozen_at_a_moment(browser: Browser, api: Api) -> None:
    browser.open(TIME).press("Freeze", at="2030-01-01 10:00:00")
    assert clock(api)["time"] == "2030-01-01 10:00:00"


def test_what_is_no_moment_is_refused_and_stays_in_the_form(browser: Browser, api: Api) -> None:
    browser.open(TIME).press("Freeze", at="tomorrow")
    assert browser.status == 422
    assert "tomorrow" in browser.problem
    assert 'value="tomorrow"' in browser.html
    assert clock(api)["real"]


def test_the_clock_advances_by_a_button_or_by_seconds(browser: Browser, api: Api) -> None:
    before = clock(api)["now"]
    browser.open(TIME).press("+ 1 hour")
    browser.press("Advance", seconds="60")
    assert clock(api)["now"] - before == (3600 + 60) * 1000


def test_time_goes_on_to_the_next_event_and_no_further(browser: Browser, api: Api) -> None:
    first, second = reboot(api), reboot(api, "cpm-2bnempu5")
    browser.open(TIME).press("Next event")
    assert "1 operations ended" in browser.text
    assert sorted([status(api, first), status(api, second)]) == [1, 4]


def test_time_goes_on_until_nothing_is_going_on(browser: Browser, api: Api) -> None:
    tasks = [reboot(api), reboot(api, "cpm-2bnempu5")]
    browser.open(TIME).press("Until idle")
    assert "Nothing is going on." in browser.text
    assert [status(api, task) for task in tasks] == [1, 1]
    browser.press("Next event")
    assert browser.problem == "nothing is going on that will end"


def test_work_is_let_fail_hang_and_end(browser: Browser, api: Api) -> None:
    task = reboot(api)
    browser.open(TIME).press("fail")
    assert "it will fail" in browser.text
    browser.press("well")
    assert "it will fail" not in browser.text
    browser.press("hang")
    assert "it hangs" in browser.text
    browser.press("now")
    assert "Nothing is going on." in browser.open(TIME).text
    assert status(api, task) == 1


def bars(browser: Browser) -> list[list[int]]:
    """Of each piece of work: where it begins, how much of it is over, where now is, and how much is left."""
    found = re.findall(
        r'<rect x="(\d+)" width="(\d+)"[^>]*/><rect x="(\d+)" width="(\d+)"[^>]*class="ahead', browser.html
    )
    return [[int(number) for number in bar] for bar in found]


def test_work_is_on_the_time_line_in_proportion(browser: Browser, api: Api) -> None:
    reboot(api)
    reboot(api, "cpm-2bnempu5")
    shorter, longer = bars(browser.open(TIME))
    assert shorter[3] < longer[3] == 1000
    assert browser.links["cpm-2bnempu5"].endswith("/fleet/devices/cpm-2bnempu5")


def test_what_is_over_of_a_piece_of_work_is_told_from_what_is_left(browser: Browser, api: Api) -> None:
    reboot(api)
    browser.open(TIME).press("+ 1 minute")
    [(begins, over, now, left)] = bars(browser)
    assert (begins, over, over + left) == (0, now, 1000)
    assert over > 0


def test_a_bare_number_is_no_time_to_freeze_at(browser: Browser) -> None:
    assert "is not a time" in browser.open(TIME).press("Freeze", at="5").problem


def test_who_ends_work_stays_on_the_page(make_api: MakeApi) -> None:
    api = make_api(devices=100)
    browser = Browser(api.http)
    for id in api.http.get("/_emulator/worlds/default/inventory/devices").json()["ids"]:
        api.call("RebootDevice", **{"instanceIds.0": id, "opUin": "1"})
    assert "page=2" in browser.open(f"{TIME}?page=2").press("hang").address


def test_an_empty_speed_or_duration_is_refused(browser: Browser) -> None:
    assert "time_scale" in browser.open(TIME).press("Set", of="time/scale", time_scale="").problem
    assert "rate" in browser.open(TIME).press("Set", of="time/rate", rate="").problem


def test_speed_and_duration_are_set(browser: Browser, api: Api) -> None:
    browser.open(TIME).press("Set", of="time/rate", rate="60")
    assert clock(api)["rate"] == 60
    browser.press("Set", of="time/scale", time_scale="0")
    assert api.http.get("/_emulator/worlds/default").json()["time_scale"] == 0
    assert status(api, reboot(api)) == 1
