"""Drafting a test set: every question stands on the knowledge base it was made from, and nobody's edits are lost."""

import json
import random
import re
from collections import Counter
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from eval.dataset import load
from eval.draft import reword
from eval.draft.ask import join, questions_of, subject_of
from eval.draft.build import SHARES, draft, told, write
from eval.draft.outside import elsewhere
from eval.draft.question import Drafted
from kb.errors import NothingIndexed, SourceUnreadable
from kb.fold import fold, is_traditional
from kb.knowledge import KnowledgeBase
from kb.model import Block, Section
from kb.settings import Settings
from tests.fakes import HashEmbeddings


@pytest.fixture(scope="module")
def drafted(sample: KnowledgeBase) -> list[Drafted]:
    return draft(sample, count=80)


def test_draft_has_every_kind_and_the_asked_number(drafted: list[Drafted]) -> None:
    assert len(drafted) == 80
    assert {one.type for one in drafted} == set(SHARES)
    assert len({one.question for one in drafted}) == 80


def test_same_seed_same_questions_another_seed_others(sample: KnowledgeBase, drafted: list[Drafted]) -> None:
    assert draft(sample, count=80) == drafted
    others = {one.question for one in draft(sample, count=80, seed=1)}
    assert len(others & {one.question for one in drafted}) < 60


def test_questions_are_spread_over_the_documents(drafted: list[Drafted]) -> None:
    counts = Counter(one.document for one in drafted if one.answerable)
    assert len(counts) >= 9
    assert counts.most_common(1)[0][1] < 40


def test_facts_stand_in_the_gold_sections(sample: KnowledgeBase, drafted: list[Drafted]) -> None:
    ids = {document.title: document.id for document in sample.documents()}
    for one in drafted:
        assert one.answerable == bool(one.gold_sections)
        bodies = "".join(sample.section(ids[one.document], number).body for number in one.gold_sections)
        text = "".join(fold(bodies).split())
        for group in one.facts:
            assert any("".join(fold(fact).split()) in text for fact in group), one
        clauses = {b.clause for n in one.gold_sections for b in sample.section(ids[one.document], n).blocks}
        assert set(one.gold_clauses) <= clauses


def test_questions_end_as_questions_and_do_not_give_their_answer(drafted: list[Drafted]) -> None:
    for one in drafted:
        assert re.search(r"[？?](谢谢|在线等)?$", one.question), one
        assert "{" not in one.question
        if one.type == "numeric":
            assert one.facts[0][0] not in one.question


def test_rewordings_differ_from_what_they_reword() -> None:
    one = Drafted("list", "客户投诉处理流程的步骤有哪些？", about="客户投诉处理流程")
    choose = random.Random(1)
    spoken = reword.colloquial(one, choose)
    assert spoken is not None
    assert "都有啥" in spoken.question
    assert "投诉处理流程" in spoken.question
    slipped = reword.with_slip(one, choose)
    assert slipped is not None
    assert len(slipped.question) == len(one.question)
    assert 1 <= sum(a != b for a, b in zip(slipped.question, one.question, strict=True)) <= 2
    changed = reword.traditional(one, choose)
    assert changed is not None
    assert is_traditional(changed.question)
    assert fold(changed.question) == fold(one.question)


def test_what_stands_in_quotation_marks_is_not_reworded() -> None:
    one = Drafted("fact", "《客户回访SOP》里，是怎么规定的？", about="回访")
    spoken = reword.colloquial(one, random.Random(0))
    assert spoken is not None
    assert "《客户回访SOP》" in spoken.question
    assert reword.colloquial(Drafted("fact", "回访？"), random.Random(0)) is None


def section(title: str, *texts: str) -> Section:
    blocks, body = [], ""
    for at, text in enumerate(texts, 1):
        term = text.partition("：")[0] if "：" in text else ""
        blocks.append(Block(f"5-{at}", "item", text, len(body), len(body) + len(text), term=term))
        body += text + "\n"
    return Section("5", title, 1, "", (title,), body, tuple(blocks))


def made(one: Section) -> list[Drafted]:
    return list(questions_of("SOP", one, subject=one.title, choose=random.Random(0)))


def test_an_amount_is_asked_for_by_its_unit_and_examples_and_years_are_not() -> None:
    one = section("退款", "财务专员在批准后7个工作日内退款。", "例如某公司3天就退。", "2022年修订。", "9:00至18:00办理")
    assert [(q.question, q.facts) for q in made(one) if q.type == "numeric"] == [
        ("财务专员在批准后几个工作日内退款？", (("7个工作日",),))
    ]


def test_steps_are_asked_how_and_parts_which() -> None:
    steps = section("投诉处理流程", "先登记客户诉求", "再核查工单记录", "最后答复客户结果")
    assert [one.type for one in made(steps) if one.gold_clauses] == ["howto"]
    parts = section("服务质量指标", "满意度：客户打分", "及时率：按时上门", "返修率：七天内重修")
    (asked,) = [one for one in made(parts) if one.gold_clauses]
    assert (asked.type, asked.question) == ("list", "服务质量指标有哪些？")
    assert asked.facts == (("满意度",), ("及时率",), ("返修率",))


def test_a_general_title_is_named_with_its_document() -> None:
    assert subject_of("回访SOP", section("职责", "x"), ambiguous=True) == "《回访SOP》里的职责"
    assert subject_of("回访SOP", section("回访时限", "x"), ambiguous=False) == "回访时限"


def test_two_questions_become_one_with_the_needs_of_both() -> None:
    first = Drafted("fact", "甲？", "d", ("1",), (("a",),))
    both = join(first, Drafted("fact", "乙？", "d", ("2",), (("b",),)))
    assert both.gold_sections == ("1", "2")
    assert both.facts == (("a",), ("b",))
    assert both.question == "甲？还有，乙？"


def test_everyday_questions_that_the_documents_speak_of_are_left_out() -> None:
    questions = [one.question for one in elsewhere(["员工年假為十天，食堂中午开放"], random.Random(0))]
    assert questions
    assert not any("年假" in question or "食堂" in question for question in questions)


def test_near_misses_ask_for_what_the_chapter_has_no_sign_of(sample: KnowledgeBase, drafted: list[Drafted]) -> None:
    texts = "\n".join(s.body for d in sample.documents() for s in sample.sections(d.id))
    assert "视频教程" not in texts
    assert all(not one.answerable for one in drafted if one.type in {"near_miss", "oos"})


def test_file_is_read_as_a_dataset_and_never_written_over(drafted: list[Drafted], tmp_path: Path) -> None:
    path = tmp_path / "自拟.jsonl"
    write(path, drafted)
    cases = load(path)
    assert len(cases) == 80
    assert not any(case.approved for case in cases)
    assert {case.source for case in cases} == {"draft"}
    assert "approved" in told(path, drafted)
    with pytest.raises(SourceUnreadable, match="已经存在"):
        write(path, drafted)
    assert json.loads(path.read_text(encoding="utf-8").splitlines()[0])["evidence"]


def test_a_sheet_holds_the_same_cases(drafted: list[Drafted], tmp_path: Path) -> None:
    lines, sheet = tmp_path / "题.jsonl", tmp_path / "题.xlsx"
    write(lines, drafted)
    write(sheet, drafted)
    assert load(sheet) == load(lines)
    assert "Excel" in told(sheet, drafted)
    with pytest.raises(SourceUnreadable, match="已经存在"):
        write(sheet, drafted)


def test_a_sheet_is_edited_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "题.xlsx"
    write(path, [Drafted("fact", "=1+1是多少？", "手册", ("5.5",), (("7天", "一周"), ("原路退回",)))])
    book = load_workbook(path)
    sheet = book.active
    assert sheet["D2"].data_type == "s"
    sheet["A2"], sheet["H2"] = "是", "7天 / 一周；原路退回；免费"
    sheet.append([None, None, None, None])
    book.save(path)
    (case,) = load(path)
    assert case.approved
    assert case.question == "=1+1是多少？"
    assert case.facts == (("7天", "一周"), ("原路退回",), ("免费",))


def test_a_sheet_without_questions_is_named(tmp_path: Path) -> None:
    path = tmp_path / "题.xlsx"
    path.write_bytes(b"no workbook")
    with pytest.raises(SourceUnreadable, match=r"题\.xlsx"):
        load(path)
    book = Workbook()
    book.save(path)
    with pytest.raises(SourceUnreadable, match="“问题”一列"):
        load(path)


def test_an_empty_knowledge_base_has_nothing_to_ask(settings: Settings) -> None:
    with KnowledgeBase.open(settings, embeddings=HashEmbeddings()) as knowledge, pytest.raises(NothingIndexed):
        draft(knowledge)
