"""A run as ragas reads it: question, answer, contexts and ground truth, one case a line.

Each value stands under the names of ragas 0.4 (``user_input``, ``response``, ``retrieved_contexts``, ``reference``) and
under those that older versions and other tools use. ``EvaluationDataset.from_jsonl(FILE)`` takes the file as it is. Its
judge metrics need a chat model: ``eval/ragas_judge.py``. Knows judged cases only.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.judged import Judged
from kb.errors import SourceUnreadable
from kb.home import reason_of

NOTHING = "手册里没有写到这个问题。"
# What ragas' own metrics read of a row.
COLUMNS = ("user_input", "response", "retrieved_contexts", "reference")


def ragas_row(one: Judged, facts: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Return one case; its ground truth is what a right answer must say: its facts, or that the source says nothing."""
    contexts = [found.text for found in one.found]
    truth = "；".join(" 或 ".join(group) for group in facts) if one.answerable else NOTHING
    return {
        "id": one.id,
        "user_input": one.question,
        "response": one.answer,
        "retrieved_contexts": contexts,
        "reference": truth,
        "question": one.question,
        "answer": one.answer,
        "contexts": contexts,
        "ground_truth": truth,
    }


def export_ragas(path: Path, judged: Sequence[Judged], facts: dict[str, Sequence[Sequence[str]]]) -> None:
    """Write every case of a run; ``facts`` are the cases' own, by id.

    Raises:
        SourceUnreadable: the file cannot be written.
    """
    rows = (json.dumps(ragas_row(one, facts.get(one.id, ())), ensure_ascii=False) for one in judged)
    try:
        path.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    except OSError as error:
        raise SourceUnreadable(f"{path}：无法写出（{reason_of(error)}）") from error
