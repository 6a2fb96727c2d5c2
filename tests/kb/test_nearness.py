"""Sections near a question: by their two nearest chunks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from kb import nearness
from kb.model import Chunk
from kb.nearness import Nearness
from kb.word_index import WordIndex
from tests.kb.test_word_index import Shelf, opened

QUESTION = np.array([1, 0, 0], dtype=np.float32)


class Base:
    """Chunks with vectors: a section for each list of cosines with ``QUESTION``."""

    def __init__(self, place: Path, *sections: Sequence[float]) -> None:
        source, self.vectors, self.reads = Shelf(), dict[str, NDArray[np.float32]](), 0
        for number, cosines in enumerate(sections):
            for at, cosine in enumerate(cosines):
                key = f"d.{number}x{at}"
                source.held[key] = Chunk(str(number), (), "手册", f"第{number}节第{at}块", 9)
                self.vectors[key] = np.array([cosine, np.sqrt(1 - cosine**2), 0], dtype=np.float32)
        self.index: WordIndex = opened(place / "i", source)
        self.keys = list(source.held)

    def vectors_of(self, keys: Sequence[str]) -> NDArray[np.float32]:
        self.reads += len(keys)
        return np.array([self.vectors.get(key, QUESTION * 0) for key in keys], dtype=np.float32).reshape(-1, 3)

    def near(self, *keys: str, depth: int = 100) -> Nearness:
        rows = np.sort(self.index.rows(keys or self.keys))
        return Nearness(self.index, rows, QUESTION, depth=depth, vectors_of=self.vectors_of)


def test_two_near_chunks_count_more_than_one(tmp_path: Path) -> None:
    base = Base(tmp_path, [0.9, 0.2], [0.88, 0.86])
    near = base.near("d.0x0", "d.1x0")
    np.testing.assert_allclose(near.cosines, [0.9, 0.88], atol=1e-6)
    one, other = near.scores()
    assert one < other
    share = nearness.SECTION_SHARE
    assert one == pytest.approx((1 - share) + share * 0.55 / 0.9, abs=1e-5)
    assert other == pytest.approx((1 - share) * 0.88 / 0.9 + share * 0.87 / 0.9, abs=1e-5)


def test_a_section_of_one_chunk_loses_nothing(tmp_path: Path) -> None:
    assert Base(tmp_path, [0.9], [0.6]).near().scores() == pytest.approx([1, 0.6 / 0.9], abs=1e-5)


def test_what_is_at_the_depth_is_as_far_as_what_lies_beyond(tmp_path: Path) -> None:
    scores = Base(tmp_path, [0.9], [0.8], [0.7], [0.6]).near(depth=3).scores()
    assert scores == pytest.approx([1, 0.5, 0, 0], abs=1e-5)


def test_of_a_long_section_only_what_was_found_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearness, "LONG", 3)
    base = Base(tmp_path, [0.9, 0.8, 0.7, 0.6], [0.9, 0.8, 0.7])
    near = base.near("d.0x0", "d.0x3", "d.1x0")
    assert base.reads == 5
    share = nearness.SECTION_SHARE
    assert near.scores()[0] == pytest.approx((1 - share) + share * 0.75 / 0.9, abs=1e-5)


def test_chunks_without_a_vector_are_far_and_take_nothing_from_their_section(tmp_path: Path) -> None:
    base = Base(tmp_path, [0.9, 0.5], [0.6])
    del base.vectors["d.0x1"]
    near = base.near()
    assert near.cosines == pytest.approx([0.9, 0, 0.6], abs=1e-6)
    assert near.scores()[0] == pytest.approx(1, abs=1e-5)
    base.vectors.clear()
    assert base.near().scores().tolist() == [0, 0, 0]


def test_no_rows_have_no_scores(tmp_path: Path) -> None:
    base = Base(tmp_path, [0.9])
    near = Nearness(base.index, np.zeros(0, dtype=np.int64), QUESTION, depth=100, vectors_of=base.vectors_of)
    assert near.scores().tolist() == []
