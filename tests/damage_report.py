"""How much of lost bytes is restored: ``python -m tests.damage_report [SAMPLES]``, about 3 minutes for 25.

Each sample is a document with one run damaged (``tests/damage_samples.py``): of the shipped corpus, or of the real manual
where it lies beside the checkout. *Right*: after ``repair`` the line is exactly the clean one, but for its script. *Given*:
so is the best reading of a reader who is told the place. Of the others, *flagged* ones were changed with a confidence below
``LOW_CONFIDENCE``, *left* ones not at all, *sure* ones changed into something wrong with confidence.

The shipped table of characters has counted neither the shipped corpus nor the manual; ``eval/LOG.md`` has the rates.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from functools import lru_cache
from itertools import islice

from ingest.repair import LOW_CONFIDENCE, Judge, gbk_shift, repair
from ingest.repair.characters import fold
from ingest.source import Line, SourceText
from kb.discriminator import Discriminator
from tests import damage
from tests.damage_samples import Sample, draw, usable_lines

VARIANTS = {
    "traditional document": ("corpus", True, True),
    "traditional line": ("corpus", True, False),
    "simplified document": ("corpus", False, True),
    "the real manual": ("manual", True, True),
}
_HALF = str.maketrans("（），：；？！“”", '(),:;?!""')
_FEWEST_LINES = 8


@lru_cache(maxsize=2)
def documents(name: str) -> list[list[str]]:
    """Return the clean documents of ``corpus`` or ``manual`` in lines; none where there is no manual."""
    if name == "corpus":
        texts = damage.corpus_texts()
    elif damage.MANUAL.exists():
        lines = damage.MANUAL.read_text(encoding="utf-8").splitlines()
        mended = repair(SourceText("手册", "", tuple(map(Line, lines))))
        texts = [re.sub("(?<=[。；])", "\n", line.text) for line in mended.lines]
    else:
        texts = []
    found = [usable_lines(text) for text in texts]
    return [lines for lines in found if len(lines) >= _FEWEST_LINES]


@lru_cache(maxsize=1)
def discriminator() -> Discriminator:
    """Return the judge that ingest hands to repair."""
    return Discriminator()


def outcome(sample: Sample, judge: Judge | None = None) -> str:
    """Return what became of a sample: ``right``, ``flagged``, ``left`` or ``sure``."""
    mended = repair(SourceText("样本", "", tuple(map(Line, sample.lines))), judge)
    slips = [one for one in mended.repairs if one.kind == "gbk_shift"]
    if len(mended.lines) == len(sample.lines) and _plain(mended.lines[sample.at].text) == _plain(sample.clean):
        return "right"
    if not slips:
        return "left"
    return "flagged" if any(one.confidence < LOW_CONFIDENCE for one in slips) else "sure"


def is_read(sample: Sample, judge: Judge | None = None) -> bool:
    """Say whether the damage is read rightly by a reader who knows its place."""
    found = gbk_shift.readings_at(sample.lines, sample.at, sample.start, sample.end, judge)
    return bool(found) and _plain(found[0]) == _plain(sample.clean)


def measure(kind: str, variant: str, samples: int, *, seed: int = 0, judge: Judge | None = None) -> Counter[str]:
    """Return how many of that many samples came out how; ``{}`` where there is no material."""
    source, traditional, whole = VARIANTS[variant]
    material = documents(source)
    if not material:
        return Counter()
    drawn = islice(draw(material, kind, traditional=traditional, whole=whole, seed=seed), samples)
    return Counter(outcome(sample, judge) for sample in drawn)


def _given(kind: str, variant: str, samples: int) -> float:
    source, traditional, whole = VARIANTS[variant]
    drawn = islice(draw(documents(source), kind, traditional=traditional, whole=whole), samples)
    return sum(is_read(sample, discriminator()) for sample in drawn) / samples


def _plain(text: str) -> str:
    return fold("".join(text.split())).translate(_HALF).replace("著", "着")


def main(samples: int) -> None:
    """Print the table."""
    sys.stdout.write(f"{'lost':<24}{'in':<22}right  given  flagged  left  sure\n")
    for kind in damage.KINDS:
        for variant in VARIANTS:
            counts = measure(kind, variant, samples, judge=discriminator())
            if not counts:
                continue
            right, flagged, left, sure = (counts[name] / samples for name in ("right", "flagged", "left", "sure"))
            given = _given(kind, variant, samples)
            sys.stdout.write(
                f"{kind:<24}{variant:<22}{right:5.2f}  {given:5.2f}  {flagged:7.2f}  {left:4.2f}  {sure:4.2f}\n"
            )
            sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 25)
