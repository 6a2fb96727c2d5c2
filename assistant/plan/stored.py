"""Plans as they are kept, the JSON of the command contract, back in their shapes: what was made is what is exported.

The inverse of ``assistant.plan.forms.plan_json``; older rows lack what was added since.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from assistant.filled import filled_of
from assistant.plan.causes import FROM_DATA, FROM_PROBLEM
from assistant.plan.model import (
    Action,
    Basis,
    Cause,
    Evidence,
    Goal,
    Indicator,
    Milestone,
    Phase,
    Plan,
    Point,
    Problem,
    Progress,
    Resource,
    Risk,
    Said,
    Share,
)
from assistant.sources import SourceVersion, citation_of
from kb.model import Citation

Json = Mapping[str, Any]
_BASES: dict[str, Basis] = {"clause": "clause", "data": "data", "user": "user", "suggestion": "assumption"}


def plan_of(
    stored: Json,
    *,
    draft: str = "",
    titles: Mapping[str, str] | None = None,
    progress: Mapping[str, Progress] | None = None,
) -> Plan:
    """Return a stored plan.

    Args:
        stored: its JSON.
        draft: the id it is kept under.
        titles: of documents, for plans that were kept before theirs were kept with them.
        progress: what became of its actions, by their ids.
    """
    sources = tuple(
        SourceVersion(one["document"], one["title"], one["version"]) for one in stored.get("documents") or ()
    )
    problem = {**stored["problem"], "suspected": tuple(stored["problem"].get("suspected") or ())}
    return Plan(
        title=stored["title"],
        framework=stored["framework"],
        problem=Problem(**problem),
        situation=_all_said(stored["situation"]),
        gap=_all_said(stored["gap"]),
        causes=tuple(_cause(one) for one in stored["causes"]),
        goals=tuple(_goal(one) for one in stored["goals"]),
        phases=tuple(
            Phase(one["name"], _all_said(one["text"]), tuple(_action(action) for action in one["actions"]))
            for one in stored["phases"]
        ),
        resources=tuple(Resource(one["resource"], _basis(one), _cited(one)) for one in stored["resources"]),
        indicators=tuple(_indicator(one) for one in stored["kpis"]),
        risks=tuple(Risk(one["risk"], one["response"], _basis(one), _cited(one)) for one in stored["risks"]),
        milestones=tuple(
            Milestone(one["name"], date.fromisoformat(one["date"]), one["review"]) for one in stored["milestones"]
        ),
        questions=tuple(stored["questions"]),
        evidence=evidence_of(stored["data"]) if stored.get("data") else None,
        notes=tuple(stored["notes"]),
        titles={**(titles or {}), **{one.document: one.title for one in sources}},
        sources=sources,
        draft=draft,
        progress=progress or {},
        filled=filled_of(stored.get("filled")),
    )


def evidence_of(stored: Json) -> Evidence:
    """Return the figures of an uploaded table: what is kept of it, and enough to draft from again."""
    return Evidence(
        file=stored["file"],
        rows=stored["rows"],
        trend_name=stored["trend_name"],
        trend=tuple(Point(one["period"], one["value"]) for one in stored["trend"]),
        pareto_name=stored["pareto_name"],
        pareto=tuple(Share(one["name"], one["count"], one["cumulated"]) for one in stored["pareto"]),
        sentences=tuple(stored["sentences"]),
        unit=stored.get("unit", ""),
    )


def _cited(one: Json) -> Citation | None:
    return citation_of(one["citation"]) if one.get("citation") else None


def _basis(one: Json) -> Basis:
    return _BASES.get(str(one.get("source")), "assumption")


def _all_said(stored: list[Json]) -> tuple[Said, ...]:
    return tuple(Said(one["text"], _basis(one), _cited(one)) for one in stored)


def _cause(one: Json) -> Cause:
    told: dict[str, Basis] = {FROM_PROBLEM: "user", FROM_DATA: "data"}  # of rows that do not say who suspected it
    suspected_by = _BASES.get(str(one.get("suspected_by")), told.get(one["branch"], "assumption"))
    return Cause(one["cause"], one["branch"], suspected_by, _cited(one), _all_said(one["whys"]))


def _goal(one: Json) -> Goal:
    by = date.fromisoformat(one["by"]) if one.get("by") else None
    return Goal(one["goal"], _basis(one), one["metric"], one["value"], by, tuple(one["missing"]))


def _action(one: Json) -> Action:
    return Action(
        id=one["id"],
        action=one["action"],
        basis=_basis(one),
        start=date.fromisoformat(one["start"]),
        end=date.fromisoformat(one["end"]),
        owner=one["owner"],
        deliverable=one["deliverable"],
        citation=_cited(one),
        cause=one["cause"],
        after=tuple(one["after"]),
        deadline=one["deadline"],
        standard=one["standard"],
    )


def _indicator(one: Json) -> Indicator:
    return Indicator(
        name=one["name"],
        basis=_basis(one),
        formula=one["formula"],
        formula_basis=one["formula_basis"],
        source=one["data_source"],
        goal=one["goal"],
        owner=one["owner"],
        citation=_cited(one),
    )
