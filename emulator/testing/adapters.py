"""Transports for httpx and requests that send every request to one emulator, whatever its host."""

from typing import TYPE_CHECKING, Any

from emulator.testing.driver import Exchange

if TYPE_CHECKING:
    import httpx
    from requests.adapters import BaseAdapter


def requests_adapter(exchange: Exchange) -> "BaseAdapter":
    """An adapter for `session.mount("https://", adapter)`. Needs requests."""
    from io import BytesIO

    import requests
    from requests.adapters import HTTPAdapter
    from urllib3 import HTTPResponse

    class Adapter(HTTPAdapter):
        def send(self, request: requests.PreparedRequest, *_args: Any, **_kwargs: Any) -> requests.Response:
            body = request.body or b""
            data = body.encode() if isinstance(body, str) else bytes(body)
            host = str(request.url).split("/", 3)[2]
            headers = {"Host": host, **dict(request.headers)}
            try:
                reply = exchange(str(request.method), request.path_url, headers, data)
            except OSError as error:
                raise requests.ConnectionError(error, request=request) from error
            raw = HTTPResponse(BytesIO(reply.body), reply.headers, reply.status, preload_content=False)
            return self.build_response(request, raw)

    return Adapter()


def httpx_transport(exchange: Exchange) -> "httpx.BaseTransport":
    """A transport for `httpx.Client(transport=…)`. Needs httpx."""
    import httpx

    class Transport(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            target = request.url.raw_path.decode("ascii")
            try:
                reply = exchange(request.method, target, dict(request.headers), request.read())
            except OSError as error:
                raise httpx.ReadError(str(error), request=request) from error
            return httpx.Response(reply.status, headers=reply.headers, content=reply.body)

    return Transport()
