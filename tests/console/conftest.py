"""The console of an emulator in process, seen by a browser without JavaScript."""

import pytest
from support.browser import Browser
from support.client import Api


@pytest.fixture
def browser(api: Api) -> Browser:
    """A tab of a browser, beside the client `api` of the same emulator."""
    return Browser(api.http)
