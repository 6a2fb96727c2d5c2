"""Chunks: blocks or runs of blocks of one section, whole items, within the model's limit."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.chunk import chunk, heading_path
from ingest.source import Line, SourceText
from ingest.structure import build
from kb.model import Chunk, Section


def sections(text: str) -> tuple[str, tuple[Section, ...]]:
    structure = build(SourceText("x.txt", "投诉SOP", tuple(Line(line) for line in text.strip().split("\n"))))
    return structure.title, structure.sections


def chunks(text: str, *, limit: int = 400) -> tuple[Chunk, ...]:
    title, found = sections(text)
    return chunk(title, found, count_tokens=len, limit=limit)


LONG = (
    "客服专员先听客户讲完，再核对姓名、电话和地址，查出原工单，并在十分钟内建立投诉工单，"
    "写明时间、地点、经过和要求四项。"
)


def test_an_item_of_usual_length_is_one_chunk() -> None:
    found = chunks(f"一、流程\n1、{LONG}\n2、{LONG}\n3、{LONG}")
    assert [one.clauses for one in found] == [("1-1",), ("1-2",), ("1-3",)]
    assert found[0].heading == "投诉SOP > 流程"
    assert found[0].text == "1、" + LONG
    assert found[0].tokens == len(found[0].indexed)


def test_the_sentence_before_a_list_goes_with_its_first_run() -> None:
    found = chunks(f"一、流程\n受理时按下列步骤办理：\n1、{LONG}\n2、{LONG}")
    assert [one.clauses for one in found] == [("1-p1", "1-1"), ("1-2",)]


def test_short_items_join_into_runs() -> None:
    found = chunks("一、材料\n准备：\n" + "\n".join(f"{n}、第{n}份材料，共两页。" for n in range(1, 30)))
    assert 2 <= len(found) <= 6
    assert found[0].clauses[:2] == ("1-p1", "1-1")
    assert all(len(one.text) <= 200 for one in found)


def test_nested_items_stay_with_theirs() -> None:
    found = chunks(f"一、切换\n1、填写申请，写清以下内容：\n①{LONG}\n②{LONG}\n2、{LONG}")
    assert found[0].clauses == ("1-1", "1-1.1", "1-1.2")


def test_a_caption_goes_with_the_rows_of_its_table() -> None:
    rows = (("级别", "时限"), ("一般", "3天"), ("紧急", "2小时"))
    lines = (
        Line("分级", "heading", 1),
        Line("表1 时限"),
        *(Line("", "row", cells=row, table=1, header=row == rows[0]) for row in rows),
    )
    structure = build(SourceText("x.docx", "SOP", lines))
    (found,) = chunk("SOP", structure.sections, count_tokens=len, limit=400)
    assert found.clauses == ("§1-p1", "§1-t1.r1", "§1-t1.r2")
    assert found.text == "表1 时限\n级别：一般；时限：3天\n级别：紧急；时限：2小时"


def test_what_passes_the_limit_is_split_at_sentence_ends() -> None:
    text = "".join(f"要求{n}由客服专员在当天完成并且登记。" for n in range(30))
    found = chunks(f"一、要求\n1、{text}\n2、略。", limit=120)
    parts = [one for one in found if one.clauses == ("1-1",)]
    assert len(parts) > 3
    assert all(one.tokens <= 120 for one in found)
    assert all(one.text.endswith("。") for one in parts)
    assert "".join(one.text for one in parts) == "1、" + text


def test_an_item_too_long_with_its_nested_ones_is_split_between_them() -> None:
    found = chunks("一、切换\n1、写清：\n" + "\n".join(f"{'①②③④⑤⑥'[n]}{LONG}" for n in range(6)), limit=200)
    assert [clause for one in found for clause in one.clauses] == ["1-1", *(f"1-1.{n}" for n in range(1, 7))]
    assert all(one.tokens <= 200 for one in found)


def test_text_without_any_punctuation_is_cut_between_words() -> None:
    found = chunks("一、要求\n" + "客户投诉处理流程" * 100, limit=100)
    assert all(one.tokens <= 100 for one in found)
    assert "".join(one.text for one in found) == "客户投诉处理流程" * 100
    assert all(one.text.startswith(("客户", "投诉", "处理", "流程")) for one in found)


def test_the_counter_is_called_once_a_chunk_where_nothing_is_too_long() -> None:
    calls: list[str] = []
    title, found = sections(f"一、流程\n1、{LONG}\n2、{LONG}")
    made = chunk(title, found, count_tokens=lambda text: calls.append(text) or len(text), limit=400)
    assert len(calls) == len(made)


def test_a_heading_path_says_repeated_titles_once_and_clips_long_ones() -> None:
    section = Section("§0", "投诉SOP", 1, "", ("投诉SOP",))
    assert heading_path("投诉SOP", section) == "投诉SOP"
    assert len(heading_path("长" * 100, Section("1", "目的", 1, "", ("目的",)))) < 60


def test_a_section_without_body_has_no_chunk() -> None:
    assert chunks("第一章 总则\n1.1 目的\n1.2 范围") == ()


SENTENCES = st.lists(
    st.sampled_from(
        [
            "客户来电时先听完诉求。",
            "当天登记。",
            LONG,
            "材料包括：",
            "①申请表；",
            "1、核对身份，拍照留存。",
            "2、送审。",
        ]
    ),
    max_size=30,
)


@given(body=SENTENCES, limit=st.integers(64, 400))
@settings(max_examples=80, deadline=None)
def test_chunks_hold_every_block_once_in_order_within_the_limit(body: list[str], limit: int) -> None:
    title, found = sections("一、流程\n" + "\n".join(body) + "\n二、附则\n略。")
    made = chunk(title, found, count_tokens=len, limit=limit)
    assert all(one.tokens <= limit for one in made)
    assert all(one.tokens == len(one.indexed) for one in made)
    said = [clause for one in made for clause in one.clauses]
    assert list(dict.fromkeys(said)) == [block.clause for section in found for block in section.blocks]
    for section in found:
        own = "".join(one.text for one in made if one.section == section.number)
        assert "".join(own.split()) == "".join(section.body.split())


def test_a_question_stays_with_its_answer_alone() -> None:
    found = chunks(
        "Q1：如何退款？\nA：点退款。\nQ2：如何开票？\nA：在我的发票里申请。\n问：能改地址吗？\n答：发货前可以。\n以上以公告为准。"
    )
    assert [one.text.split("\n")[0] for one in found] == [
        "Q1：如何退款？",
        "Q2：如何开票？",
        "问：能改地址吗？",
        "以上以公告为准。",
    ]
    assert found[0].text == "Q1：如何退款？\nA：点退款。"
