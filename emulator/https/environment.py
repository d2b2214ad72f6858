"""The environment that leads a program's HTTPS to the emulator: what to set, and how to take it back.

Programs read the proxy from `https_proxy`, and whom to trust from a variable of their own: OpenSSL and Python from
SSL_CERT_FILE, requests from REQUESTS_CA_BUNDLE, curl from CURL_CA_BUNDLE, node from NODE_EXTRA_CA_CERTS (which adds).
"""

import json
import shlex
from collections.abc import Mapping
from pathlib import Path

from emulator.contract import SERVICE_HOSTS

SAVED = "BM_EMULATOR_SAVED"
"""What the variables held before, as JSON."""
PROXY = ("https_proxy", "HTTPS_PROXY")
BUNDLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
NODE = "NODE_EXTRA_CA_CERTS"
NO_PROXY = ("no_proxy", "NO_PROXY")
VARIABLES = (*PROXY, *BUNDLES, NODE, *NO_PROXY)
_LOCAL = ("localhost", "127.0.0.1", "::1")


def variables(before: Mapping[str, str], proxy_url: str, bundle: Path, authority: Path) -> dict[str, str]:
    """What to set. `before`: the environment as it is, which keeps what does no harm."""
    spared = [*_spared(before), *_LOCAL]
    no_proxy = ",".join(dict.fromkeys(spared))
    return {
        **dict.fromkeys(PROXY, proxy_url),
        **dict.fromkeys(BUNDLES, str(bundle)),
        NODE: str(authority),
        **dict.fromkeys(NO_PROXY, no_proxy),
        SAVED: before.get(SAVED) or json.dumps({name: before[name] for name in VARIABLES if name in before}),
    }


def restored(before: Mapping[str, str]) -> dict[str, str | None]:
    """What to set back, and (None) what to unset."""
    try:
        saved = json.loads(before.get(SAVED, "{}"))
    except ValueError:
        saved = {}
    return {name: saved.get(name) for name in VARIABLES} | {SAVED: None}


def shell(values: Mapping[str, str | None]) -> str:
    """For `eval` in a POSIX shell."""
    lines = [
        f"unset {name}" if value is None else f"export {name}={shlex.quote(value)}" for name, value in values.items()
    ]
    return "\n".join(lines)


def bypasses(entry: str, host: str) -> bool:
    """Whether an entry of no_proxy spares a host the proxy."""
    entry = entry.strip().lower().partition(":")[0]
    return entry == "*" or (entry != "" and (host == entry or host.endswith("." + entry.removeprefix("*").lstrip("."))))


def _spared(before: Mapping[str, str]) -> list[str]:
    """The entries of no_proxy that do not spare the emulated hosts."""
    listed = next((before[name] for name in NO_PROXY if before.get(name)), "")
    entries = [entry.strip() for entry in listed.split(",") if entry.strip()]
    return [entry for entry in entries if not any(bypasses(entry, host) for host in SERVICE_HOSTS)]


def original(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment as it was before it led to an emulator."""
    taken_back = restored(environment) if SAVED in environment else {}
    return {name: value for name, value in {**environment, **taken_back}.items() if value is not None}
