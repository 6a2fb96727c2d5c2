"""A plan for Word that can be sent upwards after ten minutes: headings, tables, a Gantt, charts, clauses as footnotes.

What stands in a clause has a footnote with its words; what does not is in a brown italic and says 建议，待确认.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from assistant import word_document as word
from assistant.plan.export.charts import add_charts
from assistant.plan.export.footnotes import Footnotes
from assistant.plan.export.layout import LEGEND, OWN, Notes, drafted_from, mark, new_in, pointer, stated
from assistant.plan.filling import HEAD
from assistant.plan.model import FRAMEWORK_WORDS, TO_FILL, Action, Basis, Plan, Said
from kb.model import Citation

_BROWN = "7F6000"
_ACTION_WIDTHS = (1.1, 6.6, 2.1, 1.9, 1.9, 3.0)
_CAUSE_WIDTHS = (1.6, 4.6, 5.8, 4.6)
_ACTION_HEADS = ("编号", "行动", "责任岗", "开始", "完成", "交付物／凭证")
_GANTT_LABEL, _GANTT_WIDTH = 5.2, 16.6
_WEEKS = 26


class _Writer:
    """One document with its footnotes."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.document = word.new_document(plan.title)
        self.footnotes = Footnotes()
        self.notes = Notes(plan.titles)

    def heading(self, text: str, level: int = 1) -> None:
        self.document.add_heading(text, level)

    def said(self, one: Said) -> None:
        self.line(one.text, one.basis, one.citation)

    def line(self, text: str, basis: Basis, citation: Citation | None = None) -> None:
        paragraph = self.document.add_paragraph(style="List Bullet")
        self.statement(paragraph, text, basis, citation)

    def statement(self, paragraph: Any, text: str, basis: Basis, citation: Citation | None) -> None:  # noqa: ANN401
        """Write a statement so that a clause and a suggestion look apart, with the clause as a footnote."""
        from docx.shared import Pt, RGBColor

        word.write_runs(paragraph, f"{text} ")
        label = paragraph.add_run(mark(basis))
        label.font.size = Pt(8.5)
        for run in paragraph.runs if basis == "assumption" else [label]:
            run.font.color.rgb = RGBColor.from_string(_BROWN if basis == "assumption" else "595959")
            run.italic = basis == "assumption"
        if citation:
            self.footnotes.mark(paragraph, self.notes.words(citation))

    def table(self, heads: Sequence[str], widths: Sequence[float], rows: Sequence[Sequence[str]]) -> Any:  # noqa: ANN401
        made = word.table(self.document, widths, heads)
        for row in rows:
            cells = word.add_row(made, widths).cells
            for cell, text in zip(cells, row, strict=True):
                word.fill(cell, text)
        self.document.add_paragraph()
        return made


def render(plan: Plan) -> bytes:
    """Return the plan as a document."""
    writer = _Writer(plan)
    _top(writer)
    _situation(writer)
    _causes(writer)
    _goals(writer)
    _phases(writer)
    _gantt(writer)
    _indicators(writer)
    _around(writer)
    _signatures(writer)
    writer.footnotes.attach(writer.document)
    return word.saved(writer.document)


def _top(writer: _Writer) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    plan, document = writer.plan, writer.document
    word.running_heads(document.sections[0], plan.title, "", total=True)
    title = document.add_paragraph(style="Title")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    word.write_runs(title, plan.title)
    days = [action.start for action in plan.actions]
    period = f"{min(days).isoformat()} 至 {max(action.end for action in plan.actions).isoformat()}" if days else TO_FILL
    writer.table(
        ("项目", "内容"),
        (3.0, 13.6),
        [
            ("方法", FRAMEWORK_WORDS[plan.framework]),
            ("问题", plan.problem.text),
            ("计划期间", period),
            *([("依据的文件", drafted_from(plan))] if plan.sources else []),
            *((name, filled.words if (filled := plan.filled.get(f"said.{name}")) else TO_FILL) for name in HEAD),
        ],
    )
    legend = document.add_paragraph()
    word.write_runs(legend, LEGEND)
    for run in legend.runs:
        run.font.size = Pt(9)


def _situation(writer: _Writer) -> None:
    plan = writer.plan
    writer.heading("一、现状与差距")
    for one in (*plan.situation, *plan.gap):
        writer.said(one)
    if plan.evidence:
        add_charts(writer.document, plan.evidence)
        if plan.evidence.pareto:
            writer.table(
                (plan.evidence.pareto_name, "数量", "累计占比"),
                (8.6, 4.0, 4.0),
                [(one.name, f"{one.count:g}", f"{one.cumulated:.0%}") for one in plan.evidence.pareto],
            )


def _causes(writer: _Writer) -> None:
    """Write one row a cause: what may lie behind, what the manual says of it, where to look before believing it."""
    writer.heading("二、原因分析")
    made = word.table(writer.document, _CAUSE_WIDTHS, ("方面", "可能的原因", "手册怎么说", "先核实什么"))
    for cause in writer.plan.causes:
        cells = word.add_row(made, _CAUSE_WIDTHS).cells
        word.fill(cells[0], cause.branch)
        word.fill(cells[1], "")
        writer.statement(cells[1].paragraphs[0], cause.text, cause.basis, None)
        backed = [(why.text, why.citation) for why in cause.whys if why.citation]
        word.fill(cells[2], "" if backed else "没有找到")
        for number, (text, citation) in enumerate(backed):
            paragraph = cells[2].add_paragraph() if number else cells[2].paragraphs[0]
            word.write_runs(paragraph, text)
            writer.footnotes.mark(paragraph, writer.notes.words(citation))
        word.fill(cells[3], "；".join(why.text.removeprefix("先核实：") for why in cause.whys if not why.citation))
    _small(writer.document.add_paragraph(), "“先核实什么”都是建议；核实不成立的原因划去，对应的措施一并删去。")


def _goals(writer: _Writer) -> None:
    writer.heading("三、目标")
    for goal in writer.plan.goals:
        missing = f"（还缺：{'、'.join(goal.missing)}）" if goal.missing else ""
        writer.line(f"{goal.text}{missing}", goal.basis)


def _phases(writer: _Writer) -> None:
    writer.heading(f"四、措施与安排（{FRAMEWORK_WORDS[writer.plan.framework]}）")
    for phase in writer.plan.phases:
        fresh, parts = new_in(phase, writer.plan)
        if parts and not fresh and not phase.actions:  # a step that other parts of the document hold needs no heading
            word.write_runs(writer.document.add_paragraph(), f"{phase.name}：{pointer(parts)}。")
            continue
        writer.heading(phase.name, 2)
        if parts:
            word.write_runs(writer.document.add_paragraph(), f"{pointer(parts)}。")
        for one in fresh:
            writer.said(one)
        if phase.actions:
            _actions(writer, phase.actions)
        elif not phase.text:
            writer.line(TO_FILL, "assumption")


def _actions(writer: _Writer, actions: Sequence[Action]) -> None:
    made = word.table(writer.document, _ACTION_WIDTHS, _ACTION_HEADS)
    for action in actions:
        cells = word.add_row(made, _ACTION_WIDTHS).cells
        word.fill(cells[0], action.id, centred=True)
        word.fill(cells[1], "")
        paragraph = cells[1].paragraphs[0]
        writer.statement(paragraph, action.action, action.basis, action.citation)
        told = {"条款时限": action.deadline, "标准": action.standard if action.standard != action.deadline else None}
        left = [f"{name}：{words}" for name, words in told.items() if words and words not in action.action]
        if left:
            _small(cells[1].add_paragraph(), "；".join(left))
        if at := writer.plan.progress.get(action.id):
            known = (at.state, at.on, at.person, at.note)
            _small(cells[1].add_paragraph(), f"进展：{'，'.join(part for part in known if part)}")
        word.fill(cells[2], stated(action.owner))
        word.fill(cells[3], action.start.isoformat()[5:], centred=True)
        word.fill(cells[4], action.end.isoformat()[5:], centred=True)
        word.fill(cells[5], stated(action.deliverable))
    writer.document.add_paragraph()


def _small(paragraph: Any, text: str) -> None:  # noqa: ANN401
    from docx.shared import Pt

    word.write_runs(paragraph, text)
    for run in paragraph.runs:
        run.font.size = Pt(8.5)


def _gantt(writer: _Writer) -> None:
    """Draw the actions over the weeks as a table whose cells are shaded: it can be edited like any table."""
    actions = writer.plan.actions
    if not actions:
        return
    first = min(action.start for action in actions)
    monday = first - timedelta(days=first.weekday())
    last = max(action.end for action in actions)
    weeks: list[date] = []
    while monday <= last and len(weeks) < _WEEKS:
        weeks.append(monday)
        monday += timedelta(days=7)
    writer.heading("五、进度（按周）")
    width = (_GANTT_WIDTH - _GANTT_LABEL) / len(weeks)
    widths = (_GANTT_LABEL, *[width] * len(weeks))
    made = word.table(writer.document, widths, ("行动", *[f"{week.month}/{week.day}" for week in weeks]))
    for cell in made.rows[0].cells[1:]:
        _narrow(cell)
    for action in actions:
        cells = word.add_row(made, widths).cells
        name = action.action
        word.fill(cells[0], f"{action.id} {name[:18]}{'…' if len(name) > 18 else ''}")
        for cell, week in zip(cells[1:], weeks, strict=True):
            runs = action.start <= week + timedelta(days=6) and action.end >= week
            word.fill(cell, "", shade=("8FAADC" if action.basis == "clause" else "FFE699") if runs else "")
    _small(writer.document.add_paragraph(), "蓝色：手册依据；黄色：建议。")


def _narrow(cell: Any) -> None:  # noqa: ANN401 (a docx cell)
    """Make a heading small enough that a date stays on one line in a narrow column."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls
    from docx.shared import Pt

    margins = f'<w:tcMar {nsdecls("w")}><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tcMar>'
    properties = cell._tc.get_or_add_tcPr()
    after = [one for one in properties if one.tag.endswith(("}textDirection", "}tcFitText", "}vAlign", "}hideMark"))]
    element = parse_xml(margins)
    after[0].addprevious(element) if after else properties.append(element)
    for run in cell.paragraphs[0].runs:
        run.font.size = Pt(8)


def _indicators(writer: _Writer) -> None:
    writer.heading("六、验证指标")
    widths = (3.6, 5.2, 2.6, 2.6, 2.6)
    made = word.table(writer.document, widths, ("指标", "口径", "数据来源", "目标", "统计人"))
    for one in writer.plan.indicators:
        cells = word.add_row(made, widths).cells
        word.fill(cells[0], "")
        writer.statement(cells[0].paragraphs[0], one.name, one.basis, one.citation)
        formula = f"{one.formula}（建议）" if one.formula and one.formula_basis not in OWN else stated(one.formula)
        for cell, text in zip(
            cells[1:], (formula, stated(one.source), stated(one.goal), stated(one.owner)), strict=True
        ):
            word.fill(cell, text)
    writer.document.add_paragraph()


def _around(writer: _Writer) -> None:
    plan = writer.plan
    writer.heading("七、资源")
    for resource in plan.resources:
        writer.line(resource.name, resource.basis, resource.citation)
    writer.heading("八、风险与应对")
    for risk in plan.risks:
        writer.line(f"{risk.risk} → {risk.response}", risk.basis, risk.citation)
    writer.heading("九、评审节点")
    writer.table(
        ("节点", "日期", "看什么"),
        (3.6, 3.0, 10.0),
        [(one.name, one.on.isoformat(), one.review) for one in plan.milestones],
    )
    writer.heading("十、需要经理补充")
    for number, question in enumerate(plan.questions, 1):
        word.write_runs(writer.document.add_paragraph(), f"{number}. {question}")
    for note in plan.notes:
        _small(writer.document.add_paragraph(), f"注：{note}")


def _signatures(writer: _Writer) -> None:
    line = writer.document.add_paragraph()
    word.write_runs(line, "编制：＿＿＿＿＿＿　　审核：＿＿＿＿＿＿　　批准：＿＿＿＿＿＿　　日期：＿＿＿＿＿＿")
