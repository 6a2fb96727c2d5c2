"""Damaged documents with the place of the damage and what was there: the material of ``tests/damage_report.py``."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests import damage

SENTENCE_ENDS = "。；！？;"
LONGEST = 60


@dataclass(frozen=True)
class Sample:
    """``lines`` of a document; of line ``at`` the stretch ``start`` to ``end`` is what became of ``run``."""

    lines: tuple[str, ...]
    at: int
    start: int
    end: int
    run: str
    clean: str

    @property
    def shown(self) -> str:
        """Return the damaged stretch."""
        return self.lines[self.at][self.start : self.end]


def usable_lines(text: str) -> list[str]:
    """Return the lines of prose that turn to traditional characters and back unchanged."""
    back = damage.converter("t2s")
    lines = [line.strip() for line in text.splitlines() if len(line.strip()) > 20 and "|" not in line]
    return [line for line in lines if "?" not in line and back(damage.to_traditional(line)) == line]


def draw(
    documents: Sequence[list[str]], kind: str, *, traditional: bool, whole: bool, seed: int = 0
) -> Iterator[Sample]:
    """Yield samples without end; the document is one line, or ``whole``. Every other run goes on to its sentence's end."""
    rng = random.Random(f"{kind} {traditional} {whole} {seed}")
    turn = damage.to_traditional if traditional else str
    count = 0
    while True:
        clean = rng.choice(documents)
        at = rng.randrange(len(clean))
        line = clean[at]
        start = rng.randrange(max(1, len(line) - 6))
        end = start + rng.randint(6, 20)
        if count % 2:
            end = next((i + 1 for i in range(start + 5, len(line)) if line[i] in SENTENCE_ENDS), len(line))
        run = line[start : min(end, start + LONGEST)]
        if sum(bool(damage.HAN.match(character)) for character in run) < 4:
            continue
        try:
            broken = damage.KINDS[kind](turn(run), rng)
        except (UnicodeError, IndexError):
            continue
        before = turn(line[:start])
        spoilt = before + broken + turn(line[start + len(run) :])
        lines = [turn(one) for one in clean[:at]], [turn(one) for one in clean[at + 1 :]]
        count += 1
        yield Sample(
            (*lines[0], spoilt, *lines[1]) if whole else (spoilt,),
            at if whole else 0,
            len(before),
            len(before) + len(broken),
            run,
            line,
        )
