"""Which sections a topic takes, and what is said where there are none."""

import pytest

from assistant.checklist.choose import named_in_chinese, topic_of
from assistant.checklist.make import make_checklist
from assistant.checklist.model import Checklist
from kb.errors import Ambiguous, NotThere
from kb.knowledge import KnowledgeBase
from kb.search import HybridSearcher
from kb.synonyms import parse


@pytest.fixture(scope="module")
def searcher(sample: KnowledgeBase) -> HybridSearcher:
    return HybridSearcher(sample)


def sections(made: Checklist) -> set[tuple[str, str]]:
    return {(made.document_titles[check.citation.document], check.citation.section) for check in made.checks}


@pytest.mark.parametrize(
    ("topic", "document"),
    [
        ("投诉处理", "客户投诉处理SOP"),
        ("给我一张投诉处理检查表", "客户投诉处理SOP"),
        ("新员工培训", "新员工上岗培训SOP"),
        ("《供应商切换SOP》", "供应商切换SOP"),
    ],
)
def test_a_documents_own_subject_takes_all_of_it(
    sample: KnowledgeBase, searcher: HybridSearcher, topic: str, document: str
) -> None:
    made = make_checklist(sample, searcher, topic)
    assert set(made.document_titles.values()) == {document}
    assert len(made.completeness) > 3


def test_a_sections_title_takes_it_with_the_red_lines(sample: KnowledgeBase, searcher: HybridSearcher) -> None:
    made = make_checklist(sample, searcher, "紧急变更")
    assert sections(made) == {("SOP编写与变更SOP", "7.2"), ("SOP编写与变更SOP", "10")}


def test_numbers_and_clauses_take_what_they_name(sample: KnowledgeBase, searcher: HybridSearcher) -> None:
    made = make_checklist(sample, searcher, "5.1、6-1", document="客户投诉处理SOP")
    assert {check.citation.clause for check in made.checks if check.citation.section == "6"} == {"6-1"}
    assert len({check.citation.clause for check in made.checks if check.citation.section == "5.1"}) == 5
    with pytest.raises(Ambiguous):
        make_checklist(sample, searcher, "5.1")
    with pytest.raises(NotThere, match="没有条款"):
        make_checklist(sample, searcher, "5.1-99", document="客户投诉处理SOP")


@pytest.mark.parametrize(
    ("asked", "topic"),
    [
        ("给我一张投诉处理检查表", "投诉处理"),
        ("请帮我列一张出库检查清单", "出库"),
        ("出入库检查", "出入库"),
        ("回访", "回访"),
    ],
)
def test_what_only_asks_is_left_out_of_the_topic(asked: str, topic: str) -> None:
    assert topic_of(asked) == topic


@pytest.mark.parametrize("topic", ["食堂卫生", "<script>alert(1)</script>", "=1+1", "🙂", "x" * 5000])
def test_what_is_not_written_is_said(sample: KnowledgeBase, searcher: HybridSearcher, topic: str) -> None:
    with pytest.raises(NotThere):
        make_checklist(sample, searcher, topic)


def test_a_title_that_has_the_topic_by_another_name_is_taken_whole(manual: KnowledgeBase) -> None:
    made = make_checklist(manual, HybridSearcher(manual), "投诉处理")
    assert {section for _, section in sections(made)} == {"5.5"}
    assert len(made.checks) == 7  # four items; 企业应… and 定期… behind another order are lines of their own


def test_a_word_that_only_english_names_is_its_parts() -> None:
    synonyms = parse("投诉, 反馈\ncomplaint handling, 投诉处理")
    assert set(named_in_chinese("投诉处理", synonyms)) == {"投诉"}


@pytest.mark.parametrize(
    ("topic", "wanted", "foreign"),
    [
        ("流程优化", {"2.2", "1.3.3"}, {"3.3", "2.5"}),  # both words, not 资源配置优化, not all of the chapter
        ("应急预案", {"6.5"}, {"6.4"}),  # no title has it, but 应急处理
        ("服务中断应急", {"6.5"}, {"4.5"}),  # only one title has 应急
        ("风险识别", {"6.1"}, {"6.5"}),  # many titles have 风险: it tells none apart
        ("服务流程监控", {"2.4"}, {"3.4", "6.4"}),
    ],
)
def test_a_topic_takes_the_sections_it_names_and_none_beside_it(
    manual: KnowledgeBase, topic: str, wanted: set[str], foreign: set[str]
) -> None:
    there = {section for _, section in sections(make_checklist(manual, HybridSearcher(manual), topic))}
    assert wanted <= there
    assert not foreign & there
