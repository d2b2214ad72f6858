"""The certificate authority: made on first use, kept tight, constrained, renewed."""

import socket
import ssl
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from emulator.clock import ManualClock, SystemClock
from emulator.https import AuthorityError
from emulator.https.authority import Authority
from emulator.https.bundle import write_bundle

DAY = 24 * 60 * 60


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "ca"


@contextmanager
def listening(context: ssl.SSLContext) -> Iterator[int]:
    """A server that does nothing but shake hands."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                    context.wrap_socket(connection, server_side=True).close()
                except ssl.SSLError:
                    continue
                except OSError:
                    return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def shake_hands(port: int, name: str, trusted: Path) -> None:
    client = ssl.create_default_context(cafile=str(trusted))
    with socket.create_connection(("127.0.0.1", port)) as plain, client.wrap_socket(plain, server_hostname=name):
        pass


@pytest.mark.parametrize(
    "name", ["bm.api.qcloud.com", "vpc.api.qcloud.com", "bmlb.api.cloud.tencent.com", "any.api.qcloud.com", "127.0.0.1"]
)
def test_a_client_that_trusts_it_reaches_the_emulated_hosts(folder: Path, name: str) -> None:
    authority = Authority(folder, SystemClock())
    with listening(authority.server_context()) as port:
        shake_hands(port, name, authority.path)


def context_for(authority: Authority, folder: Path, name: str) -> ssl.SSLContext:
    path = folder / "other.pem"
    path.write_bytes(authority.issue((name,)).pem())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


@pytest.mark.parametrize(
    "name", ["example.com", "qcloud.com", "console.qcloud.com", "tencent.com", "api.qcloud.com.evil.example"]
)
def test_a_client_that_trusts_it_refuses_what_it_vouches_for_beyond_its_constraint(folder: Path, name: str) -> None:
    authority = Authority(folder, SystemClock())
    with (
        listening(context_for(authority, folder, name)) as port,
        pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"),
    ):
        shake_hands(port, name, authority.path)


def test_within_its_constraint_the_same_works(folder: Path) -> None:
    authority = Authority(folder, SystemClock())
    with listening(context_for(authority, folder, "new.api.qcloud.com")) as port:
        shake_hands(port, "new.api.qcloud.com", authority.path)


def test_it_is_made_once_and_kept_where_only_its_owner_can_read(folder: Path) -> None:
    first = Authority(folder, SystemClock())
    first.server_context()
    kept = (folder / "server.pem").read_bytes()
    again = Authority(folder, SystemClock())
    again.server_context()
    assert first.certificate == again.certificate
    assert (folder / "server.pem").read_bytes() == kept
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {
        "authority.pem": 0o600,
        "server.pem": 0o600,
        "ca.pem": 0o644,
    }


def test_loose_permissions_are_tightened(folder: Path) -> None:
    Authority(folder, SystemClock())
    (folder / "authority.pem").chmod(0o644)
    folder.chmod(0o755)
    Authority(folder, SystemClock())
    assert stat.S_IMODE((folder / "authority.pem").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_servers_certificate_is_renewed_before_it_expires_and_the_authority_stays(folder: Path) -> None:
    clock = ManualClock(SystemClock().now())
    before = Authority(folder, clock)
    before.server_context()
    kept = (folder / "server.pem").read_bytes()
    clock.advance(340 * DAY)
    after = Authority(folder, clock)
    after.server_context()
    assert after.certificate == before.certificate
    assert (folder / "server.pem").read_bytes() != kept


def test_the_authority_is_renewed_before_it_expires_and_so_is_all_that_it_issued(folder: Path) -> None:
    clock = ManualClock(SystemClock().now() - 3640 * DAY * 1000)
    Authority(folder, clock).server_context()
    renewed = Authority(folder, SystemClock())
    assert renewed.certificate.not_valid_after_utc.timestamp() > SystemClock().now() / 1000 + 3600 * DAY
    with listening(renewed.server_context()) as port:
        shake_hands(port, "bm.api.qcloud.com", folder / "ca.pem")


@pytest.mark.parametrize(
    "content", [b"", b"nonsense", b"-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n"]
)
def test_files_that_are_broken_are_made_again(folder: Path, content: bytes) -> None:
    Authority(folder, SystemClock()).server_context()
    for name in ("authority.pem", "server.pem", "ca.pem"):
        (folder / name).write_bytes(content)
    with listening(Authority(folder, SystemClock()).server_context()) as port:
        shake_hands(port, "bm.api.qcloud.com", folder / "ca.pem")


def test_two_that_make_it_at_once_have_the_same(folder: Path) -> None:
    made: list[Authority] = []
    threads = [threading.Thread(target=lambda: made.append(Authority(folder, SystemClock()))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8
    assert len({authority.certificate.serial_number for authority in made}) == 1


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    with pytest.raises(AuthorityError, match="--ca-dir"):
        Authority(file / "ca", SystemClock())


def test_the_bundle_holds_the_systems_authorities_and_its_own_once(folder: Path) -> None:
    authority = Authority(folder, SystemClock())
    bundle = write_bundle(authority, {})
    text = bundle.read_text(encoding="ascii")
    assert text.count("-----BEGIN CERTIFICATE-----") > 50
    assert text.count(authority.path.read_text(encoding="ascii")) == 1
    again = write_bundle(authority, {"SSL_CERT_FILE": str(bundle)})
    assert again.read_text(encoding="ascii") == text
    assert len(ssl.create_default_context(cafile=str(bundle)).get_ca_certs()) > 50


def test_the_bundle_holds_what_the_user_trusted_before(folder: Path, tmp_path: Path) -> None:
    other = Authority(tmp_path / "other", SystemClock())
    authority = Authority(folder, SystemClock())
    text = write_bundle(authority, {"SSL_CERT_FILE": str(other.path)}).read_text(encoding="ascii")
    assert other.path.read_text(encoding="ascii") in text
    assert text.count("-----BEGIN CERTIFICATE-----") == 2
