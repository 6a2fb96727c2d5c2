"""How well generated sentences are checked: precision and recall of the verdicts on labelled sentences.

``python -m eval.sentence_check`` reads ``datasets/sentences.jsonl`` (sentences on the shipped corpus, and with ``--home``
on what that home holds; each with the clauses it cites, whether they support it, and in which way not: number changed,
wrong clause, invented, merged from two clauses of which one is cited; and the harder ways: turned round, another role, a
condition dropped, said of more than the source, may for must, another order, doer and done exchanged) and checks each
with ``assistant/chat/verify.py``.

The sentences were written batch by batch. A batch is measured before anybody looks at its errors (``--first BATCH``
writes those numbers down, once), then the rules are mended on it and the next batch is the unseen measure. The first
numbers tell how good the verdicts are; the present ones only that nothing broke.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from assistant.chat.evidence import evidence_of
from assistant.chat.verify import Verdict, check
from eval.command import run
from kb.knowledge import KnowledgeBase
from kb.search import HybridSearcher
from kb.settings import load_settings

PRECISION, RECALL = 0.97, 0.95
LEAST_OF_ALL = 0.93  # precision where the subtler kinds count, which are rarer in answers than in the batches
# What a model is known to do; the other kinds are subtler and rarer.
FIVE_KINDS = frozenset("supported number wrong_clause invented merged merged_half".split())
FIRST_LOOKS = Path(__file__).parent / "datasets" / "sentences_first_looks.json"


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """A sentence, the clauses it cites and whether they support it; ``part`` is the batch it was written in."""

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


def of_documents(sentences: Sequence[LabelledSentence], knowledge: KnowledgeBase) -> list[LabelledSentence]:
    """Return the sentences on documents that ``knowledge`` holds: those on the real manual need a home of their own."""
    titles = {document.title for document in knowledge.documents()}
    return [one for one in sentences if one.document in titles]


def verdicts(sentences: Sequence[LabelledSentence], knowledge: KnowledgeBase) -> list[Verdict]:
    """Return the verdict on each sentence; ``knowledge`` holds the documents they are on."""
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


def of_five_kinds(sentences: Sequence[LabelledSentence], found: Sequence[Verdict]) -> Score:
    """Return the counts for the five kinds alone."""
    chosen = [pair for pair in zip(sentences, found, strict=True) if pair[0].kind in FIVE_KINDS]
    return score([one for one, _ in chosen], [verdict for _, verdict in chosen])


@dataclass(frozen=True, slots=True)
class FirstLook:
    """The counts of a batch when nobody had seen its errors; ``let_through_five`` None where that was not written down."""

    date: str
    right: int
    let_through: int
    let_through_five: int | None
    supported: int

    def __str__(self) -> str:
        """Return the numbers in one line."""
        five = f"{self.right / self.let_through_five:.3f}" if self.let_through_five else "–"
        return (
            f"precision {self.right / self.let_through:.3f} {_span(self.right, self.let_through)} (five kinds {five}), "
            f"recall {self.right / self.supported:.3f} {_span(self.right, self.supported)}"
        )


def first_looks() -> dict[str, FirstLook]:
    """Return the first numbers of each batch."""
    written = json.loads(FIRST_LOOKS.read_text(encoding="utf-8"))
    return {part: FirstLook(**counts) for part, counts in written.items()}


def write_first_look(part: str, sentences: Sequence[LabelledSentence], found: Sequence[Verdict]) -> None:
    """Write down the numbers of a batch that has none yet."""
    looks = first_looks()
    if part in looks:
        sys.exit(f"{part} 已经记过第一次的数字，不能改。")
    counted, five = score(sentences, found), of_five_kinds(sentences, found)
    today = datetime.now(UTC).date().isoformat()
    looks[part] = FirstLook(today, counted.right, counted.let_through, five.let_through, counted.supported)
    lines = (f'  "{name}": {json.dumps(asdict(look))}' for name, look in looks.items())
    FIRST_LOOKS.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def report(sentences: Sequence[LabelledSentence], found: Sequence[Verdict], *, show: Sequence[str]) -> str:
    """Return first and present numbers of every batch, and of those in ``show`` every sentence judged wrongly."""
    looks = first_looks()
    lines = []
    for part in dict.fromkeys(one.part for one in sentences):
        chosen = [(one, verdict) for one, verdict in zip(sentences, found, strict=True) if one.part == part]
        counted = score(*_apart(chosen))
        five = of_five_kinds(*_apart(chosen))
        lines += [
            f"{part}: {len(chosen)} sentences, {counted.supported} of them supported",
            f"  first: {looks[part]}" if part in looks else "  first: not written down as one batch",
            f"  now:   precision {counted.precision:.3f} (five kinds {five.precision:.3f}), recall {counted.recall:.3f}",
        ]
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


def _apart(
    pairs: Sequence[tuple[LabelledSentence, Verdict]],
) -> tuple[list[LabelledSentence], list[Verdict]]:
    return [one for one, _ in pairs], [verdict for _, verdict in pairs]


def main() -> None:
    """Print precision and recall; exit with 1 where the sentences that were looked at miss the bar now."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument(
        "--home", type=Path, help="a home filled by `shouce sample`; default: one is filled for this run"
    )
    parser.add_argument("--show", nargs="*", default=[], metavar="BATCH", help="whose errors are listed")
    parser.add_argument("--first", metavar="BATCH", help="write down the first numbers of a batch, and show only them")
    given = parser.parse_args()
    sentences = [one for one in labelled() if given.first in (None, one.part)]
    with tempfile.TemporaryDirectory() as folder:
        home = given.home or Path(folder)
        with KnowledgeBase.open(load_settings(home)) as knowledge:
            if not given.home:
                from ingest.pipeline import ingest, sample_folder

                list(ingest([sample_folder()], knowledge))
            sentences = of_documents(sentences, knowledge)
            found = verdicts(sentences, knowledge)
    if given.first:
        write_first_look(given.first, sentences, found)
    sys.stdout.write(report(sentences, found, show=given.show) + "\n")
    counted, five = score(sentences, found), of_five_kinds(sentences, found)
    sys.stdout.write(
        f"all of {len(sentences)}: precision {counted.precision:.3f} (five kinds {five.precision:.3f}), "
        f"recall {counted.recall:.3f}\n"
    )
    sys.exit(five.precision < PRECISION or counted.recall < RECALL)


if __name__ == "__main__":
    run(main)
