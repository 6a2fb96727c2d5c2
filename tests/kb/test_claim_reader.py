"""The reader of claims: words that the clause beside them does not bear out."""

from __future__ import annotations

import pytest

from kb.claim_reader import EVIDENCE_TOKENS, ClaimReader, open_claim_reader
from kb.cross_encoder import tokens

CLAUSE = "旧件返还：换下的旧件由司机当天交回车队,拍照留存三十天后统一处置;未交旧件的,该项配件费不予结算。"


@pytest.fixture(scope="module")
def reader() -> ClaimReader:
    return ClaimReader(threads=1)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("司机要在当天把换下来的旧件交给车队。", "司机要在当天把新领的雨衣交给门卫。"),
        ("没交旧件的,这项配件费就不给结。", "没交旧件的,由班组长写出检讨。"),
        ("旧件拍照后留三十天,再统一处理。", "旧件拍照后当场销毁,并通知供应商。"),
    ],
)
def test_what_the_clause_bears_out_is_likelier(reader: ClaimReader, right: str, wrong: str) -> None:
    assert reader(right, CLAUSE).stands > reader(wrong, CLAUSE).stands + 1


def test_added_words_are_pointed_at(reader: ClaimReader) -> None:
    reading = reader("换下的旧件由司机当天交回车队,并由财务总监赠送礼品券。", CLAUSE)
    assert any("礼品" in run or "赠送" in run for run in reading.doubtful())
    assert "".join(piece for piece, _ in reading.pieces).strip().startswith("换下的旧件")


def test_long_and_empty_texts_are_read(reader: ClaimReader) -> None:
    assert len(tokens("长" * 5000, EVIDENCE_TOKENS)) == EVIDENCE_TOKENS
    assert len(reader("", "长" * 5000).pieces) <= 1


def test_there_is_none_without_the_bundled_model(monkeypatch: pytest.MonkeyPatch) -> None:
    assert open_claim_reader() is open_claim_reader()
    monkeypatch.setattr("kb.bundled_file.find_spec", lambda _name: None)
    assert open_claim_reader() is None
