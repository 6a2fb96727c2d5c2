"""Metrics of single answers, each a number in 0..1. Knows an answer and what a case wants; not how it was produced.

Ranking has its own module (``ranking``), so have whole lists (``completeness``) and refusals (``refusal``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from eval.dataset import Case
from kb.fold import fold
from kb.model import Answer, Citation


def is_gold(lineage: Sequence[str], case: Case) -> bool:
    """Say whether a section is one of the case's gold sections, or stands under one.

    Args:
        lineage: the section's number and those of the sections above it; positional signs (``§``) do not count.
        case: the case.
    """
    gold = {number.lstrip("§") for number in case.gold_sections}
    return any(number.lstrip("§") in gold for number in lineage)


def missing_facts(answer: Answer, case: Case) -> tuple[str, ...]:
    """Return, of each fact group no string of which stands in the answer, all strings, script and width folded."""
    text = fold(answer.text)
    return tuple(" / ".join(group) for group in case.facts if not any(fold(fact) in text for fact in group))


def facts(answer: Answer, case: Case) -> float:
    """Return the share of fact groups that the answer's text holds."""
    return 1 - len(missing_facts(answer, case)) / len(case.facts) if case.facts else 1.0


def citation_precision(answer: Answer, leads_to_gold: Callable[[Citation], bool]) -> float:
    """Return the share of citations that lead to a gold section; 0 for an answer without citation."""
    right = [leads_to_gold(citation) for citation in answer.citations]
    return sum(right) / len(right) if right else 0.0


def citation_recall(answer: Answer, case: Case, leads_to_gold: Callable[[Citation], bool]) -> float | None:
    """Return the share of fact groups that stand in a quote from a gold section; None where the case names no fact.

    Facts in the answer's words alone do not count: what is not in a quote is not proven.
    """
    if not case.facts:
        return None
    quotes = fold("\n".join(citation.quote for citation in answer.citations if leads_to_gold(citation)))
    return sum(any(fold(fact) in quotes for fact in group) for group in case.facts) / len(case.facts)


def citation_valid(answer: Answer, section_text: Callable[[Citation], str]) -> float:
    """Return the share of citations whose quote stands verbatim, white space aside, in their section's text."""

    def stands() -> Iterator[bool]:
        for citation in answer.citations:
            yield "".join(citation.quote.split()) in "".join(section_text(citation).split())

    found = list(stands())
    return sum(found) / len(found) if found else 1.0
