"""The judge of wordings: what people wrote before what lost bytes could be taken for."""

from __future__ import annotations

import numpy as np
import pytest

from kb.added_layers import packed
from kb.bundled_file import bundled_tokenizer
from kb.discriminator import Discriminator, open_discriminator, tokens_of

PLACES = [
    ("客户可以提出", "服务", "意见和建议。", "氛"),
    ("客户可以提出", "服务", "意见和建议。", "访问"),
    ("主管应在两小时内", "回复", "客户。", "汇复"),
    ("员工", "应当", "佩戴工牌上岗。", "雍当"),
    ("投诉由", "专人", "负责登记和跟进。", "砖人"),
    ("每月对供应商进行一次", "考核", "，结果存档。", "靠核"),
]


@pytest.fixture(scope="module")
def judge() -> Discriminator:
    return Discriminator(threads=1)


def test_what_people_write_is_mostly_preferred(judge: Discriminator) -> None:
    odds = [judge([(left, written, right), (left, other, right)]) for left, written, right, other in PLACES]
    assert sum(one > two for one, two in odds) >= len(PLACES) - 1


def test_scores_do_not_depend_on_their_neighbours(judge: Discriminator) -> None:
    wordings = [(left, place, right) for left, one, right, two in PLACES for place in (one, two)]
    together = judge(wordings)
    alone = [judge([one])[0] for one in wordings]
    assert np.allclose(together, alone, atol=0.05)


def test_there_is_none_without_the_bundled_model(monkeypatch: pytest.MonkeyPatch) -> None:
    assert open_discriminator() is not None
    monkeypatch.setattr("kb.bundled_file.find_spec", lambda _name: None)
    assert open_discriminator() is None


def test_tokens_of_a_place_cover_it() -> None:
    for left, written, right, _ in PLACES:
        ids, first, last = tokens_of((left, written, right))
        lengths = bundled_tokenizer().lengths(ids[1:-1])
        begin, end = int(lengths[: first - 1].sum()), int(lengths[:last].sum())
        assert begin <= 1 + len(left)
        assert end >= 1 + len(left) + len(written)
    # the tokenizer's own sign before the text is no part of the place
    assert tokens_of(("", "。", ""))[1:] == (2, 2)


def test_matrix_in_eight_bits_stays_near() -> None:
    matrix = np.random.default_rng(0).normal(size=(8, 64)).astype(np.float32)
    held = packed(matrix)
    back = (held.steps.astype(np.float32) - 128) * held.scales[..., None]
    assert np.abs(back.reshape(8, 64) - matrix).max() < 0.02


def test_a_judge_that_is_opened_beside_says_the_same(judge: Discriminator) -> None:
    wordings = [(left, written, right) for left, written, right, _ in PLACES]
    beside = Discriminator(threads=1)
    beside.open()
    beside.open()  # once is enough
    assert beside(wordings) == judge(wordings)
