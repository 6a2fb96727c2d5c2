"""The content terms of a question: what else they may be called, and how much of them a text covers."""

import pytest

from kb.knowledge import KnowledgeBase
from kb.search import HybridSearcher
from kb.synonyms import parse
from kb.terms import Terms, terms_of


def terms(sample: KnowledgeBase, question: str, groups: str) -> Terms:
    return terms_of(question, index=HybridSearcher(sample).index, synonyms=parse(groups))


@pytest.mark.parametrize("word", ["客户", "投诉"])
def test_other_name_of_a_whole_covers_each_of_its_words(sample: KnowledgeBase, word: str) -> None:
    found = terms(sample, "客户投诉来了怎么处理", "客户投诉, 工单")
    assert "工单" in {term.word: term.synonyms for term in found.terms}[word]


def test_word_keeps_its_own_synonyms_inside_a_longer_name(sample: KnowledgeBase) -> None:
    found = terms(sample, "客户投诉来了怎么处理", "客户投诉, 工单\n投诉, 回访")
    assert {"工单", "回访"} <= set({term.word: term.synonyms for term in found.terms}["投诉"])


def test_text_with_the_other_name_is_covered(sample: KnowledgeBase) -> None:
    plain, known = (terms(sample, "客户投诉怎么办", groups) for groups in ("甲, 乙", "客户投诉, 工单"))
    assert plain.coverage("工单登记") < known.coverage("工单登记")
