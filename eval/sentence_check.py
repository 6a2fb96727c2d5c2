"""How well generated sentences are checked: precision and recall of the verdicts on labelled sentences.

``python -m eval.sentence_check`` reads ``datasets/sentences.jsonl`` (sentences on the shipped corpus, each with the
clauses it cites, whether they support it, and in which way not: number changed, wrong clause, invented, turned round,
another role, merged from two clauses of which one is cited) and checks each with ``assistant/chat/verify.py``. The part
``tune`` was looked at while the checks were written: it grew in four rounds, each new set of sentences first measured
unseen, then looked at. ``held`` is the last of these sets; its first numbers stand in ``eval/LOG.md``.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from assistant.chat.evidence import evidence_of
from assistant.chat.verify import Verdict, check
from kb.knowledge import KnowledgeBase
from kb.search import HybridSearcher
from kb.settings import load_settings

PRECISION, RECALL = 0.97, 0.95


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """A sentence, the clauses it cites and whether they support it; ``part`` is ``tune`` or ``held``."""

    id: str
    part: str
    kind: str
    document: str
    clauses: tuple[str, ...]
    sentence: str
    supported: bool


@dataclass(frozen=True, slots=True)
class Score:
    """Verdicts counted. Precision: of what was let through, how much is supported; recall: of what is, how much was."""

    right: int
    let_through: int
    supported: int

    @property
    def precision(self) -> float:
        """Share of the sentences let through that are supported."""
        return self.right / self.let_through if self.let_through else 0.0

    @property
    def recall(self) -> float:
        """Share of the supported sentences that were let through."""
        return self.right / self.supported if self.supported else 0.0


def labelled() -> list[LabelledSentence]:
    """Return the labelled sentences."""
    text = files("eval").joinpath("datasets/sentences.jsonl").read_text(encoding="utf-8")
    rows = (json.loads(line) for line in text.splitlines())
    return [LabelledSentence(**{**row, "clauses": tuple(row["clauses"])}) for row in rows]


def verdicts(sentences: Sequence[LabelledSentence], knowledge: KnowledgeBase) -> list[Verdict]:
    """Return the verdict on each sentence; ``knowledge`` holds the shipped corpus."""
    cut = HybridSearcher(knowledge).index.segmenter.cut
    by_title = {document.title: document for document in knowledge.documents()}
    blocks = {
        (title, block.clause): (section, block)
        for title, document in by_title.items()
        for section in knowledge.sections(document.id)
        for block in section.blocks
    }
    found = []
    for one in sentences:
        cited = [
            evidence_of(marker, one.document, *blocks[one.document, clause])
            for marker, clause in enumerate(one.clauses, 1)
        ]
        found.append(check(one.sentence, cited, cut=cut))
    return found


def score(sentences: Sequence[LabelledSentence], found: Sequence[Verdict]) -> Score:
    """Return the counts for ``sentences`` with their verdicts."""
    pairs = list(zip(sentences, found, strict=True))
    return Score(
        right=sum(one.supported and verdict.supported for one, verdict in pairs),
        let_through=sum(verdict.supported for _, verdict in pairs),
        supported=sum(one.supported for one, _ in pairs),
    )


def _span(right: int, of: int) -> str:
    """Return Wilson's 95 % interval of a share, as text."""
    from scipy.stats import binomtest

    interval = binomtest(right, max(of, 1)).proportion_ci(method="wilson")
    return f"[{interval.low:.3f}, {interval.high:.3f}]"


def report(sentences: Sequence[LabelledSentence], found: Sequence[Verdict], *, show: Sequence[str]) -> str:
    """Return the numbers of both halves, and of the parts in ``show`` every sentence judged wrongly."""
    lines = []
    for part in ("tune", "held"):
        chosen = [(one, verdict) for one, verdict in zip(sentences, found, strict=True) if one.part == part]
        counted = score([one for one, _ in chosen], [verdict for _, verdict in chosen])
        lines.append(
            f"{part}: {len(chosen)} sentences, precision {counted.precision:.3f} {_span(counted.right, counted.let_through)}, "
            f"recall {counted.recall:.3f} {_span(counted.right, counted.supported)}"
        )
        right = Counter(one.kind for one, verdict in chosen if one.supported == verdict.supported)
        every = Counter(one.kind for one, _ in chosen)
        lines.append("  " + ", ".join(f"{kind} {right[kind]}/{count}" for kind, count in sorted(every.items())))
        if part in show:
            lines += [
                f"  {one.id} {one.kind}: {one.sentence} -> {verdict.reason or 'let through'}"
                for one, verdict in chosen
                if one.supported != verdict.supported
            ]
    return "\n".join(lines)


def main() -> None:
    """Print precision and recall; exit with 1 where the held-out half misses the bar."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument(
        "--home", type=Path, help="a home filled by `shouce sample`; default: one is filled for this run"
    )
    parser.add_argument("--show", nargs="*", default=["tune"], choices=["tune", "held"], help="whose errors are listed")
    given = parser.parse_args()
    sentences = labelled()
    with tempfile.TemporaryDirectory() as folder:
        home = given.home or Path(folder)
        with KnowledgeBase.open(load_settings(home)) as knowledge:
            if not given.home:
                from ingest.pipeline import ingest, sample_folder

                list(ingest([sample_folder()], knowledge))
            found = verdicts(sentences, knowledge)
    sys.stdout.write(report(sentences, found, show=given.show) + "\n")
    held = [(one, verdict) for one, verdict in zip(sentences, found, strict=True) if one.part == "held"]
    counted = score([one for one, _ in held], [verdict for _, verdict in held])
    sys.exit(counted.precision < PRECISION or counted.recall < RECALL)


if __name__ == "__main__":
    main()
