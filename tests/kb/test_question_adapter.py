"""The map of question vectors: the bundled model's alone, length kept, and search really uses it."""

from pathlib import Path

import numpy as np

from kb.knowledge import KnowledgeBase
from kb.question_adapter import QuestionAdapter, load_adapter, shipped_adapter
from kb.search import HybridSearcher


def test_shipped_map_belongs_to_the_bundled_model_alone(sample: KnowledgeBase) -> None:
    adapter = shipped_adapter(sample.embeddings.model_id)
    assert adapter is not None
    assert adapter.matrix.shape == (sample.embeddings.dimension,) * 2
    assert shipped_adapter("another/model") is None


def test_mapped_vectors_have_length_one_and_stay_near(sample: KnowledgeBase) -> None:
    vector = np.asarray(sample.embeddings.embed_query("客户投诉来了怎么处理"), dtype=np.float32)
    adapter = shipped_adapter(sample.embeddings.model_id)
    assert adapter is not None
    mapped = adapter.adapt(np.stack([vector, -vector]))
    np.testing.assert_allclose(np.linalg.norm(mapped, axis=1), 1.0, atol=1e-5)
    assert mapped[0] @ vector > 0.8


def test_map_survives_its_file(tmp_path: Path) -> None:
    matrix = np.random.default_rng(0).normal(size=(8, 8)).astype(np.float16).astype(np.float32)
    QuestionAdapter("model", matrix).save(tmp_path / "map.npz")
    read = load_adapter(tmp_path / "map.npz")
    assert read.model_id == "model"
    np.testing.assert_array_equal(read.matrix, matrix)


def test_search_turns_the_question_by_the_map(sample: KnowledgeBase) -> None:
    backwards = QuestionAdapter(sample.embeddings.model_id, -np.eye(sample.embeddings.dimension, dtype=np.float32))
    plain = np.asarray(sample.embeddings.embed_query("退款多久到账"), dtype=np.float32)
    np.testing.assert_allclose(
        HybridSearcher(sample, adapter=backwards).prepare("退款多久到账").vector, -plain, atol=1e-5
    )
