"""Find and restore runs of GBK text that were read one byte off: ``確??冃Р粩嗵嵘?`` → ``確保績效不斷提升``.

Knows where such runs may be (rare characters, foreign letters, marks in the middle of Chinese words) and when a reading
is so much likelier than what stands there that it is taken. The reading itself is made by ``gbk_lattice``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.repair.characters import fold, is_common, is_han
from ingest.repair.gbk_lattice import MARKS, Lattice, Reading
from ingest.repair.lexicon import Lexicon

LOW_CONFIDENCE = 0.8
"""Below this confidence a restored run has to be checked by a person."""

UNFINISHED_CONFIDENCE = 0.5
STRONG, WEAK = 2, 1
ENOUGH = 3
"""Signs within ``REACH`` of each other that make a stretch worth reading."""

REACH = 4
MARGIN = 3
"""How many characters around a sign a byte may have been lost."""

CONTEXT = 10
LEAST_GAIN = 5.0
LEAST_GAIN_AGAIN = 3.0
"""How much likelier (natural log) a reading must be; less where the document is known to be damaged."""

MOST_WINDOWS = 400
LONGEST_WINDOW = 160
TEMPERATURE = 1.6

_FOREIGN = re.compile("[\u0370-\u052f\u2500-\u25ff\u3040-\u312f\ue000-\uf8ff\uff61-\uffdc]")
_QUESTION = re.compile("[吗嗎呢么麼哪谁誰何几幾否啊吧怎]|多少|不[^，。；]$")
_CLOSING = "，。；、：）"
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
    windows = [(at, window) for at, line in enumerate(lines) for window in _windows(line, ENOUGH)]
    if not windows:
        return []
    lexicon = _learn(lines, windows)
    slips = _restore(lines, windows[:MOST_WINDOWS], lexicon, LEAST_GAIN)
    if slips:
        done = {(slip.line, place) for slip in slips for place in range(slip.start - 1, slip.end + 1)}
        again = [
            (at, window)
            for at, line in enumerate(lines)
            for window in _windows(line, WEAK)
            if not any((at, place) in done for place in window.hot)
        ]
        slips += _restore(lines, again[:MOST_WINDOWS], lexicon, LEAST_GAIN_AGAIN)
    return sorted(slips, key=lambda slip: (slip.line, slip.start))


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
            strength = _beside_han(line, place) * STRONG if character != "？" else 0
        elif "Ａ" <= character <= "ｚ" or character in "＂＃＄％＆＇＊＋－．／＜＝＞＠＿｀～":
            strength = _beside_han(line, place) * WEAK
        else:
            continue
        if strength:
            signs[place] = strength
    return signs


def _beside_han(line: str, place: int) -> bool:
    return any(is_han(neighbour) for neighbour in line[max(0, place - 1) : place + 2])


def _ascii_sign(line: str, place: int) -> int:
    before, after = line[place - 1 : place] if place else "", line[place + 1 : place + 2]
    if line[place] == "?":
        return _question_sign(line, place, before, after)
    wedged = bool(before) and bool(after) and not before.isascii() and not after.isascii()
    between = wedged and is_han(before) and (is_han(after) or after in _CLOSING)
    if between and not line[place].isupper():
        return STRONG  # 時 without its lead byte is r; a capital stands alone in clean text as well (A级)
    return WEAK if wedged else 0


def _question_sign(line: str, place: int, before: str, after: str) -> int:
    if after == "?" or before == "?":
        beyond = line[place + 2 : place + 3] if after == "?" else after
        if beyond and is_han(beyond):
            return STRONG  # a lost byte and one that cannot be read, in the middle of words
        return WEAK if _beside_han(line, place) else 0
    if after and _ODD_ASCII.match(after):
        beyond = line[place + 2 : place + 3]
        return STRONG if beyond and (is_han(beyond) or beyond in _CLOSING) else 0
    if not after or not (is_han(after) or after in "，。；、,.;") or not before or not is_han(before):
        return 0
    clause = re.split("[，。；：,;:]", line[max(0, place - 30) : place])[-1]
    return WEAK if _QUESTION.search(clause) else STRONG


def _windows(line: str, enough: int) -> Iterator[_Window]:
    signs = _signs(line)
    cluster: list[int] = []
    for place in [*sorted(signs), math.inf]:
        if cluster and place - cluster[-1] > REACH:
            if sum(signs[at] for at in cluster) >= enough or _lone_sign_fits(line, cluster, signs):
                yield _around(line, cluster)
            cluster = []
        cluster.append(int(place) if place != math.inf else -1)


def _lone_sign_fits(line: str, cluster: list[int], signs: dict[int, int]) -> bool:
    """Say whether one strong sign alone is worth a look: its bytes, shifted, make everyday characters."""
    if len(cluster) > 1 or signs[cluster[0]] < STRONG:
        return False
    place = cluster[0]
    if line[place] in MARKS or line[place].isascii():
        return True
    shown = [_two_bytes(character) for character in line[max(0, place - 1) : place + 2]]
    if place == 0 or len(shown) < 3:
        return False
    pairs = [(a[1:] + b[:1]) for a, b in pairwise(shown) if a and b]
    return sum(_reads_common(pair) for pair in pairs) >= 1


def _two_bytes(character: str) -> bytes:
    try:
        data = character.encode("gb18030")
    except UnicodeEncodeError:
        return b""
    return data if len(data) == 2 else b""


def _reads_common(pair: bytes) -> bool:
    try:
        return is_common(pair.decode("gbk"))
    except UnicodeDecodeError:
        return False


def _around(line: str, cluster: list[int]) -> _Window:
    first, last = cluster[0], cluster[-1]
    if last - first > LONGEST_WINDOW:
        last = first + LONGEST_WINDOW
    hot = frozenset(range(max(0, first - MARGIN), min(len(line), last + MARGIN + 1)))
    return _Window(max(0, first - CONTEXT), min(len(line), last + CONTEXT + 1), hot)


def _learn(lines: Sequence[str], windows: Sequence[tuple[int, _Window]]) -> Lexicon:
    import rjieba

    clean = list(lines)
    for at, window in windows:
        line = clean[at]
        hot = sorted(window.hot)
        clean[at] = line[: hot[0]] + "\n" * len(hot) + line[hot[-1] + 1 :]
    return Lexicon(rjieba.cut(fold("\n".join(clean))))


def _restore(
    lines: Sequence[str], windows: Sequence[tuple[int, _Window]], lexicon: Lexicon, least: float
) -> list[Slip]:
    slips: list[Slip] = []
    for at, window in windows:
        slip = _read(lines[at], at, window, lexicon, least)
        if slip is not None and not any(old.line == at and old.end > slip.start for old in slips):
            slips.append(slip)
    return slips


def _read(line: str, at: int, window: _Window, lexicon: Lexicon, least: float) -> Slip | None:
    shown = line[window.start : window.end]
    hot = frozenset(place - window.start for place in window.hot)
    readings = Lattice(shown, lexicon, hot=hot).readings()
    plain = Lattice(shown, lexicon, hot=frozenset()).readings()
    if not readings or not plain or readings[0].text == shown:
        return None
    as_it_stands = max((one.score for one in readings if one.text == shown), default=plain[0].score)
    if readings[0].score - min(plain[0].score, as_it_stands) < least:
        return None
    best = readings[0]
    start = _common(shown, best.text)
    back = _common(shown[start:][::-1], best.text[start:][::-1])
    restored = best.text[start : len(best.text) - back]
    if not any(map(is_han, restored)):
        return None
    confidence = _confidence(readings)
    if _signs(best.text):  # something around it still looks slipped: this is not the whole repair
        confidence = min(confidence, UNFINISHED_CONFIDENCE)
    return Slip(at, window.start + start, window.end - back, restored, confidence, best.lost)


def _common(one: str, other: str) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _confidence(readings: Sequence[Reading]) -> float:
    """Return how sure the best reading is among all: its share, of distinct texts, at a fitted temperature."""
    best = readings[0].score
    shares: dict[str, float] = {}
    for reading in readings:
        text = fold(reading.text)
        shares[text] = max(shares.get(text, 0.0), math.exp((reading.score - best) / TEMPERATURE))
    return round(min(0.99, 1.0 / sum(shares.values())), 2)
