"""How much of lost bytes is restored, end to end: ``python -m tests.damage_report [SAMPLES]``.

Each sample: a document of the shipped corpus in traditional characters, one run of 6 to 20 characters in it damaged, the
whole document repaired. Right means: the line is exactly the clean one. Wrong ones should be flagged by a confidence
below ``LOW_CONFIDENCE``, or be left as they were.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from dataclasses import dataclass

from ingest.repair import LOW_CONFIDENCE, repair
from ingest.source import Line, SourceText
from tests import damage

KINDS: dict[str, Callable[[str, random.Random], str]] = {
    "lead, marked": lambda run, rng: damage.lose_lead(run, rng, mark=True),
    "lead": lambda run, rng: damage.lose_lead(run, rng, mark=False),
    "trail": damage.lose_trail,
    "pair, marked": lambda run, rng: damage.lose_pair(run, rng, mark=True),
    "pair": lambda run, rng: damage.lose_pair(run, rng, mark=False),
}
_HALF = str.maketrans("（），：；？！", "(),:;?!")


@dataclass
class Rate:
    """Counts of one kind: ``silent`` were changed into something wrong with high confidence."""

    samples: int = 0
    right: int = 0
    silent: int = 0

    @property
    def share(self) -> float:
        """Return the share restored exactly."""
        return self.right / self.samples if self.samples else 0.0


def _plain(text: str) -> str:
    return "".join(text.split()).translate(_HALF)


def _documents() -> list[list[str]]:
    back = damage.converter("t2s")
    documents = []
    for text in damage.corpus_texts():
        lines = [line.strip() for line in text.splitlines() if len(line.strip()) > 20 and "|" not in line]
        lines = [line for line in lines if "?" not in line and back(damage.to_traditional(line)) == line]
        if len(lines) >= 8:
            documents.append(lines)
    return documents


def measure(kind: str, samples: int, *, seed: int = 0) -> Rate:
    """Return the rate of ``kind`` over that many samples."""
    rng = random.Random(seed)
    documents = _documents()
    rate = Rate()
    while rate.samples < samples:
        clean = rng.choice(documents)
        at = rng.randrange(len(clean))
        length = rng.randint(6, 20)
        start = rng.randrange(max(1, len(clean[at]) - length))
        run = clean[at][start : start + length]
        if sum(bool(damage.HAN.match(character)) for character in run) < 4:
            continue
        try:
            broken = KINDS[kind](damage.to_traditional(run), rng)
        except (UnicodeError, IndexError, ValueError):
            continue
        lines = [damage.to_traditional(line) for line in clean]
        lines[at] = (
            damage.to_traditional(clean[at][:start]) + broken + damage.to_traditional(clean[at][start + length :])
        )
        repaired = repair(SourceText("样本", "", tuple(Line(line) for line in lines)))
        slips = [one for one in repaired.repairs if one.kind == "gbk_shift"]
        rate.samples += 1
        if len(repaired.lines) == len(lines) and _plain(repaired.lines[at].text) == _plain(clean[at]):
            rate.right += 1
        elif slips and all(one.confidence >= LOW_CONFIDENCE for one in slips):
            rate.silent += 1
    return rate


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    for name in KINDS:
        found = measure(name, count)
        sys.stdout.write(f"{name:<14} right {found.share:.2f}  wrong but sure {found.silent / count:.2f}\n")
