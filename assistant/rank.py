"""Which passage answers: search score, coverage of the question's terms, and the fit of the passage's shape.

Knows one question part and the passages found for it; not how an answer is worded. Weights were set on the development
questions (``eval/LOG.md`` has the numbers) and hold for any corpus.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant import sentences
from assistant.amount import fit, has_amount, with_digits, within_range
from assistant.passage import Passage, Shape, Statement
from assistant.question import Kind
from kb.fold import fold
from kb.search import TITLE_SHARE
from kb.segment import QUESTION_WORDS
from kb.terms import Terms

SEARCH_WEIGHT = 1.0
COVERAGE_WEIGHT = 1.0
LABEL_WEIGHT = 0.25
# An amount of the question lies in a range of the passage: the row of a table of limits that applies.
RANGE_BONUS = 0.5
# Asked how, a clause that calls itself the handling of something.
HANDLING_BONUS = 0.1
# Asked how, a definition from the section of terms.
TERMS_PENALTY = 0.3
PROCEDURE_COVERAGE = 0.6
PROCEDURE_WEIGHT = 1.5
# A counted thing of the question (第3天, 3分) stands in the passage as it is.
COUNTED_BONUS = 0.3
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
# Words for the members of any list; they need not stand in the source.
_MEMBERS = frozenset("方面 环节 内容 种类 类型 部分 要素 要点 步骤 阶段 维度 几点 事项 情况 东西 模块 项目".split())
_HANDLING = re.compile(r"处理|流程|步骤|程序|办理|应对|处置|方法|方式")
_COUNTED = re.compile(r"第?\d+(?:\.\d+)?(?:天|日|步|级|分(?!钟)|年|次|元|条|分钟|小时|%)|[iv]+级")
_FROM_START_TO_END = re.compile(r"一步一?步|从头到尾|全套|整个流程|完整|先.{1,4}后|流程")
_WHOLE: frozenset[Shape] = frozenset({"list", "table", "procedure", "outline"})
_ENUMERATION = re.compile(r"[^、。；]+、[^、。；]+(?:、|和|及|以及|与|等)")
_ROLE = re.compile(
    r"[\u4e00-\u9fff]{1,6}?(员|经理|主管|总监|站长|工程师|专员|部门?|团队|小组|管理层|负责人|高层|中层|基层"
    r"|导师|领导|组|岗|客户|企业)"
)
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
    cut: Callable[[str], Sequence[str]],
) -> list[Ranked]:
    """Return ``found`` best first.

    Args:
        found: passages of the sections that search brought.
        kind: what the question asks for.
        question: the question's text.
        terms: its content terms.
        scores: fused search score by (document, clause).
        cut: cuts a text into words.
        titles: folded document titles by id; empty where there is but one document.
    """
    focus = focus_of(question)
    asked = fold(question)
    ranked = []
    for passage in found:
        one = _ranked(passage, kind, question, focus, terms, scores, titles.get(passage.document, ""))
        ranked.append(replace(one, score=one.score + LABEL_WEIGHT * _called_for(passage, asked, terms, cut)))
    return sorted(ranked, key=lambda one: -one.score)


def _ranked(
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
    heading = fold(" ".join(passage.section.path))
    if passage.shape in _WHOLE:
        leads = " ".join(s.text for s in passage.statements if s.lead)
        names = " ".join(s.block.term for s in passage.members)
        label = f"{heading} {fold(leads)}"
        if focus in _MEMBERS:  # 有哪些环节: the members are what is asked for, whatever the source calls them
            label = f"{label} {focus}"
        coverage = 0.8 * terms.coverage(label, beside=title, share=TITLE_SHARE)
        coverage += 0.2 * terms.coverage(f"{label} {fold(names)}", beside=title, share=TITLE_SHARE)
        members = sorted(clause_scores, reverse=True)[:3]
        search = 0.6 * best + 0.4 * sum(members) / max(len(members), 1)
    else:
        coverage = terms.coverage(f"{heading} {fold(passage.text)}", beside=title, share=TITLE_SHARE)
        search = best
    bonus = _shape_bonus(passage, kind, question, coverage, coverage * terms.weight) + _fit(
        passage, kind, question, focus, terms
    )
    score = SEARCH_WEIGHT * search + COVERAGE_WEIGHT * coverage + bonus
    return Ranked(passage, score, search, coverage, focus)


def _shape_bonus(passage: Passage, kind: Kind, question: str, coverage: float, covered: float) -> float:
    """Return how well a passage's shape fits what is asked; steps are wanted whole where somebody asks how.

    A whole procedure has to be asked for by more than a word that stands everywhere (客户): ``covered`` is the weight of
    the question's terms that the passage covers.
    """
    if passage.shape == "procedure" and (coverage < PROCEDURE_COVERAGE or covered < PROCEDURE_WEIGHT):
        return -0.2
    bonus = SHAPE_BONUS.get((kind, passage.shape), 0.0)
    if kind == "procedure" and passage.shape in {"list", "table", "procedure"}:
        bonus += 0.2 if passage.procedural else 0.0
        bonus += 0.3 if _FROM_START_TO_END.search(fold(question)) else 0.0
    return bonus


def _called_for(passage: Passage, asked: str, terms: Terms, cut: Callable[[str], Sequence[str]]) -> float:
    """Return how much of what a passage calls itself the question names: a label with other words is another subject."""
    first = passage.statements[0].block
    title = (
        passage.section.title
        if passage.section.title != passage.section.number
        else "".join(passage.section.path[-2:-1])
    )
    label = title if passage.shape in _WHOLE or not first.term else first.term
    words = [word for word in cut(label) if word not in QUESTION_WORDS and len(word) > 1]
    if not words:
        return 0.5
    said = {synonym for term in terms.terms for synonym in term.synonyms}
    return sum(word in asked or word in said for word in words) / len(words)


def _fit(passage: Passage, kind: Kind, question: str, focus: str, terms: Terms) -> float:
    """Return how well a clause's words fit the kind and form of the question."""
    if passage.shape in _WHOLE:
        return 0.0
    form = fit(question, passage.text, number=kind == "number")
    value = 0.2 if form == 1.0 else -0.2 if form == 0.0 else 0.0
    if within_range(question, passage.text):
        value += RANGE_BONUS
    if any(phrase in fold(passage.text) for phrase in _COUNTED.findall(with_digits(fold(question)))):
        value += COUNTED_BONUS
    if kind in {"list", "procedure", "summary"} and passage.introduces:
        value -= 0.3
    if kind == "procedure":
        value += HANDLING_BONUS if _HANDLING.search(passage.statements[0].block.term) else 0.0
        value -= TERMS_PENALTY if passage.defines else 0.0
    if kind == "person":
        value += 0.1 if _ROLE.search(passage.text) else -0.05
    elif kind == "definition":
        term = fold(passage.statements[0].block.term)
        value += 0.1 if _DEFINING.search(passage.text) else 0.0
        value += 0.5 if term and term in fold(question) else 0.15 if term and terms.coverage(term) > 0.8 else 0.0
    elif kind in {"list", "fact"} and passage.shape != "sublist":
        value += _enumerates(fold(passage.text), focus)
    return value


def _enumerates(text: str, focus: str) -> float:
    """Return a bonus where a sentence of ``text`` enumerates what the question asks for."""
    if not focus:
        return 0.0
    listing = [span.of(text) for span in sentences.split(text) if _ENUMERATION.search(span.of(text))]
    if any(focus in sentence for sentence in listing):
        return 0.18 if len(focus) > 2 else 0.1
    return 0.08 if any(focus[-2:] in sentence for sentence in listing) else 0.0


def focus_of(question: str) -> str:
    """Return the thing asked for in a list question (哪些方式 → 方式, 指标有哪些 → 指标), folded; ``""`` if unclear."""
    folded = fold(question).rstrip("?？。 ")
    after = re.search(
        r"(?:哪些|哪几[个种类项条块]?|几[个种类项条])(?:不同的|主要的?|具体的?)?的?([\u4e00-\u9fff]{2,6})$", folded
    )
    if after:
        return after[1][-4:]
    before = re.search(
        r"([\u4e00-\u9fff]{2,4}?)(?:主要|具体|一般|通常|常用的?|都|分别|大致|要|可以)*(?:有|包括|包含|是|分为|分成|看|用)?"
        r"(?:哪些|哪几|什么|几)",
        folded,
    )
    return before[1][-2:] if before else ""


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
