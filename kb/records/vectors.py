"""Vectors of questions, kept beside those of chunks, so that a desk of a thousand questions is embedded once.

Knows the cache of embeddings and a model. A key begins with a mark, because a question and a passage of the same words
have different vectors in many models.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import insert, select

from kb.embeddings import EmbeddingModel, normalised
from kb.fold import simplified
from kb.rows import batched, text_key
from kb.tables import embeddings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kb.records.ledger import Ledger

_VARIABLES = 500
_STORED = np.dtype("<f4")


def question_vectors(ledger: Ledger, model: EmbeddingModel, questions: Sequence[str]) -> NDArray[np.float32]:
    """Return the vectors of ``questions`` at length 1, shape (questions, dimension); new ones are embedded and kept.

    Raises:
        ModelUnavailable: the embedding model cannot be used.
    """
    keys = {text: text_key(f"question\n{text}") for text in questions}
    known: dict[bytes, bytes] = {}
    with ledger.read() as connection:
        for some in batched(keys.values(), _VARIABLES):
            statement = select(embeddings).where(embeddings.c.model == model.model_id, embeddings.c.key.in_(some))
            known.update((row.key, row.vector) for row in connection.execute(statement))
    size = _STORED.itemsize * model.dimension
    missing = {text: key for text, key in keys.items() if len(known.get(key, b"")) != size}
    for text, key in missing.items():
        vector = np.asarray([model.embed_query(simplified(text))], dtype=_STORED)
        known[key] = normalised(vector)[0].tobytes()
    if missing:
        rows = [{"model": model.model_id, "key": key, "vector": known[key]} for key in missing.values()]
        with ledger.told("问题的向量没有保存"), ledger.write() as connection:
            connection.execute(insert(embeddings).prefix_with("OR REPLACE"), rows)
    return np.array([np.frombuffer(known[keys[text]], dtype=_STORED) for text in questions], dtype=np.float32).reshape(
        len(questions), model.dimension
    )
