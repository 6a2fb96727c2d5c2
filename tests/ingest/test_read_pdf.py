from __future__ import annotations

import zlib
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from ingest.read import read
from ingest.source import SourceText
from kb.errors import SourceTooLarge, SourceUnreadable
from kb.settings import LimitSettings
from tests.ingest.files import Rule, Text, pdf, ruled

LIMITS = LimitSettings()
SAMPLE = Path(__file__).resolve().parents[2] / "ingest" / "sample" / "客户信息保护管理规定.pdf"
LONG = "客服专员接到来电后应当在三十秒内应答并问明客户的姓名电话和地址同时在工单系统中建立记录"


def opened(tmp_path: Path, *pages: list[Text | Rule], picture_on: tuple[int, ...] = ()) -> SourceText:
    return read(pdf(tmp_path / "a.pdf", list(pages), picture_on=picture_on), name="a.pdf", limits=LIMITS)


def texts(text: SourceText) -> list[str]:
    return [line.text for line in text.lines]


def wrapped(words: str, top: float, *, width: int = 40, indent: bool = True) -> list[Text | Rule]:
    """Return a paragraph of 12 pt set in lines of ``width`` characters, the first one indented by two."""
    pieces: list[Text | Rule] = []
    first = width - 2 if indent else width
    parts = [words[:first], *(words[start : start + width] for start in range(first, len(words), width))]
    for place, part in enumerate(parts):
        pieces.append((60 + (24 if indent and place == 0 else 0), top + 18 * place, 12, part))
    return pieces


def test_pdf_wrapped_lines_are_joined_and_paragraphs_are_not(tmp_path: Path) -> None:
    paragraph = LONG * 3 + "。"
    page = (
        wrapped(paragraph, 100)
        + wrapped(paragraph, 200)
        + [(60.0, 300.0, 12.0, "1.登记工单。"), (60.0, 318.0, 12.0, "2.派给站点。")]
    )
    assert texts(opened(tmp_path, page)) == [paragraph, paragraph, "1.登记工单。", "2.派给站点。"]


def test_pdf_hanging_item_goes_on_after_a_full_stop_at_the_margin(tmp_path: Path) -> None:
    first, second = "1." + LONG[:36] + "。", "随后当场复述一遍。"
    lines = [(60, 80, 12, "甲" * 39), (60, 120, 12, first), (78, 138, 12, second), (60, 156, 12, "2.派给站点。")]
    assert texts(opened(tmp_path, lines))[1:] == [first + second, "2.派给站点。"]


def test_pdf_paragraph_goes_on_over_a_page_without_header_and_number(tmp_path: Path) -> None:
    paragraph = LONG * 4
    lines = wrapped(paragraph, 600, indent=False)
    pages = []
    for number, inner in enumerate(
        (lines[:2], [(60, 80 + 18 * place, 12, line[3]) for place, line in enumerate(lines[2:])]), 1
    ):
        pages.append([(60, 30, 9, "安禾公司 投诉处理办法"), *inner, (280, 800, 9, f"第 {number} 页 共 2 页")])
    assert texts(opened(tmp_path, *pages)) == [paragraph]


@pytest.mark.parametrize("number", ["3", "- 3 -", "— 3 —", "第 3 页", "3 / 12", "第3页，共12页", "Page 3 of 12", "iii"])
def test_pdf_page_numbers_are_dropped(tmp_path: Path, number: str) -> None:
    assert texts(opened(tmp_path, [*wrapped(LONG + "。", 300), (290, 805, 9, number)])) == [LONG + "。"]


def test_pdf_table_is_read_once_as_rows(tmp_path: Path) -> None:
    rows = [["级别", "时限"], ["一般", "首次响应两小时内，\n三天办结"], ["重大", "30分钟"]]
    text = opened(
        tmp_path, [(60, 60, 12, "时限如下："), *ruled(60, 100, [80, 120], rows, height=32), (60, 300, 12, "完。")]
    )
    assert [(line.kind, line.text) for line in text.lines] == [
        ("text", "时限如下："), ("row", "级别 | 时限"), ("row", "一般 | 首次响应两小时内，三天办结"), ("row", "重大 | 30分钟"),
        ("text", "完。"),
    ]  # fmt: skip
    assert text.lines[1].header


@pytest.mark.parametrize("repeated", [True, False])
def test_pdf_table_over_a_page_break_stays_one(tmp_path: Path, *, repeated: bool) -> None:
    header = [["级别", "时限"]]
    first = ruled(60, 600, [80, 120], [*header, ["一般", "2小时"]])
    second = ruled(60, 60, [80, 120], [*(header if repeated else []), ["重大", "30分钟"]])
    text = opened(tmp_path, [(60, 500, 12, "时限如下："), *first], [*second, (60, 300, 12, "完。")])
    rows = [line for line in text.lines if line.kind == "row"]
    assert [line.cells for line in rows] == [("级别", "时限"), ("一般", "2小时"), ("重大", "30分钟")]
    assert {line.table for line in rows} == {1}


def test_pdf_row_torn_by_a_page_break_is_mended(tmp_path: Path) -> None:
    first = ruled(60, 600, [80, 120], [["级别", "时限"], ["一般", "首次响应"]])
    second = ruled(60, 60, [80, 120], [["", "两小时内"], ["重大", "30分钟"]])
    rows = [line.cells for line in opened(tmp_path, first, second).lines if line.kind == "row"]
    assert rows == [("级别", "时限"), ("一般", "首次响应两小时内"), ("重大", "30分钟")]


def test_pdf_sizes_tell_title_and_headings(tmp_path: Path) -> None:
    page: list[Text | Rule] = [(180, 60, 22, "投诉处理办法"), (60, 110, 16, "目的"), *wrapped(LONG + "。", 140)]
    page += [(60, 200, 16, "职责"), (60, 230, 14, "客服"), *wrapped(LONG + "。", 260)]
    text = opened(tmp_path, page)
    assert text.title == "投诉处理办法"
    assert [(line.level, line.text) for line in text.lines if line.kind == "heading"] == [
        (1, "目的"),
        (1, "职责"),
        (2, "客服"),
    ]


def test_pdf_radicals_are_the_characters_meant(tmp_path: Path) -> None:
    radicals = "⽤⼾⼈员的⼯单⻅⻛险，⻓期⽣效，⾦额200元。"  # as fonts without a proper map give them
    assert texts(opened(tmp_path, [(60, 100, 12, radicals)])) == ["用户人员的工单见风险，长期生效，金额200元。"]


def test_pdf_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    page: list[Text | Rule] = [(200, 40, 16, "双栏制度说明")]
    for side, word in ((50, "左"), (310, "右")):
        page += [(side, 100 + 18 * place, 12, word + LONG[:18]) for place in range(12)]
    text = "".join(texts(opened(tmp_path, page)))
    assert text.count("左") == text.count("右") == 12
    assert text.rindex("左") < text.index("右")


def test_pdf_paragraphs_of_columns_are_joined_also_from_one_to_the_next(tmp_path: Path) -> None:
    paragraph = (LONG * 3)[:99] + "。"
    page: list[Text | Rule] = [(200, 40, 16, "双栏制度说明")]
    lines = [paragraph[at : at + 18] for _ in range(4) for at in range(0, len(paragraph), 18)]
    for column, side in enumerate((50, 310)):
        page += [(side, 100 + 18 * place, 12, line) for place, line in enumerate(lines[12 * column :][:12])]
    assert texts(opened(tmp_path, page)) == [paragraph] * 4
    broken = [(side, 100 + 18 * place, 12, LONG[:20]) for side in (50, 310) for place in range(12)]
    assert texts(opened(tmp_path, broken)) == [LONG[:20] * 24]


def test_pdf_scanned_pages_are_named_not_silently_empty(tmp_path: Path) -> None:
    text = opened(tmp_path, wrapped(LONG + "。", 100), [], [(280, 800, 9, "3")], picture_on=(2, 3))
    assert texts(text) == [LONG + "。"]
    assert [warning.kind for warning in text.warnings] == ["needs_ocr"]
    assert "第 2、3 页" in text.warnings[0].message
    whole = opened(tmp_path, [], [], picture_on=(1, 2))
    assert whole.lines == ()
    assert "全部 2 页" in whole.warnings[0].message


def test_pdf_behind_a_password_says_so(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(SAMPLE))
    writer.encrypt("geheim", algorithm="RC4-128")
    writer.write(tmp_path / "密.pdf")
    with pytest.raises(SourceUnreadable, match=r"密\.pdf.*密码"):
        read(tmp_path / "密.pdf", name="密.pdf", limits=LIMITS)
    writer = PdfWriter(clone_from=PdfReader(SAMPLE))
    writer.encrypt("", "owner", algorithm="RC4-128")
    writer.write(tmp_path / "限.pdf")
    assert read(tmp_path / "限.pdf", name="限.pdf", limits=LIMITS).title == "客户信息保护管理规定"


def test_pdf_over_the_page_limit_is_refused(tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", [[] for _ in range(4)])
    with pytest.raises(SourceTooLarge, match="3 页"):
        read(path, name="a.pdf", limits=LimitSettings(pages=3))


def test_pdf_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    packed = zlib.compress(b"0" * 3_000_000)
    head = b"%%PDF-1.7\n1 0 obj<</Filter/FlateDecode/Length %d>>stream\n" % len(packed)
    (tmp_path / "a.pdf").write_bytes(head + packed + b"\nendstream endobj\n")
    with pytest.raises(SourceTooLarge, match="解压后"):
        read(tmp_path / "a.pdf", name="a.pdf", limits=LimitSettings(unpacked_megabytes=1))


@pytest.mark.parametrize("cut", [20, 300, 5000])
def test_pdf_cut_off_or_garbled_does_not_crash(tmp_path: Path, cut: int) -> None:
    content = SAMPLE.read_bytes()
    for damaged in (content[:cut], content[:cut] + content[-2000:], content.replace(b"/Type/Page", b"/Type/Pig")):
        (tmp_path / "坏.pdf").write_bytes(damaged)
        with pytest.raises(SourceUnreadable, match=r"坏\.pdf"):
            read(tmp_path / "坏.pdf", name="坏.pdf", limits=LIMITS)
