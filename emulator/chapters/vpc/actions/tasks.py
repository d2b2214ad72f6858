"""How far a task has got: QueryBmTaskResult for VPCs and interfaces, QueryBmNatGatewayProductionStatus for the rest.

Both print 0 succeeded, 1 failed, 2 running, and answer for every task of the account. A task of several parts is
running while one part is, and failed if one has failed. QueryBmTaskResult's page documents no error: a task that is
not there is a bad parameter. The live service was seen to answer QueryBmTaskResult by the thing that each part is
about; the profile `observed` does.
"""

from emulator.call import BadParameter, Body, Call
from emulator.chapters.registry import action
from emulator.chapters.vpc.actions.finding import MODULE, is_number
from emulator.world.tasks import FAILED, RUNNING, SUCCEEDED, TaskPart, own_parts, state_of_task

_NUMBERS = {SUCCEEDED: 0, FAILED: 1, RUNNING: 2}
_WORDS = {SUCCEEDED: "success", FAILED: "fail", RUNNING: "doing"}


@action("QueryBmTaskResult", MODULE)
def query_bm_task_result(call: Call) -> Body:
    """Report on a task (私有网络相关接口/查询任务状态.md)."""
    parts = _parts(call)
    if call.observed:
        return {"data": {part.about: _WORDS[part.status] for part in parts}}
    return {"data": {"status": _NUMBERS[state_of_task(parts)]}}


@action("QueryBmNatGatewayProductionStatus", MODULE)
def query_bm_nat_gateway_production_status(call: Call) -> Body:
    """Report on a task (私有网络相关接口/查询NAT网关的操作状态.md)."""
    return {"data": {"status": _NUMBERS[state_of_task(_parts(call))]}}


def _parts(call: Call) -> list[TaskPart]:
    sent: str = call["taskId"]
    parts = own_parts(call.world, call.account_id, int(sent)) if is_number(sent) else []
    if not parts:
        raise BadParameter("taskId", f"the account has no task {sent!r}")
    return parts
