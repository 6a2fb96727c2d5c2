"""``shouce quiz``: a paper from a topic, a section or everything. Knows options and what is printed, not how items are made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kb.errors import TargetUnwritable
from ui.terminal import HomeOption, JsonOption, note, open_session

if TYPE_CHECKING:
    from assistant.quiz.make import Order
    from assistant.quiz.model import Paper, QuestionType
    from ui.session import Session

_TOO_MANY = 8


def quiz(  # noqa: PLR0913 (one argument an option)
    topic: Annotated[str, typer.Argument(help="主题，如 投诉处理；不写则从全部文档出题", show_default=False)] = "",
    section: Annotated[
        str | None, typer.Option("--section", "-s", help="只从这一节（含下级）出题，如 5 或 5.2", show_default=False)
    ] = None,
    document: Annotated[
        list[str] | None,
        typer.Option("--document", "-d", help="只从这份文档出题：编号、文件名或标题；可以写几次", show_default=False),
    ] = None,
    count: Annotated[int, typer.Option("-n", "--count", min=1, max=1000, help="出多少题")] = 10,
    types: Annotated[
        str | None,
        typer.Option(
            "--types",
            help="题型，逗号隔开：single,multiple,true_false,cloze,short_answer,case（或用中文名）；默认全部",
            show_default=False,
        ),
    ] = None,
    blueprint: Annotated[
        Path | None,
        typer.Option(
            "--blueprint",
            help="蓝图文件（TOML 或 JSON）：每个 [[part]] 写 chapter、type、difficulty、bloom、count、points",
            show_default=False,
        ),
    ] = None,
    papers: Annotated[int, typer.Option("--papers", min=1, max=_TOO_MANY, help="平行卷的份数（A、B …），互不重题")] = 1,
    seed: Annotated[int, typer.Option("--seed", help="换一个数，换一批题；同一个数总是同一份卷")] = 0,
    format_: Annotated[
        str | None,
        typer.Option("--format", help="json、md、docx、xlsx、gift、moodle、qti、anki 或 wecom", show_default=False),
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="把这些题存进题库（shouce bank）")] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="写进这个文件；不写则打印", show_default=False)
    ] = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """出题：每道题的答案、选项和题干都对照原文检查过，附条款；可出平行卷，可导出到考试平台。"""
    from assistant.output import choose
    from assistant.quiz.export import FORMATS, format_of, render, write
    from assistant.quiz.make import QuizMaker

    name = format_ or ("json" if json_ else format_of(output) if output else "md")
    form = choose(FORMATS, name)
    if output is None and not form.text:
        raise TargetUnwritable(f"{form.label}不能打印在屏幕上，请用 -o 写明文件，例如 -o 试卷{form.suffix}")
    session = open_session(home)
    order = _order(topic, section, document or [], count, types, blueprint, papers, seed)
    maker = QuizMaker(session.knowledge, session.searcher if topic.strip() else None)
    worded = session.in_model_words(maker.papers(order), maker)
    made = list(worded.papers)
    if worded.told:
        note(worded.told)
    _tell(made, order)
    if keep:
        from assistant.quiz.bank import Bank

        kept = Bank(session.knowledge, maker.sources).keep(one for paper in made for one in paper.questions)
        note(f"已存入题库 {len(kept)} 题，可用 shouce bank 查看")
    titles = _titles(session)
    if output is None:
        typer.echo(render(made, name, titles=titles).decode("utf-8"), nl=False)
        return
    for path in write(made, name, output, titles=titles):
        note(f"已写入 {path}")


def _order(  # noqa: PLR0913
    topic: str,
    section: str | None,
    documents: list[str],
    count: int,
    types: str | None,
    blueprint: Path | None,
    papers: int,
    seed: int,
) -> Order:
    from assistant.quiz.blueprint import load
    from assistant.quiz.make import Order, Scope
    from assistant.quiz.model import QUESTION_TYPES

    plan = load(blueprint) if blueprint else None
    return Order(
        scope=Scope(topic=topic, section=(section or "").strip(), documents=tuple(documents)),
        count=count,
        types=chosen_types(types) if types is not None else QUESTION_TYPES,
        papers=papers,
        seed=seed,
        title=plan.title if plan else "",
        blueprint=plan,
    )


def chosen_types(text: str) -> tuple[QuestionType, ...]:
    """Return the types named in ``text``, in English or Chinese, separated by commas.

    Raises:
        typer.BadParameter: one is unknown, or none is named.
    """
    from assistant.quiz.model import QUESTION_TYPES, TYPE_WORDS

    by_word: dict[str, QuestionType] = {kind: kind for kind in QUESTION_TYPES}
    for kind, word in TYPE_WORDS.items():
        by_word[word] = by_word[word.removesuffix("题")] = kind
    named = [part.strip() for part in text.replace("，", ",").replace("、", ",").split(",") if part.strip()]
    unknown = [part for part in named if part not in by_word]
    if unknown or not named:
        known = "、".join(f"{kind}（{TYPE_WORDS[kind]}）" for kind in QUESTION_TYPES)
        raise typer.BadParameter(f"不认识的题型“{'、'.join(unknown)}”，可以用：{known}")
    return tuple(dict.fromkeys(by_word[part] for part in named))


def _titles(session: Session) -> dict[str, str]:
    return {document.id: document.title for document in session.knowledge.documents()}


def _tell(made: list[Paper], order: Order) -> None:
    """Say what came out, where it is less than was asked for, and what was turned down."""
    for paper in made:
        wanted = sum(part.count for part in order.blueprint.part) if order.blueprint else order.count
        if len(paper.questions) < wanted:
            note(f"《{paper.title}》只出了 {len(paper.questions)} 题：这个范围里能通过检查的内容只有这些")
    turned_down = sum(len(paper.rejected) for paper in made)
    if turned_down:
        note(f"另有 {turned_down} 道草拟的题没有通过检查，原因见 JSON 的 rejected")
