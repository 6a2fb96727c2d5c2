"""``shouce plans``: improvement plans kept, compared and followed to the end. Knows options and what is printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.delivery import write_kept
from ui.terminal import HomeOption, JsonOption, note, open_session, print_json
from ui.work_forms import difference_json, followed_json

if TYPE_CHECKING:
    from assistant.plan.tracking import PlanBook
    from ui.session import Session

_WHAT = "save 起草并存下 · list 现有方案 · show 进度 · mark 记一项 · compare 比较两版 · export 导出文件 · late 逾期的"


@dataclass(frozen=True)
class _Asked:
    """What one call asks for."""

    session: Session
    book: PlanBook
    key: str
    options: dict[str, Any]
    as_json: bool


def plans(  # noqa: PLR0913 (one argument an option)
    what: Annotated[str, typer.Argument(help=_WHAT)] = "list",
    key: Annotated[str, typer.Argument(help="save：要改进的问题；其余：方案编号")] = "",
    plan: Annotated[str, typer.Option("--plan", help="save：存为这个方案的下一版")] = "",
    framework: Annotated[str, typer.Option("--framework", help="save：pdca、5w2h、a3 或 8d")] = "pdca",
    start: Annotated[str | None, typer.Option("--start", help="save：从哪天开始", show_default=False)] = None,
    data: Annotated[
        Path | None, typer.Option("--data", help="save：投诉或指标明细（xlsx 或 csv）", show_default=False)
    ] = None,
    action: Annotated[str, typer.Option("--action", help="mark：行动编号，如 D3")] = "",
    state: Annotated[str, typer.Option("--state", help="mark：open、doing、done 或 dropped")] = "done",
    note_: Annotated[str, typer.Option("--note", help="mark：说明")] = "",
    by: Annotated[str, typer.Option("--by", help="谁在操作")] = "",
    before: Annotated[int, typer.Option("--before", help="compare：前一版")] = 1,
    after: Annotated[int, typer.Option("--after", help="compare：后一版")] = 2,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="export：写进这个文件（docx、xlsx、md、json）", show_default=False),
    ] = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """管理改进方案：存版本、比较、把行动跟到完成。"""
    from assistant.plan.tracking import PlanBook

    steps: dict[str, Callable[[_Asked], None]] = {
        "save": _save,
        "list": _list,
        "show": _show,
        "mark": _mark,
        "compare": _compare,
        "export": _export,
        "late": _late,
    }
    if what not in steps:
        raise typer.BadParameter(f"不认识“{what}”，可以用：{'、'.join(steps)}")
    if what not in {"list", "late"} and not key.strip():
        raise typer.BadParameter(f"{what} 后面要写明{'要改进的问题' if what == 'save' else '方案编号'}")
    session = open_session(home)
    options = {
        "plan": plan,
        "framework": framework,
        "start": start,
        "data": data,
        "action": action,
        "state": state,
        "note": note_,
        "by": by,
        "before": before,
        "after": after,
        "output": output,
    }
    steps[what](_Asked(session, PlanBook(session.knowledge), key.strip(), options, json_))


def _save(asked: _Asked) -> None:
    from assistant.plan.dates import parse_day
    from assistant.plan.forms import plan_json
    from assistant.plan.make import PlanRequest, framework_of, make_plan

    start = asked.options["start"]
    day = parse_day(start) if start else None
    request = PlanRequest(asked.key, framework_of(asked.options["framework"]), day, asked.options["data"])
    made = make_plan(asked.session.knowledge, asked.session.searcher, request)
    row = asked.book.keep(plan_json(made), by=asked.options["by"], key=asked.options["plan"])
    note(f"已存为方案 {row.id} 第 {row.version} 版：{row.title}。跟踪：shouce plans show {row.id}")
    if asked.as_json:
        print_json({"id": row.id, "version": row.version, "title": row.title})


def _list(asked: _Asked) -> None:
    rows = asked.book.rows.latest()
    if asked.as_json:
        print_json(
            {"plans": [{"id": r.id, "version": r.version, "title": r.title, "made_at": r.made_at} for r in rows]}
        )
    elif not rows:
        note("还没有存下的改进方案，可用 shouce plans save 问题 起草一个")
    for row in rows if not asked.as_json else ():
        followed = asked.book.follow(row.id, date.today())
        done = sum(one.state in ("done", "dropped") for one in followed)
        late = sum(one.late for one in followed)
        typer.echo(
            f"{row.id}  第 {row.version} 版  {row.title}  完成 {done}/{len(followed)}{f'，逾期 {late}' if late else ''}"
        )


def _show(asked: _Asked) -> None:
    from assistant.plan.model import STATES
    from assistant.plan.tracking import links

    row = asked.book.rows.plan(asked.key)
    followed = asked.book.follow(asked.key, date.today())
    if asked.as_json:
        actions = followed_json(followed)
        print_json(
            {"id": row.id, "version": row.version, "title": row.title, "actions": actions, "links": links(row.plan)}
        )
        return
    typer.echo(f"{row.title}（第 {row.version} 版）")
    phase = ""
    for one in followed:
        if one.phase != phase:
            phase = one.phase
            typer.echo(f"\n【{phase}】")
        late = "，逾期" if one.late else ""
        told = f"：{one.note}" if one.note else ""
        typer.echo(
            f"  {one.action['id']} {one.action['action']}\n       {STATES[one.state]}{late}{told}（{one.action['end']} 前）"
        )
    typer.echo("\n用这些条款还可以做：")
    for link in links(row.plan):
        typer.echo(f"  {'检查表' if link['kind'] == 'checklist' else '测验'}：{link['command']}")


def _mark(asked: _Asked) -> None:
    options = asked.options
    asked.book.enter(asked.key, options["action"], options["state"], note=options["note"], by=options["by"])
    _show(asked) if asked.as_json else note("已记下")


def _compare(asked: _Asked) -> None:
    found = asked.book.compare(asked.key, asked.options["before"], asked.options["after"])
    if asked.as_json:
        print_json(difference_json(found))
        return
    lines = [f"+ {one}" for one in found.added] + [f"- {one}" for one in found.removed]
    lines += [f"~ {i} {what}：{old} → {new}" for i, what, old, new in found.changed]
    typer.echo("\n".join(lines) or "两版的行动相同")


def _export(asked: _Asked) -> None:
    write_kept(asked.session, "plan", asked.key, asked.options["output"], example="改进方案.docx")


def _late(asked: _Asked) -> None:
    late = [
        (row, one) for row in asked.book.rows.latest() for one in asked.book.follow(row.id, date.today()) if one.late
    ]
    if asked.as_json:
        print_json({"late": [{"plan": row.id, **one.action} for row, one in late]})
    elif not late:
        note("没有逾期的行动")
    for row, one in late if not asked.as_json else ():
        typer.echo(f"{row.title} {one.action['id']} {one.action['action']}（{one.action['end']}）")
