"""The environment variables that route a program's HTTPS to the emulator, and how to restore them.

Programs read the proxy from `https_proxy`. The CA bundle has a variable for each kind of program: SSL_CERT_FILE for
OpenSSL and Python, REQUESTS_CA_BUNDLE for requests, CURL_CA_BUNDLE for curl. NODE_EXTRA_CA_CERTS adds an authority to
those of node.
"""

import json
import shlex
from collections.abc import Mapping
from pathlib import Path

from emulator.contract import SERVICE_HOSTS

SAVED = "BM_EMULATOR_SAVED"
"""The variable that keeps the values of the others from before, as JSON."""
PROXY = ("https_proxy", "HTTPS_PROXY")
BUNDLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
NODE = "NODE_EXTRA_CA_CERTS"
NO_PROXY = ("no_proxy", "NO_PROXY")
VARIABLES = (*PROXY, *BUNDLES, NODE, *NO_PROXY)
_LOCAL = ("localhost", "127.0.0.1", "::1")


def routing_variables(before: Mapping[str, str], proxy_url: str, bundle: Path, authority: Path) -> dict[str, str]:
    """The variables to set. Entries of no_proxy in `before` are kept, unless they exempt an emulated host."""
    no_proxy = ",".join(dict.fromkeys([*_kept_exemptions(before), *_LOCAL]))
    return {
        **dict.fromkeys(PROXY, proxy_url),
        **dict.fromkeys(BUNDLES, str(bundle)),
        NODE: str(authority),
        **dict.fromkeys(NO_PROXY, no_proxy),
        SAVED: before.get(SAVED) or json.dumps({name: before[name] for name in VARIABLES if name in before}),
    }


def restoring_variables(before: Mapping[str, str]) -> dict[str, str | None]:
    """The values from before `routing_variables`; None for a variable to unset."""
    try:
        saved = json.loads(before.get(SAVED, "{}"))
    except ValueError:
        saved = {}
    return {name: saved.get(name) for name in VARIABLES} | {SAVED: None}


def shell_commands(values: Mapping[str, str | None]) -> str:
    """Commands for `eval` in a POSIX shell."""
    lines = [
        f"unset {name}" if value is None else f"export {name}={shlex.quote(value)}" for name, value in values.items()
    ]
    return "\n".join(lines)


def bypasses(entry: str, host: str) -> bool:
    """Whether an entry of no_proxy exempts a host from the proxy."""
    entry = entry.strip().lower().partition(":")[0]
    return entry == "*" or (entry != "" and (host == entry or host.endswith("." + entry.removeprefix("*").lstrip("."))))


def _kept_exemptions(before: Mapping[str, str]) -> list[str]:
    """The entries of no_proxy that exempt no emulated host."""
    listed = next((before[name] for name in NO_PROXY if before.get(name)), "")
    entries = [entry.strip() for entry in listed.split(",") if entry.strip()]
    return [entry for entry in entries if not any(bypasses(entry, host) for host in SERVICE_HOSTS)]


def original_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment as it was before `routing_variables`."""
    restored = restoring_variables(environment) if SAVED in environment else {}
    return {name: value for name, value in {**environment, **restored}.items() if value is not None}
