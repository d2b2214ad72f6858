"""Whether an unmodified client would reach the emulator, checked step by step from the client's side."""

import json
import socket
import ssl
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from emulator.checking.files import reason, why
from emulator.clock import Clock, SystemClock, to_wire
from emulator.contract import SERVICE_HOSTS
from emulator.https.environment import BUNDLES, NO_PROXY, NODE, PROXY, bypasses
from emulator.https.health import HEALTH, Finding, examine_port

HOST = next(iter(SERVICE_HOSTS))
_TIMEOUT_SECONDS = 5.0
_MAX_SKEW_SECONDS = 2 * 60 * 60
_SET_IT = 'eval "$(bm-emulator env)" sets it'


def examine(environment: Mapping[str, str], endpoint: str, folder: Path, clock: Clock | None = None) -> list[Finding]:
    """Examine an environment. The emulator listens for HTTP at `endpoint`, its authority is in `folder`."""
    return [
        examine_port(endpoint),
        *_authority(folder, clock or SystemClock()),
        *_trust(environment, folder),
        *_route(environment, folder, clock or SystemClock()),
    ]


def _authority(folder: Path, clock: Clock) -> Iterator[Finding]:
    certificate = _read_certificate(folder)
    if certificate is None:
        yield Finding(
            False, f"there is no certificate authority in {folder}; bm-emulator env makes one, --ca-dir names it"
        )
    elif certificate.not_valid_after_utc.timestamp() * 1000 < clock.now():
        yield Finding(False, f"the certificate authority in {folder} has expired; bm-emulator env renews it")
    else:
        yield Finding(True, f"the certificate authority is {folder / 'ca.pem'}")


def _read_certificate(folder: Path) -> x509.Certificate | None:
    try:
        return x509.load_pem_x509_certificate((folder / "ca.pem").read_bytes())
    except (OSError, ValueError):
        return None


def _trust(environment: Mapping[str, str], folder: Path) -> Iterator[Finding]:
    """Whether each variable names a bundle that holds the emulator's authority."""
    certificate = _read_certificate(folder)
    pem = certificate.public_bytes(Encoding.PEM).decode() if certificate else None
    for name in (*BUNDLES, NODE):
        path = environment.get(name)
        if not path:
            yield Finding(False, f"{name} is not set; {_SET_IT}")
            continue
        try:
            bundle = Path(path).read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            yield Finding(False, f"{name} names {path}, which cannot be read: {error.strerror}")
            continue
        trusted = pem is not None and pem in bundle
        yield Finding(trusted, f"{name} {'holds' if trusted else 'does not hold'} the emulator's authority: {path}")


def _route(environment: Mapping[str, str], folder: Path, clock: Clock) -> Iterator[Finding]:
    """Whether HTTPS to the API's host reaches the emulator: over the proxy or, without one, by name resolution."""
    proxy = next((environment[name] for name in PROXY if environment.get(name)), None)
    exemptions = next((environment[name] for name in NO_PROXY if environment.get(name)), "")
    if proxy is None:
        yield from _resolution(folder, clock)
        return
    if any(bypasses(entry, HOST) for entry in exemptions.split(",")):
        yield Finding(False, f"no_proxy ({exemptions}) spares {HOST} the proxy; take that entry out")
        return
    try:
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        connection = _https_connection(parts.hostname or "", parts.port, folder)
        connection.set_tunnel(HOST, 443)
    except (ValueError, OSError) as error:
        yield Finding(False, f"the proxy variable is {proxy!r}, which is no address: {why(error)}; {_SET_IT}")
        return
    yield from _health(connection, f"the proxy {proxy}", clock)


def _resolution(folder: Path, clock: Clock) -> Iterator[Finding]:
    yield Finding(True, f"no proxy is set ({PROXY[0]}), so {HOST} must resolve to the emulator")
    try:
        address = str(socket.getaddrinfo(HOST, 443, type=socket.SOCK_STREAM)[0][4][0])
    except OSError as error:
        yield Finding(
            False, f"{HOST} has no address ({reason(error)}); set the proxy ({_SET_IT}), or name it in the hosts file"
        )
        return
    if not address.startswith("127.") and address != "::1":
        yield Finding(False, f"{HOST} resolves to {address}, not to this machine; set the proxy ({_SET_IT})")
        return
    yield from _health(_https_connection(HOST, None, folder), address, clock)


def _https_connection(host: str, port: int | None, folder: Path) -> HTTPSConnection:
    """A connection that trusts the emulator's authority alone."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if (folder / "ca.pem").exists():
        context.load_verify_locations(folder / "ca.pem")
    return HTTPSConnection(host, port, timeout=_TIMEOUT_SECONDS, context=context)


def _health(connection: HTTPSConnection, route: str, clock: Clock) -> Iterator[Finding]:
    try:
        connection.request("GET", HEALTH)
        response = connection.getresponse()
        if json.loads(response.read(1000)) != {"status": "ok"}:
            raise ValueError("that is no emulator")
    except ssl.SSLCertVerificationError as error:
        yield Finding(False, f"{route} leads to something else than the emulator: {error.verify_message}")
        return
    except (OSError, HTTPException, ValueError) as error:
        yield Finding(False, f"{route} does not lead to an emulator: {error}; the variable may point elsewhere")
        return
    finally:
        connection.close()
    yield Finding(True, f"https://{HOST} leads to an emulator by {route}")
    yield from _skew(response.getheader("date"), clock)


def _skew(date: str | None, clock: Clock) -> Iterator[Finding]:
    """How far the clock here differs from the emulator's, as the Date header of a response tells it."""
    try:
        emulator_seconds = parsedate_to_datetime(date or "").timestamp()
    except ValueError:
        return
    seconds = abs(emulator_seconds - clock.now() / 1000)
    ok = seconds <= _MAX_SKEW_SECONDS
    verdict = "" if ok else ", more than two hours: calls will be refused with 4500"
    yield Finding(ok, f"the clocks ({to_wire(clock.now())} here) differ by {seconds:.0f} s{verdict}")
