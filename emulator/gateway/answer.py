"""Eighth stage: a body or a refusal becomes an HTTP answer, rendered in one of two profiles:

    documented  as the pages print it: `code` is the action's own number, a success begins like the page's example
    observed    as the live gateway answered: a module error has code 4000 (5100 if it is internal), every success
                begins alike, and the JSON is text/html, ASCII only, with `/` as `\\/`

In both, an error is `code`, `message` and `codeDesc` in that order, its message begins with the module's number in
brackets, and the HTTP status is 200.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal

import msgspec

from emulator.call import Body, CommonRefusal, ForcedRefusal, Refusal
from emulator.contract import Action, DocumentedError

Profile = Literal["documented", "observed"]
Headers = list[tuple[bytes, bytes]]

Ending = Literal["whole", "truncated", "lost"]
"""How much of an answer is sent before the connection is closed: all of it, half of it, or nothing."""

_INTERNAL = ("Internal", "InnerError")
"""How the names of internal module errors begin."""
_KNOWN_STATUSES = {status.value for status in HTTPStatus}


@dataclass(slots=True)
class Answer:
    """An HTTP answer, and how it is to be delivered."""

    body: bytes
    headers: Headers
    code: int | str | None
    """The `code` that the client reads; None: the body is no JSON."""
    message: str
    status: int = 200
    """The HTTP status."""
    delay_seconds: float = 0.0
    ending: Ending = "whole"


class UndocumentedError(Exception):
    """An action raised an error that its page does not document."""


class AnswerRenderer:
    """Renders answers as one profile has them."""

    def __init__(self, profile: Profile) -> None:
        self._observed = self.is_observed = profile == "observed"
        content_type = "text/html; charset=utf-8" if self._observed else "application/json; charset=utf-8"
        self._headers = [(b"content-type", content_type.encode())]
        if self._observed:
            self._headers = [(b"server", b"nginx"), *self._headers, (b"vary", b"Accept-Encoding")]
        self._envelopes: dict[tuple[str, str], Body] = {}
        self._encode: Callable[[Any], bytes] = _ascii_json if self._observed else msgspec.json.encode

    def success(self, action: Action, body: Body) -> Answer:
        """Render what an action answered."""
        envelope = self._envelopes.get((action.module, action.name)) or self._envelope(action)
        return Answer(self._encode({**envelope, **body}), self._headers, 0, "")

    def _envelope(self, action: Action) -> Body:
        """The keys that begin the action's success, built once."""
        printed = action.envelope
        values: Body = {"code": 0, "message": "", "codeDesc": "Success"}
        if not self._observed:
            values["message"] = printed.message
            values["code"] = "0" if printed.code_is_text else 0
            values = {key: values[key] for key in printed.keys}
        self._envelopes[action.module, action.name] = values
        return values

    def failure(self, action: Action | None, refusal: Refusal, status: int = 200) -> Answer:
        """Render a refusal. Raises UndocumentedError."""
        if isinstance(refusal, CommonRefusal):
            code, message, name = refusal.code, refusal.message, refusal.code_desc
            if name is None and self._observed:
                return self._error(code, message, code, status)
            return self._error(code, message, name, status)
        if isinstance(refusal, ForcedRefusal):
            error: DocumentedError | None = refusal.answers
        else:
            error = action.error(refusal.name) if action else None
        if error is None:
            raise UndocumentedError(f"{action.name if action else 'no action'} documents no error {refusal.name}")
        subject = f":[{refusal.subject}]" if refusal.subject else ""
        message = f"({error.code}){refusal.text or error.text}{subject}"
        return self._error(self._code(error), message, error.name, status)

    def _code(self, error: DocumentedError) -> int:
        if not self._observed:
            return error.code
        return 5100 if error.name.startswith(_INTERNAL) else 4000

    def _error(self, code: int, message: str, name: str | int | None, status: int) -> Answer:
        body: Body = {"code": code, "message": message}
        if name is not None:
            body["codeDesc"] = name
        return Answer(self._encode(body), self._headers, code, message, status)


def html_page(status: int) -> Answer:
    """The error page of a proxy in front of the service."""
    title = f"{status} {HTTPStatus(status).phrase if status in _KNOWN_STATUSES else 'Error'}"
    page = f"<html>\r\n<head><title>{title}</title></head>\r\n<body><h1>{title}</h1></body>\r\n</html>\r\n"
    return Answer(page.encode(), [(b"content-type", b"text/html")], None, title, status)


def json_page(status: int, body: dict[str, Any]) -> Answer:
    """A JSON answer of something in front of the service."""
    code, message = body.get("code"), body.get("message")
    shown = code if isinstance(code, int | str) else None
    headers = [(b"content-type", b"application/json; charset=utf-8")]
    return Answer(msgspec.json.encode(body), headers, shown, message if isinstance(message, str) else "", status)


def _ascii_json(body: Body) -> bytes:
    """Encode a body as PHP's json_encode does."""
    return json.dumps(body, separators=(",", ":")).replace("/", "\\/").encode()
