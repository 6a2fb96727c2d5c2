"""The causes of a plan: what the problem names, what the data shows, what usually lies behind such a problem.

Every cause is a suspicion until somebody looks; where a clause asks for what would prevent it, the clause stands beside
it as what to check against.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.plan.kinds import Kind, kind_of, kinds
from assistant.plan.model import Basis, Cause, Evidence, Problem, Said
from kb.model import Citation

FROM_PROBLEM, FROM_DATA = "问题描述", "数据"
SUSPECTED, SHOWN, SECOND = 3, 2, 2


@dataclass(frozen=True)
class Suspicion:
    """A cause before any clause is known: its words, its branch, what it rests on, what it is searched by, where to look."""

    text: str
    branch: str
    basis: Basis
    ask: str
    look: str


@dataclass(frozen=True)
class Backing:
    """The clause that asks for what would prevent a cause, and where the manual says why, that sentence."""

    demand: Citation
    reason: Citation | None = None


def suspicions(problem: Problem, evidence: Evidence | None) -> list[Suspicion]:
    """Return the causes to look into, the manager's own first."""
    kind = kinds()[problem.kind]
    found = [
        Suspicion(one, FROM_PROBLEM, "user", f"{one} {kind.title}", f"找 10 个“{one}”的实例，记下时间、地点和经手岗位")
        for one in problem.suspected[:SUSPECTED]
    ]
    told = "".join(problem.suspected)
    for share in evidence.pareto[:SHOWN] if evidence else ():
        if share.name not in told and share.name != "其他":
            look = f"把这 {share.count:g} 件按时间和地点再拆一次，看集中在哪里"
            words = f"{share.name}（{share.count:g} 件）"
            found.append(Suspicion(words, FROM_DATA, "data", f"{share.name} {kind.title}", look))
    found.extend(_usual(kind, problem))
    second = kind_of(problem.metric or "")
    if problem.metric and second not in (problem.kind, "general"):
        found.extend(_usual(kinds()[second], problem)[:SECOND])
    return found


def _usual(kind: Kind, problem: Problem) -> list[Suspicion]:
    subject = _subject(problem) if kind.name == "general" else ""
    return [
        Suspicion(f"{subject}{cause.text}", cause.branch, "assumption", f"{subject} {cause.ask}".strip(), cause.look)
        for cause in kind.causes
    ]


def _subject(problem: Problem) -> str:
    """Return what a problem of no known sort is about: its figure, its product, else its first words."""
    return problem.metric or problem.product or problem.text.split("，")[0][:12]


def with_clauses(found: Sequence[Suspicion], backing: Mapping[int, Backing]) -> list[Cause]:
    """Return the causes, each with the clause that asks for what would prevent it, where there is one.

    What leads on from a cause is what the manual demands, what it says of the why, and where to look; nothing where
    nothing is known.
    """
    causes: list[Cause] = []
    for number, one in enumerate(found):
        best = backing.get(number)
        whys: list[Said] = []
        if best:
            whys.append(Said(f"手册要求：“{best.demand.quote}”", "clause", best.demand))
        if best and best.reason:
            whys.append(Said(f"手册说明：“{best.reason.quote}”", "clause", best.reason))
        whys.append(Said(f"先核实：{one.look}", "assumption"))
        citation = best.demand if best else None
        causes.append(Cause(one.text, one.branch, one.basis, citation, tuple(whys), one.ask))
    return causes
