"""Files that the owner uploads: read one after the other in a thread, with what happens told while it happens."""

from __future__ import annotations

import json
import queue
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from kb.home import translated
from ui.page.render import shown
from ui.page.texts import Words
from ui.present import OUTCOME_WORDS

if TYPE_CHECKING:
    from ingest.pipeline import Report
    from ui.session import Session

Tell = Callable[[str], None]
LONGEST_NAME = 60  # characters of a name without its ending; Chinese takes three bytes each
FOLDER = "uploads"
_one_at_a_time = threading.Lock()


# Gradio stores files under names without brackets and the like; this hands on the names they really have, as JSON.
REAL_NAMES = "(files) => [files, JSON.stringify((files || []).map((file) => file.orig_name || ''))]"


def named(paths: Sequence[str], names: str) -> list[tuple[str, str]]:
    """Return (path on this machine, name as uploaded) of every file; ``names`` is what ``REAL_NAMES`` hands on."""
    try:
        known = [str(name) for name in json.loads(names or "[]")]
    except (ValueError, TypeError):
        known = []
    real = known if len(known) == len(paths) else [""] * len(paths)
    return [(str(path), name or PurePath(path).name) for path, name in zip(paths, real, strict=True)]


def told_from(work: Callable[[Tell], None]) -> Iterator[str]:
    """Run ``work`` in a thread; yield what it tells, the last of several messages only.

    Raises:
        ShouceError: what ``work`` raised.
    """
    messages: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    failed: list[BaseException] = []

    def run() -> None:
        try:
            work(messages.put)
        except BaseException as error:  # noqa: BLE001 - raised again below, in the thread that waits
            failed.append(error)
        finally:
            messages.put(None)

    threading.Thread(target=run, daemon=True).start()
    while (message := messages.get()) is not None:
        while not messages.empty():
            later = messages.get()
            if later is None:
                messages.put(None)
                break
            message = later
        yield message
    if failed:
        raise failed[0]


def counted(tell: Tell) -> Callable[[int, int], None]:
    """Return a progress of chunks that tells how far it is."""
    return lambda done, of: tell(f"已向量化 {done}/{of} 块")


def read(session: Session, files: Sequence[tuple[str, str]], words: Words) -> Iterator[str]:
    """Read uploaded files into the knowledge base; yield the progress and at last the result of each as HTML."""
    from ingest.pipeline import ingest

    reports: list[Report] = []
    # Always the same folder: where a file lies says which document it is a version of.
    folder = session.settings.home / FOLDER

    def work(tell: Tell) -> None:
        with _one_at_a_time, _staged(folder, files) as paths:
            for report in ingest(paths, session.knowledge, progress=tell):
                reports.append(report)
                tell("")
        session.knowledge.refresh()

    last = ""
    yield _progress("", 0, len(files))
    for message in told_from(work):
        last = message or last
        yield _results(reports, words) + _progress(last, len(reports), len(files))
    yield _results(reports, words)


@contextmanager
def _staged(folder: Path, files: Sequence[tuple[str, str]]) -> Iterator[list[Path]]:
    """Put each file under its own name for as long as it is read; files of one name lie in folders of their own.

    Raises:
        HomeUnusable: the folder cannot be written.
    """
    paths: list[Path] = []
    with translated(folder.parent):
        try:
            for number, (path, name) in enumerate(files):
                plain = "".join(c for c in PurePath(name.replace("\\", "/")).name if c.isprintable()).strip(". ")
                stem, suffix = PurePath(plain).stem, PurePath(plain).suffix
                target = folder / f"{stem[:LONGEST_NAME] or f'文件{number + 1}'}{suffix}"
                if target.exists():
                    target = folder / str(number) / target.name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
                paths.append(target)
            yield paths
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _progress(message: str, done: int, of: int) -> str:
    share = min(100, round(100 * (done + 0.3) / max(1, of)))
    return (
        f'<div class="progress"><div style="width:{share}%"></div></div>'
        f'<p class="quiet">{done}/{of} · {shown(message)}</p>'
    )


def _results(reports: Sequence[Report], words: Words) -> str:
    return f'<div class="results">{"".join(_result(report, words) for report in reports)}</div>' if reports else ""


def _result(report: Report, words: Words) -> str:
    if report.status == "failed" or report.document is None:
        return f'<div class="result failed"><b>✗ {shown(report.source)}</b><span>{shown(report.error)}</span></div>'
    repaired = sum(repair.count for repair in report.health.repairs)
    said = words("know.result").format(
        OUTCOME_WORDS[report.status] if not words.english else report.status,
        report.document.version,
        report.sections,
        repaired,
        len(report.health.warnings),
    )
    note = f"<em>{shown(report.note)}</em>" if report.note else ""
    return (
        f'<div class="result done"><b>✓ {shown(report.source)}</b><span>《{shown(report.document.title)}》{shown(said)}</span>'
        f"{note}</div>"
    )
