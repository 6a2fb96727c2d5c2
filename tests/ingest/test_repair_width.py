from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.repair import width
from tests.damage_plain import corpus, halve_punctuation, sentences, to_radicals, widen_alnum


@pytest.mark.parametrize("document", corpus())
def test_width_of_a_clean_document_stays(document: str) -> None:
    assert width.mend(document, punctuation=width.mixed(document)) == (document, 0)


@given(st.sampled_from(sentences()), st.randoms())
@settings(max_examples=200, deadline=None)
def test_width_of_punctuation_comes_back(line: str, rng: random.Random) -> None:
    assert width.mend(halve_punctuation(line, rng), punctuation=True)[0] == line


@given(st.sampled_from(sentences()))
@settings(max_examples=150, deadline=None)
def test_width_of_letters_and_radicals_comes_back(line: str) -> None:
    assert width.mend(widen_alnum(line), punctuation=False)[0] == line
    assert width.mend(to_radicals(line), punctuation=False)[0] == line


@given(st.text(st.sampled_from("客户服务,;:?!()（），：A1. \n“”`=>"), max_size=40))
@settings(max_examples=300, deadline=None)
def test_width_keeps_the_length_and_settles_at_once(text: str) -> None:
    mended, count = width.mend(text, punctuation=True)
    assert len(mended) == len(text)
    assert count == sum(a != b for a, b in zip(text, mended, strict=True))
    assert width.mend(mended, punctuation=False) == (mended, 0)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("理念:1.战略,2.流程", "理念：1.战略，2.流程"),
        (
            "流程再造(ProcessReengineering)和精益(Lean(精益)管理)",
            "流程再造（ProcessReengineering）和精益（Lean（精益）管理）",
        ),
        ("《质量管理》(ISO10015)要求,提升30%,降低", "《质量管理》（ISO10015）要求，提升30%，降低"),
        ("体系(ISO9001:2015)、(GB/T19001)", "体系（ISO9001:2015）、（GB/T19001）"),
        ("（2022)版", "（2022）版"),
        ("BSC(平衡计分卡):指标", "BSC（平衡计分卡）：指标"),
        ("怎么办?客服应!", "怎么办？客服应！"),
        ("官网https://a.com/x?y=1,并发送到a@b.com;谢谢", "官网https://a.com/x?y=1，并发送到a@b.com；谢谢"),
        ("Ａ类１２．５％，８：００，ＧＢ／Ｔ", "A类12.5%，8:00，GB/T"),
        ("⼯⼈⻚⾯﹐服务﹕好", "工人页面，服务：好"),
    ],
)
def test_width_makes_chinese_marks_full(before: str, after: str) -> None:
    assert width.mend(before, punctuation=True)[0] == after


@pytest.mark.parametrize(
    "text",
    [
        "ISO9001:2015,GB/T23301-2017标准", "时间8:00至18:00", "比例3:1", "CAD,CAXA,PROE", 'print("中文")', "f(x)的值",
        "[链接](http://a.b)", "会话 (包括当前会话) 将", "Hello, world! (ok)", "`a,b:中文`", "def f(a, b): 返回值", "确??变更",
    ],
)  # fmt: skip
def test_width_leaves_what_must_be_half(text: str) -> None:
    assert width.mend(text, punctuation=True) == (text, 0)


def test_width_of_a_document_all_in_ascii_marks_is_not_mixed() -> None:
    assert not width.mixed("客户服务,质量第一.流程:登记")
    assert width.mixed("客户服务,质量第一。")
