"""Questions that the owner has answered already: the same question gets that answer, whatever else would fit.

Knows the approved entries and their wordings. Only what is plainly the same question is answered here: word for word,
or so near in meaning that nothing else can be meant, about the same things and amounts. All others are searched for as
ever, and find the entry's document among the rest.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assistant.alike import UNRELATED, nearness, same_amounts, unrelated_cosine
from assistant.passage import Passage, Statement
from kb.embeddings import normalised
from kb.fold import fold
from kb.records.shapes import FAQ_DOCUMENT, chapter_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kb.knowledge import KnowledgeBase
    from kb.model import Section
    from kb.search import Filter, HybridSearcher, Query

# Of 94 questions in 30 groups (see ``assistant/alike.py``) no two of different groups pass both, though some of them
# differ in one word only (一般投诉多久回复, 紧急投诉多久回复).
NEAR = 0.7
COVERED = 0.7
_AROUND = re.compile(r"^(?:请问|想问一?下|麻烦问一?下|问一?下|那么?)|[呢啊呀吗哦嘛的了]+$")
_UNSAID = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class _Wordings:
    """Every wording of every approved entry: its words, its section, and its vector (row of ``vectors``)."""

    generation: int
    texts: tuple[str, ...]
    sections: tuple[str, ...]
    places: dict[str, str]  # section by plain words
    vectors: NDArray[np.float32]
    unrelated: float


class ApprovedAnswers:
    """The approved answers of one knowledge base; safe from several threads."""

    def __init__(self, knowledge: KnowledgeBase, searcher: HybridSearcher) -> None:
        self._knowledge = knowledge
        self._searcher = searcher
        self._lock = threading.Lock()
        self._known: _Wordings | None = None

    def passage(self, question: str, query: Query, *, filter: Filter | None = None) -> Passage | None:  # noqa: A002
        """Return the whole entry that answers this very question; None where there is none, or it is filtered out.

        Args:
            question: standing alone.
            query: the question as it is searched for.
            filter: what may be found.
        """
        known = self._wordings()
        if known is None:
            return None
        number = known.places.get(_plain(question)) or self._near(question, query, known)
        if not number or (filter and not filter.allows(FAQ_DOCUMENT, number)):
            return None
        return entry_passage(FAQ_DOCUMENT, self._knowledge.section(FAQ_DOCUMENT, number))

    def holds(self, question: str) -> bool:
        """Say whether an entry answers this question word for word."""
        known = self._wordings()
        return known is not None and _plain(question) in known.places

    def _near(self, question: str, query: Query, known: _Wordings) -> str:
        near = nearness(known.vectors @ normalised(query.vector), known.unrelated)
        best = int(np.argmax(near))
        text = known.texts[best]
        if float(near[best]) < NEAR or not same_amounts(question, text):
            return ""
        theirs = self._searcher.terms_of(text)
        both = min(query.terms.coverage(fold(text)), theirs.coverage(fold(question)))
        return known.sections[best] if both >= COVERED else ""

    def _wordings(self) -> _Wordings | None:
        """Return what the approved entries of this generation are asked with; None where there are none."""
        generation = self._knowledge.generation
        known = self._known
        if known is None or known.generation != generation:
            with self._lock:
                known = self._known = self._read(generation)
        return known if known.texts else None

    def _read(self, generation: int) -> _Wordings:
        records = self._knowledge.records
        there = any(document.id == FAQ_DOCUMENT for document in self._knowledge.documents())
        entries = records.entries.all("approved") if there else ()
        sections = {section.number for section in self._knowledge.sections(FAQ_DOCUMENT)} if there else set()
        pairs = [
            (text, number)
            for entry in entries
            if (number := f"{chapter_of(entry.kind)}.{entry.number}") in sections
            for text in (entry.question, *entry.wordings)
            if _plain(text)
        ]
        texts = tuple(text for text, _ in pairs)
        if not texts:  # no model is loaded for nothing
            return _Wordings(generation, (), (), {}, np.empty((0, 0), dtype=np.float32), 0.0)
        model = self._knowledge.embeddings
        return _Wordings(
            generation=generation,
            texts=texts,
            sections=tuple(number for _, number in pairs),
            places={_plain(text): number for text, number in reversed(pairs)},
            vectors=records.questions.vectors(model, texts),
            unrelated=unrelated_cosine(records.questions.vectors(model, UNRELATED)),
        )


def entry_passage(document: str, section: Section) -> Passage:
    """Return a whole entry as it was written, every block of it."""
    blocks = (Statement(section, block, 0, len(block.text)) for block in section.blocks)
    return Passage(document, section, "entry", tuple(blocks))


def _plain(text: str) -> str:
    """Return what is said of a question, without punctuation, script, case, and the words around it."""
    words = _UNSAID.sub("", fold(text))
    while (less := _AROUND.sub("", words)) != words and less:
        words = less
    return words
