"""One SQLite file: opened for reading and writing, or for reading alone where the home cannot be written.

Knows connections, transactions and what SQLite says when something is wrong. Knows no tables. Readers never wait for a
writer (write-ahead log). That log needs a file beside the database even to read, so a home on a read-only share or a
full disk is opened in the ways that SQLite has left: its read-only mode, as a file that does not change, or a copy.
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, cast

from sqlalchemy import create_engine, event, exc
from sqlalchemy.pool import NullPool

from kb.errors import HomeBusy, HomeUnusable
from kb.home import INDEX, LOCK, unusable

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine.interfaces import DBAPIConnection

BUSY_SECONDS = 30.0
_NEW_SECONDS = 0.3  # in which another process that has just created the file writes its first page
_ROOM_BYTES = 1 << 20  # SQLite calls it an I/O error where the file beside the database finds no room
_DAMAGED = ("malformed", "not a database", "no such table")


class Database:
    """One open database file; usable from several threads.

    ``read_only`` says in words why nothing can be written, and is empty where something can.
    """

    def __init__(self, path: Path, check: Callable[[Connection], object]) -> None:
        """Open or create the file ``path``; ``check`` is a first read that shows whether it can be used.

        Raises:
            HomeUnusable: the file cannot be created or read, is no database, or has been emptied.
        """
        self.path = path
        self.read_only = ""
        self._copy: TemporaryDirectory[str] | None = None
        self._refuse_emptied()
        with self._translated():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._use(create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_SECONDS}), _prepare)
        try:
            with self._engine.connect() as connection:
                check(connection)
        except exc.DBAPIError as error:
            self._engine.dispose()
            problem = self._problem(str(error.orig))
            if isinstance(problem, HomeBusy) or not self._is_written() or any(m in str(error.orig) for m in _DAMAGED):
                raise problem from error
            self._read_alone(check, problem, error)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()
        if self._copy:
            self._copy.cleanup()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a snapshot: what is read inside agrees with itself, whatever others write meanwhile."""
        with self._translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that is all or nothing.

        Raises:
            HomeBusy: another process keeps the database locked.
            HomeUnusable: it cannot be written.
        """
        if self.read_only:
            raise HomeUnusable(self.read_only)
        with self._translated(), self._writing.begin() as connection:
            yield connection

    def change_copy(self, change: Callable[[Connection], object]) -> None:
        """Go on with a changed copy of a database that can only be read: one that an earlier version has written.

        Nothing can be written to the copy either; it is gone when the database is closed.

        Raises:
            HomeUnusable: there is no room for a copy.
        """
        with self._translated():
            folder = TemporaryDirectory(prefix="shouce-")
            copy = Path(folder.name) / self.path.name
            with self._engine.connect() as connection:
                connection.connection.driver_connection.execute("VACUUM INTO ?", (str(copy),))  # type: ignore[union-attr]
        self.close()
        self._copy = folder
        self._use(create_engine(f"sqlite:///{copy}", connect_args={"timeout": BUSY_SECONDS}), _prepare)
        with self._translated(), self._writing.begin() as connection:
            change(connection)

    @contextmanager
    def driver(self) -> Iterator[sqlite3.Connection]:
        """Give a connection of SQLite's own, for what SQLAlchemy has no words for."""
        with self._translated():
            connection = self._engine.raw_connection()
        try:
            yield cast("sqlite3.Connection", connection.driver_connection)
        finally:
            connection.close()

    def _use(self, engine: Engine, prepare: Callable[[DBAPIConnection, object], None]) -> None:
        self._engine = engine
        self._writing = engine.execution_options(immediate=True)
        event.listen(engine, "connect", prepare)
        event.listen(engine, "begin", _begin)

    def _refuse_emptied(self) -> None:
        """Refuse a file of no bytes where the home shows that something was stored: it would look like an empty home."""
        home = self.path.parent
        deadline = time.monotonic() + _NEW_SECONDS
        while self.path.is_file() and not self._is_written():
            if not any(home.glob(f"{INDEX}/*-*")) and not (home / f"{LOCK}.owner").exists():
                return
            if time.monotonic() > deadline:
                raise HomeUnusable(
                    f"知识库文件 {self.path} 是空的（0 字节），原来的内容已经丢失，请用 shouce restore 备份文件 --force 恢复"
                )
            time.sleep(0.05)

    def _is_written(self) -> bool:
        files = (self.path, self._beside("-wal"))
        return any(file.is_file() and file.stat().st_size for file in files)

    def _beside(self, suffix: str) -> Path:
        return self.path.with_name(self.path.name + suffix)

    def _read_alone(self, check: Callable[[Connection], object], problem: HomeUnusable, cause: Exception) -> None:
        """Open the file for reading alone, in the first way that works."""
        for uri in self._ways():
            self._use(create_engine("sqlite://", creator=_connector(uri), poolclass=NullPool), _prepare_reading)
            try:
                with self._engine.connect() as connection:
                    check(connection)
            except exc.DBAPIError:
                continue
            self.read_only = str(problem)
            return
        self.close()
        raise problem from cause

    def _ways(self) -> Iterator[str]:
        uri = self.path.absolute().as_uri()
        yield f"{uri}?mode=ro"
        wal = self._beside("-wal")
        if not wal.is_file() or not wal.stat().st_size:
            yield f"{uri}?mode=ro&immutable=1"  # everything is in the one file; each read opens it anew
        self._copy = TemporaryDirectory(prefix="shouce-")
        for file in (self.path, wal):
            if file.is_file():
                shutil.copyfile(file, Path(self._copy.name) / file.name)
        yield (Path(self._copy.name) / self.path.name).as_uri()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise unusable(self.path.parent, error) from error
        except exc.DBAPIError as error:
            raise self._problem(str(error.orig)) from error

    def _problem(self, reason: str) -> HomeBusy | HomeUnusable:
        if "locked" in reason or "busy" in reason:
            return HomeBusy(f"另一个进程占用了 {self.path}，请稍后重试")
        if any(mark in reason for mark in _DAMAGED):
            return HomeUnusable(f"知识库文件 {self.path} 已损坏（{reason}），请用 shouce restore 备份文件 --force 恢复")
        place = self.path.parent
        if "full" in reason or ("I/O error" in reason and _is_full(place)):
            return HomeUnusable(f"数据目录 {place} 无法写入：磁盘已满。请清理磁盘空间后重试")
        if "readonly" in reason or "unable to open" in reason:
            return HomeUnusable(
                f"数据目录 {place} 无法写入：没有写入权限，或文件系统只读。请检查权限，或用 --home 换一个目录"
            )
        what = "磁盘读写出错" if "I/O error" in reason else reason
        return HomeUnusable(f"数据目录 {place} 无法读写（{what}），请检查磁盘、权限和磁盘空间")


def _is_full(place: Path) -> bool:
    try:
        return shutil.disk_usage(place).free < _ROOM_BYTES
    except OSError:
        return False


def _connector(uri: str) -> Callable[[], sqlite3.Connection]:
    return lambda: sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, check_same_thread=False)


def _prepare(connection: DBAPIConnection, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy says when a transaction begins, see _begin
    cursor = connection.cursor()
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            break
        except sqlite3.OperationalError as error:
            # SQLite does not wait by itself when several processes make a new file's first change of mode at once.
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _prepare_reading(connection: DBAPIConnection, _record: object) -> None:
    connection.isolation_level = None


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
