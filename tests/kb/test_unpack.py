"""The bundled model written out for other tools."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from kb.bundled_file import bundled_file, bundled_tokenizer
from kb.encoder import OnnxEncoder
from kb.errors import HomeUnusable
from kb.unpack import tensors, write_onnx, write_sentence_transformers

TEXTS = ["客户投诉在24小时内答复", "灭火器每月检查一次～", "", "第一章\t总则  ＡＢＣ"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("unpacked")
    write_sentence_transformers(target)
    return target


def test_every_weight_of_the_file_is_written_once() -> None:
    names = [name for name, _ in tensors(bundled_file())]
    assert len(names) == len(set(names)) == 5 + 16 * bundled_file().shape.layers


@pytest.mark.slow
def test_tokenizer_file_cuts_as_the_model_does(folder: Path) -> None:
    from tokenizers import Tokenizer

    written, ours = Tokenizer.from_file(str(folder / "tokenizer.json")), bundled_tokenizer()
    for text in filter(None, TEXTS):  # of nothing the model makes one space, the library nothing
        assert written.encode(text).ids == [ours.special.begin, *ours.encode(text), ours.special.end]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_sentence_transformers_reads_the_folder(folder: Path) -> None:
    pytest.importorskip("sentence_transformers", reason="the extra 'transformers' is not installed")
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder))
    theirs = model.encode(TEXTS, prompt="passage: ", show_progress_bar=False)
    assert (theirs * OnnxEncoder(threads=1).embed(TEXTS, "passage: ")).sum(1).min() > 0.999


def test_onnx_file_runs(tmp_path: Path) -> None:
    import onnxruntime

    target = tmp_path / "encoder.onnx"
    write_onnx(target)
    session = onnxruntime.InferenceSession(str(target), providers=["CPUExecutionProvider"])
    inputs = {"embeddings": np.zeros((2, 7, 384), np.float32), "mask": np.ones((2, 7), np.int32)}
    assert session.run(None, inputs)[0].shape == (2, 7, 384)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    with pytest.raises(HomeUnusable, match="file"):
        write_sentence_transformers(blocked)


def test_command_writes_the_form_that_the_name_asks_for(tmp_path: Path) -> None:
    target = tmp_path / "encoder.onnx"
    subprocess.run([sys.executable, "-m", "kb.unpack", str(target)], check=True)
    assert 10e6 < target.stat().st_size < 20e6
    failed = subprocess.run(
        [sys.executable, "-m", "kb.unpack", str(tmp_path / "none" / "encoder.onnx")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert failed.returncode == 1
    assert len(failed.stderr.strip().splitlines()) == 1
