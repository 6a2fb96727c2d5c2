"""Templates, runs, plans and their progress as JSON, the same on the command line and over HTTP. Computes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.checklist.runs import Due, Run
    from assistant.plan.tracking import Difference, Followed
    from kb.records.checklists import TemplateRow
    from kb.records.plans import PlanRow

Json = dict[str, Any]


def template_json(row: TemplateRow, stale: Sequence[str]) -> Json:
    """Return a template without its lines; ``stale`` are those of its clauses that have changed."""
    return {
        "id": row.id,
        "version": row.version,
        "title": row.title,
        "items": len(row.checklist["items"]),
        "repeat": row.repeat,
        "stale": list(stale),
        "made_by": row.made_by,
        "made_at": row.made_at,
    }


def due_json(one: Due, stale: Sequence[str]) -> Json:
    """Return a template that has to be run, with the run already begun."""
    return {"template": template_json(one.template, stale), "run": one.run.id if one.run else None}


def run_json(run: Run) -> Json:
    """Return a run with its lines as they stand."""
    return {
        "id": run.row.id,
        "template": run.row.template,
        "version": run.row.version,
        "name": run.row.name,
        "place": run.row.place,
        "shift": run.row.shift,
        "day": run.row.day,
        "assigned": run.row.assigned,
        "finished_at": run.row.finished_at or None,
        "done": run.done,
        "total": len(run.lines),
        "failed": [line.check.number for line in run.failed],
        "lines": [
            {
                "number": line.check.number,
                "action": line.check.action,
                "clause": line.check.citation.clause,
                "method": line.check.method,
                "limits": line.check.limits.words if line.check.limits else None,
                "red_line": line.check.red_line,
                "result": line.result or None,
                "value": line.value or None,
                "note": line.note or None,
                "photo": line.photo or None,
                "signed": line.signed or None,
                "assigned": line.assigned or None,
                "by": line.person or None,
                "entries": len(line.history),
            }
            for line in run.lines
        ],
    }


def plan_row_json(row: PlanRow, followed: Sequence[Followed]) -> Json:
    """Return a kept plan without its parts, and how far it is."""
    return {
        "id": row.id,
        "version": row.version,
        "title": row.title,
        "made_by": row.made_by,
        "made_at": row.made_at,
        "actions": len(followed),
        "done": sum(one.state in ("done", "dropped") for one in followed),
        "late": sum(one.late for one in followed),
    }


def followed_json(followed: Sequence[Followed]) -> list[Json]:
    """Return the actions of a plan with their states."""
    return [
        {
            **one.action,
            "phase": one.phase,
            "state": one.state,
            "note": one.note,
            "by": one.person or None,
            "late": one.late,
        }
        for one in followed
    ]


def difference_json(found: Difference) -> Json:
    """Return how two versions of a plan differ."""
    changed = [{"id": i, "what": what, "before": old, "after": new} for i, what, old, new in found.changed]
    return {"added": list(found.added), "removed": list(found.removed), "changed": changed}
