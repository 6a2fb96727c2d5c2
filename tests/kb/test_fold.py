import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.fold import fold, is_traditional, to_traditional


@pytest.mark.parametrize(
    ("written", "folded"),
    [("服務品質", "服务品质"), ("ＳＯＰ　Ａ", "sop a"), ("隨著", "随着"), ("Plan-Do", "plan-do"), ("４０％", "40%")],
)
def test_fold_writes_one_form(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text(max_size=60))
def test_fold_keeps_every_place(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize("text", ["服務品質有哪些監控機制？", "團隊", "退款要幾天"])
def test_is_traditional_sees_traditional_questions(text: str) -> None:
    assert is_traditional(text)


@pytest.mark.parametrize("text", ["服务质量有哪些监控机制？", "什么是SOP", "PDCA", "", "回访三次"])
def test_is_traditional_leaves_simplified_questions(text: str) -> None:
    assert not is_traditional(text)


def test_to_traditional_changes_characters_only() -> None:
    assert to_traditional("服务质量[1]") == "服務質量[1]"
