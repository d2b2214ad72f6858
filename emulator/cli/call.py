"""`bm-emulator call`: sign a call, send it to the emulator, print the answer."""

import json

import click

from emulator.cli.key_pairs import find_key_pair
from emulator.cli.key_values import PAIRS, Pair, key_value
from emulator.cli.options import client_options, endpoint_option
from emulator.cli.target import one_line_errors
from emulator.testing.api import ApiClient
from emulator.testing.driver import over_socket


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

    Arrays are numbered: instanceIds.0=cpm-an5a9wv4. The exit code is 0 if the answer's code is 0, else 1.
    """
    common = [("Region", region)] if region else []
    common += [("SignatureMethod", "HmacSHA256")] if sha256 else []
    client = ApiClient(over_socket(endpoint), *find_key_pair(secret_id, secret_key))
    with one_line_errors(endpoint):
        reply = client.send(action, [*common, *parameters], "POST" if post else "GET")
    text = reply.body.decode(errors="replace")
    _print(text)
    if explanation := reply.headers.get("x-emulator-explanation"):
        click.echo(f"explained by: bm-emulator explain {explanation.rsplit('/', 1)[-1]}", err=True)
    if not _succeeded(text):
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
