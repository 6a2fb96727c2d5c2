"""A result of a command as the user wants it: printed to read, printed in a form, or written to a file.

Knows options and the terminal; not what a result is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

import typer

from assistant.output import Formats, choose, put, refuse_early
from kb.errors import TargetUnwritable
from ui.terminal import note, print_json

if TYPE_CHECKING:
    from kb.records.drafts import Kind
    from ui.session import Session

_ONE = TypeVar("_ONE")


@dataclass(frozen=True, slots=True)
class Delivery(Generic[_ONE]):
    """Where a result goes; ``form`` is ``""`` where it is printed to read."""

    formats: Formats[_ONE]
    form: str
    output: Path | None

    def deliver(self, made: _ONE, text: Callable[[_ONE], str]) -> None:
        """Print or write ``made``; ``text`` words it for reading."""
        if self.output:
            note(f"已写入 {self.formats.write(made, self.form, self.output)}")
        elif self.form:
            typer.echo(self.formats.render(made, self.form).decode("utf-8"), nl=False)
        else:
            typer.echo(text(made))


def delivery(
    formats: Formats[_ONE], name: str | None, output: Path | None, *, as_json: bool, example: str
) -> Delivery[_ONE]:
    """Return where a result goes, checked before any work is done; ``example`` is a file's name without its suffix.

    Raises:
        FormatUnknown: there is no such format.
        TargetUnwritable: the form cannot be printed, or the file cannot be written.
    """
    form = name or ("json" if as_json else formats.of(output) if output else "")
    chosen = choose(formats, form) if form else None
    if chosen and output is None and not chosen.text:
        raise TargetUnwritable(f"{chosen.label}不能打印在屏幕上，请用 -o 写明文件，例如 -o {example}{chosen.suffix}")
    if output:
        refuse_early([output])
    return Delivery(formats, form, output)


def print_drafts(session: Session, kind: Kind, *, as_json: bool) -> None:
    """Print the drafts of a kind, latest first."""
    from ui.exports import drafts

    found = drafts(session, kind)
    if as_json:
        print_json({"drafts": found})
    elif not found:
        note("还没有草稿")
    for one in found if not as_json else ():
        sources = "、".join(f"《{source['title']}》第 {source['version']} 版" for source in one["documents"])
        told = "，".join(part for part in (one["made_at"].replace("T", " ")[:16], one["made_by"], sources) if part)
        typer.echo(f"{one['draft']}  {one['title']}（{told}）")


def write_kept(session: Session, kind: str, key: str, output: Path | None, *, example: str) -> None:
    """Write what is kept under ``kind`` and ``key`` (``ui.exports``) to a file, in the format its suffix speaks for.

    Raises:
        NotThere: there is nothing of that key.
        TargetUnwritable: no file is named, or it cannot be written.
    """
    from ui.exports import found

    if output is None:
        raise TargetUnwritable(f"请用 -o 写明文件，例如 -o {example}")
    made, formats, _ = found(session, kind, key)
    note(f"已写入 {put(output, formats.render(made, formats.of(output, fallback='md')))}")
