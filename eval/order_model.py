"""Fits the model that tells the orders of a sentence (``assistant/checklist/orders.py``) and says what it is worth unseen.

``python -m eval.order_model [--out FILE]``. Learns from the marked work instructions (``eval/marked_checks.py``) and from
``order_sentences.jsonl``: sentences of the houses in ``tools/industries`` and ``tools/handbooks``, drawn at random, one
letter for each part between commas: o it orders, n it does not, c it only says in which case, x either way (the last two
are not learnt from). Logistic regression with an L2 penalty, by L-BFGS. Measured in folds of whole documents.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer

from assistant.checklist.nature import nature_of
from assistant.checklist.orders import BIAS, features
from assistant.checklist.parts import pieces, segments
from assistant.checklist.split import is_case, opening_case
from assistant.checklist.units import sentences
from assistant.verify import squeeze
from eval.command import run
from eval.marked_checks import MARKED, MarkedDocument, read_marked

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from kb.model import Block

SENTENCES = Path(__file__).parent / "datasets" / "order_sentences.jsonl"
WEIGHTS = Path(__file__).parents[1] / "assistant" / "checklist" / "orders.json"
LEARNT = [MARKED, *(MARKED.with_name(f"{MARKED.name}_{batch}") for batch in "bcdefg")]
PENALTY = 1.0
FOLDS = 8
# A word of one document only says nothing of others.
DOCUMENTS = 2
ORDER, NOT = "o", "n"


@dataclass(frozen=True)
class Sentence:
    """A sentence: where it is from, and for each part between its commas whether it orders, None where that is not known."""

    source: str
    text: str
    orders: tuple[bool | None, ...]


@dataclass(frozen=True)
class Example:
    """One part of a sentence: where it is from, what the model sees of it, whether it orders."""

    source: str
    features: dict[str, float]
    orders: bool


@dataclass(frozen=True)
class Model:
    """Names of the columns, their weights, and the bias."""

    columns: dict[str, int]
    weights: NDArray[np.float64]
    bias: float

    def likelihoods(self, examples: Sequence[Example]) -> NDArray[np.float64]:
        """Return how likely each example orders something."""
        odds = np.asarray(_matrix(examples, self.columns) @ self.weights) + self.bias
        return np.asarray(1 / (1 + np.exp(-odds)), dtype=np.float64)


def document_sentences(document: MarkedDocument) -> Iterator[Sentence]:
    """Yield the sentences of a labelled document, without the sections that are never read for orders.

    Where a label says no words, or not where they stand, nothing is known of its clause's parts.
    """
    for section in document.sections:
        if nature_of(section) in ("terms", "background"):
            continue
        for block in section.blocks:
            places = _places(document, block) if block.kind != "row" else None
            if places is not None:
                yield from _of_block(document.document.title, block, places)


def _places(document: MarkedDocument, block: Block) -> list[tuple[int, int, str]] | None:
    """Return where the labelled words of a block stand in its text without white space, with their kinds."""
    text, found, here = squeeze(block.text), list[tuple[int, int, str]](), 0
    for label in document.labels:
        if label.clause == block.clause:
            words = squeeze(label.words)
            here = text.find(words, here)
            if here < 0 or not words:
                return None
            found.append((here, here + len(words), label.kind))
            here += len(words)
    return found


def _of_block(source: str, block: Block, places: Sequence[tuple[int, int, str]]) -> Iterator[Sentence]:
    for sentence in sentences(block):
        parts = pieces(sentence.text, 0, "，,")
        texts = [part.text for part in parts]
        cases = opening_case(texts, frozenset())
        told: list[bool | None] = []
        for number, part in enumerate(parts):
            begin = len(squeeze(block.text[: sentence.start + part.start]))
            end = begin + len(squeeze(part.text))
            kinds = {kind for first, last, kind in places if first < end and begin < last}
            case = not kinds and number < len(parts) - 1 and (number < cases or is_case(part.text))
            told.append(None if kinds == {"optional"} or case else bool(kinds))
        yield Sentence(source, sentence.text, tuple(told))


def labelled_sentences(path: Path = SENTENCES) -> Iterator[Sentence]:
    """Yield the sentences of a file that are labelled part by part."""
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if len(entry["parts"]) != len(segments(entry["text"])):
            raise ValueError(f"one letter for each part: {entry['text']}")
        told = tuple(letter == ORDER if letter in (ORDER, NOT) else None for letter in entry["parts"])
        yield Sentence(entry["source"], entry["text"], told)


def examples_of(told: Iterable[Sentence]) -> Iterator[Example]:
    """Yield the parts of which it is known whether they order."""
    for one in told:
        for number, orders in enumerate(one.orders):
            if orders is not None:
                yield Example(one.source, features(one.text, number), orders)


def learnt_from(folders: Sequence[Path] | None = None) -> list[Sentence]:
    """Return every sentence there is to learn from: the labelled ones and those of the marked documents."""
    paths = [path for folder in folders or LEARNT for path in sorted(folder.glob("*.md"))]
    return [*labelled_sentences(), *(one for path in paths for one in document_sentences(read_marked(path)))]


def fit(examples: Sequence[Example], penalty: float = PENALTY) -> Model:
    """Return the model of ``examples``; what fewer than ``DOCUMENTS`` of their sources have is left out."""
    from scipy.optimize import minimize

    had = Counter(name for _, name in {(one.source, name) for one in examples for name in one.features})
    columns = {name: at for at, name in enumerate(sorted(name for name, count in had.items() if count >= DOCUMENTS))}
    matrix = _matrix(examples, columns)
    signs = np.where([one.orders for one in examples], 1.0, -1.0)

    def loss(point: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margins = signs * (matrix @ point[:-1] + point[-1])
        pulls = -signs / (1 + np.exp(margins))
        value = np.logaddexp(0, -margins).sum() + penalty / 2 * point[:-1] @ point[:-1]
        return float(value), np.append(matrix.T @ pulls + penalty * point[:-1], pulls.sum())

    best = minimize(loss, np.zeros(len(columns) + 1), jac=True, method="L-BFGS-B", options={"maxiter": 500})
    return Model(columns, best.x[:-1], float(best.x[-1]))


def _matrix(examples: Sequence[Example], columns: dict[str, int]) -> csr_matrix:
    from scipy.sparse import csr_matrix as matrix

    entries = [
        (row, columns[name], value)
        for row, one in enumerate(examples)
        for name, value in one.features.items()
        if name in columns
    ]
    rows, places = [entry[0] for entry in entries], [entry[1] for entry in entries]
    return matrix(([entry[2] for entry in entries], (rows, places)), shape=(len(examples), len(columns)))


def out_of_fold(examples: Sequence[Example]) -> NDArray[np.float64]:
    """Return how likely each example orders something, by models that saw nothing of its document."""
    sources = sorted({one.source for one in examples})
    found = np.zeros(len(examples))
    for fold in range(FOLDS):
        held = set(sources[fold::FOLDS])
        model = fit([one for one in examples if one.source not in held])
        rows = [row for row, one in enumerate(examples) if one.source in held]
        found[rows] = model.likelihoods([examples[row] for row in rows])
    return found


def write(model: Model, path: Path) -> None:
    """Write the weights as JSON, sorted, without those that round to nothing."""
    weights = {name: round(float(model.weights[at]), 3) for name, at in model.columns.items()}
    kept = {BIAS: round(model.bias, 3), **{name: weight for name, weight in weights.items() if abs(weight) >= 0.01}}
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=0, sort_keys=True) + "\n", encoding="utf-8")


def main(
    folders: Annotated[list[Path] | None, typer.Argument(help="标注在正文中的作业文件")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="把权重写到这里")] = None,
) -> None:
    """拟合“这半句是不是要求”的模型，并按整篇留出量一量。"""  # noqa: D400, D415
    examples = list(examples_of(learnt_from(folders)))
    orders = np.array([one.orders for one in examples])
    said = out_of_fold(examples)
    report = {
        threshold: {
            "recall": round(float((orders & (said > threshold)).sum() / orders.sum()), 4),
            "precision": round(float((orders & (said > threshold)).sum() / (said > threshold).sum()), 4),
        }
        for threshold in (0.3, 0.5, 0.7)
    }
    typer.echo(json.dumps({"parts": len(examples), "orders": int(orders.sum()), "unseen": report}, ensure_ascii=False))
    if out:
        write(fit(examples), out)


if __name__ == "__main__":
    run(partial(typer.run, main))
