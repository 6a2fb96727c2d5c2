"""A run: every case of a dataset asked of a knowledge base and judged. Knows the public surface of the other parts only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eval import metrics, ranking
from eval.completeness import completeness
from eval.dataset import Case
from eval.decision import decide
from eval.gold import Gold
from eval.judged import ANSWERED, Judged, Retrieved
from kb.search import unique_sections

if TYPE_CHECKING:
    from assistant.ask import Assistant
    from kb.knowledge import KnowledgeBase
    from kb.model import Answer, Citation, Hit

DEPTH = 50
SHOWN = 10


@dataclass(frozen=True, slots=True)
class _Search:
    """What search found for a case: the sections in order, and the best hit of each."""

    sections: tuple[tuple[str, str], ...]
    best: dict[tuple[str, str], Hit]


class Runner:
    """Asks the cases of a dataset."""

    def __init__(self, knowledge: KnowledgeBase, assistant: Assistant) -> None:
        self._knowledge = knowledge
        self._assistant = assistant
        self._titles = {document.id: document.title for document in knowledge.documents()}
        self._gold = Gold(knowledge)

    def run(self, cases: Iterable[Case], *, progress: Callable[[int], None] | None = None) -> list[Judged]:
        """Return every case judged, in order."""
        judged: list[Judged] = []
        for number, case in enumerate(cases, 1):
            judged.append(self.judge(case))
            if progress:
                progress(number)
        return judged

    def homeless(self, cases: Iterable[Case]) -> list[Case]:
        """Return the answerable cases whose gold sections are not in the knowledge base: renumbered, or of another document."""
        return [case for case in cases if case.answerable and not self._gold.sections_of(case)]

    def judge(self, case: Case) -> Judged:
        """Return one case asked and judged."""
        answer = self._assistant.ask(case.question, record=False, before=case.before)
        alone = self._assistant.standalone((case.before, case.question)) if case.before else case.question
        decision = decide(self._assistant, alone)
        found = self._search(alone)
        best = [self._gold.is_gold(document, number, case) for document, number in decision.places]
        return Judged(
            id=case.id,
            type=case.type,
            question=case.question,
            answerable=case.answerable,
            status=answer.status,
            values=self._values(case, answer, found) if case.answerable else self._refusal(answer),
            place=self._place(case),
            # What the table of contents lists and the text lacks is told from the outline, not decided on evidence.
            probability=0.0 if answer.status == "missing_in_source" else decision.probability,
            right=case.answerable and any(best),
            characters=len(answer.text),
            milliseconds=answer.timings.get("total", 0.0),
            gold=tuple(f"{case.document} {number}".strip() for number in case.gold_sections),
            missing_facts=metrics.missing_facts(answer, case) if case.answerable else (),
            cited=tuple(dict.fromkeys(f"{self._titles[c.document]} {c.section} {c.title}" for c in answer.citations)),
            found=self._shown(case, found),
            answer=answer.text,
            source=case.source,
        )

    def _search(self, question: str) -> _Search:
        hits = self._assistant.search(question, limit=DEPTH)
        best: dict[tuple[str, str], Hit] = {}
        for hit in hits:
            best.setdefault((hit.document, hit.chunk.section), hit)
        return _Search(tuple(unique_sections(hits)), best)

    def _values(self, case: Case, answer: Answer, found: _Search) -> dict[str, float]:
        """Return the metrics of an answerable case, those that apply."""
        gold = self._gold.sections_of(case)
        leads = self._leads_to_gold(case)
        ranked = {"it": [_key(document, number) for document, number in found.sections]}
        relevant = {_key(document, section.number): 1 for document, section in gold}
        values = ranking.measure(ranked, {"it": relevant}).get("it") or dict.fromkeys(ranking.MEASURES, 0.0)
        replied = answer.status in ANSWERED
        return {
            **values,
            "answered": float(replied),
            "cited": float(any(leads(citation) for citation in answer.citations)),
            "facts": metrics.facts(answer, case),
            **_known(
                citation_precision=metrics.citation_precision(answer, leads) if replied else None,
                citation_recall=metrics.citation_recall(answer, case, leads),
                completeness=completeness(case, [section for _, section in gold], answer.text),
            ),
            "citation_valid": metrics.citation_valid(answer, self._section_text),
        }

    def _refusal(self, answer: Answer) -> dict[str, float]:
        valid = metrics.citation_valid(answer, self._section_text)
        return {"refused": float(answer.status not in ANSWERED), "citation_valid": valid}

    def _shown(self, case: Case, found: _Search) -> tuple[Retrieved, ...]:
        shown: list[Retrieved] = []
        for document, number in found.sections[:SHOWN]:
            hit = found.best[document, number]
            shown.append(
                Retrieved(
                    document=self._titles[document],
                    section=number,
                    title=self._knowledge.section(document, number).title,
                    score=round(hit.score, 4),
                    words=round(hit.words, 4),
                    vector=round(hit.vector, 4),
                    gold=self._gold.is_gold(document, number, case),
                    text=hit.chunk.text,
                )
            )
        return tuple(shown)

    def _place(self, case: Case) -> str:
        """Return the chapter that the case's first gold section stands in."""
        for number in case.gold_sections[:1]:
            chapter = number.partition(".")[0]
            return f"{case.document} {chapter}".strip()
        return ""

    def _leads_to_gold(self, case: Case) -> Callable[[Citation], bool]:
        return lambda citation: self._gold.is_gold(citation.document, citation.section, case)

    def _section_text(self, citation: Citation) -> str:
        return self._knowledge.section_text(citation.document, citation.section)


def _key(document: str, number: str) -> str:
    return f"{document} {number}"


def _known(**values: float | None) -> dict[str, float]:
    return {name: value for name, value in values.items() if value is not None}
