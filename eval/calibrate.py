"""Fits the answerability decision and prints the numbers of ``assistant/decide.py``.

``python -m eval.calibrate HOME=DATASET… [--near STRENGTH] [--apart HOME=DATASET…] [--bench DIR]``. The weights for clauses
and lists come from questions on own knowledge bases; those ``--apart`` were written to trick (their answerable questions
avoid the source's words, their near misses use them), so they count a tenth, balanced over coverage. The weights for
running text come from public sets (``--bench``), each question with its gold passages there and removed. Logistic
regressions (scikit-learn, from the test requirements), judged by AUROC on what was left out: a fold, and a whole knowledge
base or set. ``--near`` moves the shipped weights no further than the questions ask for, which is what a few hundred of them
are good for.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.ask import Assistant
from assistant.decide import BIAS, RUNNING_BIAS, RUNNING_WEIGHTS, WEIGHTS
from eval.beir import load_set, sets_in
from eval.bench_refusal import spread, there_and_removed
from eval.bench_sets import default_cache
from eval.cached_embeddings import CachedEmbeddings
from eval.command import run
from eval.dataset import Case, load
from eval.refusal import auroc
from kb.embeddings import open_embeddings
from kb.errors import OptionalDependencyMissing
from kb.knowledge import KnowledgeBase
from kb.search import HybridSearcher
from kb.settings import load_settings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from assistant.evidence import Found

APART_WEIGHT = 0.1
# Of what is asked in earnest most can be answered: five of six on the development sets. Of a public set half can.
ANSWERABLE_SHARE = 5 / 6
BANDS = (0.2, 0.4, 0.6, 0.8)
MOST = 4.0
STRENGTH = 0.1  # of scikit-learn's C, on standardised features: few questions, so not too free


@dataclass(frozen=True, slots=True)
class Example:
    """One question: its evidence, whether it can be answered, how much it counts, and which base or set it is of."""

    features: tuple[float, ...]
    running: bool
    answerable: bool
    weight: float
    group: str
    coverage: float


def examples(assistant: Assistant, cases: Sequence[Case], *, group: str) -> list[Example]:
    """Return an example for the first part of every case; what the outline alone decides is left out."""
    decided = [case for case in cases if case.type != "missing"]
    return [_example(assistant.evidence(case.question)[0], case.answerable, group) for case in decided]


def _example(found: Found, answerable: bool, group: str) -> Example:
    coverage = found.ranked[0].features["coverage"] if found.ranked else 0.0
    evidence = found.evidence
    return Example(evidence.features(), evidence.running is not None, answerable, 1.0, group, coverage)


def balanced(found: Sequence[Example], *, share: float) -> list[Example]:
    """Return the examples counting ``share``, both kinds in every band of coverage as often as in earnest."""
    bands = np.digitize([one.coverage for one in found], BANDS)
    result = []
    for band, one in zip(bands, found, strict=True):
        alike = [other for at, other in zip(bands, found, strict=True) if at == band]
        same = sum(other.answerable == one.answerable for other in alike)
        result.append(_in_earnest(one, share * min(MOST, len(alike) / 2 / same)))
    return result


def of_set(folder: Path, cache: Path, questions: int) -> list[Example]:
    """Return two examples a question of a public set: gold passages there, and removed; at the share asked in earnest."""
    one = load_set(folder)
    model = CachedEmbeddings(open_embeddings(load_settings(None).embedding), cache, one.name)
    asked = spread(one.judged, questions)

    def measure(knowledge: KnowledgeBase, queries: Sequence[str]) -> list[Found]:
        assistant = Assistant(knowledge, HybridSearcher(knowledge))
        return [assistant.evidence(query)[0] for query in queries]

    there, removed = there_and_removed(one, model, asked, measure)
    model.save()
    return [
        _in_earnest(_example(found, answerable, one.name), 1.0)
        for pair in zip(there, removed, strict=True)
        for found, answerable in zip(pair, (True, False), strict=True)
    ]


def _in_earnest(one: Example, weight: float) -> Example:
    """Return the example at ``weight``, moved to the share of answerable questions that is asked in earnest."""
    odds = math.sqrt(ANSWERABLE_SHARE / (1 - ANSWERABLE_SHARE))
    return replace(one, weight=weight * (odds if one.answerable else 1 / odds))


@dataclass(frozen=True, slots=True)
class Near:
    """Weights and bias not to go far from, and how strongly they hold (in questions, on standardised features)."""

    weights: Sequence[float]
    bias: float
    strength: float


def fit(found: Sequence[Example], near: Near | None = None) -> tuple[NDArray[np.float64], float]:
    """Return weights and bias.

    Raises:
        OptionalDependencyMissing: scikit-learn is not installed.
    """
    try:
        from scipy.optimize import minimize
        from sklearn.linear_model import LogisticRegression
    except ImportError as error:
        raise OptionalDependencyMissing("需要 scikit-learn：pip install 'shouce[transformers]'") from error
    x, answerable = np.array([one.features for one in found]), np.array([one.answerable for one in found])
    weight = np.array([one.weight for one in found])
    mean, scale = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-6)
    if near is None:
        model = LogisticRegression(C=STRENGTH, max_iter=2000)
        model.fit((x - mean) / scale, answerable, sample_weight=weight)
        weights = model.coef_[0] / scale
        return weights, float(model.intercept_[0] - weights @ mean)
    signs = np.where(answerable, -1.0, 1.0)
    first = np.append(np.array(near.weights) * scale, near.bias + np.array(near.weights) @ mean)

    def loss(values: NDArray[np.float64]) -> float:
        odds = (x - mean) / scale @ values[:-1] + values[-1]
        moved = values[:-1] - first[:-1]
        return float(weight @ np.logaddexp(0, signs * odds) + near.strength / 2 * moved @ moved)

    found_values = minimize(loss, first, method="L-BFGS-B").x
    weights = found_values[:-1] / scale
    return weights, float(found_values[-1] - weights @ mean)


def told(found: Sequence[Example], name: str, near: Near | None = None) -> str:
    """Return the fitted numbers, and for each group AUROC with a fifth of its questions and with all of it left out."""
    weights, bias = fit(found, near)
    lines = [f"{name}WEIGHTS = ({', '.join(f'{weight:.2f}' for weight in weights)})", f"{name}BIAS = {bias:.2f}"]
    groups = sorted({one.group for one in found})
    folds = _scores(found, [at // 2 % 5 for at in range(len(found))], near)  # both states of a question in one
    whole = _scores(found, [groups.index(one.group) for one in found], near) if len(groups) > 1 else folds
    for group in groups:
        rows = [at for at, one in enumerate(found) if one.group == group]
        truth = [found[at].answerable for at in rows]
        areas = [auroc([scores[at] for at in rows], truth) or 0.5 for scores in (folds, whole)]
        lines.append(f"# {group}: {len(rows)}, AUROC {areas[0]:.3f} in folds, {areas[1]:.3f} left out")
    return "\n".join(lines)


def _scores(found: Sequence[Example], parts: Sequence[int], near: Near | None) -> list[float]:
    scores = [0.0] * len(found)
    for part in sorted(set(parts)):
        weights, bias = fit([one for at, one in zip(parts, found, strict=True) if at != part], near)
        for at in (at for at, of in enumerate(parts) if of == part):
            scores[at] = bias + float(weights @ np.array(found[at].features))
    return scores


def _of_pair(pair: str) -> list[Example]:
    home, _, dataset = pair.partition("=")
    with KnowledgeBase.open(load_settings(Path(home))) as knowledge:
        return examples(Assistant(knowledge, HybridSearcher(knowledge)), load(Path(dataset)), group=Path(home).name)


def main() -> None:
    """Fit on pairs of home and dataset, and on public sets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", nargs="*", help="HOME=DATASET.jsonl")
    parser.add_argument(
        "--near", type=float, help="how strongly the shipped weights hold; without it they count nothing"
    )
    parser.add_argument("--apart", nargs="*", default=[], help="HOME=DATASET.jsonl, counted a tenth")
    parser.add_argument("--bench", type=Path, help="folder of public sets; without it the weights of running text stay")
    parser.add_argument("--sets", default="", help="names of those sets, separated by commas; default: all")
    parser.add_argument("--cache", type=Path, default=default_cache())
    parser.add_argument("--questions", type=int, default=150, help="of each public set, at most")
    given = parser.parse_args()
    found = [one for pair in given.pairs for one in _of_pair(pair)]
    for pair in given.apart:
        found += balanced(_of_pair(pair), share=APART_WEIGHT)
    names = [name for name in given.sets.split(",") if name]
    for folder in sets_in(given.bench) if given.bench else []:
        if not names or folder.name in names:
            found += of_set(folder, given.cache, given.questions)
    own = {Path(pair.partition("=")[0]).name for pair in (*given.pairs, *given.apart)}
    for name, some, shipped in (
        ("", [one for one in found if not one.running and one.group in own], (WEIGHTS, BIAS)),
        ("RUNNING_", [one for one in found if one.running] if given.bench else [], (RUNNING_WEIGHTS, RUNNING_BIAS)),
    ):
        if some:
            near = None if given.near is None else Near(shipped[0], shipped[1], given.near)
            sys.stdout.write(told(some, name, near) + "\n")


if __name__ == "__main__":
    run(main)
