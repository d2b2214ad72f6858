"""The commands' own HTTP client."""

import urllib.error
import urllib.request
from typing import NamedTuple

import click

_TIMEOUT_SECONDS = 60


class Reply(NamedTuple):
    status: int
    text: str
    explanation: str | None
    """Where the emulator explains its answer."""


def fetch(url: str, data: bytes | None = None, host: str | None = None) -> Reply:
    """GET, or POST where there is data. Whatever keeps the answer away ends the command with one line."""
    if not url.startswith(("http://", "https://")):
        raise click.UsageError(f"{url} is no http:// or https:// address")
    request = urllib.request.Request(url, data, {"Host": host} if host else {})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as response:  # noqa: S310
            return Reply(response.status, response.read().decode(), response.headers["X-Emulator-Explanation"])
    except urllib.error.HTTPError as error:
        return Reply(error.code, error.read().decode(errors="replace"), error.headers["X-Emulator-Explanation"])
    except (OSError, ValueError) as error:
        raise click.ClickException(
            f"no answer from {url.split('?')[0]}: {error}; is `bm-emulator serve` running?"
        ) from error
