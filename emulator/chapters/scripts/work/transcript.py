"""What a script that nobody scripted prints: repeatable, and plain enough to be believed.

Of the script's own commands only `echo`, with its positional parameters, and a closing `exit N` are acted out;
an emulator has no server to run the others on.
"""

import re
import shlex
from base64 import b64decode
from typing import NamedTuple

from emulator.chapters.devices.records.device import Device
from emulator.chapters.scripts.records.scripts import Script

_ECHO = re.compile(
    r"@?echo\s+(?!(?:on|off)$)([^|<>]+)", re.IGNORECASE
)  # neither what goes to a file or another command, nor a switch
_EXIT = re.compile(r"exit\s+(?:/b\s+)?(\d{1,3})", re.IGNORECASE)
_POSITIONAL = {
    "linux": re.compile(r"\$(?:\{(\d|@|\*|#)\}|(\d|@|\*|#))"),
    "xserver": re.compile(r"%(?:(\d|\*))()"),
}


class Transcript(NamedTuple):
    output: str
    exit_code: int


def transcribe(device: Device, script: Script, parameter: str) -> Transcript:
    """The command line with its parameters as the server's shell shows it, then what the script echoes."""
    content = b64decode(script.content).decode(errors="replace")
    name = _file_name(script)
    lines = [f"{_prompt(device)}{name} {parameter}".rstrip()]
    arguments = [name, *_split(parameter)]
    echoes = filter(None, (_ECHO.fullmatch(line.strip()) for line in content.splitlines()))
    lines += [_expand(script.os_type, echo[1], arguments) for echo in echoes]
    return Transcript("\n".join(lines) + "\n", _exit_code(content))


def _file_name(script: Script) -> str:
    return f"./{script.cmd_id}.sh" if script.os_type == "linux" else f"{script.cmd_id}.bat"


def _prompt(device: Device) -> str:
    if device.os_type == "xserver":
        return f"C:\\Users\\{device.user_name}>"
    sign = "#" if device.user_name == "root" else "$"
    return f"[{device.user_name}@{device.lan_ip} ~]{sign} "


def _split(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:  # an open quotation mark
        return text.split()


def _expand(os_type: str, text: str, arguments: list[str]) -> str:
    def value(match: re.Match[str]) -> str:
        name = match[1] or match[2]
        if name in "@*":
            return " ".join(arguments[1:])
        if name == "#":
            return str(len(arguments) - 1)
        return arguments[int(name)] if int(name) < len(arguments) else ""

    words = " ".join(_split(text)) if os_type == "linux" else text
    return _POSITIONAL[os_type].sub(value, words)


def _exit_code(content: str) -> int:
    lines = [line.strip() for line in content.splitlines() if line.strip()]
    closing = _EXIT.fullmatch(lines[-1]) if lines else None
    return int(closing[1]) % 256 if closing else 0
