"""Mistakes as changes to a part of what is signed, and every part with none, one or two of them.

A signature is made of three parts: the head (method, host and path), the body (the parameters) and the key with its
algorithm. Mistakes in different parts combine freely, so each part is computed once and not once a combination.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import Any, Generic, NamedTuple, TypeVar

T = TypeVar("T")
Faulty = tuple[tuple[str, ...], T]
"""The mistakes in words, and a part that has them."""


class Change(NamedTuple, Generic[T]):
    """One mistake. Two mistakes of one `kind` change the same thing, so they exclude each other."""

    kind: str
    what: str
    """The mistake in words."""
    apply: Callable[[T], T]
    alone: bool = False
    """Whether it is too rare to be tried together with another."""


def replacing(**parts: Any) -> Callable[[Any], Any]:
    """The change of a named tuple that gives some of its parts other values."""
    return lambda value: value._replace(**parts)


def once(bases: Sequence[T], changes: Iterable[Change[T]]) -> Iterator[Faulty[T]]:
    """Each base with each mistake."""
    for change in changes:
        for base in bases:
            yield (change.what,), change.apply(base)


def likely(changes: Iterable[Change[T]]) -> list[Change[T]]:
    """The mistakes that are tried together with others."""
    return [change for change in changes if not change.alone]


def twice(base: T, changes: Iterable[Change[T]]) -> Iterator[Faulty[T]]:
    """The base with two mistakes, applied in the order in which they are given."""
    for first, second in combinations(likely(changes), 2):
        if first.kind != second.kind:
            yield (first.what, second.what), second.apply(first.apply(base))
