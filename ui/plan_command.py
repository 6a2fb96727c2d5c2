"""``shouce plan``: a problem made into an improvement plan. Knows options and what is printed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.delivery import print_drafts
from ui.terminal import HomeOption, JsonOption, note, open_session

if TYPE_CHECKING:
    from assistant.plan.model import Action, Plan, Said


def plan(  # noqa: PLR0913 (one argument an option)
    problem: Annotated[
        str, typer.Argument(help="要改进的问题，如 客户满意度从92%降到85%，投诉集中在响应慢", show_default=False)
    ] = "",
    framework: Annotated[str, typer.Option("--framework", help="方法：pdca、5w2h、a3 或 8d")] = "pdca",
    start: Annotated[
        str | None, typer.Option("--start", help="从哪天开始，如 2026-12-01；不写则今天", show_default=False)
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option("--data", help="投诉或指标明细（xlsx 或 csv），用来算趋势和主要原因", show_default=False),
    ] = None,
    document: Annotated[
        str | None, typer.Option("--document", "-d", help="只看这份文档：编号、文件名或标题", show_default=False)
    ] = None,
    draft: Annotated[
        str, typer.Option("--draft", help="导出以前起草的这一份（编号），不重新起草", show_default=False)
    ] = "",
    drafts: Annotated[bool, typer.Option("--drafts", help="列出以前起草的草稿，最近的在前")] = False,
    format_: Annotated[
        str | None, typer.Option("--format", help="json、md、docx 或 xlsx；不写则看文件名", show_default=False)
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="写进这个文件；不写则打印", show_default=False)
    ] = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """起草改进方案：现状、原因、目标、措施、进度和指标；有条款依据的和建议分开标明。"""
    from assistant.drafts import DraftBook
    from assistant.plan.dates import parse_day
    from assistant.plan.export import FORMATS
    from assistant.plan.make import PlanRequest, framework_of, make_plan
    from kb.search import Filter
    from ui.delivery import delivery

    if drafts:
        print_drafts(open_session(home), "plan", as_json=json_)
        return
    wanted = delivery(FORMATS, format_, output, as_json=json_, example="改进方案")
    request = PlanRequest(problem, framework_of(framework), parse_day(start) if start else None, data)
    session = open_session(home)
    chosen = Filter(documents=frozenset({session.knowledge.find_document(document).id})) if document else None
    book = DraftBook(session.knowledge)
    if draft:
        made = book.plan(draft.strip())
    else:
        made = book.keep_plan(make_plan(session.knowledge, session.searcher, request, filter=chosen))
    wanted.deliver(made, plan_text)
    if made.draft and not draft:
        note(f"草稿编号 {made.draft}；按这一份导出：shouce plan --draft {made.draft} -o 改进方案.docx")


def plan_text(made: Plan) -> str:
    """Return a plan as plain text; what a clause says and what is only suggested are told apart on every line."""
    from assistant.plan.export.layout import LEGEND, drafted_from, mark, new_in, pointer
    from assistant.plan.filling import filled_in

    made = filled_in(made)
    lines = [
        made.title,
        LEGEND,
        f"依据的文件：{drafted_from(made)}",
        "",
        "【现状与差距】",
        *(_said(one, made) for one in (*made.situation, *made.gap)),
    ]
    lines += ["", "【原因分析】"]
    for cause in made.causes:
        source = f" [{_place(cause.citation, made)}]" if cause.citation else ""
        lines.append(f"  {cause.branch}：{cause.text} {mark(cause.basis)}{source}")
        lines += [f"      {why.text}" for why in cause.whys]
    lines += ["", "【目标】"]
    for goal in made.goals:
        missing = f"（还缺：{'、'.join(goal.missing)}）" if goal.missing else ""
        lines.append(f"  {goal.text}{missing} {mark(goal.basis)}")
    for phase in made.phases:
        fresh, parts = new_in(phase, made)
        lines += ["", f"【{phase.name}】", *([f"  {pointer(parts)}"] if parts else [])]
        lines += [_said(one, made) for one in fresh]
        lines += [_action(one, made) for one in phase.actions]
    lines += ["", "【验证指标】"]
    lines += [
        f"  {one.name}：{one.formula or '口径待填'}；来源 {one.source or '待填'}；目标 {one.goal or '待填'} {mark(one.basis)}"
        for one in made.indicators
    ]
    lines += ["", "【风险与应对】", *(f"  {one.risk} → {one.response} {mark(one.basis)}" for one in made.risks)]
    lines += ["", "【评审节点】", *(f"  {one.on.isoformat()} {one.name}：{one.review}" for one in made.milestones)]
    lines += ["", "【需要经理补充】", *(f"  {number}. {one}" for number, one in enumerate(made.questions, 1))]
    return "\n".join([*lines, *(f"注：{one}" for one in made.notes)])


def _said(one: Said, made: Plan) -> str:
    from assistant.plan.export.layout import mark

    source = f" [{_place(one.citation, made)}]" if one.citation else ""
    return f"  {one.text} {mark(one.basis)}{source}"


def _action(one: Action, made: Plan) -> str:
    from assistant.plan.export.layout import mark

    source = f" [{_place(one.citation, made)}]" if one.citation else ""
    who = one.owner or "责任岗待填"
    days = f"{one.start.isoformat()} 至 {one.end.isoformat()}"
    return f"  {one.id} {one.action} {mark(one.basis)}{source}\n       {who}，{days}，交付 {one.deliverable or '待填'}"


def _place(citation: object, made: Plan) -> str:
    from assistant.plan.export.layout import short_place
    from kb.model import Citation

    return short_place(citation if isinstance(citation, Citation) else None, made)
