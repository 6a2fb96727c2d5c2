"""Search: words, bigrams and vectors, each a searcher of one signature, fused into ranked chunks.

Knows the indexes of a knowledge base; not what a question wants. ``search(query, *, limit, filter=None) ->
list[Hit]`` is the one signature. Fusion is a convex sum of min-max scaled scores, which beat reciprocal ranks by 1.6
points of nDCG@10 over seven public Chinese sets (Bruch, Gai & Ingber 2023 for the method).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from kb.errors import IndexOutdated, NothingIndexed
from kb.fold import fold, simplified
from kb.model import Hit
from kb.nearness import Nearness
from kb.question_adapter import QuestionAdapter, shipped_adapter
from kb.rerank import Reranker, open_reranker
from kb.section_scores import section_scores
from kb.segment import bigrams, content_words, unigrams
from kb.spelling import mended
from kb.terms import Terms, terms_of

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from kb.knowledge import KnowledgeBase
    from kb.synonyms import Synonyms
    from kb.word_index import WordIndex

# Words and bigrams share the lexical part, because each of them fails where the other does not.
BIGRAM_SHARE = 0.5
# The share of the lexical part that the whole section of a chunk has: what is asked may be said in several chunks.
SECTION_SHARE = 0.6
# How much the coverage of the question's terms by a chunk and its headings adds to the fused score, and for how many of
# the best chunks it is computed. On the development questions: see eval/LOG.md.
COVERAGE_WEIGHT = 0.4
COVERED = 60
FOLDED = 20_000  # chunks that are kept folded, about 1 KB each
# A term that only the document's title covers: it tells documents apart, and nothing where there is but one.
TITLE_SHARE = 0.8
# A synonym counts less than the word that was asked for.
SYNONYM_WEIGHT = 0.5


# How many hits a configured cross-encoder reads, and its share of their score.
RERANKED = 20
RERANKER_SHARE = 0.5
# Chunks from which a glossary once mined is kept: reading all texts again at every change takes minutes there.
GLOSSARY_KEPT = 20_000


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
    """Return the best scores of a searcher min-max scaled to 0..1; what it did not find has 0 and keeps it.

    ``depth`` is how deep it looked: where it found as many, the last of them becomes 0, else 0 itself stays 0.
    """
    result = np.zeros_like(scores)
    best = scores > 0
    if not best.any():
        return result
    high = float(scores[best].max())
    low = float(scores[best].min()) if np.count_nonzero(best) >= depth else 0.0
    result[best] = (scores[best] - low) / (high - low) if high > low else 1.0
    return result


class HybridSearcher:
    """Words, bigrams and vectors of one knowledge base, fused; always of its present generation."""

    def __init__(
        self, knowledge: KnowledgeBase, *, reranker: Reranker | None = None, adapter: QuestionAdapter | None = None
    ) -> None:
        self._knowledge = knowledge
        self._settings = knowledge.settings.search
        self._adapter = adapter or shipped_adapter(knowledge.embeddings.model_id)
        self._reranker = reranker or open_reranker(self._settings.reranker)
        self._generation = -1
        self._joined: tuple[Synonyms, int, Synonyms] | None = None
        self._folded: dict[str, tuple[str, str]] = {}

    @property
    def index(self) -> WordIndex:
        """The word index of the present generation, built where it is missing."""
        generation = self._knowledge.generation
        if generation != self._generation:
            self._index = self._read_index()
            self.title_share = TITLE_SHARE if len(self._knowledge.documents()) > 1 else 0.0
            self._generation = generation
        return self._index

    def _read_index(self) -> WordIndex:
        """Return the word index; a damaged one is built again."""
        import shutil

        from kb.word_build import build
        from kb.word_index import WordIndex

        def directory() -> Path:
            older = self._knowledge.older_index("words")
            return self._knowledge.index_directory(
                "words", build=lambda path: build(path, self._knowledge, previous=older)
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
        """The synonyms that questions are expanded with: the file's, in force at once, and those the corpus itself gives."""
        from kb.synonyms import load_synonyms

        own = load_synonyms(self._knowledge.settings.home)
        generation = self._knowledge.generation
        if self._joined is None or self._joined[0] is not own or self._joined[1] != generation:
            from kb import glossary

            large = len(self.index) > GLOSSARY_KEPT
            directory = (self._knowledge.older_index("glossary") if large else None) or self._knowledge.index_directory(
                "glossary", build=lambda path: glossary.build(path, self._knowledge.chunks())
            )
            self._joined = (own, generation, own.joined(glossary.read(directory)))
        return self._joined[2]

    @property
    def home(self) -> Path:
        """The data directory that is searched."""
        return self._knowledge.settings.home

    @property
    def reranks(self) -> bool:
        """Whether a cross-encoder has a say in the scores."""
        return self._reranker is not None

    def prepare(self, query: str, *, synonyms: Synonyms | None = None) -> Query:
        """Return ``query`` with its tokens and its vector: the one place where a question is embedded.

        ``synonyms`` are used in place of the file's (an edit that is tried out).
        """
        query = self.mended(query)
        vector = np.asarray(self._knowledge.embeddings.embed_query(simplified(query)), dtype=np.float32)
        vector = self._adapter.adapt(vector) if self._adapter else vector
        return prepare(query, index=self.index, synonyms=synonyms or self.synonyms, vector=vector)

    def terms_of(self, query: str) -> Terms:
        """Return the content terms of ``query``, which nothing is searched for with."""
        return terms_of(query, index=self.index, synonyms=self.synonyms)

    def mended(self, query: str) -> str:
        """Return ``query`` with words typed with a wrong character of the same sound put right, as the corpus has them."""
        return mended(query, self.index)

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
        documents = filter.documents if filter else frozenset()
        inside = index.inside(documents) if documents else None
        words = index.best("words", query.words, depth, inside=inside)
        net = index.best("bigrams", query.bigrams, depth, inside=inside)
        nearest = self._knowledge.vector_search(query.vector, limit=depth, documents=sorted(documents) or None)
        places = index.rows([key for key, _ in nearest])
        # Only what one of the three found can have a score: everything below is about these rows, not about all.
        rows = np.unique(np.concatenate([words[0], net[0], places[places >= 0]]))
        keys = index.keys(rows)
        deep = min(depth, len(index))
        own = (1 - BIGRAM_SHARE) * scale(_at(rows, *words), deep) + BIGRAM_SHARE * scale(_at(rows, *net), deep)
        lexical = (1 - SECTION_SHARE) * own + SECTION_SHARE * _of_sections(index, query, rows)
        near = Nearness(index, rows, query.vector, depth=deep, vectors_of=self._knowledge.vectors_of)
        weight = self._settings.dense_weight
        fused = weight * near.scores() + (1 - weight) * lexical
        if filter and filter.sections:
            fused = fused * self._allowed(filter, keys)
        best = [int(at) for at in np.argsort(-fused, kind="stable")[: max(COVERED, limit)] if fused[at] > 0]
        texts = self._read([keys[at] for at in best[:COVERED]])
        covered = {at: self._coverage(query.terms, texts.get(keys[at], ("", ""))) for at in best[:COVERED]}
        scores = {
            at: (float(fused[at]) + COVERAGE_WEIGHT * covered.get(at, 0.0)) / (1 + COVERAGE_WEIGHT) for at in best
        }
        ranked = sorted(scores, key=lambda at: (at not in covered, -scores[at], at))[:limit]
        found = self._knowledge.chunks_of([keys[at] for at in ranked])
        hits = [
            Hit(*found[keys[at]], scores[at], float(lexical[at]), float(near.cosines[at]))
            for at in ranked
            if keys[at] in found
        ]
        return self._reranked(query.text, hits)

    def _reranked(self, question: str, hits: list[Hit]) -> list[Hit]:
        """Return ``hits``, the best ``RERANKED`` ordered by their score and that of a cross-encoder where there is one."""
        if self._reranker is None:
            return hits
        logits = self._reranker.score(question, [hit.chunk.indexed for hit in hits[:RERANKED]])
        odds = [1.0 / (1.0 + math.exp(-min(30.0, max(-30.0, float(logit))))) for logit in logits]
        share = RERANKER_SHARE
        first = [
            replace(hit, score=(1 - share) * hit.score + share * odd) for hit, odd in zip(hits, odds, strict=False)
        ]
        rest = [replace(hit, score=(1 - share) * hit.score) for hit in hits[RERANKED:]]
        return sorted(first, key=lambda hit: -hit.score) + rest

    def _allowed(self, filter: Filter, keys: Sequence[str]) -> NDArray[np.bool_]:  # noqa: A002
        found = self._knowledge.chunks_of(keys)
        places = ((found[key][0], found[key][1].section) if key in found else None for key in keys)
        return np.array([place is not None and filter.allows(*place) for place in places], dtype=np.bool_)

    def _read(self, keys: Sequence[str]) -> dict[str, tuple[str, str]]:
        """Return title, and headings with text, folded, by chunk id: one read for all not folded yet.

        An id stands for one text (``kb.rows``), so what is kept holds in every generation.
        """
        kept = self._folded
        read: dict[str, tuple[str, str]] = {}
        for key, (_, chunk) in self._knowledge.chunks_of([key for key in keys if key not in kept]).items():
            title, _, headings = chunk.heading.partition(" > ")
            read[key] = (fold(title), fold(f"{headings} {chunk.text}"))
        found = {key: kept[key] for key in keys if key in kept} | read
        if len(kept) > FOLDED:
            self._folded = read  # a new one: other threads may be reading the old one
        else:
            kept.update(read)
        return found

    def _coverage(self, terms: Terms, folded: tuple[str, str]) -> float:
        """Return how much of the question's terms a chunk and its headings cover."""
        title, text = folded
        return terms.coverage(text, beside=title, share=self.title_share)


def _of_sections(index: WordIndex, query: Query, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return how well the words of the whole section of each row fit, the best being 1."""
    words = scale(section_scores(index, "words", query.words, rows), len(rows) + 1)
    net = scale(section_scores(index, "bigrams", query.bigrams, rows), len(rows) + 1)
    result: NDArray[np.float32] = (1 - BIGRAM_SHARE) * words + BIGRAM_SHARE * net
    return result


def _at(rows: NDArray[np.int64], some: NDArray[np.int64], scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the scores of ``some`` of the ascending ``rows``, in their places; 0 for the others."""
    result = np.zeros(rows.size, dtype=np.float32)
    result[np.searchsorted(rows, some)] = scores
    return result


def unique_sections(hits: Sequence[Hit]) -> list[tuple[str, str]]:
    """Return (document, section number) of ``hits`` once each, in the order of their best hit."""
    return list(dict.fromkeys((hit.document, hit.chunk.section) for hit in hits))
