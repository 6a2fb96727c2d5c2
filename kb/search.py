"""Search: words, bigrams and vectors, each a searcher of one signature, fused into ranked chunks.

Knows the indexes of a knowledge base; not what a question wants. ``search(query, *, limit, filter=None) ->
list[Hit]`` is the one signature. Fusion is a convex sum of min-max scaled scores, which beat reciprocal ranks by 1.6
points of nDCG@10 over seven public Chinese sets (Bruch, Gai & Ingber 2023 for the method).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from kb.errors import IndexOutdated, NothingIndexed
from kb.fold import fold, simplified
from kb.model import Hit
from kb.segment import bigrams, content_words, unigrams
from kb.terms import Terms, terms_of

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from kb.knowledge import KnowledgeBase
    from kb.synonyms import Synonyms
    from kb.word_index import WordIndex

# Words and bigrams share the lexical part, because each of them fails where the other does not.
BIGRAM_SHARE = 0.5
# How much the coverage of the question's terms by a chunk and its headings adds to the fused score, and for how many of
# the best chunks it is computed. On the development questions: see eval/LOG.md.
COVERAGE_WEIGHT = 0.4
COVERED = 60
# A term that only the document's title covers: it tells documents apart, and nothing where there is but one.
TITLE_SHARE = 0.8
# A synonym counts less than the word that was asked for.
SYNONYM_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Filter:
    """What may be found: chunks of these documents (ids), of sections under these numbers; empty means all."""

    documents: frozenset[str] = frozenset()
    sections: frozenset[str] = frozenset()

    def allows(self, document: str, section: str) -> bool:
        """Say whether a chunk of that document and section passes."""
        if self.documents and document not in self.documents:
            return False
        return not self.sections or any(
            section == number or section.startswith((f"{number}.", f"{number}-")) for number in self.sections
        )


class Searcher(Protocol):
    """What every searcher offers."""

    def search(self, query: str, *, limit: int, filter: Filter | None = None) -> list[Hit]:  # noqa: A002
        """Return at most ``limit`` hits, best first."""
        ...


@dataclass(frozen=True, slots=True)
class Query:
    """A question prepared once for all searchers: its weighted words and bigrams, and its vector."""

    text: str
    words: Mapping[str, float]
    bigrams: Mapping[str, float]
    vector: NDArray[np.float32]
    terms: Terms


def prepare(text: str, *, index: WordIndex, synonyms: Synonyms, vector: NDArray[np.float32]) -> Query:
    """Return ``text`` as weighted tokens: its own at 1, those of synonyms at ``SYNONYM_WEIGHT``."""
    own = content_words(index.segmenter.words(text))
    words = dict.fromkeys(own, 1.0)
    content = " ".join(content_words(index.segmenter.cut(text)))
    net = dict.fromkeys([*bigrams(content), *_joined_bigrams(text, content)], 1.0)
    for others in synonyms.expand(text).values():
        for other in others:
            for token in index.segmenter.words(other):
                words.setdefault(token, SYNONYM_WEIGHT)
            for token in bigrams(other):
                net.setdefault(token, SYNONYM_WEIGHT)
    if not net or all(len(token) == 1 for token in net):
        net.update(dict.fromkeys(unigrams(text), 1.0))
    terms = terms_of(text, index=index, synonyms=synonyms)
    return Query(text=text, words=words, bigrams=net, vector=vector, terms=terms)


def _joined_bigrams(text: str, content: str) -> list[str]:
    """Return the bigrams of ``text`` that cross word borders between content words.

    A question word in between (怎么, 哪些) would otherwise make bigrams like 么处 that say nothing.
    """
    kept = set(content.replace(" ", ""))
    return [pair for pair in bigrams(text) if len(pair) == 2 and pair[0] in kept and pair[1] in kept]


def scale(scores: NDArray[np.float32], depth: int) -> NDArray[np.float32]:
    """Return ``scores`` min-max scaled over the best ``depth`` of them; the rest, and zeros, become 0."""
    result = np.zeros_like(scores)
    if not scores.size:
        return result
    depth = min(depth, scores.size)
    best = np.argpartition(-scores, depth - 1)[:depth]
    best = best[scores[best] > 0]
    if not best.size:
        return result
    high = float(scores[best].max())
    low = float(scores[best].min()) if best.size == depth else 0.0
    result[best] = (scores[best] - low) / (high - low) if high > low else 1.0
    return result


class HybridSearcher:
    """Words, bigrams and vectors of one knowledge base, fused; always of its present generation."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge
        self._settings = knowledge.settings.search
        self._generation = -1

    @property
    def index(self) -> WordIndex:
        """The word index of the present generation, built where it is missing."""
        generation = self._knowledge.generation
        if generation != self._generation:
            self._index = self._read_index()
            self._rows = {key.decode("ascii"): row for row, key in enumerate(self._index.ids)}
            self._folded: dict[int, tuple[str, str]] = {}
            self.title_share = TITLE_SHARE if len(self._knowledge.documents()) > 1 else 0.0
            self._generation = generation
        return self._index

    def _read_index(self) -> WordIndex:
        """Return the word index; a damaged one is built again."""
        import shutil

        from kb.word_index import WordIndex

        def directory() -> Path:
            return self._knowledge.index_directory(
                "words", build=lambda path: WordIndex.build(path, self._knowledge.chunks())
            )

        try:
            return WordIndex(directory())
        except (OSError, ValueError, KeyError, EOFError, TypeError):
            shutil.rmtree(directory(), ignore_errors=True)
        try:
            return WordIndex(directory())
        except (OSError, ValueError, KeyError, EOFError, TypeError) as error:
            raise IndexOutdated("词索引已损坏且无法重建：请检查磁盘空间后运行 shouce rebuild") from error

    @property
    def synonyms(self) -> Synonyms:
        """The synonyms that questions are expanded with; an edit of their file is in force at once."""
        from kb.synonyms import load_synonyms

        return load_synonyms(self._knowledge.settings.home)

    def prepare(self, query: str) -> Query:
        """Return ``query`` with its tokens and its vector: the one place where a question is embedded."""
        vector = np.asarray(self._knowledge.embeddings.embed_query(simplified(query)), dtype=np.float32)
        return prepare(query, index=self.index, synonyms=self.synonyms, vector=vector)

    def search(self, query: str, *, limit: int, filter: Filter | None = None) -> list[Hit]:  # noqa: A002
        """Return at most ``limit`` hits for ``query``, best first.

        Raises:
            NothingIndexed: the knowledge base holds no chunk.
        """
        return self.search_prepared(self.prepare(query), limit=limit, filter=filter)

    def search_prepared(self, query: Query, *, limit: int, filter: Filter | None = None) -> list[Hit]:  # noqa: A002
        """Return at most ``limit`` hits for a prepared query, best first."""
        index = self.index
        if not len(index):
            raise NothingIndexed("知识库还是空的：请先运行 shouce ingest 文件…，或用 shouce sample 载入自带样例")
        depth = max(self._settings.candidates, limit)
        words = index.scores("words", query.words)
        net = index.scores("bigrams", query.bigrams)
        documents = filter.documents if filter else frozenset()
        if documents:
            inside = np.array([self._place(row)[0] in documents for row in range(len(index))], dtype=np.float32)
            words, net = words * inside, net * inside
        dense = np.zeros(len(index), dtype=np.float32)
        for key, cosine in self._knowledge.vector_search(
            query.vector, limit=depth, documents=sorted(documents) or None
        ):
            if (row := self._rows.get(key)) is not None:
                dense[row] = cosine
        weight = self._settings.dense_weight
        lexical = (1 - BIGRAM_SHARE) * scale(words, depth) + BIGRAM_SHARE * scale(net, depth)
        vector = scale(dense, depth)
        fused: NDArray[np.float32] = (weight * vector + (1 - weight) * lexical).astype(np.float32)
        if filter and filter.sections:
            fused = fused * np.array([filter.allows(*self._place(row)) for row in range(len(index))], dtype=np.float32)
        best = _best(fused, max(COVERED, limit))
        self._read(best[:COVERED])
        covered = {int(row): self._coverage(query.terms, int(row)) for row in best[:COVERED] if fused[row] > 0}
        scores = {
            int(row): (float(fused[row]) + COVERAGE_WEIGHT * covered.get(int(row), 0.0)) / (1 + COVERAGE_WEIGHT)
            for row in best
            if fused[row] > 0
        }
        ranked = sorted(scores, key=lambda row: (row not in covered, -scores[row], row))[:limit]
        found = self._knowledge.chunks_of([self._key(row) for row in ranked])
        return [
            Hit(*found[self._key(row)], scores[row], float(lexical[row]), float(dense[row]))
            for row in ranked
            if self._key(row) in found
        ]

    def _key(self, row: int) -> str:
        key: bytes = self._index.ids[row]
        return key.decode("ascii")

    def _place(self, row: int) -> tuple[str, str]:
        document, chunk = self._knowledge.chunk(self._key(row))
        return document, chunk.section

    def _read(self, rows: NDArray[np.intp]) -> None:
        """Fold the texts of chunks that have not been folded yet, all with one read."""
        fresh = {self._key(int(row)): int(row) for row in rows if int(row) not in self._folded}
        for key, (_, chunk) in self._knowledge.chunks_of(list(fresh)).items():
            title, _, headings = chunk.heading.partition(" > ")
            self._folded[fresh[key]] = (fold(title), fold(f"{headings} {chunk.text}"))

    def _coverage(self, terms: Terms, row: int) -> float:
        """Return how much of the question's terms a chunk and its headings cover."""
        title, text = self._folded.get(row, ("", ""))
        return terms.coverage(text, beside=title, share=self.title_share)


def _best(scores: NDArray[np.float32], limit: int) -> NDArray[np.intp]:
    """Return the rows of the best ``limit`` scores, best first, ties by row."""
    if limit >= scores.size:
        return np.argsort(-scores, kind="stable")
    best = np.sort(np.argpartition(-scores, limit - 1)[:limit])
    return best[np.argsort(-scores[best], kind="stable")]


def unique_sections(hits: Sequence[Hit]) -> list[tuple[str, str]]:
    """Return (document, section number) of ``hits`` once each, in the order of their best hit."""
    return list(dict.fromkeys((hit.document, hit.chunk.section) for hit in hits))
