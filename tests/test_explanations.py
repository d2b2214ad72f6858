"""The explanation of a refusal names the mistake that the client made."""

import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from conftest import MakeApi
from support.client import HOST, PATH, SECRET_ID, SECRET_KEY, Api, signature, text_to_sign

PARAMS = {"searchKey": "shell输入 a+b/c", "limit": 5, "offset": 0, "orderBy": "", "x.10": 1, "x.2": 2, "aB": 1}


def _text(
    params: dict, names: list[str] | None = None, *, method: str = "GET", host: str = HOST, path: str = PATH
) -> str:
    return f"{method}{host}{path}?" + "&".join(f"{name}={params[name]}" for name in names or sorted(params))


def _encoded(params: dict, encode: Callable[[str], str]) -> dict:
    return {name: encode(str(value)) for name, value in params.items()}


def _natural(name: str) -> list:
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in name.split(".")]


def _without(params: dict, name: str) -> dict:
    return {other: value for other, value in params.items() if other != name}


Sign = Callable[[dict], str]
MISTAKES: dict[str, tuple[Sign, str]] = {
    "the other method": (lambda p: signature(SECRET_KEY, _text(p, method="POST")), "method was signed as POST"),
    "the method in small letters": (lambda p: signature(SECRET_KEY, _text(p, method="get")), "signed as get"),
    "another service's host": (
        lambda p: signature(SECRET_KEY, _text(p, host="bmlb.api.qcloud.com")),
        "host was signed as 'bmlb.api.qcloud.com'",
    ),
    "localhost": (lambda p: signature(SECRET_KEY, _text(p, host="localhost")), "host was signed as 'localhost'"),
    "the host with its scheme": (
        lambda p: signature(SECRET_KEY, _text(p, host=f"https://{HOST}")),
        f"host was signed as 'https://{HOST}'",
    ),
    "another path": (lambda p: signature(SECRET_KEY, _text(p, path="/v2/")), "path was signed as '/v2/'"),
    "no path": (lambda p: signature(SECRET_KEY, _text(p, path="")), "the path was left out of the signed text"),
    "values encoded": (
        lambda p: signature(SECRET_KEY, _text(_encoded(p, lambda v: quote(v, safe="")))),
        "URL-encoded before signing (space as %20)",
    ),
    "values encoded as a form": (
        lambda p: signature(SECRET_KEY, _text(_encoded(p, quote_plus))),
        "URL-encoded before signing (space as +)",
    ),
    "as sent": (lambda p: signature(SECRET_KEY, _text(p, list(p))), "in the order they were sent"),
    "sorted without case": (
        lambda p: signature(SECRET_KEY, _text(p, sorted(p, key=str.lower))),
        "without regard to upper and lower case",
    ),
    "sorted by number": (
        lambda p: signature(SECRET_KEY, _text(p, sorted(p, key=_natural))),
        "x.10 comes before x.2",
    ),
    "SHA-256 for SHA-1": (lambda p: signature(SECRET_KEY, _text(p), "sha256"), "signed with HMAC-SHA256"),
    "a line feed behind the key": (lambda p: signature(f"{SECRET_KEY}\n", _text(p)), r"'<key>\n'"),
    "a space before the key": (lambda p: signature(f" {SECRET_KEY}", _text(p)), "' <key>'"),
    "the SecretId as the key": (lambda p: signature(SECRET_ID, _text(p)), "with the SecretId as the key"),
    "another account's key": (lambda p: signature("otherkey", _text(p)), "SecretKey of SecretId AKIDother"),
    "an empty Signature signed": (
        lambda p: signature(SECRET_KEY, _text({**p, "Signature": ""})),
        "Signature itself was signed too (empty)",
    ),
    "the Signature signed again": (
        lambda p: signature(SECRET_KEY, _text({**p, "Signature": signature(SECRET_KEY, _text(p))})),
        "Signature itself was signed too (already filled in)",
    ),
    "empty values left out": (
        lambda p: signature(SECRET_KEY, _text(_without(p, "orderBy"))),
        "parameters without a value were left out",
    ),
    "a parameter added after signing": (
        lambda p: signature(SECRET_KEY, _text(_without(p, "Region"))),
        "the parameter Region was sent but not signed",
    ),
    "two mistakes at once": (
        lambda p: signature(SECRET_KEY, _text(_encoded(p, lambda v: quote(v, safe="")), list(p), method="POST")),
        "the signature is wrong, and no usual mistake explains it",
    ),
    "two of them": (
        lambda p: signature(f"{SECRET_KEY}\n", _text(p, list(p))),
        "in the order they were sent, not sorted; and the SecretKey",
    ),
    "encoded twice": (lambda p: quote(signature(SECRET_KEY, _text(p)), safe=""), "Signature was URL-encoded twice"),
}
OTHER = """
[[accounts]]
app_id = "1"
credentials = [{secret_id = "AKIDother", secret_key = "otherkey"}]
"""


@pytest.mark.parametrize("name", MISTAKES)
def test_the_usual_mistakes_are_found(make_api: MakeApi, name: str) -> None:
    sign, explanation = MISTAKES[name]
    api = make_api(OTHER)
    params = {name: str(value) for name, value in {**api.common("GetUserCmdList"), **PARAMS}.items()}
    response = api.send({**params, "Signature": sign(params)})
    assert response.json()["code"] == 4100
    assert explanation in api.explanation(response)


def test_sha1_for_sha256_is_found(api: Api) -> None:
    params = {**api.common("GetUserCmdList"), "SignatureMethod": "HmacSHA256"}
    response = api.send({**params, "Signature": signature(SECRET_KEY, _text(params), "sha1")})
    assert "signed with HMAC-SHA1, but SignatureMethod says HmacSHA256" in api.explanation(response)


def test_a_plus_that_became_a_space_is_found_in_a_value_and_in_the_signature(api: Api) -> None:
    in_value = in_signature = ""
    while not (in_value and in_signature):
        params = {name: str(value) for name, value in {**api.common("GetUserCmdList"), "searchKey": "a+b"}.items()}
        good = signature(SECRET_KEY, _text(params))
        if "+" not in good and not in_value:
            query = f"{_text(params).partition('?')[2]}&Signature={quote(good)}"
            in_value = api.explanation(api.http.get(f"{PATH}?{query}"))
        elif "+" in good and not in_signature:
            query = f"{_text(_encoded(params, quote)).partition('?')[2]}&Signature={good}"
            in_signature = api.explanation(api.http.get(f"{PATH}?{query}"))
    assert "send a + as %2B" in in_value
    assert "the + in Signature was sent unencoded" in in_signature


def test_names_signed_with_underscores_are_found(api: Api) -> None:
    params = {**api.common("GetUserCmdList"), "x_0": "1"}
    response = api.send({**params, "Signature": signature(SECRET_KEY, _text(params))})
    assert "names were signed with `_`" in api.explanation(response)


def test_an_at_value_signed_in_a_post_is_found(api: Api) -> None:
    params = {**api.common("GetUserCmdList"), "file": "@x"}
    response = api.send({**params, "Signature": signature(SECRET_KEY, _text(params, method="POST"))}, "POST")
    assert "values that begin with @ were signed" in api.explanation(response)


def test_without_a_known_mistake_the_signed_text_is_shown(api: Api) -> None:
    params = api.common("GetUserCmdList")
    response = api.send({**params, "Signature": "bm9uc2Vuc2U="})
    assert text_to_sign("GET", HOST, params) in api.explanation(response)


def test_secrets_are_masked_in_the_story_and_in_the_log(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    params = {
        **api.common("RunUserCmd"),
        "cmdId": "cmd-nozcbhuw",
        "userName": "root",
        "password": "tr0ub4dor",
        "cmdParam": "",
        "instanceId.0": "sdfrfss",
    }
    response = api.send({**params, "Signature": "bm9uc2Vuc2U="})
    story = api.http.get(response.headers["X-Emulator-Explanation"]).json()
    assert story["parameters"]["password"] == "***"
    assert "password=***" in story["explanation"][0]
    assert "tr0ub4dor" not in json.dumps(story) + caplog.text
    assert SECRET_KEY not in json.dumps(story) + caplog.text
    assert "the signature is wrong" in caplog.text


def test_the_story_says_what_was_called_and_answered(api: Api) -> None:
    response = api.response("GetUserCmdList", limit="many")
    story = api.http.get(response.headers["X-Emulator-Explanation"]).json()
    assert story["request_id"] == response.headers["X-Emulator-Request-Id"]
    assert (story["method"], story["host"], story["action"]) == ("GET", HOST, "GetUserCmdList")
    assert (story["code"], story["message"]) == (10001, "(10001)参数错误:[limit]")
    assert story["explanation"] == ["limit: 'many' is no whole number"]


def test_a_good_call_has_a_request_id_and_no_explanation(api: Api) -> None:
    first, second = api.response("GetUserCmdList"), api.response("GetUserCmdList")
    assert first.headers["X-Emulator-Request-Id"] != second.headers["X-Emulator-Request-Id"]
    assert "X-Emulator-Explanation" not in first.headers


def test_an_unknown_request_has_no_story(api: Api) -> None:
    response = api.http.get("/_emulator/journal/no-such-request")
    assert response.status_code == 404
    assert "nothing is kept" in response.json()["error"]


def test_the_oldest_stories_are_dropped_first(make_api: MakeApi) -> None:
    api = make_api(journal=10)
    first = api.send({}).headers["X-Emulator-Explanation"]
    for _ in range(9):
        api.send({})
    assert api.http.get(first).status_code == 200
    api.send({})
    assert api.http.get(first).status_code == 404


def test_a_signature_over_very_many_parameters_is_refused_without_a_long_search(api: Api) -> None:
    params = {**api.common("GetUserCmdList"), **{f"a.{number}": "x" for number in range(20_000)}}
    response = api.send({**params, "Signature": "bm9uc2Vuc2U="}, "POST")
    assert response.json()["code"] == 4100
    assert "the signature is wrong" in api.explanation(response)


def test_very_long_requests_are_cut(make_api: MakeApi, caplog: pytest.LogCaptureFixture) -> None:
    api = make_api(auth="warn")
    response = api.send({"Action": "GetUserCmdList", "x": "y" * 10**6}, "POST")
    story = api.http.get(response.headers["X-Emulator-Explanation"])
    assert story.json()["parameters"]["x"].endswith("… (1000000 characters)")
    response = api.send({"Action": "GetUserCmdList", **{f"a.{n}": "b" for n in range(1000)}}, "POST")
    story = api.http.get(response.headers["X-Emulator-Explanation"])
    assert story.json()["parameters"]["…"] == "and 901 more"
    assert max(map(len, caplog.messages)) < 5000


def test_a_client_cannot_forge_lines_of_the_log(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    api.send({**api.signed("GetUserCmdList"), "Action": "x\nWARNING forged\x1b[2J"})
    assert caplog.messages
    assert all(message.isprintable() for message in caplog.messages)


def test_a_secret_key_that_is_sent_by_mistake_is_masked(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    response = api.send({**api.common("GetUserCmdList"), "SecretKey": SECRET_KEY, "Signature": "bm9uc2Vuc2U="})
    assert SECRET_KEY not in api.http.get(response.headers["X-Emulator-Explanation"]).text + caplog.text


def test_a_request_of_api_3_to_another_path_is_told_what_this_is(api: Api) -> None:
    response = api.http.post("/", headers={"Authorization": "TC3-HMAC-SHA256 Credential=x"}, json={})
    assert response.status_code == 404
    assert "API 3.0" in response.json()["error"]
