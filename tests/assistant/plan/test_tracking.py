"""Plans kept: versions compared, states that stay with their clause, what is late."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.plan.tracking import PlanBook, cited_by, is_training, links
from kb.errors import EntryInvalid, NotThere
from kb.knowledge import KnowledgeBase
from kb.settings import load_settings

CITED = {"document": "d", "section": "5.1", "clause": "5.1-1", "quote": "登记"}


@pytest.fixture
def book(own_home: Path) -> Iterator[PlanBook]:
    with KnowledgeBase.open(load_settings(own_home)) as knowledge:
        yield PlanBook(knowledge)


def action(identity: str, text: str, *, end: str = "2026-12-04", cited: bool = False) -> dict[str, Any]:
    return {
        "id": identity,
        "action": text,
        "owner": None,
        "start": "2026-12-01",
        "end": end,
        "citation": CITED if cited else None,
    }


def plan(*actions: dict[str, Any]) -> dict[str, Any]:
    return {"title": "改进方案", "phases": [{"name": "D 执行", "actions": list(actions)}]}


def test_a_state_stays_with_its_clause_in_the_next_version(book: PlanBook) -> None:
    row = book.keep(plan(action("D1", "落实登记", cited=True), action("D2", "补办法")))
    book.enter(row.id, "d1", "done", note="已培训", by="王")
    again = book.keep(plan(action("D1", "补别的办法"), action("D2", "落实“登记”", cited=True)), key=row.id)
    assert again.version == 2
    states = {one.action["id"]: (one.state, one.note) for one in book.follow(row.id, date(2026, 12, 1))}
    assert states == {"D1": ("open", ""), "D2": ("done", "已培训")}


def test_late_is_what_is_not_done_by_its_day(book: PlanBook) -> None:
    row = book.keep(plan(action("D1", "甲"), action("D2", "乙"), action("D3", "丙", end="2026-12-31")))
    book.enter(row.id, "D2", "dropped")
    late = [one.action["id"] for one in book.follow(row.id, date(2026, 12, 7)) if one.late]
    assert late == ["D1"]


def test_versions_are_compared_by_clause_and_words(book: PlanBook) -> None:
    row = book.keep(plan(action("D1", "落实登记", cited=True), action("D2", "旧办法")))
    book.keep(plan(action("D1", "落实登记", end="2026-12-11", cited=True), action("D2", "新办法")), key=row.id)
    found = book.compare(row.id, 1, 2)
    assert (found.added, found.removed) == (("新办法",), ("旧办法",))
    assert found.changed == (("D1", "完成", "2026-12-04", "2026-12-11"),)


def test_what_cannot_be_is_refused(book: PlanBook) -> None:
    row = book.keep(plan(action("D1", "甲")))
    with pytest.raises(EntryInvalid):
        book.enter(row.id, "D9", "done")
    with pytest.raises(EntryInvalid):
        book.enter(row.id, "D1", "finished")
    with pytest.raises(NotThere):
        book.keep(plan(), key="没有")
    with pytest.raises(NotThere):
        book.compare(row.id, 1, 2)


def test_links_lead_to_a_checklist_and_a_quiz_of_the_same_clauses() -> None:
    found = links(plan(action("D1", "落实登记", cited=True), action("D2", "补办法")))
    assert [one["kind"] for one in found] == ["checklist", "quiz"]
    assert "5.1-1" in found[0]["command"]


def test_what_a_plan_cites_is_told_whole_or_by_action() -> None:
    made = plan(action("D1", "组织培训", cited=True), action("D2", "落实登记", cited=True), action("D3", "补办法"))
    assert cited_by(made) == [("d", "5.1-1")]
    assert cited_by(made, "D3") == []
    assert [is_training(one["action"]) for one in made["phases"][0]["actions"]] == [True, False, False]
