"""Every printed example of load balancers and traffic mirrors, sent verbatim and unsigned to the demo world.

An example that undoes or repeats another page's is sent after that one. The answer is the printed one, or DIFFERS says
why not; REFUSED says why a printed request cannot succeed where other pages are true.
"""

from typing import Any

import pytest
from conftest import MakeApi
from support.client import Api
from support.examples import Page, examples, pages, shape

from emulator.clock import ManualClock

EXAMPLES = [*examples("lb"), *examples("traffic_mirror")]
AFTER = {
    "BindBmL4ListenerRs": "UnbindBmL4ListenerRs",
    "BindBmLocationInstances": "UnbindBmLocationInstances",
    "CreateBmForwardListeners": "DeleteBmListeners",
    "CreateBmListeners": "DeleteBmListeners",
    "CreateBmLoadBalancerListeners": "DeleteBmListeners",
    "DeregisterInstancesFromBmLoadBalancer": "RegisterInstancesWithBmLoadBalancer",
    "ModifyBmLoadBalancerBackends": "RegisterInstancesWithBmLoadBalancer",
    "UnbindBmL4ListenerVmIp": "BindBmL4ListenerVmIp",
    "UnbindBmL7LocationVmIp": "BindBmL7LocationVmIp",
    "UnbindTrafficMirrorListeners": "BindTrafficMirrorListeners",
    "UnbindTrafficMirrorReceivers": "BindTrafficMirrorReceivers",
}
NEW_TASK, NEW_ID = "the call makes a new task, with a number of its own", "what is made has an id of its own"
OTHER_PAGE = "another page prints the same thing otherwise"
DIFFERS = {
    "DescribeBmVportInfo": "one listener is printed, of the two that other pages print",
    "DescribeBmLoadBalancersByInstances": "one server is printed in two VPCs, and a server's id as a balancer's",
    "DescribeBmLBHealthStatus": "no server is printed behind the listeners of which other pages print servers",
    "CreateBmForwardListeners": NEW_ID,
    "CreateBmLoadBalancer": NEW_ID,
    "ReplaceBmCert": f"{NEW_ID}; the page sends one certificate's id and prints it as the other's",
    "DescribeBmForwardListeners": f"{OTHER_PAGE}: DescribeBmForwardListenerInfo has the name test-http and port 80",
    "DescribeBmForwardRules": f"{OTHER_PAGE}: DescribeBmForwardListenerInfo has the domain www.a.com",
    "DescribeBmL4ListenerBackends": "the server has the address of a virtual machine of other pages",
    "DescribeBmLocationBackends": f"{OTHER_PAGE}: the server's name, and its address, as before",
    "DescribeBmListeners": f"{OTHER_PAGE}: DescribeBmListenerInfo has the name aaa; BindBmL4ListenerRs a probe port",
    "DescribeBmLoadBalancerListeners": f"{OTHER_PAGE}: DescribeBmListenerInfo has the name aaa and the check on",
}
SHAPED_OTHERWISE = {
    "DescribeBmLoadBalancerBackends": "the server's public address is printed as the load balancer's own",
    "DescribeBmForwardListenerInfo": "bindType and httpCheckDomain, of the table, are answered and not printed",
    "GetBmCertDetail": "what is printed is not in the printed certificate; the list is an array in the table",
    "GetTrafficMirror": "the page promises details and prints none",
    "GetTrafficMirrorList": "the table has data, and none is printed",
    "GetTrafficMirrorListenerList": "the table has data, and none is printed",
    "GetTrafficMirrorReceiverList": "the table has data, and none is printed",
}
REFUSED = {
    "DescribeBmBindInfo": (9003, "the vpcId is printed as XXX"),
    "ModifyBmForwardListener": (9003, "a certificate is put on a listener that other pages print as one of http"),
    "UploadBmCert": (-20002, "the private key is printed as 'your own key'"),
}


def send(api: Api, page: Page) -> dict[str, Any]:
    [example] = page.examples
    found: dict[str, Any] = api.send(
        {"Action": page.action, **example["params"]}, example["method"], example["host"]
    ).json()
    return found


@pytest.mark.parametrize(("page", "example"), EXAMPLES)
def test_a_printed_example_is_answered_as_printed_or_as_is_said_why_not(
    make_api: MakeApi, clock: ManualClock, page: Page, example: dict[str, Any]
) -> None:
    api, printed = make_api(auth="off"), example["response"]
    if page.action in AFTER:
        earlier = next(found for found in pages() if found.action == AFTER[page.action])
        assert send(api, earlier)["code"] == 0
        clock.advance(60)
    answer = send(api, page)
    if page.action in REFUSED:
        assert answer["code"] == REFUSED[page.action][0], REFUSED[page.action][1]
        return
    assert answer["code"] == 0, answer
    if page.action in SHAPED_OTHERWISE:
        assert shape(answer) != shape(printed), SHAPED_OTHERWISE[page.action]
    elif page.action in DIFFERS or "requestId" in printed:
        assert answer != printed, DIFFERS.get(page.action, NEW_TASK)
        assert shape(answer) == shape(printed)
    else:
        assert answer == printed
        assert [*answer] == [*printed]


def test_an_upload_without_the_printed_key_succeeds(make_api: MakeApi) -> None:
    page = next(found for found in pages() if found.action == "UploadBmCert")
    [example] = page.examples
    params = {name: value for name, value in example["params"].items() if name != "key"}
    answer = make_api(auth="off").send({"Action": page.action, **params}, example["method"], example["host"]).json()
    assert shape(answer) == shape(example["response"])


def test_all_are_sent() -> None:
    assert len(EXAMPLES) == 63
    assert {param.id for param in EXAMPLES} >= {*DIFFERS, *SHAPED_OTHERWISE, *REFUSED, *AFTER}
