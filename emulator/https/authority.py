"""A private certificate authority for the emulated hosts.

It is created on first use, in a folder that only its owner can read. A name constraint limits its certificate to the
emulated hosts and this machine: a client that trusts it still rejects any certificate it issues for another name.

    authority.pem   the authority's key and certificate
    ca.pem          the certificate alone: what clients trust
    server.pem      key and certificate of the HTTPS listener
    bundle.pem      the system's authorities and this one: bundle.py
"""

import os
import ssl
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from emulator.checking.files import why
from emulator.clock import Clock
from emulator.contract import SERVICE_HOSTS
from emulator.https import AuthorityError

ADVICE = "name a folder that can be written to with --ca-dir"
_DOMAINS = ("api.qcloud.com", "api.cloud.tencent.com", "localhost")
_NETWORKS = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
_NAMES = ("*.api.qcloud.com", *SERVICE_HOSTS, "localhost")
_ADDRESSES = (ip_address("127.0.0.1"), ip_address("::1"))
_AUTHORITY_VALIDITY = timedelta(days=3650)
_SERVER_VALIDITY = timedelta(days=365)
_RENEWAL_MARGIN = timedelta(days=30)
"""A certificate is renewed this long before it expires."""
_CLOCK_SKEW = timedelta(days=1)
"""Certificates begin this much earlier, for clients whose clocks are behind."""


@dataclass(frozen=True)
class KeyAndCertificate:
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def pem(self) -> bytes:
        key = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return key + self.certificate.public_bytes(Encoding.PEM)


class Authority:
    """The authority in `folder`, created if there is none. Raises AuthorityError."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._now = datetime.fromtimestamp(clock.now() / 1000, UTC)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)
            self._ca = self._open()
            self.path = folder / "ca.pem"
            pem = self._ca.certificate.public_bytes(Encoding.PEM)
            if _read(self.path) != pem:
                write(self.path, pem, 0o644)
        except (OSError, ValueError) as error:
            raise AuthorityError(f"cannot keep a certificate authority in {folder}: {why(error)}; {ADVICE}") from error

    @property
    def certificate(self) -> x509.Certificate:
        return self._ca.certificate

    def server_context(self) -> ssl.SSLContext:
        """The TLS context of a listener that answers for all emulated hosts. Raises AuthorityError."""
        path = self._folder / "server.pem"
        try:
            kept = _parse(_read(path))
            if kept is None or not self._is_usable(kept.certificate):
                write(path, self.issue(_NAMES).pem(), 0o600)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(path)
        except OSError as error:
            raise AuthorityError(f"cannot keep a certificate in {self._folder}: {why(error)}; {ADVICE}") from error
        return context

    def issue(self, names: tuple[str, ...]) -> KeyAndCertificate:
        """Issue a server certificate. Clients reject names outside the authority's name constraint."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        alternatives = [x509.DNSName(name) for name in names] + [x509.IPAddress(address) for address in _ADDRESSES]
        issuer = self._ca.certificate
        certificate = (
            _builder(subject, issuer.subject, key, self._now, self._now + _SERVER_VALIDITY)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(_issued_by(self._ca.key), critical=False)
            .sign(self._ca.key, hashes.SHA256())
        )
        return KeyAndCertificate(key, certificate)

    def _open(self) -> KeyAndCertificate:
        """Read the authority, or create it. If two processes create one at the same time, the first wins."""
        path = self._folder / "authority.pem"
        content = _read(path)
        kept = _parse(content)
        if kept is not None and self._is_current(kept.certificate):
            path.chmod(0o600)
            return kept
        created = self._create()
        try:
            write(path, created.pem(), 0o600, replace=content is not None)
        except FileExistsError:
            return self._open()
        return created

    def _create(self) -> KeyAndCertificate:
        key = ec.generate_private_key(ec.SECP256R1())
        names = [
            x509.NameAttribute(NameOID.COMMON_NAME, "bm-emulator"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "bm-emulator, for the emulated hosts of this machine only"),
        ]
        subject = x509.Name(names)
        permitted: list[x509.GeneralName] = [x509.DNSName(domain) for domain in _DOMAINS]
        permitted += [x509.IPAddress(network) for network in _NETWORKS]
        certificate = (
            _builder(subject, subject, key, self._now, self._now + _AUTHORITY_VALIDITY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.NameConstraints(permitted, None), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .add_extension(_issued_by(key), critical=False)
            .sign(key, hashes.SHA256())
        )
        return KeyAndCertificate(key, certificate)

    def _is_current(self, certificate: x509.Certificate) -> bool:
        return certificate.not_valid_before_utc <= self._now < certificate.not_valid_after_utc - _RENEWAL_MARGIN

    def _is_usable(self, certificate: x509.Certificate) -> bool:
        """Whether this authority issued the certificate, for all emulated hosts, and it is not due for renewal."""
        try:
            certificate.verify_directly_issued_by(self._ca.certificate)
            names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        except (InvalidSignature, ValueError, TypeError, x509.ExtensionNotFound):
            return False
        return self._is_current(certificate) and set(_NAMES) <= set(names.get_values_for_type(x509.DNSName))


def write(path: Path, content: bytes, mode: int, *, replace: bool = True) -> None:
    """Write a file atomically. Raises FileExistsError if it exists and `replace` is false."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        temporary.chmod(mode)
        if replace:
            temporary.replace(path)
        else:
            path.hardlink_to(temporary)
    finally:
        temporary.unlink(missing_ok=True)


def _read(path: Path) -> bytes | None:
    """The content of a file, or None if there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _parse(pem: bytes | None) -> KeyAndCertificate | None:
    """The key and certificate in a file, or None if it holds anything else; such a file is replaced."""
    try:
        key = load_pem_private_key(pem or b"", None)
        return (
            KeyAndCertificate(key, x509.load_pem_x509_certificate(pem or b""))
            if isinstance(key, ec.EllipticCurvePrivateKey)
            else None
        )
    except ValueError:
        return None


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, begins: datetime, ends: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins - _CLOCK_SKEW)
        .not_valid_after(ends)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _issued_by(key: ec.EllipticCurvePrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
