"""Known answers: the printed signatures that reproduce, and those made by the rules."""

import pytest

from emulator.signing.signature import SHA1, SHA256, digest_named, sign, sign_request, signed_pairs, text_to_sign

DOC_KEY = "Gu5t9xGARNpq86cd98joQYCN3Cozk1qA"
DOC_ID = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3gnPhESA"
COMMON = [("Nonce", "11886"), ("Region", "gz"), ("SecretId", DOC_ID), ("Timestamp", "1465185768")]
EIP = [("eipId", "eip-testcpm"), ("instanceId", "cpm-09dx96dg")]
SDK = [
    ("Action", "DescribeInstances"),
    ("Nonce", "1290303896666895346"),
    ("Region", "ap-guangzhou"),
    ("SecretId", "secretIdFoo"),
    ("Timestamp", "1512393162"),
    ("Version", "2017-03-12"),
]


@pytest.mark.parametrize(
    ("text", "digest", "expected"),
    [
        pytest.param(
            "GETbmeip.api.qcloud.com/v2/index.php?Action=EipBmBindRs&Nonce=11886&Region=gz&"
            f"SecretId={DOC_ID}&Timestamp=1465185768&instanceId=cpm-09dx96dg&eipId=eip-testcpm",
            SHA1,
            "iMn4MF6H0mDBCTOhx/t/LjMWs2g=",
            id="the page's example, as printed (unsorted)",
        ),
        pytest.param(
            "GETcvm.api.qcloud.com/v2/index.php?Action=DescribeInstances&Nonce=11886&Region=gz&"
            f"SecretId={DOC_ID}&Timestamp=1465185768&instanceIds.0=ins-09dx96dg&limit=20&offset=0",
            SHA1,
            "NSI3UqqD99b/UJb4tbG/xZpRW64=",
            id="the CVM page's example",
        ),
        pytest.param(
            "GETcvm.api.qcloud.com/v2/index.php?Action=DescribeInstances&InstanceIds.0=ins-09dx96dg&Nonce=11886&"
            f"Region=ap-guangzhou&SecretId={DOC_ID}&SignatureMethod=HmacSHA256&Timestamp=1465185768",
            SHA256,
            "0EEm/HtGRr/VJXTAD9tYMth1Bzm3lLHz5RCDv1GdM8s=",
            id="HmacSHA256, capital parameter",
        ),
        pytest.param(
            "GETcvm.api.qcloud.com/v2/index.php?Action=DescribeInstances&InstanceIds.0=ins-09dx96dg&Nonce=11886&"
            f"Region=ap-guangzhou&SecretId={DOC_ID}&SignatureMethod=HmacSHA1&Timestamp=1465185768",
            SHA1,
            "nPVnY6njQmwQ8ciqbPl5Qe+Oru4=",
            id="HmacSHA1, capital parameter",
        ),
        pytest.param(
            "GETeip.api.qcloud.com/v2/index.php?Action=DescribeInstances&Nonce=11886&Region=gz&"
            f"SecretId={DOC_ID}&Timestamp=1465185768&instanceId=cpm-09dx96dg&eipId=eip-testcpm",
            SHA1,
            "Bb7vNsvjCnRUOVInFHD8UVw2O4c=",
            id="the oldest page's text",
        ),
    ],
)
def test_a_printed_text_gives_the_printed_signature(text: str, digest: str, expected: str) -> None:
    assert sign(DOC_KEY, text, digest) == expected


@pytest.mark.parametrize(
    ("method", "host", "action", "parameters", "expected"),
    [
        ("GET", "bmeip", "EipBmBindRs", EIP, "P6y82HIF1jIIYXbL1N5zDVzMDmE="),
        ("GET", "bmeip", "EipBmBindRs", EIP[::-1], "P6y82HIF1jIIYXbL1N5zDVzMDmE="),
        ("POST", "bmeip", "EipBmBindRs", EIP, "vB9gADI122sksJMkfZufj4wjyMw="),
        ("GET", "bmeip", "DescribeInstances", EIP, "p/KeaieEK7X72bI/lx/yD27/pro="),
        (
            "GET",
            "cvm",
            "DescribeInstances",
            [("limit", "20"), ("offset", "0"), ("instanceIds.0", "ins-09dx96dg"), ("SignatureMethod", "HmacSHA256")],
            "PSWUwVv4TfW2sQP1FT9KbbLjIZ9bmK8f1cL6fbpf3KI=",
        ),
        (
            "GET",
            "cvm",
            "DescribeInstances",
            [("offset", "0"), ("limit", "20"), ("instanceIds.0", "ins-09dx96dg")],
            "NSI3UqqD99b/UJb4tbG/xZpRW64=",
        ),
    ],
)
def test_parameters_in_any_order_give_the_signature_of_the_rules(
    method: str, host: str, action: str, parameters: list[tuple[str, str]], expected: str
) -> None:
    pairs = [*parameters, ("Action", action), *COMMON]
    assert sign_request(method, f"{host}.api.qcloud.com", pairs, DOC_KEY)[1] == expected


@pytest.mark.parametrize(
    ("method", "digest", "expected"),
    [
        ("POST", SHA1, "p3n+pxBqF5JGZtDSxoVn5tGngf0="),
        ("POST", SHA256, "B2T37FRSP6Fk0/q/cdfrTE0p3zX5ooB/2BPWZUFpsj4="),
        ("GET", SHA1, "5HAq1BOKNLEE2/uauWnp6Zv9Z3c="),
    ],
)
def test_the_answers_of_the_old_sdks_own_tests(method: str, digest: str, expected: str) -> None:
    pairs = [*SDK, ("SignatureMethod", f"Hmac{digest.upper()}")]
    text = text_to_sign(method, "cvm.api.qcloud.com", signed_pairs(method, pairs)[0])
    assert sign("secretKeyBar", text, digest) == expected


@pytest.mark.parametrize("value", [None, "", "HmacSHA1", "HmacSHA123", "hmacsha256", "HmacSha256"])
def test_only_the_exact_name_selects_sha256(value: str | None) -> None:
    assert digest_named(value) == SHA1


def test_underscores_become_dots_in_names_only_and_not_at_their_beginning() -> None:
    pairs = [("Placement_Zone", "CN_GUANGZHOU"), ("_1_a_", "x_y")]
    assert signed_pairs("GET", pairs)[0] == [("Placement.Zone", "CN_GUANGZHOU"), ("_1_a_", "x_y")]


def test_the_two_sort_orders_differ_only_by_underscores() -> None:
    by_name, by_sent_name = signed_pairs("GET", [("a_0", "1"), ("aB", "2")])
    assert by_name == [("a.0", "1"), ("aB", "2")]
    assert by_sent_name == [("aB", "2"), ("a.0", "1")]


def test_file_values_are_left_out_of_a_post_but_not_of_a_get() -> None:
    pairs = [("a", "@file"), ("b", "1")]
    assert signed_pairs("POST", pairs)[0] == [("b", "1")]
    assert signed_pairs("GET", pairs)[0] == pairs
