"""Conversations as files: whole, and harmless whatever was typed."""

import io

import pytest
from docx import Document
from markdown_it import MarkdownIt

from kb.model import Answer, Citation, Nearest
from kb.records import Turn
from ui.conversation_files import file_name, to_docx, to_markdown

CITED = Citation("d1", "5.5", "投诉", ("第五章", "投诉"), "5.5-2", "24小时\n内答复", repaired=True, marker=1)
TURN = Turn(
    1,
    "多久答复？",
    "多久答复？",
    Answer("多久答复？", "24小时内答复。[1]\n1. 登记\n- 回访", "answered", (CITED,)),
    "2026-11-23T08:00:00+00:00",
)
REFUSED = Turn(
    2,
    "食堂？",
    "食堂？",
    Answer("食堂？", "手册没有", "not_found", nearest=(Nearest("d1", "5.6", "回访"),)),
    "坏的时间",
)
TITLES = {"d1": "运营手册"}
HOSTILE = "<script>alert(1)</script> [x](javascript:alert(1)) ![i](http://a/b.png) **b** `c` # h https://e.example www.e.example"


def test_markdown_holds_answers_and_citations() -> None:
    text = to_markdown("关于投诉", [TURN, REFUSED], TITLES)
    html = MarkdownIt().render(text)
    assert "《运营手册》第五章 &gt; 投诉（5.5-2，此处原文有损坏，已修复）" in html
    assert "24小时 内答复" in html
    assert "24小时内答复。[1]" in html
    assert "最接近的章节：《运营手册》5.6 回访" in html
    assert "<li>" not in html
    assert "已找到" in html
    assert "手册没有" in html


@pytest.mark.parametrize("where", ["title", "question", "answer", "quote"])
def test_markdown_of_hostile_words_is_text(where: str) -> None:
    quote = Citation("d", "1", "t", ("t",), "1-1", HOSTILE if where == "quote" else "q", marker=1)
    said = Answer("q", f"{HOSTILE}\n# h\n> q\n1. x\n- y\n===" if where == "answer" else "a", "answered", (quote,))
    turn = Turn(1, HOSTILE if where == "question" else "q", "q", said, "2026-11-23T08:00:00+00:00")
    html = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(
        to_markdown(HOSTILE if where == "title" else "t", [turn], {})
    )
    for tag in ("<script", "<a ", "<img", "<strong", "<code", "<li", "<h3"):
        assert tag not in html
    assert "alert(1)" in html


def test_word_file_holds_the_same_and_takes_any_character() -> None:
    turn = Turn(3, "\x00控制\ud800", "q", Answer("q", f"{HOSTILE}\x0b", "answered"), "2026-11-23T08:00:00+00:00")
    document = Document(io.BytesIO(to_docx("关于\x01投诉", [TURN, REFUSED, turn], TITLES)))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for words in (
        "关于投诉",
        "多久答复？",
        "24小时内答复。[1]",
        "（5.5-2，此处原文有损坏，已修复）",
        "最接近的章节",
        "控制",
        HOSTILE,
    ):
        assert words in text


def test_file_name_is_one_that_every_system_takes() -> None:
    assert file_name('投诉/多久 "答复"？\n', ".md") == "投诉 多久 答复 ？.md"
    assert file_name("..", ".docx") == "对话.docx"
