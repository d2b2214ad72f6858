"""The key pair (SecretId, SecretKey) that a command signs with: given by options, or looked up in the fixtures."""

import click

from emulator.seeding.fixture import read_fixture
from emulator.settings import DEMO, fixture_path
from emulator.world.catalogue import FixtureError


def demo_key_pair() -> tuple[str, str]:
    credential = read_fixture(fixture_path(DEMO)).accounts[0].credentials[0]
    return credential.secret_id, credential.secret_key


def find_key_pair(
    secret_id: str | None, secret_key: str | None, fixtures: tuple[str, ...] = (DEMO,)
) -> tuple[str, str]:
    """The key pair of a SecretId, or of the demo world without one. `secret_key` replaces the one of the fixtures.

    Raises click.UsageError where the fixtures hold no such SecretId.
    """
    if secret_id is None:
        demo_id, demo_key = demo_key_pair()
        return demo_id, secret_key or demo_key
    if secret_key is not None:
        return secret_id, secret_key
    try:
        accounts = [account for name in fixtures for account in read_fixture(fixture_path(name)).accounts]
    except FixtureError as error:
        raise click.ClickException(str(error)) from error
    for credential in (credential for account in accounts for credential in account.credentials):
        if credential.secret_id == secret_id:
            return secret_id, credential.secret_key
    raise click.UsageError(f"the SecretKey of {secret_id} is not known here; give it with --secret-key")
