"""The lines of an answer: whole lists, nothing said twice, no heading left over, nothing that leads to nothing."""

from dataclasses import replace

from assistant.compose import render
from assistant.lines import Draft, Line, members
from assistant.passage import Passage, Statement, passages, whole
from assistant.question import understand
from kb.model import Block, Section
from kb.terms import Term, Terms


def section(*texts: tuple[str, int]) -> Section:
    blocks, body = [], ""
    for number, (text, level) in enumerate(texts, 1):
        term = text.partition("：")[0] if "：" in text else ""
        blocks.append(Block(f"1-{number}", "item", text, len(body), len(body) + len(text), term=term, level=level))
        body += text + "\n"
    return Section("1", "评估", 1, "", ("评估",), body, tuple(blocks))


def one_list(of: Section) -> Passage:
    return next(one for one in passages("d", of) if one.shape == "list")


def test_item_that_leads_to_its_details_ends_with_a_colon() -> None:
    found = one_list(section(("监控：天天看。", 0), ("方法：有几种，包括：", 0), ("调查", 1), ("审核", 1)))
    text, _ = render(Draft(tuple(members(found, question=understand("评估有哪些内容"), terms=Terms(())))))
    assert "方法：有几种，包括：[2]\n   - 调查。[3]" in text


def test_later_sentences_that_answer_are_not_cut() -> None:
    long = [
        (f"第{number}类：{'做法很多，说来话长。' * 12}{'还要技术升级。' if number == 3 else ''}", 0)
        for number in range(1, 6)
    ]
    terms = Terms((Term("升级", 1.0, (), 1),))
    lines = members(one_list(section(*long)), question=understand("评估有哪些内容"), terms=terms)
    text, _ = render(Draft(tuple(lines)))
    assert "技术升级" in text
    assert len(text) < 900


def test_list_said_after_one_of_its_members_stays_whole() -> None:
    of = section(("监控：天天看。", 0), ("审核：月月查。", 0))
    clause = Draft((Line(whole(of, of.blocks[1]), "d"),))
    listed = Draft(tuple(members(one_list(of), question=understand("评估有哪些内容"), terms=Terms(()))))
    assert [line.prefix for line in (clause + listed).lines if line.statement] == ["1. ", "2. "]
    assert (listed + clause).lines == listed.lines


def test_heading_left_over_states_nothing() -> None:
    of = section(("监控：天天看。", 0), ("审核：月月查。", 0))
    caption = Block("1-p1", "paragraph", "表2 回访时限", 0, 7)
    letterhead = Block("1-p2", "paragraph", "生活服务有限公司 培训部", 0, 12)
    fact = Block("1-p3", "paragraph", "热线：400-800-6120", 0, 15)
    found = passages("d", replace(of, blocks=(*of.blocks, caption, letterhead, fact)))
    said = [one.text for one in found if one.shape == "clause"]
    assert said == ["监控：天天看。", "审核：月月查。", "热线：400-800-6120"]


def test_name_of_a_table_introduces_it_without_its_number() -> None:
    rows = tuple(Block(f"1-t1.r{n}", "row", f"级别：{n}；时限：{n}天", 0, 0, header=("级别", "时限")) for n in (1, 2))
    of = Section("1", "分级", 1, "", ("分级",), "", (Block("1-p1", "paragraph", "表2 级别与时限", 0, 8), *rows))
    table = next(one for one in passages("d", of) if one.shape == "table")
    assert [one.text for one in table.statements if one.lead] == ["级别与时限"]
    assert isinstance(table.statements[0], Statement)


def test_steps_of_a_procedure_are_numbered_apart_from_their_details() -> None:
    of = section(("写清以下内容：", 0), ("名称", 1), ("数量", 1), ("提交申请。", 0))
    steps = replace(one_list(of), shape="procedure")
    said = members(steps, question=understand("怎么申请"), terms=Terms(()))
    assert said[0].framing == "评估（共 2 步）："
    assert [line.prefix for line in said if line.statement] == ["1. ", "   - ", "   - ", "2. "]
