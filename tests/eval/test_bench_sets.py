"""Public sets in BEIR's form, run as knowledge bases; a small set of our own stands for them."""

import json
from pathlib import Path

import numpy as np
import pytest

from eval.beir import Passage, Query, RetrievalSet, load_set, save_set, sets_in
from eval.bench_refusal import run_refusal
from eval.bench_sets import run_set, run_sets, text
from eval.cached_embeddings import CachedEmbeddings
from eval.floor import PlainPipeline
from eval.passages import document_of, passage_of
from kb.errors import SourceUnreadable
from kb.settings import load_settings
from tests.fakes import HashEmbeddings

TOPICS = ("退款", "保修", "发票", "预约", "投诉", "安装", "配送", "会员", "积分", "换货", "维修", "押金")
PASSAGES = tuple(
    Passage(
        f"p{at}", f"办理{topic}要先登记姓名和电话。\n- 材料：{topic}申请单\n- 时限：{at + 1}个工作日", f"{topic}办法"
    )
    for at, topic in enumerate(TOPICS)
)
SET = RetrievalSet(
    "自己的题",
    PASSAGES,
    tuple(Query(f"q{at}", f"{topic}要带什么材料？") for at, topic in enumerate(TOPICS)),
    {f"q{at}": {f"p{at}": 1} for at in range(len(TOPICS))},
)


@pytest.fixture
def model(tmp_path: Path) -> CachedEmbeddings:
    return CachedEmbeddings(HashEmbeddings(), tmp_path / "cache", "own")


def test_a_set_is_written_and_read_in_beirs_form(tmp_path: Path) -> None:
    save_set(tmp_path / "自己的题", SET)
    assert load_set(tmp_path / "自己的题") == SET
    assert sets_in(tmp_path) == [tmp_path / "自己的题"]


def test_relevance_may_stand_in_the_queries(tmp_path: Path) -> None:
    (tmp_path / "corpus.jsonl").write_text('{"id":"a","text":"甲"}\n', encoding="utf-8")
    rows = [{"id": "1", "text": "问", "gold_ids": ["a", "gone"]}, {"id": "2", "text": "无", "answerable": False}]
    (tmp_path / "queries.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    one = load_set(tmp_path)
    assert one.relevance == {"1": {"a": 1}}
    assert [query.id for query in one.judged] == ["1"]


def test_what_is_no_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable, match=r"corpus\.jsonl"):
        sets_in(tmp_path)
    (tmp_path / "corpus.jsonl").write_text('{"id":"a"}\n', encoding="utf-8")
    with pytest.raises(SourceUnreadable, match="第 1 行"):
        load_set(tmp_path)


def test_vectors_are_computed_once_and_shared(tmp_path: Path) -> None:
    inner = HashEmbeddings()
    first = CachedEmbeddings(inner, tmp_path, "own")
    given = first.passages(["甲乙", "丙丁", "甲乙"])
    first.save()
    second = CachedEmbeddings(HashEmbeddings(), tmp_path, "own")
    second.embed_query("新的问题")
    first.embed_query("另一个")
    first.save()
    second.save()  # does not lose what the first wrote meanwhile
    third = CachedEmbeddings(inner, tmp_path, "own")
    calls = len(inner.calls)
    assert np.array_equal(third.passages(["甲乙", "丙丁", "甲乙"]), given)
    assert third.embed_query("新的问题") == second.embed_query("新的问题")
    third.embed_query("另一个")
    assert (third.computed, len(inner.calls)) == (0, calls)


def test_a_damaged_cache_is_computed_again(tmp_path: Path) -> None:
    first = CachedEmbeddings(HashEmbeddings(), tmp_path, "own")
    first.path.parent.mkdir(parents=True)
    first.path.write_bytes(b"PK broken")
    again = CachedEmbeddings(HashEmbeddings(), tmp_path, "own")
    assert again.passages(["甲"]).shape == (1, 64)
    again.save()
    assert CachedEmbeddings(HashEmbeddings(), tmp_path, "own").passages(["甲"]).shape == (1, 64)


def test_passages_become_sections_whose_blocks_point_into_them() -> None:
    parsed = document_of("own", PASSAGES, count_tokens=len, limit=400, without={"p0"})
    assert len(parsed.sections) == len(PASSAGES) - 1
    for section in parsed.sections:
        assert passage_of(section.number, PASSAGES).title == section.title
        assert [section.body[block.start : block.end] for block in section.blocks] == [b.text for b in section.blocks]
        assert [block.kind for block in section.blocks] == ["paragraph", "item", "item"]
    whole = document_of("own", PASSAGES, count_tokens=len, limit=400)
    assert whole.checksum != parsed.checksum


def test_plain_pipeline_ranks_by_words_and_cosine(model: CachedEmbeddings) -> None:
    plain = PlainPipeline(SET, model)
    found = plain.ask("退款要带什么材料？")
    assert plain.ranking(found, limit=1) == ["p0"]
    without = np.array([passage.id != "p0" for passage in PASSAGES])
    assert found.fused(without).argmax() != 0
    assert found.fused(without)[0] == -1
    assert plain.coverage(found, ~without) > plain.coverage(found, without)


def test_product_and_plain_pipeline_run_on_the_same_set(model: CachedEmbeddings) -> None:
    result = run_set(SET, model)
    assert result.queries == len(TOPICS)
    assert result.product["ndcg@10"] > 0.9
    assert result.plain["hit@1"] > 0.8
    assert result.difference.cases == len(TOPICS)


def test_removed_passages_are_told_from_those_that_are_there(model: CachedEmbeddings) -> None:
    found = run_refusal(SET, model)
    assert found["questions"] == len(TOPICS)
    assert found["decision"] > 60
    assert set(found["single"]) == {"cosine", "bm25", "coverage"}
    assert found["interval"][0] <= found["difference"] <= found["interval"][1]


def test_a_folder_of_sets_gives_a_row_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eval.bench_sets.open_embeddings", lambda settings: HashEmbeddings())
    save_set(tmp_path / "bench" / "甲", SET)
    save_set(tmp_path / "bench" / "乙", SET)
    settings = load_settings(tmp_path / "home")
    rows = run_sets(tmp_path / "bench", cache=tmp_path / "cache", settings=settings, names=["乙"], queries=5)
    assert [(row["set"], row["queries"]) for row in rows] == [("乙", 5)]
    assert json.loads(json.dumps(rows)) == rows
    assert "乙" in text(rows)
