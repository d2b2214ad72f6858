"""Isolated worlds, driven by a real client over a socket: make, reset, fork, keep, restore, compare."""

import itertools

import httpx
import pytest
from support.client import Api

from emulator.testing import ControlError, Emulator, WorldClient

SCRIPT = {"alias": "mine", "osType": "linux", "content": "bHM="}


def api_of(emulator: Emulator, world: WorldClient) -> Api:
    return Api(httpx.Client(base_url=emulator.url, trust_env=False), world.secret_id, world.secret_key)


def scripts(world: WorldClient) -> int:
    return world.call("GetUserCmdList")["data"]["totalNum"]


def test_two_worlds_never_meet(bm_emulator: Emulator, bm_world: WorldClient) -> None:
    other = bm_emulator.new_world()
    bm_world.call("AddUserCmd", **SCRIPT)
    assert (scripts(bm_world), scripts(other)) == (scripts(bm_emulator.world) + 1, scripts(bm_emulator.world))
    other.delete()


def test_two_worlds_may_hold_the_same_ids(bm_emulator: Emulator, bm_world: WorldClient) -> None:
    other = bm_emulator.new_world()
    ids = set()
    for world in (bm_world, other):
        world.call("AddUserCmd", **SCRIPT)
        [row] = api_of(bm_emulator, world).data("GetUserCmdList", searchKey="mine")["list"]
        ids.add(row["cmdId"])
    assert len(ids) == 1
    other.delete()


def test_one_world_does_not_accept_anothers_key(bm_emulator: Emulator, bm_world: WorldClient) -> None:
    other = bm_emulator.new_world()
    mixed = Api(httpx.Client(base_url=bm_emulator.url, trust_env=False), bm_world.secret_id, other.secret_key)
    assert mixed.call("GetUserCmdList")["code"] == 4100
    other.delete()


def test_the_same_seed_makes_the_same_world_and_another_seed_another(bm_emulator: Emulator) -> None:
    made = [bm_emulator.new_world(devices=5, seed=seed) for seed in ("7", "7", "8")]
    devices = [[world.inventory.device(found) for found in world.inventory.ids("devices")] for world in made]
    first, same, another = devices
    assert first == same
    assert {device["instance_id"] for device in first}.isdisjoint(device["instance_id"] for device in another)
    for world in made:
        world.delete()


def test_a_world_can_be_empty(bm_emulator: Emulator) -> None:
    world = bm_emulator.new_world(fixture="empty")
    assert world.inventory.ids("devices") == []
    assert scripts(world) == 0
    world.delete()


def test_a_world_can_be_made_from_a_fixture_of_its_own(bm_emulator: Emulator) -> None:
    account = {"app_id": "1", "credentials": [{"secret_id": "a", "secret_key": "b"}], "script_quota": 0}
    world = bm_emulator.new_world(fixture={"accounts": [account]})
    assert world.app_id == "1"
    assert world.secret_id != "a"
    assert world.call("AddUserCmd", **SCRIPT)["codeDesc"] == "LimitCmdCount"
    world.delete()


@pytest.mark.parametrize(
    ("wanted", "status", "told"),
    [
        ({"fixture": {"accounts": [{"app_id": "x"}]}}, 422, "app_id"),
        ({"fixture": {}}, 422, "no account"),
        ({"fixture": {"accounts": [], "nonsense": 1}}, 422, "nonsense"),
        ({"devices": -1}, 422, "devices"),
        ({"name": "a/b"}, 422, "name"),
        ({"name": "default"}, 409, "there is a world 'default' already"),
        ({"frozen_at": "1960-01-01T00:00:00"}, 422, "between 1970 and 9998"),
    ],
)
def test_a_world_that_cannot_be_is_refused_with_the_reason(
    bm_emulator: Emulator, wanted: dict, status: int, told: str
) -> None:
    before = [world.name for world in bm_emulator.worlds()]
    with pytest.raises(ControlError, match=told) as refused:
        bm_emulator.new_world(**wanted)
    assert refused.value.status == status
    assert [world.name for world in bm_emulator.worlds()] == before


def test_a_deleted_world_is_gone_with_its_credentials(bm_emulator: Emulator) -> None:
    world = bm_emulator.new_world("short-lived")
    world.delete()
    assert world.call("GetUserCmdList")["message"] == "鉴权失败，SecretId 不存在"
    with pytest.raises(ControlError, match="there is no world 'short-lived'"):
        bm_emulator.find_world("short-lived")


def test_the_default_world_cannot_be_deleted(bm_emulator: Emulator) -> None:
    with pytest.raises(ControlError, match="reset it instead"):
        bm_emulator.world.delete()


@pytest.mark.bm_frozen("2017-10-20T10:00:00")
def test_a_reset_makes_everything_as_it_was_and_answers_repeat_byte_for_byte(
    bm_world: WorldClient, world_api: Api
) -> None:
    def story() -> list[bytes]:
        world_api_nonces = itertools.count(1)
        calls = [
            ("AddUserCmd", SCRIPT),
            ("RebootDevice", {"instanceIds.0": "cpm-an5a9wv4", "opUin": "1"}),
            ("DescribeDevice", {}),
            ("GetUserCmdList", {"limit": 3}),
        ]
        return [
            world_api.response(name, Nonce=next(world_api_nonces), Timestamp=stamp, **params).content
            for name, params in calls
        ]

    stamp = world_api.common("x")["Timestamp"]
    bm_world.faults.set("GetUserCmd", error=9001)
    first = story()
    assert bm_world.clock.advance(5) == 1
    bm_world.reset()
    assert bm_world.clock.time == "2017-10-20 10:00:00"
    assert bm_world.faults.all() == []
    assert bm_world.journal.count() == 0
    assert story() == first
    bm_world.reset()


def test_a_restored_snapshot_is_the_world_as_it_was(bm_world: WorldClient) -> None:
    bm_world.clock.freeze("2017-10-20T10:00:00")
    bm_world.snapshot("before")
    number = scripts(bm_world)
    bm_world.call("AddUserCmd", **SCRIPT)
    bm_world.clock.advance(3600)
    bm_world.restore("before")
    assert (scripts(bm_world), bm_world.clock.time) == (number, "2017-10-20 10:00:00")
    assert bm_world.journal.count("AddUserCmd") == 1


def test_snapshots_are_listed_replaced_and_deleted(bm_world: WorldClient) -> None:
    bm_world.snapshot("a")
    bm_world.call("AddUserCmd", **SCRIPT)
    bm_world.snapshot("a")
    number = scripts(bm_world)
    bm_world.restore("a")
    assert (scripts(bm_world), bm_world.snapshots()) == (number, ["a"])
    bm_world.delete_snapshot("a")
    assert bm_world.snapshots() == []
    with pytest.raises(ControlError, match="has no snapshot 'a'"):
        bm_world.restore("a")


def test_a_fork_goes_its_own_way(bm_world: WorldClient) -> None:
    bm_world.call("AddUserCmd", **SCRIPT)
    fork = bm_world.fork()
    assert scripts(fork) == scripts(bm_world)
    fork.call("AddUserCmd", **{**SCRIPT, "alias": "theirs"})
    assert scripts(fork) == scripts(bm_world) + 1
    fork.delete()


def test_a_fork_can_be_reset_and_keeps_its_credentials(bm_world: WorldClient) -> None:
    bm_world.call("AddUserCmd", **SCRIPT)
    fork = bm_world.fork().fork()
    fork.snapshot("s")
    number = scripts(fork)
    fork.reset()
    assert scripts(fork) == number - 1
    fork.restore("s")
    assert scripts(fork) == number
    fork.delete()


def test_each_credential_of_a_copied_world_keeps_its_own_rights(bm_emulator: Emulator) -> None:
    pairs = [{"secret_id": f"key{number}", "secret_key": "k"} for number in range(5)]
    pairs[3]["actions"] = ["GetUserCmdList"]
    fixture = {"accounts": [{"app_id": str(number), "credentials": [pair]} for number, pair in enumerate(pairs, 1)]}
    worlds = [bm_emulator.new_world(fixture=fixture)]
    worlds.append(worlds[0].fork())
    worlds[1].reset()
    for world in worlds:
        codes = {}
        for found in bm_emulator.find_world(world.name).credentials:
            with httpx.Client(base_url=bm_emulator.url, trust_env=False) as client:
                api = Api(client, found["secret_id"], found["secret_key"])
                codes[found["app_id"]] = api.call("DescribeRegions")["code"]
        assert codes == {"1": 0, "2": 0, "3": 0, "4": 4102, "5": 0}
        world.delete()


@pytest.mark.parametrize("verb", ["snapshot", "restore", "delete_snapshot", "diff"])
def test_a_world_that_is_gone_is_unknown(bm_emulator: Emulator, verb: str) -> None:
    world = bm_emulator.new_world("gone")
    world.delete()
    with pytest.raises(ControlError, match="there is no world 'gone'"):
        getattr(world, verb)("s")


def test_a_snapshot_can_be_forked(bm_world: WorldClient) -> None:
    bm_world.snapshot("before")
    number = scripts(bm_world)
    bm_world.call("AddUserCmd", **SCRIPT)
    fork = bm_world.fork("from-before", snapshot="before")
    assert (fork.name, scripts(fork)) == ("from-before", number)
    fork.delete()


def test_a_diff_lists_the_rows_a_client_changed(bm_world: WorldClient) -> None:
    bm_world.snapshot("before")
    bm_world.call("ModifyDeviceAlias", instanceIds=["cpm-an5a9wv4"], aliases=["renamed"])
    bm_world.call("AddUserCmd", **SCRIPT)
    bm_world.snapshot("after")
    bm_world.call("AddUserCmd", **{**SCRIPT, "alias": "later"})
    found = bm_world.diff("before", "after")
    assert set(found) == {"devices", "scripts"}
    assert found["devices"]["changed"] == [
        {
            "before": {"instance_id": "cpm-an5a9wv4", "alias": "web-1"},
            "after": {"instance_id": "cpm-an5a9wv4", "alias": "renamed"},
        }
    ]
    assert [row["alias"] for row in found["scripts"]["added"]] == ["mine"]
    assert [row["alias"] for row in bm_world.diff("after")["scripts"]["added"]] == ["later"]


def test_a_restored_world_lets_a_client_go_on_with_large_filters(bm_world: WorldClient, world_api: Api) -> None:
    """Filters by id use SQLite's json_each, which must survive that the database under it is replaced."""
    bm_world.snapshot("s")
    for _ in range(20):
        assert world_api.call("DescribeDevice", **{"instanceIds.0": "cpm-an5a9wv4"})["code"] == 0
        bm_world.restore("s")
        bm_world.reset()
        bm_world.snapshot("s")


def test_calls_beyond_the_documented_quota_are_refused_and_the_minute_is_the_worlds(bm_world: WorldClient) -> None:
    bm_world.configure(rate_limit=True)
    bm_world.clock.freeze()
    codes = [bm_world.call("GetUserCmdList", limit=1)["code"] for _ in range(101)]
    assert (set(codes[:100]), codes[100]) == ({0}, 4400)
    assert bm_world.call("DescribeRegions")["code"] == 0
    bm_world.clock.advance(60)
    assert bm_world.call("GetUserCmdList", limit=1)["code"] == 0


def test_a_thousand_calls_of_many_actions_are_the_quota_too(bm_world: WorldClient) -> None:
    bm_world.configure(rate_limit=True)
    bm_world.clock.freeze()
    names = [
        "GetUserCmdList",
        "GetUserCmdTaskList",
        "DescribeDevice",
        "DescribeRegions",
        "DescribeOs",
        "DescribeTagKeyList",
        "DescribeDeviceTrash",
        "DescribeHostedDevice",
        "DescribeDeviceClass",
        "DescribeHardwareSpecification",
    ]
    for name in names:
        for _ in range(100):
            assert bm_world.call(name)["code"] != 4400, name
    assert bm_world.call("DescribeBmInstances")["code"] == 4400
