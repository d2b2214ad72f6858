"""How a script's run on one device ends: decided from the device's state when it begins, and again when it is over.

Status values (the documentation prints 1, for a rejected login, and says only that the others are error numbers):

    0  the script exited with 0
    1  the server's agent rejected the user name or the password
    2  the server's agent did not answer when the run began or when it was over, or the server was shut down, rebooted,
       reinstalled, isolated or given back meanwhile, or a fault makes the run fail
    3  the script is for another operating system than the server's
    4  the script exited with another status than 0, which `lastShellExit` gives
"""

from base64 import b64encode
from dataclasses import dataclass

from emulator.chapters.devices.records.device import SCRIPT_RUN, Device
from emulator.chapters.devices.records.devices import DEVICES
from emulator.chapters.scripts.records import tasks
from emulator.chapters.scripts.records.scripts import Script
from emulator.chapters.scripts.records.tasks import Result
from emulator.chapters.scripts.work.transcript import Transcript, transcribe
from emulator.world import rules
from emulator.world.pending import Due
from emulator.world.work import Beginner, Piece, begin, duration_ms, settles
from emulator.world.world import World

_LOGIN_REJECTED, _UNREACHABLE, _WRONG_SYSTEM, _SCRIPT_FAILED = 1, 2, 3, 4
_NO_EXIT = -1
_LOGIN_REJECTED_TEXT = "用户验证失败!"
_UNREACHABLE_TEXT = "连接agent超时!"
_WRONG_SYSTEM_TEXT = "脚本与操作系统类型不匹配!"
# Seconds. The printed failures took 247 and 250; a script's own time is the script's.
_QUICK = (20.0, 60.0)
_UNTIL_GIVEN_UP = (240.0, 260.0)


@dataclass(frozen=True, slots=True)
class Login:
    """What the caller says opens the server."""

    user_name: str
    password: str

    def opens(self, device: Device) -> bool:
        """A device that takes keys is opened by the key kept for it, whatever password is sent."""
        if device.login_type == "key":
            return self.user_name == device.user_name
        return (self.user_name, self.password) == (device.user_name, device.password)


def begin_run(call: Beginner, run: int, device: Device, script: Script, parameter: str, login: Login) -> None:
    """Plan how run number `run` of that script on that device ends. `parameter` is decoded."""
    ending, lasting_ms = _ending(call.world, run, device, script, parameter, login)
    failure = _agent_failure(device.lan_ip, _UNREACHABLE, _UNREACHABLE_TEXT)
    piece = Piece(device.instance_id, ending._asdict(), failure._asdict())
    begin(call, SCRIPT_RUN, piece, lasting_ms, subject=tasks.subject_of(run))


@settles(SCRIPT_RUN)
def _end_run(world: World, due: Due) -> None:
    """Record how the run ended. Where the server cannot run scripts any more, its agent has not answered."""
    assert due.subject is not None  # noqa: S101 - as it was begun
    device = DEVICES.find_any(world, due.about)
    result = Result(**due.outcome)
    if result.last_shell_exit != _NO_EXIT and (device is None or not device.runs_scripts):
        run = tasks.run_of(world, due.subject)
        result = _agent_failure(run.lan_ip, _UNREACHABLE, _UNREACHABLE_TEXT)
    tasks.end_run(world, due.subject, result, due.due_at)


def _ending(world: World, run: int, device: Device, script: Script, parameter: str, login: Login) -> tuple[Result, int]:
    quick = duration_ms(world, f"{SCRIPT_RUN}/{run}", *_QUICK)
    slow = duration_ms(world, f"{SCRIPT_RUN}/{run}", *_UNTIL_GIVEN_UP)
    if not device.runs_scripts:
        return _agent_failure(device.lan_ip, _UNREACHABLE, _UNREACHABLE_TEXT), slow
    if not login.opens(device):
        return _agent_failure(device.lan_ip, _LOGIN_REJECTED, _LOGIN_REJECTED_TEXT), slow
    if script.os_type != device.os_type:
        return _agent_failure(device.lan_ip, _WRONG_SYSTEM, _WRONG_SYSTEM_TEXT), quick
    scripted = rules.find_outcome(
        world,
        cmd_id=script.cmd_id,
        cmd_alias=script.alias,
        instance_id=device.instance_id,
        instance_name=device.alias,
        parameter=parameter,
    )
    transcript = transcribe(device, script, parameter)
    if scripted is None:
        return _script_result(transcript), quick
    output = transcript.output if scripted.output is None else scripted.output
    lasting_ms = quick if scripted.duration_ms is None else scripted.duration_ms
    return _script_result(Transcript(output, scripted.exit_code)), lasting_ms


def _script_result(transcript: Transcript) -> Result:
    status = _SCRIPT_FAILED if transcript.exit_code else 0
    return Result(status, transcript.exit_code, _encode(transcript.output))


def _agent_failure(lan_ip: str | None, status: int, text: str) -> Result:
    return Result(status, _NO_EXIT, _encode(f"shell {lan_ip},{_NO_EXIT},0,'agent返回错误信息.{text}'"))


def _encode(text: str) -> str:
    return b64encode(text.encode()).decode()
