"""Plans kept, compared version by version, and their actions followed until they are done.

Works on the JSON of the command contract. An action is the same from version to version where its clause is, or, without
one, its words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.plan.filling import as_filled, fill
from assistant.plan.forms import actions_of, key_of
from assistant.plan.model import STATES, Plan, Progress
from assistant.plan.stored import plan_of
from kb.errors import EntryInvalid
from kb.records.plans import PlanRow, Plans

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase

_COMPARED = (("action", "内容"), ("owner", "责任岗"), ("start", "开始"), ("end", "完成"))
Json = dict[str, Any]


@dataclass(frozen=True)
class Followed:
    """One action of the latest version with its state; ``late`` where its day has passed and it is not done."""

    phase: str
    action: Json
    state: str
    note: str
    person: str
    late: bool


@dataclass(frozen=True)
class Difference:
    """How one version differs from another: actions added, removed, and changed (what, from, to)."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[tuple[str, str, str, str], ...]


class PlanBook:
    """The plans of one knowledge base."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge

    @property
    def rows(self) -> Plans:
        """The rows themselves."""
        return self._knowledge.records.plans

    def keep(self, plan: Json, *, by: str = "", key: str = "") -> PlanRow:
        """Keep a plan (its JSON) as a new one, or as the next version of the one with ``key``; the same one only once.

        What a person wrote into the version before stays where it is still open.
        """
        for known in [self.rows.plan(key)] if key else self.rows.latest():
            if _as_drafted(known.plan) == _as_drafted(plan):
                return self.rows.change(known.id, lambda before: as_filled(plan, before))
        if key:
            plan = as_filled(plan, self.rows.plan(key).plan)
        return self.rows.put(str(plan["title"]), plan, by=by, key=key)

    def fill(self, key: str, said: Mapping[str, str], *, by: str) -> PlanRow:
        """Enter what a person wrote into the open places of a plan's latest version (``assistant.plan.filling``).

        Raises:
            NotThere: there is no such plan.
            EntryInvalid: a place is not open, or a text is too long.
        """
        return self.rows.change(key, lambda before: fill(before, said, by=by))

    def follow(self, key: str, today: date) -> list[Followed]:
        """Return the actions of the latest version with their states, in order."""
        latest = {row.action: row for row in self.rows.progress(key)}
        found = []
        for phase, action in actions_of(self.rows.plan(key).plan):
            entry = latest.get(key_of(action))
            state = entry.state if entry else "open"
            late = state in ("open", "doing") and date.fromisoformat(action["end"]) < today
            note, person = (entry.note, entry.person) if entry else ("", "")
            found.append(Followed(phase, action, state, note, person, late))
        return found

    def plan(self, key: str, *, version: int | None = None) -> Plan:
        """Return a kept plan (its latest version where none is named) with what became of its actions, to export.

        Raises:
            NotThere: there is none of that id and version.
        """
        row = self.rows.plan(key, version=version)
        entries = {one.action: one for one in self.rows.progress(key)}
        progress = {
            str(action["id"]): Progress(STATES[entry.state], entry.entered_at[:10], entry.note, entry.person)
            for _, action in actions_of(row.plan)
            if (entry := entries.get(key_of(action)))
        }
        titles = {one.id: one.title for one in self._knowledge.documents()}
        return plan_of(row.plan, titles=titles, progress=progress)

    def enter(self, key: str, action: str, state: str, *, note: str = "", by: str = "") -> None:
        """Enter the state of the action with the id ``action`` (``D3``) in the latest version.

        Raises:
            EntryInvalid: an unknown action or state.
        """
        if state not in STATES:
            raise EntryInvalid(f"状态只能是 {'、'.join(STATES)}，不是“{state}”")
        wanted = action.strip().upper()
        found = next((one for _, one in actions_of(self.rows.plan(key).plan) if one["id"] == wanted), None)
        if found is None:
            raise EntryInvalid(f"方案里没有编号为 {action} 的行动")
        self.rows.enter(key, key_of(found), state, note=note, by=by)

    def compare(self, key: str, before: int, after: int) -> Difference:
        """Return how version ``after`` differs from ``before``."""
        old = {key_of(one): one for _, one in actions_of(self.rows.plan(key, version=before).plan)}
        new = {key_of(one): one for _, one in actions_of(self.rows.plan(key, version=after).plan)}
        changed = [
            (new[same]["id"], word, str(old[same][name] or "待填"), str(new[same][name] or "待填"))
            for same in new
            if same in old
            for name, word in _COMPARED
            if old[same][name] != new[same][name]
        ]
        return Difference(
            tuple(one["action"] for same, one in new.items() if same not in old),
            tuple(one["action"] for same, one in old.items() if same not in new),
            tuple(changed),
        )


def _as_drafted(plan: Json) -> Json:
    return {name: value for name, value in plan.items() if name != "filled"}


def is_training(action: str) -> bool:
    """Say whether an action is about people learning something, so that a quiz tells whether they did."""
    return any(word in action for word in ("培训", "学习", "宣贯", "考核", "演练"))


def cited_by(plan: Json, action: str = "") -> list[tuple[str, str]]:
    """Return (document, clause) of what a plan's actions cite, of one action where its id is named, each once."""
    found = [
        (str(one["citation"]["document"]), str(one["citation"]["clause"]))
        for _, one in actions_of(plan)
        if one["citation"] and action in ("", one["id"])
    ]
    return list(dict.fromkeys(found))


def links(plan: Json) -> list[Json]:
    """Return what else can be made of a plan's clauses: a checklist of them, and a quiz for those who have to know them."""
    by_document: dict[str, list[Json]] = {}
    for _, action in actions_of(plan):
        if action["citation"]:
            by_document.setdefault(action["citation"]["document"], []).append(action["citation"])
    found: list[Json] = []
    for document, cited in by_document.items():
        clauses = "、".join(dict.fromkeys(one["clause"] for one in cited))
        sections = list(dict.fromkeys(one["section"] for one in cited))
        found.append({"kind": "checklist", "command": f'shouce checklist "{clauses}" -d {document}'})
        found.append({"kind": "quiz", "command": f"shouce quiz --section {sections[0]}", "sections": sections})
    return found
