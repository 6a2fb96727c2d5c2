"""Files that the owner uploads: read one after the other in a thread, with what happens told while it happens."""

from __future__ import annotations

import queue
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

import gradio as gr

from ui.page.render import shown
from ui.page.texts import Words
from ui.present import OUTCOME_WORDS

if TYPE_CHECKING:
    from ingest.pipeline import Report
    from ui.session import Session

Tell = Callable[[str], None]
LONGEST_NAME = 120


def upload_field(**given: Any) -> gr.File:  # noqa: ANN401
    """Return Gradio's file field, which hands on (path on this machine, name as uploaded) of every file.

    Gradio itself hands on names without brackets and the like; and it writes a file beside every subclass.
    """
    field = gr.File(**given)

    def with_names(payload: Any) -> list[tuple[str, str]]:  # noqa: ANN401
        files = getattr(payload, "root", payload) or []
        return [(one.path, one.orig_name or PurePath(one.path).name) for one in files]

    vars(field)["preprocess"] = with_names
    return field


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
    with tempfile.TemporaryDirectory(prefix="shouce-upload-") as folder:
        paths = _staged(Path(folder), files)

        def work(tell: Tell) -> None:
            for report in ingest(paths, session.knowledge, progress=tell):
                reports.append(report)
                tell("")
            session.knowledge.refresh()

        last = ""
        for message in told_from(work):
            last = message or last
            yield _results(reports, words) + _progress(last, len(reports), len(paths))
    yield _results(reports, words)


def _staged(folder: Path, files: Sequence[tuple[str, str]]) -> list[Path]:
    """Put each file under its own name, which says which document it is a version of."""
    paths: list[Path] = []
    for number, (path, name) in enumerate(files):
        plain = (
            "".join(c for c in PurePath(name.replace("\\", "/")).name if c.isprintable()).strip(". ")
            or f"文件{number + 1}"
        )
        stem, suffix = PurePath(plain).stem, PurePath(plain).suffix
        target = folder / str(number) / f"{stem[: LONGEST_NAME - len(suffix)]}{suffix}"
        target.parent.mkdir()
        shutil.copyfile(path, target)
        paths.append(target)
    return paths


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
