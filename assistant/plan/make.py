"""Make: a problem told in a sentence becomes a whole plan. The one door for the command, the page and the API."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.plan.around import questions, resources, risks
from assistant.plan.causes import suspicions, told_parts, why_chain, with_clauses, worth_looking
from assistant.plan.dates import working_day
from assistant.plan.evidence import read_evidence
from assistant.plan.figures import gap, goals, indicators, situation, with_data
from assistant.plan.frameworks import Material, phases
from assistant.plan.kinds import GENERAL, kinds, kinds_of
from assistant.plan.likeness import likely_causes, likely_kind
from assistant.plan.measures import MeasureFinder
from assistant.plan.model import FRAMEWORK_WORDS, FRAMEWORKS, Evidence, Framework, Plan
from assistant.plan.problem import told_by, understand_problem, wanted_by, with_form
from assistant.plan.schedule import SUGGESTED, milestones, schedule
from assistant.sources import sources_of
from assistant.verify import quote_stands
from kb.errors import EntryInvalid, NotThere
from kb.fold import fold

if TYPE_CHECKING:
    from assistant.plan.likeness import Likely
    from assistant.plan.measures import Measure
    from kb.knowledge import KnowledgeBase
    from kb.search import Filter, HybridSearcher

# Clause-backed measures from which on a plan is worth drafting.
FEWEST = 1
# Share of the causes near a problem from which on their sort says more than the first sort that its words name, unless that
# has such a share itself.
CLEAR, HELD = 0.5, 0.3


@dataclass(frozen=True)
class PlanRequest:
    """What a plan is asked for with; ``start`` is today where it is None, ``fields`` what a form says (``FORM_FIELDS``).

    ``data`` is a table to be read, ``evidence`` the figures of one that was read before.
    """

    problem: str
    framework: Framework = "pdca"
    start: date | None = None
    data: Path | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    evidence: Evidence | None = None


def framework_of(name: str) -> Framework:
    """Return the framework of that name, in any case.

    Raises:
        EntryInvalid: there is none; the message lists those there are.
    """
    wanted = name.strip().lower()
    found = next((one for one in FRAMEWORKS if one == wanted), None)
    if found is None:
        raise EntryInvalid(f"不认识的方法“{name}”，可以用：{'、'.join(FRAMEWORKS)}")
    return found


def make_plan(
    knowledge: KnowledgeBase,
    searcher: HybridSearcher,
    request: PlanRequest,
    *,
    filter: Filter | None = None,  # noqa: A002
) -> Plan:
    """Return a plan for a problem.

    Raises:
        EntryInvalid: no problem is told.
        NotThere: nothing in the knowledge base speaks to it.
        NothingIndexed: the knowledge base is empty.
        SourceUnreadable: the data cannot be read.
    """
    text = told_by(request.fields, request.problem) if request.fields else request.problem
    if sum(character.isalnum() for character in text) < 2:
        raise EntryInvalid("请写下要改进的问题，例如：客户满意度从92%降到85%，投诉集中在响应慢")
    evidence = read_evidence(request.data) if request.data else request.evidence
    problem = with_form(understand_problem(text), request.fields)
    told = "，".join(told_parts(problem.text))
    named = kinds_of(told)
    near = likely_causes(told, knowledge.embeddings, named)
    problem = replace(problem, kind=_sort(named, near))
    suspected = suspicions(problem, evidence, near)
    asks = [one.ask for one in suspected]
    finder = MeasureFinder(knowledge, searcher)
    found = finder.find(problem.text, suspected, filter=filter)
    measures = _standing(knowledge, found.measures)
    if problem.kind == GENERAL and not near:  # nothing tells what such a problem is about but its own words
        measures = finder.about(problem.text, measures)
    if len(measures) < FEWEST:
        raise NotThere(f"手册和 SOP 里没有能用来改进“{problem.text[:40]}”的条款，请先载入相关的手册或 SOP")
    causes = worth_looking(suspected, with_clauses(suspected, found.backing), {one.cause for one in measures})
    start = working_day(request.start or date.today())
    shown = with_data(problem, evidence)
    letter = "M" if request.framework == "8d" else "D"  # D1 to D8 are the steps there
    work = schedule(shown, suspected, causes, measures, start, letter=letter)
    figures = indicators(knowledge, shown, asks)
    wanted = goals(shown, figures, wanted_by(problem.text, start) or work.end)
    days = milestones(work)
    material = Material(
        problem,
        tuple(situation(problem, evidence)),
        tuple(gap(shown, "user" if shown is problem else "data")),
        tuple(causes),
        tuple(why_chain(causes)),
        tuple(wanted),
        tuple(figures),
        tuple(days),
        work,
    )
    made = Plan(
        title=f"{_subject(shown.metric, problem.kind)}改进方案（{FRAMEWORK_WORDS[request.framework]}）",
        framework=request.framework,
        problem=shown,
        situation=material.situation,
        gap=material.gap,
        causes=material.causes,
        goals=material.goals,
        phases=phases(request.framework, material),
        resources=tuple(resources(work.measures)),
        indicators=material.indicators,
        risks=tuple(risks(finder, shown, work, filter=filter)),
        milestones=material.milestones,
        questions=tuple(questions(shown, wanted, evidence, work.end)),
        evidence=evidence,
        notes=(SUGGESTED, "标“建议，待确认”的内容手册没有写，请核实后再采用"),
        titles={document.id: document.title for document in knowledge.documents()},
    )
    return replace(made, sources=sources_of(knowledge, made.citations))


def _sort(named: Sequence[str], near: Sequence[Likely]) -> str:
    """Return the sort of a problem: the first that its words name, unless the causes it reads like are of another."""
    shares: defaultdict[str, float] = defaultdict(float)
    for one in near:
        shares[one.kind] += one.share
    first = next(iter(named), "")
    kind, share = max(shares.items(), key=lambda one: one[1], default=(GENERAL, 0.0))
    return kind if share >= CLEAR and shares[first] < HELD else first or likely_kind(near)


def _subject(metric: str | None, kind: str) -> str:
    title = kinds()[kind].title
    if not metric:
        return title
    return metric if kind == "general" or fold(title)[:2] in fold(metric) else f"{metric}（{title}）"


def _standing(knowledge: KnowledgeBase, measures: list[Measure]) -> list[Measure]:
    """Return the measures whose quotes stand verbatim in their sections: nothing else may call itself backed."""
    return [
        measure
        for measure in measures
        if quote_stands(
            measure.check.citation,
            knowledge.section(measure.check.citation.document, measure.check.citation.section).body,
        )
    ]
