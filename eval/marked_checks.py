"""Work instructions with their obligations marked in the text: ``{o:登记建单}``; read as documents with labels beside them.

A mark names what the words are: ``s`` a step, ``o`` an obligation, ``p`` a prohibition, ``x`` what may be listed and need
not. Whatever is not marked must not become a check. Knows the marks and how a document is parsed; scoring is elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.checklist.compile import compile_checklist, document_parts
from assistant.verify import squeeze
from eval.checklist_report import Label, Score, judge
from ingest.pipeline import parse
from kb.model import Document, Section
from kb.settings import LimitSettings

MARKED = Path(__file__).parents[1] / "tools" / "work_instructions"
_MARK = re.compile(r"\{([sopx]):([^{}]+)\}")
_KINDS = {"s": "step", "o": "obligation", "p": "prohibition", "x": "optional"}


@dataclass(frozen=True)
class MarkedDocument:
    """A parsed document and its labels, in the order of the text."""

    document: Document
    sections: tuple[Section, ...]
    labels: tuple[Label, ...]


def read_marked(path: Path) -> MarkedDocument:
    """Return the document in a marked Markdown file.

    Raises:
        ValueError: marked words stand in no clause of the parsed document.
    """
    text = path.read_text(encoding="utf-8")
    with TemporaryDirectory() as folder:
        plain = Path(folder) / path.name
        plain.write_text(_MARK.sub(r"\2", text), encoding="utf-8")
        document, sections = _parsed(plain)
    return MarkedDocument(document, sections, tuple(_labels(document.title, text, sections)))


def read_labelled(paths: Iterable[Path], labels: Sequence[Label]) -> list[MarkedDocument]:
    """Return the documents of ``paths`` that have labels, which name them by their titles."""
    documents = [_parsed(path) for path in paths]
    of = {
        title: tuple(label for label in labels if label.document == title) for title in {one.document for one in labels}
    }
    return [
        MarkedDocument(document, sections, of[document.title])
        for document, sections in documents
        if document.title in of
    ]


def _parsed(path: Path) -> tuple[Document, tuple[Section, ...]]:
    parsed = parse(path, name=path.name, limits=LimitSettings(), count_tokens=len)
    return Document(path.stem, parsed.title, path.name, 1, ""), parsed.sections


def score_marked(folder: Path = MARKED) -> Score:
    """Return the score over all marked documents of ``folder``."""
    score = Score()
    for path in sorted(folder.glob("*.md")):
        judge_document(read_marked(path), score)
    return score


def judge_document(marked: MarkedDocument, score: Score) -> None:
    """Add the checklist of a whole document to ``score``."""
    checklist = compile_checklist(marked.document.title, document_parts(marked.document, marked.sections))
    judge(marked.labels, checklist, {section.number: section.body for section in marked.sections}, score)


def _labels(title: str, text: str, sections: tuple[Section, ...]) -> list[Label]:
    blocks = [block for section in sections for block in section.blocks]
    labels, here = [], 0
    for kind, words in _MARK.findall(text):
        wanted = squeeze(words)
        found = next((at for at in range(here, len(blocks)) if wanted in squeeze(blocks[at].text)), None)
        if found is None:
            raise ValueError(f"{title}: marked words stand in no clause after the marks before: {words}")
        here = found
        labels.append(Label(title, blocks[found].clause, _KINDS[kind], words))
    return labels
