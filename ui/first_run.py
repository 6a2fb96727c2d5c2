"""What ``make run`` does: fills an empty home with the shipped corpus, answers three questions, says how to ask more."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from kb.errors import ShouceError
from ui import present
from ui.session import Session
from ui.terminal import Progress, note

QUESTIONS = ("客户投诉来了怎么处理？", "补偿800元要谁批准？", "出差住酒店一晚最多能报多少钱？")


def first_run(home: Path | None = None) -> None:
    """Fill the home where it is empty, then ask and print ``QUESTIONS``."""
    from ingest.pipeline import ingest, sample_folder

    session = Session(home, notice=note)
    if not session.knowledge.documents():
        note("第一次运行：正在载入自带的样例手册和 SOP，大约一分钟。")
        progress = Progress()
        for report in ingest([sample_folder()], session.knowledge, progress=progress):
            progress.close()
            typer.echo(present.report_text(report).splitlines()[0])
        session.knowledge.refresh()
    for question in QUESTIONS:
        typer.echo(f"\n■ {question}\n{present.answer_text(session.assistant.ask(question), session.titles)}")
    where = session.settings.home
    typer.echo(
        f"\n知识库在 {where}。继续使用：\n"
        f'  .venv/bin/shouce --home {where} ask "你的问题"\n'
        f"  .venv/bin/shouce --home {where} ingest 你的手册.docx\n"
        "  .venv/bin/shouce --help"
    )


if __name__ == "__main__":
    try:
        first_run()
    except ShouceError as error:
        note(f"错误：{error}")
        sys.exit(1)
