"""Every mistake that real clients make when they sign is named, and named rightly. The signer here makes them."""

import hmac
import time
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha1
from string import ascii_letters, digits
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from conftest import MakeApi
from support.client import HOST, PATH, SECRET_ID, SECRET_KEY, Api

from emulator.signing.keys import Mac
from emulator.testing import Emulator

Params = dict[str, str]
VALUES = {
    "searchKey": "shell输入~ a+b/c(*)!'",
    "limit": "5",
    "offset": "0",
    "orderBy": "",
    "x.0": "p",
    "x.1": "q",
    "x.10": "1",
    "x.2": "2",
    "aB": "1",
    "a-x": "1",
    "axe": "2",
}
OTHER = """
[[accounts]]
app_id = "1"
credentials = [{secret_id = "AKIDother", secret_key = "another accounts key"}]
"""


def raw(text: str | bytes, key: bytes = SECRET_KEY.encode(), digest: str = "sha1") -> bytes:
    return hmac.new(key, text.encode() if isinstance(text, str) else text, digest).digest()


def joined(params: Params, names: list[str] | None = None, separator: str = "&") -> str:
    return separator.join(f"{name}={params[name]}" for name in names or sorted(params))


def text(params: Params, names: list[str] | None = None, head: str = f"GET{HOST}{PATH}?") -> str:
    return head + joined(params, names)


def b64(digest: bytes) -> str:
    return b64encode(digest).decode()


def signed(text: str | bytes, **how: Any) -> str:
    return b64(raw(text, **how))


def with_head(head: str) -> Callable[[Params], str]:
    return lambda p: signed(text(p, head=head))


def encoded(encode: Callable[[str], str]) -> Callable[[Params], str]:
    return lambda p: signed(text({name: encode(value) for name, value in p.items()}))


def with_key(key: bytes) -> Callable[[Params], str]:
    return lambda p: signed(text(p), key=key)


def also(**extra: str) -> Callable[[Params], str]:
    return lambda p: signed(text({**p, **extra}))


def without(*names: str) -> Callable[[Params], str]:
    return lambda p: signed(text({name: value for name, value in p.items() if name not in names}))


SAFE = ascii_letters + digits + "-_."


def small_hex(value: str, safe: str = "", plus: bool = False) -> str:
    out = "".join(
        character if character in SAFE + safe else "".join(f"%{byte:02x}" for byte in character.encode())
        for character in value
    )
    return out.replace("%20", "+") if plus else out


def later(name: str, by: int) -> Callable[[Params], str]:
    return lambda p: signed(text({**p, name: str(int(p[name]) + by)}))


def common_only(p: Params) -> str:
    return signed(text({name: p[name] for name in ("Action", "Nonce", "Region", "SecretId", "Timestamp")}))


def in_brackets(p: Params) -> str:
    names = {name: name if "." not in name else name.replace(".", "[") + "]" for name in p}
    return signed(text({names[name]: value for name, value in p.items()}))


def by_culture(name: str) -> tuple[str, str]:
    return name.replace("-", "").lower(), name.swapcase()


MISTAKES: dict[str, tuple[Callable[[Params], str], str]] = {
    "hex digest": (lambda p: raw(text(p)).hex(), "Signature is the digest in hex"),
    "hex digest in capitals": (lambda p: raw(text(p)).hex().upper(), "Signature is the digest in hex"),
    "Base64 of hex": (lambda p: b64(raw(text(p)).hex().encode()), "Base64 of the hex digest"),
    "unpadded": (lambda p: signed(text(p)).rstrip("="), "without the ="),
    "Base64 twice": (lambda p: b64(signed(text(p)).encode()), "Base64-encoded twice"),
    "encoded twice": (lambda p: quote(signed(text(p)), safe=""), "URL-encoded twice"),
    "white space round it": (lambda p: f"{signed(text(p))}\n", "white space round it"),
    "Timestamp a second later": (later("Timestamp", -1), "was signed, but"),
    "Timestamp five seconds earlier": (later("Timestamp", 5), "was signed, but"),
    "Nonce taken twice": (later("Nonce", -1), "Nonce"),
    "Timestamp in milliseconds signed": (
        lambda p: signed(text({**p, "Timestamp": p["Timestamp"] + "000"})),
        "Timestamp was signed in milliseconds",
    ),
    "SignatureMethod signed": (
        lambda p: signed(text({**p, "SignatureMethod": "HmacSHA1"})),
        "SignatureMethod=HmacSHA1",
    ),
    "Version signed": (also(Version="2017-03-12"), "Version=2017-03-12 was signed but not sent"),
    "RequestClient signed": (also(RequestClient="SDK_PYTHON_1.1"), "RequestClient=SDK_PYTHON_1.1 was signed"),
    "RequestClient of another SDK": (also(RequestClient="SDK_JAVA_2.0.6"), "RequestClient=SDK_JAVA_2.0.6 was signed"),
    "Token signed": (also(Token=""), "the parameter Token= was signed but not sent"),
    "SHA-256 without SignatureMethod": (
        lambda p: signed(text(p), digest="sha256"),
        "HMAC-SHA256, but SignatureMethod was not sent",
    ),
    "MD5": (lambda p: signed(text(p), digest="md5"), "signed with HMAC-MD5"),
    "SHA1 without HMAC": (lambda p: b64(sha1(text(p).encode()).digest()), "SHA1 of the text alone, without HMAC"),
    "SHA1 of text and key": (
        lambda p: b64(sha1((text(p) + SECRET_KEY).encode()).digest()),
        "SHA1 of the text and the key, without HMAC",
    ),
    "key and text exchanged": (lambda p: signed(SECRET_KEY, key=text(p).encode()), "key and the text were exchanged"),
    "key in Base64": (lambda p: signed(text(p), key=b64decode(SECRET_KEY)), "decoded from Base64"),
    "key with a line feed": (with_key(f"{SECRET_KEY}\n".encode()), r"'<key>\n'"),
    "key with a blank": (with_key(f"{SECRET_KEY} ".encode()), "'<key> '"),
    "no key": (with_key(b""), "an empty text as the key"),
    "the key None": (with_key(b"None"), "'None' as the key"),
    "the SecretId as key": (with_key(SECRET_ID.encode()), "with the SecretId as the key"),
    "another account's key": (with_key(b"another accounts key"), "the SecretKey of SecretId AKIDother"),
    "key in small letters": (with_key(SECRET_KEY.lower().encode()), "in small letters"),
    "the other method": (with_head(f"POST{HOST}{PATH}?"), "method was signed as POST, but sent as GET"),
    "the method in small letters": (with_head(f"get{HOST}{PATH}?"), "method was signed as get"),
    "no method": (with_head(f"{HOST}{PATH}?"), "the method was left out"),
    "another service": (
        with_head(f"GETbmlb.api.qcloud.com{PATH}?"),
        "but GetUserCmdList belongs to bm.api.qcloud.com",
    ),
    "another product": (with_head(f"GETcvm.api.qcloud.com{PATH}?"), "host was signed as 'cvm.api.qcloud.com'"),
    **{
        f"the host {host}": (with_head(f"GET{host}{PATH}?"), f"the host was signed as {host!r}")
        for host in (
            *("bm.tencentcloudapi.com:443", "cpm.tencentcloudapi.com", "cpm.api.qcloud.com", "BM.tencentcloudapi.com"),
            *("::1", "[::1]:8386", "bm-emulator:8386", "emulator", "//bm.api.qcloud.com", "bm.qcloud.com"),
        )
    },
    "the host of API 3.0": (with_head(f"GETbm.tencentcloudapi.com{PATH}?"), "signed as 'bm.tencentcloudapi.com'"),
    "the host in capitals": (with_head(f"GET{HOST.upper()}{PATH}?"), "in small letters"),
    "the host with a port": (with_head(f"GET{HOST}:443{PATH}?"), f"host was signed as '{HOST}:443'"),
    "localhost with a port": (with_head(f"GETlocalhost:8386{PATH}?"), "host was signed as 'localhost:8386'"),
    "the host with its scheme": (with_head(f"GEThttps://{HOST}{PATH}?"), f"signed as 'https://{HOST}'"),
    "no host": (with_head(f"GET{PATH}?"), "the host was left out of the signed text"),
    "no ?": (with_head(f"GET{HOST}{PATH}"), "the ? after the path was left out"),
    "no path": (with_head(f"GET{HOST}?"), "the path was left out"),
    "no path and no ?": (with_head(f"GET{HOST}"), "the path and the ? after it were left out"),
    "another path": (with_head(f"GET{HOST}/v2/?"), "path was signed as '/v2/'"),
    "only the parameters": (with_head(""), "only the parameters were signed"),
    "leading &": (lambda p: signed(text(p, head=f"GET{HOST}{PATH}?&")), "an & was signed before the first"),
    "trailing &": (lambda p: signed(text(p) + "&"), "an & was signed after the last"),
    "joined as HTML": (lambda p: signed(f"GET{HOST}{PATH}?{joined(p, None, '&amp;')}"), "joined with &amp;"),
    "encoded with %20": (encoded(lambda v: quote(v, safe="")), "(space as %20)"),
    "encoded with / kept": (encoded(quote), "(space as %20, / kept)"),
    "encoded with +": (encoded(quote_plus), "(space as +)"),
    "encodeURIComponent": (encoded(lambda v: quote(v, safe="!'()*~")), "encodeURIComponent"),
    "URLEncoder of Java": (encoded(lambda v: quote_plus(v, safe="*").replace("~", "%7E")), "as Java does"),
    "urlencode of PHP": (encoded(lambda v: quote_plus(v).replace("~", "%7E")), "as PHP does"),
    "HttpUtility of .NET": (encoded(lambda v: small_hex(v, "!()*", plus=True)), "as .NET does"),
    "small hex": (encoded(lambda v: small_hex(v, "~")), "hex in small letters"),
    "GBK": (lambda p: signed(text(p).encode("gbk")), "signed in GBK"),
    "Latin-1 of code units": (
        lambda p: signed(bytes(ord(character) & 255 for character in text(p))),
        "low byte of each character",
    ),
    "as sent": (lambda p: signed(text(p, list(p))), "in the order they were sent, not sorted"),
    "sorted without case": (
        lambda p: signed(text(p, sorted(p, key=str.lower))),
        "without regard to upper and lower case",
    ),
    "sorted by culture": (lambda p: signed(text(p, sorted(p, key=by_culture))), "by the rules of a language"),
    "sorted with its values": (
        lambda p: signed(f"GET{HOST}{PATH}?" + "&".join(sorted(f"{name}={value}" for name, value in p.items()))),
        "the texts name=value were sorted",
    ),
    "sorted by number": (
        lambda p: signed(
            text(p, sorted(p, key=lambda n: [(0, int(x), "") if x.isdigit() else (1, 0, x) for x in n.split(".")]))
        ),
        "x.10 comes before x.2",
    ),
    "only common parameters": (common_only, "only the common parameters were signed"),
    "names with [0]": (in_brackets, "names were signed with [0] but sent with .0"),
    "Action in another case": (
        lambda p: signed(text({**p, "Action": "getUserCmdList"})),
        "Action was signed as 'getUserCmdList'",
    ),
    "Region left out": (without("Region"), "the parameter Region was sent but not signed"),
    "empty values left out": (without("orderBy"), "parameters without a value were left out"),
    "small common names": (
        lambda p: signed(text({name[:1].lower() + name[1:]: value for name, value in p.items()})),
        "signed with a small letter at their beginning",
    ),
    "an empty Signature signed": (also(Signature=""), "Signature itself was signed too (empty)"),
    "two: capitals and hex": (lambda p: raw(text(p, head=f"GET{HOST.upper()}{PATH}?")).hex(), "digest in hex"),
    "two: order and key": (
        lambda p: signed(text(p, list(p)), key=f"{SECRET_KEY}\n".encode()),
        "not sorted; and the SecretKey was used with something round it",
    ),
    "two: method and values": (
        lambda p: signed(text({n: quote(v, safe="") for n, v in p.items()}, head=f"POST{HOST}{PATH}?")),
        "the method was signed as POST, but sent as GET; and the values were URL-encoded",
    ),
    "two: order and Region": (
        lambda p: signed(text({n: v for n, v in p.items() if n != "Region"}, [n for n in p if n != "Region"])),
        "Region was sent but not signed; and the parameters were signed in the order they were sent",
    ),
}


def params_of(api: Api, action: str = "GetUserCmdList", **more: Any) -> Params:
    return {name: str(value) for name, value in {**api.common(action), **more}.items()}


def told(api: Api, params: Params, signature: str, method: str = "GET", host: str = HOST) -> str:
    response = api.send({**params, "Signature": signature}, method, host)
    assert response.json()["code"] != 0, response.text
    return api.explanation(response)


@pytest.mark.parametrize("name", MISTAKES)
@pytest.mark.parametrize("host", [HOST, "127.0.0.1:9999"])
def test_a_mistake_is_named_wherever_the_call_is_sent(make_api: MakeApi, name: str, host: str) -> None:
    sign, explanation = MISTAKES[name]
    api = make_api(OTHER)
    params = params_of(api, **VALUES, Nonce=77)
    found = told(api, params, sign(params), host=host)
    assert explanation in found
    assert found.count("; and ") == name.startswith("two: "), found


@pytest.mark.parametrize("signed_host", [HOST, "127.0.0.1", "127.0.0.1:9999"])
@pytest.mark.parametrize("name", ["another account's key", "a key with & behind it", "as sent", "hex digest"])
def test_a_host_that_may_be_signed_is_no_second_mistake(make_api: MakeApi, name: str, signed_host: str) -> None:
    api = make_api(OTHER)
    params = params_of(api, **VALUES)
    right = text(params, head=f"GET{signed_host}{PATH}?")
    signature, explanation = {
        "another account's key": (signed(right, key=b"another accounts key"), "SecretKey of SecretId AKIDother"),
        "a key with & behind it": (signed(right, key=f"{SECRET_KEY}&".encode()), "'<key>&'"),
        "as sent": (signed(text(params, list(params), f"GET{signed_host}{PATH}?")), "in the order they were sent"),
        "hex digest": (raw(right).hex(), "Signature is the digest in hex"),
    }[name]
    found = told(api, params, signature, host="127.0.0.1:9999")
    assert explanation in found
    assert "host" not in found
    assert "; and " not in found


@pytest.mark.parametrize("host", [HOST, "localhost:8386"])
def test_a_right_signature_is_never_explained_and_a_random_one_never_named(api: Api, host: str) -> None:
    params = params_of(api, **VALUES)
    assert api.send({**params, "Signature": signed(text(params))}, host=host).json()["code"] == 0
    assert "no usual mistake explains it" in told(api, params, signed("anything"), host=host)


def test_url_safe_base64_is_named(api: Api) -> None:
    params = params_of(api)
    for nonce in range(1, 10_000):
        params = params_of(api, Nonce=nonce)
        if "/" in signed(text(params)) and "+" in signed(text(params)):
            break
    assert "URL-safe Base64" in told(api, params, urlsafe_b64encode(raw(text(params))).decode())


def test_the_key_of_another_world_is_named_with_its_world(bm_emulator: Emulator, world_api: Api) -> None:
    other = bm_emulator.new_world()
    params = params_of(world_api)
    found = told(world_api, params, signed(text(params), key=other.secret_key.encode()))
    assert f"signed with the SecretKey of SecretId {other.secret_id} of the world {other.name!r}" in found


def test_an_array_that_php_signed_as_the_word_array_is_named(api: Api) -> None:
    sent = params_of(api, "DescribeDevice", **{"instanceIds[0]": "cpm-an5a9wv4", "instanceIds[1]": "cpm-3nnhuztt"})
    flat = {name: value for name, value in sent.items() if "[" not in name}
    assert "PHP signed 'instanceIds=Array'" in told(api, sent, signed(text({**flat, "instanceIds": "Array"})))


def test_sha1_for_sha256_and_a_method_added_after_signing_are_named(api: Api) -> None:
    sent = params_of(api, SignatureMethod="HmacSHA256")
    assert "HMAC-SHA1, but SignatureMethod says HmacSHA256" in told(api, sent, signed(text(sent)))
    before = {name: value for name, value in sent.items() if name != "SignatureMethod"}
    found = told(api, sent, signed(text(before), digest="sha256"))
    assert found == "the signature is wrong: the parameter SignatureMethod was sent but not signed"


def test_a_timestamp_in_milliseconds_is_named(api: Api) -> None:
    found = api.explanation(api.response("GetUserCmdList", Timestamp=int(time.time() * 1000)))
    assert "looks like milliseconds; it is in seconds" in found


def test_common_names_in_small_letters_are_named(api: Api) -> None:
    params = params_of(api)
    small = {name if name == "Action" else name[:1].lower() + name[1:]: value for name, value in params.items()}
    found = api.explanation(api.send({**small, "signature": signed(text(params))}))
    assert "SecretId is not in the query string; 'secretId' was sent, and names are case-sensitive" in found


def test_parameters_in_the_wrong_place_are_named(api: Api) -> None:
    headers = {"Host": HOST}
    response = api.http.post(PATH, params=api.signed("GetUserCmdList", method="POST"), headers=headers)
    assert "POST takes its parameters from the body; the query string has SecretId" in api.explanation(response)
    response = api.http.request("GET", PATH, data=api.signed("GetUserCmdList"), headers=headers)
    assert "GET takes its parameters from the query string" in api.explanation(response)


def test_a_request_of_api_3_is_named(api: Api) -> None:
    headers = {"Authorization": f"TC3-HMAC-SHA256 Credential={SECRET_ID}/2018-01-01/bm/tc3_request", "Host": HOST}
    found = api.explanation(api.http.post(PATH, json={}, headers=headers))
    assert "this is a request of API 3.0" in found


def test_blanks_round_a_secret_id_are_shown(api: Api) -> None:
    api.secret_id = f"{SECRET_ID} "
    assert f"white space round it: '{SECRET_ID} '" in api.explanation(api.response("GetUserCmdList"))
    api.secret_id = "AKIDnobody\t"
    assert r"has the SecretId 'AKIDnobody\t'" in api.explanation(api.response("GetUserCmdList"))


@pytest.mark.parametrize(("nonce", "is_small"), [(65_535, True), (65_536, False)])
def test_a_nonce_drawn_from_few_numbers_is_explained(api: Api, nonce: int, is_small: bool) -> None:
    params = api.signed("GetUserCmdList", {"Nonce": nonce})
    api.send(params)
    assert ("draw Nonce from 65,536 numbers" in api.explanation(api.send(params))) is is_small


@pytest.mark.parametrize("number", [3, 55, 100, 1_000, 20_000])
def test_the_search_ends_after_a_bounded_number_of_characters(
    api: Api, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = 0
    sign = Mac.sign

    def counted(mac: Mac, head: bytes, body: bytes) -> bytes:
        nonlocal done
        done += len(head) + len(body)
        return sign(mac, head, body)

    monkeypatch.setattr(Mac, "sign", counted)
    params = params_of(api, **{f"x.{place}": f"cpm-{place:08}" for place in range(number)})
    response = api.send({**params, "Signature": signed("anything")}, "POST")
    assert done < (60_000_000 if number == 55 else 10_000_000)
    assert "no usual mistake explains it" in api.explanation(response)
    assert done < 270_000_000  # the story has searched on


def test_the_story_of_a_call_searches_on_where_the_search_ended_early(api: Api) -> None:
    many = {f"instanceIds.{number}": f"cpm-é/ {number:05}" for number in range(65)}
    params = params_of(api, "DescribeDevice", **many)
    sent = {**params, "Signature": signed(text({n: quote(value, safe="") for n, value in params.items()}, [*params]))}
    response = api.send(sent)
    [listed] = api.http.get("/_emulator/worlds/default/journal?limit=1").json()["calls"]
    assert listed["explanation"][0].endswith("the story of the call, or `bm-emulator explain URL`, searches on.")
    assert api.explanation(response).startswith("the signature is wrong: the values were URL-encoded before signing")
    [listed] = api.http.get("/_emulator/worlds/default/journal?limit=1").json()["calls"]
    assert "searches on" not in listed["explanation"][0]


def test_a_search_that_finds_nothing_searches_on_once(api: Api) -> None:
    params = params_of(api, "DescribeDevice", **{f"instanceIds.{number}": "x" * 400 for number in range(300)})
    response = api.send({**params, "Signature": signed("anything")}, "POST")
    assert api.explanation(response).endswith("The search ended before it had tried everything.")
    assert SECRET_KEY not in api.explanation(response)
