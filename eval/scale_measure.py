"""Times by stage, memory and recall of one large knowledge base, in the process that calls it.

Knows the stages of a search from outside: calls of the word index, of the vectors and of reading chunks again are
timed where they are made. Every question is asked once, so that no chunk's text is in a cache because of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kb.fold import simplified
from kb.rows import document_id
from kb.search import Filter, HybridSearcher, prepare

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kb.knowledge import KnowledgeBase

WARM = 30
LIMIT = 10
MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the project promises for a size."""

    p95_ms: float
    recall: float


class Stages:
    """Milliseconds of each stage of each search: of the clock, and of this process's own processor time."""

    def __init__(self) -> None:
        self.rounds: list[dict[str, NDArray[np.float64]]] = []

    def begin(self) -> None:
        """Begin with the next search."""
        self.rounds.append({})

    def add(self, stage: str, started: NDArray[np.float64]) -> None:
        """Add the time since ``started`` (from ``now``) to ``stage``."""
        round_ = self.rounds[-1]
        round_[stage] = round_.get(stage, np.zeros(2)) + now() - started

    def around(self, thing: object, method: str, stage: Callable[[tuple[Any, ...]], str]) -> None:
        """Time every call of a method of one object; ``stage`` names it by the call's arguments."""
        plain = getattr(thing, method)

        def timed(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            started = now()
            try:
                return plain(*args, **kwargs)
            finally:
                self.add(stage(args), started)

        setattr(thing, method, timed)

    def spread(self, rounds: slice, kind: int) -> dict[str, dict[str, float]]:
        """Return p50 and p95 by stage over some rounds; ``kind`` 0 is the clock, 1 the processor."""
        some = self.rounds[rounds]
        names = list(dict.fromkeys(name for one in some for name in one))
        return {name: spread([one[name][kind] if name in one else 0.0 for one in some]) for name in names}


def now() -> NDArray[np.float64]:
    """Return the time and the processor time of this process (all its threads), in milliseconds."""
    return np.array([time.perf_counter(), time.process_time()]) * 1000


def spread(values: Sequence[float]) -> dict[str, float]:
    """Return median and 95th percentile."""
    return {"p50": round(float(np.percentile(values, 50)), 2), "p95": round(float(np.percentile(values, 95)), 2)}


def times(knowledge: KnowledgeBase, questions: Sequence[str]) -> tuple[dict[str, Any], NDArray[np.float32]]:
    """Return the times of hybrid search by stage, and the vectors of the questions."""
    opened = time.perf_counter()
    searcher = HybridSearcher(knowledge)
    searcher.search(questions[0], limit=LIMIT)
    first_search = time.perf_counter() - opened
    stages = Stages()
    stages.around(searcher.index, "best", lambda args: str(args[0]))
    stages.around(knowledge, "vector_search", lambda _: "vectors")
    stages.around(searcher, "_read", lambda _: "coverage_read")
    vectors = []
    for question in questions:
        stages.begin()
        started = now()
        vector = np.asarray(knowledge.embeddings.embed_query(simplified(question)), dtype=np.float32)
        stages.add("embed", started)
        vectors.append(vector)
        started = now()
        query = prepare(question, index=searcher.index, synonyms=searcher.synonyms, vector=vector)
        stages.add("fold_segment", started)
        searcher.search_prepared(query, limit=LIMIT)
        stages.add("search", started)
        own = stages.rounds[-1]
        known = ("fold_segment", "words", "bigrams", "vectors", "coverage_read")
        own["fusion_coverage_rest"] = own["search"] - sum(own.get(name, np.zeros(2)) for name in known)
        own["search_with_embedding"] = own["search"] + own["embed"]
    warm = slice(WARM, None)
    report: dict[str, Any] = {
        "first_search_s": round(first_search, 2),
        "not_warm_search_ms": stages.spread(slice(1, WARM), 0)["search"],
        "ms": stages.spread(warm, 0),
        "processor_ms": stages.spread(warm, 1),
    }
    for name, kind in (("ms", "clock"), ("processor_ms", "processor")):
        middle = max(report[name]["embed"]["p50"], 0.01)
        report[f"search_to_embedding_a_question_{kind}"] = {
            share: round(value / middle, 2) for share, value in report[name]["search"].items()
        }
    report["in_one_document_ms"] = spread(_filtered(knowledge, searcher, questions[: 3 * WARM]))
    return report, np.stack(vectors)


def _filtered(knowledge: KnowledgeBase, searcher: HybridSearcher, questions: Sequence[str]) -> list[float]:
    """Return the milliseconds of searching in one document, another each time."""
    documents = knowledge.documents()
    taken = []
    for at, question in enumerate(questions):
        query = searcher.prepare(question)
        one = Filter(frozenset({documents[at * 7 % len(documents)].id}))
        started = time.perf_counter()
        searcher.search_prepared(query, limit=LIMIT, filter=one)
        taken.append((time.perf_counter() - started) * 1000)
    return taken


def recall(
    knowledge: KnowledgeBase, queries: NDArray[np.float32], wanted: NDArray[np.int64], per_document: int
) -> float:
    """Return the share of the truly nearest chunks (by number) that the vector index finds as its nearest."""
    ids: dict[str, list[str]] = {}
    for key in knowledge.chunk_ids():
        ids.setdefault(key.partition(".")[0], []).append(key)
    right = 0
    for vector, numbers in zip(queries, wanted, strict=True):
        places = (divmod(int(number), per_document) for number in numbers)
        truth = {ids[document_id(f"{document}.txt")][at] for document, at in places}
        found = {key for key, _ in knowledge.vector_search(vector, limit=len(numbers))}
        right += len(truth & found)
    return right / wanted.size


def memory() -> dict[str, int]:
    """Return the megabytes of this process: its own (anonymous) and those of mapped files it has touched."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    values = dict(line.split(":", 1) for line in lines if line.startswith(("RssAnon", "RssFile")))
    return {name: int(value.split()[0]) // 1024 for name, value in values.items()}


def sizes(home: Path) -> dict[str, int]:
    """Return the megabytes on disk: the catalogue, and each index as a search reads it (the newest)."""
    newest: dict[str, Path] = {}
    for path in sorted((home / "index").glob("[!.]*"), key=lambda path: path.stat().st_mtime):
        newest[path.name.partition("-")[0]] = path
    found: Mapping[str, list[Path]] = {
        "catalogue": [path for path in home.iterdir() if path.is_file()],
        **{name: [one for one in path.rglob("*") if one.is_file()] for name, path in newest.items()},
    }
    return {name: sum(path.stat().st_size for path in paths) // MEGABYTE for name, paths in found.items()}
