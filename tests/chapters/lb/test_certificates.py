"""Certificates are read."""

from datetime import UTC, datetime
from typing import Any

import pytest
from support.certificates import certificate

from chapters.lb.conftest import SECONDS, Balancers
from chapters.lb.world import AUTHORITY, CA, CERT, HTTPS, PUBLIC

CONTENT, KEY = certificate("b.com", "b.com", "*.b.com")


def upload(lb: Balancers, **changes: str) -> str:
    answer = lb.ask("UploadBmCert", **{"certType": "SVR", "cert": CONTENT, "key": KEY, "alias": "mine", **changes})
    return str(answer["data"]["certId"])


def test_its_detail_says_what_is_in_it_and_who_uses_it(lb: Balancers) -> None:
    made = upload(lb)
    assert len(made) == 8
    detail = lb.ask("GetBmCertDetail", certId=made)["data"]
    assert detail == {
        "certId": made,
        "certName": "mine",
        "certType": "SVR",
        "certContent": CONTENT,
        "certDomain": "b.com",
        "certSubjectDomain": ["b.com", "*.b.com"],
        "certUploadTime": "2017-10-20 10:00:00",
        "certBeginTime": "2017-01-01 08:00:00",
        "certEndTime": "2018-12-31 08:00:00",
        "certLBList": [],
    }
    used = lb.ask("GetBmCertDetail", certId=CERT)["data"]["certLBList"]
    assert used == [{"lbId": PUBLIC, "lbName": "front", "vpcId": 1, "regionId": 8}]


@pytest.mark.parametrize("changes", [{"key": ""}, {"certType": "CA", "cert": AUTHORITY[0], "key": ""}])
def test_a_key_is_not_needed(lb: Balancers, changes: dict[str, str]) -> None:
    assert upload(lb, **changes)


def test_a_chain_and_indented_lines_are_understood(lb: Balancers) -> None:
    indented = "\n".join(f"      {line}" for line in f"{CONTENT}{AUTHORITY[0]}".splitlines())
    made = upload(lb, cert=indented)
    assert lb.ask("GetBmCertDetail", certId=made)["data"]["certDomain"] == "b.com"


def test_one_that_runs_out_on_the_worlds_clock_is_refused_from_then_on(lb: Balancers) -> None:
    lb.clock.advance(500 * 24 * 3600)
    assert lb.call("UploadBmCert", certType="SVR", cert=CONTENT, key=KEY)["code"] == -12020
    later = certificate("b.com", begins=datetime(2018, 1, 1, tzinfo=UTC), ends=datetime(2038, 1, 1, tzinfo=UTC))
    assert lb.call("UploadBmCert", certType="SVR", cert=later[0], key=later[1])["code"] == 0


@pytest.mark.parametrize("delete_old", [0, 1])
def test_a_new_one_takes_the_place_of_the_old_one_at_every_listener(lb: Balancers, delete_old: int) -> None:
    answer = lb.ask("ReplaceBmCert", oldCertId=CERT, newCert=CONTENT, newKey=KEY, deleteOld=delete_old)["data"]
    assert answer["oldCertId"] == CERT
    new = answer["newCertId"]
    assert lb.forward_listeners()[HTTPS]["certId"] == new
    assert lb.ask("GetBmCertDetail", certId=new)["data"]["certName"] == CERT
    assert lb.call("GetBmCertDetail", certId=CERT)["code"] == (9003 if delete_old else 0)


def test_a_content_sent_with_a_listener_becomes_a_certificate(lb: Balancers) -> None:
    change = {"loadBalancerId": PUBLIC, "listenerId": HTTPS, "sslMode": 2, "certCaId": CA}
    lb.ask("ModifyBmForwardListener", **change, certName="sent", certContent=CONTENT, certKey=KEY)
    lb.clock.advance(SECONDS)
    row = lb.forward_listeners()[HTTPS]
    assert (row["SSLMode"], row["certCaId"]) == (2, CA)
    assert lb.ask("GetBmCertDetail", certId=row["certId"])["data"]["certName"] == "sent"


def test_a_private_key_is_shown_nowhere(lb: Balancers) -> None:
    made = upload(lb)
    body = KEY.splitlines()[1]
    for path in (f"inventory/certificates/{made}", "inventory/certificates", "journal"):
        assert body not in lb.api.http.get(f"/_emulator/worlds/default/{path}").text
    lb.call("UploadBmCert", certType="SVR", cert=KEY, key=CONTENT)
    assert body not in lb.api.http.get("/_emulator/worlds/default/journal").text


@pytest.mark.parametrize("combined", [CONTENT + KEY, KEY + CONTENT])
def test_a_certificate_with_its_key_in_one_text_is_refused_and_hidden(lb: Balancers, combined: str) -> None:
    https = {"listenerName": "x", "protocol": "https", "loadBalancerPort": 9443, "SSLMode": 1, "certContent": combined}
    listeners = {f"listeners.0.{name}": value for name, value in https.items()}
    for action, params in (
        ("UploadBmCert", {"certType": "SVR", "cert": combined}),
        ("ReplaceBmCert", {"oldCertId": CERT, "newCert": combined}),
        ("CreateBmForwardListeners", {"loadBalancerId": PUBLIC, **listeners}),
    ):
        assert lb.call(action, **params)["code"] == -20002
    assert KEY.splitlines()[1] not in lb.api.http.get("/_emulator/worlds/default/journal").text


def test_a_comparison_of_worlds_shows_no_private_key(lb: Balancers) -> None:
    lb.api.http.put("/_emulator/worlds/default/snapshots/before")
    upload(lb)
    found = lb.api.http.get("/_emulator/worlds/default/diff?before=before").json()
    assert [row["private_key"] for row in found["certificates"]["added"]] == ["***"]


@pytest.mark.parametrize("change", [{"certId": "<new>"}, {"sslMode": 1}])
def test_a_listener_never_ends_with_a_certificate_that_is_gone(lb: Balancers, change: dict[str, Any]) -> None:
    made = upload(lb)
    change = {name: made if value == "<new>" else value for name, value in change.items()}
    lb.ask("ModifyBmForwardListener", loadBalancerId=PUBLIC, listenerId=HTTPS, **change)
    for old in (made, CERT):
        lb.ask("ReplaceBmCert", oldCertId=old, newCert=CONTENT, newKey=KEY, deleteOld=1)
    lb.clock.advance(SECONDS)
    used = lb.forward_listeners()[HTTPS]["certId"]
    assert lb.call("GetBmCertDetail", certId=used)["code"] == 0


def test_what_does_not_go_together_is_refused(lb: Balancers) -> None:
    one = {"loadBalancerId": PUBLIC, "listenerId": HTTPS}
    assert "[certCaId]" in lb.call("ModifyBmForwardListener", **one, certCaId=CA)["message"]
    both = lb.call("ModifyBmForwardListener", **one, certId=CERT, certContent=CONTENT)
    assert (both["code"], "[certId]" in both["message"]) == (9003, True)
    assert "[sslMode]" in lb.call("ModifyBmForwardListener", **one, sslMode=0)["message"]
    assert lb.call("ReplaceBmCert", oldCertId=CERT, newCert=CONTENT, deleteOld=2)["code"] == 9003
