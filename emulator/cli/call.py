"""`bm-emulator call`: a signed call, sent to the emulator."""

import json
import secrets
from urllib.parse import urlencode, urlsplit

import click

from emulator.cli.http import fetch
from emulator.cli.key_pairs import key_pair
from emulator.cli.key_values import PAIRS, Pair, key_value
from emulator.cli.options import client_options, endpoint_option
from emulator.clock import SystemClock
from emulator.contract import load
from emulator.gateway.wire import PATH, Pairs
from emulator.signing.signature import sign_request


@click.command()
@click.argument("action")
@click.argument("parameters", nargs=-1, type=key_value, metavar=PAIRS)
@endpoint_option
@client_options
@click.option("--post", is_flag=True, help="Send by POST instead of GET.")
@click.option("--sha256", is_flag=True, help="Sign with HmacSHA256 instead of HmacSHA1.")
@click.option("--region", help="The common parameter Region.")
def call(
    action: str,
    parameters: tuple[Pair, ...],
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
        *parameters,
    ]
    host = _documented_host(action) or urlsplit(endpoint).hostname or ""
    _text, signature = sign_request(method, host, pairs, pair.secret_key)
    form = urlencode([*pairs, ("Signature", signature)])
    _send(endpoint, host, method, form)


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
