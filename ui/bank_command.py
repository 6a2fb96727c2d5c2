"""``shouce bank``: the item bank from the command line. Knows options and what is printed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.terminal import HomeOption, JsonOption, note, open_session, print_json

if TYPE_CHECKING:
    from assistant.quiz.bank import Banked


def bank(  # noqa: PLR0913 (one argument an option)
    words: Annotated[str, typer.Argument(help="题里的词，空格隔开；不写则列出全部", show_default=False)] = "",
    import_: Annotated[
        Path | None,
        typer.Option(
            "--import", help="收进一份题库：GIFT、Moodle XML、xlsx、带“答案：”的文本或我们的 JSON", show_default=False
        ),
    ] = None,
    recheck: Annotated[bool, typer.Option("--recheck", help="按现在的原文把全部题目重新检查一遍")] = False,
    stale: Annotated[bool, typer.Option("--stale", help="只列条款已经改动的题")] = False,
    tag: Annotated[str, typer.Option("--tag", help="只列带这个标签的题", show_default=False)] = "",
    section: Annotated[str, typer.Option("--section", "-s", help="只列这一节（含下级）的题", show_default=False)] = "",
    retire: Annotated[list[str] | None, typer.Option("--retire", help="停用这道题（编号）", show_default=False)] = None,
    restore: Annotated[
        list[str] | None, typer.Option("--restore", help="恢复停用的题（编号）", show_default=False)
    ] = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """题库：查看、检索、导入、复查、停用；条款改动过的题会标明。"""
    from assistant.quiz.bank import Bank
    from assistant.quiz.check.sources import Sources
    from kb.synonyms import load_synonyms

    session = open_session(home)
    knowledge = session.knowledge
    sources = Sources(knowledge.section, load_synonyms(knowledge.settings.home))
    opened = Bank(knowledge, sources, session.searcher if import_ else None)
    for key in retire or ():
        opened.set_state(key, "retired")
        note(f"已停用 {key}")
    for key in restore or ():
        opened.set_state(key, "kept")
        note(f"已恢复 {key}")
    if import_:
        from assistant.quiz.intake import read

        found = read(import_)
        shown = opened.take_in(found.questions)
        for one in found.left_out:
            note(f"第 {one.place} 题没有收进：{one.reason}")
        note(f"收进 {len(shown)} 题，其中 {sum(one.usable for one in shown)} 题通过全部检查")
    elif recheck:
        shown = opened.recheck()
        note(f"复查完毕，{len(shown)} 题有了新的问题")
    else:
        shown = opened.find(words, tag=tag, section=section, stale=True if stale else None)
    if json_:
        print_json({"items": [_item_json(one) for one in shown]})
    elif shown:
        typer.echo("\n".join(_line(one) for one in shown))
    elif not (import_ or recheck or retire or restore):
        note("题库里没有这样的题：可用 shouce quiz --keep 存入，或用 --import 导入")


def _item_json(one: Banked) -> dict[str, Any]:
    from assistant.quiz.bank import to_json

    return {
        **to_json(one.question),
        "state": one.state,
        "tags": list(one.tags),
        "stale": one.stale,
        "problems": [{"check": check, "reason": reason} for check, reason in one.problems],
    }


def _line(one: Banked) -> str:
    from assistant.quiz.model import TYPE_WORDS

    marks = ["条款已改动"] if one.stale else []
    marks += [f"{check}：{reason}" for check, reason in one.problems]
    told = f"  ⚠ {'；'.join(marks)}" if marks else ""
    clause = one.question.citation.clause or "无条款"
    return f"{one.question.id}  {TYPE_WORDS[one.question.type]}  [{clause}]  {one.question.stem}{told}"
