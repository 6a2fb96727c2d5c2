"""Which passage answers: search score, coverage of the question's terms, and the fit of the passage's shape.

Knows one question part and the passages found for it; not how an answer is worded. Weights were set on the development
questions (``eval/LOG.md`` has the numbers) and hold for any corpus.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant import sentences
from assistant.amount import has_amount
from assistant.passage import Passage, Shape, Statement
from assistant.question import Kind
from assistant.terms import Terms
from kb.fold import fold

SEARCH_WEIGHT = 1.0
COVERAGE_WEIGHT = 1.0
# A whole list is preferred to one of its items unless the item covers clearly more of the question.
SHAPE_BONUS: Mapping[tuple[Kind, Shape], float] = {
    ("list", "list"): 0.16,
    ("list", "table"): 0.08,
    ("list", "sublist"): 0.16,
    ("list", "procedure"): 0.0,
    ("procedure", "list"): 0.12,
    ("procedure", "sublist"): 0.08,
    ("procedure", "procedure"): 0.22,
    ("procedure", "table"): 0.10,
    ("summary", "outline"): 0.5,
    ("summary", "list"): 0.2,
}
_WHOLE: frozenset[Shape] = frozenset({"list", "table", "procedure", "outline"})
_ENUMERATION = re.compile(r"[^、。；]+、[^、。；]+(?:、|和|及|以及|与|等)")
_ROLE = re.compile(r"[\u4e00-\u9fff]{1,6}?(员|经理|主管|总监|站长|工程师|专员|部门?|团队|小组|管理层|负责人|高层|中层|基层|导师|领导|组|岗|客户|企业)")
_DEFINING = re.compile(r"^.{0,40}?(是指|指的是|是一种|是一|即|是(?!否)|指|，是)")
@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage with its score and the parts it is made of, each in 0..1."""

    passage: Passage
    score: float
    search: float
    coverage: float
    focus: str


def rank(
    found: Sequence[Passage],
    *,
    kind: Kind,
    question: str,
    terms: Terms,
    scores: Mapping[tuple[str, str], float],
    titles: Mapping[str, str],
) -> list[Ranked]:
    """Return ``found`` best first.

    Args:
        found: passages of the sections that search brought.
        kind: what the question asks for.
        question: the question's text.
        terms: its content terms.
        scores: fused search score by (document, clause).
        titles: document titles by id.
    """
    focus = focus_of(question)
    ranked = [_ranked(p, kind, question, focus, terms, scores, titles.get(p.document, "")) for p in found]
    return sorted(ranked, key=lambda one: -one.score)


def _ranked(  # noqa: PLR0913 (the same seven for every passage)
    passage: Passage,
    kind: Kind,
    question: str,
    focus: str,
    terms: Terms,
    scores: Mapping[tuple[str, str], float],
    title: str,
) -> Ranked:
    clause_scores = [scores.get((passage.document, s.block.clause), 0.0) for s in passage.statements]
    best = max(clause_scores, default=0.0)
    heading = fold(" ".join((title, *passage.section.path)))
    if passage.shape in _WHOLE:
        leads = " ".join(s.text for s in passage.statements if s.lead)
        names = " ".join(s.block.term for s in passage.members)
        label = f"{heading} {fold(leads)}"
        coverage = 0.8 * terms.coverage(label) + 0.2 * terms.coverage(f"{label} {fold(names)}")
        members = sorted(clause_scores, reverse=True)[:3]
        search = 0.6 * best + 0.4 * sum(members) / max(len(members), 1)
    else:
        coverage = terms.coverage(f"{heading} {fold(passage.text)}")
        search = best
    bonus = SHAPE_BONUS.get((kind, passage.shape), 0.0) + _fit(passage, kind, question, focus, terms)
    score = SEARCH_WEIGHT * search + COVERAGE_WEIGHT * coverage + bonus
    return Ranked(passage, score, search, coverage, focus)


def _fit(passage: Passage, kind: Kind, question: str, focus: str, terms: Terms) -> float:
    """Return how well a clause's words fit the kind of the question."""
    if passage.shape in _WHOLE:
        return 0.0
    text = fold(passage.text)
    if kind == "number":
        return 0.2 if has_amount(question, passage.text) else -0.15
    if kind == "person":
        return 0.1 if _ROLE.search(passage.text) else -0.05
    if kind == "definition":
        block = passage.statements[0].block
        term = fold(block.term)
        named = bool(term) and terms.coverage(term) > 0.8
        return (0.1 if _DEFINING.search(passage.text) else 0.0) + (0.15 if named else 0.0)
    if kind == "list" and passage.shape != "sublist":
        for span in sentences.split(text):
            sentence = span.of(text)
            if focus and focus in sentence and _ENUMERATION.search(sentence):
                return 0.1
    return 0.0


def focus_of(question: str) -> str:
    """Return the thing asked for in a list question (哪些方式 → 方式, 指标有哪些 → 指标), folded; ``""`` if unclear."""
    folded = fold(question).rstrip("?？。 ")
    after = re.search(r"(?:哪些|哪几[个种类项]|几[个种类项])(?:不同的|主要的?|核心的?|具体的?|重要的?)?([\u4e00-\u9fff]{2,4})$", folded)
    if after:
        return after[1][-2:]
    before = re.search(r"([\u4e00-\u9fff]{2})(?:主要|具体|一般|通常|都|分别|大致)*(?:有|包括|包含|是|分为|分成)?(?:哪些|哪几|什么|几)", folded)
    return before[1] if before else ""


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
