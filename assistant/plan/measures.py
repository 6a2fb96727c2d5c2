"""Measures of the manual's own that fit this problem: what clauses oblige to, searched for cause by cause.

Knows the knowledge base, the searcher and the checks that clauses compile to. A measure is an obligation of a clause with
its verbatim quote; how well it fits is a sum of what the search says for its cause, what its words cover of it, and what
the search says for the whole problem.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from assistant.checklist.compile import Part, document_parts, section_checks
from assistant.checklist.model import Check
from assistant.checklist.nature import is_work_instruction, nature_of
from assistant.checklist.parts import pieces
from assistant.plan.causes import Backing, Suspicion
from assistant.plan.clauses import does_something, in_whole, lead_of, says_again
from kb.fold import fold
from kb.search import Query, prepare
from kb.segment import content_words

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase
    from kb.model import Block, Citation
    from kb.search import Filter, HybridSearcher

HITS = 60
WEIGHT_CAUSE, WEIGHT_COVER, WEIGHT_TITLE, WEIGHT_PROBLEM, WEIGHT_SUBJECT = 0.4, 0.2, 0.1, 0.15, 0.15
# What the section of a measure counts: the searches of all causes by their shares and the problem's own, taken together.
WEIGHT_SECTION = 3.0
# What the problem's own search counts beside those of its causes, and the power of what a search says: one clear find
# says more than several vague ones.
WHOLE, SURE = 0.2, 2.0
# Words of titles that say nothing of their subject.
_NO_SUBJECT = frozenset(
    (
        "服务 管理 机制 原则 方法 流程 优化 概述 工具 措施 企业 运营 公司 要求 标准 "
        "内容 核心 建设 sop 手册 规定 客户 员工 人员 质量"
    ).split()
)
# What a measure has to reach of the best one of its cause, and of the best one of the plan.
NEAR_CAUSE, NEAR_PLAN = 0.5, 0.5
# A plan that would draw on fewer sections takes the best of further ones that the problem speaks of, down to this.
# Share of a title that the problem has to speak of for its SOP to be about it (响应 alone makes no 服务中断应急响应SOP).
OWN_SUBJECT = 0.45
# Measures down to which those that speak of nothing the problem names are left out, and how many of the best never are.
ENOUGH_SPOKEN = 8
FIRST = 6
# Words that a cause is told with, whatever it is about.
_SAYS_LITTLE = frozenset(
    "没有 不足 不到 不清 不清楚 不好 不能 到位 落实 只看 不会 没人 无人 知道 时候 缺少 问题 情况".split()
)
# What a sentence that gives a reason has, and up to which length it is quoted beside a cause.
_REASON = re.compile(r"否则|以免|避免|防止|导致|造成|致使|由于|因为")
LONGEST_REASON = 80
SECTIONS, NEAR_ENOUGH = 5, 0.35
A_CAUSE, A_SECTION, A_PLAN = 3, 3, 10
# Shares below which a cause gets one measure less, and two less.
LOW, LOWEST = 0.12, 0.06
# What a further measure of the same section counts: a plan that draws on several sections leaves less out.
SAME_SECTION = 0.6


@dataclass(frozen=True)
class Measure:
    """An obligation that fits: its check, the cause it works against (its place in the list), and how well it fits.

    ``under`` is the lead term of the item it is nested in, ``spoken_of`` the share of its subject (its lead term, its
    section's title) that the problem speaks of.
    """

    check: Check
    cause: int
    score: float
    spoken_of: float = 0.0
    under: str = ""


@dataclass(frozen=True)
class _Candidate:
    check: Check
    words: str
    title: str
    term: str
    under: str = ""


@dataclass(frozen=True)
class Found:
    """The measures of a plan, best first, and for each cause (by its place) the one that speaks to it best."""

    measures: list[Measure]
    backing: dict[int, Backing]


class MeasureFinder:
    """Finds measures in one knowledge base; the checks of a section are compiled once."""

    def __init__(self, knowledge: KnowledgeBase, searcher: HybridSearcher) -> None:
        self._knowledge = knowledge
        self._searcher = searcher
        self._compiled: dict[tuple[str, str], dict[str, list[Check]]] = {}
        self._parts: dict[str, dict[str, Part]] = {}
        # Where several documents are known, the title of the one that is about the problem speaks for its clauses.
        known = knowledge.documents()
        self._titles = {one.id: one.title if len(known) > 1 else "" for one in known}
        self._blocks: dict[tuple[str, str], Block] = {}
        self._section_of: dict[tuple[str, str], str] = {}
        # Asking the searcher for its index asks the catalogue for its generation: once a plan, not once a word.
        self._segmenter = searcher.index.segmenter
        self._cut: dict[str, list[str]] = {}

    def find(self, problem: str, suspected: Sequence[Suspicion], *, filter: Filter | None = None) -> Found:  # noqa: A002
        """Return the measures against each of ``suspected`` (one search a cause); each clause once."""
        whole = self._scores(problem, filter, told=True)
        sections = Counter({place: WHOLE * score**SURE for place, score in self._by_section(whole).items()})
        found: list[Measure] = []
        for number, one in enumerate(suspected):
            scores = self._scores(one.ask, filter, told=one.told)
            found.extend(self._against(number, one.ask, problem, whole, scores))
            sections.update({place: one.share * score**SURE for place, score in self._by_section(scores).items()})
        best = max(sections.values(), default=1.0)
        found = [
            replace(one, score=round(one.score + WEIGHT_SECTION * (sections[_section(one)] / best) ** (1 / SURE), 4))
            for one in found
        ]
        tops = [max((m.score for m in found if m.cause == number), default=0.0) for number in range(len(suspected))]
        chosen = self._spoken(_chosen(found, tops, [one.share for one in suspected]), problem, suspected)
        return Found(chosen, self._backing(chosen, found, suspected))

    def _backing(
        self, chosen: Sequence[Measure], found: Sequence[Measure], causes: Sequence[Suspicion]
    ) -> dict[int, Backing]:
        """Return for each cause the chosen clause that speaks of it, no clause for two causes."""
        places = {_place(measure) for measure in chosen}
        best = max((measure.score for measure in chosen), default=0.0)
        backing: dict[int, Backing] = {}
        taken: set[tuple[str, str]] = set()
        for measure in sorted(found, key=lambda one: -one.score):
            place = _place(measure)
            if measure.cause in backing or place in taken or place not in places or measure.score < NEAR_PLAN * best:
                continue
            citation = measure.check.citation
            if self._backs(measure, causes[measure.cause]):
                names = self._names(causes[measure.cause].text)
                backing[measure.cause] = Backing(citation, self._reason(citation, names))
                taken.add(place)
        return backing

    def _backs(self, measure: Measure, cause: Suspicion) -> bool:
        """Say whether a clause speaks of two things of a cause, or of a third of it; of half where it is somebody's own words."""
        own = [word for word in dict.fromkeys(self._words(fold(cause.text))) if word not in _NO_SUBJECT | _SAYS_LITTLE]
        known = self._searcher.synonyms.expand(cause.text)
        text = fold(f"{measure.under} {measure.check.action} {measure.check.citation.quote}")
        spoken = sum(any(name in text for name in (word, *known.get(word, ()))) for word in own)
        return spoken >= min(2, max(1, len(own) / (2 if cause.basis == "user" else 3)))

    def _spoken(self, chosen: list[Measure], problem: str, suspected: Sequence[Suspicion]) -> list[Measure]:
        """Return ``chosen`` without those far down that speak neither of their cause nor of the problem, if enough stay."""
        told = self._names(problem)
        names = [told | self._names(one.text) for one in suspected]
        silent = [one for one in chosen[FIRST:] if not any(name in _words_of(one) for name in names[one.cause])]
        dropped = sorted(silent, key=lambda one: one.score)[: max(0, len(chosen) - ENOUGH_SPOKEN)]
        return [one for one in chosen if one not in dropped]

    def _names(self, cause: str) -> frozenset[str]:
        """Return what a cause speaks of, each also by its other names."""
        own = {word for word in self._words(fold(cause)) if word not in _NO_SUBJECT and word not in _SAYS_LITTLE}
        known = self._searcher.synonyms.expand(cause)
        return frozenset(own.union(*(names for word, names in known.items() if word not in _NO_SUBJECT)))

    def _reason(self, citation: Citation, names: frozenset[str]) -> Citation | None:
        """Return the sentence of the clause's section that says why, where it speaks of the cause."""
        for block in self._knowledge.section(citation.document, citation.section).blocks:
            for part in pieces(block.text):
                told = fold(part.text)
                new = part.text not in citation.quote and citation.quote not in part.text
                if new and len(part.text) <= LONGEST_REASON and _gives_reason(told) and any(n in told for n in names):
                    return replace(citation, clause=block.clause, quote=part.text, repaired=block.repaired)
        return None

    def about(self, problem: str, measures: Sequence[Measure]) -> list[Measure]:
        """Return those of ``measures`` that name two things the problem names itself, or the only one."""
        own = [word for word in self._words(fold(problem)) if word not in _NO_SUBJECT]
        kept = []
        for measure in measures:
            citation = measure.check.citation
            said = fold(" ".join((*citation.path, measure.check.action, citation.quote)))
            if own and sum(word in said for word in own) >= min(2, len(own)):
                kept.append(measure)
        return kept

    def candidates(self, ask: str, *, filter: Filter | None = None) -> list[Measure]:  # noqa: A002
        """Return what fits one question, best first, without choosing."""
        found = self._against(0, ask, "", {}, self._scores(ask, filter))
        return sorted(found, key=lambda measure: -measure.score)

    def _by_section(self, scores: Mapping[tuple[str, str], float]) -> Counter[tuple[str, str]]:
        """Return the best score in each section, by document and number."""
        best: Counter[tuple[str, str]] = Counter()
        for (document, clause), score in scores.items():
            place = (document, self._section_of[document, clause])
            best[place] = max(best[place], score)  # type: ignore[assignment]
        return best

    def _against(
        self,
        number: int,
        ask: str,
        problem: str,
        whole: Mapping[tuple[str, str], float],
        scores: Mapping[tuple[str, str], float],
    ) -> list[Measure]:
        words = self._words(fold(ask))
        asked = fold(f"{problem} {ask}")
        measures = []
        for place, score in scores.items():
            candidate = self._candidate(*place)
            if candidate is None:
                continue
            own = self._own_document(candidate, asked)
            text, title = fold(candidate.words), fold(f"{own} {candidate.title}")
            cover = sum(word in text or word in title for word in words) / max(len(words), 1)
            titled = sum(word in title for word in words) / max(len(words), 1)
            # A section about something the problem never speaks of (服务创新… for a complaint) is the wrong place.
            names = (candidate.check.citation.title, candidate.term, candidate.under, own)
            subject = max(self._spoken_of(name, asked) for name in names)
            fit = (
                WEIGHT_CAUSE * score
                + WEIGHT_COVER * cover
                + WEIGHT_TITLE * titled
                + WEIGHT_PROBLEM * whole.get(place, 0.0)
                + WEIGHT_SUBJECT * subject
            )
            measures.append(Measure(candidate.check, number, round(fit, 4), subject, candidate.under))
        return measures

    def _own_document(self, candidate: _Candidate, asked: str) -> str:
        """Return the title of the clause's document where that is an SOP about what is asked."""
        title = self._titles[candidate.check.citation.document]
        return title if is_work_instruction(title) and self._spoken_of(title, asked) >= OWN_SUBJECT else ""

    def _spoken_of(self, name: str, asked: str) -> float:
        """Return the share of what ``name`` is about that the problem speaks of."""
        own = [word for word in self._words(fold(name)) if word not in _NO_SUBJECT]
        return sum(word in asked for word in own) / len(own) if own else 0.0

    def _words(self, text: str) -> list[str]:
        if text not in self._cut:
            self._cut[text] = [word for word in content_words(self._segmenter.cut(text)) if len(word) > 1]
        return self._cut[text]

    def _scores(
        self,
        query: str,
        filter: Filter | None,  # noqa: A002
        *,
        told: bool = False,
    ) -> dict[tuple[str, str], float]:
        """Return the best score of each clause found, by document and clause; ``told``: somebody's own sentence."""
        prepared = self._searcher.prepare(query) if told else self._prepared(query)
        hits = self._searcher.search_prepared(prepared, limit=HITS, filter=filter)
        scores: dict[tuple[str, str], float] = {}
        for hit in hits:
            for clause in hit.chunk.clauses:
                key = (hit.document, clause)
                scores[key] = max(scores.get(key, 0.0), hit.score)
                self._section_of[key] = hit.chunk.section
            self._compile(hit.document, hit.chunk.section)
        return scores

    def _prepared(self, text: str) -> Query:
        """Return key words as a query: not mended like something typed, nor turned like a question, for it is neither."""
        vector = np.asarray(self._knowledge.embeddings.embed_query(text), dtype=np.float32)
        return prepare(text, index=self._searcher.index, synonyms=self._searcher.synonyms, vector=vector)

    def _candidate(self, document: str, clause: str) -> _Candidate | None:
        by_clause = self._compiled[document, self._section_of[document, clause]]
        checks = by_clause.get(clause, ())
        if not checks:
            return None
        check = next((one for one in checks if not one.red_line), checks[0])
        words = " ".join(" ".join((one.action, one.standard or "", one.citation.quote)) for one in checks)
        # A nested item says little without the one it stands under (客户旅程地图 > 取材：至少访谈8位客户).
        above = self._blocks.get((document, clause.rpartition(".")[0])) if "-t" not in clause else None
        told = f"{words} {above.text}" if above else words
        return _Candidate(check, told, " ".join(check.citation.path), lead_of(check), above.term if above else "")

    def _compile(self, document: str, number: str) -> None:
        if (document, number) in self._compiled:
            return
        section = self._knowledge.section(document, number)
        blocks = {block.clause: block for block in section.blocks if block.kind in ("item", "paragraph")}
        self._blocks.update({(document, clause): block for clause, block in blocks.items() if block.kind == "item"})
        leads = {clause.rpartition(".")[0] for clause in blocks}
        if document not in self._parts:
            parts = document_parts(self._knowledge.find_document(document), self._knowledge.sections(document))
            self._parts[document] = {part.section.number: part for part in parts}
        by_clause: dict[str, list[Check]] = {}
        if nature_of(section) not in ("terms", "background", "records", "metrics"):
            for part in section_checks(self._parts[document][number]):
                check = in_whole(part, blocks)
                if does_something(check, leads=check.citation.clause in leads):
                    by_clause.setdefault(check.citation.clause, []).append(check)
        self._compiled[document, number] = by_clause


def _chosen(found: Sequence[Measure], tops: Sequence[float], shares: Sequence[float]) -> list[Measure]:
    """Return the best measures, each clause once: every cause its share, and a section less each time it is drawn on.

    ``tops`` holds the best score of each cause, ``shares`` its share of the problem.
    """
    best = max(tops, default=0.0)
    every: dict[tuple[str, str], Measure] = {}
    for measure in sorted(found, key=lambda one: -one.score):
        every.setdefault((measure.check.citation.document, measure.check.citation.clause), measure)
    near = [one for one in every.values() if one.score >= max(NEAR_CAUSE * tops[one.cause], NEAR_PLAN * best)]
    taken: list[Measure] = []
    of_section: Counter[tuple[str, str]] = Counter()
    of_cause: Counter[int] = Counter()
    while near and len(taken) < A_PLAN:
        measure = max(near, key=lambda one: one.score * SAME_SECTION ** of_section[_section(one)])
        near.remove(measure)
        if of_cause[measure.cause] >= _most(shares[measure.cause]) or of_section[_section(measure)] >= A_SECTION:
            continue
        if any(says_again(measure.check, one.check) for one in taken):
            continue
        taken.append(measure)
        of_section[_section(measure)] += 1
        of_cause[measure.cause] += 1
    for measure in every.values():
        if len(of_section) >= SECTIONS or measure.score < NEAR_ENOUGH * best:
            break
        if measure.spoken_of and _section(measure) not in of_section:
            taken.append(measure)
            of_section[_section(measure)] += 1
    return taken


def _most(share: float) -> int:
    """Return how many measures a cause of a share gets at most."""
    return A_CAUSE - (share < LOW) - (share < LOWEST)


def _gives_reason(text: str) -> bool:
    """Say whether a sentence says why, and does not only name an instance (流程风险：如设计不合理导致…)."""
    return bool(_REASON.search(text)) and not re.search(r"(?:^|[：:])如(?!果|何)|例如", text)


def _words_of(measure: Measure) -> str:
    citation = measure.check.citation
    return fold(" ".join((citation.title, measure.under, measure.check.action, citation.quote)))


def _place(measure: Measure) -> tuple[str, str]:
    return (measure.check.citation.document, measure.check.citation.clause)


def _section(measure: Measure) -> tuple[str, str]:
    return (measure.check.citation.document, measure.check.citation.section)
