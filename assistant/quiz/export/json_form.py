"""Papers as JSON, with the keys of the command contract, and back.

``answer`` is a list of keys for choices, true or false, a list of accepted strings for blanks, a list of required points
for open items. Beside it stand what those forms leave out: ``blanks`` (the accepted strings of each blank), ``scenario``,
``points_required`` (with keywords), ``pattern``, ``tags``. ``stem`` of a case begins with its story, to be readable alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.quiz.export.wording import CHOICES, sourced
from assistant.quiz.model import Change, Paper, Question
from kb.model import Citation

Json = dict[str, Any]


def render(papers: Sequence[Paper], _titles: Mapping[str, str]) -> bytes:
    """Return the papers as one indented JSON object."""
    return (json.dumps(papers_json(papers), ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")


def papers_json(papers: Sequence[Paper]) -> Json:
    """Return one paper's object; of several the first one's, with all of them under ``papers``."""
    if not papers:
        return {"title": "", "questions": []}
    first = paper_json(papers[0])
    return first if len(papers) == 1 else {**first, "papers": [paper_json(paper) for paper in papers]}


def paper_json(paper: Paper) -> Json:
    """Return one paper with the keys of the contract, its seed, its marks and what was turned down on the way."""
    return {
        "title": paper.title,
        "questions": [question_json(question) for question in paper.questions],
        "points": _marks(paper.points),
        "seed": paper.seed,
        "rejected": [
            {"type": one.question.type, "stem": one.question.stem, "check": one.check, "reason": one.reason}
            for one in paper.rejected
        ],
    }


def question_json(question: Question) -> Json:
    """Return one item with the keys of the contract."""
    return {
        "id": question.id,
        "type": question.type,
        "stem": f"{question.scenario}\n{question.stem}" if question.scenario else question.stem,
        "options": [{"key": option.key, "text": option.text} for option in question.options],
        "answer": answer(question),
        "explanation": question.explanation,
        "points": _marks(question.points),
        "difficulty": question.difficulty,
        "bloom": question.bloom,
        "citation": citation_json(question.citation) if sourced(question.citation) or question.citation.quote else None,
        "scenario": question.scenario or None,
        "blanks": [list(blank.accepted) for blank in question.blanks],
        "points_required": [
            {"text": point.text, "keywords": list(point.keywords)} for point in question.points_required
        ],
        "pattern": question.pattern,
        "tags": list(question.tags),
        "change": change_json(question.change),
        "asks": question.asks,
    }


def answer(question: Question) -> bool | list[str]:
    """Return the answer in the form its type has in the contract."""
    if question.type in CHOICES:
        return list(question.right)
    if question.type == "true_false":
        return bool(question.truth)
    if question.type == "cloze":
        return [accepted for blank in question.blanks for accepted in blank.accepted]
    return [point.text for point in question.points_required]


def change_json(change: Change | None) -> Json | None:
    """Return what makes a false statement false."""
    return None if change is None else {"kind": change.kind, "written": change.written, "original": change.original}


def citation_json(citation: Citation) -> Json:
    """Return a citation as every command prints it."""
    return {
        "document": citation.document,
        "section": citation.section,
        "title": citation.title,
        "path": list(citation.path),
        "clause": citation.clause,
        "quote": citation.quote,
        "repaired": citation.repaired,
    }


def _marks(value: float) -> float:
    """Return whole marks as a whole number."""
    return int(value) if float(value).is_integer() else value
