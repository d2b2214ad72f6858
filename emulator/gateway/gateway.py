"""The life of one request, in the order it meets the stages:

    wire            bytes become a Request                          wire.py
    routes          host and Action become an Action and Behaviour  routes.py
    authentication  SecretId and Signature become a Credential      authentication.py
    quota           too many calls a minute are refused             quota.py
    contract        texts become checked and typed parameters       parameters.py, region.py, unused.py
    faults          a rule of the world may answer in its place     faults.py
    dispatch        the action's own code answers or refuses        chapters/
    answer          a body or a Refusal becomes JSON                answer.py
    delivery        it is sent: late, in part or not at all         delivery.py

A stage hands on or raises a Refusal. What an action does is one transaction: an error undoes all of it, but not the
use of the nonce nor the count of the fault. The SecretId leads to the world that all of this happens in.
"""

import logging
from asyncio import sleep
from collections.abc import Callable, Mapping
from http import HTTPStatus

from emulator.call import BadParameter, Behaviour, Body, Call, CommonRefusal, Refusal
from emulator.clock import Clock
from emulator.contract import Action
from emulator.gateway import wire
from emulator.gateway.answer import Answer, AnswerRenderer, UndocumentedError
from emulator.gateway.authentication import Authentication
from emulator.gateway.call_log import log_call
from emulator.gateway.common_errors import common
from emulator.gateway.delivery import Send, deliver
from emulator.gateway.faults import NO_FAULT, Faults
from emulator.gateway.parameters import bad_parameter, read_parameters
from emulator.gateway.quota import Quota
from emulator.gateway.region import Regions
from emulator.gateway.routes import Routes
from emulator.gateway.unused import UnusedParameters
from emulator.gateway.wire import Unreadable
from emulator.journal.journal import Entry, Journals
from emulator.journal.masking import Mask
from emulator.request import Limits, Request
from emulator.world.database import DatabaseError
from emulator.world.pending import has_due
from emulator.world.row_log import MOST_ROWS
from emulator.world.world import World
from emulator.world.worlds import Worlds

log = logging.getLogger("emulator.gateway")
_MANY = 1_000
"""Parameters."""
_PAUSE_SECONDS = 0.001


class Gateway:
    """The ASGI application behind `/v2/index.php`."""

    def __init__(
        self,
        *,
        worlds: Worlds,
        routes: Routes,
        authentication: Authentication,
        settle: Callable[[World, int], int],
        renderer: AnswerRenderer,
        mask: Mask,
        journals: Journals,
        real_clock: Clock,
        limits: Limits,
        regions: Regions,
    ) -> None:
        self._worlds = worlds
        self._routes = routes
        self._authentication = authentication
        self._settle = settle
        self._renderer = renderer
        self._mask = mask
        self._journals = journals
        self._clock = real_clock
        self._limits = limits
        self._regions = regions
        self._unused = UnusedParameters()
        self._quota = Quota()
        self._faults = Faults(routes)

    async def __call__(self, scope: wire.Scope, receive: wire.Receive, send: Send) -> None:
        client = scope.get("client")
        address = client[0] if client else ""
        try:
            request = await wire.read(scope, receive, self._limits)
        except Unreadable as unreadable:
            request = Request(scope["method"], scope["path"], "", [])
            answer = self._journaled(request, address, unreadable)
        else:
            if len(request.pairs) > _MANY:
                await sleep(_PAUSE_SECONDS)  # reading it took a while, and judging it will: others come in between
            answer = self._journaled(request, address)
        await deliver(answer, request, scope, receive, send)

    def _journaled(self, request: Request, client: str, unreadable: Unreadable | None = None) -> Answer:
        world = self._worlds.of(request.parameters.get("SecretId", ""))
        journal = self._journals.for_world(world)
        request.request_id = journal.next_id()
        began = self._clock.ticks()
        entry = Entry(request, client, world.name, self._clock.now(), world.clock.now())
        if unreadable is None:
            answer = self._respond(entry, world)
        else:
            answer = self._refuse(entry, None, unreadable, unreadable.status)
        if answer.ending == "whole":
            entry.code = answer.code
            entry.body = answer.body
        if answer.message:
            entry.message = answer.message
        if answer.status != HTTPStatus.OK or answer.ending == "lost":
            entry.status = None if answer.ending == "lost" else answer.status
        entry.ticks = self._clock.ticks() - began
        log_call(entry, answer, self._mask)
        journal.keep(entry)
        return answer

    def _respond(self, entry: Entry, world: World) -> Answer:
        """Never raises: what goes wrong inside is code 6000 to the client, and a traceback in the log."""
        request = entry.request
        action: Action | None = None
        advised: Action | None = None
        plan = NO_FAULT
        answer: Answer | None = None
        call: Call | None = None
        try:
            self._authentication.require_parameters(entry)
            endpoint = self._routes.find(request)
            action = endpoint.action
            entry.action = action.name
            caller = self._authentication.caller(world, entry, action)
            self._quota.count(world, caller, action)
            advised = action
            zones = self._regions.zones(request.parameters.get("Region"))
            parameters = read_parameters(action, request.parameters)
            plan = self._faults.plan(world, action, caller, request, parameters)
            if plan is not NO_FAULT:
                entry.fault = plan.does
                request.notes.append(plan.note)
                answer = plan.answer_instead(self._clock.now())
            if answer is None:
                call = Call(
                    caller.account_id,
                    caller.app_id,
                    parameters,
                    world,
                    entry.world_time,
                    may_begin=endpoint.begins_operations,
                    partly=plan.is_partly,
                    disturbance=plan.disturbance,
                    zones=zones,
                    observed=self._renderer.is_observed,
                )
                body = self._dispatch(entry, endpoint.behaviour, call)
                plan.refuse_afterwards(self._clock.now())
                answer = self._renderer.success(action, body)
        except Refusal as refusal:
            answer = self._refuse(entry, action, refusal)
        except DatabaseError:
            log.exception("request %s failed in the database", request.request_id)
            answer = self._refuse(entry, action, _database_error(action))
        except Exception:
            log.exception("request %s failed inside the emulator", request.request_id)
            answer = self._refuse(entry, None, common(6000, why="a fault of the emulator; its log has the traceback"))
        if advised is not None:
            self._advise(entry, advised, {} if call is None else call.named)
        return plan.disturb(answer)

    def _advise(self, entry: Entry, action: Action, named: Mapping[str, int]) -> None:
        """Note what the author of a call should know even if it succeeded: parameters that nothing reads, a Region
        that does not fit. `named`: the zone of each server that the call names.
        """
        request = entry.request
        region = request.parameters.get("Region")
        quoting = [*self._unused.told(action, request), *self._regions.unknown(region)]
        if quoting:
            quoting = self._mask.texts(quoting, request.pairs, entry.world)
        elsewhere = self._regions.elsewhere(region, named)
        if quoting or elsewhere:
            known = "\n".join(request.notes)
            new = [line for line in (*quoting, *elsewhere) if line not in known]
            request.notes += new
            entry.told, entry.quoted = len(new), bool(quoting)

    def _dispatch(self, entry: Entry, behaviour: Behaviour, call: Call) -> Body:
        """What is due happens before the call and apart from it.

        If the action refuses, only its own transaction rolls back.
        """
        world, now = call.world, call.now
        if not has_due(world, now):
            return self._carry_out(entry, behaviour, call)
        with world.transaction.joined:
            with world.transaction:
                self._settle(world, now)
            return self._carry_out(entry, behaviour, call)

    def _carry_out(self, entry: Entry, behaviour: Behaviour, call: Call) -> Body:
        world = call.world
        entry.read = call.read
        row_log = world.log_rows() if self._worlds.logs_rows else None
        rows = world.database.changes
        with world.transaction:
            body = behaviour(call)
        if world.database.changes != rows:
            entry.rows = world.database.changes - rows
            if row_log is not None:
                changed = row_log.take()
                entry.rows -= len(changed)
                entry.changed = tuple(changed[:MOST_ROWS])
            entry.begun = tuple(call.begun)
        if call.refuse_after is not None:
            raise call.refuse_after
        return body

    def _refuse(self, entry: Entry, action: Action | None, refusal: Refusal, status: int = 200) -> Answer:
        if isinstance(refusal, BadParameter):
            refusal = bad_parameter(action, refusal)
        self._mask_refusal(entry, refusal)
        try:
            answer = self._renderer.failure(action, refusal, status)
        except UndocumentedError as error:
            log.error("request %s: %s", entry.request.request_id, error)
            refusal = common(6000, why=f"a fault of the emulator: {error}")
            answer = self._renderer.failure(None, refusal, status)
        if refusal.why:
            entry.request.notes.append(refusal.why)
        return answer

    def _mask_refusal(self, entry: Entry, refusal: Refusal) -> None:
        """Mask secrets in what the client is told, which may name a value that it sent."""
        if refusal.subject:
            refusal.subject = self._mask.texts([refusal.subject], entry.request.pairs, entry.world)[0]
        if isinstance(refusal, CommonRefusal):
            refusal.message = self._mask.texts([refusal.message], [])[0]


def _database_error(action: Action | None) -> Refusal:
    if action is not None and action.error("InternalError.DbError"):
        return Refusal("InternalError.DbError", why="the database failed; the log has the traceback")
    return common(6000, why="the database failed; the log has the traceback")
