"""The gate: a stored run's numbers, which a later run may not fall below by more than noise.

A gate file holds case ids and numbers, never words. A metric fails where 95 % of the bootstrap resamples of the paired
differences lie below zero: with one or two questions lost that is not so, with many lost and few won it is. A promise
(``STRICT``) fails at the first case. Knows judged cases and gate files.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from eval.compare import paired_values
from eval.intervals import resampled
from eval.judged import Judged
from kb.errors import SourceUnreadable
from kb.home import reason_of

GATED = (
    "hit@1",
    "hit@5",
    "mrr@10",
    "ndcg@10",
    "facts",
    "answered",
    "refused",
    "cited",
    "citation_valid",
    "completeness",
)
# What is promised of every single answer, so that no share of it is noise.
STRICT = frozenset({"citation_valid"})
_LEVEL = 95.0
# A mean drop smaller than this is nobody's concern, however sure it is.
_SMALLEST = 0.005
_DIGITS = 4
_SAME = 10.0**-_DIGITS  # what is stored is rounded


def save_gate(path: Path, dataset: str, judged: Sequence[Judged]) -> None:
    """Write the gate that a later run is held to: for each case its id and its gated numbers."""
    cases = {one.id: {name: round(one.values[name], _DIGITS) for name in GATED if name in one.values} for one in judged}
    lines = ",\n".join(f"{json.dumps(key, ensure_ascii=False)}: {json.dumps(row)}" for key, row in cases.items())
    text = f'{{"dataset": {json.dumps(dataset, ensure_ascii=False)}, "cases": {{\n{lines}\n}}}}\n'
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SourceUnreadable(f"{path}：基线无法写出（{reason_of(error)}）") from error


def load_gate(path: Path) -> Mapping[str, Mapping[str, float]]:
    """Return the stored numbers: case id → metric → value.

    Raises:
        SourceUnreadable: there is no gate file.
    """
    try:
        stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return {str(key): {str(n): float(v) for n, v in row.items()} for key, row in stored["cases"].items()}
    except FileNotFoundError as error:
        raise SourceUnreadable(f"{path}：没有这个基线文件，可用 shouce eval --save-gate {path} 生成") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SourceUnreadable(f"{path} 不是基线文件（{error}），请用 shouce eval --save-gate 重新生成") from error


def check(judged: Sequence[Judged], gate: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Return one line for each metric that fell below the gate; none where it holds."""
    values = {one.id: one.values for one in judged}
    missing = sorted(set(gate) - set(values))
    failed: list[str] = []
    if missing:
        shown = "、".join(missing[:5]) + ("……" if len(missing) > 5 else "")
        failed.append(f"基线里有 {len(missing)} 题这次没有评测（{shown}）：评测集变了就用 --save-gate 重存基线")
    pairs = [(values[key], row) for key, row in gate.items() if key in values]
    for name, (ours, theirs) in paired_values(pairs).items():
        if name not in GATED:
            continue
        differences = np.asarray(ours) - np.asarray(theirs)
        differences[abs(differences) < _SAME] = 0.0
        if name in STRICT:
            fell = bool((differences < 0).any())
        else:
            fell = differences.mean() < -_SMALLEST and float(np.percentile(resampled(differences), _LEVEL)) < 0
        if fell:
            worse, better = int((differences < 0).sum()), int((differences > 0).sum())
            failed.append(
                f"{name} 从 {np.mean(theirs):.4f} 降到 {np.mean(ours):.4f}"
                f"（{len(differences)} 题中 {worse} 题变差、{better} 题变好，超出偶然波动）"
            )
    return failed
