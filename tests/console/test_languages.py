"""The console speaks English and Chinese; the texts of the API stay as they are."""

import re
from itertools import chain
from pathlib import Path

import pytest
from support.browser import HOME, Browser
from support.client import Api

from emulator import console
from emulator.console import comparison, faults, time
from emulator.console.texts import chinese, translated
from emulator.contract import by_chapter
from emulator.control.accounts import AccountChanges
from emulator.control.faults import read_incident
from emulator.control.field_texts import field_texts
from emulator.control.inventory import kinds_by_hand
from emulator.settings import incident_folders

FOLDER = Path(console.__file__).parent
AUTHENTICATION = {"not reached", "refused", "verified", "not checked", "accepted though wrong"}


def said() -> set[str]:
    """Every English text of the console."""
    found = {*AUTHENTICATION, comparison.CHANGED, comparison.NEW, comparison.GONE}
    for path in (FOLDER / "templates").glob("*.html"):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r'\bt\("([^"]*)"', text)) | set(re.findall(r"\bt\('([^']*)'", text))
    for _resource, by_hand in chain.from_iterable(kinds_by_hand().values()):
        texts = field_texts(by_hand.changes)
        found |= {texts[name] for name in by_hand.changes.__struct_fields__ if texts.get(name)}
    found |= {text for name, text in field_texts(AccountChanges).items() if name in AccountChanges.__struct_fields__}
    found |= {read_incident(path).title for folder in incident_folders(None) for path in folder.glob("*.toml")}
    for path in FOLDER.glob("*.py"):
        found |= set(re.findall(r'\.text\(\s*"([^"]*)"', path.read_text(encoding="utf-8")))
    found |= {*faults.PLAIN.values(), *faults.OPERATIONS.values(), *(label for _seconds, label in time.STEPS)}
    return found | {name.replace("_", " ") for name in (*kinds_by_hand(), *by_chapter())}


def test_every_text_has_a_translation_and_none_is_left_over() -> None:
    assert said() == set(chinese())


def test_a_translation_keeps_the_places_of_the_values() -> None:
    for english, text in chinese().items():
        assert sorted(re.findall(r"{\w+}", english)) == sorted(re.findall(r"{\w+}", text)), english


def test_a_text_without_a_translation_stays_english() -> None:
    assert translated("nobody translated this", "zh") == "nobody translated this"


@pytest.mark.parametrize(
    ("wanted", "title"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "调用"),
        ("en;q=0.8, zh;q=0.9", "调用"),
        ("fr, en;q=0.5, zh;q=0.1", "Calls"),
        ("fr", "Calls"),
        ("zh;q=0", "Calls"),
        (";q=x,,", "Calls"),
    ],
)
def test_the_browsers_language_is_spoken(api: Api, wanted: str, title: str) -> None:
    page = Browser(api.http, **{"Accept-Language": wanted}).open(HOME).html
    assert f"<h1>{title}</h1>" in page


def test_the_switch_holds_for_the_pages_that_follow(browser: Browser) -> None:
    browser.open(f"{HOME}?text=x").follow("中文")
    assert '<html lang="zh-CN">' in browser.html
    assert "text=x" in browser.address
    assert "<h1>故障</h1>" in browser.open("/_emulator/console/w/default/faults").html
    assert "<h1>Faults</h1>" in browser.follow("English").html


def test_the_apis_own_texts_stay_as_they_are(api: Api) -> None:
    api.call("DescribeDevice", limit="many")
    for language in ("en", "zh"):
        assert "参数错误" in Browser(api.http).open(f"{HOME}?lang={language}").text
