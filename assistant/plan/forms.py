"""A plan as JSON, with the keys of the command contract, and as plain text for a terminal. Knows no files."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from assistant.filled import filled_json
from assistant.plan.model import Action, Basis, Evidence, Goal, Plan, Said
from kb.model import Citation

Json = dict[str, Any]
# The contract knows two: what stands in a clause, and what does not; "source" tells what was said and what was computed.
_SOURCES: dict[Basis, str] = {
    "clause": "clause",
    "data": "data",
    "user": "user",
    "assumption": "suggestion",
    "person": "person",
}


def plan_json(plan: Plan) -> Json:
    """Return the plan with the contract's keys; ``basis`` is ``clause`` or ``assumption``, ``source`` tells more."""
    return {
        "title": plan.title,
        "framework": plan.framework,
        "problem": {
            name: getattr(plan.problem, name) for name in plan.problem.__dataclass_fields__ if name != "suspected"
        }
        | {"suspected": list(plan.problem.suspected)},
        "situation": [_said(one) for one in plan.situation],
        "gap": [_said(one) for one in plan.gap],
        "causes": [
            {
                "cause": one.text,
                "branch": one.branch,
                **_basis("clause" if one.citation else one.basis, one.citation),
                "suspected_by": _SOURCES[one.basis],
                "whys": [_said(why) for why in one.whys],
            }
            for one in plan.causes
        ],
        "goals": [_goal(one) for one in plan.goals],
        "phases": [
            {
                "name": phase.name,
                "text": [_said(one) for one in phase.text],
                "actions": [_action(one) for one in phase.actions],
            }
            for phase in plan.phases
        ],
        "resources": [{"resource": one.name, **_basis(one.basis, one.citation)} for one in plan.resources],
        "milestones": [{"name": one.name, "date": one.on.isoformat(), "review": one.review} for one in plan.milestones],
        "kpis": [
            {
                "name": one.name,
                "formula": one.formula,
                "formula_basis": one.formula_basis,
                "data_source": one.source,
                "goal": one.goal,
                "owner": one.owner,
                **_basis(one.basis, one.citation),
            }
            for one in plan.indicators
        ],
        "risks": [
            {"risk": one.risk, "response": one.response, **_basis(one.basis, one.citation)} for one in plan.risks
        ],
        "questions": list(plan.questions),
        "data": evidence_json(plan.evidence) if plan.evidence else None,
        "documents": [{"document": one.document, "title": one.title, "version": one.version} for one in plan.sources],
        "notes": list(plan.notes),
        **({"filled": filled_json(plan.filled)} if plan.filled else {}),
        **({"draft": plan.draft} if plan.draft else {}),
    }


def evidence_json(evidence: Evidence) -> Json:
    """Return the figures of an uploaded table: all that is kept of it."""
    return {
        "file": evidence.file,
        "rows": evidence.rows,
        "trend_name": evidence.trend_name,
        "trend": [{"period": one.period, "value": one.value} for one in evidence.trend],
        "pareto_name": evidence.pareto_name,
        "pareto": [{"name": one.name, "count": one.count, "cumulated": one.cumulated} for one in evidence.pareto],
        "sentences": list(evidence.sentences),
        "unit": evidence.unit,
    }


def actions_of(plan: Json) -> Iterator[tuple[str, Json]]:
    """Yield phase and action of a plan's JSON."""
    for phase in plan["phases"]:
        for action in phase["actions"]:
            yield phase["name"], action


def key_of(action: Json) -> str:
    """Return what an action is known by from version to version."""
    citation = action["citation"]
    told = f"{citation['document']}|{citation['clause']}" if citation else str(action["action"])
    return sha256(told.encode("utf-8")).hexdigest()[:16]


def citation_json(citation: Citation | None) -> Json | None:
    """Return a citation as the contract has it everywhere."""
    if citation is None:
        return None
    return {
        "document": citation.document,
        "section": citation.section,
        "title": citation.title,
        "path": list(citation.path),
        "clause": citation.clause,
        "quote": citation.quote,
        "repaired": citation.repaired,
    }


def _basis(basis: Basis, citation: Citation | None) -> Json:
    backed = basis == "clause" and citation is not None
    return {
        "basis": "clause" if backed else "assumption",
        "source": _SOURCES[basis],
        "citation": citation_json(citation) if backed else None,
    }


def _said(one: Said) -> Json:
    return {"text": one.text, **_basis(one.basis, one.citation)}


def _goal(goal: Goal) -> Json:
    return {
        "goal": goal.text,
        "metric": goal.metric,
        "value": goal.value,
        "by": goal.by.isoformat() if goal.by else None,
        "smart": goal.smart,
        "missing": list(goal.missing),
        "source": _SOURCES[goal.basis],
    }


def _action(action: Action) -> Json:
    return {
        "id": action.id,
        "action": action.action,
        "owner": action.owner,
        "start": action.start.isoformat(),
        "end": action.end.isoformat(),
        "deliverable": action.deliverable,
        "deadline": action.deadline,
        "standard": action.standard,
        "cause": action.cause,
        "after": list(action.after),
        **_basis(action.basis, action.citation),
    }
