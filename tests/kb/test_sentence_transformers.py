"""The path through sentence-transformers, with a tiny model made here: no download, real library."""

from pathlib import Path

import pytest

from kb.knowledge import KnowledgeBase
from kb.search import HybridSearcher
from kb.settings import EmbeddingSettings, Settings
from tests.kb.samples import parsed_document

pytest.importorskip("sentence_transformers", reason="the extra 'transformers' is not installed")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a one-layer BERT of random weights whose tokenizer knows single characters."""
    from sentence_transformers import SentenceTransformer, models
    from transformers import BertConfig, BertModel, BertTokenizer

    folder = tmp_path_factory.mktemp("tiny")
    bert, whole = folder / "bert", folder / "model"
    bert.mkdir()
    characters = [chr(code) for code in range(0x4E00, 0x9FA6, 7)]
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *characters, *"投诉处理客户回访时限审批"]
    (bert / "vocab.txt").write_text("\n".join(dict.fromkeys(vocabulary)), encoding="utf-8")
    config = BertConfig(
        vocab_size=len(set(vocabulary)),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
    )
    BertModel(config).save_pretrained(bert)
    BertTokenizer(str(bert / "vocab.txt")).save_pretrained(bert)
    word = models.Transformer(str(bert))
    SentenceTransformer(modules=[word, models.Pooling(32)]).save(str(whole))
    return whole


def test_any_sentence_transformers_model_fills_and_searches(tiny_model: Path, tmp_path: Path) -> None:
    settings = Settings(
        home=tmp_path, embedding=EmbeddingSettings(provider="sentence_transformers", model=str(tiny_model))
    )
    with KnowledgeBase.open(settings) as knowledge:
        knowledge.add(parsed_document())
        assert knowledge.embeddings.dimension == 32
        assert knowledge.embeddings.count_tokens("投诉处理") == 6
        assert HybridSearcher(knowledge).search("投诉", limit=3)
