"""What the chapters' tests share: an account of their own, in a world that each test describes."""

from collections.abc import Callable
from typing import Any

import pytest
from conftest import MakeApi
from support.account import HEAD, OWNER
from support.client import Api

MakeAccount = Callable[..., Api]


@pytest.fixture
def make_account(make_api: MakeApi) -> MakeAccount:
    """Makes an Api of the account in `support.account`; the parts are added to its world."""

    def make(*parts: str, head: str = HEAD, **settings: Any) -> Api:
        return Api(make_api(head + "".join(parts), **settings).http, *OWNER)

    return make


@pytest.fixture
def account(make_account: MakeAccount) -> Api:
    """The account with its network and nothing else."""
    return make_account()
