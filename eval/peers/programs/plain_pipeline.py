"""The plain pipeline that the product has to beat: items, BM25 over jieba's words, cosines, reciprocal rank fusion.

On repaired text a chunk is one item, with its headings in front where ``headings`` is the argument; on a raw file a
line, cut at sentence ends where it is long. Cormack, Clarke & Büttcher 2009 for the fusion and its 60.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator, Sequence

import jieba
import numpy as np
from bm25s import BM25

from eval.peers.programs.link import Found, Model, Source, serve
from eval.peers.programs.plain_reading import texts_of

DEPTH = 100
RANK = 60
LONG = 200  # characters
_SENTENCE = re.compile(r"[^。！？；;!?]*[。！？；;!?]?")


class Plain:
    """The pipeline; ``headings`` puts an item's titles in front of it."""

    def __init__(self, model: Model, *, headings: bool) -> None:
        self._model = model
        self._headings = headings
        self._texts: list[str] = []

    def ingest(self, sources: Sequence[Source]) -> int:
        """Embed every item and count its words."""
        self._texts = list(self._items(sources))
        self._vectors = np.asarray(self._model.passages(self._texts), dtype=np.float32)
        self._words = BM25()
        self._words.index([_tokens(text) for text in self._texts], show_progress=False)
        return len(self._texts)

    def search(self, question: str, limit: int) -> list[Found]:
        """Return the best items by fused rank."""
        cosines = self._vectors @ np.asarray(self._model.question(question), dtype=np.float32)
        known = [token for token in _tokens(question) if token in self._words.vocab_dict]
        words = self._words.get_scores(known) if known else np.zeros(len(self._texts))
        fused = np.zeros(len(self._texts))
        for scores, floor in ((cosines, -np.inf), (words, 0.0)):
            best = np.argsort(-scores, kind="stable")[:DEPTH]
            for rank, at in enumerate(best[scores[best] > floor], 1):
                fused[at] += 1 / (RANK + rank)
        order = np.argsort(-fused, kind="stable")[:limit]
        return [Found(self._texts[at], float(fused[at])) for at in order if fused[at] > 0]

    def _items(self, sources: Sequence[Source]) -> Iterator[str]:
        for source, text in zip(sources, texts_of(sources), strict=True):
            if source.pieces:
                yield from (f"{one.heading}\n{one.text}" if self._headings else one.text for one in source.pieces)
            else:
                yield from (piece for line in text.splitlines() for piece in _cut(line.strip()) if piece)


def _cut(line: str) -> Iterator[str]:
    """Yield ``line``, or runs of its sentences of about ``LONG`` characters."""
    run = ""
    for sentence in _SENTENCE.findall(line) if len(line) > LONG else [line]:
        if run and len(run) + len(sentence) > LONG:
            yield run
            run = ""
        run += sentence
    yield run


def _tokens(text: str) -> list[str]:
    return [word.lower() for word in jieba.cut(text) if word.strip()]


def main() -> None:
    """Serve it."""
    jieba.setLogLevel(logging.ERROR)
    jieba.initialize()
    headings = "headings" in sys.argv[1:]
    serve(lambda model: Plain(model, headings=headings), libraries=("bm25s", "jieba"))
