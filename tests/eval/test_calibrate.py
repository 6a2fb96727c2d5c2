import numpy as np
import pytest

from eval.calibrate import Example, Near, balanced, fit, told


def example(value: float, *, answerable: bool, group: str = "a", coverage: float = 0.5) -> Example:
    return Example((value, 0.0), False, answerable, 1.0, group, coverage)


def test_in_a_band_of_coverage_five_of_six_can_be_answered() -> None:
    found = [example(0, answerable=True), example(0, answerable=True), example(0, answerable=False)]
    weights = [one.weight for one in balanced(found, share=0.1)]
    assert weights[0] == weights[1]
    assert (weights[0] + weights[1]) / sum(weights) == pytest.approx(5 / 6)


def test_the_fit_finds_what_tells_the_kinds_apart() -> None:
    pytest.importorskip("sklearn")
    draw = np.random.default_rng(0)
    found = [example(draw.normal(float(at % 2)), answerable=at % 2 == 1) for at in range(200)]
    weights, _ = fit(found)
    assert weights[0] > 0.5
    assert abs(weights[1]) < 0.01


def test_weights_stay_near_those_that_hold_strongly() -> None:
    pytest.importorskip("sklearn")
    draw = np.random.default_rng(0)
    found = [example(draw.normal(float(at % 2)), answerable=at % 2 == 1) for at in range(200)]
    loose, strong = (fit(found, Near((-1.0, 0.5), 0.0, strength))[0] for strength in (0.01, 1e6))
    assert loose[0] > 0.5
    assert strong == pytest.approx([-1.0, 0.5], abs=0.01)


def test_what_is_printed_can_be_pasted() -> None:
    pytest.importorskip("sklearn")
    found = [example(at % 2, answerable=at % 2 == 1, group="ab"[at % 4 // 2]) for at in range(40)]
    text = told(found, "RUNNING_")
    values: dict[str, object] = {}
    exec(text, values)
    assert len(values["RUNNING_WEIGHTS"]) == 2  # type: ignore[arg-type]
    assert "left out" in text
