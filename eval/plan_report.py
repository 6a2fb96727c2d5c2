"""Do different problems get different plans, and do the measures fit? (``python -m eval.plan_report --home H --key manual``).

Each of twelve problems has its sections graded by a reader (3 the heart of it, 2 good, 1 marginal) before any plan was
made. Measured on whole plans, as a reader meets them:

- overlap: clause-backed measures two plans share ÷ the smaller of the two; the worst pair counts;
- relevance: nDCG@5 over the sections of a plan's measures, each section once, in the order of the plan (gain 2^grade - 1).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.plan.make import PlanRequest, make_plan
from eval.command import run
from kb.errors import NotThere
from kb.model import Citation

if TYPE_CHECKING:
    from assistant.plan.model import Plan
    from kb.knowledge import KnowledgeBase
    from kb.search import HybridSearcher

DATASET = Path(__file__).parent / "datasets" / "plan_problems.jsonl"
START = date(2026, 12, 1)
DEPTH = 5
Place = tuple[str, str]


@dataclass(frozen=True)
class Problem:
    """One problem with the grades of its sections, by document title (``""`` for the only one) and number."""

    id: str
    text: str
    grades: Mapping[Place, int]


@dataclass(frozen=True)
class Result:
    """What one plan scores."""

    id: str
    measures: int
    ndcg: float
    order: tuple[Place, ...]
    clauses: frozenset[Place]


def read_problems(path: Path, key: str) -> list[Problem]:
    """Return the problems with the grades for the corpus ``key`` (``manual`` or ``sample``)."""
    problems = []
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        graded: dict[Place, int] = {}
        for name, value in entry[key].items():
            if isinstance(value, dict):
                graded.update({(name, number): grade for number, grade in value.items()})
            else:
                graded["", name] = value
        problems.append(Problem(entry["id"], entry["problem"], graded))
    return problems


def ndcg(order: Sequence[Place], grades: Mapping[Place, int], depth: int = DEPTH) -> float:
    """Return nDCG over the first ``depth`` places with gain 2^grade - 1 (Burges et al. 2005)."""
    found = sum((2 ** grades.get(place, 0) - 1) / math.log2(at + 2) for at, place in enumerate(order[:depth]))
    best = sorted(grades.values(), reverse=True)[:depth]
    ideal = sum((2**grade - 1) / math.log2(at + 2) for at, grade in enumerate(best))
    return found / ideal if ideal else 0.0


def judge(problem: Problem, plan: Plan) -> Result:
    """Return what ``plan`` scores on its problem."""
    backed = [action.citation for action in plan.actions if action.citation is not None]
    order = tuple(dict.fromkeys(_place(one, plan, problem.grades) for one in backed))
    clauses = frozenset((one.document, one.clause) for one in backed)
    return Result(problem.id, len(clauses), ndcg(order, problem.grades), order, clauses)


def _result(knowledge: KnowledgeBase, searcher: HybridSearcher, problem: Problem) -> Result:
    """Return what the plan for a problem scores; no plan at all is one without measures."""
    try:
        return judge(problem, make_plan(knowledge, searcher, PlanRequest(problem.text, start=START)))
    except NotThere:
        return Result(problem.id, 0, 0.0, (), frozenset())


def _place(citation: Citation, plan: Plan, grades: Mapping[Place, int]) -> Place:
    """Return the graded section a citation is in: itself, or the nearest one above it that has a grade."""
    title = plan.titles[citation.document] if any(name for name, _ in grades) else ""
    number = citation.section
    while (title, number) not in grades and "." in number:
        number = number.rpartition(".")[0]
    return (title, number if (title, number) in grades else citation.section)


def worst_overlap(results: Sequence[Result]) -> tuple[float, str]:
    """Return the largest share of measures that two plans have in common, and which two."""
    pairs = [
        (len(one.clauses & other.clauses) / max(min(len(one.clauses), len(other.clauses)), 1), f"{one.id} · {other.id}")
        for one, other in combinations(results, 2)
    ]
    return max(pairs, default=(0.0, ""))


def score(knowledge: KnowledgeBase, searcher: HybridSearcher, problems: Sequence[Problem]) -> dict[str, Any]:
    """Return the report over all problems."""
    results = [_result(knowledge, searcher, one) for one in problems]
    overlap, pair = worst_overlap(results)
    return {
        "problems": len(results),
        "ndcg@5": round(sum(one.ndcg for one in results) / max(len(results), 1), 4),
        "ndcg@5_worst": round(min((one.ndcg for one in results), default=0.0), 4),
        "fewest_measures": min((one.measures for one in results), default=0),
        "worst_overlap": round(overlap, 4),
        "worst_pair": pair,
        "plans": [
            {
                "id": one.id,
                "measures": one.measures,
                "ndcg@5": round(one.ndcg, 4),
                "sections": [f"{title} {number}".strip() for title, number in one.order],
            }
            for one in results
        ],
    }


def main(
    home: Annotated[Path, typer.Option("--home", help="载入了手册的数据目录")],
    key: Annotated[str, typer.Option("--key", help="manual（真实手册）或 sample（自带样例）")] = "sample",
    dataset: Annotated[Path, typer.Option("--dataset", help="问题和标注，每行一个 JSON")] = DATASET,
) -> None:
    """量一量改进方案：不同的问题是不是给出不同的方案，措施对不对题。"""  # noqa: D400, D415
    from kb.knowledge import KnowledgeBase
    from kb.search import HybridSearcher
    from kb.settings import load_settings

    knowledge = KnowledgeBase.open(load_settings(home))
    report = score(knowledge, HybridSearcher(knowledge), read_problems(dataset, key))
    typer.echo(json.dumps(report, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    run(partial(typer.run, main))
