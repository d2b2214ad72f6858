"""Work that calls begin, settled before and apart from the call that looks."""

from pathlib import Path

import pytest
from conftest import MakeApi
from support.client import Api

from emulator.app import open_world
from emulator.call import Body, Call, Refusal
from emulator.chapters import BEGINS_WORK, BEHAVIOURS
from emulator.chapters.devices.records.devices import DEVICES
from emulator.clock import ManualClock
from emulator.settings import Settings
from emulator.world import pending, work
from emulator.world.database import DatabaseError
from emulator.world.pending import Due
from emulator.world.work import Piece, begin
from emulator.world.world import World

DEVICE = "cpm-an5a9wv4"
REBOOT = {"instanceIds.0": DEVICE, "opUin": "1"}
FAIL_REBOOTS = '\n[[faults]]\naction = "RebootDevice"\noperation = "fail"\n'


@pytest.fixture
def settler(monkeypatch: pytest.MonkeyPatch) -> str:
    """A kind of operation whose end begins further work, as an order that is delivered does."""

    def follow_up(world: World, due: Due) -> None:
        call = Call(1, "251000873", {}, world, due.due_at, may_begin=True)
        piece = Piece(
            due.about, [DEVICES.write(due.about, alias="went well")], [DEVICES.write(due.about, alias="failed")]
        )
        begin(call, "second stage", piece, 1000)

    monkeypatch.setitem(work._SETTLERS, "first stage", follow_up)
    return "first stage"


@pytest.fixture
def world_and_api(
    make_api: MakeApi, monkeypatch: pytest.MonkeyPatch, settler: str, clock: ManualClock
) -> tuple[Api, ManualClock]:
    def start(call: Call) -> Body:
        begin(call, settler, Piece(DEVICE, [], []), 1000)
        return {}

    monkeypatch.setitem(BEHAVIOURS, ("bm", "GetUserCmdTaskList"), start)
    BEGINS_WORK.add(("bm", "GetUserCmdTaskList"))
    monkeypatch.setattr("emulator.chapters.BEGINS_WORK", BEGINS_WORK)
    yield make_api(FAIL_REBOOTS), clock
    BEGINS_WORK.remove(("bm", "GetUserCmdTaskList"))


def alias(api: Api) -> str:
    return api.data("DescribeDevice", **{"instanceIds.0": DEVICE})["deviceList"][0]["alias"]


def test_a_settler_that_begins_work_is_not_hit_by_the_fault_of_the_call_that_settles_it(
    world_and_api: tuple[Api, ManualClock],
) -> None:
    api, clock = world_and_api
    assert api.call("GetUserCmdTaskList")["code"] == 0
    clock.advance(1)
    reboot = api.data("RebootDevice", **REBOOT)["taskId"]  # settles the first stage, which begins the second
    clock.advance(3600)
    assert alias(api) == "went well"
    assert api.data("DescriptionOperationResult", taskId=reboot)["status"] == 2


def test_a_refused_call_leaves_settled_what_was_due(api: Api, clock: ManualClock) -> None:
    task = api.data("RebootDevice", **REBOOT)["taskId"]
    clock.advance(3600)
    assert api.call("StartDevice", **{"instanceIds.0": "cpm-unknown1"})["code"] == 10001
    assert api.data("DescriptionOperationResult", taskId=task)["status"] == 1


def test_an_action_that_was_not_declared_as_one_that_begins_work_may_not(clock: ManualClock) -> None:
    world = open_world(Settings(), clock)
    with pytest.raises(AssertionError, match="begins_operations"):
        begin(Call(1, "1", {}, world, clock.now()), "anything", Piece(DEVICE, [], []), 0)
    world.close()


def test_work_whose_row_is_gone_or_changed_has_failed_and_writes_nothing(clock: ManualClock) -> None:
    world = open_world(Settings(), clock)
    for device, only_if in (("cpm-gone0000", {"device_status": [4]}), (DEVICE, {"device_status": [99]})):
        row = pending.operation_row("any", clock.now(), [DEVICES.write(device, only_if, alias="written")], about=device)
        with world.transaction:
            pending.add_operation(world, row)
            assert work.settle(world, clock.now()) == 1
    found = DEVICES.find_any(world, DEVICE)
    assert found is not None
    assert found.alias != "written"
    world.close()


@pytest.mark.parametrize("seed", ["another", None])
def test_the_memo_forgets_what_was_read_of_rows_that_were_rolled_back_and_nothing_else(
    clock: ManualClock, seed: str | None
) -> None:
    world = open_world(Settings(), clock)
    world.memo["something"] = 1

    def fail() -> None:
        with world.transaction:
            if seed is not None:
                world.set_seed(seed)
            raise Refusal("any")

    with pytest.raises(Refusal):
        fail()
    assert ("something" in world.memo) == (seed is None)
    world.close()


def test_a_row_that_was_read_while_it_was_changed_reads_as_before_once_that_is_undone(clock: ManualClock) -> None:
    world = open_world(Settings(), clock)
    before = DEVICES.find_any(world, DEVICE)

    def fail() -> None:
        with world.transaction:
            DEVICES.change(world, DEVICE, alias="changed")
            changed = DEVICES.find_any(world, DEVICE)
            assert changed is not None
            assert changed.alias == "changed"
            raise Refusal("any")

    with pytest.raises(Refusal):
        fail()
    assert DEVICES.find_any(world, DEVICE) == before
    world.close()


def test_a_world_that_is_loaded_forgets_the_rows_that_were_read_before(clock: ManualClock) -> None:
    world = open_world(Settings(), clock)
    image = world.image()
    before = DEVICES.find_any(world, DEVICE)
    DEVICES.change(world, DEVICE, alias="changed")
    assert DEVICES.find_any(world, DEVICE) != before
    world.load(image)
    assert DEVICES.find_any(world, DEVICE) == before
    world.close()


def test_a_transaction_within_another_is_refused_and_the_outer_one_goes_on(clock: ManualClock) -> None:
    world = open_world(Settings(), clock)

    def nest() -> None:
        with world.transaction:
            pass

    with world.transaction:
        DEVICES.change(world, DEVICE, alias="changed")
        with pytest.raises(DatabaseError, match="open already"):
            nest()
    found = DEVICES.find_any(world, DEVICE)
    assert found is not None
    assert found.alias == "changed"
    world.close()


def test_of_two_joined_transactions_the_second_alone_is_undone_when_it_fails(
    tmp_path: Path, clock: ManualClock
) -> None:
    file = str(tmp_path / "world.db")
    world = open_world(Settings(database=file), clock)

    def fail() -> None:
        with world.transaction.joined:
            with world.transaction:
                DEVICES.change(world, DEVICE, alias="first")
            with world.transaction:
                DEVICES.change(world, DEVICE, alias="second")
                raise Refusal("any")

    with pytest.raises(Refusal):
        fail()
    assert alias_of(world) == "first"
    world.close()
    again = open_world(Settings(database=file), clock)
    assert alias_of(again) == "first"
    again.close()


def test_joined_transactions_are_written_down_together_before_the_call_is_answered(
    tmp_path: Path, clock: ManualClock
) -> None:
    world = open_world(Settings(database=str(tmp_path / "world.db")), clock)
    with world.transaction.joined:
        with world.transaction:
            DEVICES.change(world, DEVICE, alias="first")
        assert world.database.driver.in_transaction
        with world.transaction:
            DEVICES.change(world, DEVICE, alias="second")
    assert not world.database.driver.in_transaction
    assert alias_of(world) == "second"
    world.close()


def test_a_full_disk_undoes_both_of_two_joined_transactions_and_the_next_one_works(clock: ManualClock) -> None:
    world = open_world(Settings(), clock)
    before = alias_of(world)
    world.database.driver.execute("PRAGMA max_page_count = 1")  # SQLite takes the present size, if that is more

    def fill() -> None:
        with world.transaction.joined:
            with world.transaction:
                DEVICES.change(world, DEVICE, alias="first")
            with world.transaction:
                world.set_seed("x" * 100_000)

    with pytest.raises(DatabaseError, match="full"):
        fill()
    assert alias_of(world) == before
    with world.transaction:
        DEVICES.change(world, DEVICE, alias="later")
    assert alias_of(world) == "later"
    world.close()


def alias_of(world: World) -> str:
    """As the row says, whatever was read before."""
    return next(device.alias for device in DEVICES.every(world) if device.instance_id == DEVICE)


def test_a_full_disk_undoes_the_transaction_and_the_memo(clock: ManualClock) -> None:
    world = open_world(Settings(), clock)
    world.memo["something"] = 1
    world.database.driver.execute("PRAGMA max_page_count = 1")  # SQLite takes the present size, if that is more

    def fill() -> None:
        with world.transaction:
            world.set_seed("x")
            world.set_seed("x" * 100_000)

    with pytest.raises(DatabaseError, match="full"):
        fill()
    assert "something" not in world.memo

    with world.transaction:
        world.set_seed("y")
    world.close()
