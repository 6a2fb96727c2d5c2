"""One writing process at a time: a lock file in the home, and beside it who holds it.

Knows nothing of what is written. The operating system frees the lock when its holder dies, however it dies; the
side file may then name a process that is gone, until the next holder writes its own name.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from kb.errors import HomeBusy
from kb.home import LOCK, unusable

Notice = Callable[[str], None]
POLL_SECONDS = 0.05


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

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock for the body of a ``with``, after a notice and a wait where another process holds it.

        Raises:
            HomeBusy: the other process did not finish in time.
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
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        except OSError as error:
            raise unusable(self._home, error) from error
        self._sign()
        return True

    def _wait(self) -> None:
        if self._notice and self._wait_seconds > 0:
            self._notice(f"{self._holder()}正在写入 {self._home}，最多等待 {self._wait_seconds:g} 秒…")
        try:
            self._lock.acquire(timeout=self._wait_seconds, poll_interval=POLL_SECONDS)
        except Timeout as error:
            message = f"{self._holder()}正在写入 {self._home}：请等它结束后重试，或先停止它"
            raise HomeBusy(message) from error
        self._sign()

    def _sign(self) -> None:
        try:
            self._owner.write_text(str(os.getpid()), encoding="ascii")
        except OSError as error:
            self._lock.release()
            raise unusable(self._home, error) from error

    def _holder(self) -> str:
        try:
            return f"另一个进程（PID {int(self._owner.read_text(encoding='ascii'))}）"
        except (OSError, ValueError):
            return "另一个进程"
