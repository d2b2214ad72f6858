"""`bm-emulator env`: the environment of programs that know nothing of the emulator."""

from pathlib import Path

import pytest
from support.commands import CLEAN, evaluated

from emulator.https.environment import SAVED, VARIABLES, bypasses


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("c a")  # a space needs quoting


def test_env_is_safe_to_eval_and_names_the_proxy_and_the_authorities(ca: Path) -> None:
    after = evaluated(ca, CLEAN, "--proxy-port", "1234")
    assert after["https_proxy"] == after["HTTPS_PROXY"] == "http://127.0.0.1:1234"
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        assert Path(after[name]) == ca / "bundle.pem"
    assert Path(after["NODE_EXTRA_CA_CERTS"]) == ca / "ca.pem"
    assert after["no_proxy"] == after["NO_PROXY"] == "localhost,127.0.0.1,::1"


def test_unset_takes_back_what_was_set_and_brings_back_what_was_there(ca: Path) -> None:
    before = {**CLEAN, "https_proxy": "http://corporate:3128", "no_proxy": "a.b, *.qcloud.com", "SSL_CERT_FILE": ""}
    once = evaluated(ca, before)
    twice = evaluated(ca, once, "--proxy-port", "99")
    assert twice["no_proxy"] == "a.b,localhost,127.0.0.1,::1"
    assert twice["https_proxy"] == "http://127.0.0.1:99"
    back = evaluated(ca, twice, "--unset")
    assert {name: back.get(name) for name in (*VARIABLES, SAVED)} == {
        **dict.fromkeys((*VARIABLES, SAVED)),
        **{name: before[name] for name in ("https_proxy", "no_proxy", "SSL_CERT_FILE")},
    }


def test_unset_without_env_leaves_nothing(ca: Path) -> None:
    back = evaluated(ca, {**CLEAN, SAVED: "nonsense"}, "--unset")
    assert set(back).isdisjoint({*VARIABLES, SAVED})


@pytest.mark.parametrize(
    ("entry", "spares"),
    [
        ("*", True),
        (".qcloud.com", True),
        ("qcloud.com", True),
        ("*.api.qcloud.com", True),
        ("bm.api.qcloud.com:443", True),
        ("BM.API.QCLOUD.COM", True),
        ("cloud.com", False),
        ("example.com", False),
        ("", False),
    ],
)
def test_entries_of_no_proxy_that_spare_the_emulated_hosts_are_known(entry: str, spares: bool) -> None:
    assert bypasses(entry, "bm.api.qcloud.com") == spares
