"""Where records are written: short transactions beside a running ingest, told rather than raised where nobody waits for them.

Knows transactions and threads. Writers of one process queue here and come in turn, because SQLite itself lets who waits
sleep for up to a tenth of a second, and Python's lock may let one wait for all others; readers never wait.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

from kb.errors import HomeBusy, HomeUnusable

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from kb.catalogue import Catalogue
    from kb.locking import Notice


class Ledger:
    """The catalogue's file, for records."""

    def __init__(self, catalogue: Catalogue, notice: Notice | None = None) -> None:
        self._catalogue = catalogue
        self._notice = notice or (lambda _: None)
        self._queue = _Queue()

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue itself."""
        return self._catalogue

    def read(self) -> AbstractContextManager[Connection]:
        """Open a snapshot."""
        return self._catalogue.read()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction, after those of other threads.

        Raises:
            HomeBusy: another process keeps the database locked.
            HomeUnusable: it cannot be written.
        """
        with self._queue.turn(), self._catalogue.write() as connection:
            yield connection

    @contextmanager
    def told(self, what: str) -> Iterator[None]:
        """Tell, rather than raise, that something could not be written."""
        try:
            yield
        except (HomeBusy, HomeUnusable) as error:
            self._notice(f"{what}：{error}")


class _Queue:
    """A lock that is given to who has waited longest."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._busy = False
        self._waiting: deque[threading.Lock] = deque()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the lock for the body of a ``with``."""
        with self._guard:
            mine = threading.Lock() if self._busy else None
            if mine is not None:
                mine.acquire()
                self._waiting.append(mine)
            self._busy = True
        if mine is not None:
            mine.acquire()  # until the one before releases it
        try:
            yield
        finally:
            with self._guard:
                if self._waiting:
                    self._waiting.popleft().release()
                else:
                    self._busy = False
