"""How complete and how honest checklists are, against obligations a person has labelled (``python -m eval.checklist_report``).

A gold line names a document, a clause and what it is: ``step``, ``obligation``, ``prohibition``, or ``optional`` (a row
or rule that may be listed and need not). ``words``, where given, single out one of several orders of a clause.

- recall: gold lines that are listed, all their parts between commas: a check cites the clause, says the words, and is a
  red line where it is a prohibition;
- precision: checks that speak of a labelled order (optional included) and whose quote stands verbatim in its section.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.checklist.choose import whole_document
from assistant.checklist.compile import compile_checklist
from assistant.checklist.model import Check, Checklist
from assistant.verify import quote_stands, squeeze
from eval.command import run

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase

DATASET = Path(__file__).parent / "datasets" / "checklist_sample.jsonl"


@dataclass(frozen=True)
class Label:
    """One line of the gold file."""

    document: str
    clause: str
    kind: str
    words: str = ""


@dataclass
class Score:
    """Counts over documents; ``missed`` and ``wrong`` say what to look at."""

    gold: int = 0
    found: int = 0
    listed: int = 0
    right: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Share of labelled obligations that are listed."""
        return self.found / self.gold if self.gold else 0.0

    @property
    def precision(self) -> float:
        """Share of listed lines that are labelled and verbatim."""
        return self.right / self.listed if self.listed else 0.0


def read_labels(path: Path) -> list[Label]:
    """Return the gold lines of a file, one JSON object a line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Label(**json.loads(line)) for line in lines if line.strip()]


def judge(labels: Sequence[Label], checklist: Checklist, texts: dict[str, str], score: Score) -> None:
    """Add one document's checklist to ``score``; ``texts`` are its sections' own texts by number."""
    for label in labels:
        if label.kind == "optional":
            continue
        score.gold += 1
        if all(any(_says(check, part) for check in checklist.checks) for part in _parts(label)):
            score.found += 1
        else:
            score.missed.append(f"《{label.document}》{label.clause} {label.kind} {label.words}".strip())
    for check in checklist.checks:
        score.listed += 1
        of_clause = [label for label in labels if label.clause == check.citation.clause]
        stands = quote_stands(check.citation, texts[check.citation.section])
        if stands and any(_shares(check, part) for label in of_clause for part in (label, *_parts(label))):
            score.right += 1
        else:
            score.wrong.append(f"《{labels[0].document}》{check.citation.clause} {check.action}")


def _parts(label: Label) -> list[Label]:
    """Return a label for each part between its commas: what one person marks as one order may be listed as two."""
    return [replace(label, words=words) for words in re.split("[，,]", label.words)]


def _says(check: Check, label: Label) -> bool:
    if check.citation.clause != label.clause or (label.kind == "prohibition" and not check.red_line):
        return False
    said = (check.action, check.condition, check.standard, check.role, check.deadline, check.frequency, check.evidence)
    joined = squeeze("".join(part or "" for part in said))
    words = squeeze(label.words)
    return not words or words in joined or (label.kind != "prohibition" and words in squeeze(check.citation.quote))


def _shares(check: Check, label: Label) -> bool:
    """Say whether a check and a label of its clause speak of the same order."""
    words, quote = squeeze(label.words), squeeze(check.citation.quote)
    return not words or words in quote or words in squeeze(check.action) or quote in words


def score_knowledge(knowledge: KnowledgeBase, labels: Sequence[Label]) -> Score:
    """Return the score over all labelled documents of ``knowledge``."""
    score = Score()
    for title in dict.fromkeys(label.document for label in labels):
        document = knowledge.find_document(title)
        parts = whole_document(knowledge, document)
        checklist = compile_checklist(title, parts)
        texts = {section.number: section.body for section in knowledge.sections(document.id)}
        judge([label for label in labels if label.document == title], checklist, texts, score)
    return score


def report(score: Score) -> dict[str, Any]:
    """Return the score as JSON."""
    return {
        "gold": score.gold,
        "found": score.found,
        "recall": round(score.recall, 4),
        "listed": score.listed,
        "right": score.right,
        "precision": round(score.precision, 4),
        "missed": score.missed,
        "wrong": score.wrong,
    }


def main(
    home: Annotated[Path | None, typer.Option("--home", help="载入了这些文件的数据目录")] = None,
    dataset: Annotated[Path, typer.Option("--dataset", help="标注，每行一个 JSON")] = DATASET,
    marked: Annotated[
        Path | None, typer.Option("--marked", help="改量这个文件夹里标注在正文中的作业文件（tools/work_instructions）")
    ] = None,
    gate: Annotated[float, typer.Option("--gate", help="召回或准确低于它则退出码为 1")] = 0.0,
) -> None:
    """量一量检查表：该列的列全了没有，列出的有没有依据。"""  # noqa: D400, D415
    from eval.marked_checks import score_marked
    from kb.knowledge import KnowledgeBase
    from kb.settings import load_settings

    if marked:
        score = score_marked(marked)
    elif home:
        score = score_knowledge(KnowledgeBase.open(load_settings(home=home)), read_labels(dataset))
    else:
        raise typer.BadParameter("请给出 --home 或 --marked")
    typer.echo(json.dumps(report(score), ensure_ascii=False, indent=1))
    if min(score.recall, score.precision) < gate:
        raise typer.Exit(1)


if __name__ == "__main__":
    run(partial(typer.run, main))
