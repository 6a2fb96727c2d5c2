"""Misspelt words of a question: put right to words of the corpus, everything else left as it is."""

import pytest

from kb.knowledge import KnowledgeBase
from kb.search import HybridSearcher
from kb.spelling import SOUNDS
from tools.build_sounds import table


@pytest.fixture(scope="module")
def searcher(sample: KnowledgeBase) -> HybridSearcher:
    return HybridSearcher(sample)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("平横计分卡是什么", "平衡计分卡是什么"),
        ("系统蜜码最少几位", "系统密码最少几位"),
        ("预约准时律是多少", "预约准时率是多少"),
        ("供应伤掉链子了怎么办", "供应商掉链子了怎么办"),
        ("Q：关健绩效指标？", "Q：关键绩效指标？"),
    ],
)
def test_wrong_character_of_the_same_sound_is_put_right(searcher: HybridSearcher, typed: str, meant: str) -> None:
    assert searcher.mended(typed) == meant


@pytest.mark.parametrize(
    "question",
    [
        "客户投诉来了怎么处理？",
        "客服电话要在响几声之内接起来？",
        "退不退保证金",
        "打的分差好多",
        "What is a BSC?",
        "這是什麼",
        "",
        "８００元",
    ],
)
def test_what_is_not_misspelt_stays(searcher: HybridSearcher, question: str) -> None:
    assert searcher.mended(question) == question


def test_headings_of_the_corpus_stay(searcher: HybridSearcher, sample: KnowledgeBase) -> None:
    titles = {section.title for document in sample.documents() for section in sample.sections(document.id)}
    assert [title for title in sorted(titles) if searcher.mended(title) != title] == []


def test_misspelt_question_finds_what_the_right_one_finds(searcher: HybridSearcher) -> None:
    wrong, right = (searcher.search(question, limit=5) for question in ("平横计分卡有哪些维度", "平衡计分卡有哪些维度"))
    assert [hit.chunk.text for hit in wrong] == [hit.chunk.text for hit in right]


def test_shipped_sounds_are_those_of_pypinyin() -> None:
    assert SOUNDS.read_text(encoding="utf-8") == table()
