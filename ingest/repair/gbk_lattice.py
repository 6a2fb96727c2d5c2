"""Read a stretch of text whose GBK bytes may have slipped: every reading that the bytes allow, best first.

A displayed character stands for one or two bytes. In step (no carry) each character reads as itself; out of step one
byte is carried over, and each true character takes its second byte from the next displayed one. A byte may be lost
silently or stand behind a mark (``?``, U+FFFD); a pair that GBK does not define may vanish whole. Words are laid over
the readings as in a word lattice, and the best strings are kept at each node (beam search). Costs are natural
logarithms, fitted on damaged text (tests/damage.py).

Knows nothing of where in a document to look, nor of what to do with the result.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from ingest.repair.lexicon import LONGEST_WORD, Lexicon, load_gbk_table

LITERAL_MARK = -8.0
LITERAL_LETTER = -4.0
"""What it costs to take a mark, or one letter between Chinese characters, for itself, beside its words."""

MARKS = frozenset("?？\ufffd□■")
UNKNOWN = -1
"""The carry when the byte that leads the next character is lost."""

SLIP = -5.0
SLIP_MARKED = -3.0
SLIP_BACK = -5.0
SLIP_BACK_MARKED = -1.0
PAIR_LOST = -8.0
PAIR_LOST_MARKED = -4.0
PAIR_SWALLOWED = -7.0
UNEXPECTED_MARK = -4.0
STRAY_BYTE = -16.0
STRAY_MARK = -8.0
WIDTH_FOLDED = -2.5
MIXED_SCRIPT = -3.5
MOST_LOST_IN_WORD = 2
MOST_EVENTS_IN_WORD = 1
EVENT = -2.9
"""A step that costs more than this says that bytes were lost there."""
BEAM = 8
BEAM_DEPTH = 12.0
NODE_DEPTH = 14.0
ARCS_PER_END = 24

Node = tuple[int, int | None]
"""Displayed characters consumed, and the byte carried over: ``None`` in step, ``UNKNOWN`` lost, negative a trail."""

Table = dict[str, list[str]]
"""Folded character → the original characters that the known byte allows."""


class Step(NamedTuple):
    """One true character: ``exact``, or one of a ``table``'s, where a byte of it is a guess."""

    target: Node
    cost: float
    exact: str = ""
    table: Table | None = None
    shifted: bool = True


class Arc(NamedTuple):
    """One word over the lattice; ``forms`` counts slipped characters of traditional and of simplified form."""

    target: Node
    word: str
    raw: str
    cost: float
    forms: tuple[int, int]
    lost: int
    events: int


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a stretch. ``score`` is its log probability; ``lost`` counts guessed characters."""

    text: str
    score: float
    lost: int = 0
    previous: str = ""
    forms: tuple[int, int] = (0, 0)


Beam = dict[str, Reading]


class Lattice:
    """The readings of one stretch of displayed text. ``hot`` holds the places where a byte may have been lost."""

    def __init__(self, text: str, lexicon: Lexicon, *, hot: Collection[int]) -> None:
        """Prepare ``text``; with an empty ``hot`` there is one reading, the text as it stands."""
        self._text = text
        self._lexicon = lexicon
        self._hot = hot
        self._steps: dict[Node, list[Step]] = {}
        self._possible: dict[Node, set[str]] = {}

    def readings(self) -> list[Reading]:
        """Return the best readings of the whole text, best first; the text as it stands is not always among them."""
        beams: dict[Node, Beam] = {(0, None): {"": Reading("", 0.0)}}
        end = len(self._text)
        for place in range(end + 1):
            best = max((r.score for node, beam in beams.items() if node[0] == place for r in beam.values()), default=0)
            # Carried bytes first: they may open an in-step node at the same place, and that one a lost lead.
            for order in (0, 1, 2):
                for node in [node for node in beams if node[0] == place and _order(node) == order]:
                    readings = _best(beams[node], best - NODE_DEPTH)
                    if readings and node != (end, None):
                        self._skip_stray(node, readings, beams)
                        self._advance(node, readings, beams)
        return sorted(beams.get((end, None), {}).values(), key=lambda reading: -reading.score)

    def wedged_cost(self) -> float:
        """Return what reading the text as it stands costs for its marks and wedged letters, beside its words."""
        return sum(map(self._literal_cost, self._hot))

    def _advance(self, node: Node, readings: list[Reading], beams: dict[Node, Beam]) -> None:
        after = self._lexicon.after
        for arc in self._arcs(node):
            ahead = beams.setdefault(arc.target, {})
            for reading in readings:
                score = reading.score + arc.cost + after(reading.previous, arc.word)
                forms = reading.forms
                if arc.forms != (0, 0):
                    forms = (forms[0] + arc.forms[0], forms[1] + arc.forms[1])
                    score += MIXED_SCRIPT * (min(forms) - min(reading.forms))
                text = reading.text + arc.raw
                known = ahead.get(text)
                if known is None or known.score < score:
                    ahead[text] = Reading(text, score, reading.lost + arc.lost, arc.word, forms)

    def _skip_stray(self, node: Node, readings: list[Reading], beams: dict[Node, Beam]) -> None:
        """Let a carried byte, or a mark, stand for nothing."""
        place, carry = node
        if carry is not None and carry > UNKNOWN:
            target, cost = (place, None), STRAY_BYTE
        elif carry is None and place in self._hot and self._text[place] in MARKS:
            target, cost = (place + 1, None), STRAY_MARK
        else:
            return
        ahead = beams.setdefault(target, {})
        for reading in readings:
            known = ahead.get(reading.text)
            if known is None or known.score < reading.score + cost:
                ahead[reading.text] = replace(reading, score=reading.score + cost)

    def _arcs(self, node: Node) -> list[Arc]:
        arcs: list[Arc] = []
        self._spell(Arc(node, "", "", 0.0, (0, 0), 0, 0), arcs)
        by_end: dict[Node, list[Arc]] = {}
        for arc in arcs:
            by_end.setdefault(arc.target, []).append(arc)
        alone = self._lexicon.alone
        for ending in by_end.values():
            if len(ending) > ARCS_PER_END:
                ending.sort(key=lambda arc: -(arc.cost + alone(arc.word)))
                del ending[ARCS_PER_END:]
        return [arc for ending in by_end.values() for arc in ending]

    def _spell(self, begun: Arc, arcs: list[Arc]) -> None:
        """Add every word that continues ``begun`` to ``arcs``."""
        lexicon = self._lexicon
        for step in self._steps_from(begun.target):
            events = begun.events + (step.cost < EVENT)
            lost = begun.lost + (step.table is not None)
            if events > MOST_EVENTS_IN_WORD or lost > MOST_LOST_IN_WORD:
                continue
            cost = begun.cost + step.cost
            for simple, raw in self._candidates(step, begun.word):
                word = begun.word + simple
                forms = begun.forms
                if step.shifted:
                    traditional, simplified = _form_of(raw, simple)
                    forms = (forms[0] + traditional, forms[1] + simplified)
                arc = Arc(step.target, word, begun.raw + raw, cost, forms, lost, events)
                if len(word) == 1 or lexicon.knows(word):
                    arcs.append(arc)
                if len(word) < LONGEST_WORD and self._goes_on(word, step.target):
                    self._spell(arc, arcs)

    def _goes_on(self, begun: str, node: Node) -> bool:
        if len(begun) > 1:
            return self._lexicon.begins(begun)
        possible = self._possible.get(node)
        if possible is None:
            steps = self._steps_from(node)
            fold = load_gbk_table().fold
            exact = {fold.get(step.exact, step.exact) for step in steps if step.table is None}
            possible = self._possible[node] = exact.union(*(step.table for step in steps if step.table is not None))
        return not self._lexicon.following(begun).isdisjoint(possible)

    def _candidates(self, step: Step, word: str) -> Iterator[tuple[str, str]]:
        lexicon = self._lexicon
        if step.table is None:
            simple = load_gbk_table().fold.get(step.exact, step.exact)
            if not word or lexicon.knows(word + simple) or lexicon.begins(word + simple):
                yield simple, step.exact
            return
        if not word:
            choice: Collection[str] = step.table
        elif len(word) == 1:
            choice = lexicon.following(word) & step.table.keys()
        else:
            choice = [one for one in step.table if lexicon.knows(word + one) or lexicon.begins(word + one)]
        for simple in choice:
            for raw in step.table[simple]:
                yield simple, raw

    def _steps_from(self, node: Node) -> list[Step]:
        steps = self._steps.get(node)
        if steps is None:
            place, carry = node
            steps = list(self._in_step(place) if carry is None else self._out_of_step(place, carry))
            self._steps[node] = steps
        return steps

    def _in_step(self, place: int) -> Iterator[Step]:
        text = self._text
        if place >= len(text):
            return
        cost = self._literal_cost(place) if place in self._hot else 0.0
        yield Step((place + 1, None), cost, text[place], shifted=False)
        if place not in self._hot:
            return
        if text[place] in MARKS:
            yield from self._led_by(UNKNOWN, place + 1, SLIP_MARKED)
            # The mark is a trail byte whose lead was lost, with or without a mark of its own.
            yield Step((place + 1, None), SLIP, table=_unreadable_before(self._byte(place + 1)))
            if text[place + 1 : place + 2] in MARKS:
                yield Step((place + 2, None), SLIP_MARKED, table=_unreadable_before(self._byte(place + 2)))
        yield from self._led_by(UNKNOWN, place, SLIP)
        for data, cost in _shown(text[place]):
            if len(data) == 2:
                yield Step((place + 1, data[1]), SLIP + cost, table=_led(data[0]))
                # Its end and the start of the next are lost, and this shows in between: 服務 as 氛.
                yield Step((place + 1, -data[1]), PAIR_SWALLOWED + cost, table=_led(data[0]))
                # The first byte is a stray one.
                yield from self._led_by(data[1], place + 1, STRAY_BYTE + cost)

    def _out_of_step(self, place: int, carry: int) -> Iterator[Step]:
        if carry < UNKNOWN:
            yield Step((place, None), 0.0, table=load_gbk_table().by_trail.get(-carry, {}))
            return
        yield from self._led_by(carry, place, 0.0)
        if carry == UNKNOWN:
            return
        if carry < 0x80:
            yield Step((place, None), 0.0, chr(carry), shifted=False)
            return
        any_trail = _led(carry)
        yield Step((place, None), SLIP_BACK, table=any_trail)
        yield Step((place, UNKNOWN), PAIR_LOST, table=any_trail)
        if self._text[place : place + 1] in MARKS:
            unreadable = _led_with_unreadable(carry, self._byte(place + 1))
            yield Step((place + 1, None), SLIP_BACK_MARKED, table=unreadable)
            yield Step((place + 1, None), SLIP_BACK_MARKED + UNEXPECTED_MARK, table=any_trail)
            yield Step((place + 1, UNKNOWN), PAIR_LOST_MARKED, table=any_trail)

    def _led_by(self, lead: int, place: int, cost: float) -> Iterator[Step]:
        """Yield the characters led by ``lead`` whose trail is the first byte shown at ``place``."""
        for data, extra in _shown(self._text[place : place + 1]):
            target = (place + 1, data[1] if len(data) == 2 else None)
            if lead == UNKNOWN:
                yield Step(target, cost + extra, table=load_gbk_table().by_trail.get(data[0], {}))
            elif character := _character(lead, data[0]):
                yield Step(target, cost + extra, character)

    def _literal_cost(self, place: int) -> float:
        text = self._text
        if text[place] in MARKS:
            return LITERAL_MARK
        around = text[max(0, place - 1) : place] + text[place + 1 : place + 2]
        wedged = text[place].isascii() and text[place].isalpha() and not any(one.isascii() for one in around)
        return LITERAL_LETTER if wedged else 0.0

    def _byte(self, place: int) -> int:
        """Return the first byte shown at ``place``; a space at the end and for what is not GBK."""
        return next((data[0] for data, _ in _shown(self._text[place : place + 1])), 0x20)


def _best(beam: Beam, floor: float) -> list[Reading]:
    readings = sorted(beam.values(), key=lambda reading: -reading.score)[:BEAM]
    floor = max(floor, readings[0].score - BEAM_DEPTH) if readings else floor
    return [reading for reading in readings if reading.score >= floor]


def _order(node: Node) -> int:
    if node[1] is None:
        return 1
    return 2 if node[1] == UNKNOWN else 0


@lru_cache(maxsize=8192)
def _shown(character: str) -> tuple[tuple[bytes, float], ...]:
    """Return the bytes that may be shown as ``character``, each with its cost."""
    try:
        data = character.encode("gb18030")
    except UnicodeEncodeError:
        data = b""
    shown = ((data, 0.0),) if 1 <= len(data) <= 2 else ()
    if "!" <= character <= "~":
        # A full-width sign that was folded to half width after the slip.
        wide = bytes((0xA3, ord(character) + 0x80))
        shown = (*shown, (wide, 0.0 if character == "?" else WIDTH_FOLDED))
    return shown


@lru_cache(maxsize=65536)
def _character(lead: int, trail: int) -> str:
    if trail < 0x40:
        return ""
    try:
        return bytes((lead, trail)).decode("gbk")
    except UnicodeDecodeError:
        return ""


def _led(lead: int) -> Table:
    return load_gbk_table().by_lead.get(lead, {})


@lru_cache(maxsize=256)
def _unreadable(following: int) -> frozenset[int]:
    """Return the bytes that cannot lead a GBK character whose trail is ``following``: those that show as a mark."""
    return frozenset(byte for byte in range(0x80, 0xFF) if not _character(byte, following))


@lru_cache(maxsize=256)
def _unreadable_before(following: int) -> Table:
    return load_gbk_table().any_of(_unreadable(following))


@lru_cache(maxsize=4096)
def _led_with_unreadable(lead: int, following: int) -> Table:
    trails = _unreadable(following)
    found = {
        simple: [raw for raw in characters if raw.encode("gbk")[1] in trails]
        for simple, characters in _led(lead).items()
    }
    return {simple: characters for simple, characters in found.items() if characters}


def _form_of(raw: str, simple: str) -> tuple[int, int]:
    """Return (1, 0) for a traditional form, (0, 1) for a simplified one that has a traditional form, else (0, 0)."""
    if raw != simple:
        return 1, 0
    return (0, 1) if simple in load_gbk_table().simplified else (0, 0)
