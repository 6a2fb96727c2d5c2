"""Sentences cut from a stream: the same however the words arrive."""

import pytest

from assistant.chat.written import Splitter, Written, markers

TEXT = (
    "<think>想一想。</think>**流程**如下：\n1. 先听完。[1]\n2. 核对，登记[2][3]。然后告知。 [4]\n"
    "- 不超过2.5小时！【2-4】\n没有句号"
)


def split(text: str, size: int) -> list[Written]:
    splitter = Splitter()
    found = [one for at in range(0, len(text), size) for one in splitter.add(text[at : at + size])]
    return found + splitter.close()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_sentences_do_not_depend_on_how_words_arrive(size: int) -> None:
    assert [(one.text, one.markers, one.ordinal) for one in split(TEXT, size)] == [
        ("流程如下：", (), ""),
        ("先听完。", (1,), "1"),
        ("核对，登记。", (2, 3), "2"),
        ("然后告知。", (4,), ""),
        ("不超过2.5小时！", (2, 3, 4), "-"),
        ("没有句号", (), ""),
    ]


def test_sentence_is_given_as_soon_as_the_next_begins() -> None:
    splitter = Splitter()
    assert splitter.add("先听完。[1]") == []
    assert [one.text for one in splitter.add("再")] == ["先听完。"]
    assert splitter.pending == "再"


def test_unfinished_sentence_of_a_cut_reply_is_dropped() -> None:
    splitter = Splitter()
    splitter.add("先听完。[1]\n再核对客户的姓")
    assert [one.text for one in splitter.close(cut=True)] == []


@pytest.mark.parametrize(
    ("text", "found"), [("[1][2]", (1, 2)), ("【3】", (3,)), ("[1, 3]", (1, 3)), ("[2-4]", (2, 3, 4)), ("无", ())]
)
def test_markers_are_read_in_every_form(text: str, found: tuple[int, ...]) -> None:
    assert markers(text) == found


@pytest.mark.parametrize("size", [1, 5, 1000])
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("原路退回（来源：[1]）。再通知客户（见[2][3]）", [("原路退回。", (1,)), ("再通知客户", (2, 3))]),
        ("原路退回。（来源：[1]）然后结束。", [("原路退回。", (1,)), ("然后结束。", ())]),
        ("原路退回[^1]。", [("原路退回。", (1,))]),
        ("原路退回（财务专员）。（注意时限）好。", [("原路退回（财务专员）。", ()), ("（注意时限）好。", ())]),
        ("### 退款时限\n**谁来办**\n财务专员。[1]", [("退款时限：", ()), ("谁来办：", ()), ("财务专员。", (1,))]),
        ("**退款**由**财务专员**办理[1]", [("退款由财务专员办理", (1,))]),
    ],
)
def test_what_models_wrap_sentences_in_is_taken_off(
    text: str, found: list[tuple[str, tuple[int, ...]]], size: int
) -> None:
    assert [(one.text, one.markers) for one in split(text, size)] == found


@pytest.mark.parametrize("size", [1, 5, 1000])
def test_rows_of_a_table_are_read_as_the_manuals_own(size: int) -> None:
    table = "| 事项 | 时限 |\n| --- | :---: |\n| 退款 | 7个工作日[1] |\n| 换货 | 48小时 [2] |\n\n另行通知。"
    assert [(one.text, one.markers) for one in split(table, size)] == [
        ("事项：退款；时限：7个工作日", (1,)),
        ("事项：换货；时限：48小时", (2,)),
        ("另行通知。", ()),
    ]
