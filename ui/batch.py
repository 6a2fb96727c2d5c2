"""Many at once: every line of standard input as a question, every file of an ingest, each with a result of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from kb.errors import NothingIndexed, ShouceError
from ui import present
from ui.terminal import Progress, note, print_json

if TYPE_CHECKING:
    from ingest.pipeline import Report
    from ui.session import Session


def _lines() -> Iterator[str]:
    """Yield the lines of standard input that hold something; none where it is closed."""
    for line in sys.stdin or ():
        if line.strip():
            yield line.strip()


def each(argument: str, *, as_json: bool, answer: Callable[[str], dict[str, Any]], text: Callable[[str], str]) -> None:
    """Answer one argument, or with ``-`` one line of standard input after the other, one JSON object a line."""
    argument = argument.encode("utf-8", "replace").decode("utf-8")  # bytes that are no UTF-8 arrive as surrogates
    if argument != "-":
        print_json(answer(argument)) if as_json else typer.echo(text(argument))
        return
    for line in _lines():
        try:
            if as_json:
                print_json(answer(line), indent=None)
            else:
                typer.echo(f"■ {line}\n{text(line)}\n")
        except NothingIndexed:
            raise
        except ShouceError as error:
            if as_json:
                print_json({"question": line, "error": str(error)}, indent=None)
            else:
                note(f"错误：{error}")
        sys.stdout.flush()


def ingest_all(session: Session, paths: Iterable[str | Path], *, as_json: bool) -> None:
    """Ingest ``paths``, print the reports, and exit with 1 if one failed."""
    import time

    from ingest.pipeline import ingest as run

    started = time.perf_counter()
    progress = Progress()
    reports: list[Report] = []
    try:
        for report in run(list(paths), session.knowledge, progress=progress):
            reports.append(report)
            progress.close()
            if not as_json:
                typer.echo(present.report_text(report))
            if report.status == "failed":
                note(f"错误：{report.error}")
            if report.note:
                note(f"注意：{report.note}")
        session.knowledge.refresh()
    finally:  # what was done is told even where the home fails half way
        progress.close()
        if as_json:
            seconds = round(time.perf_counter() - started, 3)
            print_json({"documents": [present.report_json(report) for report in reports], "seconds": seconds})
    if not reports:
        note("错误：没有找到可以读取的文档。支持 docx、pdf、xlsx、pptx、html、md、txt、csv，以及它们的 zip 包")
    if not reports or any(report.status == "failed" for report in reports):
        raise typer.Exit(1)
