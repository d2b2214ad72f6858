"""A certificate authority of this machine's own, for the emulated hosts and nothing else.

It is made on first use and kept in a folder that only its owner can read. Its certificate is constrained to the
emulated hosts and this machine, so that it can harm nobody who trusts it: clients refuse whatever else it vouches for.

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

from emulator.clock import Clock
from emulator.contract import SERVICE_HOSTS
from emulator.https import AuthorityError

_DOMAINS = ("api.qcloud.com", "api.cloud.tencent.com", "localhost")
_NETWORKS = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
_NAMES = ("*.api.qcloud.com", *SERVICE_HOSTS, "localhost")
_ADDRESSES = (ip_address("127.0.0.1"), ip_address("::1"))
_AUTHORITY_LASTS = timedelta(days=3650)
_SERVER_LASTS = timedelta(days=365)
_RENEWED_BEFORE = timedelta(days=30)
"""What would expire sooner than that is made again."""
_SLACK = timedelta(days=1)
"""For clients whose clocks are behind."""


@dataclass(frozen=True)
class Pair:
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def pem(self) -> bytes:
        key = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return key + self.certificate.public_bytes(Encoding.PEM)


class Authority:
    """Made or read from `folder`. Raises AuthorityError."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._now = datetime.fromtimestamp(clock.now() / 1000, UTC)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)
            self._pair = self._open()
            self.path = folder / "ca.pem"
            pem = self._pair.certificate.public_bytes(Encoding.PEM)
            if _read(self.path) != pem:
                write(self.path, pem, 0o644)
        except (OSError, ValueError) as error:
            raise AuthorityError(f"cannot keep a certificate authority in {folder}: {error}; try --ca-dir") from error

    @property
    def certificate(self) -> x509.Certificate:
        return self._pair.certificate

    def server_context(self) -> ssl.SSLContext:
        """For a listener that speaks as any of the emulated hosts. Raises AuthorityError."""
        path = self._folder / "server.pem"
        try:
            found = _pair(_read(path))
            if found is None or not self._is_good(found.certificate):
                write(path, self.issue(_NAMES).pem(), 0o600)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(path)
        except OSError as error:
            raise AuthorityError(f"cannot keep a certificate in {self._folder}: {error}; try --ca-dir") from error
        return context

    def issue(self, names: tuple[str, ...]) -> Pair:
        """A server's key and certificate. Clients refuse names outside the authority's constraint."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        alternatives = [x509.DNSName(name) for name in names] + [x509.IPAddress(found) for found in _ADDRESSES]
        issuer = self._pair.certificate
        certificate = (
            _builder(subject, issuer.subject, key, self._now, self._now + _SERVER_LASTS)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(_issued_by(self._pair.key), critical=False)
            .sign(self._pair.key, hashes.SHA256())
        )
        return Pair(key, certificate)

    def _open(self) -> Pair:
        """Of two that make one at once, the first wins."""
        path = self._folder / "authority.pem"
        content = _read(path)
        found = _pair(content)
        if found is not None and self._is_current(found.certificate):
            path.chmod(0o600)
            return found
        made = self._make()
        try:
            write(path, made.pem(), 0o600, replace=content is not None)
        except FileExistsError:
            return self._open()
        return made

    def _make(self) -> Pair:
        key = ec.generate_private_key(ec.SECP256R1())
        names = [
            x509.NameAttribute(NameOID.COMMON_NAME, "bm-emulator"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "bm-emulator, for the emulated hosts of this machine only"),
        ]
        subject = x509.Name(names)
        permitted: list[x509.GeneralName] = [x509.DNSName(domain) for domain in _DOMAINS]
        permitted += [x509.IPAddress(network) for network in _NETWORKS]
        certificate = (
            _builder(subject, subject, key, self._now, self._now + _AUTHORITY_LASTS)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.NameConstraints(permitted, None), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .add_extension(_issued_by(key), critical=False)
            .sign(key, hashes.SHA256())
        )
        return Pair(key, certificate)

    def _is_current(self, certificate: x509.Certificate) -> bool:
        return certificate.not_valid_before_utc <= self._now < certificate.not_valid_after_utc - _RENEWED_BEFORE

    def _is_good(self, certificate: x509.Certificate) -> bool:
        """Whether it is this authority's, for all of the names, and will last."""
        try:
            certificate.verify_directly_issued_by(self._pair.certificate)
            names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        except (InvalidSignature, ValueError, TypeError, x509.ExtensionNotFound):
            return False
        return self._is_current(certificate) and set(_NAMES) <= set(names.get_values_for_type(x509.DNSName))


def write(path: Path, content: bytes, mode: int, *, replace: bool = True) -> None:
    """Whole or not at all. Raises FileExistsError where it is there and shall not be replaced."""
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
    """None where there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _pair(pem: bytes | None) -> Pair | None:
    """None for what is no pair of ours: it is made again."""
    try:
        key = load_pem_private_key(pem or b"", None)
        return (
            Pair(key, x509.load_pem_x509_certificate(pem or b""))
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
        .not_valid_before(begins - _SLACK)
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
