"""Work that goes on, for programs: templates and runs of checklists, kept plans and their actions, in JSON.

What ``shouce runs`` and ``shouce plans`` do, behind the HTTP API. Knows sessions and JSON; nothing of HTTP.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.checklist.photos import read_photo
from assistant.checklist.runs import ChecklistRuns
from assistant.drafts import DraftBook
from assistant.plan.tracking import PlanBook, links
from kb.records.checklists import TickRow
from ui.work_forms import (
    difference_json,
    due_json,
    followed_json,
    plan_row_json,
    run_json,
    template_json,
)

if TYPE_CHECKING:
    from ui.session import Session

Json = dict[str, Any]


def templates(session: Session) -> Json:
    """Return the templates, each with those of its clauses that have changed."""
    kept = ChecklistRuns(session.knowledge)
    return {"templates": [template_json(row, kept.stale(row)) for row in kept.rows.templates()]}


def keep_template(session: Session, draft: str, repeat: str, by: str) -> Json:
    """Keep a drafted checklist, as it was made, as a template.

    Raises:
        NotThere: there is no such draft.
        EntryInvalid: an unknown repetition.
    """
    book, kept = DraftBook(session.knowledge), ChecklistRuns(session.knowledge)
    made, asked = book.checklist(draft), book.row(draft, "checklist").asked
    row = kept.kept_as(made, asked["wanted"], document=asked["document"], repeat=repeat, by=by)
    return template_json(row, kept.stale(row))


def due(session: Session, day: date | None) -> Json:
    """Return what is due on a day, today where none is named."""
    kept = ChecklistRuns(session.knowledge)
    return {"due": [due_json(one, kept.stale(one.template)) for one in kept.due(day or date.today())]}


def start(session: Session, template: str, day: date | None, fields: dict[str, str]) -> Json:
    """Begin a run of a template.

    Raises:
        NotThere: there is no such template.
    """
    return run_json(ChecklistRuns(session.knowledge).start(template, day=day or date.today(), **fields))


def runs(session: Session, template: str, limit: int) -> Json:
    """Return runs, latest first, without their lines."""
    kept = ChecklistRuns(session.knowledge)
    found = [run_json(kept.run(row.id)) for row in kept.rows.runs(template=template)[:limit]]
    return {"runs": [{name: value for name, value in one.items() if name != "lines"} for one in found]}


def run(session: Session, key: str) -> Json:
    """Return a run with its lines.

    Raises:
        NotThere: there is none of that id.
    """
    return run_json(ChecklistRuns(session.knowledge).run(key))


def tick(session: Session, key: str, number: int, fields: dict[str, str]) -> Json:
    """Enter something on a line of a run.

    Raises:
        NotThere: there is no such run.
        EntryInvalid: the entry does not do for the line.
    """
    said = {name: value.strip() for name, value in fields.items()}
    entry = TickRow(
        number,
        said["result"],
        said["value"],
        said["note"],
        said["photo"],
        said["signed"],
        said["assigned"],
        said["by"],
    )
    return run_json(ChecklistRuns(session.knowledge).tick(key, entry))


def photograph(session: Session, key: str, number: int, content: bytes, by: str) -> Json:
    """Keep a picture as the proof of a line of a run.

    Raises:
        NotThere: there is no such run.
        EntryInvalid: there is no such line, the run is closed, or it is no picture that is taken.
    """
    return run_json(ChecklistRuns(session.knowledge).photograph(key, number, content, by=by.strip()))


def picture(session: Session, key: str, name: str) -> tuple[bytes, str]:
    """Return a picture of a run and its media type.

    Raises:
        NotThere: the run has no such picture.
    """
    return read_photo(session.settings.home, key, name)


def finish(session: Session, key: str, incomplete: bool) -> Json:
    """Close a run, and say what failed.

    Raises:
        NotThere: there is no such run.
        EntryInvalid: lines are open and ``incomplete`` is not allowed.
    """
    kept = ChecklistRuns(session.knowledge)
    closed = kept.finish(key, incomplete=incomplete)
    return {**run_json(closed), "problem": kept.problem(key) or None}


def plans(session: Session) -> Json:
    """Return the kept plans and how far each is."""
    book, today = PlanBook(session.knowledge), date.today()
    return {"plans": [plan_row_json(row, book.follow(row.id, today)) for row in book.rows.latest()]}


def keep_plan(session: Session, draft: str, key: str, by: str) -> Json:
    """Keep a drafted plan, as it was made, as a new one or as the next version of the one with ``key``.

    Raises:
        NotThere: there is no such draft or plan.
    """
    book, row = PlanBook(session.knowledge), DraftBook(session.knowledge).row(draft, "plan")
    return plan(session, book.keep({**row.made, "asked": row.asked}, by=by, key=key).id)


def plan(session: Session, key: str) -> Json:
    """Return a kept plan's actions with their states.

    Raises:
        NotThere: there is none of that id.
    """
    book = PlanBook(session.knowledge)
    row, followed = book.rows.plan(key), book.follow(key, date.today())
    told = {**plan_row_json(row, followed), "actions": followed_json(followed), "links": links(row.plan)}
    return {**told, "total": len(followed)}


def enter(session: Session, key: str, action: str, fields: dict[str, str]) -> Json:
    """Enter the state of an action.

    Raises:
        NotThere: there is no such plan.
        EntryInvalid: an unknown action or state.
    """
    PlanBook(session.knowledge).enter(key, action, fields["state"], note=fields["note"], by=fields["by"])
    return plan(session, key)


def changes(session: Session, key: str, before: int, after: int) -> Json:
    """Return how two versions of a plan differ.

    Raises:
        NotThere: there is no such plan or version.
    """
    return difference_json(PlanBook(session.knowledge).compare(key, before, after))
