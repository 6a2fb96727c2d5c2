"""Trains the map of question vectors (``kb/question_adapter.py``) on retrieval sets, and says what it is worth unseen.

``python -m eval.question_adapter DIR… [--cache FOLDER] [--out FILE]``: each DIR is a set in BEIR's form or holds some.
Before anything is written, every set is measured twice with maps that never saw the questions measured: in folds (the
corpus known, its questions not) and left out altogether (neither known). InfoNCE (van den Oord et al. 2018) over each
question's nearest wrong passages, with a pull towards the question's own vector. Needs PyTorch (extra ``transformers``).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from eval import ranking
from eval.beir import RetrievalSet, load_set, sets_in
from eval.bench_sets import QUERIES, default_cache, opened, retrieve
from eval.cached_embeddings import CachedEmbeddings
from eval.command import run
from eval.floor import PlainPipeline
from eval.intervals import compare
from kb.embeddings import open_embeddings
from kb.errors import OptionalDependencyMissing
from kb.fold import simplified
from kb.question_adapter import QuestionAdapter
from kb.search import HybridSearcher
from kb.settings import load_settings

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOLDS = 3
EPOCHS = 5
BATCH = 64
RATE = 1e-3
TEMPERATURE = 0.02
PULL = 10.0
WRONG = 48
# A small set is shown several times, so that a large one does not drown it.
SHOWN_AT_LEAST = 400
SHOWN_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class Example:
    """One question: its vector, those of its passages, and those of the nearest wrong ones, shape (WRONG, dimension)."""

    question: NDArray[np.float32]
    right: NDArray[np.float32]
    wrong: NDArray[np.float32]


def examples(one: RetrievalSet, model: CachedEmbeddings) -> list[Example]:
    """Return the first ``QUERIES`` judged questions of a set, in order."""
    vectors = model.passages([passage.full for passage in one.passages])
    place = {passage.id: at for at, passage in enumerate(one.passages)}
    found = []
    for query in one.judged[:QUERIES]:
        question = np.asarray(model.embed_query(simplified(query.text)), dtype=np.float32)
        right = [place[key] for key in one.relevance[query.id]]
        nearest = np.argsort(-(vectors @ question), kind="stable")
        wrong = nearest[~np.isin(nearest, right)][:WRONG]
        found.append(Example(question, vectors[right], vectors[wrong]))
    return found


def train(chosen: Sequence[Example], *, model_id: str) -> QuestionAdapter:
    """Return the map fitted to ``chosen``; the same examples give the same map.

    Raises:
        OptionalDependencyMissing: PyTorch is not installed.
    """
    try:
        import torch
        from torch.nn import functional
    except ImportError as error:
        raise OptionalDependencyMissing("训练需要 PyTorch：pip install 'shouce[transformers]'") from error
    order = np.random.default_rng(0)
    dimension = len(chosen[0].question)
    wrong_each = min(len(example.wrong) for example in chosen)
    questions = torch.from_numpy(np.stack([example.question for example in chosen]))
    wrongs = torch.from_numpy(np.stack([example.wrong[:wrong_each] for example in chosen]))
    change = torch.zeros(dimension, dimension, requires_grad=True)
    optimizer = torch.optim.Adam([change], lr=RATE)
    steps = EPOCHS * -(-len(chosen) // BATCH)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.05, steps)
    for _ in range(EPOCHS):
        shuffled = order.permutation(len(chosen))
        for start in range(0, len(chosen), BATCH):
            some = shuffled[start : start + BATCH]
            asked = questions[some]
            turned = functional.normalize(asked + asked @ change, dim=1)
            right = torch.from_numpy(np.stack([_one_right(chosen[at], order) for at in some]))
            far = torch.einsum("bd,bnd->bn", turned, wrongs[some])
            near = (turned * right).sum(1, keepdim=True)
            logits = torch.cat([near, far], 1) / TEMPERATURE
            loss = functional.cross_entropy(logits, torch.zeros(len(some), dtype=torch.long))
            loss = loss + PULL * ((turned - asked) ** 2).sum(1).mean()
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
    return QuestionAdapter(model_id, np.eye(dimension, dtype=np.float32) + change.detach().numpy())


def _one_right(example: Example, order: np.random.Generator) -> NDArray[np.float32]:
    """Return one of a few right passages by chance; of many the nearest, since most of a long list are far off."""
    few = len(example.right) < 4
    at = order.integers(len(example.right)) if few else np.argmax(example.right @ example.question)
    chosen: NDArray[np.float32] = example.right[int(at)]
    return chosen


def shown(found: Sequence[Example]) -> list[Example]:
    """Return the examples of a set as often as it is shown."""
    return list(found) * min(SHOWN_AT_MOST, max(1, SHOWN_AT_LEAST // max(len(found), 1)))


def measured(
    one: RetrievalSet, model: CachedEmbeddings, adapters: Sequence[QuestionAdapter | None]
) -> dict[str, dict[str, float]]:
    """Return by query id the numbers of the plain pipeline, the question at place i mapped by map i modulo all."""
    plain = PlainPipeline(one, model)
    runs: dict[str, list[str]] = {}
    for at, query in enumerate(one.judged[:QUERIES]):
        adapter = adapters[at % len(adapters)]
        runs[query.id] = plain.ranking(plain.ask(query.text, adapt=adapter.adapt if adapter else None))
    return ranking.measure(runs, {key: one.relevance[key] for key in runs})


def searched(
    one: RetrievalSet, model: CachedEmbeddings, adapters: Sequence[QuestionAdapter]
) -> dict[str, dict[str, float]]:
    """Return by query id the numbers of the product's own search, the question at place i mapped by map i modulo all."""
    runs: dict[str, list[str]] = {}
    with tempfile.TemporaryDirectory() as folder, opened(one, Path(folder), model) as knowledge:
        searchers = [HybridSearcher(knowledge, adapter=adapter) for adapter in adapters]
        for at, query in enumerate(one.judged[:QUERIES]):
            runs[query.id] = retrieve(searchers[at % len(searchers)], one, query.text)
    return ranking.measure(runs, {key: one.relevance[key] for key in runs})


def report(sets: Sequence[tuple[RetrievalSet, CachedEmbeddings]], model_id: str) -> Iterable[dict[str, Any]]:
    """Yield for each set nDCG@10 of the plain pipeline, and what maps that did not see the questions add to it.

    ``folds``: trained on all other questions, those of the same corpus among them; ``left_out``: on the other sets only;
    ``search``: the product's own search with the maps of ``folds``, against the plain pipeline without a map.
    """
    known = [examples(one, model) for one, model in sets]
    for at, (one, model) in enumerate(sets):
        others = [example for other, found in enumerate(known) if other != at for example in shown(found)]
        rest = [[example for place, example in enumerate(known[at]) if place % FOLDS != fold] for fold in range(FOLDS)]
        folds = [train([*others, *shown(kept)], model_id=model_id) for kept in rest]
        without = measured(one, model, [None])
        row: dict[str, Any] = {"set": one.name, "questions": len(without), "plain": _mean(without)}
        _compare(row, "folds", measured(one, model, folds), without)
        if others:
            _compare(row, "left_out", measured(one, model, [train(others, model_id=model_id)]), without)
        _compare(row, "search", searched(one, model, folds), without)
        model.save()
        yield row


def _compare(
    row: dict[str, Any], name: str, ours: dict[str, dict[str, float]], theirs: dict[str, dict[str, float]]
) -> None:
    found = compare([ours[key]["ndcg@10"] for key in theirs], [theirs[key]["ndcg@10"] for key in theirs])
    row[name] = _mean(ours)
    row[f"{name}_difference"] = round(100 * found.mean, 2)
    row[f"{name}_interval"] = [round(100 * found.interval.low, 2), round(100 * found.interval.high, 2)]


def _mean(values: dict[str, dict[str, float]]) -> float:
    return round(100 * sum(one["ndcg@10"] for one in values.values()) / max(len(values), 1), 2)


def sets_of(
    folders: Sequence[Path], *, cache: Path, names: Collection[str] = ()
) -> list[tuple[RetrievalSet, CachedEmbeddings]]:
    """Return the sets of ``folders`` with the bundled model's vectors for each."""
    model = open_embeddings(load_settings(None).embedding)
    paths = [path for folder in folders for path in sets_in(folder) if not names or path.name in names]
    return [(load_set(path), CachedEmbeddings(model, cache, path.name)) for path in paths]


def main() -> None:
    """Measure, then train on everything and write the map."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--cache", type=Path, default=default_cache())
    parser.add_argument("--out", type=Path, help="where to write the map; default: only measure")
    parser.add_argument("--skip-report", action="store_true", help="train only")
    given = parser.parse_args()
    sets = sets_of(given.folders, cache=given.cache)
    model_id = sets[0][1].model_id
    if not given.skip_report:
        for row in report(sets, model_id):
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
            sys.stdout.flush()
    if given.out:
        train([e for one, model in sets for e in shown(examples(one, model))], model_id=model_id).save(given.out)
    for _, model in sets:
        model.save()


if __name__ == "__main__":
    run(main)
