"""What is kept, as files: drafts, plans with their progress, templates, runs with what was found. Never drafted again.

One door for the page, the HTTP API and the command line. Knows sessions and formats; nothing of HTTP or a terminal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.drafts import DraftBook, checked, looked_up
from kb.errors import NotThere

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.checklist.model import Checklist
    from assistant.output import Formats
    from assistant.plan.model import Plan
    from kb.records.drafts import Kind
    from ui.session import Session

MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}
KINDS = ("draft-checklist", "draft-plan", "plan", "template", "run")


@dataclass(frozen=True, slots=True)
class Exported:
    """A file: its content, its name for people, the format it is in."""

    content: bytes
    name: str
    form: str


def drafts(session: Session, kind: Kind, *, person: str | None = None, limit: int = 60) -> list[dict[str, Any]]:
    """Return the drafts of a kind, latest first, as JSON; ``person`` None: whosever they are, ``""``: of nobody at the page."""
    found = DraftBook(session.knowledge).rows.list(kind, person=person, limit=limit)
    return [
        {
            "draft": one.id,
            "kind": one.kind,
            "title": one.title,
            "documents": list(one.documents),
            "made_by": one.made_by or None,
            "made_at": one.made_at,
        }
        for one in found
    ]


def export(session: Session, kind: str, key: str, form: str, *, version: int | None = None) -> Exported:
    """Return what is kept under ``kind`` and ``key`` as a file of the format ``form``.

    Raises:
        NotThere: there is nothing of that kind and key (and version).
        FormatUnknown: there is no such format; the message lists those there are.
    """
    from assistant.output import choose, file_name

    made, formats, otherwise = found(session, kind, key, version=version)
    suffix = choose(formats, form).suffix
    content = formats.render(made, form)
    return Exported(content, f"{file_name(made.title, otherwise)}{suffix}", form.strip().lower())


def found(
    session: Session, kind: str, key: str, *, version: int | None = None
) -> tuple[Checklist | Plan, Formats[Any], str]:
    """Return what is kept, the formats it can take, and a file's name where its title makes none.

    Raises:
        NotThere: there is nothing of that kind and key (and version).
    """
    from assistant.checklist.export import FORMATS as CHECKLIST
    from assistant.plan.export import FORMATS as PLAN

    ways: dict[str, tuple[Callable[[], Checklist | Plan], Formats[Any], str]] = {
        "draft-checklist": (lambda: DraftBook(session.knowledge).checklist(key), CHECKLIST, "检查表"),
        "draft-plan": (lambda: DraftBook(session.knowledge).plan(key), PLAN, "改进方案"),
        "plan": (lambda: _plan(session, key, version), PLAN, "改进方案"),
        "template": (lambda: _template(session, key, version), CHECKLIST, "检查表"),
        "run": (lambda: _run(session, key), CHECKLIST, "检查表"),
    }
    if kind not in ways:
        raise NotThere(f"没有“{kind}”这一种，可以用：{'、'.join(KINDS)}")
    make, formats, otherwise = ways[kind]
    return make(), formats, otherwise


def _plan(session: Session, key: str, version: int | None) -> Plan:
    from assistant.plan.tracking import PlanBook

    return looked_up(session.knowledge, PlanBook(session.knowledge).plan(key, version=version))


def _template(session: Session, key: str, version: int | None) -> Checklist:
    from assistant.checklist.stored import checklist_of

    row = session.knowledge.records.checklists.template(key, version=version)
    return checked(session.knowledge, checklist_of(row.checklist))


def _run(session: Session, key: str) -> Checklist:
    from assistant.checklist.runs import ChecklistRuns

    return checked(session.knowledge, ChecklistRuns(session.knowledge).filled_in(key))
