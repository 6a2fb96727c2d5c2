"""Hard refusal on public sets: each question asked with its gold passages there, and with them removed.

Removed means removed: the passages of a tenth of the questions are taken out of the corpus at a time and all indexes are
built anew, so that no score, rank or frequency tells of them. The decision's probability is judged by how well it tells
the two apart (AUROC), against what a threshold on one number would do: best cosine, best BM25 score, share of the
question's idf-weighted tokens that the best passage covers.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from assistant.ask import Assistant
from eval.bench_sets import fill, opened
from eval.decision import decide
from eval.floor import PlainPipeline
from eval.intervals import interval
from eval.refusal import auroc
from kb.search import HybridSearcher

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from eval.beir import Query, RetrievalSet
    from eval.cached_embeddings import CachedEmbeddings
    from kb.knowledge import KnowledgeBase
    from kb.settings import Settings

Measured = TypeVar("Measured")

QUESTIONS = 300
FOLDS = 10
SINGLE = ("cosine", "bm25", "coverage")


def run_refusal(
    one: RetrievalSet,
    model: CachedEmbeddings,
    *,
    settings: Settings | None = None,
    questions: int = QUESTIONS,
    progress: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """Return AUROC, in points of 100, of the decision and of each single number, and the lead over the best of them."""
    tell = progress or (lambda message: None)
    asked = spread(one.judged, questions)
    columns = [_plain(PlainPipeline(one, model), one, asked)]
    there, removed = there_and_removed(one, model, asked, _probabilities, settings=settings, tell=tell)
    columns.append(np.stack([np.array(there), np.array(removed)], axis=1)[:, None, :])
    return _told(np.concatenate(columns, axis=1))


def there_and_removed(
    one: RetrievalSet,
    model: CachedEmbeddings,
    asked: Sequence[Query],
    measure: Callable[[KnowledgeBase, Sequence[str]], Sequence[Measured]],
    *,
    settings: Settings | None = None,
    tell: Callable[[str], None] = lambda message: None,
) -> tuple[list[Measured], list[Measured]]:
    """Return what ``measure`` says of each question with its gold passages there, and with them removed."""
    removed: dict[int, Measured] = {}
    with tempfile.TemporaryDirectory() as folder, opened(one, Path(folder), model, settings=settings) as knowledge:
        there = list(measure(knowledge, [query.text for query in asked]))
        tell(f"{one.name}：有答案的 {len(asked)} 问已判断")
        for fold in range(FOLDS):
            rows = range(fold, len(asked), FOLDS)
            if gone := {passage for row in rows for passage in one.relevance[asked[row].id]}:
                fill(knowledge, one, without=gone)
                removed.update(zip(rows, measure(knowledge, [asked[row].text for row in rows]), strict=True))
            tell(f"{one.name}：删去答案的第 {fold + 1}/{FOLDS} 批已判断")
    return there, [removed[row] for row in range(len(asked))]


def spread(queries: Sequence[Query], count: int) -> list[Query]:
    """Return ``count`` of the queries at even distances, so that neighbours from one passage are not all there is."""
    if len(queries) <= count:
        return list(queries)
    return [queries[int(at)] for at in np.linspace(0, len(queries) - 1, count)]


def _probabilities(knowledge: KnowledgeBase, asked: Sequence[str]) -> list[float]:
    assistant = Assistant(knowledge, HybridSearcher(knowledge))
    return [decide(assistant, question).probability for question in asked]


def _plain(plain: PlainPipeline, one: RetrievalSet, asked: Sequence[Query]) -> NDArray[np.float64]:
    """Return the single numbers, shape (questions, numbers, 2): gold there, gold removed."""
    place = {key: at for at, key in enumerate(plain.ids)}
    rows = []
    for query in asked:
        found = plain.ask(query.text)
        everything = np.ones(len(plain.ids), dtype=bool)
        without = everything.copy()
        without[[place[key] for key in one.relevance[query.id]]] = False
        rows.append(
            [
                [float(found.cosines[allowed].max()) for allowed in (everything, without)],
                [float(found.words[allowed].max()) for allowed in (everything, without)],
                [plain.coverage(found, allowed) for allowed in (everything, without)],
            ]
        )
    return np.array(rows, dtype=np.float64)


def _told(values: NDArray[np.float64]) -> dict[str, Any]:
    """Return the result of ``values``, shape (questions, single numbers and the decision, 2)."""
    areas = [_area(values[:, column]) for column in range(values.shape[1])]
    best = int(np.argmax(areas[:-1]))

    def lead(samples: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.array([_area(sample[:, -1]) - _area(sample[:, best]) for sample in samples])

    found = interval(values, lead)
    return {
        "questions": len(values),
        "decision": round(100 * areas[-1], 1),
        "single": {name: round(100 * area, 1) for name, area in zip(SINGLE, areas, strict=False)},
        "best_single": SINGLE[best],
        "difference": round(100 * (areas[-1] - areas[best]), 1),
        "interval": [round(100 * found.low, 1), round(100 * found.high, 1)],
    }


def _area(pairs: NDArray[np.float64]) -> float:
    """Return the AUROC of pairs of scores, shape (questions, 2): gold there, gold removed."""
    truth = [True] * len(pairs) + [False] * len(pairs)
    return auroc([*pairs[:, 0], *pairs[:, 1]], truth) or 0.5
