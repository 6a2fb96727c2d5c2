"""The gate: what was reached on the shipped corpus and on the real manual is not given up.

Bounds lie a little under the measured values (eval/LOG.md), so that a regression fails and noise does not.
"""

import json
from pathlib import Path

import pytest

from assistant.ask import Assistant
from eval.dataset import load, shipped
from eval.run import Runner, summary
from kb.knowledge import KnowledgeBase
from kb.search import HybridSearcher

SHARED = Path(__file__).resolve().parents[2].parent / "shared"


def run(knowledge: KnowledgeBase, path: Path) -> dict[str, float]:
    searcher = HybridSearcher(knowledge)
    result = summary(path.stem, Runner(knowledge, searcher, Assistant(knowledge, searcher)).run(load(path)))
    json.dumps(result)
    metrics: dict[str, float] = result["metrics"]
    return metrics


def test_real_manual_reaches_the_first_target(manual: KnowledgeBase) -> None:
    metrics = run(manual, SHARED / "eval" / "manual_dev.jsonl")
    assert metrics["hit@1"] >= 30 / 32
    assert metrics["hit@5"] == 1
    assert metrics["facts"] >= 0.93
    assert metrics["answered"] >= 30 / 32
    assert metrics["refused"] >= 5 / 6
    assert metrics["citation_valid"] == 1
    assert metrics["characters_p50"] < 400
    assert metrics["characters_p95"] < 900


@pytest.mark.parametrize("name", ["manual_a", "manual_b"])
def test_real_manual_holds_on_our_own_questions(manual: KnowledgeBase, name: str) -> None:
    metrics = run(manual, shipped(name))
    assert metrics["hit@1"] >= 0.83
    assert metrics["hit@5"] >= 0.96
    assert metrics["facts"] >= 0.82
    assert metrics["answered"] >= 0.9
    assert metrics["citation_valid"] == 1


@pytest.mark.parametrize("name", ["sample_a", "sample_b"])
def test_shipped_corpus_holds(sample: KnowledgeBase, name: str) -> None:
    metrics = run(sample, shipped(name))
    assert metrics["hit@5"] >= 0.83
    assert metrics["facts"] >= 0.68
    assert metrics["answered"] >= 0.88
    assert metrics["citation_valid"] == 1
