"""What Java, node and PHP need beside the usual variables, each by the means that it has.

Java gets the proxy and a trust store as system properties. node reads the proxy's variables in new versions only, and
not for the agents that a program makes: a preloaded file, node_proxy.cjs, does the rest. PHP reads one .ini file more.
The files lie beside the authority; those of the system are never changed.
"""

import json
import os
import re
import shlex
import warnings
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs12 import (
    PBES,
    PKCS12Certificate,
    serialize_java_truststore,
)
from cryptography.utils import CryptographyDeprecationWarning

from emulator.checking.files import why
from emulator.https import AuthorityError
from emulator.https.authority import ADVICE, Authority, write
from emulator.https.bundle import write_bundle

_PASSWORD = "changeit"  # noqa: S105 - Java's own default: a trust store holds no secret
_NODE_PRELOAD = Path(__file__).with_name("node_proxy.cjs")
_PLAIN_PATH = re.compile(r"[-\w./:]+")
"""A path to write without quotes, which node knows from version 12 only."""
_BEGIN, _END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"


class ClientFiles(NamedTuple):
    """The files that clients are told of."""

    authority: Path
    bundle: Path
    trust_store: Path
    php: Path
    """A folder with an .ini file."""


def write_client_files(authority: Authority, environment: Mapping[str, str]) -> ClientFiles:
    """Write the files that are not up to date. `environment` is that of the client. Raises AuthorityError."""
    bundle = write_bundle(authority, environment)
    trust_store, php = bundle.with_name("trust.p12"), bundle.with_name("php")
    try:
        if not trust_store.exists() or trust_store.stat().st_mtime_ns < bundle.stat().st_mtime_ns:
            write(trust_store, _java_trust_store(bundle), 0o644)
        php.mkdir(exist_ok=True)
        write(php / "bm-emulator.ini", f'curl.cainfo="{bundle}"\nopenssl.cafile="{bundle}"\n'.encode(), 0o644)
    except OSError as error:
        raise AuthorityError(f"cannot write to {bundle.parent}: {why(error)}; {ADVICE}") from error
    return ClientFiles(authority.path, bundle, trust_store, php)


def java_options(before: str, proxy_url: str, exempted: tuple[str, ...], trust_store: Path) -> str:
    """The value of JAVA_TOOL_OPTIONS. `exempted` are the entries of no_proxy."""
    proxy = urlsplit(proxy_url)
    properties = {f"{scheme}.proxyHost": proxy.hostname for scheme in ("http", "https")}
    properties |= {f"{scheme}.proxyPort": str(proxy.port) for scheme in ("http", "https")}
    properties["http.nonProxyHosts"] = "|".join(_java_patterns(exempted))
    properties["javax.net.ssl.trustStore"] = str(trust_store)
    properties["javax.net.ssl.trustStoreType"] = "PKCS12"
    properties["javax.net.ssl.trustStorePassword"] = _PASSWORD
    options = [shlex.quote(f"-D{name}={value}") for name, value in properties.items()]
    return " ".join([before, *options] if before else options)


def node_options(before: str) -> str:
    """The value of NODE_OPTIONS: what it was, and the file to preload."""
    path = str(_NODE_PRELOAD)
    if not _PLAIN_PATH.fullmatch(path):
        path = json.dumps(path, ensure_ascii=False)
    preload = f"--require {path}"
    return f"{before} {preload}" if before else preload


def php_scan_path(before: str, folder: Path) -> str:
    """The value of PHP_INI_SCAN_DIR. An empty entry stands for the folder that PHP has compiled in."""
    return f"{before}{os.pathsep}{folder}"


def _java_patterns(exempted: tuple[str, ...]) -> Iterator[str]:
    for entry in exempted:
        if ":" in entry and entry.count(":") > 1:
            yield f"[{entry.strip('[]')}]"
        elif entry == "127.0.0.1":
            yield "127.*"
        else:
            name = entry.partition(":")[0].removeprefix("*").lstrip(".")
            yield from (name, f"*.{name}") if "." in name else (name,)


def _java_trust_store(bundle: Path) -> bytes:
    """The bundle's certificates as PKCS#12, in the old encryption that Java 8 reads too."""
    encryption = (
        PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(10_000)
        .key_cert_algorithm(PBES.PBESv1SHA1And3KeyTripleDESCBC)
        .hmac_hash(hashes.SHA1())  # noqa: S303
        .build(_PASSWORD.encode())
    )
    certificates = _certificates(bundle.read_text(encoding="ascii"))
    entries = [PKCS12Certificate(found, f"authority {number}".encode()) for number, found in enumerate(certificates)]
    return serialize_java_truststore(entries, encryption)


def _certificates(pem: str) -> Iterator[x509.Certificate]:
    """The certificates of a bundle. One that cannot be read is left out: Java could not read it either."""
    with warnings.catch_warnings(action="ignore", category=CryptographyDeprecationWarning):
        for part in pem.split(_BEGIN)[1:]:
            with suppress(ValueError):
                yield x509.load_pem_x509_certificate(f"{_BEGIN}{part.partition(_END)[0]}{_END}\n".encode())
