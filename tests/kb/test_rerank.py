"""The second look, through a real cross-encoder made here: no download, real library."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from kb.errors import ModelUnavailable, OptionalDependencyMissing
from kb.knowledge import KnowledgeBase
from kb.rerank import CrossEncoderReranker, Reranker, open_reranker
from kb.search import RERANKED, HybridSearcher
from kb.settings import load_settings


def test_no_name_is_no_reranker(tmp_path: Path) -> None:
    assert open_reranker(load_settings(tmp_path).search.reranker) is None
    assert isinstance(open_reranker("some/model"), Reranker)


def test_opening_loads_nothing() -> None:
    code = "import sys; from kb.rerank import open_reranker; open_reranker('some/model');"
    code += "sys.exit('sentence_transformers' in sys.modules or 'torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(OptionalDependencyMissing, match="transformers"):
        CrossEncoderReranker("some/model").score("投诉", ["投诉"])


@pytest.fixture(scope="module")
def tiny_models(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Return folders with one-layer cross-encoders of random weights, by their number of outputs."""
    pytest.importorskip("sentence_transformers", reason="the extra 'transformers' is not installed")
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    result = {}
    for outputs in (1, 2):
        folder = tmp_path_factory.mktemp(f"tiny{outputs}")
        vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"投诉处理客户回访时限审批"]
        (folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
        config = BertConfig(
            vocab_size=len(vocabulary),
            hidden_size=32,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=32,
            num_labels=outputs,
        )
        BertForSequenceClassification(config).save_pretrained(folder)
        BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
        result[outputs] = folder
    return result


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_any_cross_encoder_scores(tiny_models: dict[int, Path]) -> None:
    model = open_reranker(str(tiny_models[1]))
    assert isinstance(model, CrossEncoderReranker)
    scores = model.score("投诉处理", ["客户投诉", "回访", ""])
    assert scores.shape == (3,)
    assert np.isfinite(scores).all()
    assert model.score("投诉处理", []).shape == (0,)
    assert np.allclose(model.score("投訴處理", ["客戶投訴", "回訪", ""]), scores)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_model_with_two_outputs_is_refused(tiny_models: dict[int, Path]) -> None:
    with pytest.raises(ModelUnavailable, match="2 个输出"):
        CrossEncoderReranker(str(tiny_models[2])).score("投诉", ["投诉"])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers", reason="the extra 'transformers' is not installed")
    with pytest.raises(ModelUnavailable, match="absent"):
        CrossEncoderReranker(str(tmp_path / "absent")).score("投诉", ["投诉"])


class LongestFirst:
    """A cross-encoder that likes long passages."""

    def score(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        assert question
        return np.array([len(passage) - 200.0 for passage in passages], np.float32)


def test_a_configured_reranker_orders_the_best_hits(sample: KnowledgeBase) -> None:
    plain = HybridSearcher(sample).search("投诉怎么处理", limit=30)
    reread = HybridSearcher(sample, reranker=LongestFirst()).search("投诉怎么处理", limit=30)
    assert {hit.chunk for hit in reread[:RERANKED]} == {hit.chunk for hit in plain[:RERANKED]}
    assert [hit.chunk for hit in reread[RERANKED:]] == [hit.chunk for hit in plain[RERANKED:]]
    assert [hit.chunk for hit in reread] != [hit.chunk for hit in plain]
    assert all(0.0 <= hit.score <= 1.0 for hit in reread)
