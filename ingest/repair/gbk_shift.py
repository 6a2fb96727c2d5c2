"""Find and restore runs of GBK text that were read one byte off: ``確??冃Р粩嗵嵘?`` → ``確保績效不斷提升``.

Knows where such runs may be (rare characters, foreign letters, marks in the middle of Chinese words) and when a reading
is so much likelier than what stands there that it is taken. The reading itself is made by ``gbk_lattice``.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate, pairwise

from ingest.repair.characters import common_prefix, fold, is_common, is_han
from ingest.repair.gbk_bytes import MARKS
from ingest.repair.gbk_lattice import Lattice, Reading
from ingest.repair.gbk_signs import STRONG, find_signs, is_odd_ascii
from ingest.repair.gbk_single import Suspect, odd_places, suspects
from ingest.repair.judged import DOUBTED, LEAST_ASKED, Judge, judged_readings, judged_suspects
from ingest.repair.lexicon import Lexicon, is_ordinary
from ingest.repair.script import counts

LOW_CONFIDENCE = 0.8
"""Below this confidence a restored run has to be checked by a person."""

REACH = 4
"""How far apart two signs of one run are."""

ODD_REACH, FEWEST_ODD = 2, 3
"""The same of unlikely characters that are no signs, and how many of them are a run without one."""

MARGIN = 3
MARGIN_BEFORE = 6
"""How many characters around a sign a byte may have been lost."""

CONTEXT = 10
LEAST_GAIN = 2.0
LEAST_GAIN_AGAIN = 1.0
"""How much likelier (natural log) a reading must be; less where the document is known to be damaged."""

UNMARKED = 2.0
"""What more it takes where no mark says that a byte could not be read."""

UNSIGNED = 2.0
"""And where its signs are weak, or it has odd places alone."""

MOST_WINDOWS = 200
MOST_LEARNT = 500_000
"""How many characters of a document its words are learnt from."""

MOST_KANA, KANA_SHARE = 3, 0.3
"""Kana around a sign from which the text is Japanese: so many in a row, or with this share of what stands there.

What is left of 工单, 工程 and 时间 shows as kana too (さブ, こ), a few among other characters.
"""

SELDOM = 2
LEAST_EVIDENCE = 3.4
"""What a single slip must be worth."""

WITH_OTHERS = 1.0
"""And more where other documents say which words there are: fluent readings are commoner then, rightly or not."""

LEAST_EVIDENCE_NEAR = -1.0
MOST_ALONE = 0.75
NEAR = 40
DOUBT_REACH = 24
DOUBTFUL_ALONE = -11.0
DOUBT = 0.6
LONGEST_WINDOW = 160
TEMPERATURE = 2.0

Elsewhere = Callable[[], str]
"""Gives the text of other documents of the same house, line by line."""

_KANA = re.compile("[\u3041-\u30ff]+")


@dataclass(frozen=True, slots=True)
class Slip:
    """One restored run: ``text[start:end]`` of line ``line`` becomes ``restored``. ``lost`` characters are guesses."""

    line: int
    start: int
    end: int
    restored: str
    confidence: float
    lost: int


def find(lines: Sequence[str], judge: Judge | None = None, elsewhere: Elsewhere | None = None) -> list[Slip]:
    """Return the runs to restore, in order. Clean text costs one look at each character.

    Of doubts ``judge`` is asked, and the words of ``elsewhere``, the other documents, are learnt as well.
    """
    text = "\n".join([*lines, ""])
    odd = odd_places(text)
    seen = _windows(text, odd.places)
    windows = [window for window in seen if window.strength or _may_have_slipped(text, window, _everyday())]
    if not windows and not odd.places:
        return []
    if windows and judge is not None:
        judge.open()
    least = LEAST_EVIDENCE
    lexicon = _learn(text, windows, elsewhere if windows else None)
    readings: dict[int, tuple[list[Reading], float]] = {}
    found: list[Slip] = []
    likely = [window for window in windows if _may_have_slipped(text, window, lexicon)]
    _restore(text, likely[:MOST_WINDOWS], lexicon, LEAST_GAIN, readings, found, judge)
    single = list(suspects(text, odd, lexicon))
    if elsewhere is not None and (windows or any(one.evidence >= LEAST_ASKED for one in single)):
        least += WITH_OTHERS
        if not windows:
            lexicon = _learn(text, windows, elsewhere)
            single = list(suspects(text, odd, lexicon))
    if judge is not None:
        single = judged_suspects(text, single, judge)
    _add_single(found, single, least)
    if found:
        # one rare character alone is weighed as a single slip below
        others = [window for window in windows if not window.alone]
        _restore(text, (likely + others)[:MOST_WINDOWS], lexicon, LEAST_GAIN_AGAIN, readings, found, judge)
        # letters stand between characters by right too often
        near = [one for one in single if is_han(text[one.end - 1]) and _is_near(one, found)]
        _add_single(found, near, LEAST_EVIDENCE_NEAR)
    found.sort(key=lambda one: one.start)
    return list(_placed(_doubted(text, found, lexicon), lines))


def _placed(found: Sequence[Slip], lines: Sequence[str]) -> Iterator[Slip]:
    """Yield the slips of the joined lines with their line and their place in it."""
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    for slip in found:
        at = bisect_right(starts, slip.start) - 1
        yield replace(slip, line=at, start=slip.start - starts[at], end=slip.end - starts[at])


def readings_at(lines: Sequence[str], at: int, start: int, end: int, judge: Judge | None = None) -> list[str]:
    """Return the readings of line ``at``, best first, for somebody who knows that its damage is in ``start`` to ``end``."""
    text = "\n".join([*lines, ""])
    base = sum(len(line) + 1 for line in lines[:at])
    line = lines[at]
    hot = frozenset(range(base + max(0, start - 1), base + min(len(line), end + 2)))
    first, last = max(0, start - CONTEXT), min(len(line), end + CONTEXT)
    window = _Window(base + first, base + last, hot, (base + start,), STRONG)
    ending = "\n" * (last == len(line))
    shown = line[first:last] + ending
    lattice = Lattice(shown, _learn(text, [window]), hot=frozenset(place - base - first for place in hot))
    readings = lattice.readings()
    damaged = [one for one in readings if any("stands" not in event for event in one.events)]
    if judge is not None and damaged:
        damaged, _ = judged_readings(text, window.start, window.start + len(shown), (damaged, -math.inf), judge)
    return [line[:first] + one.text.removesuffix(ending) + line[last:] for one in damaged]


def _doubted(text: str, found: Sequence[Slip], lexicon: Lexicon) -> list[Slip]:
    """Lower the confidence where something beside a run still makes no words: damage that was not understood."""
    import rjieba

    restored, spans = apply(text, found)
    slips = []
    for slip, (start, end) in zip(found, spans, strict=True):
        before, _, left = restored[max(0, start - DOUBT_REACH) : start].rpartition("\n")
        right, after, _ = restored[end : end + DOUBT_REACH].partition("\n")
        stretch = left + restored[start:end] + right
        left_over = bool(find_signs(stretch))
        for word, begin, stop in rjieba.tokenize(fold(stretch), hmm=False):
            whole = (begin or before or start <= DOUBT_REACH) and (stop < len(stretch) or after)
            if whole and len(word) == 1 and is_han(word):
                left_over = left_over or lexicon.alone(word) < DOUBTFUL_ALONE
        slips.append(replace(slip, confidence=round(slip.confidence * DOUBT, 2)) if left_over else slip)
    return slips


def _is_near(one: Suspect, found: Sequence[Slip]) -> bool:
    return any(old.start - NEAR <= one.start < old.end + NEAR for old in found)


def _add_single(found: list[Slip], single: Sequence[Suspect], least: float) -> None:
    alone = not found
    taken = {place for old in found for place in range(old.start - 1, old.end + 2)}
    for one in sorted(single, key=lambda one: -one.gains[0]):
        if one.evidence < least or not taken.isdisjoint(range(one.start, one.end + 1)):
            continue
        scored = [(fold(raw), gain) for raw, gain in zip(one.readings, one.gains, strict=True)]
        confidence = _share([*scored, ("", one.gains[0] - max(one.evidence, 0.0) - 1.0)])
        # nothing else in the document is damaged: a person has to look
        confidence = min(confidence, MOST_ALONE) if alone else confidence
        found.append(Slip(0, one.start, one.end, one.readings[0], confidence, 2))
        taken.update(range(one.start - 1, one.end + 2))


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
    """Where to look for a slip. ``alone``: its one sign is a rare character; ``unsigned``: its signs are weak, or none."""

    start: int
    end: int
    hot: frozenset[int]
    cluster: tuple[int, ...]
    strength: int
    alone: bool = False
    unsigned: bool = False


def _windows(text: str, odd: Sequence[int]) -> Iterator[_Window]:
    """Yield a window for each cluster of signs with the odd places beside them, and of ``FEWEST_ODD`` odd places."""
    signs = find_signs(text)
    strange = frozenset(odd)
    for cluster in _clusters(text, list(signs), strange):
        held = {place: signs[place] for place in cluster if place in signs}
        if (held or len(cluster) >= FEWEST_ODD) and not _is_japanese(text, cluster):
            yield _around(text, cluster, held, strange)


def _clusters(text: str, signs: Sequence[int], odd: frozenset[int]) -> Iterator[list[int]]:
    """Yield the places of a line that are near each other: signs up to ``REACH`` apart, all others ``ODD_REACH``."""
    cluster: list[int] = []
    for place in sorted(odd.union(signs)):
        if cluster:
            following = bisect_left(signs, place)
            bridged = 0 < following < len(signs) and signs[following] - signs[following - 1] <= REACH
            if (place - cluster[-1] > ODD_REACH and not bridged) or "\n" in text[cluster[-1] : place]:
                yield cluster
                cluster = []
        cluster.append(place)
    if cluster:
        yield cluster


def _is_japanese(text: str, cluster: list[int]) -> bool:
    stretch = text[max(0, cluster[0] - REACH) : cluster[-1] + REACH]
    runs = [len(run) for run in _KANA.findall(stretch)]
    return max(runs, default=0) >= MOST_KANA or sum(runs) >= max(MOST_KANA, KANA_SHARE * len(stretch))


def _may_have_slipped(text: str, window: _Window, lexicon: Lexicon) -> bool:
    """Say, without reading all, whether the bytes around the signs could make words one byte off.

    Two everyday characters in a row that begin a word; one, beside a mark or a letter that ends a run; or a word of two
    characters whose outer bytes are those of one sign (服務 shown as 氛).
    """
    first, last = window.cluster[0], window.cluster[-1]
    hidden = [_shifted(text, place) for place in range(max(0, first - 2), min(len(text), last + 2))]
    if any(one and other and lexicon.continues(one, other) for one, other in pairwise(hidden)):
        return True
    beside = text[max(0, first - 1) : last + 2]
    if window.strength < STRONG:
        return False
    if any(hidden) and any(is_odd_ascii(mark) for mark in beside):
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


def _around(text: str, cluster: list[int], signs: dict[int, int], odd: frozenset[int]) -> _Window:
    first, last = cluster[0], min(cluster[-1], cluster[0] + LONGEST_WINDOW)
    line_start = text.rfind("\n", 0, first) + 1
    line_end = text.find("\n", last)
    line_end = len(text) if line_end < 0 else line_end
    hot = frozenset(range(max(line_start, first - MARGIN_BEFORE), min(line_end, last + MARGIN + 1)))
    # the line ends belong to it: before them a comma is unlikely
    start, end = max(line_start - 1, first - CONTEXT, 0), min(line_end + 1, last + CONTEXT + 1)
    strength = sum(signs.values())
    # a weak mark beside an odd character, a letter among several: strong together
    joined = any(text[at] in MARKS and not odd.isdisjoint((at - 1, at + 1)) for at in signs)
    joined = joined or (bool(signs) and len(cluster) >= FEWEST_ODD)
    alone = len(signs) == 1 and is_han(text[next(iter(signs))])
    return _Window(start, end, hot, tuple(cluster), strength + joined, alone=alone, unsigned=strength < STRONG)


@cache
def _everyday() -> Lexicon:
    """Return the words of every text, read when a window asks for them: clean text has none that does."""
    return Lexicon([])


def _learn(text: str, windows: Sequence[_Window], elsewhere: Elsewhere | None = None) -> Lexicon:
    import rjieba

    parts: list[str] = []
    done = 0
    for window in windows:
        first, last = min(window.hot), max(window.hot) + 1
        parts += [text[done:first], "\n"]
        done = max(done, last)
    clean = "".join([*parts, text[done:]])[:MOST_LEARNT]
    folded = fold(clean)
    if elsewhere is not None:
        folded += "\n" + fold(elsewhere()[: MOST_LEARNT - len(clean)])
    words = rjieba.cut(folded)
    # What slipped must not vouch for itself: rare characters and unknown words are not learnt from one or two places.
    seen = Counter(words)
    learnt = [word if seen[word] > SELDOM or is_ordinary(word) else "\n" for word in words]
    return Lexicon(learnt, text=folded, scripts=counts(clean))


def _restore(
    text: str,
    windows: Sequence[_Window],
    lexicon: Lexicon,
    least: float,
    readings: dict[int, tuple[list[Reading], float]],
    found: list[Slip],
    judge: Judge | None,
) -> None:
    """Add what ``windows`` hold to ``found``; ``readings`` remembers what was read before."""
    for window in windows:
        first, last = window.cluster[0], window.cluster[-1]
        if any(old.start - 1 <= last and first <= old.end for old in found):
            continue
        read = readings.get(window.start)
        if read is None:
            shown = text[window.start : window.end]
            lattice = Lattice(shown, lexicon, hot=frozenset(place - window.start for place in window.hot))
            read = lattice.readings(), lattice.plain_score()
            best = next((one.score for one in read[0] if one.text != shown), -math.inf)
            if judge is not None and best - read[1] >= LEAST_GAIN_AGAIN - DOUBTED:
                read = judged_readings(text, window.start, window.end, read, judge)
            readings[window.start] = read
        slip = _taken(text, window, read, least)
        if slip is not None and not any(old.end > slip.start and slip.end > old.start for old in found):
            found.append(slip)


def _taken(text: str, window: _Window, read: tuple[list[Reading], float], least: float) -> Slip | None:
    """Return the best reading as a slip, if it is so much likelier than what stands there."""
    shown = text[window.start : window.end]
    readings, plain = read
    if not readings or readings[0].text == shown:
        return None
    least += UNMARKED * MARKS.isdisjoint(shown) + UNSIGNED * window.unsigned
    if readings[0].score - plain < least:
        return None
    best = readings[0]
    start = common_prefix(shown, best.text)
    back = common_prefix(shown[start:][::-1], best.text[start:][::-1])
    restored = best.text[start : len(best.text) - back]
    if not any(map(is_han, restored)):
        return None
    return Slip(0, window.start + start, window.end - back, restored, _confidence(readings), best.lost)


def _confidence(readings: Sequence[Reading]) -> float:
    return _share([(fold(reading.text), reading.score) for reading in readings])


def _share(scored: Sequence[tuple[str, float]]) -> float:
    """Return the share of the best text among all, at a fitted temperature; scored best first."""
    shares: dict[str, float] = {}
    for text, score in scored:
        shares[text] = max(shares.get(text, 0.0), math.exp((score - scored[0][1]) / TEMPERATURE))
    return round(min(0.99, 1.0 / sum(shares.values())), 2)
