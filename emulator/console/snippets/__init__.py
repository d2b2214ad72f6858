"""Code that sends a call to this emulator: ready to paste, signed by itself, with what each language brings along."""

from collections.abc import Callable

from emulator.console.snippets import in_go, in_node, in_php, in_python, shell
from emulator.console.snippets.sending_call import SendingCall

LANGUAGES = {
    "test": "pytest",
    "curl": "curl",
    "python": "Python",
    "node": "Node.js",
    "php": "PHP",
    "go": "Go",
    "qcloudcli": "qcloudcli",
}
_WRITERS: dict[str, Callable[[SendingCall], str]] = {
    "test": in_python.test,
    "curl": shell.curl,
    "python": in_python.script,
    "node": in_node.script,
    "php": in_php.script,
    "go": in_go.program,
    "qcloudcli": shell.qcloudcli,
}


def snippet(language: str, call: SendingCall) -> str:
    """The code, in one of LANGUAGES."""
    return _WRITERS[language](call)
