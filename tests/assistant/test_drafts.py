"""Drafts kept: what comes back is what was made, in every form, and says what has become of its sources."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.checklist.edit import as_before
from assistant.checklist.export import render as render_checklist
from assistant.checklist.make import make_checklist
from assistant.drafts import DraftBook
from assistant.plan.export import render as render_plan
from assistant.plan.forms import plan_json
from assistant.plan.make import PlanRequest, make_plan
from assistant.plan.model import FRAMEWORKS, Framework
from assistant.plan.stored import plan_of
from ingest.pipeline import ingest
from kb.errors import EntryInvalid, NotThere
from kb.knowledge import KnowledgeBase
from kb.records import drafts
from kb.records.drafts import NOBODY, Author
from kb.search import HybridSearcher
from kb.settings import load_settings

PROBLEM = "客户满意度从92%降到85%，投诉集中在响应慢"
RULES = "# 值班规范\n\n## 1 早班\n\n1. 值班员应在开门前检查烟感。\n2. 值班员必须在10分钟内上报异常。\n"


@pytest.fixture
def knowledge(own_home: Path) -> Iterator[KnowledgeBase]:
    with KnowledgeBase.open(load_settings(own_home)) as opened:
        yield opened


def parts(data: bytes) -> dict[str, bytes]:
    """Return what is in an office file, or the file itself, without what names the moment of writing."""
    if not data.startswith(b"PK"):
        return {"": data}
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist() if not name.startswith("docProps/")}


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_kept_plan_gives_the_same_files(knowledge: KnowledgeBase, tmp_path: Path, framework: Framework) -> None:
    data = tmp_path / "投诉.csv"
    data.write_text("日期,原因,数量\n2026-09-01,响应慢,9\n2026-10-01,响应慢,4\n2026-10-02,收费,2\n", encoding="utf-8")
    request = PlanRequest(PROBLEM, framework, date(2026, 12, 1), data)
    made = DraftBook(knowledge).keep_plan(make_plan(knowledge, HybridSearcher(knowledge), request))
    again = DraftBook(knowledge).plan(made.draft)
    for name in ("json", "md", "docx", "xlsx"):
        assert parts(render_plan(again, name)) == parts(render_plan(made, name))
    assert "依据的文件：《" in render_plan(again, "md").decode()


def test_a_plan_kept_before_its_sources_were_is_the_same_but_for_them(knowledge: KnowledgeBase) -> None:
    made = make_plan(knowledge, HybridSearcher(knowledge), PlanRequest(PROBLEM, start=date(2026, 12, 1)))
    stored = plan_json(made)
    del stored["documents"]
    for cause in stored["causes"]:
        del cause["suspected_by"]
    again = plan_of(stored, titles=made.titles)
    assert plan_json(again) == {**plan_json(made), "documents": []}
    assert render_plan(again, "md").decode() in render_plan(replace(made, sources=()), "md").decode()


def test_a_kept_checklist_gives_the_same_files(knowledge: KnowledgeBase) -> None:
    made = DraftBook(knowledge).keep_checklist(make_checklist(knowledge, HybridSearcher(knowledge), "投诉处理"))
    again = DraftBook(knowledge).checklist(made.draft)
    for name in ("json", "md", "docx", "xlsx", "csv"):
        assert parts(render_checklist(again, name)) == parts(render_checklist(made, name))


def test_lines_are_left_out_and_said_and_brought_back(knowledge: KnowledgeBase) -> None:
    book = DraftBook(knowledge)
    made = book.keep_checklist(make_checklist(knowledge, HybridSearcher(knowledge), "5.1", document="客户投诉处理SOP"))
    gone, clause = made.checks[0], made.checks[-1].citation.clause
    left = [one for one in made.checks[1:] if one.citation.clause != clause]
    edited = book.edit_checklist(made.draft, {one.number for one in made.checks} - {one.number for one in left})
    assert [one.action for one in edited.checks] == [one.action for one in left]
    assert [one.number for one in edited.checks] == list(range(1, len(left) + 1))
    assert gone.action in edited.notes[-1]
    before, after = made.completeness[0], edited.completeness[0]
    assert (after.steps, after.listed < before.listed) == (before.steps, True)
    assert book.row(edited.draft, "checklist").root == made.draft
    again = book.edit_checklist(edited.draft, {1})
    assert book.row(again.draft, "checklist").root == made.draft
    assert [note[:10] for note in again.notes if "去掉" in note] == [
        f"起草后去掉了 {len(made.checks) - len(left) + 1} 项："[:10]
    ]
    assert as_before(replace(made, draft=""), edited.notes) == replace(edited, draft="")
    assert book.checklist(made.draft) == made
    with pytest.raises(EntryInvalid, match="至少"):
        book.edit_checklist(made.draft, set(range(1, len(made.checks) + 1)))


def test_figures_of_a_table_are_enough_to_draft_again(knowledge: KnowledgeBase, tmp_path: Path) -> None:
    data = tmp_path / "投诉.csv"
    data.write_text("日期,原因,数量\n2026-09-01,响应慢,9\n2026-10-01,响应慢,4\n2026-10-02,收费,2\n", encoding="utf-8")
    searcher, book = HybridSearcher(knowledge), DraftBook(knowledge)
    made = make_plan(knowledge, searcher, PlanRequest(PROBLEM, start=date(2026, 12, 1), data=data))
    assert made.evidence is not None
    key = book.keep_figures(made.evidence)
    data.unlink()
    kept = PlanRequest(PROBLEM, start=date(2026, 12, 1), evidence=book.figures(key))
    assert make_plan(knowledge, searcher, kept) == made


def test_the_same_draft_is_kept_once_and_the_oldest_go(
    knowledge: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = knowledge.records.drafts
    first = rows.put("plan", "甲", {"a": 1})
    assert rows.put("plan", "甲", {"a": 1}) == first
    assert rows.put("plan", "甲", {"a": 1}, asked={"b": 2}) != first
    with pytest.raises(NotThere, match="检查表草稿"):
        rows.draft(first, "checklist")
    monkeypatch.setattr(drafts, "MOST", 2)
    rows.put("plan", "乙", {"a": 2})
    with pytest.raises(NotThere, match="重做"):
        rows.draft(first, "plan")


def test_a_changed_source_is_said_in_one_line_and_the_draft_stays(knowledge: KnowledgeBase, tmp_path: Path) -> None:
    source = tmp_path / "值班规范.md"
    source.write_text(RULES, encoding="utf-8")
    list(ingest([source], knowledge))
    book = DraftBook(knowledge)
    made = book.keep_checklist(make_checklist(knowledge, HybridSearcher(knowledge), "", document="值班规范"))
    assert book.checklist(made.draft).since == ""
    source.write_text(RULES.replace("10分钟", "5分钟"), encoding="utf-8")
    list(ingest([source], knowledge))
    again = book.checklist(made.draft)
    assert "《值班规范》现在是第 2 版" in again.since
    assert "1 条已改（1-2）" in again.since
    assert replace(again, since="") == made
    told = render_checklist(again, "md").decode()
    assert "10分钟" in told
    assert again.since in told.replace("\\", "")
    document = knowledge.find_document("值班规范")
    knowledge.remove(document.id)
    assert "《值班规范》已删除" in book.checklist(made.draft).since


def _put(book: DraftBook, title: str, *, by: Author = NOBODY, of: str = "") -> str:
    documents = [{"document": "a", "title": "甲", "version": 2}]
    return book.rows.put("plan", title, {"title": title, "documents": documents}, by=by, of=of)


def test_drafts_are_listed_for_whose_they_are_latest_first(knowledge: KnowledgeBase) -> None:
    book, wang = DraftBook(knowledge), Author("王芳", "1")
    first, alike = _put(book, "满意度", by=wang), _put(book, "满意度", by=Author("李强", "2"))
    second = _put(book, "差错率", by=wang)
    assert [one.id for one in book.rows.list("plan", person="1")] == [second, first]
    assert [one.id for one in book.rows.list("plan")] == [second, alike, first]
    assert book.rows.list("plan", person="") == ()
    assert book.rows.list("checklist") == ()
    listed = book.rows.list("plan", person="1")[1]
    assert (listed.title, listed.made_by) == ("满意度", "王芳")
    assert listed.documents == ({"document": "a", "title": "甲", "version": 2},)


def test_of_a_draft_that_was_edited_the_latest_edit_is_listed(knowledge: KnowledgeBase) -> None:
    book, wang = DraftBook(knowledge), Author("王芳", "1")
    first = _put(book, "满意度", by=wang)
    edited = _put(book, "满意度，少一项", by=wang, of=first)
    again = _put(book, "满意度，少两项", by=wang, of=edited)
    assert [one.id for one in book.rows.list("plan", person="1")] == [again]
    assert _put(book, "满意度", by=wang) == first  # made anew: beside the edit
    assert [one.id for one in book.rows.list("plan", person="1")] == [first, again]
    book.rows.delete(again, person="1")
    assert [one.id for one in book.rows.list("plan", person="1")] == [first]


def test_a_deleted_draft_is_brought_back_by_whose_it_is(knowledge: KnowledgeBase) -> None:
    book, wang = DraftBook(knowledge), Author("王芳", "1")
    first = _put(book, "满意度", by=wang)
    edited = _put(book, "满意度，少一项", by=wang, of=first)
    with pytest.raises(NotThere):
        book.rows.delete(edited, person="2")
    book.rows.delete(edited, person="1")
    assert book.rows.list("plan") == ()
    for key in (first, edited):
        with pytest.raises(NotThere, match="请重做"):
            book.row(key, "plan")
    with pytest.raises(NotThere):
        book.rows.undelete(edited, person="2")
    book.rows.undelete(edited)
    assert [one.id for one in book.rows.list("plan", person="1")] == [edited]
    assert book.row(first, "plan").title == "满意度"


def test_a_deleted_draft_is_gone_for_good_after_a_while(
    knowledge: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = DraftBook(knowledge)
    first, second = _put(book, "满意度"), _put(book, "差错率")
    monkeypatch.setattr(drafts, "KEPT_DAYS", -1)
    book.rows.delete(first)
    book.rows.delete(second)
    with pytest.raises(NotThere):
        book.rows.undelete(first)
