from __future__ import annotations

from pathlib import Path

import pytest

from ingest.read import read
from ingest.source import Line, SourceText
from kb.errors import SourceTooLarge, SourceUnreadable
from kb.settings import LimitSettings
from tests.ingest.files import cells, docx, lists, p, package, table

LIMITS = LimitSettings()
HIDDEN = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>看不见</w:t></w:r>"


def opened(path: Path) -> SourceText:
    return read(path, name=path.name, limits=LIMITS)


def body(tmp_path: Path, xml: str, **parts: str) -> list[Line]:
    return list(opened(docx(tmp_path / "a.docx", xml, **parts)).lines)


def printed(lines: list[Line]) -> list[str]:
    return [f"{line.ordinal}{line.text}" for line in lines]


def test_word_headings_come_from_style_names_and_outline_levels(tmp_path: Path) -> None:
    xml = (
        p("总则", style="1")
        + p("目的", style="2")
        + p("范围", properties='<w:outlineLvl w:val="2"/>')
        + p("附则", style="1")
    )
    assert [(line.kind, line.level, line.text) for line in body(tmp_path, xml)] == [
        ("heading", 1, "总则"), ("heading", 2, "目的"), ("heading", 3, "范围"), ("heading", 1, "附则"),
    ]  # fmt: skip


def test_word_title_style_gives_the_title_and_no_line(tmp_path: Path) -> None:
    text = opened(docx(tmp_path / "a.docx", p("客户投诉处理办法", style="t") + p("目的", style="1") + p("正文。")))
    assert text.title == "客户投诉处理办法"
    assert [line.text for line in text.lines] == ["目的", "正文。"]


def test_word_lone_first_heading_above_others_is_the_title(tmp_path: Path) -> None:
    text = opened(docx(tmp_path / "a.docx", p("值班办法", style="1") + p("目的", style="2") + p("正文。")))
    assert (text.title, [line.text for line in text.lines]) == ("值班办法", ["目的", "正文。"])


def test_word_without_styles_gives_text_and_the_large_centred_line_as_title(tmp_path: Path) -> None:
    title = '<w:r><w:rPr><w:sz w:val="44"/></w:rPr><w:t>值班管理办法</w:t></w:r>'
    xml = p(title, properties='<w:jc w:val="center"/>') + p("一、目的") + p("规范值班。")
    text = opened(docx(tmp_path / "a.docx", xml))
    assert text.title == "值班管理办法"
    assert [(line.kind, line.text) for line in text.lines] == [("text", "一、目的"), ("text", "规范值班。")]


def test_word_heading_numbers_are_printed_through_all_levels(tmp_path: Path) -> None:
    numbering = lists([("chineseCounting", "第%1章"), ("decimal", "%1.%2"), ("decimal", "%1.%2.%3")]).replace(
        '<w:lvlText w:val="%1.%2"/>', '<w:isLgl/><w:lvlText w:val="%1.%2"/>'
    )
    xml = "".join(
        p(text, style=str(min(level + 1, 2)), level=level, number=1)
        for text, level in (("总则", 0), ("目的", 1), ("范围", 1), ("职责", 0), ("分工", 1))
    )
    lines = body(tmp_path, xml, numbering=numbering)
    assert [line.ordinal for line in lines] == ["第一章", "1.1", "1.2", "第二章", "2.1"]


@pytest.mark.parametrize(
    ("kind", "pattern", "second"),
    [
        ("decimal", "%1)", "2)"),
        ("decimalEnclosedCircle", "%1", "②"),
        ("lowerLetter", "%1.", "b."),
        ("upperRoman", "%1.", "II."),
        ("chineseCountingThousand", "（%1）", "（二）"),
        ("bullet", "\uf06c", "-"),
        ("decimalZero", "%1", "02"),
    ],
)
def test_word_list_formats_are_printed(tmp_path: Path, kind: str, pattern: str, second: str) -> None:
    xml = p("甲", level=0, number=1) + p("乙", level=0, number=1)
    assert printed(body(tmp_path, xml, numbering=lists([(kind, pattern)])))[1] == second + "乙"


def test_word_numbers_that_look_like_headings_stand_in_the_text(tmp_path: Path) -> None:
    numbering = lists([("chineseCounting", "%1、")], [("decimal", "%1"), ("decimal", "%1.%2")])
    xml = p("目的", level=0, number=1) + p("范围", level=0, number=2) + p("人员", level=1, number=2)
    assert [(line.kind, line.text) for line in body(tmp_path, xml, numbering=numbering)] == [
        ("text", "一、目的"), ("text", "1 范围"), ("text", "1.1 人员"),
    ]  # fmt: skip


def test_word_list_restarts_where_the_file_says_so_and_goes_on_over_text(tmp_path: Path) -> None:
    numbering = lists([("decimal", "%1.")]) + (
        '<w:num w:numId="9"><w:abstractNumId w:val="1"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    xml = (
        p("甲", level=0, number=1) + p("插话。") + p("乙", level=0, number=1) + p("丙", level=0, number=9)
        + p("丁", level=0, number=9)
    )  # fmt: skip
    assert printed(body(tmp_path, xml, numbering=numbering)) == ["1.甲", "插话。", "2.乙", "1.丙", "2.丁"]


def test_word_nested_items_keep_their_depth(tmp_path: Path) -> None:
    numbering = lists([("decimal", "%1."), ("lowerLetter", "%2)")], [("bullet", "•")])
    xml = (
        p("受理：", level=0, number=1) + p("登记", level=1, number=1) + p("分派", level=1, number=1)
        + p("办理：", level=0, number=1) + p("核实", level=0, number=2) + p("回复", level=0, number=2)
        + p("归档", level=0, number=1)
    )  # fmt: skip
    lines = body(tmp_path, xml, numbering=numbering)
    assert [(line.level, line.ordinal) for line in lines] == [
        (0, "1."), (1, "a)"), (1, "b)"), (0, "2."), (1, "-"), (1, "-"), (0, "3."),
    ]  # fmt: skip


def test_word_leaves_out_deleted_hidden_and_field_code_text(tmp_path: Path) -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF x </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>表3</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    xml = p(
        "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>搬走</w:t></w:r></w:moveFrom>"
        f"<w:ins><w:r><w:t>见</w:t></w:r></w:ins>{HIDDEN}{field}"
        "<w:hyperlink><w:r><w:t>和网页</w:t></w:r></w:hyperlink>"
    )
    assert [line.text for line in body(tmp_path, xml)] == ["见表3和网页"]


def test_word_table_of_contents_is_left_out(tmp_path: Path) -> None:
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC \\o "1-3"</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    xml = (
        p("目 录") + p(f"{begin}<w:r><w:t>总则</w:t></w:r><w:r><w:tab/><w:t>1</w:t></w:r>")
        + p("附则\t9", style="TOC1") + p(end) + p("总则", style="1") + p("正文。")
    )  # fmt: skip
    assert [line.text for line in body(tmp_path, xml)] == ["总则", "正文。"]


def test_word_table_stands_in_its_place_with_merged_cells_carried(tmp_path: Path) -> None:
    merged = '<w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>' + p("一般") + "</w:tc>"
    rest = "<w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc>"
    wide = '<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>' + p("时限") + "</w:tc>"
    deep = '<w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>' + p("级别") + "</w:tc>"
    xml = p("前。") + table(
        deep + wide, rest + cells("响应", "办结"), merged + cells("2小时", "3天"), rest + cells("4小时", "5天")
    ) + p("后。")  # fmt: skip
    lines = body(tmp_path, xml)
    assert [line.kind for line in lines] == ["text", "row", "row", "row", "text"]
    assert lines[1].header
    assert lines[1].cells == ("级别", "时限/响应", "时限/办结")
    assert [line.cells for line in lines[2:4]] == [("一般", "2小时", "3天"), ("一般", "4小时", "5天")]


def test_word_form_table_becomes_pairs_without_header(tmp_path: Path) -> None:
    xml = table(cells("文件编号", "SOP-01", "版本", "V1.0"), cells("编制", "张三", "生效日期", "2025年3月1日"))
    lines = body(tmp_path, xml)
    assert [line.cells for line in lines] == [
        ("文件编号", "SOP-01"), ("版本", "V1.0"), ("编制", "张三"), ("生效日期", "2025年3月1日"),
    ]  # fmt: skip
    assert not any(line.header for line in lines)


def test_word_frame_of_one_column_is_no_table_and_nested_tables_are_read(tmp_path: Path) -> None:
    inner = table(cells("岗位", "职责"), cells("站长", "排班"))
    xml = table(f"<w:tc>{p('职责', style='1')}{p('说明。')}{inner}<w:p/></w:tc>")
    lines = body(tmp_path, xml)
    assert [(line.kind, line.text) for line in lines] == [
        ("heading", "职责"), ("text", "说明。"), ("row", "岗位 | 职责"), ("row", "站长 | 排班"),
    ]  # fmt: skip


def test_word_cell_of_several_paragraphs_is_one_line(tmp_path: Path) -> None:
    numbering = lists([("decimal", "%1.")])
    listed = p("登记工单", level=0, number=1) + p("派给站点", level=0, number=1)
    lines = body(tmp_path, table(cells("步骤", "责任"), cells(listed, "客服")), numbering=numbering)
    assert lines[1].cells == ("1.登记工单；2.派给站点", "客服")


def test_word_text_boxes_notes_breaks_and_check_boxes_are_read(tmp_path: Path) -> None:
    box = (
        '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:Choice><w:drawing><w:txbxContent>{p('框中字')}</w:txbxContent></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><w:txbxContent>{p('框中字')}</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    note = (
        '<w:r><w:t>满意率</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r>'
        "<w:r><w:t>达标</w:t><w:br/><w:t>次行</w:t></w:r>"
    )
    tick = '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:t>是</w:t></w:r>'
    notes = f'<w:footnote w:id="2">{p("按月统计。")}</w:footnote>'
    lines = body(tmp_path, p(box) + p(note) + p(tick), notes=notes)
    assert [line.text for line in lines] == ["框中字", "满意率（注：按月统计）达标", "次行", "☑是"]


def test_word_pictures_alone_need_recognition(tmp_path: Path) -> None:
    picture = '<w:r><w:drawing><a:blip xmlns:a="urn:a"/></w:drawing></w:r>'
    text = opened(docx(tmp_path / "扫描.docx", p(picture) + p(picture)))
    assert text.lines == ()
    assert [warning.kind for warning in text.warnings] == ["needs_ocr"]
    assert "2 张" in text.warnings[0].message


def test_word_reads_under_another_extension_and_in_strict_form(tmp_path: Path) -> None:
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    path = docx(tmp_path / "旧.doc", p("总则", style="1") + p("正文。"), namespace=strict)
    assert [(line.kind, line.text) for line in opened(path).lines] == [("heading", "总则"), ("text", "正文。")]


def test_word_with_xml_entities_is_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
    with pytest.raises(SourceUnreadable, match="恶意"):
        opened(docx(tmp_path / "a.docx", p("<w:r><w:t>&b;&x;</w:t></w:r>"), head=bomb))


@pytest.mark.parametrize("content", [b"PK\x03\x04broken", b"PK\x03\x04" + b"\x00" * 500])
def test_word_damaged_file_says_what_to_do(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "坏.docx").write_bytes(content)
    with pytest.raises(SourceUnreadable, match=r"坏\.docx.*另存"):
        opened(tmp_path / "坏.docx")


def test_word_truncated_body_says_what_to_do(tmp_path: Path) -> None:
    path = package(tmp_path / "坏.docx", {"_rels/.rels": "<x/>", "word/document.xml": "<w:document><w:body>"})
    with pytest.raises(SourceUnreadable, match="损坏"):
        opened(path)


def test_word_bigger_unpacked_than_allowed_is_refused(tmp_path: Path) -> None:
    path = docx(tmp_path / "大.docx", p("字" * 400_000))
    with pytest.raises(SourceTooLarge, match="解压后"):
        read(path, name="大.docx", limits=LimitSettings(unpacked_megabytes=1))
