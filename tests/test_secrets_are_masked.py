"""No secret is in anything that the emulator writes: log, journal, stories, explanations, refusals."""

import json
from typing import Any

import pytest
from conftest import MakeApi
from support.client import SECRET_ID, SECRET_KEY, Api

from emulator.testing import Emulator, WorldClient

PASSWORD = "h4vBbEz9ocn8h8"
VPN_PASSWORD = "tencent89"
SCRIPT_SECRET = "tr0ub4dor&3"
RUN = {"cmdId": "cmd-nozcbhuw", "userName": "root", "password": SCRIPT_SECRET, "cmdParam": "", "instanceIds.0": "x"}


def everything(api: Api, caplog: pytest.LogCaptureFixture, *answers: Any) -> str:
    """All that the emulator wrote: its log, the journal in both forms, each story, and these answers."""
    journal = api.http.get("/_emulator/worlds/default/journal").json()
    stories = [api.http.get(f"/_emulator/journal/{call['request_id']}").text for call in journal["calls"]]
    lines = api.http.get("/_emulator/worlds/default/journal.jsonl").text
    records = [
        f"{record.getMessage()} {record.exc_text or ''}"
        for record in caplog.records
        if record.name.startswith("emulator")
    ]
    return "\n".join((*records, json.dumps(journal, ensure_ascii=False), lines, *stories, *(a.text for a in answers)))


def test_a_key_in_the_place_of_an_id_is_not_written_anywhere(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    exchanged = Api(api.http, SECRET_KEY, SECRET_ID)
    with caplog.at_level("DEBUG"):
        answers = [exchanged.response("GetUserCmdList"), exchanged.response("GetUserCmdList", method="POST")]
    assert "SecretId holds a SecretKey: SecretId and SecretKey were exchanged" in api.explanation(answers[0])
    assert SECRET_KEY not in everything(api, caplog, *answers)


@pytest.mark.parametrize("unknown_key", ["f5731d2c8a0b4e6f9d7c1a2b3c4d5e6f", "kXq3vZ8sPdN5wYb2LrTfHmJcGe7aVu4i"])
def test_a_key_of_no_world_in_the_place_of_an_id_is_not_written_either(
    api: Api, caplog: pytest.LogCaptureFixture, unknown_key: str
) -> None:
    answer = Api(api.http, unknown_key, SECRET_ID).response("GetUserCmdList")
    assert "not shown" in api.explanation(answer)
    assert unknown_key not in everything(api, caplog, answer)


PLACES: dict[str, dict[str, str]] = {
    "Action": {"Action": SECRET_KEY},
    "an id": {"Action": "GetDeviceOutBandInfo", "instanceId": SECRET_KEY},
    "a number": {"Action": "GetUserCmdList", "limit": SECRET_KEY},
    "an array": {"Action": "DescribeDevice", "instanceIds.0": SECRET_KEY},
    "a part of a text": {"Action": "GetUserCmdList", "limit": f"key {SECRET_KEY}!"},
    "an unknown parameter": {"Action": "GetUserCmdList", "whatever": SECRET_KEY},
    "a name": {"Action": "GetUserCmdList", SECRET_KEY: "1"},
    "the name SecretKey": {"Action": "GetUserCmdList", "secret_key": "a key that nobody knows"},
    "Timestamp": {"Action": "GetUserCmdList", "Timestamp": SECRET_KEY},
    "Signature": {"Action": "GetUserCmdList", "Signature": SECRET_KEY},
    "Region": {"Action": "GetUserCmdList", "Region": SECRET_KEY, "Signature": "bm9uc2Vuc2U="},
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_key_in_any_other_place_is_not_written_anywhere(
    api: Api, caplog: pytest.LogCaptureFixture, place: str, method: str
) -> None:
    params = dict(PLACES[place])
    action = params.pop("Action")
    with caplog.at_level("DEBUG"):
        answer = api.send({**api.signed(action, params, method), **params}, method)
    written = everything(api, caplog, answer)
    assert SECRET_KEY not in written
    assert "a key that nobody knows" not in written


@pytest.mark.parametrize("name", ["Passwd", "PASSWORD", "passWord", "pass_word", "x.0.Password", "passwd.1", "KEY"])
def test_a_secret_name_is_known_in_any_case(api: Api, caplog: pytest.LogCaptureFixture, name: str) -> None:
    answer = api.response("GetUserCmdList", **{name: SCRIPT_SECRET, "limit": SCRIPT_SECRET})
    assert SCRIPT_SECRET not in everything(api, caplog, answer)


@pytest.mark.parametrize("secret", [PASSWORD, VPN_PASSWORD])
@pytest.mark.parametrize("name", ["instanceId", "limit", "whatever"])
def test_a_password_of_the_world_is_masked_under_any_name(
    api: Api, caplog: pytest.LogCaptureFixture, secret: str, name: str
) -> None:
    answers = [api.response("GetUserCmdList", **{name: secret}), api.response("GetDeviceOutBandInfo", **{name: secret})]
    assert secret not in everything(api, caplog, *answers)


def test_the_secrets_of_a_script_are_masked_also_in_a_wrong_signature(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    answers = [api.response("RunUserCmd", **RUN), api.send({**api.common("RunUserCmd"), **RUN, "Signature": "x"})]
    assert SCRIPT_SECRET not in everything(api, caplog, *answers)


def test_a_password_that_was_just_set_is_masked_under_any_name(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    assert api.call("SetOutBandVPNAuthPwd", password="Freshly5et!", createOrUpdate="update")["code"] == 0
    answer = api.response("GetUserCmdList", limit="Freshly5et!")
    assert "Freshly5et" not in everything(api, caplog, answer)


def test_a_key_of_another_world_is_masked(bm_emulator: Emulator, bm_world: WorldClient, world_api: Api) -> None:
    other = bm_emulator.new_world()
    response = world_api.response("GetUserCmdList", limit=other.secret_key)
    assert other.secret_key not in json.dumps(bm_world.journal.calls()) + world_api.explanation(response)
    with pytest.raises(AssertionError) as failed:
        bm_world.journal.called("GetUserCmdList", with_={"limit": "5"})
    assert other.secret_key not in str(failed.value)


def test_a_known_id_of_any_form_is_shown(make_api: MakeApi) -> None:
    own = "an-id-of-a-fixture-of-ones-own"
    credentials = f'credentials = [{{secret_id = "{own}", secret_key = "k"}}]'
    api = make_api(f'[[accounts]]\napp_id = "1"\n{credentials}')
    response = Api(api.http, own, "k").response("GetUserCmdList", limit="many")
    assert api.http.get(response.headers["X-Emulator-Explanation"]).json()["parameters"]["SecretId"] == own


@pytest.mark.parametrize(
    "name", ["passwrd", "vpnPwd", "pwd", "pass", "newPasswd", "passphrase", "apiKey", "access_key"]
)
def test_a_value_under_a_name_like_a_passwords_is_masked(api: Api, name: str) -> None:
    api.call("GetUserCmdList", **{name: "Unkn0wn!Secr8"})
    journal = api.http.get("/_emulator/worlds/default/journal").text
    assert "GetUserCmdList" in journal
    assert "Unkn0wn!Secr8" not in journal


def test_a_script_that_is_no_base64_is_not_quoted(api: Api) -> None:
    response = api.response("AddUserCmd", alias="a", osType="linux", content="TOKEN=s3cr3tplain")
    assert response.json()["code"] != 0
    assert "s3cr3tplain" not in str(response.headers)


@pytest.mark.parametrize(
    "hidden",
    ["new-Passw0rd of cpm-an5a9wv4", 'the password is "new-Passw0rd"', "passwd=new-Passw0rd;x=1"],
)
def test_a_password_that_a_server_is_about_to_get_is_masked_inside_longer_values(
    api: Api, caplog: pytest.LogCaptureFixture, hidden: str
) -> None:
    api.data("ResetDevicePasswd", passwd="new-Passw0rd", **{"instanceIds.0": "cpm-an5a9wv4"})
    with caplog.at_level("DEBUG"):
        answer = api.response("ModifyDeviceAlias", **{"instanceIds.0": "cpm-unknown1", "aliases.0": hidden})
    assert answer.json()["code"] != 0
    assert "new-Passw0rd" not in everything(api, caplog, answer)


def test_a_login_key_is_masked(make_api: MakeApi, caplog: pytest.LogCaptureFixture) -> None:
    key = "ssh-ed25519AAAAC3NzaC1lZDI1NTE5"
    api = make_api()
    changed = {"login_type": "key", "login_key": key}
    assert api.http.patch("/_emulator/worlds/default/inventory/devices/cpm-an5a9wv4", json=changed).status_code == 200
    with caplog.at_level("DEBUG"):
        answer = api.response("GetDeviceOutBandInfo", instanceId=key)
    assert key not in everything(api, caplog, answer)


def test_a_key_in_a_path_is_not_answered(api: Api) -> None:
    answer = api.http.get(f"/v2/{SECRET_KEY}")
    assert answer.status_code == 404
    assert SECRET_KEY not in answer.text
