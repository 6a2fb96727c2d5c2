"""``shouce checklist``: a topic, clauses or a document made into lines to tick. Knows options and what is printed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.delivery import print_drafts
from ui.terminal import HomeOption, JsonOption, note, open_session

if TYPE_CHECKING:
    from assistant.checklist.model import Check, Checklist


def checklist(  # noqa: PLR0913 (one argument an option)
    topic: Annotated[
        str,
        typer.Argument(
            help="事情（如 投诉处理）、章节号或条款号（如 5.1、5.1-3），或一份文件的标题", show_default=False
        ),
    ] = "",
    document: Annotated[
        str | None, typer.Option("--document", "-d", help="只看这份文档：编号、文件名或标题", show_default=False)
    ] = None,
    draft: Annotated[
        str, typer.Option("--draft", help="导出以前列好的这一份（编号），不重新列", show_default=False)
    ] = "",
    drafts: Annotated[bool, typer.Option("--drafts", help="列出以前列好的草稿，最近的在前")] = False,
    format_: Annotated[
        str | None, typer.Option("--format", help="json、md、xlsx、docx 或 csv；不写则看文件名", show_default=False)
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="写进这个文件；不写则打印", show_default=False)
    ] = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """列出检查表：把原文的步骤、要求和红线变成可以逐条打勾的项目，每条标明出处；可导出打印。"""
    from assistant.checklist.export import FORMATS
    from assistant.checklist.make import make_checklist
    from assistant.drafts import DraftBook
    from ui.delivery import delivery

    wanted = delivery(FORMATS, format_, output, as_json=json_, example="检查表")
    if not topic.strip() and not document and not draft and not drafts:
        raise typer.BadParameter("请写明要检查什么，例如：shouce checklist 投诉处理")
    session = open_session(home)
    if drafts:
        print_drafts(session, "checklist", as_json=json_)
        return
    book = DraftBook(session.knowledge)
    if draft:
        made = book.checklist(draft.strip())
    else:
        made = make_checklist(session.knowledge, session.searcher, topic, document=document)
        made = book.keep_checklist(made, wanted=topic.strip(), document=document or "")
    wanted.deliver(made, checklist_text)
    if made.draft and not draft:
        note(f"草稿编号 {made.draft}；按这一份导出：shouce checklist --draft {made.draft} -o 检查表.xlsx")


def checklist_text(made: Checklist) -> str:
    """Return a checklist as plain text: red lines first, then section by section, each line with its clause."""
    from assistant.checklist.export.layout import versions
    from assistant.checklist.filling import filled_in

    made = filled_in(made)
    titles = made.document_titles
    several = len(titles) > 1
    lines = [made.title, ""]
    heading = ""
    for check in made.checks:
        here = "红线" if check.red_line else " > ".join(check.citation.path)
        if several and not check.red_line:
            here = f"《{titles[check.citation.document]}》{here}"
        if here != heading:
            lines.extend([*([""] if heading else []), f"【{here}】"])
            heading = here
        lines.append(_line(check, titles if several else {}))
    lines.extend(["", "完整性："])
    lines.extend(f"  {one.words}" for one in made.completeness)
    lines.extend(f"注：{one}" for one in made.notes)
    lines.append(f"依据：{versions(made)}")
    return "\n".join(lines)


def _line(check: Check, titles: dict[str, str]) -> str:
    from assistant.checklist.model import METHOD_WORDS

    said = [
        ("标准", check.standard),
        ("责任岗", check.role),
        ("时限", check.deadline),
        ("频次", check.frequency),
        ("证据", check.evidence),
        ("判定", None if check.method == "yes_no" else METHOD_WORDS[check.method]),
        ("范围", check.limits.words if check.limits else None),
    ]
    case = f"（{check.condition}）" if check.condition else ""
    source = titles.get(check.citation.document, "")
    clause = f"《{source}》{check.citation.clause}" if source else check.citation.clause
    fields = "；".join(f"{name}：{value}" for name, value in said if value)
    return f"  □ {check.number}. {case}{check.action} [{clause}]" + (f"\n       {fields}" if fields else "")
