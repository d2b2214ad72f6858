"""The languages of the console. The English texts are the keys; the texts of the API itself stay as they are."""

from functools import cache
from pathlib import Path

import msgspec
from starlette.requests import Request

ENGLISH, CHINESE = "en", "zh"
LANGUAGES = {ENGLISH: "English", CHINESE: "中文"}
COOKIE = "bm_emulator_language"
_FILE = Path(__file__).parent / "texts.zh.json"


def translated(english: str, language: str) -> str:
    """The text in that language; one that has no translation stays English."""
    return chinese().get(english, english) if language == CHINESE else english


@cache
def chinese() -> dict[str, str]:
    """The Chinese texts, by the English ones."""
    return msgspec.json.decode(_FILE.read_bytes(), type=dict[str, str])


def language_of(request: Request) -> str:
    """As the visitor chose it: on this page, on an earlier one, or in the browser's settings."""
    for chosen in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        if chosen in LANGUAGES:
            return chosen
    wanted = request.headers.get("accept-language", "")
    ranked = sorted((_ranked(part) for part in wanted.split(",")), key=lambda ranked: -ranked[0])
    return next((name for quality, name in ranked if quality > 0 and name in LANGUAGES), ENGLISH)


def _ranked(part: str) -> tuple[float, str]:
    """A part of Accept-Language, as `zh-CN;q=0.8`: how much it is wanted, and the language."""
    name, _, quality = part.strip().partition(";q=")
    try:
        wanted = float(quality) if quality else 1.0
    except ValueError:
        wanted = 0.0
    return wanted, name.strip().lower().partition("-")[0]
