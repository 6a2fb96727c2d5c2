"""Bytes of GBK text lost on purpose, as scrapers lose them: each function takes clean text and a ``random.Random``.

Only tests use this. ``python -m tests.damage_report`` prints the share restored for each kind.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import lru_cache, partial
from itertools import pairwise
from pathlib import Path

HAN = re.compile("[一-鿿]")
ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "tools" / "sample_corpus"
MANUAL = ROOT.parent / "shared" / "manual" / "manual_raw.txt"


@lru_cache(maxsize=4)
def converter(name: str) -> Callable[[str], str]:
    from opencc import OpenCC

    return OpenCC(name).convert


def to_traditional(text: str) -> str:
    """Return ``text`` in traditional characters (OpenCC ``s2t``)."""
    return converter("s2t")(text)


def show(data: bytes, *, errors: str = "?") -> str:
    """Read bytes as GBK the way a careless program does; ``errors``: what stands for a byte that cannot be read."""
    text = data.decode("gbk", "replace")
    return text.replace("\ufffd", errors)


def lose_lead(run: str, rng: random.Random, *, mark: bool, errors: str = "?") -> str:
    """Lose the lead byte of one of the first characters; what is behind slips, to the end or to a low trail byte."""
    data = run.encode("gbk")
    at = _start_of_han(run, rng)
    return show(data[:at], errors=errors) + (errors if mark else "") + show(data[at + 1 :], errors=errors)


def lose_trail(run: str, rng: random.Random, *, errors: str = "?") -> str:
    """Lose the trail byte of one of the first characters."""
    data = run.encode("gbk")
    at = _start_of_han(run, rng)
    return show(data[: at + 1] + data[at + 2 :], errors=errors)


def lose_pair(run: str, rng: random.Random, *, errors: str = "?") -> str:
    """Lose the end of one character and the start of the next; what is behind stays in step (服務 shows as 氛)."""
    data = bytearray(run.encode("gbk"))
    second = rng.choice(_seconds(run))
    del data[second - 1 : second + 1]
    return show(bytes(data), errors=errors)


def lose_lead_and_pair(run: str, rng: random.Random, *, mark: bool, errors: str = "?") -> str:
    """Lose a lead byte as in ``lose_lead`` and silently, further on, the end of one character and the start of the next."""
    data = bytearray(run.encode("gbk"))
    at = _start_of_han(run, rng)
    second = rng.choice([place for place in _seconds(run) if place > at + 2])
    del data[second - 1 : second + 1]
    return show(bytes(data[:at]), errors=errors) + (errors if mark else "") + show(bytes(data[at + 1 :]), errors=errors)


KINDS: dict[str, Callable[[str, random.Random], str]] = {
    "lead, marked": partial(lose_lead, mark=True),
    "lead": partial(lose_lead, mark=False),
    "trail": lose_trail,
    "pair": lose_pair,
    "lead and pair, marked": partial(lose_lead_and_pair, mark=True),
    "lead and pair": partial(lose_lead_and_pair, mark=False),
}


def shift(run: str, rng: random.Random) -> str:
    """Put a stray byte before and behind the run: every character slips, no byte of it is lost. ``""`` if it cannot."""
    data = run.encode("gbk")
    for _ in range(50):
        try:
            return (bytes((rng.randrange(0xB0, 0xF8),)) + data + bytes((rng.randrange(0xA1, 0xFE),))).decode("gbk")
        except UnicodeDecodeError:
            continue
    return ""


def _starts(run: str) -> list[int]:
    starts, at = [], 0
    for character in run:
        starts.append(at)
        at += len(character.encode("gbk"))
    return [*starts, at]


def _start_of_han(run: str, rng: random.Random) -> int:
    starts = _starts(run)
    return rng.choice([starts[i] for i, character in enumerate(run) if HAN.match(character)][:3])


def _seconds(run: str) -> list[int]:
    """Return where the second of two Chinese characters starts, in bytes."""
    starts = _starts(run)
    return [starts[i + 1] for i, (a, b) in enumerate(pairwise(run)) if HAN.match(a) and HAN.match(b)]


def corpus_texts() -> list[str]:
    """Return the sources of the shipped corpus."""
    return [path.read_text(encoding="utf-8") for path in sorted(CORPUS.glob("*.md"))]
