"""One row of the comparison, and how it is made: a pipeline over a corpus, asked the cases of a dataset, and timed.

Knows the peers' processes and the product's own search and answers; not how a table looks.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from eval import metrics
from eval.decision import decide
from eval.peers.judge import DEPTH, Quality, Reply, judge
from eval.peers.process import PeerFailed, PeerProcess
from eval.refusal import auroc

if TYPE_CHECKING:
    from assistant.ask import Assistant
    from eval.dataset import Case
    from eval.gold import Gold
    from eval.peers.places import Places
    from eval.peers.programs.link import Source
    from eval.peers.registry import Peer
    from eval.peers.timed import TimedEmbeddings
    from kb.search import HybridSearcher

Given = Literal["raw", "repaired"]


@dataclass(frozen=True, slots=True)
class Times:
    """Where the time went. Seconds for a corpus, milliseconds (medians) for a question.

    ``ingest`` is everything from the file to the last index, ``passages`` what of it the embedding took; ``search`` is
    without ``question``, the embedding of it; ``answer`` is a whole answer, that embedding included.
    """

    ingest: float | None
    passages: float | None
    question: float
    search: float
    chunks: int
    start: float = 0.0
    answer: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A pipeline on one dataset; without ``quality`` there is a ``reason``."""

    title: str
    given: Given
    dataset: str
    quality: Quality | None = None
    times: Times | None = None
    facts_in_answer: float | None = None
    decision_auroc: float | None = None
    characters_of_answer: float | None = None
    versions: dict[str, str] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Corpus:
    """What every row is asked and judged on."""

    datasets: Mapping[str, Sequence[Case]]
    gold: Gold
    places: Places


@dataclass(frozen=True, slots=True)
class _Asked:
    replies: list[Reply]
    question: float
    search: float


def peer_rows(
    peer: Peer, given: Given, sources: Sequence[Source], corpus: Corpus, *, python: Path, model: TimedEmbeddings
) -> list[Row]:
    """Return one row for each dataset; a peer that fails is rows that say why."""
    try:
        with PeerProcess(peer, python=python, model=model) as process:
            clock = model.restart()
            chunks, spent = process.ingest(sources)
            rows = []
            for name, cases in corpus.datasets.items():
                asked = _ask_peer(process, cases, corpus.places, model)
                # What sending vectors from process to process costs is this comparison's, not the peer's.
                ingest = spent.own + clock.passages
                times = Times(ingest, clock.passages, asked.question, asked.search, chunks, process.start_seconds)
                quality = judge(cases, asked.replies, corpus.gold)
                rows.append(Row(peer.title, given, name, quality, times, versions=process.versions))
            return rows
    except PeerFailed as error:
        return [Row(peer.title, given, name, reason=str(error)) for name in corpus.datasets]


def _ask_peer(process: PeerProcess, cases: Sequence[Case], places: Places, model: TimedEmbeddings) -> _Asked:
    clock = model.restart()
    replies: list[Reply] = []
    own: list[float] = []
    for case in cases:
        hits, spent = process.search(case.question, limit=DEPTH)
        own.append(spent.own)
        found = tuple(places.of(hit.text) for hit in hits)
        best = hits[0].score if hits else float("-inf")
        first = places.within(hits[0].text) if hits else frozenset()
        replies.append(Reply(tuple(hit.text for hit in hits), found, first, best))
    return _Asked(replies, _median_ms(clock.questions), _median_ms(own))


def own_rows(
    searcher: HybridSearcher,
    assistant: Assistant,
    corpus: Corpus,
    *,
    model: TimedEmbeddings,
    ingest: tuple[float, float] | None,
    chunks: int,
) -> list[Row]:
    """Return the product's row for each dataset; ``ingest`` is its seconds and those of the embedding, where measured."""
    rows = []
    for name, cases in corpus.datasets.items():
        asked = _ask_own(searcher, cases, model)
        answers = [assistant.ask(case.question, record=False) for case in cases]
        facts = [metrics.facts(answer, case) for answer, case in zip(answers, cases, strict=True) if case.answerable]
        whole, passages = ingest or (None, None)
        answer = statistics.median(answer.timings.get("total", 0.0) for answer in answers)
        rows.append(
            Row(
                "Shouce 手册助手",
                "raw" if ingest else "repaired",
                name,
                judge(cases, asked.replies, corpus.gold),
                Times(whole, passages, asked.question, asked.search, chunks, answer=answer),
                facts_in_answer=statistics.fmean(facts) if facts else None,
                decision_auroc=auroc(
                    # What the table of contents lists and the text lacks is told from the outline, not decided.
                    [
                        0.0 if answer.status == "missing_in_source" else decide(assistant, case.question).probability
                        for answer, case in zip(answers, cases, strict=True)
                    ],
                    [case.answerable for case in cases],
                ),
                characters_of_answer=statistics.median(len(answer.text) for answer in answers),
            )
        )
    return rows


def _ask_own(searcher: HybridSearcher, cases: Sequence[Case], model: TimedEmbeddings) -> _Asked:
    searcher.search("预热", limit=DEPTH)  # indexes are opened by the first question; the peers' stand in memory too
    clock = model.restart()
    replies: list[Reply] = []
    own: list[float] = []
    for case in cases:
        started, embedded = time.perf_counter(), sum(clock.questions)
        hits = searcher.search(case.question, limit=DEPTH)
        own.append(time.perf_counter() - started - (sum(clock.questions) - embedded))
        found = tuple((hit.document, hit.chunk.section) for hit in hits)
        best = hits[0].score if hits else float("-inf")
        replies.append(Reply(tuple(hit.chunk.text for hit in hits), found, frozenset(found[:1]), best))
    return _Asked(replies, _median_ms(clock.questions), _median_ms(own))


def _median_ms(seconds: Sequence[float]) -> float:
    return statistics.median(seconds) * 1000 if seconds else 0.0
