"""Files to text as the usual loaders do it: what the format says is text, in order, and nothing else.

No headings, no automatic numbering, no repair; bytes that are not UTF-8 become replacement characters. The peers that
bring no loader of their own for a format read with this.
"""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

from eval.peers.programs.link import Source

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def texts_of(sources: Sequence[Source]) -> list[str]:
    """Return the text of every source: its own, or its file's."""
    return [read(Path(source.path)) if source.path else source.text for source in sources]


def read(path: Path) -> str:
    """Return the text of the file at ``path``.

    Raises:
        ValueError: there is no reader for this kind of file.
    """
    readers = {".docx": _docx, ".pdf": _pdf, ".xlsx": _xlsx, ".pptx": _pptx, ".html": _html, ".htm": _html}
    suffix = path.suffix.lower()
    if suffix in {".txt", ".md", ".csv"}:
        return path.read_text(encoding="utf-8", errors="replace")
    if suffix not in readers:
        raise ValueError(f"no plain reader for {path.name}")
    return readers[suffix](path)


def _docx(path: Path) -> str:
    with zipfile.ZipFile(path) as packed:
        body = ElementTree.fromstring(packed.read("word/document.xml"))
    return "\n\n".join("".join(node.text or "" for node in one.iter(f"{_WORD}t")) for one in body.iter(f"{_WORD}p"))


def _pdf(path: Path) -> str:
    from pypdf import PdfReader

    return "\n\n".join(page.extract_text() for page in PdfReader(path).pages)


def _xlsx(path: Path) -> str:
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    rows = [row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True)]
    return "\n".join(" ".join(str(cell) for cell in row if cell is not None) for row in rows)


def _pptx(path: Path) -> str:
    from pptx import Presentation

    lines: list[str] = []
    for slide in Presentation(str(path)).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                lines.append(shape.text_frame.text)
            if shape.has_table:
                lines += [" ".join(cell.text for cell in row.cells) for row in shape.table.rows]
    return "\n".join(lines)


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in {"script", "style"}

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def _html(path: Path) -> str:
    parser = _Text()
    parser.feed(path.read_text(encoding="utf-8", errors="replace"))
    return "".join(parser.parts)
