"""`bm-emulator sign` and `bm-emulator call`: the client's side."""

import json
import secrets
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import click

from emulator.cli.http import fetch
from emulator.cli.options import client_options, endpoint_option, fixture_option, option
from emulator.clock import SystemClock
from emulator.contract import load
from emulator.request import PATH, Pairs
from emulator.seeding.fixture import read_fixture
from emulator.settings import DEMO, fixture_path
from emulator.signing.signature import sign_request
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


@click.command()
@click.argument("url")
@click.option("--method", type=click.Choice(["GET", "POST"]), default="GET", show_default=True)
@click.option("--data", help="The form body, with --method POST; the URL's query is then not signed.")
@option("--secret-key", help="Left out: that of the URL's SecretId, looked up in the fixtures.")
@fixture_option
def sign(url: str, method: str, data: str | None, secret_key: str | None, fixtures: tuple[str, ...]) -> None:
    """Print the text to sign and the signature of the request to URL.

    A Signature that the URL holds already is left out.
    """
    parts = urlsplit(url)
    pairs = parse_qsl(data or "" if method == "POST" else parts.query, keep_blank_values=True)
    secret_id = dict(pairs).get("SecretId")
    key = key_pair(secret_id, secret_key, fixtures).secret_key
    text, signature = sign_request(method, parts.hostname or "", pairs, key)
    click.echo(f"text       {text}")
    click.echo(f"signature  {signature}")
    click.echo(f"encoded    {quote(signature, safe='')}")


@click.command()
@click.argument("action")
@click.argument("parameters", nargs=-1, metavar="[KEY=VALUE]...")
@endpoint_option
@client_options
@click.option("--post", is_flag=True, help="Send by POST instead of GET.")
@click.option("--sha256", is_flag=True, help="Sign with HmacSHA256 instead of HmacSHA1.")
@click.option("--region", help="The common parameter Region.")
def call(
    action: str,
    parameters: tuple[str, ...],
    endpoint: str,
    secret_id: str | None,
    secret_key: str | None,
    post: bool,
    sha256: bool,
    region: str | None,
) -> None:
    """Sign a call of ACTION, send it to the emulator and print the answer.

    Arrays are numbered: instanceId.0=cpm-an5a9wv4. The exit code is 0 if the answer's code is 0, else 1.
    """
    pair = key_pair(secret_id, secret_key)
    method = "POST" if post else "GET"
    pairs: Pairs = [
        ("Action", action),
        ("Nonce", str(secrets.randbelow(2**31) + 1)),
        ("SecretId", pair.secret_id),
        ("Timestamp", str(SystemClock().now() // 1000)),
        *([("Region", region)] if region else []),
        *([("SignatureMethod", "HmacSHA256")] if sha256 else []),
        *(_parameter(parameter) for parameter in parameters),
    ]
    host = _documented_host(action) or urlsplit(endpoint).hostname or ""
    _text, signature = sign_request(method, host, pairs, pair.secret_key)
    form = urlencode([*pairs, ("Signature", signature)])
    _send(endpoint, host, method, form)


def _parameter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise click.UsageError(f"{text!r} is not of the form key=value")
    return name, value


def _documented_host(action: str) -> str | None:
    return next((known.hosts[0] for known in load() if known.name == action), None)


def _send(endpoint: str, host: str, method: str, form: str) -> None:
    url = endpoint.rstrip("/") + PATH
    reply = fetch(f"{url}?{form}", host=host) if method == "GET" else fetch(url, form.encode(), host)
    _print(reply.text)
    if reply.explanation:
        click.echo(f"explained by: bm-emulator explain {reply.explanation.rsplit('/', 1)[-1]}", err=True)
    if not _succeeded(reply.text):
        raise SystemExit(1)


def _print(text: str) -> None:
    try:
        click.echo(json.dumps(json.loads(text), ensure_ascii=False, indent=4))
    except ValueError:
        click.echo(text)


def _succeeded(text: str) -> bool:
    try:
        return str(json.loads(text).get("code")) == "0"
    except (ValueError, AttributeError):
        return False
