"""The CA bundle for clients: the system's certificate authorities and the emulator's own.

A program that is given a bundle trusts nothing else. Without the system's authorities, its other HTTPS would fail.
"""

import os
import ssl
from collections.abc import Mapping
from pathlib import Path

import certifi

from emulator.checking.files import why
from emulator.https import AuthorityError
from emulator.https.authority import ADVICE, Authority, write

_BEGIN = "-----BEGIN CERTIFICATE-----"


def write_bundle(authority: Authority, environment: Mapping[str, str]) -> Path:
    """Write the bundle beside the authority, if it is not up to date. Raises AuthorityError."""
    path = authority.path.with_name("bundle.pem")
    content = system_authorities(environment, path) + "\n" + authority.path.read_text(encoding="ascii")
    try:
        if not path.exists() or path.read_text(encoding="ascii", errors="replace") != content:
            write(path, content.encode(), 0o644)
    except OSError as error:
        raise AuthorityError(f"cannot write {path}: {why(error)}; {ADVICE}") from error
    return path


def system_authorities(environment: Mapping[str, str], own: Path) -> str:
    """The trusted authorities as PEM, from SSL_CERT_FILE unless it names our own bundle, the system, or certifi."""
    defaults = ssl.get_default_verify_paths()
    named = environment.get("SSL_CERT_FILE")
    for file in (named, defaults.openssl_cafile, "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/cert.pem"):
        if file and Path(file) != own and (text := _certificates(Path(file))):
            return text
    if os.name == "nt":
        certificates = ssl.create_default_context().get_ca_certs(binary_form=True)
        return "\n".join(ssl.DER_cert_to_PEM_cert(certificate) for certificate in certificates)
    return _certificates(Path(certifi.where()))


def _certificates(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return text.encode("ascii", "replace").decode() if _BEGIN in text else ""
