"""Search on the shipped corpus: nothing that stands in the text is out of reach."""

import random

import numpy as np
import pytest

from kb.errors import NothingIndexed
from kb.knowledge import KnowledgeBase
from kb.retriever import ManualRetriever
from kb.search import Filter, HybridSearcher, scale
from kb.settings import Settings
from tests.fakes import HashEmbeddings


@pytest.fixture(scope="module")
def searcher(sample: KnowledgeBase) -> HybridSearcher:
    return HybridSearcher(sample)


def test_every_word_of_the_corpus_is_found(sample: KnowledgeBase) -> None:
    """The vocabulary of the corpus, as words alone: with no help from vectors, its chunk comes back."""
    index = HybridSearcher(sample).index
    words = [word for word in index.vocabulary("words") if word.strip()]
    assert len(words) > 3000
    for word in random.Random(0).sample(words, 1500):
        net = index.scores("bigrams", dict.fromkeys(_tokens(word), 1.0))
        plain = index.scores("words", {word: 1.0})
        assert max(float(net.max()), float(plain.max())) > 0, word


def _tokens(word: str) -> list[str]:
    from kb.segment import bigrams, unigrams

    return bigrams(word) if len(word) > 1 else unigrams(word) or bigrams(word)


@pytest.mark.parametrize("query", ["投诉", "诉", "闭环", "GD", "SOP-KF-01", "400-800-6120", "85分", "II级"])
def test_short_queries_find_chunks_with_those_very_words(searcher: HybridSearcher, query: str) -> None:
    hits = searcher.search(query, limit=10)
    assert any(query.lower() in hit.chunk.indexed.lower() for hit in hits)


@pytest.mark.parametrize(("one", "other"), [("客户投诉", "客戶投訴"), ("ＳＯＰ编写", "SOP编写")])
def test_script_and_width_make_no_difference(searcher: HybridSearcher, one: str, other: str) -> None:
    first, second = (searcher.search(query, limit=5) for query in (one, other))
    assert [hit.chunk for hit in first] == [hit.chunk for hit in second]


def test_scores_fall_and_stay_in_bounds(searcher: HybridSearcher) -> None:
    scores = [hit.score for hit in searcher.search("服务质量指标", limit=50)]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)


def test_filter_keeps_to_documents_and_sections(searcher: HybridSearcher, sample: KnowledgeBase) -> None:
    document = sample.find_document("客户投诉处理SOP").id
    hits = searcher.search("时限", limit=20, filter=Filter(frozenset({document}), frozenset({"5"})))
    assert hits
    assert {hit.document for hit in hits} == {document}
    assert all(hit.chunk.section.startswith("5") for hit in hits)


def test_empty_knowledge_base_says_what_to_do(settings: Settings) -> None:
    with (
        KnowledgeBase.open(settings, HashEmbeddings()) as knowledge,
        pytest.raises(NothingIndexed, match="shouce ingest"),
    ):
        HybridSearcher(knowledge).search("投诉", limit=1)


def test_scale_spreads_the_best_over_zero_to_one() -> None:
    scaled = scale(np.array([1.0, 3.0, 2.0, 0.0], dtype=np.float32), 3)
    assert scaled.tolist() == [0.0, 1.0, 0.5, 0.0]
    assert scale(np.zeros(3, dtype=np.float32), 2).tolist() == [0.0, 0.0, 0.0]


def test_retriever_is_a_langchain_retriever(searcher: HybridSearcher) -> None:
    documents = ManualRetriever(searcher=searcher, k=3).invoke("退款多久到账？")
    assert len(documents) == 3
    assert {"document", "section", "clauses", "heading", "score"} <= documents[0].metadata.keys()
