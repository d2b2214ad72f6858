"""A real browser: Debian's chromium, driven by Playwright."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parent.parent.parent
SCREENSHOTS = ROOT / "build" / "screenshots"
AXE = ROOT / ".node" / "node_modules" / "axe-core" / "axe.min.js"
_FAULTS = ("error", "warning")


def missing(what: str) -> None:
    assert not os.environ.get("EXPECT_BROWSER"), f"{what} should be here"
    pytest.skip(f"needs {what}")


@contextmanager
def chromium() -> Iterator["Browser"]:
    program = shutil.which("chromium")
    if program is None:
        missing("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("Playwright")
    options = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=options)
        yield browser
        browser.close()


class Tab:
    """A page of the browser, and what went wrong on it: errors of scripts, forbidden content, dialogs."""

    def __init__(self, page: "Page", base: str) -> None:
        self.page = page
        self.base = base
        self.faults: list[str] = []
        self.answer: dict[str, Any] = {"accept": True}
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("console", lambda message: self.faults.append(message.text) if message.type in _FAULTS else None)
        page.on("dialog", self._dialog)
        self.asked: list[str] = []

    def _dialog(self, dialog: Any) -> None:
        self.asked.append(f"{dialog.type}: {dialog.message}")
        dialog.accept()

    def open(self, address: str) -> "Page":
        self.page.goto(self.base + address)
        return self.page

    def shot(self, name: str) -> None:
        """Keep what is seen as an artefact of the run."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
