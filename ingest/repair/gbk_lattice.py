"""Read a stretch of text whose GBK bytes may have slipped: every reading that the bytes allow, best first.

A displayed character stands for one or two bytes. In step (no carry) each character reads as itself; out of step one
byte is carried over and each true character takes its second byte from the next displayed one. A byte may be lost
silently, or stand behind a mark (``?``, U+FFFD). Words are laid over the readings as in a word lattice, and the
best strings are kept at each node (beam search). Costs are natural logarithms, fitted on damaged text of the sample
corpus; see tests/damage.py.

Knows nothing of where in a document to look, nor what to do with the result.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ingest.repair.lexicon import LONGEST_WORD, GbkTable, Lexicon, is_han, load_gbk_table

MARKS = "?？\ufffd□■"
UNKNOWN = -1
"""The carry when the byte that leads the next character is lost."""

SLIP = -9.0
SLIP_BACK = -7.0
SLIP_BACK_MARKED = -1.0
SLIP_MARKED = -3.0
PAIR_LOST = -8.0
PAIR_LOST_MARKED = -4.0
STRAY_BYTE = -9.0
WIDTH_FOLDED = -2.5
MIXED_SCRIPT = -3.5
MOST_LOST_IN_WORD = 2
BEAM = 16
BEAM_DEPTH = 16.0
ARCS_PER_END = 60

Node = tuple[int, int | None]
"""Displayed characters consumed, and the byte carried over (``None`` in step, ``UNKNOWN`` lost)."""


@dataclass(frozen=True, slots=True)
class Step:
    """One true character: ``exact``, or one of a table's. ``lost`` says a byte of it is a guess."""

    target: Node
    cost: float
    exact: str = ""
    table: dict[str, list[str]] | None = None
    shifted: bool = False


@dataclass(frozen=True, slots=True)
class Arc:
    """One word over the lattice."""

    target: Node
    word: str
    raw: str
    cost: float
    traditional: int
    simplified: int
    lost: int


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a stretch. ``score`` is its log probability; ``lost`` counts guessed characters."""

    text: str
    score: float
    lost: int = 0
    previous: str = ""
    traditional: int = 0
    simplified: int = 0


@lru_cache(maxsize=8192)
def _bytes_of(character: str) -> bytes:
    try:
        data = character.encode("gb18030")
    except UnicodeEncodeError:
        return b""
    return data if len(data) <= 2 else b""


@lru_cache(maxsize=65536)
def _character(lead: int, trail: int) -> str:
    try:
        return bytes((lead, trail)).decode("gbk")
    except UnicodeDecodeError:
        return ""


class Lattice:
    """The readings of one stretch of displayed text."""

    def __init__(self, text: str, lexicon: Lexicon, *, table: GbkTable | None = None, mostly_traditional: float = 0.5):
        """Prepare ``text``; ``mostly_traditional`` is how likely a slipped character is a traditional one."""
        self._text = text
        self._lexicon = lexicon
        self._table = table or load_gbk_table()
        self._steps: dict[Node, list[Step]] = {}
        self._share = mostly_traditional

    def readings(self) -> list[Reading]:
        """Return the best readings of the whole text, best first."""
        beams: dict[Node, dict[str, Reading]] = {(0, None): {"": Reading("", 0.0)}}
        end = len(self._text)
        for place in range(end + 1):
            carries = [node for node in beams if node[0] == place]
            for node in sorted(carries, key=_order) or []:
                if node == (end, None):
                    continue
                self._advance(node, beams)
            # A carried byte may add in-step nodes at the same place.
            late = [node for node in beams if node[0] == place and node not in carries]
            for node in sorted(late, key=_order):
                if node != (end, None):
                    self._advance(node, beams)
        return sorted(beams.get((end, None), {}).values(), key=lambda reading: -reading.score)

    def as_it_stands(self) -> float:
        """Return the score of reading every character as displayed."""
        plain = Lattice(self._text, self._lexicon, table=self._table)
        plain._steps = {(i, None): [self._own(i)] for i in range(len(self._text))}
        best = plain.readings()
        return best[0].score if best else float("-inf")

    def _advance(self, node: Node, beams: dict[Node, dict[str, Reading]]) -> None:
        readings = sorted(beams[node].values(), key=lambda reading: -reading.score)
        top = readings[0].score
        readings = [reading for reading in readings[:BEAM] if reading.score > top - BEAM_DEPTH]
        after = self._lexicon.after
        for arc, alone in self._arcs(node):
            ahead = beams.setdefault(arc.target, {})
            for reading in readings:
                traditional = reading.traditional + arc.traditional
                simplified = reading.simplified + arc.simplified
                mixed = min(traditional, simplified) - min(reading.traditional, reading.simplified)
                score = reading.score + arc.cost + after(reading.previous, arc.word, alone) + mixed * MIXED_SCRIPT
                text = reading.text + arc.raw
                known = ahead.get(text)
                if known is None or known.score < score:
                    ahead[text] = Reading(text, score, reading.lost + arc.lost, arc.word, traditional, simplified)

    def _arcs(self, node: Node) -> list[tuple[Arc, float]]:
        by_end: dict[Node, list[tuple[Arc, float]]] = {}
        lexicon = self._lexicon
        for arc in self._words(node, "", "", 0.0, 0, 0, 0):
            by_end.setdefault(arc.target, []).append((arc, lexicon.word(arc.word)))
        kept: list[tuple[Arc, float]] = []
        for arcs in by_end.values():
            if len(arcs) > ARCS_PER_END:
                arcs.sort(key=lambda pair: -(pair[0].cost + pair[1]))
                del arcs[ARCS_PER_END:]
            kept.extend(arcs)
        return kept

    def _words(
        self, node: Node, word: str, raw: str, cost: float, traditional: int, simplified: int, lost: int
    ) -> Iterator[Arc]:
        lexicon = self._lexicon
        for step in self._steps_from(node):
            guesses = 1 if step.table is not None else 0
            if lost + guesses > MOST_LOST_IN_WORD:
                continue
            for simple, character in self._candidates(step, word):
                longer = word + simple
                t, s = (0, 0)
                if step.shifted:
                    t, s = _script_of(character, simple)
                arc = Arc(step.target, longer, raw + character, cost + step.cost, traditional + t, simplified + s,
                          lost + guesses)  # fmt: skip
                if len(longer) == 1 or lexicon.knows(longer):
                    yield arc
                if len(longer) < LONGEST_WORD and is_han(simple) and (len(longer) == 1 or lexicon.begins(longer)):
                    yield from self._words(arc.target, longer, arc.raw, arc.cost, arc.traditional, arc.simplified,
                                           arc.lost)  # fmt: skip

    def _candidates(self, step: Step, word: str) -> Iterator[tuple[str, str]]:
        lexicon = self._lexicon
        if step.table is None:
            simple = self._table.fold.get(step.exact, step.exact)
            if not word or lexicon.begins(word + simple) or lexicon.knows(word + simple):
                yield simple, step.exact
            return
        if len(word) == 1:
            for simple in set(lexicon.following(word)) & step.table.keys():
                for character in step.table[simple]:
                    yield simple, character
            return
        for simple, characters in step.table.items():
            if not word or lexicon.begins(word + simple) or lexicon.knows(word + simple):
                for character in characters:
                    yield simple, character

    def _own(self, place: int) -> Step:
        return Step((place + 1, None), 0.0, self._text[place])

    def _steps_from(self, node: Node) -> list[Step]:
        steps = self._steps.get(node)
        if steps is None:
            place, carry = node
            steps = list(self._in_step(place) if carry is None else self._out_of_step(place, carry))
            self._steps[node] = steps
        return steps

    def _shown(self, place: int) -> list[tuple[bytes, float]]:
        character = self._text[place]
        data = _bytes_of(character)
        shown = [(data, 0.0)] if data else []
        if "!" <= character <= "~":
            shown.append((bytes((0xA3, ord(character) + 0x80)), WIDTH_FOLDED if character != "?" else 0.0))
        return shown

    def _in_step(self, place: int) -> Iterator[Step]:
        if place >= len(self._text):
            return
        yield self._own(place)
        table = self._table
        if self._text[place] in MARKS:
            yield from self._with_lead(place + 1, UNKNOWN, SLIP_MARKED)
        if not _bytes_of(self._text[place]):
            return
        yield from self._with_lead(place, UNKNOWN, SLIP)
        for data, cost in self._shown(place):
            if len(data) == 2:
                trailless = table.by_lead.get(data[0])
                if trailless:
                    yield Step((place + 1, data[1]), SLIP + cost, table=trailless, shifted=True)
                # A stray byte before the run: dropped, the second byte leads.
                yield from self._with_lead(place + 1, data[1], STRAY_BYTE + cost)

    def _out_of_step(self, place: int, carry: int) -> Iterator[Step]:
        table = self._table
        yield from self._with_lead(place, carry, 0.0)
        if carry == UNKNOWN:
            return
        if carry < 0x80:
            yield Step((place, None), 0.0, chr(carry))
            return
        trailless = table.by_lead.get(carry)
        if not trailless:
            return
        yield Step((place, None), SLIP_BACK, table=trailless, shifted=True)
        yield Step((place, UNKNOWN), PAIR_LOST, table=trailless, shifted=True)
        if place < len(self._text) and self._text[place] in MARKS:
            yield Step((place + 1, None), SLIP_BACK_MARKED, table=trailless, shifted=True)
            yield Step((place + 1, UNKNOWN), PAIR_LOST_MARKED, table=trailless, shifted=True)

    def _with_lead(self, place: int, lead: int, cost: float) -> Iterator[Step]:
        """Yield the characters led by ``lead`` whose trail is the first byte shown at ``place``."""
        if place >= len(self._text):
            return
        for data, extra in self._shown(place):
            carry = data[1] if len(data) == 2 else None
            if data[0] < 0x40:
                continue
            if lead == UNKNOWN:
                leadless = self._table.by_trail.get(data[0])
                if leadless:
                    yield Step((place + 1, carry), cost + extra, table=leadless, shifted=True)
            else:
                exact = _character(lead, data[0])
                if exact:
                    yield Step((place + 1, carry), cost + extra, exact, shifted=True)


def _order(node: Node) -> int:
    if node[1] is None:
        return 1
    return 2 if node[1] == UNKNOWN else 0


@lru_cache(maxsize=8192)
def _script_of(character: str, simple: str) -> tuple[int, int]:
    """Return (1, 0) for a traditional form, (0, 1) for a simplified one that has a traditional form, else (0, 0)."""
    if character != simple:
        return 1, 0
    return (0, 1) if _has_traditional(simple) else (0, 0)


@lru_cache(maxsize=8192)
def _has_traditional(simple: str) -> bool:
    return simple in _simplified_only()


@lru_cache(maxsize=1)
def _simplified_only() -> frozenset[str]:
    from opencc import OpenCC

    fold = load_gbk_table().fold
    same = [character for character, simple in fold.items() if character == simple and is_han(character)]
    turned = OpenCC("s2t").convert("\n".join(same)).split("\n")
    return frozenset(before for before, after in zip(same, turned, strict=True) if before != after)
