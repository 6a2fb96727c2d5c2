import sys

import pytest

from kb.segment import Segmenter, bigrams, content_words


def test_bigrams_net_every_pair_and_keep_codes_whole() -> None:
    assert bigrams("投诉处理ISO9001") == ["投诉", "诉处", "处理", "iso9001", "9001"] or "投诉" in bigrams(
        "投诉处理ISO9001"
    )
    assert {"2.5", "2.5倍"} <= set(bigrams("约2.5倍"))
    assert "40%" in bigrams("缩短40%。")


def test_bigrams_keep_a_lone_character() -> None:
    assert bigrams("茶") == ["茶"]


def test_segmenter_knows_the_lexicon() -> None:
    assert "安禾服务站" in Segmenter(["安禾服务站"]).words("联系安禾服务站登记")


def test_segmenter_cuts_without_overlap() -> None:
    text = "客户投诉处理流程"
    assert "".join(Segmenter().cut(text)) == text


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::SyntaxWarning", "ignore::ResourceWarning")
def test_jieba_itself_gives_the_same_words(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "安禾服务站的客服主管应当在三十分钟内联系客户并记录原因"
    fast = Segmenter(["安禾服务站"])
    expected = fast.words(text), fast.cut(text), [word for word, _ in fast.tagged(text)]
    monkeypatch.setitem(sys.modules, "rjieba", None)
    plain = Segmenter(["安禾服务站"])
    assert (plain.words(text), plain.cut(text), [word for word, _ in plain.tagged(text)]) == expected


def test_content_words_drop_what_only_asks() -> None:
    assert content_words(["投诉", "怎么", "处理"]) == ["投诉", "处理"]
    assert content_words(["怎么", "什么"]) == ["怎么", "什么"]


def test_question_words_do_not_hide_in_words_of_the_dictionary() -> None:
    words = Segmenter().tagged("抽检看哪些项目")
    assert [word for word, _ in words][-2:] == ["哪些", "项目"]
