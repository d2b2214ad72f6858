"""Certificates of load balancers, as they were uploaded. What is in them is read from them when it is asked for."""

from datetime import datetime
from typing import Literal, NamedTuple

from msgspec import Struct

from emulator.chapters.vpc.records.networks import Name
from emulator.clock import local
from emulator.world.by_hand import app_ids
from emulator.world.plain import plain
from emulator.world.resource import Resource
from emulator.world.world import World

_CREATED = datetime(2017, 10, 1)  # noqa: DTZ001


class Certificate(NamedTuple):
    cert_id: str
    account_id: int
    name: str
    kind: str
    """SVR: a server's; CA: that of an authority, by which clients are known."""
    content: str
    """PEM, the certificate first and then its chain."""
    private_key: str
    """PEM; empty: none was uploaded."""
    uploaded_at: int


class SeedCertificate(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A certificate of load balancers."""

    cert_id: Name
    """Its id, eight characters without a prefix."""
    content: str
    """PEM, the certificate first and then its chain."""
    name: str = ""
    """Its name."""
    kind: Literal["SVR", "CA"] = "SVR"
    """SVR: a server's; CA: that of an authority, by which clients are known."""
    private_key: str = ""
    """PEM; empty: none was uploaded."""
    uploaded_at: datetime = _CREATED
    """When it was uploaded."""


class CertificateView(Struct):
    """A certificate, without its private key."""

    app_id: str
    """The account that it belongs to."""
    cert_id: str
    """Its id, eight characters without a prefix."""
    name: str
    """Its name."""
    kind: str
    """SVR: a server's; CA: that of an authority, by which clients are known."""
    content: str
    """PEM, the certificate first and then its chain."""
    has_key: bool
    """Whether a private key was uploaded with it."""
    uploaded_at: datetime
    """When it was uploaded."""


def _show(world: World, certificate: Certificate) -> CertificateView:
    return CertificateView(
        app_ids(world)[certificate.account_id],
        certificate.cert_id,
        certificate.name,
        certificate.kind,
        certificate.content,
        has_key=bool(certificate.private_key),
        uploaded_at=local(certificate.uploaded_at),
    )


_seeds, _by_hand = plain("certificates", SeedCertificate, "name")
CERTIFICATES: Resource[Certificate] = Resource(
    "certificates",
    "certificate",
    Certificate,
    is_large=True,
    id="cert_id",
    form="[a-z0-9]{8}",
    seeds=_seeds,
    by_hand=_by_hand._replace(view=CertificateView, show=_show),
)
_PREFIX = "cert"


def new_cert_id(world: World, app_id: str) -> str:
    """The account's next id that the world does not hold already; the API prints it without a prefix."""

    def taken(id: str) -> bool:
        return CERTIFICATES.find_any(world, _bare(id)) is not None

    return _bare(world.new_id(app_id, _PREFIX, taken))


def _bare(id: str) -> str:
    return id.removeprefix(f"{_PREFIX}-")
