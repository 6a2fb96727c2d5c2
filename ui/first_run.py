"""What ``make run`` does: fills an empty home with the shipped corpus, then opens the page on it.

``python -m ui.first_run [--host 127.0.0.1] [--port 7860]``; the home is ``SHOUCE_HOME``'s.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import typer

from kb.errors import ShouceError
from ui import present
from ui.session import Session
from ui.terminal import Progress, note


def filled(home: Path | None = None) -> Session:
    """Return the session of ``home``, filled with the shipped corpus where it was empty.

    Raises:
        ShouceError: the home cannot be used.
    """
    from ingest.pipeline import ingest, sample_folder

    session = Session(home, notice=note)
    if not session.knowledge.documents():
        note("第一次运行：正在载入自带的样例手册和 SOP，大约一分钟。")
        progress = Progress()
        for report in ingest([sample_folder()], session.knowledge, progress=progress):
            progress.close()
            typer.echo(present.report_text(report).splitlines()[0])
        session.knowledge.refresh()
    return session


def first_run(arguments: Sequence[str] | None = None) -> None:
    """Fill the home and serve the page until the process ends."""
    parser = argparse.ArgumentParser(description="载入样例，打开网页")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=7860)
    given = parser.parse_args(arguments)
    session = filled()
    where = session.settings.home
    note(
        f"知识库在 {where}，{len(session.knowledge.documents())} 份文档。也可以在终端里用：\n"
        f'  .venv/bin/shouce --home {where} ask "客户投诉来了怎么处理？"\n'
        f"  .venv/bin/shouce --home {where} ingest 你的手册.docx\n"
        "正在打开网页……"
    )
    from ui.page.app import serve

    serve(session, host=given.host, port=given.port)


if __name__ == "__main__":
    try:
        first_run()
    except ShouceError as error:
        note(f"错误：{error}")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(0)
