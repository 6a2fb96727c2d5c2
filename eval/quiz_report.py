"""How much of a corpus becomes items, and whether they hold: ``python -m eval.quiz_report --home HOME``.

Drafts everything, checks everything, then makes papers: a hundred items of each type where the text carries them, and a
mixed paper of a hundred. Counts clauses that an accepted item cites, what each check turned down, what fails on the papers
when they are checked again, how often the commonest way of asking stands in them, and the seconds for twenty items.
Whether an item is a good one it cannot say; that takes a reader.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.quiz.check.every import failures, first_failure, paper_failures
from assistant.quiz.make import Order, QuizMaker
from assistant.quiz.model import QUESTION_TYPES, TYPE_WORDS, Question, QuestionType
from assistant.verify import squeeze
from eval.command import run

if TYPE_CHECKING:
    from assistant.quiz.material.read import Material
    from kb.knowledge import KnowledgeBase

PAPER = 100
SHORT = 20
SHORTEST_CLAUSE = 12
SEED = 1


@dataclass
class Report:
    """The numbers of one corpus; ``types`` by item type: drafted, accepted, on the paper of a hundred."""

    clauses: int = 0
    cited: int = 0
    drafted: int = 0
    accepted: int = 0
    types: dict[QuestionType, dict[str, int]] = field(default_factory=dict)
    turned_down: dict[str, int] = field(default_factory=dict)
    failing: int = 0
    paper_problems: list[str] = field(default_factory=list)
    commonest: dict[str, float] = field(default_factory=dict)
    seconds_twenty: float = 0.0

    @property
    def share_cited(self) -> float:
        """Share of the clauses long enough to ask about that an accepted item cites."""
        return self.cited / self.clauses if self.clauses else 0.0

    @property
    def share_accepted(self) -> float:
        """Share of the drafted items that pass every check."""
        return self.accepted / self.drafted if self.drafted else 0.0


def measure(knowledge: KnowledgeBase, *, seed: int = SEED) -> Report:
    """Return the report on everything ``knowledge`` holds."""
    report = Report()
    maker = QuizMaker(knowledge)
    material, pool = maker.everything(seed=seed)
    down: Counter[str] = Counter()
    accepted: list[Question] = []
    for question in pool:
        failed = first_failure(question, maker.sources)
        if failed:
            down[failed.check] += 1
        else:
            accepted.append(question)
    report.drafted, report.accepted = len(pool), len(accepted)
    report.turned_down = dict(down.most_common())
    report.clauses, report.cited = _coverage(material, accepted)
    drafted, good = Counter(one.type for one in pool), Counter(one.type for one in accepted)
    for type_ in QUESTION_TYPES:
        paper = maker.papers(Order(count=PAPER, types=(type_,), seed=seed))[0] if good[type_] else None
        questions = paper.questions if paper else ()
        report.types[type_] = {"drafted": drafted[type_], "accepted": good[type_], "paper": len(questions)}
        report.commonest[type_] = _commonest(questions)
        report.failing += sum(bool(failures(one, maker.sources)) for one in questions)
    mixed = maker.papers(Order(count=PAPER, seed=seed))[0].questions
    report.commonest["mixed"] = _commonest(mixed)
    report.failing += sum(bool(failures(one, maker.sources)) for one in mixed)
    report.paper_problems = paper_failures(mixed)
    started = time.perf_counter()
    maker.papers(Order(count=SHORT, seed=seed + 1))
    report.seconds_twenty = round(time.perf_counter() - started, 2)
    return report


def _commonest(questions: Sequence[Question]) -> float:
    """Return the share of the commonest way of asking."""
    if not questions:
        return 0.0
    return round(max(Counter(one.pattern for one in questions).values()) / len(questions), 3)


def _coverage(material: Material, accepted: Sequence[Question]) -> tuple[int, int]:
    """Return how many clauses could be asked about, and how many an accepted item cites."""
    quotes: dict[tuple[str, str], list[str]] = {}
    for one in accepted:
        quotes.setdefault((one.citation.document, one.citation.section), []).append(squeeze(one.citation.quote))
    total = cited = 0
    for place in material.places:
        own = quotes.get((place.document, place.section.number), [])
        for block in place.section.blocks:
            if len(block.text) < SHORTEST_CLAUSE:
                continue
            total += 1
            cited += any(squeeze(block.text) in quote for quote in own)
    return total, cited


def report_text(report: Report) -> str:
    """Return the report as lines of text."""
    lines = [
        f"clauses {report.clauses}, cited by an accepted item {report.cited} ({report.share_cited:.0%})",
        f"items drafted {report.drafted}, accepted {report.accepted} ({report.share_accepted:.0%})",
        *(
            f"  {TYPE_WORDS[type_]}: drafted {counts['drafted']}, accepted {counts['accepted']}, on a paper of {PAPER}: "
            f"{counts['paper']}, commonest way of asking {report.commonest[type_]:.0%}"
            for type_, counts in report.types.items()
        ),
        f"mixed paper of {PAPER}: commonest way of asking {report.commonest['mixed']:.0%}",
        f"items on these papers that fail a check: {report.failing}",
        f"twenty items: {report.seconds_twenty:.2f} s",
        f"turned down: {', '.join(f'{name} {count}' for name, count in report.turned_down.items()) or '–'}",
    ]
    return "\n".join([*lines, *(f"paper: {problem}" for problem in report.paper_problems)])


def main(
    home: Annotated[Path | None, typer.Option("--home", help="数据目录", show_default=False)] = None,
    seed: Annotated[int, typer.Option("--seed")] = SEED,
    json_: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """Measure the quizzes that a home's documents give."""
    from kb.knowledge import KnowledgeBase
    from kb.settings import load_settings

    with KnowledgeBase.open(load_settings(home)) as knowledge:
        report = measure(knowledge, seed=seed)
    fields: dict[str, Any] = {
        **vars(report),
        "share_cited": report.share_cited,
        "share_accepted": report.share_accepted,
    }
    typer.echo(json.dumps(fields, ensure_ascii=False, indent=2) if json_ else report_text(report))


if __name__ == "__main__":
    run(partial(typer.run, main))
