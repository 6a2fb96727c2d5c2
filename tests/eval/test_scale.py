"""The benchmark of size: what it makes of a few passages, and that it runs from end to end."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from eval import scale
from eval.beir import Passage
from eval.scale_corpus import Base, documents, load_base, read_base, save_base, vectors
from kb.embeddings import normalised
from tests.fakes import HashEmbeddings

LINES = [f"第{at}条要求。客户投诉{at}分钟内受理；超时上报。工单{at}号归档。" for at in range(30)]


def base() -> Base:
    passages = tuple(Passage(str(at), line, f"规程{at % 3}") for at, line in enumerate(LINES))
    made = normalised(np.asarray(HashEmbeddings().embed_documents(LINES), dtype=np.float32))
    return Base(passages, made, tuple(f"投诉{at}分钟怎么受理？" for at in range(60)))


def test_first_chunks_are_the_passages_themselves() -> None:
    (document, rows), *_ = documents(base(), 30)
    assert [chunk.text for chunk in document.chunks] == LINES
    assert np.allclose(rows, base().vectors)


def test_perturbed_chunks_are_new_near_their_passage_and_the_same_each_time() -> None:
    one, again = (list(documents(base(), 450)) for _ in range(2))
    assert [document for document, _ in one] == [document for document, _ in again]
    texts = [chunk.text for document, _ in one for chunk in document.chunks]
    assert len(texts) == len(set(texts)) == 450
    rows = np.concatenate([rows for _, rows in one])
    assert np.array_equal(rows, vectors(base(), 0, 450))
    assert np.allclose(np.linalg.norm(rows, axis=1), 1)
    assert float((rows[30:] @ base().vectors.T).max(axis=1).min()) > 0.7


def test_blocks_are_where_the_section_says() -> None:
    for document, _ in documents(base(), 250):
        for section in document.sections:
            assert all(section.body[block.start : block.end] == block.text for block in section.blocks)


def test_base_is_read_as_it_was_saved(tmp_path: Path) -> None:
    save_base(tmp_path / "base", base())
    read = read_base(tmp_path / "base")
    assert (read.passages, read.questions) == (base().passages, base().questions)
    assert np.array_equal(read.vectors, base().vectors)


def test_passages_that_the_cache_lacks_are_embedded_once_or_left_out(tmp_path: Path) -> None:
    bench = tmp_path / "bench" / "甲"
    bench.mkdir(parents=True)
    rows = [{"id": str(at), "text": line} for at, line in enumerate(LINES)]
    (bench / "corpus.jsonl").write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    question = {"id": "q", "text": "多久受理？", "gold_ids": ["3"]}
    (bench / "queries.jsonl").write_text(json.dumps(question), encoding="utf-8")
    asked: list[int] = []
    model = HashEmbeddings(before=lambda texts: asked.append(len(texts)))
    assert load_base(bench, tmp_path / "cache", model, known_only=True).passages == ()
    assert len(load_base(bench, tmp_path / "cache", model, known_only=False).passages) == 30
    paid = sum(asked)
    assert len(load_base(bench, tmp_path / "cache", model, known_only=True).passages) == 30
    assert sum(asked) == paid == 30


def test_benchmark_runs_from_end_to_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small size in one process: built, measured, and all that is compared is found, because it is exact."""
    monkeypatch.setattr(scale, "BundledEmbeddings", HashEmbeddings)
    save_base(tmp_path / "base", base())
    built = scale.build(tmp_path, base(), scale.GivenEmbeddings(HashEmbeddings()), 600)
    (tmp_path / "built.json").write_text(json.dumps(scale.asdict(built)), encoding="utf-8")
    found = scale.report(tmp_path, 600, 20)
    assert found["chunks"] == 600
    assert found["vector_recall_at_10"] >= 0.98
    assert found["ms"]["search"]["p95"] > 0
    assert {"catalogue", "words", "vectors"} <= found["disk_mb"].keys()
