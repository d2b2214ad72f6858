"""The environment variables that route a program's HTTP and HTTPS to the emulator, and how to restore them.

Most programs read the proxy from `http_proxy` and `https_proxy`. The CA bundle has a variable for each kind of program:
SSL_CERT_FILE for OpenSSL, Go and Python, REQUESTS_CA_BUNDLE for requests, CURL_CA_BUNDLE for curl. NODE_EXTRA_CA_CERTS
adds an authority to those of node. Java, node and PHP are told the rest by options: runtimes.py.
"""

import json
from collections.abc import Mapping

from emulator.contract import SERVICE_HOSTS
from emulator.https.runtimes import ClientFiles, java_options, node_options, php_scan_path

SAVED = "BM_EMULATOR_SAVED"
"""The variable that keeps the values of the others from before, as JSON."""
PROXY = ("https_proxy", "HTTPS_PROXY")
PLAIN_PROXY = ("http_proxy", "HTTP_PROXY")
BUNDLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
NODE = "NODE_EXTRA_CA_CERTS"
NODE_PROXY = "NODE_USE_ENV_PROXY"
NODE_OPTIONS = "NODE_OPTIONS"
JAVA_OPTIONS = "JAVA_TOOL_OPTIONS"
PHP_SCAN = "PHP_INI_SCAN_DIR"
NO_PROXY = ("no_proxy", "NO_PROXY")
ENDPOINT, SECRET_ID, SECRET_KEY = "BM_EMULATOR_ENDPOINT", "BM_EMULATOR_SECRET_ID", "BM_EMULATOR_SECRET_KEY"
"""What a client is told that can be told an address and a key pair."""
VARIABLES = (
    *(*PROXY, *PLAIN_PROXY, *BUNDLES, NODE, NODE_PROXY, NODE_OPTIONS, JAVA_OPTIONS, PHP_SCAN, *NO_PROXY),
    *(ENDPOINT, SECRET_ID, SECRET_KEY),
)
_LOCAL = ("localhost", "127.0.0.1", "::1")


def routing_variables(before: Mapping[str, str], proxy_url: str, files: ClientFiles) -> dict[str, str]:
    """The variables to set. Entries of no_proxy in `before` are kept, unless they exempt an emulated host.

    Options of Java, node and PHP in `before` are kept, and the emulator's come behind them.
    """
    exempted = tuple(dict.fromkeys([*_kept_exemptions(before), *_LOCAL]))
    original = original_environment(before)
    return {
        **dict.fromkeys((*PROXY, *PLAIN_PROXY), proxy_url),
        **dict.fromkeys(BUNDLES, str(files.bundle)),
        NODE: str(files.authority),
        NODE_PROXY: "1",
        NODE_OPTIONS: node_options(original.get(NODE_OPTIONS, "")),
        JAVA_OPTIONS: java_options(original.get(JAVA_OPTIONS, ""), proxy_url, exempted, files.trust_store),
        PHP_SCAN: php_scan_path(original.get(PHP_SCAN, ""), files.php),
        **dict.fromkeys(NO_PROXY, ",".join(exempted)),
        SAVED: before.get(SAVED) or json.dumps({name: before[name] for name in VARIABLES if name in before}),
    }


def client_variables(endpoint: str, key_pair: tuple[str, str]) -> dict[str, str]:
    """The address and the key pair, for clients that can be told them."""
    return {ENDPOINT: endpoint, SECRET_ID: key_pair[0], SECRET_KEY: key_pair[1]}


def restoring_variables(before: Mapping[str, str]) -> dict[str, str | None]:
    """The values from before `routing_variables`; None for a variable to unset."""
    try:
        saved = json.loads(before.get(SAVED, "{}"))
    except ValueError:
        saved = {}
    return {name: saved.get(name) for name in VARIABLES} | {SAVED: None}


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
