"""Queues that receive the logs of NAT gateways. Adding and deleting one is a task; no action lists them.

One that is there already, or is not there, is InvalidParameter 10001.
"""

from emulator.call import BadParameter, Body, Call
from emulator.chapters.registry import action
from emulator.chapters.vpc.actions.finding import MODULE, task_body
from emulator.chapters.vpc.records.nat import KAFKA_CONFS
from emulator.chapters.vpc.work.kafka import begin_adding, begin_removal
from emulator.world.pending import work_on


@action("AddBmAppKafkaConf", MODULE, begins_operations=True)
def add_bm_app_kafka_conf(call: Call) -> Body:
    """Begin to add a queue (私有网络相关接口/添加kafka配置.md)."""
    id = _idle(call)
    if KAFKA_CONFS.find_any(call.world, id) is not None:
        raise BadParameter("kafkaId", f"{id} is there already")
    return task_body(begin_adding(call, id, call["kafkaId"], call["topicName"]))


@action("DelBmAppKafkaConf", MODULE, begins_operations=True)
def del_bm_app_kafka_conf(call: Call) -> Body:
    """Begin to delete a queue (私有网络相关接口/删除kafka配置.md)."""
    id = _idle(call)
    if KAFKA_CONFS.find(call.world, call.account_id, id) is None:
        raise BadParameter("kafkaId", f"the account has no queue {id}")
    return task_body(begin_removal(call, id))


def _idle(call: Call) -> str:
    id = f"{call['kafkaId']}/{call['topicName']}"
    if work_on(call.world, id) is not None:
        raise BadParameter("kafkaId", f"{id} is being added or deleted")
    return id
