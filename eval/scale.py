"""Search over very many chunks: ``python -m eval.scale --chunks 100000 --bench DIR --cache DIR``.

Builds a knowledge base of that size from public passages (``eval/scale_corpus.py`` says how) with the product's own
code, and measures in a process of its own: times by stage, memory, and the recall of the vector index against comparing
all vectors. Prints one JSON object. Times depend on the machine; ratios to embedding a question, taken in the same run,
do so less. With ``--home`` the knowledge base is kept, and measured again without building where it is there.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from eval.command import run
from eval.scale_corpus import PER_DOCUMENT, Base, documents, load_base, read_base, save_base, vectors
from eval.scale_measure import LIMIT, WARM, Bounds, memory, recall, sizes, times
from kb.embeddings import BundledEmbeddings, EmbeddingModel, Vectors
from kb.fold import simplified
from kb.knowledge import KnowledgeBase
from kb.search import HybridSearcher
from kb.settings import load_settings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kb.model import ParsedDocument

BOUNDS = {100_000: Bounds(p95_ms=30, recall=0.98), 1_000_000: Bounds(p95_ms=120, recall=0.98)}
RECALL = 200  # questions


class GivenEmbeddings:
    """A model whose passages' vectors are given beforehand; questions are embedded as always."""

    def __init__(self, model: EmbeddingModel) -> None:
        self._model = model
        self._given: dict[str, NDArray[np.float32]] = {}
        self.model_id = f"{model.model_id}/perturbed"
        self.dimension = model.dimension

    def give(self, document: ParsedDocument, rows: NDArray[np.float32]) -> None:
        """Take the vectors of the chunks of ``document``, in place of those given before."""
        texts = (simplified(chunk.indexed) for chunk in document.chunks)
        self._given = dict(zip(texts, rows, strict=True))

    def count_tokens(self, text: str) -> int:
        """Return how many tokens ``text`` takes."""
        return self._model.count_tokens(text)

    def embed_documents(self, texts: list[str]) -> Vectors:
        """Return the given vectors."""
        return np.stack([self._given[text] for text in texts]).tolist()  # type: ignore[no-any-return]

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question."""
        return self._model.embed_query(text)


@dataclass(frozen=True, slots=True)
class Build:
    """Seconds of building, by stage; ``tenths`` are those of adding each tenth of the chunks."""

    add_s: float
    tenths: list[float]
    vectors_s: float
    words_s: float
    update_s: float

    def per_10k(self, count: int) -> dict[str, float]:
        """Return seconds for 10,000 chunks."""
        stages = {"add": self.add_s, "vectors": self.vectors_s, "words": self.words_s}
        return {name: round(seconds * 10_000 / count, 2) for name, seconds in stages.items()}


def build(home: Path, base: Base, model: GivenEmbeddings, count: int) -> Build:
    """Fill ``home`` with ``count`` chunks and build its indexes."""
    with KnowledgeBase.open(load_settings(home), model) as knowledge:
        marks = [time.perf_counter()]
        done = 0
        for document, rows in documents(base, count):
            model.give(document, rows)
            knowledge.add(document)
            done += len(document.chunks)
            if done * 10 // count >= len(marks):
                marks.append(time.perf_counter())
                _note(f"{done} chunks added after {marks[-1] - marks[0]:.0f} s")
        added = time.perf_counter()
        knowledge.refresh()
        refreshed = time.perf_counter()
        _note(f"vectors: {refreshed - added:.0f} s")
        searcher = HybridSearcher(knowledge)
        searched = len(searcher.index)
        indexed = time.perf_counter()
        _note(f"words of {searched} chunks: {indexed - refreshed:.0f} s")
        first = next(documents(base, min(PER_DOCUMENT, count)))
        update = _update(knowledge, searcher, model, first)
    return Build(marks[-1] - marks[0], np.diff(marks).round(1).tolist(), refreshed - added, indexed - refreshed, update)


def _update(
    knowledge: KnowledgeBase,
    searcher: HybridSearcher,
    model: GivenEmbeddings,
    given: tuple[ParsedDocument, NDArray[np.float32]],
) -> float:
    """Return the seconds from halving a document, and making it whole again, to having searched, on average."""
    document, rows = given
    started = time.perf_counter()
    for keep in (len(document.sections) // 2, len(document.sections)):
        kept = {section.number for section in document.sections[:keep]}
        places = [at for at, chunk in enumerate(document.chunks) if chunk.section in kept]
        changed = replace(
            document,
            checksum=f"{document.checksum}-{keep}",
            sections=document.sections[:keep],
            chunks=tuple(document.chunks[at] for at in places),
        )
        model.give(changed, rows[places])
        knowledge.add(changed)
        searcher.search(document.title, limit=LIMIT)
    return (time.perf_counter() - started) / 2


def exact(base: Base, count: int, queries: NDArray[np.float32], limit: int) -> NDArray[np.int64]:
    """Return the numbers of the nearest chunks of each query by comparing all, shape (queries, limit)."""
    best = np.full((len(queries), limit), -2.0, dtype=np.float32)
    numbers = np.zeros((len(queries), limit), dtype=np.int64)
    for first in range(0, count, 20_000):
        rows = vectors(base, first, min(20_000, count - first))
        cosines = np.concatenate([best, queries @ rows.T], axis=1)
        known = np.concatenate([numbers, np.tile(np.arange(first, first + len(rows)), (len(queries), 1))], axis=1)
        order = np.argsort(-cosines, axis=1, kind="stable")[:, :limit]
        best, numbers = np.take_along_axis(cosines, order, 1), np.take_along_axis(known, order, 1)
    return numbers


def main() -> None:
    """Build where needed, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chunks", type=int, default=100_000)
    parser.add_argument("--bench", type=Path, required=True, help="folder of retrieval sets")
    parser.add_argument("--cache", type=Path, required=True, help="folder of their vectors")
    parser.add_argument("--home", type=Path, help="keep the knowledge base here")
    parser.add_argument("--known-only", action="store_true", help="only passages whose vectors are in the cache")
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = args.home or Path(folder)
        if args.measure:
            sys.stdout.write(json.dumps(report(home, args.chunks, args.queries), ensure_ascii=False, indent=2) + "\n")
            return
        if not (home / "built.json").exists():
            bundled = BundledEmbeddings()
            base = load_base(args.bench, args.cache, bundled, known_only=args.known_only)
            home.mkdir(parents=True, exist_ok=True)
            save_base(home / "base", base)
            built = build(home, base, GivenEmbeddings(bundled), args.chunks)
            (home / "built.json").write_text(json.dumps(asdict(built)), encoding="utf-8")
        command = [sys.executable, "-m", "eval.scale", *sys.argv[1:], "--home", str(home), "--measure"]
        sys.stdout.write(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def report(home: Path, count: int, questions: int) -> dict[str, Any]:
    """Return all numbers of the knowledge base in ``home``, measured in this process."""
    base = read_base(home / "base")
    built = Build(**json.loads((home / "built.json").read_text(encoding="utf-8")))
    with KnowledgeBase.open(load_settings(home), GivenEmbeddings(BundledEmbeddings())) as knowledge:
        knowledge.embeddings.embed_query("预热")
        before = memory()
        timed, queries = times(knowledge, base.questions[: questions + WARM])
        after = memory()
        found = recall(knowledge, queries[:RECALL], exact(base, count, queries[:RECALL], LIMIT), PER_DOCUMENT)
        chunks = knowledge.chunk_count()
    bounds = BOUNDS.get(count)
    return {
        "chunks": chunks,
        "passages": len(base.passages),
        "cores": os.cpu_count(),
        "load_average": round(os.getloadavg()[0], 1),
        "bounds": asdict(bounds) if bounds else None,
        "build_s_per_10k_chunks": built.per_10k(count),
        "add_last_tenth_to_first": round(built.tenths[-1] / max(built.tenths[0], 0.1), 2),
        "change_one_document_s": round(built.update_s, 2),
        "disk_mb": sizes(home),
        "memory_mb": {
            "model_and_program": before,
            "after_all_questions": after,
            "for_search": {name: after[name] - before[name] for name in after},
        },
        **timed,
        f"vector_recall_at_{LIMIT}": round(found, 4),
    }


def _note(text: str) -> None:
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    run(main)
