"""Where records are written: short transactions beside a running ingest, told rather than raised where nobody waits for them.

Knows transactions and threads. Writers of one process queue here, because SQLite itself lets who waits sleep for up to
a tenth of a second; readers never wait.
"""

from __future__ import annotations

import threading
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
        self._queue = threading.Lock()

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
        with self._queue, self._catalogue.write() as connection:
            yield connection

    @contextmanager
    def told(self, what: str) -> Iterator[None]:
        """Tell, rather than raise, that something could not be written."""
        try:
            yield
        except (HomeBusy, HomeUnusable) as error:
            self._notice(f"{what}：{error}")
