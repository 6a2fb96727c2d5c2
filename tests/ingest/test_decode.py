from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.decode import decode
from kb.errors import SourceUnreadable
from kb.fold import converter
from tests.damage_plain import sentences


def read(data: bytes, declared: str | None = None) -> tuple[str, str]:
    text, repairs = decode(data, name="制度.txt", declared=declared)
    return text, repairs[0].before if repairs else ""


@given(st.sampled_from(sentences()), st.integers(0, 15), st.integers(4, 60))
@settings(max_examples=150, deadline=None)
def test_decode_tells_gb18030_from_utf8_in_short_texts(sentence: str, start: int, length: int) -> None:
    text = sentence[start : start + length].lstrip("\ufeff")
    if sum(character > "\x7f" for character in text) < 4:
        return
    assert read(text.encode("gb18030")) == (text, "gb18030")
    assert read(text.encode("utf-8")) == (text, "")


@given(st.sampled_from(sentences()))
@settings(max_examples=80, deadline=None)
def test_decode_tells_big5_from_gb18030(sentence: str) -> None:
    text = converter("s2tw").convert(sentence)
    try:
        data = text.encode("cp950")
    except UnicodeEncodeError:
        return
    assert read(data) == (text, "big5")


@pytest.mark.parametrize("word", ["投诉", "联通", "客户", "质量", "售后"])
def test_decode_reads_a_file_of_two_characters(word: str) -> None:
    assert read(word.encode("gb18030"))[0] == word


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [(codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"), (codecs.BOM_UTF32_LE, "utf-32-le")],
)
def test_decode_takes_the_byte_order_mark_at_its_word(mark: bytes, encoding: str) -> None:
    text = "第一章 总则\n1.1 目的"
    assert read(mark + text.encode(encoding)) == (text, encoding)
    assert read(text.encode(encoding))[0] == text


def test_decode_drops_the_mark_of_utf8_without_a_repair() -> None:
    assert read(codecs.BOM_UTF8 + "总则".encode()) == ("总则", "")


def test_decode_makes_line_ends_one_kind() -> None:
    assert read("一\r\n二\r三\n".encode())[0] == "一\n二\n三\n"


def test_decode_believes_a_declaration_only_where_the_bytes_agree() -> None:
    text = "客户投诉处理流程与服务质量标准"
    assert read(text.encode("gb18030"), "utf-8")[0] == text
    assert read(text.encode("utf-8"), "gb2312") == (text, "")


def test_decode_reads_utf8_with_a_cut_or_broken_character() -> None:
    data = ("客服专员在三十分钟内回电。" * 20).encode()
    assert read(data[:-1])[0].startswith("客服专员在三十分钟内回电。")
    text, before = read(data[:100] + b"\xff" + data[100:])
    assert (text.count("\ufffd"), before) == (1, "utf-8") or text.count("客服专员") >= 19


def test_decode_reads_lines_of_two_encodings() -> None:
    one, two = "客户投诉处理流程", "服务质量检查标准"
    assert read(one.encode() + b"\n" + two.encode("gb18030"))[0] == f"{one}\n{two}"


@pytest.mark.parametrize("data", [bytes(range(256)) * 20, b"\x89PNG\r\n\x1a\n" + bytes(60), b"\x00\x01\x02\x03" * 100])
def test_decode_refuses_binary_in_one_line(data: bytes) -> None:
    with pytest.raises(SourceUnreadable) as raised:
        read(data)
    assert str(raised.value).startswith("制度.txt：")
    assert "\n" not in str(raised.value)


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_decode_gives_text_or_its_own_error(data: bytes) -> None:
    try:
        text, _ = decode(data, name="x")
    except SourceUnreadable:
        return
    assert "\r" not in text
    assert "\x00" not in text
