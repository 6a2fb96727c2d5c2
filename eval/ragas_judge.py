"""ragas' judge metrics over a run: ``python -m eval.ragas_judge FILE [--home H] [--out FILE]``.

``FILE`` is what ``shouce eval --export ragas FILE`` wrote; the judge is the chat model of the settings (``[chat]``). Prints one
JSON object: how many cases each metric could be told of, and its mean; ``--out`` gets every case. A judge that is a language
model is no proof, and dear: what code can check (facts, citations, refusals) ``shouce eval`` tells without one.

ragas holds libraries at versions older than the product's, so it runs in an interpreter of its own (``--install`` makes it), or
beside the product with ``pip install shouce[ragas]``. Knows rows and settings; ragas itself is met in
``eval/peers/programs/ragas_metrics.py``.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.command import run
from eval.peers.environments import default_folder, failure, install, python_of
from eval.peers.process import PeerFailed, PeerProcess
from eval.peers.registry import ENVIRONMENTS, RAGAS, Peer
from eval.ragas_export import COLUMNS
from kb.embeddings import open_embeddings
from kb.errors import ModelUnavailable, OptionalDependencyMissing, SourceUnreadable, TargetUnwritable
from kb.home import reason_of
from kb.settings import load_settings

if TYPE_CHECKING:
    from kb.settings import ChatSettings, Settings

# The calls to the chat model that a case's metrics make one after the other, at most.
CALLS = 12


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Return the rows of an exported run.

    Raises:
        SourceUnreadable: it is not one.
    """
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
        missing = [name for row in rows for name in COLUMNS if name not in row]
    except (OSError, ValueError, TypeError) as error:
        raise SourceUnreadable(f"{path}：无法读取（{error}），需要 shouce eval --export ragas 写出的文件") from error
    if missing or not rows:
        reason = f"缺少 {missing[0]}" if missing else "文件是空的"
        raise SourceUnreadable(f"{path}：{reason}，需要 shouce eval --export ragas 写出的文件")
    return rows


def judge(
    rows: Sequence[dict[str, Any]], settings: Settings, *, venvs: Path, peer: Peer = RAGAS
) -> Iterator[dict[str, Any]]:
    """Yield each row's ``id``, ``scores`` (metric → 0..1 or None) and ``errors``, as they come.

    Raises:
        ModelUnavailable: no chat model is configured, or it gave nothing for the first case.
        OptionalDependencyMissing: ragas cannot be run.
    """
    if not settings.chat.model:
        message = "ragas 的评判指标需要对话模型：请在 settings.toml 的 [chat] 里填写 model（和 base_url），或设 SHOUCE_CHAT_MODEL"
        raise ModelUnavailable(message)
    python = python_of(venvs, peer.environment)
    try:
        with PeerProcess(peer, python=python, model=open_embeddings(settings.embedding)) as process:
            process.ask(_configuration(settings.chat), 60)
            for at, row in enumerate(rows):
                done = process.ask({"do": "judge", "row": row}, settings.chat.total_seconds * CALLS)["done"]
                if not at and all(score is None for score in done["scores"].values()):
                    reason = (done["errors"] or ["没有返回可用的判断"])[0]
                    raise ModelUnavailable(f"对话模型 {settings.chat.model} 不能评判：{reason}。请检查 [chat] 的设置")
                yield {"id": row.get("id", at), **done}
    except PeerFailed as error:
        reason = failure(venvs, peer.environment) or str(error)
        raise OptionalDependencyMissing(
            f"ragas 无法运行（{reason}）：请运行 python -m eval.ragas_judge --install FILE，或 pip install 'shouce[ragas]'"
        ) from error


def means(judged: Sequence[dict[str, Any]]) -> dict[str, dict[str, float | int | None]]:
    """Return, for each metric, its mean and the number of cases it could be told of."""
    names = list(dict.fromkeys(name for one in judged for name in one["scores"]))
    told = {name: [one["scores"][name] for one in judged if one["scores"].get(name) is not None] for name in names}
    return {
        name: {"mean": round(statistics.fmean(values), 4) if values else None, "cases": len(values)}
        for name, values in told.items()
    }


def _configuration(chat: ChatSettings) -> dict[str, Any]:
    # Ollama speaks the OpenAI protocol too, one folder down.
    base_url = chat.base_url.rstrip("/") + "/v1" if chat.provider == "ollama" and chat.base_url else chat.base_url
    return {
        "do": "configure",
        "model": chat.model,
        "base_url": base_url,
        "api_key": chat.api_key,
        "temperature": chat.temperature,
        "seconds": chat.total_seconds,
        "retries": chat.retries,
    }


def main() -> None:
    """Judge, print the means, and write every case where ``--out`` says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="what shouce eval --export ragas wrote")
    parser.add_argument("--home", type=Path, help="the home whose settings name the chat model")
    parser.add_argument("--limit", type=int, help="only the first so many cases: a judge costs a dozen calls a case")
    parser.add_argument("--out", type=Path, help="a file for every case, JSON Lines")
    parser.add_argument("--venvs", type=Path, default=default_folder(), help="where ragas' interpreter is")
    parser.add_argument("--install", action="store_true", help="make that interpreter first")
    options = parser.parse_args()
    rows = read_rows(options.file)[: options.limit]
    settings = load_settings(options.home)
    if options.install:
        install(options.venvs, {"ragas": ENVIRONMENTS["ragas"]}, tell=_tell)
    judged: list[dict[str, Any]] = []
    for one in judge(rows, settings, venvs=options.venvs):
        judged.append(one)
        _tell(f"{len(judged)}/{len(rows)}")
    result = {"file": str(options.file), "judge": settings.chat.model, "cases": len(judged), "metrics": means(judged)}
    sys.stdout.write(json.dumps(result, ensure_ascii=False, indent=2) + "\n")
    if options.out:
        _write(options.out, judged)


def _write(path: Path, judged: Sequence[dict[str, Any]]) -> None:
    try:
        path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in judged), encoding="utf-8")
    except OSError as error:
        raise TargetUnwritable(f"{path}：无法写出（{reason_of(error)}）") from error


def _tell(message: str) -> None:
    sys.stderr.write(f"{message}\n")


if __name__ == "__main__":
    run(main)
