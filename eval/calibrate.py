"""Fits the answerability decision: ``python -m eval.calibrate HOME DATASET…`` prints weights for ``assistant/decide.py``.

A logistic regression (scikit-learn, from the test requirements) on the evidence of every question part; reports
cross-validated AUROC, so that the weights are not judged on what they were fitted to.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.ask import Assistant
from eval.dataset import Case, load
from kb.errors import OptionalDependencyMissing, ShouceError
from kb.knowledge import KnowledgeBase
from kb.search import HybridSearcher
from kb.settings import load_settings

if TYPE_CHECKING:
    from numpy.typing import NDArray


def features(assistant: Assistant, cases: list[Case]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the evidence of every case, shape (cases, features), and whether it is answerable, shape (cases,)."""
    rows, labels = [], []
    for case in cases:
        if case.type == "missing":
            continue
        found = assistant.evidence(case.question)
        rows.append(found[0].evidence.features())
        labels.append(int(case.answerable))
    return np.array(rows), np.array(labels)


def fit(x: NDArray[np.float64], y: NDArray[np.int64]) -> tuple[NDArray[np.float64], float, float]:
    """Return weights, bias and the five-fold cross-validated AUROC."""
    try:
        from sklearn.linear_model import LogisticRegression
        from sklearn.metrics import roc_auc_score
        from sklearn.model_selection import StratifiedKFold, cross_val_predict
    except ImportError as error:
        raise OptionalDependencyMissing("需要 scikit-learn：pip install 'shouce[transformers]'") from error
    model = LogisticRegression(C=1.0, max_iter=1000)
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    scores = cross_val_predict(model, x, y, cv=folds, method="predict_proba")[:, 1]
    model.fit(x, y)
    return model.coef_[0], float(model.intercept_[0]), float(roc_auc_score(y, scores))


def main() -> None:
    """Fit on pairs of home and dataset."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", nargs="+", help="HOME=DATASET.jsonl")
    xs, ys = [], []
    for pair in parser.parse_args().pairs:
        home, _, dataset = pair.partition("=")
        knowledge = KnowledgeBase.open(load_settings(Path(home)))
        x, y = features(Assistant(knowledge, HybridSearcher(knowledge)), load(Path(dataset)))
        xs.append(x)
        ys.append(y)
    weights, bias, auroc = fit(np.vstack(xs), np.concatenate(ys))
    sys.stdout.write(f"WEIGHTS = ({', '.join(f'{w:.2f}' for w in weights)})\nBIAS = {bias:.2f}\nAUROC {auroc:.3f}\n")


if __name__ == "__main__":
    try:
        main()
    except ShouceError as error:
        sys.exit(str(error))
