"""Worlds, snapshots and exports, in the console."""

from support.browser import Browser
from support.client import Api

WORLDS = "/_emulator/console/worlds"
DEFAULT = "/_emulator/console/w/default"
DEVICE = "cpm-an5a9wv4"


def names(api: Api) -> list[str]:
    return [world["name"] for world in api.http.get("/_emulator/worlds").json()]


def rename(api: Api, alias: str) -> None:
    api.data("ModifyDeviceAlias", **{"instanceIds.0": DEVICE, "aliases.0": alias})


def test_a_world_is_made_from_a_size_and_a_seed(browser: Browser, api: Api) -> None:
    browser.open(WORLDS).press("Make the world", name="large", fixture="empty", devices="30", seed="7")
    assert "The world is made." in browser.text
    assert api.http.get("/_emulator/worlds/large/inventory/devices").json()["total"] == 30
    assert api.http.get("/_emulator/worlds/large").json()["seed"] == "7"


def test_a_name_that_is_taken_is_refused_with_what_was_entered(browser: Browser, api: Api) -> None:
    browser.open(WORLDS).press("Make the world", name="default", seed="7")
    assert browser.status == 409
    assert browser.problem == "there is a world &#39;default&#39; already"
    assert browser.form("worlds/make").fields["seed"] == "7"


def test_a_world_is_copied_and_deleted(browser: Browser, api: Api) -> None:
    rename(api, "copied")
    browser.open(DEFAULT).press("Copy the world", name="twin")
    assert "copied" in browser.open("/_emulator/console/w/twin/fleet/devices").text
    browser.open("/_emulator/console/w/twin").press("Delete the world")
    assert names(api) == ["default"]
    assert "Delete the world" not in browser.open(DEFAULT).text


def test_a_world_is_reset(browser: Browser, api: Api) -> None:
    rename(api, "for-now")
    browser.open(DEFAULT).press("Reset")
    assert "web-1" in browser.open(f"{DEFAULT}/fleet/devices").text


def test_a_snapshot_is_kept_compared_and_restored(browser: Browser, api: Api) -> None:
    browser.open(DEFAULT).press("Keep a snapshot", snapshot="before")
    rename(api, "after-all")
    browser.follow("before with now")
    assert "alias web-1" in browser.text
    assert "alias after-all" in browser.text
    browser.open(DEFAULT).press("Restore")
    assert "Nothing differs." in browser.open(f"{DEFAULT}/diff?before=before").text
    browser.open(DEFAULT).press("Delete")
    assert api.http.get("/_emulator/worlds/default").json()["snapshots"] == []


def test_two_snapshots_are_compared(browser: Browser, api: Api) -> None:
    browser.open(DEFAULT).press("Keep a snapshot", snapshot="one")
    rename(api, "second")
    browser.open(DEFAULT).press("Keep a snapshot", snapshot="two")
    assert "alias second" in browser.follow("one with two").text


def test_a_comparison_hides_secrets(browser: Browser, api: Api) -> None:
    browser.open(DEFAULT).press("Keep a snapshot", snapshot="before")
    api.http.patch(f"/_emulator/worlds/default/inventory/devices/{DEVICE}", json={"password": "Str0ng-Passw0rd"})
    browser.open(f"{DEFAULT}/diff?before=before")
    assert "devices" in browser.text
    assert "Str0ng-Passw0rd" not in browser.html


def test_a_world_is_exported_as_a_fixture(browser: Browser, api: Api) -> None:
    browser.open(DEFAULT).follow("Export as a fixture")
    assert api.secret_key not in browser.html
    for form in ("toml", "json"):
        told = api.http.get("/_emulator/worlds/default/export", params={"format": form}).text
        saved = api.http.get(browser.downloads[f"Save as {form}"], headers={"Host": "localhost"})
        assert saved.text == told
        assert saved.headers["content-disposition"] == f"attachment; filename*=utf-8''default.{form}"


def test_key_pairs_come_with_the_exports_for_a_shell(browser: Browser, api: Api) -> None:
    text = browser.open(DEFAULT).text
    assert f"export BM_EMULATOR_SECRET_ID={api.secret_id} export BM_EMULATOR_SECRET_KEY={api.secret_key}" in text
    assert "export BM_EMULATOR_ENDPOINT=http://localhost" in text
