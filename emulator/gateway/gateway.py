"""The life of one request, in the order it meets the stages:

    wire            bytes become a Request                          wire.py
    routes          host and Action become an Action and Behaviour  routes.py
    authentication  SecretId and Signature become a Credential      authentication.py
    contract        texts become checked and typed parameters       parameters.py
    faults          a rule of the world may answer in its place     faults.py
    dispatch        the action's own code answers or refuses        actions/
    answer          a body or a Refusal becomes JSON                answer.py

A stage hands on or raises a Refusal. What an action does is one transaction: an error undoes all of it, but not the
use of the nonce nor the count of the fault.
"""

import logging
import sqlite3
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from emulator.call import Behaviour, Body, Call, Refusal
from emulator.clock import Clock, to_wire
from emulator.contract import Action
from emulator.gateway import faults, wire
from emulator.gateway.answer import Answer, UndocumentedError, Voice
from emulator.gateway.authentication import Authentication
from emulator.gateway.common_errors import common
from emulator.gateway.journal import Journal
from emulator.gateway.masking import Mask, one_line
from emulator.gateway.parameters import read_parameters
from emulator.gateway.routes import Routes
from emulator.gateway.wire import Limits, Request, Unreadable
from emulator.inventory.accounts import Credential
from emulator.inventory.world import World

log = logging.getLogger("emulator.gateway")

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
STORY_PATH = "/_emulator/journal/"


class Gateway:
    """The ASGI application behind `/v2/index.php`."""

    def __init__(
        self,
        *,
        world: World,
        routes: Routes,
        authentication: Authentication,
        settle: Callable[[World, int], None],
        voice: Voice,
        journal: Journal,
        mask: Mask,
        real_clock: Clock,
        limits: Limits,
    ) -> None:
        self._world = world
        self._routes = routes
        self._authentication = authentication
        self._settle = settle
        self._voice = voice
        self._journal = journal
        self._mask = mask
        self._clock = real_clock
        self._limits = limits

    async def __call__(self, scope: wire.Scope, receive: wire.Receive, send: Send) -> None:
        request_id = self._journal.next_id()
        try:
            request = await wire.read(scope, receive, self._limits, request_id)
        except Unreadable as unreadable:
            request = Request(scope["method"], scope["path"], "", [], request_id)
            answer = self._refuse(request, None, unreadable, unreadable.status)
        else:
            answer = self.respond(request)
        await _send(send, answer, request)

    def respond(self, request: Request) -> Answer:
        """Never raises: what goes wrong inside is code 6000 to the client, and a traceback in the log."""
        action: Action | None = None
        try:
            self._authentication.require_parameters(request)
            action, behaviour = self._routes.find(request)
            caller = self._authentication.caller(request, action)
            parameters = read_parameters(action, request.parameters)
            faults.fire(self._world, action)
            body = self._dispatch(behaviour, caller, parameters)
            return self._accept(request, action, body)
        except Refusal as refusal:
            return self._refuse(request, action, refusal)
        except (sqlite3.Error, SQLAlchemyError):
            log.exception("request %s failed in the database", request.request_id)
            return self._refuse(request, action, _database_error(action))
        except Exception:
            log.exception("request %s failed inside the emulator", request.request_id)
            return self._refuse(request, None, common(6000, why="a fault of the emulator; its log has the traceback"))

    def _dispatch(self, behaviour: Behaviour, caller: Credential, parameters: dict[str, Any]) -> Body:
        """What was settled in a call that is refused is undone with it, and settled again by the next."""
        world = self._world
        now = world.clock.now()
        with world.transaction:
            self._settle(world, now)
            return behaviour(Call(caller.account_id, caller.app_id, parameters, world, now))

    def _accept(self, request: Request, action: Action, body: Body) -> Answer:
        answer = self._voice.success(action, body)
        if request.notes:
            self._tell(request, answer)
        elif log.isEnabledFor(logging.INFO):
            log.info("%s %s: 0", request.method, action.name)
        return answer

    def _refuse(self, request: Request, action: Action | None, refusal: Refusal, status: int = 200) -> Answer:
        try:
            answer = self._voice.failure(action, refusal, status)
        except UndocumentedError as error:
            log.error("request %s: %s", request.request_id, error)
            refusal = common(6000, why=f"a fault of the emulator: {error}")
            answer = self._voice.failure(None, refusal, status)
        if refusal.why:
            request.notes.append(refusal.why)
        self._tell(request, answer)
        return answer

    def _tell(self, request: Request, answer: Answer) -> None:
        """Put it in the journal and the log, secrets masked."""
        story = {
            "requestId": request.request_id,
            "time": to_wire(self._clock.now()),
            "method": request.method,
            "host": request.authority,
            "path": request.path,
            "action": request.parameters.get("Action"),
            "parameters": self._mask.story(request.pairs),
            "code": answer.code,
            "message": answer.message,
            "explanation": request.notes,
        }
        self._journal.keep(request.request_id, story)
        told = "; ".join(request.notes) or answer.message
        line = f"{request.method} {story['action']}: {answer.code}, {told} [{request.request_id}]"
        log.warning("%s", one_line(line))


def _database_error(action: Action | None) -> Refusal:
    if action is not None and action.error("InternalError.DbError"):
        return Refusal("InternalError.DbError", why="the database failed; the log has the traceback")
    return common(6000, why="the database failed; the log has the traceback")


async def _send(send: Send, answer: Answer, request: Request) -> None:
    headers = [
        *answer.headers,
        (b"content-length", b"%d" % len(answer.body)),
        (b"x-emulator-request-id", request.request_id.encode()),
    ]
    if request.notes:
        headers.append((b"x-emulator-explanation", f"{STORY_PATH}{request.request_id}".encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
