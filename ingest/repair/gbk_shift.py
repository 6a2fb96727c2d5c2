"""Find and restore runs of GBK text that were read one byte off: ``確??冃Р粩嗵嵘?`` → ``確保績效不斷提升``.

Knows where such runs may be (rare characters, foreign letters, marks in the middle of Chinese words) and when a reading
is so much likelier than what stands there that it is taken. The reading itself is made by ``gbk_lattice``.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.repair import gbk_single
from ingest.repair.characters import fold, is_common, is_han
from ingest.repair.gbk_lattice import MARKS, PAIR_SWALLOWED, Lattice, Reading
from ingest.repair.lexicon import Lexicon, is_ordinary

LOW_CONFIDENCE = 0.8
"""Below this confidence a restored run has to be checked by a person."""

STRONG, WEAK = 2, 1
"""Weights of signs; one strong one, or two weak ones within ``REACH`` of each other, make a stretch worth reading."""

REACH = 4
MARGIN = 3
MARGIN_BEFORE = 6
"""How many characters around a sign a byte may have been lost."""

CONTEXT = 10
LEAST_GAIN = 4.0
LEAST_GAIN_AGAIN = 2.0
"""How much likelier (natural log) a reading must be; less where the document is known to be damaged."""

UNMARKED = 2.0
"""What more it takes where no mark says that a byte could not be read."""

MOST_WINDOWS = 200
MOST_KANA = 3
"""Kana around a sign from which the text is Japanese."""

SELDOM = 2
LEAST_SINGLE_GAIN = 4.0
LEAST_GAIN_NEAR = -2.0
NEAR = 40
DOUBT_REACH = 24
DOUBTFUL_ALONE = -11.0
DOUBT = 0.6
LONGEST_WINDOW = 160
TEMPERATURE = 2.0

_FOREIGN = re.compile("[\u0370-\u052f\u2500-\u25ff\u3040-\u312f\ue000-\uf8ff\uff61-\uffdc]")
_KANA = re.compile("[\u3041-\u30ff]")
_CLOSING = "”’\"'）》」』】!"
_QUESTION = re.compile("[吗嗎呢么麼哪谁誰何几幾否啊吧怎]|多少|不[^，。；]$")
_ODD_ASCII = re.compile("[A-Za-z@\\[\\\\\\]^_`{|}~]")


@dataclass(frozen=True, slots=True)
class Slip:
    """One restored run: ``text[start:end]`` of line ``line`` becomes ``restored``. ``lost`` characters are guesses."""

    line: int
    start: int
    end: int
    restored: str
    confidence: float
    lost: int


def find(lines: Sequence[str]) -> list[Slip]:
    """Return the runs to restore, in order. Clean text costs one look at each character."""
    windows = [(at, window) for at, line in enumerate(lines) for window in _windows(line, WEAK)]
    lexicon = _learn(lines, windows)
    likely = [(at, window) for at, window in windows if _may_have_slipped(lines[at], window, lexicon)]
    slips = _restore(lines, likely[:MOST_WINDOWS], lexicon, LEAST_GAIN)
    for at, line in enumerate(lines):
        _add_single(slips, at, line, 0, len(line), lexicon, LEAST_SINGLE_GAIN)
    if slips:
        again = [(at, window) for at, line in enumerate(lines) for window in _windows(line, WEAK)]
        slips += _restore(lines, (likely + again)[:MOST_WINDOWS], lexicon, LEAST_GAIN_AGAIN, known=slips)
        for slip in list(slips):
            first, last = max(0, slip.start - NEAR), slip.end + NEAR
            _add_single(slips, slip.line, lines[slip.line], first, last, lexicon, LEAST_GAIN_NEAR)
    slips.sort(key=lambda slip: (slip.line, slip.start))
    return [
        _doubted(slip, lines[slip.line], [one for one in slips if one.line == slip.line], lexicon) for slip in slips
    ]


def _doubted(slip: Slip, line: str, together: Sequence[Slip], lexicon: Lexicon) -> Slip:
    """Lower the confidence where something beside the run still makes no words: damage that was not understood."""
    import rjieba

    restored, spans = apply(line, together)
    start, end = spans[together.index(slip)]
    first, last = max(0, start - DOUBT_REACH), min(len(restored), end + DOUBT_REACH)
    stretch = restored[first:last]
    left_over = bool(_signs(stretch))
    for word, begin, stop in rjieba.tokenize(fold(stretch), hmm=False):
        if (begin or not first) and (stop < last - first or last == len(restored)) and len(word) == 1:
            left_over = left_over or (is_han(word) and lexicon.alone(word) < DOUBTFUL_ALONE)
    return replace(slip, confidence=round(slip.confidence * DOUBT, 2)) if left_over else slip


def _add_single(slips: list[Slip], at: int, line: str, first: int, last: int, lexicon: Lexicon, least: float) -> None:
    for one in gbk_single.suspects(line, lexicon, first=first, last=last, least=least):
        if any(old.line == at and old.start - 1 <= one.end and one.start <= old.end + 1 for old in slips):
            continue
        scored = [(fold(text), gain) for text, gain in zip(one.readings, one.gains, strict=True)]
        confidence = _share([*scored, ("", 0.0 if least > 0 else PAIR_SWALLOWED)])
        slips.append(Slip(at, one.start, one.end, one.readings[0], confidence, 2))


def apply(line: str, slips: Sequence[Slip]) -> tuple[str, list[tuple[int, int]]]:
    """Return the line with its ``slips`` restored, and where each stands then."""
    spans: list[tuple[int, int]] = []
    parts: list[str] = []
    done = size = 0
    for slip in slips:
        parts += [line[done : slip.start], slip.restored]
        start = size + slip.start - done
        spans.append((start, start + len(slip.restored)))
        size = spans[-1][1]
        done = slip.end
    return "".join([*parts, line[done:]]), spans


def words_around(line: str, start: int, end: int) -> tuple[int, int]:
    """Return ``start`` and ``end`` moved out to whole words, and one more word behind."""
    import rjieba

    first, last = max(0, start - CONTEXT), min(len(line), end + CONTEXT)
    left, right, more = start, end, True
    for _, begin, stop in rjieba.tokenize(fold(line[first:last])):
        begin, stop = begin + first, stop + first
        if begin < start < stop:
            left = begin
        if begin < end < stop:
            right = stop
        elif begin == right and begin >= end and more and is_han(line[begin : begin + 1] or " "):
            right, more = stop, False
    return left, right


@dataclass(frozen=True, slots=True)
class _Window:
    start: int
    end: int
    hot: frozenset[int]
    cluster: tuple[int, ...]
    strength: int


def _signs(line: str) -> dict[int, int]:
    """Return the places of ``line`` that look slipped, with the strength of the sign."""
    signs: dict[int, int] = {}
    for place, character in enumerate(line):
        if character.isascii():
            if character == "?" or _ODD_ASCII.match(character):
                strength = _ascii_sign(line, place)
            else:
                continue
        elif is_han(character):
            strength = 0 if is_common(character) else STRONG
        elif character in MARKS or _FOREIGN.match(character):
            strength = _beside_han(line, place, 2) * STRONG if character != "？" else 0
        elif "Ａ" <= character <= "ｚ" or character in "＂＃＄＆＇＊＋－．／＜＝＞＠＿｀" or "①" <= character <= "ⓩ":
            strength = _beside_han(line, place) * WEAK
        else:
            continue
        if strength:
            signs[place] = strength
    return signs


def _beside_han(line: str, place: int, reach: int = 1) -> bool:
    return any(is_han(neighbour) for neighbour in line[max(0, place - reach) : place + reach + 1])


def _ascii_sign(line: str, place: int) -> int:
    if line[place] == "?":
        return _question_mark_sign(line, place)
    before, after = line[place - 1 : place] if place else "", line[place + 1 : place + 2]
    wedged = bool(before) and bool(after) and not before.isascii() and not after.isascii()
    return WEAK if wedged else 0


def _question_mark_sign(line: str, place: int) -> int:
    """Weigh a question mark that stands in the middle of a sentence; at its end it is one."""
    start, end = place, place + 1
    while start and line[start - 1] == "?":
        start -= 1
    while end < len(line) and line[end] == "?":
        end += 1
    after = line[end : end + 1]
    before = line[start - 1 : start] if start else ""
    if (
        not after
        or after.isspace()
        or after in _CLOSING
        or not (_beside_han(line, start, 2) or _beside_han(line, end, 2))
    ):
        return 0
    if before.isascii() and before.isalnum() and after.isascii():
        return 0  # a query of an address
    clause = re.split("[，。；：,;:]", line[max(0, start - 30) : start])[-1]
    return WEAK if _QUESTION.search(clause) else STRONG


def _windows(line: str, enough: int) -> Iterator[_Window]:
    signs = _signs(line)
    cluster: list[int] = []
    for place in [*sorted(signs), math.inf]:
        if cluster and place - cluster[-1] > REACH:
            strength = sum(signs[at] for at in cluster)
            if strength >= enough and not _is_japanese(line, cluster):
                yield _around(line, cluster, strength)
            cluster = []
        cluster.append(int(place) if place != math.inf else -1)


def _is_japanese(line: str, cluster: list[int]) -> bool:
    stretch = line[max(0, cluster[0] - REACH) : cluster[-1] + REACH]
    return len(_KANA.findall(stretch)) >= MOST_KANA


def _may_have_slipped(line: str, window: _Window, lexicon: Lexicon) -> bool:
    """Say, without reading all, whether the bytes around the signs could make words one byte off.

    Two everyday characters in a row that begin a word; one, beside a mark or a letter that ends a run; or a word of two
    characters whose outer bytes are those of one sign (服務 shown as 氛).
    """
    first, last = window.cluster[0], window.cluster[-1]
    hidden = [_shifted(line, place) for place in range(max(0, first - 2), min(len(line), last + 2))]
    if any(one and other and lexicon.continues(one, other) for one, other in pairwise(hidden)):
        return True
    beside = line[max(0, first - 1) : last + 2]
    if window.strength < STRONG:
        return False
    if any(hidden) and any(_ODD_ASCII.match(mark) for mark in beside):
        return True
    return any(mark in MARKS for mark in beside)


def _shifted(line: str, place: int) -> str:
    """Return the folded everyday character made of the bytes between ``place`` and the next, if they make one."""
    one, other = _two_bytes(line[place]), _two_bytes(line[place + 1 : place + 2])
    pair = one[1:] + (other[:1] or line[place + 1 : place + 2].encode("ascii", "ignore"))
    character = pair.decode("gbk", "ignore") if len(pair) == 2 else ""
    return fold(character) if len(character) == 1 and is_common(character) else ""


def _two_bytes(character: str) -> bytes:
    data = character.encode("gb18030", "ignore")
    return data if len(data) == 2 else b""


def _around(line: str, cluster: list[int], strength: int) -> _Window:
    first, last = cluster[0], cluster[-1]
    if last - first > LONGEST_WINDOW:
        last = first + LONGEST_WINDOW
    hot = frozenset(range(max(0, first - MARGIN_BEFORE), min(len(line), last + MARGIN + 1)))
    return _Window(max(0, first - CONTEXT), min(len(line), last + CONTEXT + 1), hot, tuple(cluster), strength)


def _learn(lines: Sequence[str], windows: Sequence[tuple[int, _Window]]) -> Lexicon:
    import rjieba

    clean = list(lines)
    for at, window in windows:
        line = clean[at]
        hot = sorted(window.hot)
        clean[at] = line[: hot[0]] + "\n" * len(hot) + line[hot[-1] + 1 :]
    words = rjieba.cut(fold("\n".join(clean)))
    # What slipped must not vouch for itself: rare characters and unknown words are not learnt from one or two places.
    seen = Counter(words)
    return Lexicon([word if seen[word] > SELDOM or is_ordinary(word) else "\n" for word in words])


def _restore(
    lines: Sequence[str],
    windows: Sequence[tuple[int, _Window]],
    lexicon: Lexicon,
    least: float,
    known: Sequence[Slip] = (),
) -> list[Slip]:
    slips: list[Slip] = []
    for at, window in windows:
        first, last = window.cluster[0], window.cluster[-1]
        if any(old.line == at and old.start - 1 <= last and first <= old.end for old in (*known, *slips)):
            continue
        slip = _read(lines[at], at, window, lexicon, least)
        if slip is not None and not any(
            old.line == at and old.end > slip.start and slip.end > old.start for old in (*known, *slips)
        ):
            slips.append(slip)
    return slips


def _read(line: str, at: int, window: _Window, lexicon: Lexicon, least: float) -> Slip | None:
    shown = line[window.start : window.end]
    hot = frozenset(place - window.start for place in window.hot)
    lattice = Lattice(shown, lexicon, hot=hot)
    readings = lattice.readings()
    plain = Lattice(shown, lexicon, hot=frozenset()).readings()
    if not readings or not plain or readings[0].text == shown:
        return None
    if readings[0].score - plain[0].score - lattice.wedged_cost() < least + UNMARKED * MARKS.isdisjoint(shown):
        return None
    best = readings[0]
    start = _common(shown, best.text)
    back = _common(shown[start:][::-1], best.text[start:][::-1])
    restored = best.text[start : len(best.text) - back]
    if not any(map(is_han, restored)):
        return None
    confidence = _confidence(readings)
    return Slip(at, window.start + start, window.end - back, restored, confidence, best.lost)


def _common(one: str, other: str) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _confidence(readings: Sequence[Reading]) -> float:
    return _share([(fold(reading.text), reading.score) for reading in readings])


def _share(scored: Sequence[tuple[str, float]]) -> float:
    """Return the share of the best text among all, at a fitted temperature; scored best first."""
    shares: dict[str, float] = {}
    for text, score in scored:
        shares[text] = max(shares.get(text, 0.0), math.exp((score - scored[0][1]) / TEMPERATURE))
    return round(min(0.99, 1.0 / sum(shares.values())), 2)
