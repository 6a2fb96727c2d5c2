"""Retrieval on public sets: the product's own search against the plain pipeline, same passages, same questions, one run.

``python -m eval.bench_sets DIR [--cache FOLDER] [--sets tidb_faq,lecoqa] [--refusal]`` (also ``shouce eval --bench
DIR``). DIR holds one folder a set, in BEIR's form or with ``gold_ids`` (``eval/beir.py``). Vectors are kept under the
cache, because a thousand passages take minutes to embed. Only numbers leave here; no text of a set is stored elsewhere.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval import ranking
from eval.beir import RetrievalSet, load_set, sets_in
from eval.cached_embeddings import CachedEmbeddings
from eval.command import run
from eval.floor import PlainPipeline
from eval.intervals import Difference, compare
from eval.passages import document_of, passage_of
from kb.embeddings import EmbeddingModel, open_embeddings
from kb.knowledge import KnowledgeBase
from kb.search import HybridSearcher, unique_sections
from kb.settings import Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import Collection

QUERIES = 1000
DEPTH = 100
SHOWN = ("hit@1", "mrr@10", "ndcg@10", "recall@10")


@dataclass(frozen=True, slots=True)
class SetResult:
    """One set: means of both systems, and the product minus the plain pipeline in nDCG@10."""

    name: str
    passages: int
    queries: int
    plain: dict[str, float]
    product: dict[str, float]
    difference: Difference


def default_cache() -> Path:
    """Return where vectors are kept unless something else is said."""
    return Path.home() / ".cache" / "shouce" / "bench"


@contextmanager
def opened(
    one: RetrievalSet, home: Path, model: EmbeddingModel, *, settings: Settings | None = None
) -> Iterator[KnowledgeBase]:
    """Give a knowledge base in ``home`` that holds the set's passages and nothing else."""
    settings = (settings or load_settings(home)).model_copy(update={"home": home})
    with KnowledgeBase.open(settings, embeddings=model) as knowledge:
        fill(knowledge, one)
        yield knowledge


def fill(knowledge: KnowledgeBase, one: RetrievalSet, *, without: Collection[str] = ()) -> None:
    """Make the knowledge base hold the set's passages, but those ``without``."""
    parsed = document_of(
        one.name,
        one.passages,
        count_tokens=knowledge.embeddings.count_tokens,
        limit=knowledge.settings.limits.chunk_tokens,
        without=without,
    )
    knowledge.add(parsed)


def retrieve(searcher: HybridSearcher, one: RetrievalSet, question: str) -> list[str]:
    """Return the ids of the passages that the product's search finds, best first."""
    hits = searcher.search(question, limit=DEPTH)
    return [passage_of(number, one.passages).id for _, number in unique_sections(hits)]


def run_set(
    one: RetrievalSet,
    model: CachedEmbeddings,
    *,
    settings: Settings | None = None,
    queries: int = QUERIES,
    progress: Callable[[str], None] | None = None,
) -> SetResult:
    """Return both systems' numbers on the first ``queries`` judged questions of the set."""
    tell = progress or (lambda message: None)
    asked = one.judged[:queries]
    relevance = {query.id: one.relevance[query.id] for query in asked}
    model.passages(
        [passage.full for passage in one.passages],
        progress=lambda done, of: tell(f"{one.name}：向量化 {done}/{of} 段"),
    )
    plain = PlainPipeline(one, model)
    plain_runs = {query.id: plain.ranking(plain.ask(query.text)) for query in asked}
    with tempfile.TemporaryDirectory() as folder, opened(one, Path(folder), model, settings=settings) as knowledge:
        searcher = HybridSearcher(knowledge)
        product_runs: dict[str, list[str]] = {}
        for done, query in enumerate(asked, 1):
            product_runs[query.id] = retrieve(searcher, one, query.text)
            tell(f"{one.name}：检索 {done}/{len(asked)}")
    model.save()
    ours, theirs = ranking.measure(product_runs, relevance), ranking.measure(plain_runs, relevance)
    return SetResult(
        name=one.name,
        passages=len(one.passages),
        queries=len(asked),
        plain=_means(theirs),
        product=_means(ours),
        difference=compare(
            [ours[query.id]["ndcg@10"] for query in asked], [theirs[query.id]["ndcg@10"] for query in asked]
        ),
    )


def run_sets(
    folder: Path,
    *,
    cache: Path,
    settings: Settings,
    names: Collection[str] = (),
    queries: int = QUERIES,
    refusal: bool = False,
    progress: Callable[[str], None] | None = None,
) -> list[dict[str, Any]]:
    """Return one row of numbers for each set in ``folder``.

    Args:
        folder: a set, or a folder of sets.
        cache: where vectors are kept.
        settings: the embedding model and the search that are judged.
        names: the sets to run; empty for all.
        queries: how many judged questions of each set, at most.
        refusal: whether hard refusal is measured too (gold passages removed).
        progress: gets a line now and then.

    Raises:
        SourceUnreadable: there is no set, or one is broken.
    """
    rows: list[dict[str, Any]] = []
    model = open_embeddings(settings.embedding)
    for path in sets_in(folder):
        if names and path.name not in names:
            continue
        one = load_set(path)
        cached = CachedEmbeddings(model, cache, one.name)
        row = as_json(run_set(one, cached, settings=settings, queries=queries, progress=progress))
        if refusal:
            from eval.bench_refusal import run_refusal

            row["refusal"] = run_refusal(one, cached, settings=settings, progress=progress)
            cached.save()
        rows.append(row)
    return rows


def as_json(result: SetResult) -> dict[str, Any]:
    """Return a result as it is printed, in points of 100."""
    points = {name: {m: round(100 * getattr(result, name)[m], 1) for m in SHOWN} for name in ("plain", "product")}
    found = result.difference
    return {
        "set": result.name,
        "passages": result.passages,
        "queries": result.queries,
        **points,
        "ndcg@10_difference": round(100 * found.mean, 2),
        "interval": [round(100 * found.interval.low, 2), round(100 * found.interval.high, 2)],
        "p": round(found.p, 4),
        "better": found.better,
        "worse": found.worse,
    }


def text(rows: list[dict[str, Any]]) -> str:
    """Return the rows for a terminal."""
    lines = ["检索：朴素做法（BM25 单双字 + 向量，各半）与本系统，nDCG@10，同一次运行"]
    for row in rows:
        low, high = row["interval"]
        lines.append(
            f"  {row['set']:<14} {row['queries']:>5} 问 / {row['passages']} 段   {row['plain']['ndcg@10']:5.1f} → "
            f"{row['product']['ndcg@10']:5.1f}   差 {row['ndcg@10_difference']:+.2f}  95% [{low:+.2f}, {high:+.2f}]"
            f"  p={row['p']:.3f}   首位 {row['plain']['hit@1']:.1f} → {row['product']['hit@1']:.1f}"
        )
    lines.append(
        "  注意：随包的问题映射用公开集的问题训练过，本系统在这些集上的数字偏高；没见过的问题见 python -m eval.question_adapter"
    )
    if any("refusal" in row for row in rows):
        lines.append("拒答：正确段落被删去时能否看出来（AUROC）")
    for row in rows:
        if found := row.get("refusal"):
            single = "  ".join(f"{name} {value:.1f}" for name, value in found["single"].items())
            low, high = found["interval"]
            lines.append(
                f"  {row['set']:<14} {found['questions']:>5} 问   本系统 {found['decision']:.1f}   {single}"
                f"   比最好的单项 {found['difference']:+.1f}  95% [{low:+.1f}, {high:+.1f}]"
            )
    return "\n".join(lines)


def _means(values: dict[str, dict[str, float]]) -> dict[str, float]:
    return {name: sum(one[name] for one in values.values()) / len(values) for name in ranking.MEASURES}


def main() -> None:
    """Run the sets of a folder and print the table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--home", type=Path, help="settings of this home; default: as for the command")
    parser.add_argument("--cache", type=Path, default=default_cache())
    parser.add_argument("--sets", default="", help="names, separated by commas; default: all")
    parser.add_argument("--queries", type=int, default=QUERIES)
    parser.add_argument("--refusal", action="store_true")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    rows = run_sets(
        given.folder,
        cache=given.cache,
        settings=load_settings(given.home),
        names=[name for name in given.sets.split(",") if name],
        queries=given.queries,
        refusal=given.refusal,
    )
    sys.stdout.write((json.dumps(rows, ensure_ascii=False, indent=2) if given.json else text(rows)) + "\n")


if __name__ == "__main__":
    run(main)
