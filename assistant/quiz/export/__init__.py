"""Papers as files that exam platforms, Word, Excel and Anki take: one door, ``write``, and ``render`` for a stream.

Knows which formats there are and which of them hold several papers in one file; each format is a module of its own.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.output import choose, file_name, guess, put, refuse_early
from assistant.quiz.export import anki, gift, json_form, markdown, moodle, qti, sheet, wecom, word
from assistant.quiz.model import Paper

Titles = Mapping[str, str]
_MIDNIGHT = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Format:
    """One form a paper can take.

    ``render`` turns papers into the bytes of one file. ``several``: one such file holds several papers; where it does not,
    each paper becomes a file. ``text``: it may go to a terminal.
    """

    name: str
    suffix: str
    label: str
    render: Callable[[Sequence[Paper], Titles], bytes]
    several: bool
    text: bool


_ALL = (
    Format("json", ".json", "JSON", json_form.render, several=True, text=True),
    Format("md", ".md", "Markdown", markdown.render, several=False, text=True),
    Format("docx", ".docx", "Word 试卷", word.render, several=False, text=False),
    Format("xlsx", ".xlsx", "Excel 题库表", sheet.render, several=True, text=False),
    Format("gift", ".gift", "Moodle GIFT", gift.render, several=True, text=True),
    Format("moodle", ".xml", "Moodle XML", moodle.render, several=True, text=True),
    Format("qti", ".zip", "QTI 2.1 包", qti.render, several=True, text=False),
    Format("anki", ".apkg", "Anki 卡片", anki.render, several=True, text=False),
    Format("wecom", ".txt", "企微云学院文本", wecom.render, several=False, text=True),
)
FORMATS: dict[str, Format] = {format_.name: format_ for format_ in _ALL}


def format_of(path: Path, fallback: str = "json") -> str:
    """Return the name of the format that the suffix of ``path`` speaks for, else ``fallback``."""
    return guess({format_.name: format_.suffix for format_ in _ALL}, path, fallback)


def render(papers: Sequence[Paper], name: str, *, titles: Titles | None = None) -> bytes:
    """Return the papers in one file of the format ``name``; a zip of files where one holds a single paper.

    ``titles`` are the documents' titles by id, for the references; without one its id stands there.

    Raises:
        FormatUnknown: there is no such format; the message lists those there are.
    """
    format_ = choose(FORMATS, name)
    known = titles or {}
    if format_.several or len(papers) == 1:
        return format_.render(papers, known)
    files = {name: format_.render([paper], known) for name, paper in _named(papers, format_.suffix)}
    return _zipped(files)


def write(papers: Sequence[Paper], name: str, path: Path, *, titles: Titles | None = None) -> tuple[Path, ...]:
    """Write the papers in the format ``name`` and return the files written.

    A format that holds several papers writes one file. Else there is one file a paper, ``卷-A.docx``, ``卷-B.docx`` beside
    ``卷.docx``; or, where ``path`` ends in ``.zip``, one zip of them. A folder as ``path`` gets files named by the title.

    Raises:
        FormatUnknown: there is no such format; the message lists those there are.
        TargetUnwritable: the folder is missing or closed, or the disk is full.
    """
    format_ = choose(FORMATS, name)
    zipped = path.suffix.lower() == ".zip" and format_.suffix != ".zip"
    if os.path.isdir(path) and papers:  # noqa: PTH112 (False, not an error, for what can be no name at all)
        path = path / f"{file_name(papers[0].title)}{format_.suffix}"
    if zipped:
        files = {inner: format_.render([paper], titles or {}) for inner, paper in _named(papers, format_.suffix)}
        return (put(path, _zipped(files)),)
    if format_.several or len(papers) == 1:
        refuse_early([path])
        return (put(path, format_.render(papers, titles or {})),)
    targets = [path.with_name(f"{path.stem}-{letter(place)}{path.suffix}") for place in range(len(papers))]
    refuse_early(targets)
    return tuple(
        put(target, format_.render([paper], titles or {})) for target, paper in zip(targets, papers, strict=True)
    )


def letter(place: int) -> str:
    """Return the letter of the paper at ``place``: A, B, … Z, then the number."""
    return chr(ord("A") + place) if place < 26 else str(place + 1)


def lettered(title: str, place: int) -> str:
    """Return the file's name of the paper at ``place``, its letter in front, where a long title cannot cut it off."""
    mark = f"{letter(place)}卷"
    return f"{mark}-{file_name(title.replace(f'（{mark}）', ''))}"


def _named(papers: Sequence[Paper], suffix: str) -> list[tuple[str, Paper]]:
    if len(papers) == 1:
        return [(f"{file_name(papers[0].title)}{suffix}", papers[0])]
    return [(f"{lettered(paper.title, place)}{suffix}", paper) for place, paper in enumerate(papers)]


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of the files, the same bytes for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, _MIDNIGHT), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
