"""``shouce runs``: checklists kept as templates and worked through, tick by tick. Knows options and what is printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.delivery import write_kept
from ui.terminal import HomeOption, JsonOption, note, open_session, print_json
from ui.work_forms import due_json, run_json, template_json

if TYPE_CHECKING:
    from assistant.checklist.runs import ChecklistRuns, Line, Run
    from kb.records.checklists import TemplateRow
    from ui.session import Session

_WHAT = (
    "save 存为模板 · list 模板 · renew 按现行原文更新 · start 开始 · show 查看 · "
    "tick 记一项 · finish 结束 · export 导出文件 · due 该做的 · history 历史"
)


@dataclass(frozen=True)
class _Asked:
    """What one call asks for."""

    session: Session
    runs: ChecklistRuns
    key: str
    options: dict[str, Any]
    as_json: bool


def runs(  # noqa: PLR0913 (one argument an option)
    what: Annotated[str, typer.Argument(help=_WHAT)] = "due",
    key: Annotated[str, typer.Argument(help="save：事情或标题；start、renew：模板编号；其余：这次检查的编号")] = "",
    number: Annotated[int, typer.Option("-n", "--number", help="tick：第几项")] = 0,
    result: Annotated[str, typer.Option("--result", help="tick：pass 合格、fail 不合格、na 不适用")] = "",
    value: Annotated[str, typer.Option("--value", help="tick：实测值")] = "",
    note_: Annotated[str, typer.Option("--note", help="tick：备注")] = "",
    photo: Annotated[str, typer.Option("--photo", help="tick：照片文件")] = "",
    sign: Annotated[str, typer.Option("--sign", help="tick：签字人")] = "",
    assign: Annotated[str, typer.Option("--assign", help="start、tick：指派给谁")] = "",
    by: Annotated[str, typer.Option("--by", help="谁在操作")] = "",
    place: Annotated[str, typer.Option("--place", help="start：店或站点")] = "",
    shift: Annotated[str, typer.Option("--shift", help="start：班次")] = "",
    day: Annotated[
        str | None, typer.Option("--day", help="哪一天，如 2026-12-01；不写则今天", show_default=False)
    ] = None,
    repeat: Annotated[str, typer.Option("--repeat", help="save：daily 每天、weekly 每周")] = "",
    document: Annotated[
        str | None, typer.Option("--document", "-d", help="save：只看这份文档", show_default=False)
    ] = None,
    incomplete: Annotated[bool, typer.Option("--incomplete", help="finish：没查完也结束")] = False,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="export：写进这个文件（xlsx、docx、md、csv、json）", show_default=False),
    ] = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """用检查表做检查：存模板、开始、逐项打勾（数值自动判定）、看进度和不合格项。"""
    from assistant.checklist.runs import ChecklistRuns
    from assistant.plan.dates import parse_day

    steps: dict[str, Callable[[_Asked], None]] = {
        "save": _save,
        "list": _list,
        "renew": _renew,
        "start": _start,
        "show": _show,
        "tick": _tick,
        "finish": _finish,
        "export": _export,
        "due": _due,
        "history": _history,
    }
    if what not in steps:
        raise typer.BadParameter(f"不认识“{what}”，可以用：{'、'.join(steps)}")
    if what in {"save", "renew", "start", "show", "tick", "finish", "export"} and not key.strip():
        raise typer.BadParameter(f"{what} 后面要写明{'事情或标题' if what == 'save' else '编号'}")
    session = open_session(home)
    options = {
        "number": number,
        "result": result,
        "value": value,
        "note": note_,
        "photo": photo,
        "signed": sign,
        "assigned": assign,
        "by": by,
        "place": place,
        "shift": shift,
        "day": parse_day(day) if day else date.today(),
        "repeat": repeat,
        "document": document,
        "incomplete": incomplete,
        "output": output,
    }
    steps[what](_Asked(session, ChecklistRuns(session.knowledge), key.strip(), options, json_))


def _save(asked: _Asked) -> None:
    from assistant.checklist.make import make_checklist

    document = asked.options["document"]
    made = make_checklist(asked.session.knowledge, asked.session.searcher, asked.key, document=document)
    row = asked.runs.keep(
        made, asked.key, document=document or "", repeat=asked.options["repeat"], by=asked.options["by"]
    )
    note(f"已存为模板 {row.id}：{row.title}，共 {len(made.checks)} 项。开始检查：shouce runs start {row.id}")
    if asked.as_json:
        print_json(template_json(row, asked.runs.stale(row)))


def _list(asked: _Asked) -> None:
    rows = asked.runs.rows.templates()
    if asked.as_json:
        print_json({"templates": [template_json(row, asked.runs.stale(row)) for row in rows]})
    elif not rows:
        note("还没有检查表模板，可用 shouce runs save 投诉处理 存一个")
    for row in rows if not asked.as_json else ():
        changed = asked.runs.stale(row)
        mark = f"  ⚠ {len(changed)} 条原文已变，用 shouce runs renew {row.id} 更新" if changed else ""
        typer.echo(
            f"{row.id}  第 {row.version} 版  {row.title}（{len(row.checklist['items'])} 项）{_repeat(row)}{mark}"
        )


def _renew(asked: _Asked) -> None:
    from assistant.checklist.edit import as_before
    from assistant.checklist.make import make_checklist

    old = asked.runs.rows.template(asked.key)
    made = make_checklist(asked.session.knowledge, asked.session.searcher, old.wanted, document=old.document or None)
    made = as_before(made, old.checklist.get("notes") or ())
    row = asked.runs.keep(
        made, old.wanted, document=old.document, repeat=old.repeat, by=asked.options["by"], key=old.id
    )
    note(
        f"模板 {row.id} 已更新为第 {row.version} 版，共 {len(made.checks)} 项（上一版 {len(old.checklist['items'])} 项）"
    )
    if asked.as_json:
        print_json(template_json(row, asked.runs.stale(row)))


def _start(asked: _Asked) -> None:
    given = {name: asked.options[name] for name in ("day", "place", "shift", "assigned", "by")}
    run = asked.runs.start(asked.key, **given)
    changed = asked.runs.stale(asked.runs.rows.template(asked.key))
    if changed:
        note(f"注意：模板里有 {len(changed)} 条的原文已经改了，先用 shouce runs renew {asked.key} 更新更稳妥")
    note(f"已开始：{run.row.name}，编号 {run.row.id}")
    if asked.as_json:
        print_json(run_json(run))


def _show(asked: _Asked) -> None:
    run = asked.runs.run(asked.key)
    print_json(run_json(run)) if asked.as_json else typer.echo(_run_text(run))


def _tick(asked: _Asked) -> None:
    from kb.records.checklists import TickRow

    names = ("number", "result", "value", "note", "photo", "signed", "assigned")
    run = asked.runs.tick(
        asked.key, TickRow(**{name: asked.options[name] for name in names}, person=asked.options["by"])
    )
    line = next(one for one in run.lines if one.check.number == asked.options["number"])
    print_json(run_json(run)) if asked.as_json else typer.echo(f"{_line_text(line)}\n{run.words}")


def _finish(asked: _Asked) -> None:
    run = asked.runs.finish(asked.key, incomplete=asked.options["incomplete"])
    if asked.as_json:
        print_json(run_json(run))
        return
    typer.echo(f"{run.row.name}：已结束，{run.words}")
    problem = asked.runs.problem(asked.key)
    if problem:
        note(f'不合格项可以起草改进方案：shouce plan "{problem[:120]}"')


def _export(asked: _Asked) -> None:
    write_kept(asked.session, "run", asked.key, asked.options["output"], example="检查记录.xlsx")


def _due(asked: _Asked) -> None:
    found = asked.runs.due(asked.options["day"])
    if asked.as_json:
        print_json({"due": [due_json(one, asked.runs.stale(one.template)) for one in found]})
    elif not found:
        note("没有到期要做的检查")
    for one in found if not asked.as_json else ():
        begun = f"已开始：shouce runs show {one.run.id}" if one.run else f"开始：shouce runs start {one.template.id}"
        typer.echo(f"{one.template.title}{_repeat(one.template)}  {begun}")


def _history(asked: _Asked) -> None:
    rows = asked.runs.rows.runs(template=asked.key)
    found = [asked.runs.run(row.id) for row in rows]
    if asked.as_json:
        print_json({"runs": [run_json(run) for run in found]})
    elif not found:
        note("还没有做过检查")
    for run in found if not asked.as_json else ():
        state = "已结束" if run.row.finished_at else "进行中"
        typer.echo(f"{run.row.day}  {run.row.id}  {run.row.name}  {state}，{run.words}")


def _run_text(run: Run) -> str:
    state = "已结束" if run.row.finished_at else "进行中"
    lines = [f"{run.row.name}（{state}，{run.words}）", ""]
    return "\n".join([*lines, *(_line_text(line) for line in run.lines)])


def _line_text(line: Line) -> str:
    from assistant.checklist.runs import RESULT_WORDS

    box = {"pass": "☑", "fail": "☒", "na": "－"}.get(line.result, "□")
    said = [
        RESULT_WORDS[line.result] if line.result else "",
        f"实测 {line.value}" if line.value else "",
        line.note,
        f"照片 {line.photo}" if line.photo else "",
        f"签字 {line.signed}" if line.signed else "",
        f"指派 {line.assigned}" if line.assigned else "",
        f"记录人 {line.person}" if line.person else "",
    ]
    told = "；".join(part for part in said if part)
    limits = f"（应为 {line.check.limits.words}）" if line.check.limits else ""
    limits = f"：{line.check.standard}{limits}" if line.check.standard else limits
    return f"{box} {line.check.number}. {line.check.action}{limits} [{line.check.citation.clause}]" + (
        f"  {told}" if told else ""
    )


def _repeat(row: TemplateRow) -> str:
    from assistant.checklist.runs import REPEAT_WORDS

    return f"，{REPEAT_WORDS[row.repeat]}" if row.repeat else ""
