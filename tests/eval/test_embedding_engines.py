"""Engines side by side: the same vectors but for rounding, and rows that say so."""

from __future__ import annotations

import numpy as np

from eval.embedding_engines import EXACT, PRODUCT, eight_bit_model, measure
from kb.bundled_file import bundled_file
from kb.encoder import OnnxEncoder, open_session

TEXTS = ["客户投诉受理后24小时内回访。", "停机应急响应由值班经理启动。", "退款在7个工作日内到账。"]


def test_eight_bits_are_near_the_product_and_keep_its_order() -> None:
    product, rounded = OnnxEncoder(threads=1), OnnxEncoder(threads=1)
    rounded.__dict__["_session"] = open_session(eight_bit_model(bundled_file()), threads=1)
    ours, theirs = product.embed(TEXTS, "passage: "), rounded.embed(TEXTS, "passage: ")
    assert (ours * theirs).sum(axis=1).min() > 0.99
    asked = product.embed(["投诉多久回访？"], "query: ")[0]
    assert np.argmax(theirs @ asked) == np.argmax(ours @ asked) == 0


def test_rows_compare_with_the_product_and_with_32_bits() -> None:
    right = np.eye(3, dtype=np.float32)

    def embed(texts: list[str]) -> np.ndarray:
        sum(at * at for at in range(200_000))  # takes time that is not none
        return right[: len(texts)]

    rows = measure(TEXTS, {PRODUCT: embed, EXACT: embed}, lambda vectors: float(vectors.trace()) / 3)
    assert [row["engine"] for row in rows] == [PRODUCT, EXACT]
    assert rows[0]["times_the_product"] == 1.0
    assert rows[1]["cosine_to_32_bits"] == [1.0, 1.0]
    assert rows[1]["mrr@10"] == 1.0
