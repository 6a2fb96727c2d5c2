"""One writing process at a time: a lock file in the home, and beside it who holds it, since when and how far it is.

Knows nothing of what is written. The operating system frees the lock when its holder dies, however it dies; the
side file may then name a process that is gone, until the next holder writes its own name. Who waits does so as long as
the holder shows signs of work: the side file is written anew with every progress, and a stopped process writes nothing.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from kb.errors import HomeBusy
from kb.home import LOCK, unusable

Notice = Callable[[str], None]
POLL_SECONDS = 0.05
BEAT_SECONDS = 1.0  # between two signs of work
TOLD_SECONDS = 20.0  # between two notices to who waits


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock: process id, local time since when (``18:40:02``), and what it said last of its work."""

    process: int
    since: str
    doing: str

    @property
    def words(self) -> str:
        """Return it for a message."""
        return f"另一个进程（PID {self.process}，{self.since} 开始{'，' + self.doing if self.doing else ''}）"


class WriterLock:
    """The right to write to one home; the same thread may take it again inside itself.

    ``name`` is the lock file's; whose it is stands beside it, in a file that others can read while it is held.
    """

    def __init__(self, home: Path, *, wait_seconds: float, notice: Notice | None = None, name: str = LOCK) -> None:
        self._home = home
        self._lock = FileLock(home / name)
        self._owner = home / f"{name}.owner"
        self._wait_seconds = wait_seconds
        self._notice = notice
        self._since = ""
        self._beaten = 0.0

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock for the body of a ``with``, after notices and a wait where another process holds it.

        Raises:
            HomeBusy: the other process has shown no sign of work for ``wait_seconds``.
            HomeUnusable: the lock file cannot be written.
        """
        if not self.try_acquire():
            self._wait()
        try:
            yield
        finally:
            self._lock.release()

    @contextmanager
    def held_if_free(self) -> Iterator[bool]:
        """Hold the lock if nobody else does; yields whether it is held. Never waits."""
        if not self.try_acquire():
            yield False
            return
        try:
            yield True
        finally:
            self._lock.release()

    def try_acquire(self) -> bool:
        """Take the lock if it is free."""
        again = self._lock.is_locked
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        except OSError as error:
            raise unusable(self._home, error) from error
        if again:
            return True
        self._since = time.strftime("%H:%M:%S")
        try:
            self._sign("")
        except OSError as error:
            self._lock.release()
            raise unusable(self._home, error) from error
        return True

    def beat(self, doing: str) -> None:
        """Say, about once a second, that the holder is at work and how far it is."""
        if time.monotonic() - self._beaten < BEAT_SECONDS:
            return
        with suppress(OSError):  # a sign to others; a full disk will be told by what is written next
            self._sign(doing)

    def _wait(self) -> None:
        seen, told, sign = time.monotonic(), float("-inf"), self._last_sign()
        while not self.try_acquire():
            now, latest = time.monotonic(), self._last_sign()
            if latest != sign:
                seen, sign = now, latest
            if now - seen >= self._wait_seconds:
                still = f"，{now - seen:.0f} 秒没有进展" if now - seen >= 1 else ""
                raise HomeBusy(f"{self._holder()}正在写入 {self._home}{still}：请等它结束后重试，或先停止它")
            if self._notice and now - told >= TOLD_SECONDS:
                told = now
                self._notice(f"{self._holder()}正在写入 {self._home}。等它写完就继续，不想等请按 Ctrl+C")
            time.sleep(POLL_SECONDS)

    def _sign(self, doing: str) -> None:
        self._beaten = time.monotonic()
        self._owner.write_text(f"{os.getpid()}\n{self._since}\n{doing}\n", encoding="utf-8")

    def _last_sign(self) -> int:
        try:
            return self._owner.stat().st_mtime_ns
        except OSError:
            return 0

    def _holder(self) -> str:
        try:
            process, since, doing, *_ = self._owner.read_text(encoding="utf-8").split("\n")
            return Holder(int(process), since, doing).words
        except (OSError, ValueError):  # just being written
            return "另一个进程"
