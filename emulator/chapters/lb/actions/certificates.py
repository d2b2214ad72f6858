"""Certificates: uploaded, looked at, replaced. They are read: a text that is none answers -20002, and so does a private
key that is not the certificate's own.

The pages say that a private key is not needed for SVR, where the contrary is to be expected: it is never needed, and
checked where it is sent. A certificate of a CA has to be an authority's. One that is not valid yet, or no longer, on
the world's clock answers -12020, or -20002 where the page has no such error. ReplaceBmCert puts the new one in the
place of the old one at every listener; deleteOld=1 removes the old one then. certLBList is a list, as the table has it;
the printed JSON shows one of its items.
"""

from emulator.call import Body, Call, Refusal
from emulator.chapters.finding import find
from emulator.chapters.lb.actions.finding import MODULE
from emulator.chapters.lb.records.balancers import LOAD_BALANCERS
from emulator.chapters.lb.records.certificates import CERTIFICATES, Certificate, new_cert_id
from emulator.chapters.lb.records.forward_listeners import FORWARD_LISTENERS, listeners_with
from emulator.chapters.lb.records.pem import BadCertificateError, Contents, read_certificate
from emulator.chapters.registry import action
from emulator.chapters.vpc.records.networks import Networks
from emulator.clock import to_wire

_BAD_CONTENT, _NOT_VALID_NOW = -20002, -12020


@action("UploadBmCert", MODULE)
def upload_bm_cert(call: Call) -> Body:
    """Upload a certificate (负载均衡相关接口/证书相关接口/创建负载均衡证书.md)."""
    name, key = call.get("alias") or "", call.get("key") or ""
    return {"data": {"certId": keep(call, call["certType"], name, call["cert"], key)}}


@action("GetBmCertDetail", MODULE)
def get_bm_cert_detail(call: Call) -> Body:
    """Tell what is in a certificate, and who uses it (负载均衡相关接口/证书相关接口/获取负载均衡证书详情.md)."""
    certificate = _own(call, call["certId"], "certId")
    contents = read_certificate(certificate.content)
    return {
        "data": {
            "certId": certificate.cert_id,
            "certName": certificate.name,
            "certType": certificate.kind,
            "certContent": certificate.content,
            "certDomain": contents.domain,
            "certSubjectDomain": contents.alternative_names,
            "certUploadTime": to_wire(certificate.uploaded_at),
            "certBeginTime": to_wire(contents.begins_at),
            "certEndTime": to_wire(contents.ends_at),
            "certLBList": _users(call, certificate.cert_id),
        }
    }


@action("ReplaceBmCert", MODULE)
def replace_bm_cert(call: Call) -> Body:
    """Put a new certificate in the place of an old one (负载均衡相关接口/证书相关接口/更新负载均衡证书.md)."""
    old = _own(call, call["oldCertId"], "oldCertId")
    name, key = call.get("newAlias") or old.name, call.get("newKey") or ""
    new = keep(call, old.kind, name, call["newCert"], key, not_now=_BAD_CONTENT)
    for listener in listeners_with(call.world, old.cert_id):
        columns = {column: new for column in ("cert_id", "cert_ca_id") if getattr(listener, column) == old.cert_id}
        FORWARD_LISTENERS.change(call.world, listener.listener_id, **columns)
    if call.get("deleteOld") == 1:
        CERTIFICATES.remove(call.world, old.cert_id)
    return {"data": {"newCertId": new, "oldCertId": old.cert_id}}


def keep(call: Call, kind: str, name: str, content: str, key: str, *, not_now: int = _NOT_VALID_NOW) -> str:
    """Make a certificate of the account, and return its id. `not_now`: the error of one that is out of date."""
    _check(call, kind, content, key, not_now=not_now)
    cert_id = new_cert_id(call.world, call.app_id)
    row = Certificate(cert_id, call.account_id, name, kind, content, key, call.now)
    CERTIFICATES.add(call.world, **row._asdict())
    return cert_id


def usable(call: Call, kind: str, cert_id: str, parameter: str) -> str:
    """The id of a certificate that a listener may use now."""
    certificate = _own(call, cert_id, parameter)
    if certificate.kind != kind:
        raise Refusal(_BAD_CONTENT, why=f"{cert_id} is of type {certificate.kind}, and {parameter} wants {kind}")
    _check(call, kind, certificate.content, certificate.private_key)
    return cert_id


def _own(call: Call, cert_id: str, parameter: str) -> Certificate:
    return find(call, CERTIFICATES, cert_id, unknown=None, subject=parameter)


def _check(call: Call, kind: str, content: str, key: str, *, not_now: int = _NOT_VALID_NOW) -> Contents:
    try:
        contents = read_certificate(content, key)
    except BadCertificateError as error:
        raise Refusal(_BAD_CONTENT, why=str(error)) from error
    if kind == "CA" and not contents.is_authority:
        raise Refusal(_BAD_CONTENT, why="a certificate of type CA has to be an authority's")
    if not contents.is_valid(call.now):
        times = f"from {to_wire(contents.begins_at)} to {to_wire(contents.ends_at)}"
        raise Refusal(not_now, why=f"it is valid {times}, and it is {to_wire(call.now)}")
    return contents


def _users(call: Call, cert_id: str) -> list[Body]:
    """The load balancers whose listeners use a certificate."""
    networks = Networks(call.world, call.account_id)
    ids = dict.fromkeys(listener.lb_id for listener in listeners_with(call.world, cert_id))
    balancers = (LOAD_BALANCERS.find_any(call.world, lb_id) for lb_id in ids)
    rows = []
    for balancer in filter(None, balancers):
        vpc = networks.vpc(balancer.vpc)
        region = call.world.catalogue.region_of(vpc.zone_id) if vpc else None
        number = region.id if region else 0
        names = {"lbId": balancer.lb_id, "lbName": balancer.name}
        rows.append({**names, "vpcId": vpc.id if vpc else 0, "regionId": number})
    return rows
