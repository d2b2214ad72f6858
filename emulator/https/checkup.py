"""Whether an environment leads an unmodified client to an emulator, checked from the client's side, part by part."""

import json
import socket
import ssl
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from emulator.clock import Clock, SystemClock, to_wire
from emulator.contract import SERVICE_HOSTS
from emulator.https.environment import BUNDLES, NO_PROXY, NODE, PROXY, bypasses
from emulator.request import CONTROL_PREFIX

HOST = next(iter(SERVICE_HOSTS))
_HEALTH = f"{CONTROL_PREFIX}/health"
_SECONDS = 5.0
_MOST_SKEW_SECONDS = 2 * 60 * 60
_SET_IT = 'eval "$(bm-emulator env)" sets it'


class Finding(NamedTuple):
    fine: bool
    text: str


def examine(environment: Mapping[str, str], endpoint: str, folder: Path, clock: Clock | None = None) -> list[Finding]:
    """`endpoint`: where the emulator listens for HTTP. `folder`: where its authority is."""
    return [
        *_port(endpoint),
        *_authority(folder, clock or SystemClock()),
        *_trust(environment, folder),
        *_way(environment, folder, clock or SystemClock()),
    ]


def _port(endpoint: str) -> Iterator[Finding]:
    parts = urlsplit(endpoint)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=_SECONDS)
    try:
        if _is_emulator(connection):
            yield Finding(True, f"an emulator listens at {endpoint}")
        else:
            yield Finding(False, f"the port of {endpoint} is taken by something else than an emulator; choose another")
    except ConnectionRefusedError:
        yield Finding(False, f"nothing listens at {endpoint}; start bm-emulator serve, or name it with --endpoint")
    except (OSError, HTTPException) as error:
        yield Finding(False, f"no emulator at {endpoint}: {error!r}; the port may be taken by something else")
    finally:
        connection.close()


def _is_emulator(connection: HTTPConnection) -> bool:
    connection.request("GET", _HEALTH)
    answer = connection.getresponse()
    try:
        return bool(json.loads(answer.read(1000)) == {"status": "ok"})
    except ValueError:
        return False


def _authority(folder: Path, clock: Clock) -> Iterator[Finding]:
    found = _own(folder)
    if found is None:
        yield Finding(
            False, f"there is no certificate authority in {folder}; bm-emulator env makes one, --ca-dir names it"
        )
    elif found.not_valid_after_utc.timestamp() * 1000 < clock.now():
        yield Finding(False, f"the certificate authority in {folder} has expired; bm-emulator env renews it")
    else:
        yield Finding(True, f"the certificate authority is {folder / 'ca.pem'}")


def _own(folder: Path) -> x509.Certificate | None:
    try:
        return x509.load_pem_x509_certificate((folder / "ca.pem").read_bytes())
    except (OSError, ValueError):
        return None


def _trust(environment: Mapping[str, str], folder: Path) -> Iterator[Finding]:
    found = _own(folder)
    own = found.public_bytes(Encoding.PEM).decode() if found else None
    for name in (*BUNDLES, NODE):
        path = environment.get(name)
        if not path:
            yield Finding(False, f"{name} is not set; {_SET_IT}")
            continue
        try:
            trusted = Path(path).read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            yield Finding(False, f"{name} names {path}, which cannot be read: {error.strerror}")
            continue
        fine = own is not None and own in trusted
        yield Finding(fine, f"{name} {'holds' if fine else 'does not hold'} the emulator's authority: {path}")


def _way(environment: Mapping[str, str], folder: Path, clock: Clock) -> Iterator[Finding]:
    """By the proxy, or where there is none by the name."""
    proxy = next((environment[name] for name in PROXY if environment.get(name)), None)
    spared = next((environment[name] for name in NO_PROXY if environment.get(name)), "")
    if proxy is None:
        yield from _by_name(folder, clock)
        return
    if any(bypasses(entry, HOST) for entry in spared.split(",")):
        yield Finding(False, f"no_proxy ({spared}) spares {HOST} the proxy; take that entry out")
        return
    try:
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        connection = HTTPSConnection(parts.hostname or "", parts.port, timeout=_SECONDS, context=_context(folder))
        connection.set_tunnel(HOST, 443)
    except (ValueError, OSError) as error:
        yield Finding(False, f"the proxy variable is {proxy!r}, which is no address: {error}; {_SET_IT}")
        return
    yield from _reach(connection, f"the proxy {proxy}", clock)


def _by_name(folder: Path, clock: Clock) -> Iterator[Finding]:
    yield Finding(True, f"no proxy is set ({PROXY[0]}), so {HOST} must lead to the emulator by its name")
    try:
        address = str(socket.getaddrinfo(HOST, 443, type=socket.SOCK_STREAM)[0][4][0])
    except OSError as error:
        yield Finding(
            False, f"{HOST} has no address ({error}); set the proxy ({_SET_IT}), or name it in the hosts file"
        )
        return
    if not address.startswith("127.") and address != "::1":
        yield Finding(False, f"{HOST} resolves to {address}, not to this machine; set the proxy ({_SET_IT})")
        return
    yield from _reach(HTTPSConnection(HOST, timeout=_SECONDS, context=_context(folder)), address, clock)


def _context(folder: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if (folder / "ca.pem").exists():
        context.load_verify_locations(folder / "ca.pem")
    return context


def _reach(connection: HTTPSConnection, way: str, clock: Clock) -> Iterator[Finding]:
    try:
        connection.request("GET", _HEALTH)
        answer = connection.getresponse()
        if json.loads(answer.read(1000)) != {"status": "ok"}:
            raise ValueError("that is no emulator")
    except ssl.SSLCertVerificationError as error:
        yield Finding(False, f"{way} leads to something else than the emulator: {error.verify_message}")
        return
    except (OSError, HTTPException, ValueError) as error:
        yield Finding(False, f"{way} does not lead to an emulator: {error}; the variable may point elsewhere")
        return
    finally:
        connection.close()
    yield Finding(True, f"https://{HOST} leads to an emulator by {way}")
    yield from _skew(answer.getheader("date"), clock)


def _skew(date: str | None, clock: Clock) -> Iterator[Finding]:
    try:
        there = parsedate_to_datetime(date or "").timestamp()
    except ValueError:
        return
    seconds = abs(there - clock.now() / 1000)
    fine = seconds <= _MOST_SKEW_SECONDS
    told = "within two hours" if fine else f"{seconds:.0f} s, more than two hours: calls will be refused with 4500"
    yield Finding(fine, f"the clocks ({to_wire(clock.now())} here) differ by {told}")
