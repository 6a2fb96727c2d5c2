"""Training the map of question vectors: it finds a turn that was put in, the same one every time."""

import numpy as np
import pytest

from eval.question_adapter import SHOWN_AT_MOST, Example, shown, train

pytest.importorskip("torch", reason="PyTorch (extra transformers) is not installed")


def turned_away(dimension: int = 16, questions: int = 300) -> list[Example]:
    """Return questions whose vectors are their passages' with the coordinates in another order."""
    random = np.random.default_rng(1)
    passages = random.normal(size=(questions, dimension)).astype(np.float32)
    passages /= np.linalg.norm(passages, axis=1, keepdims=True)
    asked = 0.8 * passages + 0.6 * passages[:, ::-1]
    asked /= np.linalg.norm(asked, axis=1, keepdims=True)
    return [
        Example(asked[at], passages[[at]], passages[np.argsort(-(passages @ asked[at]))[:9]][1:])
        for at in range(questions)
    ]


def found_first(examples: list[Example], matrix: np.ndarray) -> float:
    asked = [example.question @ matrix for example in examples]
    return float(np.mean([e.right[0] @ q > (e.wrong @ q).max() for e, q in zip(examples, asked, strict=True)]))


def test_training_turns_questions_towards_their_passages() -> None:
    examples = turned_away()
    seen, unseen = examples[:200], examples[200:]
    adapter = train(seen, model_id="m")
    assert found_first(unseen, adapter.matrix) >= found_first(unseen, np.eye(16))
    right = [e.right[0] @ adapter.adapt(e.question) - e.right[0] @ e.question for e in unseen]
    assert np.mean(right) > 0


def test_training_is_repeatable() -> None:
    examples = turned_away(questions=64)
    np.testing.assert_array_equal(train(examples, model_id="m").matrix, train(examples, model_id="m").matrix)


def test_small_sets_are_shown_more_often_than_large_ones() -> None:
    examples = turned_away(questions=50)
    assert len(shown(examples)) == SHOWN_AT_MOST * 50
    assert len(shown(examples * 10)) == 500
