"""How much of the source answers: one step, all siblings that answer, a procedure over several sections."""

import pytest

from assistant.ask import Assistant
from assistant.asked import Place, place_of
from assistant.extent import members_at
from assistant.passage import Passage, passages
from kb.knowledge import KnowledgeBase
from kb.model import Block, Section
from kb.search import HybridSearcher


@pytest.fixture(scope="module")
def assistant(sample: KnowledgeBase) -> Assistant:
    return Assistant(sample, HybridSearcher(sample))


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("应急响应流程里第三步是什么", Place(3, "步")),
        ("风险应对策略的第2种", Place(2, "种")),
        ("第十二项呢", Place(12, "项")),
        ("最后一步是什么", Place(0, "步")),
        ("第3天做什么", None),
        ("第二十四条讲什么", None),
        ("第三章讲什么", None),
    ],
)
def test_place_of_a_question(question: str, place: Place | None) -> None:
    assert place_of(question) == place


def listed(*levels: int) -> Passage:
    blocks, body = [], ""
    for number, level in enumerate(levels, 1):
        text = f"第{number}项要做好。"
        blocks.append(Block(f"1-{number}", "item", text, len(body), len(body) + len(text), level=level))
        body += text + "\n"
    section = Section("1", "处理流程", 1, "", ("处理流程",), body, tuple(blocks))
    return next(one for one in passages("d", section) if one.shape == "list")


def test_member_at_a_place_keeps_what_is_nested_in_it() -> None:
    steps = listed(0, 0, 1, 1, 0)
    at, count, found = members_at(steps, Place(2, "步"))
    assert (at, count, [one.block.clause for one in found]) == (2, 3, ["1-2", "1-3", "1-4"])
    assert members_at(steps, Place(0, "步"))[2][0].block.clause == "1-5"
    assert members_at(steps, Place(4, "步")) == (4, 3, ())


def test_one_step_is_given_with_its_place(assistant: Assistant, sample: KnowledgeBase) -> None:
    answer = assistant.ask("客户投诉处理流程的第三步是什么？", record=False)
    assert "的第 3 步（共 27 步）：" in answer.text
    assert [citation.clause for citation in answer.citations] == ["5.1-3"]


def test_place_is_asked_of_the_list_of_the_turn_before(assistant: Assistant) -> None:
    before = assistant.standalone(["客户投诉来了怎么处理？", "第二步呢？"])
    assert "的第 27 步（共 27 步）" in assistant.ask("最后一步呢", before=before, record=False).text


def test_procedure_over_several_sections_is_never_torn_apart(assistant: Assistant) -> None:
    answer = assistant.ask("SOP怎么写", record=False)
    assert {citation.section for citation in answer.citations} == {"6.1", "6.2", "6.3", "6.4", "6.5"}


def test_table_that_goes_on_on_the_next_slide_is_one(assistant: Assistant) -> None:
    answer = assistant.ask("七天日程有哪些内容", record=False)
    assert all(f"第{day}天" in answer.text for day in range(1, 8))
