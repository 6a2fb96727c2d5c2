"""Exported checklists are opened again: every line, its clause, what can be ticked, chosen and printed."""

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from markdown_it import MarkdownIt
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from assistant.checklist.export import FORMATS, format_of, render, write
from assistant.checklist.export.layout import RESULTS, groups, standard
from assistant.checklist.export.sheet import COLUMNS, HEAD_ROW
from assistant.checklist.model import Check, Checklist, Completeness, Limits
from assistant.sources import SourceVersion
from kb.errors import FormatUnknown, TargetUnwritable
from kb.model import Citation

HOSTILE = (
    '=HYPERLINK("http://x")',
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "<b>&amp;",
    "# 标题 | *粗*",
    "第一行\n第二行",
    "a\x00\x0bb",
)


def cited(clause: str, title: str = "巡检") -> Citation:
    return Citation("d1", clause.split("-")[0], title, ("门店运营", title), clause, f"{clause} 的原文")


def check(number: int, action: str, **fields: object) -> Check:
    made = Check(number=number, action=action, kind="obligation", citation=cited(f"3.1-{number}"))
    return replace(made, **fields)  # type: ignore[arg-type]


def checklist() -> Checklist:
    checks = (
        check(1, "不得关闭冷柜报警", red_line=True, kind="prohibition", citation=cited("6-1", "红线")),
        check(
            2,
            "记录冷藏柜温度",
            standard="温度保持在2℃至8℃",
            role="值班店长",
            deadline="开店后30分钟内",
            frequency="每班两次",
            method="number",
            evidence="《温度记录表》",
            limits=Limits(2, 8, "℃"),
        ),
        check(3, "拍下收银区照片", method="photo"),
        check(4, "交班时签字确认", condition="有异常的", method="signature", citation=cited("3.2-1", "交班")),
    )
    return Checklist(
        "门店早班检查表",
        checks,
        (Completeness("d1", "3.1", "巡检", 3, 3, "门店运营规范"),),
        (SourceVersion("d1", "门店运营规范", 2),),
        ("附录未列入",),
    )


def hostile() -> Checklist:
    base = checklist()
    checks = tuple(
        check(n, words, standard=words, role=words, evidence=words, condition=words)
        for n, words in enumerate(HOSTILE, 1)
    )
    return replace(base, title=HOSTILE[0], checks=checks, notes=HOSTILE)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_writes_a_file(tmp_path: Path, name: str) -> None:
    target = tmp_path / f"表{FORMATS[name].suffix}"
    assert write(checklist(), name, target) == target
    assert target.stat().st_size > 300
    assert format_of(target) == name


@pytest.mark.parametrize("name", FORMATS)
def test_empty_and_hostile_lists_are_written_too(name: str) -> None:
    assert render(Checklist("空表", ()), name)
    assert render(hostile(), name)


def test_unknown_format_and_missing_folder_are_said(tmp_path: Path) -> None:
    with pytest.raises(FormatUnknown, match="json、md、xlsx、docx、csv"):
        render(checklist(), "pdf")
    with pytest.raises(TargetUnwritable, match="不存在"):
        write(checklist(), "csv", tmp_path / "没有" / "表.csv")


def test_json_has_the_contract_keys() -> None:
    item = json.loads(render(checklist(), "json"))["items"][1]
    assert item["standard"] == "温度保持在2℃至8℃"
    assert item["citation"]["clause"] == "3.1-2"
    assert json.loads(render(checklist(), "json"))["items"][0]["role"] is None


def test_csv_is_read_by_excel_and_computes_nothing() -> None:
    written = render(hostile(), "csv")
    assert written.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(written.decode("utf-8-sig"), newline="")))
    assert [row["序号"] for row in rows] == [str(n) for n in range(1, len(HOSTILE) + 1)]
    cells = [cell for row in rows for cell in row.values()]
    assert not [cell for cell in cells if cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t"))]
    assert rows[0]["检查项"] == f"'{HOSTILE[0]}"


def test_csv_says_what_is_to_be_filled_in() -> None:
    rows = list(csv.DictReader(io.StringIO(render(checklist(), "csv").decode("utf-8-sig"))))
    assert (rows[0]["责任岗"], rows[0]["适用条件"], rows[0]["红线"]) == ("待填", "", "是")
    assert (rows[1]["责任岗"], rows[1]["判定方式"]) == ("值班店长", "数值范围 2～8℃")
    assert rows[3]["原文"] == "3.2-1 的原文"


def opened(made: Checklist) -> Worksheet:
    sheet: Worksheet = load_workbook(io.BytesIO(render(made, "xlsx")))["检查表"]
    return sheet


def test_workbook_is_ready_to_work_and_to_print() -> None:
    sheet = opened(checklist())
    assert sheet.freeze_panes == f"C{HEAD_ROW + 1}"
    assert sheet.print_title_rows == f"${HEAD_ROW}:${HEAD_ROW}"
    assert sheet.print_area.startswith("'检查表'!$A$1:$M$")
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth) == ("landscape", 1)
    assert "第 &P 页" in sheet.oddFooter.center.text
    assert [cell.value for cell in sheet[HEAD_ROW]] == [head for head, _ in COLUMNS]
    lists = [one for one in sheet.data_validations.dataValidation if one.type == "list"]
    assert lists[0].formula1 == f'"{",".join(RESULTS)}"'
    assert {str(one) for one in lists[0].sqref.ranges} == {"J7", "J9", "J10", "J12"}


def test_workbook_colours_by_result_and_outside_the_limits() -> None:
    sheet = opened(checklist())
    formulas = [rule.formula[0] for area in sheet.conditional_formatting for rule in area.rules]
    assert [f'$J7="{word}"' in formulas for word in RESULTS] == [True] * 3
    assert "AND(ISNUMBER(K9),OR(K9<2,K9>8))" in formulas
    assert any(one.type == "decimal" and "K9" in str(one.sqref) for one in sheet.data_validations.dataValidation)


def test_open_bounds_are_outside_themselves() -> None:
    strict = check(1, "测", method="number", limits=Limits(None, 5, "元", open_upper=True))
    sheet = opened(replace(checklist(), checks=(strict,)))
    formulas = [rule.formula[0] for area in sheet.conditional_formatting for rule in area.rules]
    assert "AND(ISNUMBER(K7),OR(K7>=5))" in formulas


def test_workbook_has_no_formula_but_the_progress() -> None:
    book = load_workbook(io.BytesIO(render(hostile(), "xlsx")))
    formulas = [cell.coordinate for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert formulas == ["A4"]
    assert book["检查表"]["A4"].value.startswith('="已检查 "&(COUNTIF(')


def test_workbook_holds_every_clause_and_how_complete_it_is() -> None:
    book = load_workbook(io.BytesIO(render(checklist(), "xlsx")))
    quotes = [row[4] for row in book["出处原文"].iter_rows(min_row=2, values_only=True)]
    assert quotes == [one.citation.quote for one in checklist().checks]
    rows = list(book["完整性"].iter_rows(min_row=2, values_only=True))
    assert rows[0] == ("《门店运营规范》3.1 巡检", "3", "3")
    assert rows[1][0] == "注：附录未列入"


def test_word_has_boxes_head_pages_and_signatures() -> None:
    document = docx.Document(io.BytesIO(render(checklist(), "docx")))
    xml = document.element.xml
    assert len(re.findall("<w14:checkbox>", xml)) == 3 * len(checklist().checks)
    assert document.sections[0].header.paragraphs[0].text == "门店早班检查表"
    footer = document.sections[0].footer.paragraphs[0]._p.xml
    assert [word in footer for word in ("PAGE", "NUMPAGES")] == [True, True]
    assert "检查人（签字）：" in document.tables[-1].rows[0].cells[0].text
    assert "w:tblHeader" in document.tables[0].rows[0]._tr.xml


def test_word_shows_every_line_with_its_clause_and_marks_what_is_open() -> None:
    rows = docx.Document(io.BytesIO(render(checklist(), "docx"))).tables[0].rows
    shown = [[cell.text for cell in row.cells] for row in rows]
    by_number = {cells[0]: cells for cells in shown}
    assert by_number["2"][1] == "记录冷藏柜温度\n标准：温度保持在2℃至8℃"
    assert by_number["2"][3] == "开店后30分钟内\n频次：每班两次"
    assert "实测：________℃（2～8℃）" in by_number["2"][5]
    assert by_number["4"][1] == "（有异常的）交班时签字确认"
    assert (by_number["3"][2], by_number["3"][7]) == ("待填", "3.1-3")
    assert [cells[0] for cells in shown if len(set(cells)) == 1] == ["红线", "门店运营 > 巡检", "门店运营 > 交班"]


def test_markdown_shows_every_line_and_what_is_open() -> None:
    text = render(checklist(), "md").decode()
    assert text.count("- [ ] ") == 4
    assert "待填：标准、责任岗、时限、频次、证据" in text
    assert "标准：温度保持在2℃至8℃；责任岗：值班店长" in text
    shown = MarkdownIt("commonmark").render(render(hostile(), "md").decode())
    assert "<b>" not in shown
    assert shown.count("<h1>") == 1


def test_groups_are_runs_of_a_section_with_red_lines_apart() -> None:
    found = groups(checklist())
    assert [(group.heading, group.red, len(group.checks)) for group in found] == [
        ("红线", True, 1),
        ("门店运营 > 巡检", False, 2),
        ("门店运营 > 交班", False, 1),
    ]


def test_limits_are_said_where_the_standard_does_not_say_them() -> None:
    ranged = checklist().checks[1]
    assert standard(ranged) == "温度保持在2℃至8℃"
    assert standard(replace(ranged, standard="保持合适")) == "保持合适（2～8℃）"
    assert standard(replace(ranged, standard=None)) == "2～8℃"
    assert standard(checklist().checks[2]) is None
