"""Requests as they may be shown: secrets become `***`, and long texts are cut.

A parameter is secret by its name, which is compared without regard to case, or by its value: a SecretKey of any world,
or a password that a thing of its world has. Values are compared only when a call is refused or somebody reads the
journal. A SecretId that no world has and that does not begin as one may be a SecretKey, so it is masked too.
"""

import re
from collections.abc import Collection, Iterable
from functools import lru_cache

from emulator.contract import COMMON_PARAMETERS, Action, Parameter
from emulator.request import Pairs, canonical
from emulator.world.secrets import SHORTEST_PASSWORD, Secrets

HIDDEN = "***"
_MAX_PARAMETERS = 100
_MAX_CHARACTERS = 4000
_ALSO_SECRET = ("SecretKey", "passwd", "password", "privateKey")
"""Names that no action documents, and that are sent by mistake."""
PRIVATE_KEY = "PRIVATE KEY-----"
"""What is in the first line of every private key in PEM form."""
_SHORTEST_KEY = 16
_END = 4
_ID_BEGINS = "AKID"
_LIKE_SECRETS = re.compile(r"passw|passphrase|pwd|secret(?!id)|apikey|accesskey|privatekey|^pass$|^token$")
"""In names that clients send in place of the documented ones, as `passwrd` or `vpnPwd`."""
_BETWEEN_WORDS = re.compile(r"""[\s,;:&=/"'<>()\[\]{}|]+""")
_MOST_SPLIT = 100_000
"""Characters of a request whose words are looked at one by one."""
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]")


class Mask:
    """Masks the secret parameters of the whole contract, and the secret values of all worlds.

    `secrets`: None masks by name alone. A name is secret if any of its dotted parts is.
    """

    def __init__(self, contract: Iterable[Action], secrets: Secrets | None = None) -> None:
        documented = {name for action in contract for name in _secret_names(action.parameters)}
        names = {*documented, *_secret_names(COMMON_PARAMETERS), *_ALSO_SECRET}
        self._names = {_plain(name) for name in names}
        self._secrets = secrets
        self._is_secret_family = lru_cache(maxsize=4096)(self._is_secret)

    def is_secret(self, name: str) -> bool:
        """Whether the value of the parameter of this name is never shown."""
        return self._is_secret_family(name.rstrip(".0123456789"))

    def masked(self, pairs: Pairs, world: str | None = None) -> Pairs:
        """The pairs, with `***` in place of secret values."""
        hidden = self._secret_values(pairs, world)
        return [
            (_without(name, hidden), HIDDEN if value and self._hides(name, value) else _without(value, hidden))
            for name, value in pairs
        ]

    def summary(self, pairs: Pairs, world: str | None = None) -> dict[str, str]:
        """The parameters for a story: masked, and cut to a length that can be read."""
        shown = {clip(name): clip(value) for name, value in self.masked(pairs[:_MAX_PARAMETERS], world)}
        if len(pairs) > _MAX_PARAMETERS:
            shown["…"] = f"and {len(pairs) - _MAX_PARAMETERS} more"
        return shown

    def texts(self, texts: Iterable[str], pairs: Pairs, world: str | None = None) -> list[str]:
        """Texts about a request with `***` in place of all secrets: those of its parameters, and known SecretKeys.

        A password that is the name of a parameter, as "password", stays: hiding it would hide what the text is about.
        """
        texts = list(texts)
        quoted = _quoted_in("\0".join(texts), pairs)
        own = {
            value for name, value in quoted if value and self._hides(name, value) and _plain(value) not in self._names
        }
        hidden = own | self._secret_values(quoted, world)
        return [_without(text, hidden | self._keys_in(text)) for text in texts]

    def is_secret_value(self, value: str, world: str | None = None) -> bool:
        """Whether a value is, or has in it, a known SecretKey, or is a password of the world."""
        return bool(self._keys_in(value)) or bool(self._passwords([value], world))

    def looks_like_key(self, secret_id: str) -> bool:
        """Whether a SecretId may be a SecretKey that was put in the wrong place, known or not."""
        if self._keys_in(secret_id):
            return True
        if secret_id.strip().startswith(_ID_BEGINS) or len(secret_id) < _SHORTEST_KEY:
            return False
        return self._secrets is None or not self._secrets.is_secret_id(secret_id)

    def is_key(self, text: str) -> bool:
        """Whether a text is, or has in it, a known SecretKey."""
        return bool(self._keys_in(text))

    def _hides(self, name: str, value: str) -> bool:
        """Whether a parameter is hidden: for its name, or because a private key is in its value."""
        return self.is_secret(name) or PRIVATE_KEY in value

    def _is_secret(self, name: str) -> bool:
        parts = (_plain(part) for part in (name, *canonical(name).split(".")))
        return any(part in self._names or _LIKE_SECRETS.search(part) is not None for part in parts)

    def _secret_values(self, pairs: Pairs, world: str | None) -> set[str]:
        """What is secret among the values, and names, of a request."""
        values = {text for pair in pairs for text in pair}
        joined = "\0".join(values)
        if len(joined) <= _MOST_SPLIT:
            values |= {piece for text in values for piece in _BETWEEN_WORDS.split(text)}
        hidden = self._keys_in(joined) | self._passwords(values, world)
        hidden.update(value for name, value in pairs if name == "SecretId" and self.looks_like_key(value))
        hidden.update(value for name, value in pairs if len(value) >= SHORTEST_PASSWORD and self.is_secret(name))
        return {value for value in hidden if _plain(value) not in self._names}

    def _keys_in(self, text: str) -> set[str]:
        return set() if self._secrets is None else self._secrets.keys_in(text)

    def _passwords(self, values: Collection[str], world: str | None) -> set[str]:
        return set() if self._secrets is None or world is None else self._secrets.passwords(values, world)


def _quoted_in(text: str, pairs: Pairs) -> Pairs:
    """The pairs whose name or value may stand in the text. A call may send tens of thousands that do not."""
    if "\\" in text:  # a value may stand there escaped
        return pairs
    ends = {text[place : place + _END] for place in range(len(text))}
    return [
        (name, value)
        for name, value in pairs
        if value[-_END:] in ends or name[-_END:] in ends or len(value) < _END or len(name) < _END
    ]


def _without(text: str, hidden: Iterable[str]) -> str:
    """The text with `***` in place of each hidden one, the longest first; of short ones, only where they are a word."""
    for secret in sorted(hidden, key=len, reverse=True):
        if secret and secret in text:
            escaped = re.escape(secret)
            text = re.sub(escaped if len(secret) >= _SHORTEST_KEY else rf"(?<!\w){escaped}(?!\w)", HIDDEN, text)
        quoted = repr(secret)[1:-1]
        if quoted != secret and quoted in text:
            text = text.replace(quoted, HIDDEN)
    return text


def clip(text: str, most: int = _MAX_CHARACTERS) -> str:
    """The text, cut if it is very long."""
    return text if len(text) <= most else f"{text[:most]}… ({len(text)} characters)"


def one_line(text: str) -> str:
    """The text for a log: clipped, and escaped so that it can neither begin a new line nor move a terminal's cursor."""
    text = clip(text)
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in text)


def _plain(name: str) -> str:
    """A name as names are compared: without case, and without what stands between its words."""
    return _NOT_IN_NAMES.sub("", name.lower())


def _secret_names(parameters: Iterable[Parameter]) -> Iterable[str]:
    for parameter in parameters:
        if parameter.secret:
            yield parameter.name
        yield from _secret_names(parameter.fields)
