"""The log on stderr: a line an event, for people or as JSON.

    2017-10-20 10:00:00.000 INFO    w1 127.0.0.1 GET RebootDevice cpm-an5a9wv4: 0, 1.2 ms [1240a468-…]
    2017-10-20 10:00:42.000 INFO    w1 rebootDevice on cpm-an5a9wv4 ended (real 2026-11-25 11:20:03.412)

Times are China Standard Time, as everywhere; JSON has its offset. An event of a world has the world's time, and the
real one beside it where the two differ. An event carries its facts as `extra={FACTS: {…}}`, which the JSON form gives
as fields.
"""

import json
import logging
import os
import sys
from typing import Any, Literal, TextIO

from emulator.clock import local

LogFormat = Literal["text", "json"]
FACTS = "facts"
"""The attribute of a record that holds the facts of its event, by name."""
WORLD_TIME = "world_time"
"""The fact that holds the world's time of the event, in milliseconds."""
_COLOURS = {"DEBUG": "2", "INFO": "32", "WARNING": "33", "ERROR": "31", "CRITICAL": "31"}
_SAME_MS = 1_000
"""A world's time that is nearer to the real one is the real one."""


def set_up_logs(level: str, log_format: LogFormat, stream: TextIO | None = None) -> None:
    """Log events of this level and above to the stream; of the libraries beneath, warnings and errors only.

    Colours are for a terminal, and NO_COLOR switches them off.
    """
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines() if log_format == "json" else TextLines(colours=_has_colours(stream)))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    own = logging.getLogger("emulator")
    own.setLevel(level.upper())
    root.setLevel(max(logging.WARNING, own.level))


def _has_colours(stream: TextIO) -> bool:
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


class TextLines(logging.Formatter):
    """A line for people."""

    def __init__(self, *, colours: bool) -> None:
        super().__init__()
        self._colours = colours

    def format(self, record: logging.LogRecord) -> str:
        at, real = _times(record)
        level = f"{record.levelname:7}"
        if self._colours:
            level = f"\x1b[{_COLOURS.get(record.levelname, '0')}m{level}\x1b[0m"
        beside = "" if real is None else f" (real {real})"
        line = f"{at} {level} {record.getMessage()}{beside}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class JsonLines(logging.Formatter):
    """A JSON object for programs: time, level, message, and the facts of the event."""

    def format(self, record: logging.LogRecord) -> str:
        at, real = _times(record)
        facts = {name: value for name, value in _facts(record).items() if name != WORLD_TIME}
        found: dict[str, Any] = {
            "time": f"{at}+08:00",
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        found |= {} if real is None else {"real_time": f"{real}+08:00"}
        found |= facts
        if record.exc_info:
            found["traceback"] = self.formatException(record.exc_info)
        return json.dumps(found, ensure_ascii=False)


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    facts: dict[str, Any] = getattr(record, FACTS, {})
    return facts


def _times(record: logging.LogRecord) -> tuple[str, str | None]:
    """The time of the event, and the real one where it is another."""
    real = round(record.created * 1000)
    of_world = _facts(record).get(WORLD_TIME)
    if of_world is None or abs(of_world - real) < _SAME_MS:
        return _text(real), None
    return _text(of_world), _text(real)


def _text(moment: int) -> str:
    return local(moment).isoformat(" ", "milliseconds")
