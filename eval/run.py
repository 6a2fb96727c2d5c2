"""A run: every case of a dataset asked of a knowledge base, judged, and summed up. Knows the public surface only."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from eval import metrics
from eval.dataset import Case
from kb.search import unique_sections

if TYPE_CHECKING:
    from assistant.ask import Assistant
    from kb.knowledge import KnowledgeBase
    from kb.model import Answer
    from kb.search import HybridSearcher

DEPTH = 50


@dataclass(frozen=True, slots=True)
class Judged:
    """One case with what came out. Ranking and answer metrics are None where they do not apply."""

    id: str
    type: str
    question: str
    answerable: bool
    status: str
    hit1: float | None
    hit5: float | None
    mrr: float | None
    ndcg: float | None
    facts: float | None
    cited: float | None
    quotes: float
    characters: int
    milliseconds: float
    found: tuple[str, ...]
    answer: str

    @property
    def failed(self) -> bool:
        """Say whether a person should look at this case."""
        if not self.answerable:
            return self.status in {"answered", "partial"}
        return self.status not in {"answered", "partial"} or self.hit1 != 1 or self.facts != 1 or self.cited == 0


class Runner:
    """Asks the cases of a dataset."""

    def __init__(self, knowledge: KnowledgeBase, searcher: HybridSearcher, assistant: Assistant) -> None:
        self._knowledge = knowledge
        self._searcher = searcher
        self._assistant = assistant
        self._titles = {document.id: document.title for document in knowledge.documents()}

    def judge(self, case: Case) -> Judged:
        """Return one case asked and judged."""
        answer = self._assistant.ask(case.question)
        sections = unique_sections(self._searcher.search(case.question, limit=DEPTH))
        relevant = [self._is_gold(document, number, case) for document, number in sections]
        asked = case.answerable
        return Judged(
            id=case.id,
            type=case.type,
            question=case.question,
            answerable=asked,
            status=answer.status,
            hit1=metrics.hit_at(relevant, 1) if asked else None,
            hit5=metrics.hit_at(relevant, 5) if asked else None,
            mrr=metrics.reciprocal_rank(relevant) if asked else None,
            ndcg=metrics.ndcg(relevant, self._relevant_sections(case)) if asked else None,
            facts=metrics.facts(answer, case) if asked else None,
            cited=self._cited(answer, case) if asked else None,
            quotes=self._quotes(answer),
            characters=len(answer.text),
            milliseconds=answer.timings.get("total", 0.0),
            found=tuple(f"{self._titles[d]} {number}" for d, number in sections[:5]),
            answer=answer.text,
        )

    def run(self, cases: Iterable[Case], *, progress: Callable[[int], None] | None = None) -> list[Judged]:
        """Return every case judged, in order."""
        judged: list[Judged] = []
        for number, case in enumerate(cases, 1):
            judged.append(self.judge(case))
            if progress:
                progress(number)
        return judged

    def _right_document(self, document: str, case: Case) -> bool:
        return not case.document or case.document in {document, self._titles[document]}

    def _is_gold(self, document: str, number: str, case: Case) -> bool:
        return self._right_document(document, case) and metrics.is_gold(self._lineage(document, number), case)

    def _lineage(self, document: str, number: str) -> list[str]:
        """Return ``number`` and the numbers of the sections above it."""
        lineage: list[str] = []
        while number:
            lineage.append(number)
            number = self._knowledge.section(document, number).parent
        return lineage

    def _relevant_sections(self, case: Case) -> int:
        return sum(
            bool(section.blocks) and self._is_gold(document, section.number, case)
            for document in self._titles
            for section in self._knowledge.sections(document)
        )

    def _cited(self, answer: Answer, case: Case) -> float:
        """Return the share of citations that lead to a gold section; 0 for an answer without citation."""
        right = [self._is_gold(citation.document, citation.section, case) for citation in answer.citations]
        return sum(right) / len(right) if right else 0.0

    def _quotes(self, answer: Answer) -> float:
        """Return the share of citations whose quote stands verbatim in the text that ``show`` prints for their section."""
        if not answer.citations:
            return 1.0
        stands = [
            "".join(c.quote.split()) in "".join(self._knowledge.section_text(c.document, c.section).split())
            for c in answer.citations
        ]
        return sum(stands) / len(stands)


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(sum(known) / len(known), 4) if known else None


def summary(dataset: str, judged: Sequence[Judged]) -> dict[str, Any]:
    """Return the run as ``shouce eval --json`` prints it."""
    answerable = [one for one in judged if one.answerable]
    unanswerable = [one for one in judged if not one.answerable]
    replied = [one for one in answerable if one.status in {"answered", "partial"}]
    times = sorted(one.milliseconds for one in judged) or [0.0]
    lengths = sorted(one.characters for one in judged) or [0]
    values = {
        "hit@1": _mean(one.hit1 for one in judged),
        "hit@5": _mean(one.hit5 for one in judged),
        "mrr@10": _mean(one.mrr for one in judged),
        "ndcg@10": _mean(one.ndcg for one in judged),
        "facts": _mean(one.facts for one in judged),
        "answered": _mean(float(one.status in {"answered", "partial"}) for one in answerable),
        "refused": _mean(float(one.status not in {"answered", "partial"}) for one in unanswerable),
        "cited": _mean(float((one.cited or 0) > 0) for one in replied),
        "citation_precision": _mean(one.cited for one in replied),
        "citation_valid": _mean(one.quotes for one in judged),
        "characters_p50": statistics.median(lengths),
        "characters_p95": lengths[int(0.95 * (len(lengths) - 1))],
        "latency_p50_ms": round(statistics.median(times), 2),
        "latency_p95_ms": round(times[int(0.95 * (len(times) - 1))], 2),
    }
    failures = [asdict(one) for one in judged if one.failed]
    return {"dataset": dataset, "cases": len(judged), "metrics": values, "failures": failures}
