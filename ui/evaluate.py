"""``shouce eval``: what the options ask for, handed to ``eval/``. Knows options and what is printed, not how it is judged."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui import present
from ui.terminal import HomeOption, JsonOption, Progress, open_session, print_json


def evaluate(
    dataset: Annotated[
        Path | None, typer.Option("--dataset", help="评测题，JSON Lines；不写则用自带样例题", show_default=False)
    ] = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """用一组问题评测：检索、事实、回答和拒答。"""
    from eval.dataset import load, shipped
    from eval.run import Runner, summary

    session = open_session(home)
    paths = [dataset] if dataset else [shipped("sample_a"), shipped("sample_b")]
    cases = [case for path in paths for case in load(path)]
    progress = Progress()
    judged = Runner(session.knowledge, session.searcher, session.assistant).run(
        cases, progress=lambda done: progress(f"已评测 {done}/{len(cases)} 题")
    )
    progress.close()
    result = summary("+".join(path.stem for path in paths), judged)
    print_json(result) if json_ else typer.echo(present.evaluation_text(result))
