"""Ranking, intervals, comparison of two columns, refusals: numbers in, numbers out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from eval.intervals import compare, interval_of_mean
from eval.ranking import MEASURES, measure
from eval.refusal import auroc, refusals, risk_coverage


def test_ranking_measures_by_hand() -> None:
    found = measure({"q": ["x", "a", "b", "a"]}, {"q": {"a": 1, "b": 1, "c": 1}})["q"]
    ideal = 1 + 1 / np.log2(3) + 1 / 2
    assert found["hit@1"] == 0
    assert found["hit@5"] == 1
    assert found["mrr@10"] == 0.5
    assert found["recall@5"] == pytest.approx(2 / 3)
    assert found["ndcg@10"] == pytest.approx((1 / np.log2(3) + 1 / 2) / ideal)


def test_a_query_that_finds_nothing_counts_zero_and_one_without_gold_not_at_all() -> None:
    found = measure({"b": ["x"]}, {"a": {"x": 1}, "b": {}})
    assert found == {"a": dict.fromkeys(MEASURES, 0.0)}


def test_interval_holds_the_mean_and_narrows_with_cases() -> None:
    few = interval_of_mean([0.0, 1.0] * 10)
    many = interval_of_mean([0.0, 1.0] * 500)
    assert few is not None
    assert many is not None
    assert few.low < 0.5 < few.high
    assert many.high - many.low < few.high - few.low
    assert interval_of_mean([]) is None


def test_a_consistent_gain_is_significant_and_a_mixed_one_is_not() -> None:
    base = [0.0] * 40
    gain = compare([1.0] * 10 + [0.0] * 30, base)
    assert gain.significant
    assert (gain.better, gain.worse) == (10, 0)
    assert gain.interval.low > 0
    mixed = compare([1.0] * 3 + [0.0] * 37, [0.0] * 37 + [1.0] * 3)
    assert not mixed.significant
    assert compare(base, base).p == 1


def test_comparison_needs_the_same_questions() -> None:
    with pytest.raises(ValueError, match="same questions"):
        compare([1.0], [1.0, 0.0])


def test_false_alarms_are_as_rare_as_the_level_says() -> None:
    generator = np.random.default_rng(7)
    alarms = sum(
        compare(generator.integers(0, 2, 60).tolist(), generator.integers(0, 2, 60).tolist()).significant
        for _ in range(60)
    )
    assert alarms <= 8


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=60))
def test_auroc_is_that_of_scikit_learn(rows: list[tuple[int, bool]]) -> None:
    scores, truth = zip(*rows, strict=True)
    found = auroc(scores, truth)
    if len(set(truth)) < 2:
        assert found is None
    else:
        assert found == pytest.approx(roc_auc_score(truth, scores))


def test_refusals_by_hand() -> None:
    found = refusals([True, True, False, False], [True, False, True, False])
    assert (found.precision, found.recall) == (0.5, 0.5)
    assert refusals([True], [False]).precision is None


def test_risk_coverage_by_hand() -> None:
    found = risk_coverage([0.9, 0.8, 0.8, 0.1], [True, True, False, False])
    assert found.coverage == (0.25, 0.75, 1.0)
    assert found.risk == pytest.approx((0, 1 / 3, 0.5))
    assert found.at(0.4) == 0.75
    assert risk_coverage([], []).area == 0
