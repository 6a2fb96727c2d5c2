"""What every command shares: the home it works on, notes on standard error, progress, and JSON on standard output."""

from __future__ import annotations

import json
import re
import sys
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


def note(message: str) -> None:
    """Tell the user something that is not a result."""
    typer.echo(message, err=True)


def open_session(home: Path | None) -> Session:
    """Return the session of ``home``, or of the one that was given before the command."""
    return Session(home or chosen_home[0], notice=note)


def print_json(value: Any, *, indent: int | None = 2) -> None:  # noqa: ANN401
    """Print a result as JSON."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=indent))


# A message that counts (3/38) is for a terminal, where the next one replaces it.
_COUNTING = re.compile(r"\d+/\d+")


class Progress:
    """Progress on one line of a terminal, or as plain lines where standard error is no terminal."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._width = 0

    def __call__(self, message: str) -> None:
        """Show ``message``; on a terminal it replaces the one before."""
        if self._terminal:
            typer.echo(f"\r{message}{' ' * max(0, self._width - len(message))}", err=True, nl=False)
            self._width = len(message)
        elif not _COUNTING.search(message):
            note(message)

    def close(self) -> None:
        """Clear the line."""
        if self._terminal and self._width:
            typer.echo(f"\r{' ' * (self._width * 2)}\r", err=True, nl=False)
