"""Which passage answers best: a weighted sum of its features (``assistant/features.py``).

The weights were set by hand on the development questions and hold for any corpus: weights fitted on fifteen documents of
other industries did no better on those left out, and worse on the manual (``eval/LOG.md``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant import sentences
from assistant.amount import has_amount
from assistant.features import Asked, features
from assistant.passage import Passage, Statement
from assistant.question import Kind
from kb.fold import fold
from kb.model import Hit
from kb.terms import Terms

WEIGHTS: Mapping[str, float] = {
    "search": 0.6,
    "search_members": 0.4,
    "coverage": 0.88,
    "own": 0.12,
    "kind_named": 0.2,
    "column": 0.35,
    "called": 0.1,
    "one_of": -0.2,
    "case": 0.3,
    "cases": 0.3,
    "other_kind": -0.2,
    "terms": 0.3,
    "label": 0.25,
    "right_form": 0.2,
    "wrong_form": -0.3,
    "in_range": 0.5,
    "coded": 0.5,
    "counted": 0.3,
    "introduces": -0.3,
    "handling": 0.1,
    "term_defined": -0.3,
    "role": 0.15,
    "duties": 0.2,
    "bans": -0.25,
    "purpose": 0.6,
    "whole_for_one": -0.1,
    "preamble": -0.3,
    "defining": 0.1,
    "defined": 0.5,
    "enumerates": 0.18,
    "list_list": 0.16,
    "list_table": 0.08,
    "list_sublist": 0.16,
    "procedure_list": 0.12,
    "procedure_sublist": 0.08,
    "procedure_procedure": 0.22,
    "procedure_table": 0.10,
    "summary_outline": 0.5,
    "summary_list": 0.2,
    "procedure_uncalled": -0.2,
    "steps": 0.2,
    "from_start": 0.3,
}


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage with its score and the features it comes from."""

    passage: Passage
    score: float
    features: Mapping[str, float]

    @property
    def place(self) -> tuple[str, str]:
        """The document and the number of the section that the passage stands in."""
        return self.passage.document, self.passage.section.number


def rank(found: Sequence[Passage], asked: Asked, *, titles: Mapping[str, str]) -> list[Ranked]:
    """Return the passages ``found`` best first; ``titles`` are folded document titles by id, empty if there is but one."""
    ranked = []
    for passage in found:
        known = features(passage, asked, title=titles.get(passage.document, ""))
        score = sum(WEIGHTS[name] * value for name, value in known.items())
        ranked.append(Ranked(passage, score, known))
    return sorted(ranked, key=lambda one: -one.score)


def by_passages(hits: Sequence[Hit], ranked: Sequence[Ranked]) -> list[Hit]:
    """Return ``hits`` with their sections in the order of their best passages; sections without one stay behind the others.

    A passage of several sections (a whole procedure) puts the best of them first. The best hit of the first section gets the
    best score, and so on; what stands below it in its section keeps its distance.
    """
    best: dict[tuple[str, str], float] = {}
    for hit in hits:
        best.setdefault((hit.document, hit.chunk.section), hit.score)
    order: dict[tuple[str, str], None] = {}
    for one in ranked:
        parts = {one.place, *((one.passage.document, said.section.number) for said in one.passage.statements)}
        if first := next((place for place in best if place in parts), None):
            order.setdefault(first)
    moved = dict(zip([*order, *(place for place in best if place not in order)], best.values(), strict=True))
    found = []
    for hit in hits:
        place = hit.document, hit.chunk.section
        found.append(replace(hit, score=max(0.0, moved[place] - (best[place] - hit.score))))
    return sorted(found, key=lambda hit: -hit.score)


def lead_of(ranked: Sequence[Ranked]) -> float:
    """Return the score of the best passage less that of another section's best (0 where there is none)."""
    best = ranked[0]
    return best.score - next((one.score for one in ranked if one.place != best.place), 0.0)


def best_sentence(statement: Statement, *, terms: Terms, heading: str, kind: Kind, question: str) -> sentences.Span:
    """Return the sentence of ``statement`` that covers most of the question's terms beside its heading."""
    text = statement.text
    spans = sentences.split(text)
    if not spans:
        return sentences.Span(statement.start, statement.end)

    def value(span: sentences.Span) -> float:
        words = span.of(text)
        amount = 0.3 if kind == "number" and has_amount(question, words) else 0.0
        return terms.coverage(f"{heading} {fold(words)}") + amount

    chosen = max(spans, key=value)
    return sentences.Span(statement.start + chosen.start, statement.start + chosen.end)
