"""The forms in which a request may be sent."""

from urllib.parse import urlencode

import pytest
from conftest import MakeApi
from support.client import HOST, PATH, SECRET_KEY, Api, signature, text_to_sign

SCRIPT = {"cmdId": "cmd-nozcbhuw"}


@pytest.fixture
def open_api(make_api: MakeApi) -> Api:
    """An emulator that checks no signatures."""
    return make_api(auth="off")


def _deleted(api: Api, **params: str) -> int:
    """How many scripts a DeleteUserCmd with these parameters deletes."""
    before = api.data("GetUserCmdList")["totalNum"]
    assert api.send({"Action": "DeleteUserCmd", **params}).json()["code"] == 0
    return before - api.data("GetUserCmdList")["totalNum"]


@pytest.mark.parametrize("path", [PATH, f"{PATH}/"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_both_paths_and_both_methods_are_served(api: Api, path: str, method: str) -> None:
    params = api.signed("GetUserCmd", SCRIPT, method)
    how = {"params": params} if method == "GET" else {"data": params}
    assert api.http.request(method, path, **how).json()["code"] == 0


def test_a_get_ignores_its_body(open_api: Api) -> None:
    query = {"Action": "GetUserCmd", **SCRIPT}
    response = open_api.http.request("GET", PATH, params=query, data={"cmdId": "nonsense", "Action": "None"})
    assert response.json()["code"] == 0


def test_a_post_ignores_its_query_string(open_api: Api) -> None:
    response = open_api.http.post(
        PATH, params={"Action": "None", "cmdId": "no"}, data={"Action": "GetUserCmd", **SCRIPT}
    )
    assert response.json()["code"] == 0
    assert open_api.http.post(PATH, params={"Action": "GetUserCmd", **SCRIPT}).json()["code"] == 6100


def test_a_multipart_post_is_read_and_verified(api: Api) -> None:
    params = api.signed("GetUserCmdList", {"searchKey": "输入 &=%"}, "POST")
    files = {name: (None, str(value)) for name, value in params.items()}
    answer = api.http.post(PATH, files=files).json()
    assert answer == {"code": 0, "message": "", "data": {"list": [], "totalNum": 0}}


def test_a_file_in_a_multipart_post_is_no_parameter(open_api: Api) -> None:
    files = {"Action": (None, "GetUserCmd"), "cmdId": ("cmd.txt", b"cmd-nozcbhuw")}
    assert open_api.http.post(PATH, files=files).json()["code"] == 10001


@pytest.mark.parametrize("body", [b"", b"--x", b"--x\r\n", b"--x\r\nContent-Disposition", b"nonsense"])
@pytest.mark.parametrize("boundary", ["; boundary=x", "", "; boundary="])
def test_a_broken_multipart_post_is_refused_not_failed(open_api: Api, body: bytes, boundary: str) -> None:
    headers = {"Content-Type": f"multipart/form-data{boundary}"}
    response = open_api.http.post(PATH, content=body, headers=headers)
    assert response.status_code == 200
    assert response.json()["code"] in (4000, 6100)


def test_a_json_body_is_not_read_and_the_explanation_says_so(open_api: Api) -> None:
    response = open_api.http.post(PATH, json={"Action": "GetUserCmd", **SCRIPT})
    assert response.json()["code"] == 6100
    assert "the body is application/json and was not read" in open_api.explanation(response)


def test_the_later_of_two_values_counts(open_api: Api) -> None:
    assert open_api.http.get(f"{PATH}?Action=GetUserCmd&cmdId=no&cmdId=cmd-nozcbhuw").json()["code"] == 0


@pytest.mark.parametrize(
    "names",
    [
        ("cmdIds.0", "cmdIds.1"),
        ("cmdIds.1", "cmdIds.2"),
        ("cmdIds.3", "cmdIds.70"),
        ("cmdIds_0", "cmdIds_1"),
        ("cmdIds.10", "cmdIds_2"),
    ],
)
def test_arrays_are_numbered_from_0_or_1_with_gaps_and_underscores(open_api: Api, names: tuple[str, str]) -> None:
    assert _deleted(open_api, **dict(zip(names, ("sort", "cmd-nozcbhuw"), strict=True))) == 2


@pytest.mark.parametrize("name", ["instanceIds.0", "instanceId.0", "instanceIds_1", "instanceId_5"])
def test_both_spellings_of_an_array_are_read(open_api: Api, name: str) -> None:
    run = {"userName": "root", "password": "123456", "cmdParam": "", name: "sdfrfss"}
    assert open_api.send({"Action": "RunUserCmd", **SCRIPT, **run}).json() == {"message": "", "code": 0}


def test_an_array_without_numbers_is_refused_and_explained(open_api: Api) -> None:
    response = open_api.send({"Action": "DeleteUserCmd", "cmdIds": "sort"})
    assert response.json()["code"] == 10001
    assert "it is an array: send cmdIds.0" in open_api.explanation(response)


def test_unknown_parameters_are_accepted(open_api: Api) -> None:
    assert open_api.send({"Action": "GetUserCmd", **SCRIPT, "appId": "1", "a.b.c": "2", "": "3"}).json()["code"] == 0


@pytest.mark.parametrize("query", [b"Action=GetUserCmd&cmdId=%ff%fe", b"%c3%28=1", b"Action=\xff\xfe"])
def test_what_is_not_utf8_is_refused(open_api: Api, query: bytes) -> None:
    get = open_api.http.get(f"{PATH}?{query.decode('latin-1')}") if b"\xff\xfe" not in query else None
    post = open_api.http.post(PATH, content=query, headers={"Content-Type": "application/x-www-form-urlencoded"})
    for response in filter(None, (get, post)):
        assert response.status_code == 200
        assert response.json()["code"] == 4000
        assert "not UTF-8" in open_api.explanation(response)


def test_a_multipart_value_that_is_not_utf8_is_refused(open_api: Api) -> None:
    response = open_api.http.post(PATH, files={"Action": (None, b"\xff")})
    assert response.json()["code"] == 4000
    assert "not UTF-8" in open_api.explanation(response)


def test_a_percent_sign_that_encodes_nothing_stays_itself(open_api: Api) -> None:
    assert open_api.http.get(f"{PATH}?Action=GetUserCmd&cmdId=%zz%").json()["code"] == 10001


def test_a_query_string_over_32_kilobytes_is_refused(open_api: Api) -> None:
    fits, too_long = ({"Action": "GetUserCmd", **SCRIPT, "x": "y" * size} for size in (32_700, 32_768))
    assert open_api.http.get(PATH, params=fits).json()["code"] == 0
    response = open_api.http.get(PATH, params=too_long)
    assert (response.status_code, response.json()["code"]) == (414, 4000)
    assert "at most 32768 bytes; use POST" in open_api.explanation(response)


def test_a_body_over_a_megabyte_is_refused(open_api: Api) -> None:
    fits, too_long = ({"Action": "GetUserCmd", **SCRIPT, "x": "y" * size} for size in (1_048_500, 1_048_576))
    assert open_api.http.post(PATH, data=fits).json()["code"] == 0
    response = open_api.http.post(PATH, data=too_long)
    assert (response.status_code, response.json()["code"]) == (413, 4000)


def test_fifty_thousand_parameters_are_accepted_and_no_more(open_api: Api) -> None:
    head = {"Action": "GetUserCmd", **SCRIPT}
    fits, too_many = ({**head, **{f"a.{n}": "x" for n in range(size - 2)}} for size in (50_000, 50_001))
    assert open_api.http.post(PATH, data=fits).json()["code"] == 0
    response = open_api.http.post(PATH, data=too_many)
    assert (response.status_code, response.json()["code"]) == (413, 4000)
    assert "over 50000 parameters" in open_api.explanation(response)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_refused(open_api: Api, method: str) -> None:
    response = open_api.http.request(method, PATH, params={"Action": "GetUserCmd", **SCRIPT})
    assert (response.status_code, response.json()["code"]) == (405, 4000)


@pytest.mark.parametrize("path", ["/", "/v2", "/v2/index.html", "/v2/index.php/more", "/V2/INDEX.PHP"])
def test_another_path_answers_404_and_says_what_to_call(api: Api, path: str) -> None:
    response = api.http.get(path)
    assert response.status_code == 404
    assert response.json()["error"] == f"nothing is served at {path}; call /v2/index.php?Action=…"


def test_very_deep_names_do_no_harm(open_api: Api) -> None:
    answer = open_api.http.post(PATH, data={"Action": "DeleteUserCmd", "cmdIds" + ".0" * 5000: "x"}).json()
    assert answer["code"] == 10001


def test_a_huge_array_number_does_no_harm(open_api: Api) -> None:
    answer = open_api.send({"Action": "DeleteUserCmd", "cmdIds." + "9" * 5000: "x"}).json()
    assert answer["code"] == 10001


def test_utf8_names_and_values_are_signed_raw(api: Api) -> None:
    params = {**api.common("GetUserCmdList"), "名字": "值", "searchKey": "输入"}
    text = text_to_sign("POST", "bm.api.qcloud.com", params)
    body = urlencode({**params, "Signature": signature(SECRET_KEY, text)})
    response = api.http.post(PATH, content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert response.json()["data"]["totalNum"] == 1


def test_a_query_string_beside_a_body_is_told(api: Api) -> None:
    params = api.signed("GetUserCmdList", {}, "POST")
    response = api.http.post("/v2/index.php?limit=1&offset=9", data=params, headers={"Host": HOST})
    assert response.json()["code"] == 0
    assert "the query string has parameters, and was not read" in api.explanation(response)
