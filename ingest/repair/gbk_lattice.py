"""Read a stretch of text whose GBK bytes may have slipped: every reading that the bytes allow, best first.

A displayed character stands for one or two bytes. In step (no carry) each character reads as itself; out of step one
byte is carried over, and each true character takes its second byte from the next displayed one. A byte may be lost
silently or stand behind a mark (``?``, U+FFFD); a pair that GBK does not define may vanish whole. A beam search over
bytes and character pairs keeps the likeliest readings at each node; the best are weighed again by their words. Costs are
natural logarithms, fitted on damaged text (tests/damage.py).

Knows nothing of where in a document to look, nor of what to do with the result.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ingest.repair.characters import fold
from ingest.repair.gbk_bytes import (
    MARKS,
    Choices,
    character_of,
    led_by,
    led_by_before_mark,
    led_by_with_unreadable,
    one_character,
    shown_bytes,
    trailed_by,
    unreadable_before,
)
from ingest.repair.lexicon import CHARACTERS, WORDS, Lexicon

UNKNOWN = -1
"""The carry when the byte that leads the next character is lost."""

COSTS = {
    "": 0.0,
    "mark stands": -8.0,
    "letter stands": -4.6,
    "slip": -4.9,
    "slip marked": -5.1,
    "back": -3.3,
    "back marked": -2.1,
    "back marked apart": -5.1,
    "pair": -2.6,
    "pair marked": -2.6,
    "swallowed": -3.1,
    "stray byte": -19.0,
    "stray mark": -12.0,
}
"""What may have happened at a character, beside the likelihood of the words: a mark or one letter between Chinese
characters stands for itself; a byte is lost, the text slips; it is back in step; the end of one character and the start of
the next are lost, out of step or (swallowed) in step; a byte or mark stands for nothing."""

BEAM = 96
BEAM_DEPTH = 16.0
SPELLED, READINGS = 200, 24
"""How many readings are weighed by their characters, and how many of those by their words."""

Node = tuple[int, int | None]
"""Displayed characters consumed, and the byte carried over: ``None`` in step, ``UNKNOWN`` lost, negative a trail."""

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]


class Step(NamedTuple):
    """One true character, one of ``choices``; ``None`` where a byte stands for nothing."""

    target: Node
    event: str
    choices: Choices | None
    extra: float = 0.0


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a stretch. ``score`` is its log probability, ``lost`` counts guesses, ``events`` are of ``COSTS``."""

    text: str
    score: float
    lost: int = 0
    events: tuple[str, ...] = ()


class _Arrivals(NamedTuple):
    """Ways into one node: ``score`` with and ``cost`` without the characters, the last one's number, whence, by which."""

    score: Floats
    cost: Floats
    last: Numbers
    parent: Numbers
    choice: Numbers
    step: Step | None


class _Trace(NamedTuple):
    """What was kept of the arrivals at one node: of each the place in the trace it came from, by which way, as which choice."""

    parent: list[int]
    source: list[int]
    choice: list[int]
    steps: tuple[Step | None, ...]


class Lattice:
    """The readings of one stretch of displayed text. ``hot`` holds the places where a byte may have been lost."""

    def __init__(self, text: str, lexicon: Lexicon, *, hot: Collection[int]) -> None:
        """Prepare ``text``; outside ``hot`` each character reads as itself unless it is out of step."""
        self._text = text
        self._lexicon = lexicon
        self._hot = hot
        self._forms = lexicon.script_costs
        self._noted = 1
        self._firsts: list[int] = []
        self._traces: list[_Trace] = []

    def readings(self) -> list[Reading]:
        """Return the best readings of the whole text, best first; the text as it stands is not always among them."""
        start = np.zeros(1, np.float32)
        origin = np.zeros(1, np.int64)
        waiting: dict[Node, list[_Arrivals]] = {}
        text, end = self._text, len(self._text)
        opening = origin + self._lexicon.numbers("\n")
        waiting[0, None] = [_Arrivals(start, start, opening, origin - 1, origin, None)]
        final: tuple[Floats, Floats, Numbers, Numbers] | None = None
        for place in range(end + 1):
            best = -np.inf
            # Carried bytes first: they may open an in-step node at the same place, and that one a lost lead.
            for order in (0, 1, 2):
                for node in [node for node in waiting if node[0] == place and _order(node) == order]:
                    merged = self._merged(waiting.pop(node), best)
                    if merged is None:
                        continue
                    best = max(best, float(merged[0][0]))
                    if node == (end, None):
                        final = merged
                        continue
                    for step in self._steps(text, *node):
                        if step.choices is None or step.choices.raws:
                            waiting.setdefault(step.target, []).append(self._ahead(step, *merged))
        return self._ranked(*final) if final is not None else []

    def plain_score(self) -> float:
        """Return the log probability of the text as it stands, with what its marks, wedged letters and forms cost."""
        spent = sum(
            COSTS[self._literal_event(place)] + self._lexicon.form_cost(self._text[place]) for place in self._hot
        )
        return self._lexicon.score(fold(self._text)) + spent

    def _ahead(self, step: Step, score: Floats, cost: Floats, last: Numbers, ids: Numbers) -> _Arrivals:
        choices = step.choices
        if choices is None:
            gap = np.float32(COSTS[step.event])
            return _Arrivals(score + gap, cost + gap, last, ids, np.zeros(len(ids), np.int64), step)
        extra = choices.costs(*self._forms) + np.float32(COSTS[step.event] + step.extra)
        width = len(choices.numbers)
        after = self._lexicon.characters.after(last, choices.numbers)
        total = (score[:, None] + after + extra[None, :]).ravel()
        spent = (cost[:, None] + extra[None, :]).ravel()
        few = len(total) <= BEAM
        kept = np.arange(len(total)) if few else np.argpartition(total, len(total) - BEAM)[-BEAM:]
        parent, choice = np.divmod(kept, width)
        return _Arrivals(total[kept], spent[kept], choices.numbers[choice], ids[parent], choice, step)

    def _merged(self, arrivals: list[_Arrivals], best: float) -> tuple[Floats, Floats, Numbers, Numbers] | None:
        """Return the likeliest of what arrives at a node, best first, noted in the trace."""
        if len(arrivals) == 1:
            (score, cost, last, parent, choice, _), source = arrivals[0], None
        else:
            score, cost, last, parent, choice = (np.concatenate([one[at] for one in arrivals]) for at in range(5))
            source = np.repeat(np.arange(len(arrivals)), [len(one.score) for one in arrivals])
        ranks = np.argsort(-score)[:BEAM]
        ranks = ranks[score[ranks] >= max(best, float(score[ranks[0]])) - BEAM_DEPTH]
        if not len(ranks):
            return None
        first = self._noted
        self._noted += len(ranks)
        ways = [0] * len(ranks) if source is None else source[ranks].tolist()
        steps = tuple(one.step for one in arrivals)
        self._firsts.append(first)
        self._traces.append(_Trace(parent[ranks].tolist(), ways, choice[ranks].tolist(), steps))
        ids = np.arange(first, first + len(ranks))
        return score[ranks], cost[ranks], last[ranks], ids

    def _ranked(self, score: Floats, cost: Floats, last: Numbers, ids: Numbers) -> list[Reading]:
        """Return the readings that end well, weighed by their characters and words."""
        del last, score
        found: dict[str, tuple[float, int, tuple[str, ...]]] = {}
        for at, spent in zip(ids.tolist()[:SPELLED], cost.tolist(), strict=False):
            parts: list[str] = []
            events: list[str] = []
            lost, place = 0, at
            while place > 0:
                place, raw, event, guessed = self._traced(place)
                parts.append(raw)
                lost += guessed
                if event:
                    events.append(event)
            text = "".join(reversed(parts))
            if text not in found:
                found[text] = spent, lost, tuple(reversed(events))
        texts = list(found)
        folded = [fold(text) for text in texts]
        spelled = self._lexicon.spelled(folded)
        ranks = np.argsort([-found[text][0] - float(one) for text, one in zip(texts, spelled, strict=True)])[:READINGS]
        readings = []
        for at in ranks.tolist():
            spent, lost, happened = found[texts[at]]
            total = spent + WORDS * self._lexicon.worded(folded[at]) + CHARACTERS * float(spelled[at])
            readings.append(Reading(texts[at], total, lost, happened))
        return sorted(readings, key=lambda reading: -reading.score)

    def _traced(self, place: int) -> tuple[int, str, str, bool]:
        """Return where a place in the trace came from, the character there, the event and whether it is a guess."""
        at = bisect_right(self._firsts, place) - 1
        trace, own = self._traces[at], place - self._firsts[at]
        step = trace.steps[trace.source[own]]
        if step is None:
            return trace.parent[own], "", "", False
        choices = step.choices
        raw, lost = ("", False) if choices is None else (choices.raws[trace.choice[own]], choices.lost)
        return trace.parent[own], raw, step.event, lost

    def _steps(self, text: str, place: int, carry: int | None) -> Iterator[Step]:
        if carry is None:
            return self._in_step(text, place)
        return self._out_of_step(text, place, carry)

    def _in_step(self, text: str, place: int) -> Iterator[Step]:
        if place not in self._hot:
            yield Step((place + 1, None), "", one_character(text[place]))
            return
        yield Step((place + 1, None), self._literal_event(place), one_character(text[place], exact=False))
        if text[place] in MARKS:
            yield Step((place + 1, None), "stray mark", None)
            yield from self._led_by(UNKNOWN, place + 1, "slip marked")
            # The mark is a trail byte whose lead was lost, with or without a mark of its own.
            yield Step((place + 1, None), "slip", unreadable_before(self._byte(place + 1)))
            if text[place + 1 : place + 2] in MARKS:
                yield Step((place + 2, None), "slip marked", unreadable_before(self._byte(place + 2)))
        yield from self._led_by(UNKNOWN, place, "slip")
        for data, cost in shown_bytes(text[place]):
            if len(data) == 2:
                yield Step((place + 1, data[1]), "slip", led_by(data[0]), cost)
                # Its end and the start of the next are lost, and this shows in between: 服務 as 氛.
                yield Step((place + 1, -data[1]), "swallowed", led_by(data[0]), cost)
                # The first byte is a stray one.
                yield from self._led_by(data[1], place + 1, "stray byte", cost)

    def _out_of_step(self, text: str, place: int, carry: int) -> Iterator[Step]:
        if carry < UNKNOWN:
            yield Step((place, None), "", trailed_by(-carry))
            return
        yield from self._led_by(carry, place, "")
        if carry == UNKNOWN:
            return
        yield Step((place, None), "stray byte", None)
        if carry < 0x80:
            yield Step((place, None), "", one_character(chr(carry)))
            return
        any_trail = led_by(carry)
        yield Step((place, None), "back", any_trail)
        yield Step((place, UNKNOWN), "pair", any_trail)
        if text[place : place + 1] in MARKS:
            yield Step((place + 1, None), "back marked", led_by_with_unreadable(carry, self._byte(place + 1)))
            yield Step((place + 1, None), "back marked apart", led_by_before_mark(carry))
            yield Step((place + 1, UNKNOWN), "pair marked", any_trail)

    def _led_by(self, lead: int, place: int, event: str, cost: float = 0.0) -> Iterator[Step]:
        """Yield the characters led by ``lead`` whose trail is the first byte shown at ``place``."""
        for data, extra in shown_bytes(self._text[place : place + 1]):
            target = (place + 1, data[1] if len(data) == 2 else None)
            if lead == UNKNOWN:
                yield Step(target, event, trailed_by(data[0]), cost + extra)
            elif character := character_of(lead, data[0]):
                yield Step(target, event, one_character(character, exact=False), cost + extra)

    def _literal_event(self, place: int) -> str:
        text = self._text
        if text[place] in MARKS:
            return "mark stands"
        around = text[max(0, place - 1) : place] + text[place + 1 : place + 2]
        wedged = text[place].isascii() and text[place].isalpha() and not any(one.isascii() for one in around)
        return "letter stands" if wedged else ""

    def _byte(self, place: int) -> int:
        """Return the first byte shown at ``place``; a space at the end and for what is not GBK."""
        return next((data[0] for data, _ in shown_bytes(self._text[place : place + 1])), 0x20)


def _order(node: Node) -> int:
    if node[1] is None:
        return 1
    return 2 if node[1] == UNKNOWN else 0
