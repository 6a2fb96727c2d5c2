"""What a checklist's clauses leave open, and what a supervisor wrote there: entered, kept, shown in every export as theirs.

Knows checks and entries. The fields themselves stay None: what a person wrote never stands where a clause's words do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from assistant.checklist.model import Check, Checklist
from assistant.filled import NOTE, Filled, entered, stated

FIELDS = {"standard": "标准", "role": "责任岗", "deadline": "时限", "frequency": "频次", "evidence": "记录"}


def blanks(check: Check) -> list[str]:
    """Return the fields that the check's clause leaves open; a measured value's range is its standard."""
    return [
        name
        for name in FIELDS
        if getattr(check, name) is None and not (name == "standard" and check.limits is not None)
    ]


def key_of(check: Check, field: str) -> str:
    """Return what a field of a line is called in a form: ``3.role``."""
    return f"{check.number}.{field}"


def fill(checklist: Checklist, said: Mapping[str, str], *, by: str) -> Checklist:
    """Return a checklist with what was written, by ``key_of``; an empty text takes an entry away.

    Raises:
        EntryInvalid: a field is not open, or a text is too long.
    """
    before = {key_of(check, field): one for check in checklist.checks for field, one in check.filled.items()}
    open_ = {
        key_of(check, field): f"第 {check.number} 项{FIELDS[field]}"
        for check in checklist.checks
        for field in blanks(check)
    }
    after = entered(before, said, open_, by=by)
    return replace(checklist, checks=tuple(_with(check, after) for check in checklist.checks), draft="")


def _with(check: Check, filling: Mapping[str, Filled]) -> Check:
    fields = {
        field: replace(filling[key], what=FIELDS[field]) for field in FIELDS if (key := key_of(check, field)) in filling
    }
    return replace(check, filled=fields)


def as_filled(checklist: Checklist, former: Checklist) -> Checklist:
    """Return a checklist that was compiled anew with what was written into its former version, where that is still open."""
    written = {_identity(check): check.filled for check in former.checks}
    checks = []
    for check in checklist.checks:
        before = written.get(_identity(check), {})
        kept = {field: one for field, one in before.items() if field in blanks(check)}
        checks.append(replace(check, filled={**kept, **check.filled}))
    return replace(checklist, checks=tuple(checks))


def _identity(check: Check) -> tuple[str, str, str]:
    return check.citation.document, check.citation.clause, check.action


def filled_in(checklist: Checklist) -> Checklist:
    """Return a checklist as it is exported to be read: every entry in its field, with who wrote it."""
    if not any(check.filled for check in checklist.checks):
        return checklist
    checks = tuple(
        replace(
            check,
            standard=stated(check.standard, check.filled, "standard"),
            role=stated(check.role, check.filled, "role"),
            deadline=stated(check.deadline, check.filled, "deadline"),
            frequency=stated(check.frequency, check.filled, "frequency"),
            evidence=stated(check.evidence, check.filled, "evidence"),
        )
        for check in checklist.checks
    )
    return replace(checklist, checks=checks, notes=(*checklist.notes, NOTE))
