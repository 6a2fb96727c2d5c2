"""What is only named gets its outline: a section, a chapter by its title, a document by a part of its name, the shelf."""

import pytest

from assistant.ask import Assistant
from assistant.overview import overview
from assistant.question import understand
from kb.knowledge import KnowledgeBase
from kb.model import Block, Section
from kb.search import HybridSearcher


@pytest.fixture(scope="module")
def assistant(sample: KnowledgeBase) -> Assistant:
    return Assistant(sample, HybridSearcher(sample))


@pytest.mark.parametrize("question", ["帮我总结一下服务风险这一章", "手册第6章讲什么"])
def test_chapter_gets_the_first_words_of_each_section(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question, record=False)
    assert [citation.section for citation in answer.citations] == ["6.1", "6.2", "6.3", "6.4", "6.5"]
    assert answer.text.startswith("6 服务风险管理与应对（共 5 节）：")
    assert "：[" not in answer.text  # what follows is the next section, not what the colon leads to


def test_chapter_of_sections_without_words_of_their_own_gets_those_below_them(assistant: Assistant) -> None:
    answer = assistant.ask("手册第一章讲什么", record=False)
    assert answer.status == "answered"
    assert [citation.section[:3] for citation in answer.citations] == ["1.1", "1.2", "1.3", "1.4", "1.5"]


@pytest.mark.parametrize(
    "question",
    [
        "客户投诉处理SOP讲了什么",
        "投诉处理SOP讲了什么",
        "抽检SOP主要内容是什么",
        "回访SOP是讲什么的",
        "应急响应那份讲啥",
    ],
)
def test_document_is_named_by_its_title_or_a_part_of_it(
    assistant: Assistant, sample: KnowledgeBase, question: str
) -> None:
    answer = assistant.ask(question, record=False)
    title = sample.find_document(answer.citations[0].document).title
    assert answer.text.startswith(f"《{title}》（共 ")
    assert "SOP" in title
    assert len({citation.section for citation in answer.citations}) == len(answer.citations) > 4


@pytest.mark.parametrize(
    ("question", "clause"),
    [("5.1-3是什么", "5.1-3"), ("5.6-4", "5.6-4"), ("客户投诉处理SOP的4-t1.r2讲什么？", "4-t1.r2")],
)
def test_a_clause_is_asked_for_by_the_id_that_citations_show(assistant: Assistant, question: str, clause: str) -> None:
    answer = assistant.ask(question, record=False)
    assert answer.status == "answered"
    assert {citation.clause for citation in answer.citations} == {clause}


def test_a_question_with_a_clause_in_it_is_not_only_its_name(assistant: Assistant) -> None:
    assert "申诉" in assistant.ask("5.1-3怎么申诉", record=False).text


@pytest.mark.parametrize(
    ("question", "title"), [("为啥还要搞抽检", "服务质量抽检SOP"), ("为什么要做回访", "客户回访SOP")]
)
def test_why_something_is_done_is_told_by_the_purpose_of_its_document(
    assistant: Assistant, sample: KnowledgeBase, question: str, title: str
) -> None:
    first = assistant.ask(question, record=False).citations[0]
    assert sample.find_document(first.document).title == title
    assert "目的" in first.title


def test_shelf_names_every_document(assistant: Assistant, sample: KnowledgeBase) -> None:
    answer = assistant.ask("公司有哪些SOP", record=False)
    assert all(f"《{document.title}》：" in answer.text for document in sample.documents())
    assert len(answer.citations) == len(sample.documents())


@pytest.mark.parametrize("question", ["投诉处理SOP里谁负责定级", "服务风险有哪些应对策略", "SOP怎么写"])
def test_question_that_wants_more_is_answered_as_one(assistant: Assistant, question: str) -> None:
    assert "节）：" not in assistant.ask(question, record=False).text


def test_bare_abbreviation_names_no_document() -> None:
    titles = {"a": "客户投诉处理SOP", "b": "企业运营管理与服务手册"}
    section = Section("1", "目的", 1, "", ("目的",), "说明。", (Block("1-p1", "paragraph", "说明。", 0, 3),))
    found = {
        asked: [
            one.document for one in overview(understand(asked), titles=titles, sections=lambda _: [section], cut=tuple)
        ]
        for asked in ("SOP是什么", "这本手册有哪些章", "手册讲什么", "投诉处理SOP讲什么", "手册里谁负责投诉")
    }
    assert found == {
        "SOP是什么": [],
        "这本手册有哪些章": ["b"],
        "手册讲什么": ["b"],
        "投诉处理SOP讲什么": ["a"],
        "手册里谁负责投诉": [],
    }
