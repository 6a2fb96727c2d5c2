"""The cross-encoder: a passage that holds what is asked before one that only uses the same words."""

from __future__ import annotations

import pytest

from kb.cross_encoder import PASSAGE_TOKENS, CrossEncoder, open_cross_encoder, tokens

PLACES = [
    (
        "货到了发现少一件怎么办",
        "到货验收 短少：数量不足的，收货员当场在送货单上注明，并通知采购员补发。",
        "到货验收 单据：送货单一式两份，收货员留存一份。",
    ),
    (
        "请病假要交什么",
        "休假 病假：员工请病假须提交二级以上医院的诊断证明。",
        "休假 年假：年假须提前三天申请，由主管批准。",
    ),
    ("谁来签发停机通知", "停机 通知：停机通知由值班主任签发。", "停机 恢复：停机后一小时内完成检查并恢复运行。"),
    ("押金什么时候退", "押金 退还：退房后三个工作日内原路退还押金。", "押金 收取：入住时收取押金五百元，开具收据。"),
    (
        "投诉多久要回复",
        "投诉 时限：接到投诉后二十四小时内回复客户。",
        "投诉 登记：投诉一律登记在台账上，写明来源和内容。",
    ),
]


@pytest.fixture(scope="module")
def encoder() -> CrossEncoder:
    return CrossEncoder(threads=1)


def test_what_answers_is_mostly_preferred(encoder: CrossEncoder) -> None:
    odds = [encoder(question, [right, wrong]) for question, right, wrong in PLACES]
    assert sum(one > two for one, two in odds) >= len(PLACES) - 1


def test_a_passage_of_another_matter_is_unlikely(encoder: CrossEncoder) -> None:
    asked = [question for question, *_ in PLACES]
    others = [PLACES[at - 1][1] for at in range(len(PLACES))]
    assert all(encoder(question, [other])[0] < 0 for question, other in zip(asked, others, strict=True))


def test_scripts_are_read_alike(encoder: CrossEncoder) -> None:
    passage = PLACES[4][1]
    assert encoder("投訴多久要回覆", [passage]) == pytest.approx(encoder("投诉多久要回复", [passage]), abs=0.5)


def test_long_and_empty_texts_are_read(encoder: CrossEncoder) -> None:
    assert len(tokens("长" * 5000, PASSAGE_TOKENS)) == PASSAGE_TOKENS
    assert len(encoder("", ["", "长" * 5000])) == 2


def test_there_is_none_without_the_bundled_model(monkeypatch: pytest.MonkeyPatch) -> None:
    assert open_cross_encoder() is open_cross_encoder()
    monkeypatch.setattr("kb.bundled_file.find_spec", lambda _name: None)
    assert open_cross_encoder() is None
