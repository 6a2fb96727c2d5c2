"""Runs of checklists: templates with versions, ticks checked against limits, progress, failures, what is due.

Knows the checks and the rows they are kept in. A tick says who and when; what a line stands at is its latest result, so
that two people on one run see each other's ticks. A template is stale when a clause it cites no longer says the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from assistant.checklist.filling import as_filled, fill
from assistant.checklist.model import TO_FILL, Check, Checklist, Limits, Outcome, checklist_json
from assistant.checklist.photos import keep_photo
from assistant.checklist.stored import checklist_of, checks_of
from assistant.sources import changed_clauses
from kb.errors import EntryInvalid
from kb.records.checklists import RunRow, TemplateRow, TickRow

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase
    from kb.records.checklists import Checklists

Result = Literal["pass", "fail", "na"]
RESULT_WORDS: dict[str, str] = {"pass": "合格", "fail": "不合格", "na": "不适用", "": "未检查"}
Repeat = Literal["", "daily", "weekly"]
REPEAT_WORDS: dict[str, str] = {"": "不重复", "daily": "每天", "weekly": "每周"}
LONGEST_NOTE = 2000


@dataclass(frozen=True)
class Line:
    """One line of a run: the check and where it stands; ``history`` are all its entries, oldest first."""

    check: Check
    result: str
    value: str
    note: str
    photo: str
    signed: str
    assigned: str
    person: str
    history: tuple[TickRow, ...]


@dataclass(frozen=True)
class Run:
    """One run with its lines in printed order."""

    row: RunRow
    title: str
    lines: tuple[Line, ...]

    @property
    def done(self) -> int:
        """How many lines have a result."""
        return sum(bool(line.result) for line in self.lines)

    @property
    def failed(self) -> tuple[Line, ...]:
        """The lines that failed: entries for an improvement plan."""
        return tuple(line for line in self.lines if line.result == "fail")

    @property
    def unfinished(self) -> tuple[Line, ...]:
        """The lines without a result."""
        return tuple(line for line in self.lines if not line.result)

    @property
    def words(self) -> str:
        """How far it is: 已查 12/54，不合格 2."""
        return f"已查 {self.done}/{len(self.lines)}，不合格 {len(self.failed)}"


@dataclass(frozen=True)
class Due:
    """A template that has to be run, and the run already begun, where there is one."""

    template: TemplateRow
    run: RunRow | None


class ChecklistRuns:
    """Templates and runs of one knowledge base."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge

    @property
    def rows(self) -> Checklists:
        """The rows themselves."""
        return self._knowledge.records.checklists

    # templates

    def keep(
        self, checklist: Checklist, wanted: str, *, document: str = "", repeat: str = "", by: str = "", key: str = ""
    ) -> TemplateRow:
        """Keep a checklist as a template, or as the next version of the one with ``key``.

        Raises:
            EntryInvalid: an unknown repetition.
        """
        if repeat not in REPEAT_WORDS:
            raise EntryInvalid(f"重复只能是 daily（每天）或 weekly（每周），不是“{repeat}”")
        return self.rows.put_template(
            checklist.title, checklist_json(checklist), wanted=wanted, document=document, repeat=repeat, by=by, key=key
        )

    def kept_as(
        self, checklist: Checklist, wanted: str, *, document: str = "", repeat: str = "", by: str = ""
    ) -> TemplateRow:
        """Return the template of what is wanted: the one there is where it says the same, else its next version.

        What a person wrote into the one there is stays where it is still open.

        Raises:
            EntryInvalid: an unknown repetition.
        """
        same = [one for one in self.rows.templates() if (one.wanted, one.document) == (wanted, document)]
        known = next((one for one in same if one.repeat == repeat), None)
        if known:
            checklist = as_filled(checklist, checklist_of(known.checklist))
            if known.checklist["items"] == checklist_json(checklist)["items"]:
                return known
        key = known.id if known else ""
        return self.keep(checklist, wanted, document=document, repeat=repeat, by=by, key=key)

    def renew(self, key: str, checklist: Checklist, *, by: str = "") -> TemplateRow:
        """Keep ``checklist``, compiled anew for what the template with ``key`` was made for, as its next version."""
        old = self.rows.template(key)
        checklist = as_filled(checklist, checklist_of(old.checklist))
        return self.keep(checklist, old.wanted, document=old.document, repeat=old.repeat, by=by, key=key)

    def fill(self, key: str, said: Mapping[str, str], *, by: str) -> TemplateRow:
        """Keep a template with what a person wrote into its open fields (``assistant.checklist.filling``) as its next version.

        Raises:
            NotThere: there is no such template.
            EntryInvalid: a field is not open, or a text is too long.
        """
        old = self.rows.template(key)
        made = fill(checklist_of(old.checklist), said, by=by)
        return self.keep(made, old.wanted, document=old.document, repeat=old.repeat, by=by, key=key)

    def stale(self, template: TemplateRow) -> list[str]:
        """Return the clauses of a template that no longer say what they said, one line each; empty where it is current."""
        changed = changed_clauses(self._knowledge, (one.citation for one in checks_of(template.checklist)))
        return [f"{clause}：{what}" for (_, clause), what in changed.items()]

    # runs

    def start(
        self,
        template: str,
        *,
        day: date,
        place: str = "",
        shift: str = "",
        assigned: str = "",
        by: str = "",
        name: str = "",
    ) -> Run:
        """Begin a run of the template's latest version, or go on with one begun alike that nothing was entered in yet."""
        kept = self.rows.template(template)
        named = name or " ".join(part for part in (kept.title, place, shift, day.isoformat()) if part)
        for one in self.rows.runs(template=template, day=day.isoformat()):
            alike = (one.version, one.name, one.assigned) == (kept.version, named, assigned)
            if alike and not one.finished_at and not self.rows.ticks(one.id):
                return self.run(one.id)
        row = self.rows.start(
            kept.id, kept.version, name=named, day=day.isoformat(), place=place, shift=shift, assigned=assigned, by=by
        )
        return self.run(row.id)

    def run(self, key: str) -> Run:
        """Return a run as it stands now."""
        row = self.rows.run(key)
        template = self.rows.template(row.template, version=row.version)
        entries = self.rows.ticks(key)
        lines = tuple(
            _line(check, [one for one in entries if one.number == check.number])
            for check in checks_of(template.checklist)
        )
        return Run(row, template.title, lines)

    def tick(self, key: str, tick: TickRow) -> Run:
        """Enter a result, a value, a note, a photo, a signature or a name on a line, and return the run.

        Raises:
            EntryInvalid: there is no such line, the run is closed, or the entry does not do for how the line is judged.
        """
        self.rows.tick(key, _checked(self._open_line(key, tick.number), tick))
        return self.run(key)

    def photograph(self, key: str, number: int, content: bytes, *, by: str = "") -> Run:
        """Keep a picture, enter it on a line, and return the run.

        Raises:
            EntryInvalid: there is no such line, the run is closed, it is no JPEG or PNG, or it is too large.
            HomeUnusable: the home cannot be written.
        """
        self._open_line(key, number)
        name = keep_photo(Path(self._knowledge.home), key, content)
        return self.tick(key, TickRow(number, "", photo=name, person=by))

    def _open_line(self, key: str, number: int) -> Line:
        run = self.run(key)
        if run.row.finished_at:
            raise EntryInvalid(f"“{run.row.name}”已经结束，不能再改；要重查请新开一次")
        line = next((one for one in run.lines if one.check.number == number), None)
        if line is None:
            raise EntryInvalid(f"没有第 {number} 项，这张检查表共 {len(run.lines)} 项")
        return line

    def finish(self, key: str, *, incomplete: bool = False) -> Run:
        """Close a run.

        Raises:
            EntryInvalid: lines are still open and ``incomplete`` is not allowed.
        """
        run = self.run(key)
        if run.unfinished and not incomplete:
            numbers = "、".join(str(line.check.number) for line in run.unfinished[:12])
            more = " 等" if len(run.unfinished) > 12 else ""
            raise EntryInvalid(f"还有 {len(run.unfinished)} 项没有查：{numbers}{more}")
        self.rows.finish(key)
        return self.run(key)

    def filled_in(self, key: str) -> Checklist:
        """Return the checklist of a run with what was found on each line, to export."""
        run = self.run(key)
        made = checklist_of(self.rows.template(run.row.template, version=run.row.version).checklist)
        outcomes = {line.check.number: _outcome(line) for line in run.lines if line.history}
        people = "、".join(dict.fromkeys(line.person for line in run.lines if line.person))
        head = (run.row.place, run.row.shift, run.row.day, people or run.row.assigned)
        return replace(made, title=run.row.name, notes=(run.words, *made.notes), outcomes=outcomes, head=head)

    def due(self, today: date) -> list[Due]:
        """Return the repeated templates that have no closed run for today (daily) or this week (weekly)."""
        monday = today - timedelta(days=today.weekday())
        found = []
        for template in self.rows.templates():
            if not template.repeat:
                continue
            first = today if template.repeat == "daily" else monday
            runs = [
                one for one in self.rows.runs(template=template.id) if first.isoformat() <= one.day <= today.isoformat()
            ]
            if not any(one.finished_at for one in runs):
                found.append(Due(template, runs[0] if runs else None))
        return found

    def problem(self, key: str) -> str:
        """Return the failed lines of a run as the problem of an improvement plan; empty where nothing failed."""
        run = self.run(key)
        told = [f"{line.check.action}{f'（{line.note}）' if line.note else ''}" for line in run.failed]
        return f"{run.row.name}检查发现不合格：{'；'.join(told)}" if told else ""


def _outcome(line: Line) -> Outcome:
    said = [line.note, f"签字：{line.signed}" if line.signed else "", f"记录：{line.person}" if line.person else ""]
    value = line.value if line.check.method == "number" else ""
    if line.value and not value:
        said.insert(0, line.value)
    return Outcome(RESULT_WORDS[line.result] if line.result else "", value, "；".join(part for part in said if part))


def _line(check: Check, entries: Sequence[TickRow]) -> Line:
    def latest(field: str) -> str:
        return next((getattr(one, field) for one in reversed(entries) if getattr(one, field)), "")

    last = next((one for one in reversed(entries) if one.result), None)
    return Line(
        check,
        last.result if last else "",
        last.value if last else latest("value"),
        latest("note"),
        latest("photo"),
        last.signed if last else "",
        latest("assigned"),
        last.person if last else "",
        tuple(entries),
    )


def _checked(line: Line, tick: TickRow) -> TickRow:
    """Return the entry as it is kept: a measured value decides the result, proof that is asked for has to be there."""
    if tick.result not in RESULT_WORDS:
        raise EntryInvalid(f"结果只能是 pass（合格）、fail（不合格）或 na（不适用），不是“{tick.result}”")
    if len(tick.note) > LONGEST_NOTE:
        raise EntryInvalid(f"备注太长，请写在 {LONGEST_NOTE} 字以内")
    if not any((tick.result, tick.value, tick.note, tick.photo, tick.signed, tick.assigned)):
        raise EntryInvalid("没有要记的内容：请写结果、数值、备注、照片、签字或指派的人")
    check, values = line.check, {name: getattr(tick, name) for name in TickRow.__dataclass_fields__}
    if check.method == "number" and check.limits and (tick.value or tick.result == "pass"):
        values["result"] = _measured(check, check.limits, tick)
    if values["result"] == "pass" and check.method == "photo" and not (tick.photo or line.photo):
        raise EntryInvalid(f"第 {check.number} 项要求拍照，请附上照片")
    if values["result"] == "pass" and check.method == "signature" and not tick.signed:
        raise EntryInvalid(f"第 {check.number} 项要求签字，请写上签字人")
    if values["result"] == "fail" and not (tick.note or line.note or tick.value):
        raise EntryInvalid(f"第 {check.number} 项不合格，请写明情况，便于改进")
    return TickRow(**values)


def _measured(check: Check, limits: Limits, tick: TickRow) -> str:
    if not tick.value:
        raise EntryInvalid(f"第 {check.number} 项要填实测值，应为 {limits.words}")
    found = re.fullmatch(r"\s*(-?\d+(?:\.\d+)?)\s*\D{0,4}\s*", tick.value)
    if not found:
        raise EntryInvalid(f"第 {check.number} 项的实测值“{tick.value}”不是数字，应为 {limits.words}")
    return "pass" if limits.hold(float(found[1])) else "fail"


def history_words(lines: Iterable[Line]) -> list[str]:
    """Return who entered what and when, line by line."""
    return [
        f"{line.check.number}. {one.ticked_at} {one.person or TO_FILL} {RESULT_WORDS[one.result]} {one.value} {one.note}".rstrip()
        for line in lines
        for one in line.history
    ]
