"""The shape of the contract: what the documentation says of one action."""

import re
from functools import cache
from typing import Literal

from msgspec import Struct

Scalar = str | int | float
Module = Literal["bm", "bmeip", "bmlb", "bmvpc"]
_QUESTION = re.compile(r"(Describe|Description|Get|Query|Inquiry)[A-Z]|EipBmQueryTask$|ZhDockerSubnetAvailable$")


@cache
def _item_type(documented: str) -> str:
    return documented.removeprefix("Array(").removesuffix(")")


class Parameter(Struct, frozen=True, forbid_unknown_fields=True):
    """One documented request parameter.

    Some of its members are readings, added by hand where the page gives the rule in words only:
    `format`, `error` (the error number for a bad value, where the action documents a closer one than its
    general parameter error), `secret` (never shown in logs), `may_be_empty`, `any_case` and some of the patterns and
    minima.
    """

    name: str
    type: str
    required: bool = False
    alias: str | None = None
    default: Scalar | None = None
    enum: tuple[Scalar, ...] | None = None
    any_case: bool = False
    """Whether the texts of `enum` may be sent in capital and small letters alike."""
    min: float | None = None
    max: float | None = None
    max_items: int | None = None
    pattern: str | None = None
    may_be_single: bool = False
    """Whether an array may also be sent as a single value, without a number behind its name."""
    rule: str = ""
    """The pattern in words, for the explanation of a refusal."""
    may_be_empty: bool = False
    """Whether an empty text is a value of the parameter although it is required."""
    format: Literal["base64"] | None = None
    error: int | None = None
    secret: bool = False
    undocumented: bool = False
    """Whether no page documents it; the vendor's command line sends it."""
    description: str = ""
    fields: tuple["Parameter", ...] = ()

    @property
    def is_free_text(self) -> bool:
        """Whether an empty text is a value, or has an error of its own."""
        if self.type != "String" or self.enum:
            return False
        return not self.pattern or self.error is not None or bool(re.search(self.pattern, ""))

    @property
    def is_array(self) -> bool:
        return _item_type(self.type) != self.type

    @property
    def item_type(self) -> str:
        return _item_type(self.type)


class DocumentedError(Struct, frozen=True, array_like=True):
    """A row of an action's error table: the number, its codeDesc and its text."""

    code: int
    name: str
    text: str


Wire = Literal["string", "number", "bool", "array", "object", "null"]


class ResponseField(Struct, frozen=True, array_like=True):
    """A documented field of an action's success answer.

    The fields of an action stand outermost first. Fields of one object that an example prints stand in the printed
    order, which is not always that of the page's table.
    """

    path: str
    """As `data.deviceList[].instanceId`: `[]` is any item of an array, `<name>` any key of an object."""
    type: str
    """As the page's table says, which the printed JSON often contradicts."""
    wire: Wire | None
    """The JSON type that the examples print; None: no example prints the field."""
    description: str


class Envelope(Struct, frozen=True, forbid_unknown_fields=True):
    """How the action's printed success answer begins: which keys in which order, and their values."""

    keys: tuple[Literal["code", "message", "codeDesc"], ...]
    message: str
    code_is_text: bool = False


class Asynchronous(Struct, frozen=True, forbid_unknown_fields=True):
    """Where the answer holds the task's id, and which action reports on it."""

    task_id: str | None = None
    poll: str | None = None


class Action(Struct, frozen=True, forbid_unknown_fields=True):
    """One documented action of a module."""

    name: str
    module: Module
    hosts: tuple[str, ...]
    """The documented host first, then the others that the page names."""
    summary: str
    page: str
    envelope: Envelope
    parameters: tuple[Parameter, ...]
    errors: tuple[DocumentedError, ...]
    parameter_error: int | None = None
    """The error number for a bad or missing parameter; None: the common code 4000."""
    asynchronous: Asynchronous | None = None
    undocumented: bool = False
    """Whether no page documents it; the vendor's command line calls it."""

    @property
    def only_reads(self) -> bool:
        """Whether it answers a question and changes nothing, by its name."""
        return _QUESTION.match(self.name) is not None

    def error(self, wanted: str | int) -> DocumentedError | None:
        """The documented error with that name or number."""
        return next((error for error in self.errors if wanted in (error.name, error.code)), None)
