"""What things cost, as ratios in one run: ``python -m eval.bench FILE`` (default: the shipped manual).

Prints: a warm ``ask`` against embedding its question; ingest against embedding its chunks, the first of the process
(dictionaries and models are loaded in it) and the second, and the same with a first search, which builds the indexes; a
cold ``shouce ask`` in seconds (best of three, page cache warm); peak memory. Each bound is the one the project promises.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from assistant.ask import Assistant
from eval.command import run
from ingest.pipeline import ingest, sample_folder
from kb.errors import ShouceError
from kb.knowledge import KnowledgeBase
from kb.search import HybridSearcher
from kb.settings import load_settings

QUESTIONS = (
    "客户投诉来了怎么处理？",
    "服务质量指标包括哪几类？",
    "什么是服务蓝图？",
    "识别服务风险一般用什么工具？",
    "职能型组织结构和矩阵式组织结构有什么区别？",
    "出差住酒店一晚最多能报多少钱？",
    "投诉处理时间缩短了多少？",
    "绩效评估有哪些维度？",
)
ROUNDS = 8


def ask_ratio(knowledge: KnowledgeBase) -> tuple[float, float]:
    """Return the median milliseconds of a warm ask and of embedding its question."""
    assistant = Assistant(knowledge, HybridSearcher(knowledge))
    asks, embeds = [], []
    for round_ in range(ROUNDS):
        for question in QUESTIONS:
            started = time.perf_counter()
            knowledge.embeddings.embed_query(question)
            middle = time.perf_counter()
            assistant.ask(question)
            if round_:
                embeds.append(middle - started)
                asks.append(time.perf_counter() - middle)
    return statistics.median(asks) * 1000, statistics.median(embeds) * 1000


def ingest_seconds(source: Path, home: Path) -> tuple[float, float, KnowledgeBase]:
    """Return the seconds until ``source`` is in an empty home, and until a first search has built the indexes as well."""
    started = time.perf_counter()
    knowledge = KnowledgeBase.open(load_settings(home))
    for report in ingest([source], knowledge):
        if report.status == "failed":
            raise ShouceError(report.error)
    stored = time.perf_counter() - started
    HybridSearcher(knowledge).search(QUESTIONS[0], limit=1)
    return stored, time.perf_counter() - started, knowledge


def embedding_seconds(knowledge: KnowledgeBase) -> float:
    """Return the seconds of embedding all chunks alone, best of two, with a model that is loaded."""
    texts = [chunk.indexed for _, chunk in knowledge.chunks()]
    size = knowledge.settings.embedding.batch_size
    alone = []
    for _ in range(2):
        started = time.perf_counter()
        for start in range(0, len(texts), size):
            knowledge.embeddings.embed_documents(texts[start : start + size])
        alone.append(time.perf_counter() - started)
    return min(alone)


def cold_seconds(home: Path) -> float:
    """Return the seconds of ``shouce ask`` in a process of its own, best of three after one to warm the page cache."""
    times = []
    for _ in range(4):
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "ui.cli", "--home", str(home), "ask", QUESTIONS[0], "--json"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        times.append(time.perf_counter() - started)
    return min(times[1:])


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", nargs="?", type=Path, default=sample_folder() / "企业运营管理与服务手册.docx")
    source = parser.parse_args().source
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        fresh, fresh_found, knowledge = ingest_seconds(source, home)
        alone = embedding_seconds(knowledge)
        warm, warm_found, _ = ingest_seconds(source, Path(folder) / "warm")
        ask, embed = ask_ratio(knowledge)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        cold = cold_seconds(home)
    rows = {
        "source": source.name,
        "cores": os.cpu_count(),
        "warm_ask_ms": round(ask, 2),
        "embed_question_ms": round(embed, 2),
        "ask_to_embedding": {"ratio": round(ask / embed, 2), "bound": 3.0},
        "ingest_s": round(fresh, 2),
        "embed_chunks_s": round(alone, 2),
        "ingest_to_embedding": {"fresh": round(fresh / alone, 2), "warm": round(warm / alone, 2), "bound": 1.3},
        "until_a_first_search": {"fresh": round(fresh_found / alone, 2), "warm": round(warm_found / alone, 2)},
        "cold_ask_s": {"seconds": round(cold, 2), "bound": 2.5},
        "peak_memory_mb": {"mb": round(peak), "bound": 600},
    }
    sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")


if __name__ == "__main__":
    run(main)
