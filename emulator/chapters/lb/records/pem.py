"""What is in a certificate: read from its PEM text each time, as there are few and it is asked for rarely.

Lines may be indented, as the pages print them. The first certificate of a text is the one that counts; what follows is
its chain.
"""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cryptography.x509 import Extensions

_BLOCK = "-----BEGIN CERTIFICATE-----"
KEY = "PRIVATE KEY-----"
"""What is in the first line of every private key."""


class BadCertificateError(ValueError):
    """The text is no such certificate, with the reason."""


class Contents(NamedTuple):
    domain: str
    """The subject's common name, or the first alternative name."""
    alternative_names: list[str]
    begins_at: int
    ends_at: int
    """Milliseconds since the epoch."""
    fingerprint: str
    """SHA-256, in hexadecimal."""
    is_authority: bool

    def is_valid(self, now: int) -> bool:
        return self.begins_at <= now <= self.ends_at


def plain_text(text: str) -> str:
    """A PEM text without indentation and empty lines."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def read_certificate(text: str, key: str = "") -> Contents:
    """What is in a certificate; `key`: the private key that has to be its own. Raises BadCertificateError."""
    from cryptography import x509  # it costs more than most calls, and few need it
    from cryptography.hazmat.primitives.hashes import SHA256

    try:
        if KEY in text:
            raise BadCertificateError("the text holds a private key, which is sent apart from the certificate")
        chain = x509.load_pem_x509_certificates(plain_text(text).encode())
        if len(chain) != text.count(_BLOCK):
            raise BadCertificateError("a part of the text is no certificate")
        certificate = chain[0]
        names = _alternative_names(certificate.extensions)
        common = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
        domain = str(common[0].value) if common else next(iter(names), "")
        moments = [
            round(it.timestamp() * 1000) for it in (certificate.not_valid_before_utc, certificate.not_valid_after_utc)
        ]
        if key:
            _check_key(certificate.public_key(), key)
        return Contents(
            domain,
            names,
            moments[0],
            moments[1],
            certificate.fingerprint(SHA256()).hex(),
            _signs(certificate.extensions),
        )
    except BadCertificateError:
        raise
    except Exception as error:
        raise BadCertificateError("the text is no certificate in PEM form") from error


def _signs(extensions: "Extensions") -> bool:
    """Whether it is the certificate of an authority."""
    from cryptography.x509 import BasicConstraints, ExtensionNotFound

    try:
        return bool(extensions.get_extension_for_class(BasicConstraints).value.ca)
    except ExtensionNotFound:
        return False


def _alternative_names(extensions: "Extensions") -> list[str]:
    from cryptography.x509 import DNSName, ExtensionNotFound, SubjectAlternativeName

    try:
        found = extensions.get_extension_for_class(SubjectAlternativeName)
    except ExtensionNotFound:
        return []
    return found.value.get_values_for_type(DNSName)


def _check_key(public: object, key: str) -> None:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        own = load_pem_private_key(plain_text(key).encode(), None).public_key()
    except Exception as error:
        raise BadCertificateError("the private key is no key in PEM form without a password") from error
    if own != public:
        raise BadCertificateError("the private key is that of another certificate")
