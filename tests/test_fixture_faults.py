"""Fault rules of a fixture file: how often they fire, and in which order."""

from conftest import MakeApi


def test_a_fault_fires_as_often_as_it_says(make_api: MakeApi) -> None:
    api = make_api('[[faults]]\naction = "GetUserCmdList"\nerror = "InternalError.DbError"\ntimes = 2\n')
    codes = [api.call("GetUserCmdList")["code"] for _ in range(4)]
    assert codes == [9001, 9001, 0, 0]
    assert api.call("GetUserCmdTaskList")["code"] == 0


def test_faults_fire_one_after_the_other(make_api: MakeApi) -> None:
    rule = '[[faults]]\naction = "GetUserCmdList"\nerror = {}\ntimes = 1\n'
    api = make_api(rule.format(9001) + rule.format(6200) + rule.format(4400))
    assert [api.call("GetUserCmdList")["code"] for _ in range(4)] == [9001, 6200, 4400, 0]


def test_a_fault_does_not_hide_a_bad_parameter(make_api: MakeApi) -> None:
    api = make_api('[[faults]]\naction = "GetUserCmdList"\nerror = 9001\ntimes = 1\n')
    assert api.call("GetUserCmdList", limit="x")["code"] == 10001
    assert api.call("GetUserCmdList")["code"] == 9001
