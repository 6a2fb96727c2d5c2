"""Ranking metrics, by the library ir-measures: what share of the relevant was found, and how far up. Knows ids and ranks.

Hit@k is ir-measures' Success@k, MRR its mean RR; nDCG with binary or graded gains as in Järvelin & Kekäläinen 2002.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kb.errors import OptionalDependencyMissing

# Our name of a metric → the library's.
MEASURES = {
    "hit@1": "Success@1",
    "hit@5": "Success@5",
    "recall@5": "R@5",
    "recall@10": "R@10",
    "mrr@10": "RR@10",
    "ndcg@10": "nDCG@10",
}


def measure(
    rankings: Mapping[str, Sequence[str]], relevance: Mapping[str, Mapping[str, int]]
) -> dict[str, dict[str, float]]:
    """Return every measure of every query: query id → metric name → value in 0..1.

    Args:
        rankings: query id → ids found, best first; what is found twice counts once, at its better rank.
        relevance: query id → relevant id → grade from 1; a query without relevant ids is left out of the result.

    Raises:
        OptionalDependencyMissing: the library has no build for this machine.
    """
    try:
        import ir_measures
        from ir_measures import Qrel, ScoredDoc
    except ImportError as error:
        raise OptionalDependencyMissing(
            "评测排序需要 ir-measures：pip install ir-measures（Linux ARM 上要有 C 编译器）"
        ) from error
    judged = [query for query, gold in relevance.items() if gold]
    qrels = [Qrel(query, found, grade) for query in judged for found, grade in relevance[query].items()]
    names = {ir_measures.parse_measure(theirs): ours for ours, theirs in MEASURES.items()}
    runs = [
        ScoredDoc(query, found, -float(rank))
        for query in judged
        for rank, found in enumerate(dict.fromkeys(rankings.get(query, ())))
    ]
    # A query that found nothing has no row in the library's result: it is 0 throughout.
    values = {query: dict.fromkeys(MEASURES, 0.0) for query in judged}
    for one in ir_measures.iter_calc(list(names), qrels, runs) if qrels else ():
        values[one.query_id][names[one.measure]] = float(one.value)
    return values
