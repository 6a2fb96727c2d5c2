"""The causes of a plan: what the problem names, what the data shows, what usually lies behind such a problem.

Every cause is a suspicion until somebody looks; where a clause asks for what would prevent it, the clause stands beside
it as what to check against.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.plan.kinds import Kind, kind_of, kinds
from assistant.plan.measures import Measure
from assistant.plan.model import Basis, Cause, Evidence, Problem, Said

FROM_PROBLEM, FROM_DATA = "问题描述", "数据"
SUSPECTED, SHOWN, SECOND = 3, 2, 2


@dataclass(frozen=True)
class Suspicion:
    """A cause before any clause is known: its words, its branch, what it rests on and what it is searched by."""

    text: str
    branch: str
    basis: Basis
    ask: str


def suspicions(problem: Problem, evidence: Evidence | None) -> list[Suspicion]:
    """Return the causes to look into, the manager's own first."""
    kind = kinds()[problem.kind]
    found = [Suspicion(one, FROM_PROBLEM, "user", f"{one} {kind.title}") for one in problem.suspected[:SUSPECTED]]
    told = "".join(problem.suspected)
    for share in evidence.pareto[:SHOWN] if evidence else ():
        if share.name not in told and share.name != "其他":
            found.append(
                Suspicion(f"{share.name}（{share.count:g} 件）", FROM_DATA, "data", f"{share.name} {kind.title}")
            )
    found.extend(_usual(kind, problem))
    second = kind_of(problem.metric or "")
    if problem.metric and second not in (problem.kind, "general"):
        found.extend(_usual(kinds()[second], problem)[:SECOND])
    return found


def _usual(kind: Kind, problem: Problem) -> list[Suspicion]:
    subject = _subject(problem) if kind.name == "general" else ""
    return [
        Suspicion(f"{subject}{cause.text}", cause.branch, "assumption", f"{subject} {cause.ask}".strip())
        for cause in kind.causes
    ]


def _subject(problem: Problem) -> str:
    """Return what a problem of no known sort is about: its figure, its product, else its first words."""
    return problem.metric or problem.product or problem.text.split("，")[0][:12]


def with_clauses(found: Sequence[Suspicion], backing: Mapping[int, Measure], problem: Problem) -> list[Cause]:
    """Return the causes, each with the clause that asks for what would prevent it, where there is one."""
    causes: list[Cause] = []
    for number, one in enumerate(found):
        best = backing.get(number)
        cause = Cause(one.text, one.branch, one.basis, query=one.ask)
        what = problem.metric or "问题"
        first = Said(f"为什么{what}会这样？可能因为{one.text}", one.basis)
        if best:
            citation = best.check.citation
            asked = Said(f"对照手册：要求“{citation.quote}”，现场是否做到", "clause", citation)
            last = Said(f"为什么没有做到？请{best.check.role or '责任岗'}核实后填写", "assumption")
            cause = replace(cause, citation=citation, whys=(first, asked, last))
        else:
            cause = replace(
                cause, whys=(first, Said("手册里没有找到针对这一点的要求，为什么会发生需要现场核实", "assumption"))
            )
        causes.append(cause)
    return causes
