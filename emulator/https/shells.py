"""The commands that set and unset environment variables in each shell."""

import shlex
from collections.abc import Mapping
from typing import Literal

Shell = Literal["sh", "fish", "powershell"]


def shell_commands(values: Mapping[str, str | None], shell: Shell = "sh") -> str:
    """Commands for `eval` in a POSIX shell, `source` in fish, or `Invoke-Expression` in PowerShell."""
    command = {"sh": _posix, "fish": _fish, "powershell": _powershell}[shell]
    return "\n".join(command(name, value) for name, value in values.items())


def _posix(name: str, value: str | None) -> str:
    return f"unset {name}" if value is None else f"export {name}={shlex.quote(value)}"


def _fish(name: str, value: str | None) -> str:
    if value is None:
        return f"set -e {name};"
    quoted = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"set -gx {name} '{quoted}';"


def _powershell(name: str, value: str | None) -> str:
    if value is None:
        return f"Remove-Item Env:{name} -ErrorAction SilentlyContinue;"
    quoted = value.replace("'", "''")
    return f"$env:{name} = '{quoted}';"
