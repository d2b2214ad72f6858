"""`bm-emulator sign`: the text to sign and the signature of a request."""

from urllib.parse import parse_qsl, quote, urlsplit

import click

from emulator.cli.groups import Choice
from emulator.cli.key_pairs import find_key_pair
from emulator.cli.options import fixture_option, option
from emulator.signing.signature import sign_request


@click.command()
@click.argument("url")
@click.option("--method", type=Choice(["GET", "POST"]), default="GET", show_default=True)
@click.option("--data", help="The form body, with --method POST. The URL's query is not signed then.")
@option("--secret-key", help="Default: the key of the URL's SecretId, looked up in the fixtures.")
@fixture_option
def sign(url: str, method: str, data: str | None, secret_key: str | None, fixtures: tuple[str, ...]) -> None:
    """Print the text to sign and the signature of the request to URL.

    A Signature in the URL is ignored.
    """
    parts = urlsplit(url)
    pairs = parse_qsl(data or "" if method == "POST" else parts.query, keep_blank_values=True)
    if not parts.hostname or "Action" not in dict(pairs):
        form = "https://bm.api.qcloud.com/v2/index.php?Action=…, or with --data 'Action=…'"
        raise click.BadParameter(f"{url!r} is no request of the API: write {form}", param_hint="URL")
    secret_id = dict(pairs).get("SecretId")
    _, key = find_key_pair(secret_id, secret_key, fixtures)
    text, signature = sign_request(method, parts.hostname or "", pairs, key)
    click.echo(f"text       {text}")
    click.echo(f"signature  {signature}")
    click.echo(f"encoded    {quote(signature, safe='')}")
