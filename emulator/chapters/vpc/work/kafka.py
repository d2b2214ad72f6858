"""Adding and deleting a queue for the logs of NAT gateways: tasks of a few seconds."""

from emulator.chapters.vpc.records.nat import KAFKA_CONFS
from emulator.world.work import Beginner, Kind, Piece, begin_task

_ADDING = Kind("kafka configuration", "addKafkaConf", (2.0, 5.0))
_REMOVAL = Kind("kafka removal", "delKafkaConf", (2.0, 5.0))


def begin_adding(call: Beginner, id: str, kafka_id: str, topic: str) -> int:
    KAFKA_CONFS.add(call.world, id=id, account_id=call.account_id, kafka_id=kafka_id, topic=topic)
    return begin_task(call, _ADDING, [Piece(id, [], [KAFKA_CONFS.gone(id)])])


def begin_removal(call: Beginner, id: str) -> int:
    return begin_task(call, _REMOVAL, [Piece(id, [KAFKA_CONFS.gone(id)], [])])
