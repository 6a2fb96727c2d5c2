"""How well a question that leans on the one before is made to stand alone (``python -m eval.followups``).

Every case is asked three times: alone, after the question before it with the assistant's own rules (or its chat model,
``chat.condense``), and as a person rewrote it (``standalone`` in the file), which is the most that rewriting can win. Knows
datasets and runs; by default the shipped follow-ups on the shipped corpus.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eval.command import run
from eval.dataset import Case, load, shipped
from eval.run import Runner

if TYPE_CHECKING:
    from eval.judged import Judged

WAYS = {"alone": "单独问", "rules": "接着上一问", "by_hand": "人工改写"}
SHOWN = ("answered", "facts", "hit@1")


def versions(cases: Sequence[Case], by_hand: Mapping[str, str]) -> dict[str, list[Case]]:
    """Return the cases as they are asked, by way; ``by_hand`` are the rewritten questions by case."""
    return {
        "alone": [replace(one, before="") for one in cases],
        "rules": list(cases),
        "by_hand": [replace(one, question=by_hand.get(one.id, one.question), before="") for one in cases],
    }


def measured(runner: Runner, cases: Sequence[Case], by_hand: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """Return the mean of every number of ``SHOWN``, by way."""
    return {way: _means(runner.run(asked)) for way, asked in versions(cases, by_hand).items()}


def _means(judged: Sequence[Judged]) -> dict[str, float]:
    values = {name: [one.values[name] for one in judged if name in one.values] for name in SHOWN}
    return {name: sum(some) / len(some) for name, some in values.items() if some}


def rewritten_by_hand(path: Path) -> dict[str, str]:
    """Return the ``standalone`` of every line of a dataset that has one, by case."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    return {str(line["id"]): str(line["standalone"]) for line in lines if line.get("standalone")}


def main(
    home: Annotated[Path | None, typer.Option(help="数据目录；默认取 SHOUCE_HOME，再默认 ~/.shouce")] = None,
    dataset: Annotated[Path | None, typer.Option(help="追问题；默认用自带的")] = None,
) -> None:
    """Print the table."""
    from assistant.ask import Assistant
    from kb.knowledge import KnowledgeBase
    from kb.search import HybridSearcher
    from kb.settings import load_settings

    path = dataset or shipped("sample_followups")
    with KnowledgeBase.open(load_settings(home)) as knowledge:
        runner = Runner(knowledge, Assistant(knowledge, HybridSearcher(knowledge)))
        cases = load(path)
        found = measured(runner, cases, rewritten_by_hand(path))
    typer.echo(f"{path.stem}：{len(cases)} 题")
    for way, means in found.items():
        typer.echo(f"{WAYS[way]}\t" + "\t".join(f"{name} {value:.2f}" for name, value in means.items()))


if __name__ == "__main__":
    run(partial(typer.run, main))
