"""The head of the signed text, method, host, path and `?`, and the usual mistakes in it."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from emulator.contract import SERVICE_HOSTS, Action
from emulator.request import PATH, Request
from emulator.signing.changes import Change, replacing

_OTHER_SERVICES = (
    *("account", "bgpip", "cam", "cbs", "ccs", "cdb", "cdn", "cloudaudit", "cmem", "cmongo", "cmq-queue-gz", "cns"),
    *("cvm", "dfw", "eip", "feecenter", "image", "lb", "live", "market", "monitor", "redis", "scaling", "snapshot"),
    *("cpm", "sts", "tag", "tdsql", "tmt", "trade", "vod", "vpc", "wenzhi", "yunsou"),
)
"""Services of the same platform, whose clients people adapt."""
_PORTS = (80, 443, 8080, 8386, 8443)
_CONTAINERS = ("bm-emulator", "emulator", "host.docker.internal")
"""Names under which containers reach the emulator."""
_DOMAINS = (
    "bm.qcloud.com",
    "bm.api.qcloud.com.cn",
    "bm.api.tencentyun.com",
    "bm.api.tencentcloudapi.com",
    "qcloud.com",
)
"""What people take the API's host for."""


class Head(NamedTuple):
    """What stands before the parameters."""

    method: str
    host: str
    path: str = PATH
    mark: str = "?"
    between: str = ""
    """What was put between the parts."""

    def text(self) -> bytes:
        return f"{self.between.join((self.method, self.host, self.path))}{self.between or self.mark}".encode()


Changes = list[Change[Head]]


def head_changes(request: Request) -> Changes:
    """The mistakes in everything but the host."""
    return [*_method_changes(request.method), *_path_changes(request.path)]


def likely_hosts(request: Request, action: Action, right: Iterable[str]) -> Changes:
    """The hosts that clients of this API sign by mistake: they are tried together with other mistakes too."""
    own = action.hosts[0]
    bare = request.host
    hosts = (
        *SERVICE_HOSTS,
        f"{action.module}.tencentcloudapi.com",
        "localhost",
        "127.0.0.1",
        f"https://{own}",
        f"http://{own}",
        f"http://{request.authority}",
        f"https://{request.authority}",
        "",
        own.upper(),
        bare.upper(),
    )
    return _host_changes(hosts, action, set(right))


def unlikely_hosts(request: Request, action: Action, right: Iterable[str]) -> Changes:
    """More hosts, which are tried alone: other ports, other capitals, other services of the platform."""
    own, bare = action.hosts[0], request.host
    port = request.authority.rpartition(":")[2]
    ports = dict.fromkeys((*([port] if port.isdecimal() else []), *map(str, _PORTS)))
    newer = f"{action.module}.tencentcloudapi.com"
    names = dict.fromkeys((own, bare, newer, "localhost", "127.0.0.1", "0.0.0.0", "[::1]", *_CONTAINERS))  # noqa: S104
    hosts = (
        *(f"{name}:{number}" for name in names for number in ports),
        *names,
        "::1",
        *(change(host) for host in (own, bare, newer) for change in (str.capitalize, str.title)),
        *(f"{label.upper()}.{rest}" for label, _dot, rest in (own.partition("."), newer.partition("."))),
        f"//{own}",
        f"{own}/",
        f"{own}.",
        "api.qcloud.com",
        "tencentcloudapi.com",
        *_DOMAINS,
        *(f"{service}.api.qcloud.com" for service in _OTHER_SERVICES),
        *(f"{host.partition('.')[0]}.tencentcloudapi.com" for host in SERVICE_HOSTS),
        *(f"{service}.tencentcloudapi.com" for service in _OTHER_SERVICES),
    )
    return _host_changes(hosts, action, set(right))


def _host_changes(hosts: Iterable[str], action: Action, right: set[str]) -> Changes:
    belongs = f"but {action.name} belongs to {action.hosts[0]}"
    changes = []
    for host in dict.fromkeys(hosts):
        if host in right:
            continue
        if not host:
            what = f"the host was left out of the signed text; {action.name} belongs to {action.hosts[0]}"
        elif host.lower() in right:
            what = f"the host was signed as {host!r}, {belongs}, in small letters"
        else:
            what = f"the host was signed as {host!r}, {belongs}"
        changes.append(Change("host", what, lambda head, host=host: head._replace(host=host)))  # type: ignore[misc]
    return changes


def _method_changes(sent: str) -> Iterator[Change[Head]]:
    other = "POST" if sent == "GET" else "GET"
    for method in (other, sent.lower(), other.lower()):
        what = f"the method was signed as {method}, but sent as {sent}"
        yield Change("method", what, replacing(method=method))
    left_out = "the method was left out of the signed text"
    yield Change("method", left_out, replacing(method=""))


def _path_changes(sent: str) -> Iterator[Change[Head]]:
    for path in ("/", "/v2/", "/v2", "/v2/index.php/", "/index.php", "v2/index.php", "/v3/index.php", "/v2/index.php?"):
        if path != sent:
            what = f"the path was signed as {path!r}, but must be {PATH}"
            yield Change("path", what, replacing(path=path))
    without_path = f"the path was left out of the signed text; it must be {PATH}"
    yield Change("path", without_path, replacing(path=""))
    without_mark = "the ? after the path was left out of the signed text"
    yield Change("path", without_mark, replacing(mark=""))
    without_both = f"the path and the ? after it were left out of the signed text; it must have {PATH}?"
    yield Change("path", without_both, replacing(path="", mark=""))
    for between, name in (("\n", "line feeds"), ("&", "&")):
        what = f"method, host, path and parameters were joined with {name}; only a ? stands between path and parameters"
        yield Change("path", what, replacing(between=between))
    only = "only the parameters were signed, without method, host and path"
    yield Change("path", only, replacing(method="", host="", path="", mark=""))
