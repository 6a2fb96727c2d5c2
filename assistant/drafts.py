"""Drafts kept as they were made: checklists, plans and the figures of uploaded tables, to export and to go on from.

Knows shapes and the records they are kept in. Whatever is brought back says which documents it was drafted from, and in
one line what has become of them since.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistant.checklist import filling as checklists
from assistant.checklist.edit import without
from assistant.checklist.model import checklist_json
from assistant.checklist.stored import checklist_of
from assistant.plan import filling as plans
from assistant.plan.forms import evidence_json, plan_json
from assistant.plan.stored import evidence_of, plan_of
from assistant.sources import since_drafted
from kb.records.drafts import NOBODY, Author

if TYPE_CHECKING:
    from assistant.checklist.model import Checklist
    from assistant.plan.model import Evidence, Plan
    from kb.knowledge import KnowledgeBase
    from kb.records.drafts import DraftRow, Drafts, Kind

Asked = Mapping[str, Any]


class DraftBook:
    """The drafts of one knowledge base."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge
        self._rows = knowledge.records.drafts

    def keep_checklist(
        self, made: Checklist, *, wanted: str = "", document: str = "", by: Author = NOBODY, of: str = ""
    ) -> Checklist:
        """Keep a checklist and return it with its id, without one where it cannot be written.

        ``of`` is the draft it was edited from.
        """
        asked = {"wanted": wanted, "document": document}
        key = self._rows.put("checklist", made.title, checklist_json(made), asked=asked, by=by, of=of)
        return replace(made, draft=key)

    def edit_checklist(self, key: str, numbers: Collection[int], *, by: Author = NOBODY) -> Checklist:
        """Keep a drafted checklist without some of its lines as a draft of its own, and return that.

        Raises:
            NotThere: there is no such draft, or no longer.
            EntryInvalid: nothing would be left.
        """
        row = self._rows.draft(key, "checklist")
        made, asked = without(checklist_of(row.made), numbers), row.asked
        return self.keep_checklist(made, wanted=asked["wanted"], document=asked["document"], by=by, of=key)

    def whole_checklist(self, key: str, *, by: Author = NOBODY) -> Checklist:
        """Return the checklist that was edited with all its lines again, and with what was written into it since.

        Raises:
            NotThere: one of the two is no longer there.
        """
        row = self._rows.draft(key, "checklist")
        root = self._rows.draft(row.root, "checklist")
        whole = checklist_of(root.made, draft=root.id)
        made = checklists.as_filled(whole, checklist_of(row.made))
        if made == whole:
            return made
        return self.keep_checklist(made, wanted=row.asked["wanted"], document=row.asked["document"], by=by, of=key)

    def fill_checklist(self, key: str, said: Mapping[str, str], *, by: Author = NOBODY) -> Checklist:
        """Keep a drafted checklist with what a person wrote into its open fields as a draft of its own, and return that.

        Raises:
            NotThere: there is no such draft, or no longer.
            EntryInvalid: a field is not open, or a text is too long.
        """
        row = self._rows.draft(key, "checklist")
        made = checklists.fill(checklist_of(row.made), said, by=by.name)
        return self.keep_checklist(made, wanted=row.asked["wanted"], document=row.asked["document"], by=by, of=key)

    def fill_plan(self, key: str, said: Mapping[str, str], *, by: Author = NOBODY) -> str:
        """Keep a drafted plan with what a person wrote into its open places as a draft of its own, and return its id.

        Raises:
            NotThere: there is no such draft, or no longer.
            EntryInvalid: a place is not open, or a text is too long.
        """
        row = self._rows.draft(key, "plan")
        return self._rows.put("plan", row.title, plans.fill(row.made, said, by=by.name), asked=row.asked, by=by, of=key)

    def keep_plan(self, made: Plan, *, asked: Asked | None = None, by: Author = NOBODY) -> Plan:
        """Keep a plan and return it with its id, without one where it cannot be written."""
        return replace(made, draft=self._rows.put("plan", made.title, plan_json(made), asked=asked, by=by))

    def keep_figures(self, evidence: Evidence, *, by: Author = NOBODY) -> str:
        """Keep the figures of an uploaded table and return their id; the table itself is not kept."""
        return self._rows.put("figures", evidence.file, evidence_json(evidence), by=by)

    @property
    def rows(self) -> Drafts:
        """The rows themselves: listed, deleted and brought back there."""
        return self._rows

    def row(self, key: str, kind: Kind) -> DraftRow:
        """Return a draft's row: what it was asked for with, by whom, when.

        Raises:
            NotThere: there is none, or no longer.
        """
        return self._rows.draft(key, kind)

    def checklist(self, key: str) -> Checklist:
        """Return a checklist as it was made.

        Raises:
            NotThere: there is none of that id, or no longer.
        """
        return checked(self._knowledge, checklist_of(self._rows.draft(key, "checklist").made, draft=key))

    def plan(self, key: str) -> Plan:
        """Return a plan as it was made.

        Raises:
            NotThere: there is none of that id, or no longer.
        """
        return looked_up(self._knowledge, plan_of(self._rows.draft(key, "plan").made, draft=key))

    def figures(self, key: str) -> Evidence | None:
        """Return the figures of a table that was uploaded; None for no id.

        Raises:
            NotThere: they are no longer kept.
        """
        return evidence_of(self._rows.draft(key, "figures").made) if key else None


def checked(knowledge: KnowledgeBase, made: Checklist) -> Checklist:
    """Return a stored checklist with what has become of its sources."""
    return replace(made, since=since_drafted(knowledge, made.sources, (one.citation for one in made.checks)))


def looked_up(knowledge: KnowledgeBase, made: Plan) -> Plan:
    """Return a stored plan with what has become of its sources."""
    return replace(made, since=since_drafted(knowledge, made.sources, made.citations))
