"""The word index against bm25s as an oracle, and what changes make of it."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from bm25s import BM25

from kb import word_build
from kb.model import Chunk
from kb.segment import bigrams, unigrams
from kb.word_build import build, learn_lexicon
from kb.word_index import NAMES, WordIndex, _best

PARTS = (
    "客户投诉 回访时限 供应商切换 停机应急响应 服务质量抽检 工单 退款7个工作日 SOP-KF-01 85分 红线 复盘 通报".split()
)


@dataclass
class Shelf:
    """Chunks by id, as a knowledge base gives them."""

    held: dict[str, Chunk] = field(default_factory=dict)

    def chunk_ids(self) -> list[str]:
        return list(self.held)

    def chunks(self) -> Iterator[tuple[str, Chunk]]:
        yield from self.held.items()

    def chunks_of(self, keys: Sequence[str]) -> Mapping[str, tuple[str, Chunk]]:
        return {key: (key.partition(".")[0], self.held[key]) for key in keys if key in self.held}


def shelf(size: int, *, seed: int = 0, documents: int = 4) -> Shelf:
    rnd = random.Random(seed)
    made = Shelf()
    for at in range(size):
        text = "，".join(rnd.choice(PARTS) for _ in range(rnd.randrange(1, 9))) + f"。编号{seed}x{at}"
        document = f"d{at * documents // size}-{seed}"
        made.held[f"{document}.{rnd.getrandbits(64):016x}"] = Chunk("1", (), f"《手册》 > {rnd.choice(PARTS)}", text, 9)
    return made


def opened(place: Path, source: Shelf, *, previous: Path | None = None, whole: int = word_build.WHOLE) -> WordIndex:
    place.mkdir()
    build(place, source, previous=previous, whole=whole)
    return WordIndex(place)


def segments(index: WordIndex) -> list[int]:
    return [len(segment) for segment in index.segments]


def ranked(index: WordIndex, name: str, tokens: Sequence[str]) -> dict[str, float]:
    rows, scores = index.best(name, dict.fromkeys(tokens, 1.0), 10_000)
    return dict(zip(index.keys(rows), scores.tolist(), strict=True))


def test_scores_are_those_of_bm25s_to_the_bit(tmp_path: Path) -> None:
    source = shelf(300)
    index = opened(tmp_path / "i", source)
    texts = [chunk.indexed for chunk in source.held.values()]
    lists = {
        "words": [index.segmenter.words(text) for text in texts],
        "bigrams": [[*bigrams(text), *unigrams(text)] for text in texts],
    }
    for name in NAMES:
        oracle = BM25(k1=1.2, b=0.75, method="lucene")
        oracle.index(lists[name], show_progress=False)
        vocabulary = [token for token in oracle.vocab_dict if token]
        assert set(index.vocabulary(name)) == set(vocabulary)
        for tokens in (vocabulary[at : at + 5] for at in range(0, len(vocabulary), 5)):
            wanted = oracle.get_scores_from_ids([oracle.vocab_dict[token] for token in tokens])
            assert np.array_equal(index.scores(name, dict.fromkeys(tokens, 1.0)), wanted)


def test_token_of_half_the_weight_adds_half(tmp_path: Path) -> None:
    index = opened(tmp_path / "i", shelf(50))
    one, both = index.scores("words", {"投诉": 1.0}), index.scores("words", {"投诉": 1.0, "回访": 0.5})
    assert both == pytest.approx(one + index.scores("words", {"回访": 1.0}) / 2)


@pytest.mark.parametrize(("size", "limit"), [(0, 5), (7, 5), (5000, 3), (5000, 100), (40_000, 10)])
def test_best_are_the_highest_in_order(size: int, limit: int) -> None:
    scores = np.random.default_rng(size).integers(0, 50, size).astype(np.float32)
    rows, found = _best(scores, limit)
    wanted = sorted((row for row in range(size) if scores[row] > 0), key=lambda row: (-scores[row], row))[:limit]
    assert rows.tolist() == wanted
    assert found.tolist() == [scores[row] for row in wanted]


def test_keys_lead_to_rows_and_back(tmp_path: Path) -> None:
    source = shelf(40)
    index = opened(tmp_path / "i", source)
    keys = list(source.held)
    assert index.rows(keys).tolist() == list(range(40))
    assert index.keys(np.arange(40)) == keys
    assert index.rows(["", "d0-0", keys[3] + "0", keys[3][:-1], "zzz"]).tolist() == [-1] * 5


def test_only_chunks_of_the_given_documents_are_found(tmp_path: Path) -> None:
    index = opened(tmp_path / "i", shelf(80))
    inside = index.inside({"d1-0", "d3-0", "unknown"})
    rows, _ = index.best("words", {"投诉": 1.0, "工单": 1.0}, 99, inside=inside)
    assert {key.partition(".")[0] for key in index.keys(rows)} == {"d1-0", "d3-0"}


def test_empty_index_finds_nothing(tmp_path: Path) -> None:
    index = opened(tmp_path / "i", Shelf())
    assert len(index) == 0
    assert index.best("words", {"投诉": 1.0}, 5)[0].size == 0
    assert index.rows(["d0-0.0"]).tolist() == [-1]


def test_update_keeps_segments_and_scores_as_if_built_whole(tmp_path: Path) -> None:
    source = shelf(200)
    opened(tmp_path / "a", source)
    source.held |= shelf(30, seed=1).held
    updated = opened(tmp_path / "b", source, previous=tmp_path / "a", whole=10)
    shutil.rmtree(tmp_path / "a")
    assert segments(updated) == [200, 30]
    whole = opened(tmp_path / "c", source)
    assert len(updated) == len(whole) == 230
    for name in NAMES:
        for tokens in (["投诉"], ["回访", "时限", "工单"], ["85", "分"]):
            assert ranked(updated, name, tokens) == ranked(whole, name, tokens)
            assert updated.document_frequency(name, tokens[0]) == whole.document_frequency(name, tokens[0])


def test_random_changes_leave_exactly_what_is_there(tmp_path: Path) -> None:
    """Delete, never found; add, found by a word of its own: after each of many changes, however they are kept."""
    rnd = random.Random(5)
    source, place, gone = shelf(300), tmp_path / "0", dict[str, Chunk]()
    opened(place, source)
    most = 0
    for step in range(1, 25):
        for key in rnd.sample(sorted(source.held), rnd.randrange(4)):
            gone[key] = source.held.pop(key)
        if gone and rnd.random() < 0.3:
            key = rnd.choice(sorted(gone))
            source.held[key] = gone.pop(key)
        new = shelf(rnd.choice((1, 1, 2, 9)), seed=step).held
        source.held |= new
        index = opened(tmp_path / str(step), source, previous=place, whole=10)
        place = tmp_path / str(step)
        most = max(most, len(index.segments))
        assert len(index) == len(source.held)
        assert set(ranked(index, "bigrams", ["编", "号"])) == set(source.held)
        assert (index.rows(list(source.held)) >= 0).all()
        assert (index.rows(list(gone)) == -1).all()
        for key, chunk in new.items():
            assert key in ranked(index, "words", [chunk.text.partition("编号")[2]])
    assert 2 < most < 9


def test_index_is_written_anew_when_much_has_changed_or_it_is_small(tmp_path: Path) -> None:
    source = shelf(100)
    opened(tmp_path / "a", source)
    source.held |= shelf(26, seed=1).held
    assert segments(opened(tmp_path / "b", source, previous=tmp_path / "a", whole=10)) == [126]
    source.held |= shelf(2, seed=2).held
    assert segments(opened(tmp_path / "c", source, previous=tmp_path / "b")) == [128]


def test_older_index_that_is_damaged_or_of_another_format_is_not_used(tmp_path: Path) -> None:
    source = shelf(100)
    for name, spoil in {"a": "index.json", "b": "0/ids.npy"}.items():
        opened(tmp_path / name, source)
        (tmp_path / name / spoil).write_text(json.dumps({"format": 1}))
        assert segments(opened(tmp_path / f"{name}2", source, previous=tmp_path / name, whole=10)) == [100]


def test_lexicon_keeps_the_commonest_words(monkeypatch: pytest.MonkeyPatch) -> None:
    chunks = [Chunk("1", (), heading, "正文", 1) for heading in ("手册 > 投诉", "手册 > 回访", "手册 > 投诉")]
    assert learn_lexicon(chunks) == {"手册", "投诉", "回访"}
    monkeypatch.setattr(word_build, "LEXICON_WORDS", 2)
    assert learn_lexicon(chunks) == {"手册", "投诉"}
