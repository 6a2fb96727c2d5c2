"""Sections scored whole from their chunks' postings: as BM25 scores texts of that length, whatever the index is made of."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import numpy as np

from kb.model import Chunk
from kb.section_rows import SectionRows, SectionsWriter
from kb.section_scores import section_scores
from kb.segment import bigrams, unigrams
from kb.word_index import K1, B, WordIndex
from tests.kb.test_word_index import Shelf, opened

SAID = "受理登记 分级回访 退换审批 停机应急 信息保护 供应商切换 质量抽检 通报复盘".split()
HEADED = "甲章 乙章 丙章 丁章 戊章 己章 庚章 辛章".split()


def shelf(sections: int = 8, *, seed: int = 0) -> Shelf:
    """Return sections of one to five chunks, of which no word stands in all chunks of one but its heading's."""
    rnd, made = random.Random(seed), Shelf()
    for number in range(sections):
        for at in range(rnd.randrange(1, 6)):
            text = "，".join(rnd.choices(SAID[at % 2 :: 2], k=rnd.randrange(1, 9)))
            made.held[f"d.{number}x{at}"] = Chunk(f"{number}", (), f"手册 > {HEADED[number % 8]}", text, 9)
    return made


def expected(index: WordIndex, source: Shelf, token: str) -> list[float]:
    """Return BM25 of every section, written down as it is defined, a row each."""
    groups = [list(group) for _, group in groupby(source.held.values(), key=lambda chunk: chunk.section)]
    texts = [_net("\n".join([group[0].heading, *(chunk.text for chunk in group)])) for group in groups]
    mean = sum(map(len, texts)) / len(texts)
    found = []
    for group, text in zip(groups, texts, strict=True):
        often = Counter(text)[token]
        idf = index.idf(index.document_frequency("bigrams", token))
        score = idf * often / (often + K1 * ((1 - B) + B * len(text) / mean))
        found += [score] * len(group)
    return found


def _net(text: str) -> list[str]:
    return [*bigrams(text), *unigrams(text)]


def scored(index: WordIndex, tokens: Sequence[str], keys: Sequence[str]) -> list[float]:
    return section_scores(index, "bigrams", dict.fromkeys(tokens, 1.0), index.rows(keys)).tolist()


def test_a_section_scores_as_one_text_under_its_heading(tmp_path: Path) -> None:
    source = shelf()
    index = opened(tmp_path / "i", source)
    for token in ("受理", "抽检", "手册", "丙章", "供"):
        np.testing.assert_allclose(
            scored(index, [token], source.chunk_ids()), expected(index, source, token), rtol=1e-5
        )


def test_tokens_add_up_by_their_weights(tmp_path: Path) -> None:
    source = shelf()
    index = opened(tmp_path / "i", source)
    rows = index.rows(source.chunk_ids())
    one, other = (section_scores(index, "bigrams", {token: 1.0}, rows) for token in ("受理", "回访"))
    both = section_scores(index, "bigrams", {"受理": 1.0, "回访": 0.5, "没有的": 1.0}, rows)
    np.testing.assert_allclose(both, one + 0.5 * other, rtol=1e-5)


def test_a_section_spread_over_two_segments_is_scored_whole(tmp_path: Path) -> None:
    source = shelf(40)
    opened(tmp_path / "a", source, whole=10)
    last = source.chunk_ids()[-1]
    source.held["d.39xnew"] = Chunk("39", (), source.held[last].heading, "受理登记，受理登记", 9)
    index = opened(tmp_path / "b", source, previous=tmp_path / "a", whole=10)
    assert len(index.segments) == 2
    before, after = (scored(index, ["受理"], [key])[0] for key in (last, "d.39xnew"))
    assert before == after > 0


def test_no_rows_and_an_empty_index_have_no_scores(tmp_path: Path) -> None:
    index = opened(tmp_path / "i", Shelf())
    assert scored(index, ["受理"], []) == []
    assert index.mean_section_length("words") == 1.0


def test_runs_are_found_by_label_and_rows_by_place(tmp_path: Path) -> None:
    writer = SectionsWriter()
    begun = [writer.add(document, number) for document, number in (("a", "1"), ("a", "1"), ("b", "1"))]
    writer.head([1, 2])
    writer.head([3, 4])
    writer.finish(tmp_path)
    rows = SectionRows(tmp_path, 3)
    assert begun == [True, False, True]
    labels = rows.labels_of(np.array([0, 1, 2]))
    assert labels[0] == labels[1] != labels[2]
    assert rows.runs_of(np.array([labels[2], 7, labels[0]], dtype=np.uint64)).tolist() == [1, -1, 0]
