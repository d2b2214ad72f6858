"""The console of an emulator in process, seen by a browser without JavaScript, and a real browser."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from support.browser import Browser
from support.chromium import chromium
from support.client import Api

if TYPE_CHECKING:
    from playwright.sync_api import Browser as Chrome


@pytest.fixture
def browser(api: Api) -> Browser:
    """A tab of a browser, beside the client `api` of the same emulator."""
    return Browser(api.http)


@pytest.fixture
def chrome() -> Iterator["Chrome"]:
    """A real browser, for one test: while it runs, its thread can run no event loop of other tests."""
    with chromium() as found:
        yield found
