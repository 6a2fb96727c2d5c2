"""The shapes of an improvement plan. Knows no way to make or write one.

Everything that is said has a *basis*: ``clause`` (a checked quote stands behind it), ``data`` (computed from the uploaded
file), ``user`` (said in the problem), ``person`` (written into an open place) or ``assumption`` (a suggestion to be
confirmed). A field nobody stated is None.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from assistant.filled import Filling
from assistant.sources import SourceVersion
from kb.model import Citation

Framework = Literal["pdca", "5w2h", "a3", "8d"]
FRAMEWORKS: tuple[Framework, ...] = ("pdca", "5w2h", "a3", "8d")
FRAMEWORK_WORDS: dict[Framework, str] = {"pdca": "PDCA", "5w2h": "5W2H", "a3": "A3", "8d": "8D"}
Basis = Literal["clause", "data", "user", "assumption", "person"]
BASIS_WORDS: dict[Basis, str] = {
    "clause": "手册依据",
    "data": "数据",
    "user": "问题描述",
    "assumption": "建议，待确认",
    "person": "人工填写",
}
STATES = {"open": "未开始", "doing": "进行中", "done": "已完成", "dropped": "已取消"}
TO_FILL = "待填"


@dataclass(frozen=True)
class Problem:
    """A problem as it was told: what fell or rose, from what to what, when, where, for which product, suspected why.

    ``kind`` names the sort of problem it reads like (``complaints``, ``turnover`` …), ``general`` where none fits. Figures
    are kept as written (``92%``).
    """

    text: str
    kind: str
    metric: str | None = None
    baseline: str | None = None
    present: str | None = None
    target: str | None = None
    change: str | None = None
    period: str | None = None
    place: str | None = None
    product: str | None = None
    suspected: tuple[str, ...] = ()


@dataclass(frozen=True)
class Said:
    """One statement with what it rests on; ``citation`` is set where that is a clause."""

    text: str
    basis: Basis
    citation: Citation | None = None


@dataclass(frozen=True)
class Cause:
    """One branch of the fishbone: ``branch`` (人员, 流程 …), the cause, and the whys that lead on from it."""

    text: str
    branch: str
    basis: Basis
    citation: Citation | None = None
    whys: tuple[Said, ...] = ()
    query: str = ""


@dataclass(frozen=True)
class Goal:
    """A goal and what of SMART it has: ``missing`` names what the manager still has to fill in."""

    text: str
    basis: Basis
    metric: str | None = None
    value: str | None = None
    by: date | None = None
    missing: tuple[str, ...] = ()

    @property
    def smart(self) -> bool:
        """Say whether nothing is missing."""
        return not self.missing


@dataclass(frozen=True)
class Action:
    """One action with its dates (both included); ``after`` holds the ids of those it waits for.

    ``deadline`` is the time limit of the clause, as written; ``score`` how well the clause fits (0 for an assumption).
    """

    id: str
    action: str
    basis: Basis
    start: date
    end: date
    owner: str | None = None
    deliverable: str | None = None
    citation: Citation | None = None
    cause: str | None = None
    after: tuple[str, ...] = ()
    deadline: str | None = None
    standard: str | None = None
    score: float = 0.0


@dataclass(frozen=True)
class Phase:
    """One step of the framework; ``text`` holds what is said there, ``actions`` what is done."""

    name: str
    text: tuple[Said, ...] = ()
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True)
class Indicator:
    """A figure by which success is seen. ``formula`` and ``source`` are None where nobody states them."""

    name: str
    basis: Basis
    formula: str | None = None
    formula_basis: Basis | None = None
    source: str | None = None
    goal: str | None = None
    owner: str | None = None
    citation: Citation | None = None


@dataclass(frozen=True)
class Risk:
    """What could go wrong with the plan, and what is done against it."""

    risk: str
    response: str
    basis: Basis
    citation: Citation | None = None


@dataclass(frozen=True)
class Milestone:
    """A day on which the plan is looked at, and what is looked at."""

    name: str
    on: date
    review: str


@dataclass(frozen=True)
class Resource:
    """Somebody or something the plan needs."""

    name: str
    basis: Basis
    citation: Citation | None = None


@dataclass(frozen=True)
class Point:
    """One point of a trend: its period (``2026-07``) and value."""

    period: str
    value: float


@dataclass(frozen=True)
class Share:
    """One bar of a Pareto chart: how many, and the cumulated share (0..1) up to it."""

    name: str
    count: float
    cumulated: float


@dataclass(frozen=True)
class Evidence:
    """What was computed from an uploaded file: its name, rows, a trend (in ``unit``) and a Pareto, and their sentences."""

    file: str
    rows: int
    trend_name: str = ""
    trend: tuple[Point, ...] = ()
    pareto_name: str = ""
    pareto: tuple[Share, ...] = ()
    sentences: tuple[str, ...] = ()
    unit: str = ""


@dataclass(frozen=True)
class Progress:
    """What became of an action: its state as people read it (已完成), the day it was entered, a note, by whom."""

    state: str
    on: str = ""
    note: str = ""
    person: str = ""


@dataclass(frozen=True)
class Plan:
    """A whole plan. ``situation`` says how things stand, ``gap`` what is missing to the goal.

    ``sources`` are the documents it was drafted from, ``since`` says what has become of them since; ``draft`` is the id under
    which it is kept as it was made, ``progress`` by action what has become of it, ``filled`` by place what a person wrote.
    """

    title: str
    framework: Framework
    problem: Problem
    situation: tuple[Said, ...]
    gap: tuple[Said, ...]
    causes: tuple[Cause, ...]
    goals: tuple[Goal, ...]
    phases: tuple[Phase, ...]
    resources: tuple[Resource, ...]
    indicators: tuple[Indicator, ...]
    risks: tuple[Risk, ...]
    milestones: tuple[Milestone, ...]
    questions: tuple[str, ...]
    evidence: Evidence | None = None
    notes: tuple[str, ...] = ()
    titles: dict[str, str] = field(default_factory=dict)
    sources: tuple[SourceVersion, ...] = ()
    since: str = ""
    draft: str = ""
    progress: Mapping[str, Progress] = field(default_factory=dict)
    filled: Filling = field(default_factory=dict)

    @property
    def actions(self) -> tuple[Action, ...]:
        """All actions, phase by phase."""
        return tuple(action for phase in self.phases for action in phase.actions)

    @property
    def citations(self) -> Iterator[Citation]:
        """Every clause that is cited, in the order of the plan's parts."""
        said = [*self.situation, *self.gap, *(why for cause in self.causes for why in cause.whys)]
        said += [one for phase in self.phases for one in phase.text]
        for part in (said, self.causes, self.actions, self.resources, self.indicators, self.risks):
            yield from (one.citation for one in part if one.citation)

    @property
    def measures(self) -> tuple[Action, ...]:
        """The actions that stand in the manual, best first."""
        backed = [action for action in self.actions if action.basis == "clause"]
        return tuple(sorted(backed, key=lambda action: -action.score))
