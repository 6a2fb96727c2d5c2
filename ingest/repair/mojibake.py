"""Text whose bytes were read in the wrong encoding: whole documents, lines, or runs inside good ones.

Knows which encodings are mistaken for which, and takes a reading only where it is clearly more plausible Chinese. Bytes
that slipped by one are another matter (``gbk_shift``). What a decoder lost is guessed by ``lost_byte`` and reported with
low confidence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ingest.plausibility import RARE, plausibility, weight
from ingest.repair.lost_byte import MARK, SEQUENCE, read_utf8
from kb.model import Repair

# one byte of three lost; the middle one or the last as a rule, the first behind another character
_ONE_LOST = rb"[\xe2-\xef][\x80-\xbf]\x00|[\xe2-\xef]\x00[\x80-\xbf]"
# · × ° ± alone of the characters of two bytes: the others look like good Chinese behind the run
_INSIDE = b"|".join(
    (SEQUENCE, rb"\xc2[\xb0\xb1\xb7]|\xc3\x97|\xe3\x00\x00|\x00[\x80-\xbf]{2}|[\xe2-\xef][\x80-\xbf]\?", _ONE_LOST)
)
_UTF8_RUN = re.compile(
    b"(?:" + SEQUENCE + b"|" + _ONE_LOST + b")(?:" + _INSIDE + rb"|[\x20-\x7e]{1,40}(?=" + SEQUENCE + b"))*"
)
_UTF8_WHOLE = re.compile(SEQUENCE)
_CP1252 = {chr(code): code for code in range(0x80, 0x100)} | {
    shown: code for code in range(0x80, 0xA0) if (shown := bytes((code,)).decode("cp1252", "replace")) != "\ufffd"
}
_LATIN = "".join(map(re.escape, _CP1252))
_LATIN_RUN = re.compile(f"[{_LATIN}](?:[{_LATIN}\ufffd]|[ -~]{{1,60}}(?=[{_LATIN}]))*[!-~]?")
_ONE_LATIN = re.compile(f"[{_LATIN}]")
_SHORT_LATIN_RUN = re.compile(f"[{_LATIN}]{{3,}}")
_WIDE_RUN = re.compile("[^\x00-\x7f](?:[^\x00-\x7f]|[@-~](?=[^\x00-\x7f]))*")
_ASCII = frozenset(map(chr, range(128)))
_KANA = re.compile("[ぁ-ヿ]")
_BLANK_IN_SEQUENCE = re.compile(rb"(?<=[\xe2-\xef])\x20(?=[\x80-\xbf])|(?<=[\xe2-\xef][\x80-\xbf])\x20")
_TWO_BYTE = (("gbk", "big5"), ("big5", "gbk"))
# Python's big5 knows no extensions; cp950 is what Windows writes
_CODEC = {"big5": "cp950"}

_BETTER = 1.2
"""How much more plausible (ingest.plausibility, -5 to 3) a reading must be than what stands there."""

_GOOD = 1.0
_GOOD_RUN = 1.5
_SHORTEST_RUN = 4
_LEAST_ODD = 2
_PROVEN = 3
"""Runs of one mistake after which shorter ones of the same document are read so too."""

_MOST_REPORTED = 50
_SHOWN = 40


@dataclass(slots=True)
class _Findings:
    """What was read anew: before and after of each run, and how often each mistake was seen."""

    changes: list[tuple[str, str, bool]] = field(default_factory=list)
    mistakes: Counter[tuple[str, str]] = field(default_factory=Counter)


def mend(text: str) -> tuple[str, list[Repair]]:
    """Return one line read in its true encoding, and a repair of kind ``encoding`` for each run that was not."""
    texts, repairs = mend_all([text])
    return texts[0], repairs


def mend_all(texts: Sequence[str]) -> tuple[list[str], list[Repair]]:
    """Return the lines of a document read in their true encoding, with their repairs of kind ``encoding``.

    From 50 runs on there is one repair with their count.
    """
    findings = _Findings()
    mended = [_mend(text, findings) for text in texts]
    for (read, true), count in findings.mistakes.items():
        if count >= _PROVEN:
            mended = [_mend_proven(text, read, true, findings) for text in mended]
    if len(findings.changes) > _MOST_REPORTED:
        before, after, _ = findings.changes[0]
        lossy = any(lost for _, _, lost in findings.changes)
        return mended, [_repair(before, after, lossy=lossy, count=len(findings.changes))]
    return mended, [_repair(before, after, lossy=lossy) for before, after, lossy in findings.changes]


def _repair(before: str, after: str, *, lossy: bool, count: int = 1) -> Repair:
    before, after = (text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…" for text in (before, after))
    return Repair("encoding", before, after, confidence=0.6 if lossy else 0.95, count=count)


def _mend(text: str, findings: _Findings) -> str:
    """Return one line with its damaged runs restored; twice, for some texts went through it twice."""
    for _ in range(2):
        odd = [character for character in set(text) if character > "\x7f" and weight(character) <= RARE]
        if sum(map(text.count, odd)) < _LEAST_ODD:
            break
        known = len(findings.changes)
        text = _mend_latin(text, findings)
        text = _mend_utf8(text, findings)
        text = _mend_two_byte(text, findings)
        if len(findings.changes) == known:
            break
    return text


def _mend_latin(text: str, findings: _Findings) -> str:
    """Restore UTF-8, GBK and Big5 read as Latin-1 or Windows-1252."""

    def settle(match: re.Match[str]) -> str:
        run = match[0]
        found = _latin_readings(run, len(_ONE_LATIN.findall(run)))
        readings = [(after, lossy) for after, lossy in found if _is_better(run, after, _GOOD)]
        if not readings:
            return run
        after, lossy = max(readings, key=lambda reading: plausibility(reading[0]))
        findings.changes.append((run, after, lossy))
        return after

    return _SHORT_LATIN_RUN.sub(settle, _LATIN_RUN.sub(settle, text))


def _latin_readings(run: str, latin: int) -> Iterator[tuple[str, bool]]:
    data = bytes(0 if character == "\ufffd" else _CP1252.get(character, ord(character) & 0x7F) for character in run)
    yield from _utf8_readings(_BLANK_IN_SEQUENCE.sub(b"\xa0", data), read="cp1252")
    for encoding in ("gbk", "cp950") if latin >= _SHORTEST_RUN else ():
        try:
            yield data.decode(encoding), False
        except UnicodeDecodeError:
            continue


def _utf8_readings(data: bytes, *, read: str) -> Iterator[tuple[str, bool]]:
    if len(_UTF8_WHOLE.findall(data)) >= 1:
        after = read_utf8(data, read=read)
        if "\ufffd" not in after or after.count("\ufffd") * 20 < len(after):
            yield after, MARK in data


def _mend_utf8(text: str, findings: _Findings) -> str:
    """Restore UTF-8 read as GBK or Big5."""
    for codec in ("gb18030", "cp950"):
        pieces: list[str] = []
        end = 0
        for start, stop, data, tail in _utf8_runs(text, codec):
            before, after = text[start:stop], read_utf8(data, read=codec) + tail
            if _is_better(before, after, _GOOD):
                pieces += [text[end:start], after]
                findings.changes.append((before, after, MARK in data))
                end = stop
        text = "".join([*pieces, text[end:]])
    return text


def _utf8_runs(text: str, codec: str) -> Iterator[tuple[int, int, bytes, str]]:
    """Give each run whose bytes in ``codec`` are UTF-8 (two whole characters at least): start, end, bytes, rest.

    The rest is an ASCII character that was read together with the last byte.
    """
    coded = [_bytes_of(character, codec) for character in text]
    data = b"".join(coded)
    if len(_UTF8_WHOLE.findall(data)) < _LEAST_ODD:
        return
    offsets: dict[int, int] = {}
    place = 0
    for index, code in enumerate(coded):
        offsets[place] = index
        place += len(code)
    offsets[place] = len(text)
    end = 0
    for start, index in offsets.items():
        if start < end or start >= len(data) or not 0xE2 <= data[start] <= 0xEF:
            continue
        match = _UTF8_RUN.match(data, start)
        if match is None or len(_UTF8_WHOLE.findall(match[0])) < _LEAST_ODD:
            continue
        end = match.end()
        if end not in offsets and 0x40 <= data[end] <= 0x7E:
            yield index, offsets[end + 1], match[0], chr(data[end])
            end += 1
            continue
        while end not in offsets:  # good text follows: give back what was half of its first character
            end -= 1
        if _UTF8_WHOLE.search(data, start, end):
            yield index, offsets[end], data[start:end], ""


def _mend_two_byte(text: str, findings: _Findings) -> str:
    """Restore GBK read as Big5 and Big5 read as GBK: the whole line, else runs of it."""
    for read, true in _TWO_BYTE:

        def settle(match: re.Match[str], read: str = read, true: str = true) -> str:
            run = match[0]
            kana = len(_KANA.findall(run))
            if len(set(run) - _ASCII) < _SHORTEST_RUN or kana > 0.7 * len(run):  # that is Japanese
                return run
            after = _reread(run, read, true)
            if after is None or not _is_better(run, after, _GOOD_RUN):
                return run
            findings.changes.append((run, after, False))
            findings.mistakes[read, true] += 1
            return after

        text = re.sub(r"[^\x00-\x7f].*[^\x00-\x7f][@-~]?", settle, text)
        text = _WIDE_RUN.sub(settle, text)
    return text


def _mend_proven(text: str, read: str, true: str, findings: _Findings) -> str:
    """Restore the short runs of a document in which longer ones have shown the mistake."""

    def settle(match: re.Match[str]) -> str:
        run = match[0]
        after = _reread(run, read, true)
        if after is None or after == run or plausibility(after) < plausibility(run) + _BETTER / 2:
            return run
        findings.changes.append((run, after, False))
        return after

    return _WIDE_RUN.sub(settle, text)


def _is_better(before: str, after: str, good: float) -> bool:
    found = plausibility(after)
    return found >= good and found >= plausibility(before) + _BETTER


def _reread(text: str, read: str, true: str) -> str | None:
    """Return ``text`` encoded in ``read`` and decoded as ``true``; ``None`` where a byte does not fit."""
    codec = _CODEC.get(read, "gb18030")  # what GBK leaves undefined Windows shows as private characters
    data = b"".join(_bytes_of(character, codec) for character in text)
    if MARK in data:
        return None
    try:
        return data.decode(_CODEC.get(true, true))
    except UnicodeDecodeError:
        return None


@lru_cache(maxsize=65536)
def _bytes_of(character: str, codec: str) -> bytes:
    """Return the bytes of a character, a mark where there are none. Windows shows the byte 80 alone as €."""
    if character == "€":
        return b"\x80"
    try:
        code = character.encode(codec)
    except UnicodeEncodeError:
        return MARK
    return code if len(code) <= 2 else MARK
