"""Plans as files, each opened again: what is in them, what stays text, what a clause and a suggestion look like."""

import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from assistant.plan.export import FORMATS, format_of, render, write
from assistant.plan.make import PlanRequest, make_plan
from assistant.plan.model import Plan
from kb.errors import FormatUnknown, TargetUnwritable
from kb.knowledge import KnowledgeBase
from kb.search import HybridSearcher


@pytest.fixture(scope="module")
def plan(sample: KnowledgeBase, tmp_path_factory: pytest.TempPathFactory) -> Plan:
    data = tmp_path_factory.mktemp("data") / "投诉.csv"
    data.write_text("日期,原因\n2026-09-01,=1+1\n2026-10-01,响应慢\n2026-10-02,响应慢\n", encoding="utf-8")
    request = PlanRequest("=SUM(A1) 投诉响应慢，超时多 <b>", "pdca", date(2026, 12, 1), data)
    return make_plan(sample, HybridSearcher(sample), request)


def test_word_has_footnotes_charts_a_gantt_and_every_action(plan: Plan) -> None:
    data = render(plan, "docx")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        notes = package.read("word/footnotes.xml").decode("utf-8")
        charts = [name for name in package.namelist() if name.startswith("word/charts/")]
    assert len(charts) == 2
    document = Document(io.BytesIO(data))
    cells = "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    for action in plan.actions:
        assert action.action in cells
        if action.citation:
            assert action.citation.quote.split("“")[0][:20].replace("&", "&amp;") in notes
    headings = [one.text for one in document.paragraphs if one.style and (one.style.name or "").startswith("Heading 1")]
    assert "五、进度（按周）" in headings
    assert "建议，待确认" in cells


def test_workbook_lists_the_actions_and_runs_no_formula_of_others(plan: Plan) -> None:
    book = load_workbook(io.BytesIO(render(plan, "xlsx")))
    sheet = book["行动清单"]
    ids = [row[0].value for row in sheet.iter_rows(min_row=4) if row[0].value]
    assert ids == [action.id for action in plan.actions]
    assert sheet["F4"].is_date
    formulas = [cell.coordinate for one in book for row in one.iter_rows() for cell in row if cell.data_type == "f"]
    assert formulas == []
    assert {"甘特图", "原因与目标", "数据", "出处原文"} <= set(book.sheetnames)


def test_markdown_notes_every_clause_and_shows_no_markup(plan: Plan) -> None:
    text = render(plan, "md").decode("utf-8")
    cited = {(a.citation.document, a.citation.clause) for a in plan.actions if a.citation}
    assert text.count("\n[^") >= len(cited)
    assert "<b>" not in text.replace("\\<b>", "")
    assert "〔建议，待确认〕" in text


def test_json_is_the_contract(plan: Plan) -> None:
    made = json.loads(render(plan, "json"))
    assert made["data"]["pareto"][0]["name"] == "响应慢"
    assert made["framework"] == "pdca"


def test_suffix_says_the_format_and_trouble_is_told(plan: Plan, tmp_path: Path) -> None:
    assert [format_of(Path(f"方案{one.suffix}")) for one in FORMATS.values()] == list(FORMATS)
    assert write(plan, "md", tmp_path / "方案.md").read_bytes() == render(plan, "md")
    with pytest.raises(FormatUnknown):
        render(plan, "pdf")
    with pytest.raises(TargetUnwritable):
        write(plan, "md", tmp_path / "没有" / "方案.md")
