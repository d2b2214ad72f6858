"""Signers that do as the vendor's old PHP, Java and .NET kits and the common Go clients did, through the proxy.

Each signs by its own code: nothing of the emulator's signatures is used.
"""

import hmac
import ssl
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import httpx
import pytest
from support.client import HOST, SECRET_ID, SECRET_KEY

from emulator.testing import Emulator

Parameters = dict[str, str]
Sent = tuple[str, str, dict[str, str], bytes]
"""Method, query string, headers, body."""
DEVICE = "cpm-an5a9wv4"


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("ca")
    with Emulator(https_port=0, proxy_port=0, ca_dir=str(folder)) as emulator:
        context = ssl.create_default_context(cafile=str(Path(folder) / "ca.pem"))
        with httpx.Client(verify=context, trust_env=False, proxy=emulator.proxy_url) as client:
            yield client


def common(action: str, nonce: int) -> Parameters:
    stamp = str(int(time.time()))
    return {"Action": action, "Nonce": str(nonce), "Region": "gz", "SecretId": SECRET_ID, "Timestamp": stamp}


def signature(method: str, text: str, digest: str = "sha1") -> str:
    whole = f"{method}{HOST}/v2/index.php?{text}"
    return b64encode(hmac.digest(SECRET_KEY.encode(), whole.encode(), digest)).decode()


def multipart(boundary: str, parameters: Parameters, start: bytes = b"", end: bytes = b"") -> bytes:
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in parameters.items()
    ]
    return start + b"".join(parts) + f"--{boundary}--\r\n".encode() + end


def form(boundary: str) -> dict[str, str]:
    return {"Content-Type": f"multipart/form-data; boundary={boundary}"}


def php_text(method: str, parameters: Parameters) -> str:
    """Sorted before `_` becomes `.`; a `_` that begins a name stays; in a POST, what begins with @ is a file."""
    return "&".join(
        f"{name if name.startswith('_') else name.replace('_', '.')}={parameters[name]}"
        for name in sorted(parameters)
        if not (method == "POST" and parameters[name].startswith("@"))
    )


def php_get(parameters: Parameters) -> Sent:
    signed = {**parameters, "Signature": signature("GET", php_text("GET", parameters))}
    return "GET", "&".join(f"{name}={quote_plus(value)}" for name, value in signed.items()), {}, b""


def php_post(parameters: Parameters) -> Sent:
    signed = {**parameters, "Signature": signature("POST", php_text("POST", parameters))}
    boundary = "------------------------d74496d66958873e"
    return "POST", "", form(boundary), multipart(boundary, signed)


def java_post(parameters: Parameters) -> Sent:
    """Multipart made by hand, which begins with an empty line; names are signed with `.` and sent with `_`."""
    text = "&".join(f"{name.replace('_', '.')}={parameters[name]}" for name in sorted(parameters))
    signed = {**parameters, "Signature": signature("POST", text)}
    boundary = "---------------------------123821742118716"
    return "POST", "", form(boundary), multipart(boundary, signed, start=b"\r\n")


def net_get(parameters: Parameters) -> Sent:
    """Encoded by HttpUtility: small hexadecimal digits, and a space is `+`."""
    text = "&".join(f"{name.replace('_', '.')}={parameters[name]}" for name in sorted(parameters))
    signed = {**parameters, "Signature": signature("GET", text)}

    def encoded(value: str) -> str:
        big = quote(value, safe="!()* ")
        pieces = big.split("%")
        small = pieces[0] + "".join(f"%{piece[:2].lower()}{piece[2:]}" for piece in pieces[1:])
        return small.replace(" ", "+")

    return "GET", "&".join(f"{name}={encoded(value)}" for name, value in signed.items()), {}, b""


def net_post(parameters: Parameters) -> Sent:
    """Each part begins with an empty line; a value that begins with @ is signed too."""
    text = "&".join(f"{name.replace('_', '.')}={parameters[name]}" for name in sorted(parameters))
    signed = {**parameters, "Signature": signature("POST", text)}
    boundary = "---------------------------8d4c0f4b2a11e3f"
    parts = b"".join(
        f'\r\n--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode()
        for name, value in signed.items()
    )
    return "POST", "", form(boundary), parts + f"\r\n--{boundary}--\r\n".encode()


def go_get(parameters: Parameters) -> Sent:
    """HmacSHA256; empty values are neither signed nor sent."""
    whole = {name: value for name, value in parameters.items() if value} | {"SignatureMethod": "HmacSHA256"}
    text = "&".join(f"{name}={whole[name]}" for name in sorted(whole))
    signed = {**whole, "Signature": signature("GET", text, "sha256")}
    return "GET", "&".join(f"{quote_plus(name)}={quote_plus(signed[name])}" for name in sorted(signed)), {}, b""


SIGNERS: dict[str, Callable[[Parameters], Sent]] = {
    "PHP, GET": php_get,
    "PHP, POST": php_post,
    "Java, POST": java_post,
    ".NET, GET": net_get,
    ".NET, POST": net_post,
    "Go, GET": go_get,
}
NONCES = iter(range(9_223_372_036_854_770_000, 9_223_372_036_854_775_807))


def ask(http: httpx.Client, signer: str, action: str, **parameters: str) -> dict[str, object]:
    method, query, headers, body = SIGNERS[signer]({**common(action, next(NONCES)), **parameters})
    url = f"https://{HOST}/v2/index.php" + (f"?{query}" if query else "")
    answer: dict[str, object] = http.request(method, url, headers=headers, content=body).json()
    return answer


@pytest.mark.parametrize("signer", SIGNERS)
def test_a_call_is_answered(http: httpx.Client, signer: str) -> None:
    assert ask(http, signer, "GetDeviceOutBandInfo", instanceId=DEVICE)["code"] == 0


@pytest.mark.parametrize("signer", SIGNERS)
def test_names_with_an_underscore_are_understood(http: httpx.Client, signer: str) -> None:
    name = "instanceIds.0" if signer.startswith("Go") else "instanceIds_0"
    answer = ask(http, signer, "DescribeDevice", **{name: DEVICE, "idsOnly": "", "instanceIdsAfter": "1"})
    assert answer["code"] == 0
    assert [row["instanceId"] for row in answer["data"]["deviceList"]] == [DEVICE]  # type: ignore[index]


@pytest.mark.parametrize("signer", SIGNERS)
def test_values_that_have_to_be_encoded_arrive(http: httpx.Client, signer: str) -> None:
    """ModifyDeviceAlias keeps the text, which DescribeDevice prints."""
    alias = "数据库 a+b&c=d/(e)*~"
    changed = ask(http, signer, "ModifyDeviceAlias", **{"instanceIds.0": DEVICE, "aliases.0": alias})
    assert changed["code"] == 0, changed
    answer = ask(http, signer, "DescribeDevice", **{"instanceIds.0": DEVICE})
    assert [row["alias"] for row in answer["data"]["deviceList"]] == [alias]  # type: ignore[index]


def test_php_leaves_a_value_that_begins_with_an_at_sign_out_of_a_post(http: httpx.Client) -> None:
    renamed = ask(http, "PHP, POST", "ModifyDeviceAlias", **{"instanceIds.0": DEVICE, "aliases.0": "@home"})
    assert renamed["code"] == 0


def test_net_signs_a_value_that_begins_with_an_at_sign_which_the_service_refuses(http: httpx.Client) -> None:
    renamed = ask(http, ".NET, POST", "ModifyDeviceAlias", **{"instanceIds.0": DEVICE, "aliases.0": "@home"})
    assert renamed["code"] == 4100


def test_a_value_that_is_empty_is_not_sent_by_go(http: httpx.Client) -> None:
    assert ask(http, "Go, GET", "DescribeDevice", alias="", limit="1")["code"] == 0
