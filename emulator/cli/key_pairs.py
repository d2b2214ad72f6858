"""The SecretId and SecretKey of a command that signs: given, or looked up in the fixtures."""

from typing import NamedTuple

import click

from emulator.seeding.fixture import read_fixture
from emulator.settings import DEMO, fixture_path
from emulator.world.catalogue import FixtureError


class KeyPair(NamedTuple):
    secret_id: str
    secret_key: str


def demo_key_pair() -> KeyPair:
    credential = read_fixture(fixture_path(DEMO)).accounts[0].credentials[0]
    return KeyPair(credential.secret_id, credential.secret_key)


def key_pair(secret_id: str | None, secret_key: str | None, fixtures: tuple[str, ...] = (DEMO,)) -> KeyPair:
    """The pair that is meant: what was left out is looked up in the fixtures."""
    if secret_id is None:
        return KeyPair(demo_key_pair().secret_id, secret_key) if secret_key else demo_key_pair()
    if secret_key is not None:
        return KeyPair(secret_id, secret_key)
    try:
        accounts = [account for name in fixtures for account in read_fixture(fixture_path(name)).accounts]
    except FixtureError as error:
        raise click.ClickException(str(error)) from error
    for pair in (pair for account in accounts for pair in account.credentials):
        if pair.secret_id == secret_id:
            return KeyPair(pair.secret_id, pair.secret_key)
    raise click.UsageError(f"the SecretKey of {secret_id} is not known here; give it with --secret-key")
