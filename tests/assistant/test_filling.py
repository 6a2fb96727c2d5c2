"""What a person writes where nothing is stated: shown as theirs in every form, kept from version to version."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from assistant.checklist import filling as checklists
from assistant.checklist.export import render as render_checklist
from assistant.checklist.make import make_checklist
from assistant.checklist.model import Checklist
from assistant.checklist.runs import ChecklistRuns
from assistant.drafts import DraftBook
from assistant.filled import LONGEST, NOTE
from assistant.plan import filling as plans
from assistant.plan.export import render as render_plan
from assistant.plan.forms import plan_json
from assistant.plan.make import PlanRequest, make_plan
from assistant.plan.model import FRAMEWORKS, Framework, Plan
from assistant.plan.stored import plan_of
from assistant.plan.tracking import PlanBook
from kb.errors import EntryInvalid
from kb.knowledge import KnowledgeBase
from kb.records.drafts import Author
from kb.search import HybridSearcher
from kb.settings import load_settings

WANG = Author("王芳", "1")


@pytest.fixture
def knowledge(own_home: Path) -> Iterator[KnowledgeBase]:
    with KnowledgeBase.open(load_settings(own_home)) as opened:
        yield opened


def _plan(knowledge: KnowledgeBase, framework: Framework = "pdca", start: date = date(2026, 12, 1)) -> Plan:
    return make_plan(knowledge, HybridSearcher(knowledge), PlanRequest("投诉太多了", framework, start))


def _checklist(knowledge: KnowledgeBase) -> Checklist:
    return make_checklist(knowledge, HybridSearcher(knowledge), "5.1", document="客户投诉处理SOP")


def texts(data: bytes, form: str) -> str:
    """Return all words of a file."""
    if form == "docx":
        document = Document(io.BytesIO(data))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return "\n".join([*(one.text for one in document.paragraphs), *cells])
    if form == "xlsx":
        book = load_workbook(io.BytesIO(data))
        return "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value)
    return data.decode().replace("\\", "")


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_every_open_place_of_a_plan_is_filled_and_nothing_is_left_open(
    knowledge: KnowledgeBase, framework: Framework
) -> None:
    made = plan_json(_plan(knowledge, framework))
    places = plans.blanks(made)
    filled = plans.fill(made, {place: f"写下{number}" for number, place in enumerate(places)}, by="王芳")
    read = render_plan(plan_of(filled), "md").decode()
    assert "待填" not in read
    for number in range(len(places)):
        if not list(places)[number].startswith("said.审批人"):
            assert f"写下{number}（由王芳填写）" in read.replace("\\", "")
    assert {**plan_json(plan_of(filled)), "filled": ""} == {**made, "filled": ""}  # the parts stay as drafted


def test_what_a_manager_wrote_is_in_every_export_as_theirs(knowledge: KnowledgeBase) -> None:
    book = DraftBook(knowledge)
    made = book.keep_plan(_plan(knowledge))
    places = plans.blanks(plan_json(made))
    owner = next(place for place, what in places.items() if what == "P1 责任岗")
    goal = next(place for place, what in places.items() if what == "目标：目标值")
    said = {owner: "运营主管", goal: "98%", "said.牵头人": "李店长", "said.预算": "=2万元"}
    key = book.fill_plan(made.draft, said, by=WANG)
    again = book.plan(key)
    for form in ("md", "docx", "xlsx"):
        read = texts(render_plan(again, form), form)
        assert "运营主管（由王芳填写）" in read
        assert "98%（由王芳填写）以上" in read
        assert NOTE in read or form == "xlsx"
        if form != "xlsx":
            assert "李店长（由王芳填写）" in read
            assert "=2万元（由王芳填写）" in read
    stored = json.loads(render_plan(again, "json"))
    assert stored["phases"][0]["actions"][0]["owner"] is None
    assert {one["key"]: (one["text"], one["by"]) for one in stored["filled"]}[owner] == ("运营主管", "王芳")
    assert book.row(key, "plan").root == made.draft
    emptied = book.fill_plan(key, dict.fromkeys(said, ""), by=WANG)
    assert render_plan(replace(book.plan(emptied), draft=""), "md") == render_plan(replace(made, draft=""), "md")


def test_only_open_places_are_filled(knowledge: KnowledgeBase) -> None:
    made = plan_json(_plan(knowledge))
    for said in ({"kpi.首次响应及时率.goal": "50%"}, {"said.没有": "1"}):
        with pytest.raises(EntryInvalid, match="不能填写"):
            plans.fill(made, said, by="王芳")
    with pytest.raises(EntryInvalid, match="“预算”写得太长"):
        plans.fill(made, {"said.预算": "长" * (LONGEST + 1)}, by="王芳")
    listed = _checklist(knowledge)
    stated = next(one for one in listed.checks if one.role)
    with pytest.raises(EntryInvalid, match="不能填写"):
        checklists.fill(listed, {checklists.key_of(stated, "role"): "别人"}, by="王芳")


def test_what_was_written_into_a_kept_plan_stays_in_its_next_version(knowledge: KnowledgeBase) -> None:
    book = PlanBook(knowledge)
    first = plan_json(_plan(knowledge))
    row = book.keep(first, by="王芳")
    owner = next(place for place, what in plans.blanks(first).items() if what == "P1 责任岗")
    book.fill(row.id, {owner: "运营主管"}, by="王芳")
    assert book.keep(first, by="王芳").plan["filled"][0]["text"] == "运营主管"  # the same one is kept once
    later = plan_json(_plan(knowledge, start=date(2027, 1, 4)))
    second = book.keep(later, by="李强", key=row.id)
    assert second.version == 2
    assert "运营主管（由王芳填写）" in render_plan(book.plan(row.id), "md").decode()
    book.fill(row.id, {owner: "客服经理"}, by="李强")
    assert "客服经理（由李强填写）" in render_plan(book.plan(row.id), "md").decode()
    assert "运营主管（由王芳填写）" in render_plan(book.plan(row.id, version=1), "md").decode()


def test_a_checklist_is_filled_exported_and_kept_over_versions(knowledge: KnowledgeBase) -> None:
    book, runs = DraftBook(knowledge), ChecklistRuns(knowledge)
    made = book.keep_checklist(_checklist(knowledge), wanted="5.1")
    check = next(one for one in made.checks if "frequency" in checklists.blanks(one) and one.number > 1)
    place = checklists.key_of(check, "frequency")
    filled = book.fill_checklist(made.draft, {place: "每天 9 点"}, by=WANG)
    for form in ("md", "docx", "xlsx", "csv"):
        assert "每天 9 点（由王芳填写）" in texts(render_checklist(filled, form), form)
    item = json.loads(render_checklist(filled, "json"))["items"][check.number - 1]
    assert (item["frequency"], item["filled"][0]["text"]) == (None, "每天 9 点")
    shorter = book.edit_checklist(filled.draft, {1})
    assert shorter.checks[check.number - 2].filled["frequency"].text == "每天 9 点"
    whole = book.whole_checklist(shorter.draft)
    assert replace(whole, draft="") == replace(filled, draft="")
    assert book.whole_checklist(book.edit_checklist(made.draft, {1}).draft) == made
    row = runs.kept_as(filled, "5.1", document="客户投诉处理SOP")
    assert runs.kept_as(made, "5.1", document="客户投诉处理SOP") == row  # drafted again: what was written stays
    again = runs.renew(row.id, made)
    assert again.checklist["items"] == row.checklist["items"]
    other = next(one for one in made.checks if "evidence" in checklists.blanks(one))
    written = runs.fill(row.id, {checklists.key_of(other, "evidence"): "登记表"}, by="李强")
    assert written.version == again.version + 1
    run = runs.start(row.id, day=date(2026, 12, 1), by="李强")
    assert "登记表（由李强填写）" in render_checklist(runs.filled_in(run.row.id), "md").decode()
