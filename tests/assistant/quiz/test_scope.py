"""A quiz is about what was asked for: off the topic there is nothing to ask, and an empty section is no licence for others."""

import pytest

from assistant.quiz.make import Order, QuizMaker, Scope
from kb.errors import NothingToAsk
from kb.knowledge import KnowledgeBase
from kb.search import HybridSearcher


def sections(knowledge: KnowledgeBase, scope: Scope) -> set[str]:
    made = QuizMaker(knowledge, HybridSearcher(knowledge)).papers(Order(scope=scope, count=8))
    return {question.citation.section for paper in made for question in paper.questions}


def test_topic_that_no_document_has_is_refused(sample: KnowledgeBase) -> None:
    with pytest.raises(NothingToAsk, match="火星移民"):
        sections(sample, Scope(topic="火星移民"))


def test_topic_that_is_a_document_asks_about_that_document(sample: KnowledgeBase) -> None:
    made = QuizMaker(sample, HybridSearcher(sample)).papers(Order(scope=Scope(topic="客户投诉处理"), count=12))
    titles = {sample.find_document(one.citation.document).title for one in made[0].questions}
    assert titles == {"客户投诉处理SOP"}


def test_topic_of_a_chapter_stays_in_it(manual: KnowledgeBase) -> None:
    assert {number.split(".")[0] for number in sections(manual, Scope(topic="服务风险"))} == {"6"}


def test_section_without_text_asks_nothing(manual: KnowledgeBase) -> None:
    with pytest.raises(NothingToAsk):
        sections(manual, Scope(section="8.2"))


def test_clauses_are_asked_about_and_their_sections_where_they_do_not_suffice(sample: KnowledgeBase) -> None:
    document = sample.find_document("客户投诉处理SOP").id
    clauses = tuple((document, f"5.1-{number}") for number in (1, 2, 3))
    few = QuizMaker(sample).papers(Order(Scope(clauses=clauses), count=2))[0].questions
    assert {one.citation.clause for one in few} <= {clause for _, clause in clauses}
    many = QuizMaker(sample).papers(Order(Scope(clauses=clauses), count=10))[0].questions
    assert {one.citation.section for one in many} == {"5.1"}
