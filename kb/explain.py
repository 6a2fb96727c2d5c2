"""Why something was found: the question's terms, and of every hit the scores it was ranked by and the words it shares.

Reads what ``kb.search`` gives and recomputes coverage; the search itself knows nothing of it. Knows no answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.fold import fold
from kb.search import COVERAGE_WEIGHT, COVERED
from kb.terms import Term, Terms

if TYPE_CHECKING:
    from kb.model import Hit
    from kb.search import Filter, HybridSearcher

DEEP = 100  # hits in which a section that was not shown is looked for; a deeper search scales its scores otherwise


@dataclass(frozen=True, slots=True)
class TermNote:
    """One content word of the question: its weight as a share of all, its synonyms, in how many chunks it stands."""

    word: str
    share: float
    synonyms: tuple[str, ...]
    chunks: int


@dataclass(frozen=True, slots=True)
class HitExplanation:
    """One hit and its scores, all in 0..1 but for ``vector``, the cosine.

    ``words`` is the scaled score of words and bigrams, ``fused`` that of words and vector together, ``coverage`` the
    weighted share of the question's terms that heading and text speak of, ``score`` what it is ranked by.
    ``matched`` terms stand there themselves, ``through`` as (term, synonym), ``partly`` in part; ``lacking`` do not.
    """

    rank: int
    hit: Hit
    words: float
    vector: float
    fused: float
    coverage: float
    score: float
    matched: tuple[str, ...]
    through: tuple[tuple[str, str], ...]
    partly: tuple[str, ...]
    lacking: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a question was searched for and what that found, best first.

    ``question`` is as it was searched: with characters put right that were mistyped. ``reranked``: a cross-encoder had
    a say in ``score``, and ``fused`` cannot be told from it.
    """

    question: str
    terms: tuple[TermNote, ...]
    hits: tuple[HitExplanation, ...]
    reranked: bool


def explain(
    searcher: HybridSearcher,
    question: str,
    *,
    limit: int = 10,
    filter: Filter | None = None,  # noqa: A002
) -> Explanation:
    """Return why the best ``limit`` hits for ``question`` were found.

    Raises:
        NothingIndexed: the knowledge base is empty.
    """
    query = searcher.prepare(question)
    hits = searcher.search_prepared(query, limit=limit, filter=filter)
    weight = query.terms.weight or 1.0
    notes = tuple(
        TermNote(term.word, term.weight / weight, term.synonyms, term.frequency) for term in query.terms.terms
    )
    share = searcher.title_share
    return Explanation(query.text, notes, _explained(hits, query.terms, share), searcher.reranks)


def why_not(searcher: HybridSearcher, question: str, document: str, section: str) -> HitExplanation | None:
    """Return how the best chunk of a section did for ``question``; None where it is not among the first ``DEEP`` hits."""
    query = searcher.prepare(question)
    hits = searcher.search_prepared(query, limit=DEEP)
    explained = _explained(hits, query.terms, searcher.title_share)
    wanted = (document, section)
    return next((one for one in explained if (one.hit.document, one.hit.chunk.section) == wanted), None)


def _explained(hits: Sequence[Hit], terms: Terms, title_share: float) -> tuple[HitExplanation, ...]:
    return tuple(_explanation(rank, hit, terms, title_share) for rank, hit in enumerate(hits, start=1))


def _explanation(rank: int, hit: Hit, terms: Terms, title_share: float) -> HitExplanation:
    title, _, headings = hit.chunk.heading.partition(" > ")
    text, beside = fold(f"{headings} {hit.chunk.text}"), fold(title)
    coverage = terms.coverage(text, beside=beside, share=title_share)
    counted = coverage if rank <= COVERED else 0.0
    fused = hit.score * (1 + COVERAGE_WEIGHT) - COVERAGE_WEIGHT * counted
    both = f"{beside} {text}" if title_share else text
    kinds = [(term, _how(term, both)) for term in terms.terms]
    return HitExplanation(
        rank=rank,
        hit=hit,
        words=hit.words,
        vector=hit.vector,
        fused=min(1.0, max(0.0, fused)),
        coverage=coverage,
        score=hit.score,
        matched=tuple(term.word for term, how in kinds if how == "matched"),
        through=tuple((term.word, how) for term, how in kinds if how not in {"matched", "partly", "lacking"}),
        partly=tuple(term.word for term, how in kinds if how == "partly"),
        lacking=tuple(term.word for term, how in kinds if how == "lacking"),
    )


def _how(term: Term, text: str) -> str:
    """Return how folded ``text`` speaks of a term: ``matched``, ``partly``, ``lacking``, or the synonym it says instead."""
    credit = term.credit(text)
    if credit == 1.0:
        return "matched"
    for synonym in term.synonyms:
        if Term(synonym, 1.0, (), 0).credit(text) == 1.0:
            return synonym
    return "partly" if credit >= 0.5 else "lacking"
