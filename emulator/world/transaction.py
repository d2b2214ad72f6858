"""Transactions: what stands in a block happens whole or not at all.

SQLite hears of a block at its first write, because most calls only read, and nobody else writes. Two blocks that follow
each other at once can be joined: they are written down together, though the second one alone is undone if it fails.
"""

from collections.abc import Callable
from types import TracebackType
from typing import Protocol

from emulator.world.database_reasons import DatabaseError


class _Driver(Protocol):
    @property
    def total_changes(self) -> int: ...
    @property
    def in_transaction(self) -> bool: ...


class Transaction:
    """`command` carries out a statement or raises DatabaseError, `undone` is called when changed rows were undone, and
    `translate` raises DatabaseError for an error of the driver's.
    """

    def __init__(
        self,
        driver: _Driver,
        command: Callable[[str], object],
        undone: Callable[[], None],
        translate: Callable[[BaseException | None], None],
    ) -> None:
        self._driver = driver
        self._command = command
        self._undone = undone
        self._translate = translate
        self._changes = 0
        self._is_open = self._has_begun = False
        self._is_joined = self._has_earlier = False
        self.joined = _Joined(self)

    def begin(self) -> None:
        """To be called before each write, in a block or not."""
        if self._is_open and not self._has_begun:
            self._command("SAVEPOINT later" if self._has_earlier else "BEGIN")
            self._changes = self._driver.total_changes
            self._has_begun = True

    def __enter__(self) -> None:
        if self._is_open:
            raise DatabaseError("a transaction is open already")
        self._is_open = True

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._is_open = False
        begun, self._has_begun = self._has_begun, False
        if error is not None:
            if begun:
                self._undo()
            self._translate(error)
        if error is not None or not begun:
            return
        try:
            self._keep()
        except DatabaseError:
            self._undo()
            raise

    def _keep(self) -> None:
        if self._has_earlier:
            self._command("RELEASE later")
        elif self._is_joined:
            self._has_earlier = True
        else:
            self._command("COMMIT")

    def _undo(self) -> None:
        changed = self._driver.total_changes != self._changes
        try:
            if not self._driver.in_transaction:  # SQLite undoes what found the disk full, the earlier block too
                self._has_earlier, changed = False, True
            elif self._has_earlier:
                self._command("ROLLBACK TO later")
                self._command("RELEASE later")
            else:
                self._command("ROLLBACK")
        finally:
            if changed:
                self._undone()

    def join(self) -> None:
        self._is_joined = True

    def part(self) -> None:
        """Write down what the joined blocks have changed."""
        self._is_joined = False
        if self._has_earlier:
            self._has_earlier = False
            try:
                self._command("COMMIT")
            except DatabaseError:
                self._undo()
                self._undone()
                raise


class _Joined:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def __enter__(self) -> None:
        self._transaction.join()

    def __exit__(self, *_: object) -> None:
        self._transaction.part()
