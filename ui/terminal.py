"""What every command shares: the home it works on, notes on standard error, progress, and JSON on standard output."""

from __future__ import annotations

import json
import re
import shutil
import sys
import threading
import time
import unicodedata
from pathlib import Path
from typing import Annotated, Any

import typer

from ui.session import Session

HomeOption = Annotated[
    Path | None,
    typer.Option("--home", help="数据目录；默认取环境变量 SHOUCE_HOME，再默认 ~/.shouce", show_default=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON")]
# The home given before the command's name; one that stands after it wins.
chosen_home: list[Path | None] = [None]
# The progress that now owns the last line of the terminal.
_shown: list[Progress] = []


def note(message: str) -> None:
    """Tell the user something that is not a result."""
    for progress in _shown:
        progress.clear()
    typer.echo(message, err=True)


def open_session(home: Path | None) -> Session:
    """Return the session of ``home``, or of the one that was given before the command."""
    return Session(home or chosen_home[0], notice=note)


def print_json(value: Any, *, indent: int | None = 2) -> None:  # noqa: ANN401
    """Print a result as JSON."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=indent))


# A message that counts (3/38) is one of many: on a terminal the next one replaces it, elsewhere some are left out.
_COUNTING = re.compile(r"\d+/\d+")
_CLEAR = "\r\x1b[K"
TICK_SECONDS = 1.0
PATIENCE_SECONDS = 3.0  # after which the seconds are shown with a message that stays
QUIET_SECONDS = 30.0  # between two lines where standard error is no terminal


class Progress:
    """Progress on one line of a terminal, or as plain lines, not too many, where standard error is no terminal.

    A thread keeps saying how long the step at hand takes: a long one says nothing itself until it is done.
    """

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._lock = threading.Lock()
        self._message = ""
        self._since = self._printed = time.monotonic()
        self._closed = threading.Event()
        self._ticker: threading.Thread | None = None

    def __call__(self, message: str) -> None:
        """Show ``message``; on a terminal it replaces the one before."""
        with self._lock:
            now = time.monotonic()
            self._message, self._since = message, now
            if self._terminal:
                self._paint(message)
            elif not _COUNTING.search(message) or now - self._printed > QUIET_SECONDS:
                self._line(message, now)
        if self._ticker is None:
            self._closed.clear()
            self._ticker = threading.Thread(target=self._tick, daemon=True)
            self._ticker.start()
            _shown.append(self)

    def clear(self) -> None:
        """Clear the line: something else is printed next."""
        if self._terminal and self._message:
            with self._lock:
                typer.echo(_CLEAR, err=True, nl=False)

    def close(self) -> None:
        """End, and clear the line; the next message begins anew."""
        if self._ticker is None:
            return
        self.clear()
        self._message = ""
        self._closed.set()
        self._ticker = None
        _shown.remove(self)

    def _tick(self) -> None:
        closed = self._closed
        while not closed.wait(TICK_SECONDS):
            with self._lock:
                now = time.monotonic()
                seconds = now - self._since
                if not self._message or seconds < PATIENCE_SECONDS:
                    continue
                if self._terminal:
                    self._paint(f"{self._message}（{seconds:.0f} 秒）")
                elif now - self._printed > QUIET_SECONDS:
                    self._line(f"{self._message}（{seconds:.0f} 秒）", now)

    def _paint(self, message: str) -> None:
        columns = shutil.get_terminal_size().columns - 1
        typer.echo(_CLEAR + _cut(message, columns), err=True, nl=False)

    def _line(self, message: str, now: float) -> None:
        self._printed = now
        typer.echo(message, err=True)


def _cut(message: str, columns: int) -> str:
    """Return as much of ``message`` as fits; a line that wraps could not be replaced."""
    width = 0
    for at, character in enumerate(message):
        width += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if width > columns:
            return message[:at]
    return message
