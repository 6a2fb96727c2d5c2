r"""Bytes to text: which encoding a file is in, decided by what its bytes say as Chinese.

Knows encodings and how common characters are; knows nothing of file formats. A byte order mark decides; then UTF-8 if
the bytes are valid; then GB18030 against Big5 by the commoner characters; the rest is charset-normalizer's.
Normalisation: line ends become ``\n``, the byte order mark and NUL padding are dropped, and so are control characters,
which are reported.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace

from ingest.plausibility import plausibility
from kb.errors import SourceUnreadable
from kb.model import Repair

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_GB = frozenset({"gb2312", "gbk", "gb18030", "cp936", "euc_cn", "hz"})
_BIG5 = frozenset({"big5", "cp950", "big5hkscs"})
_CHINESE = (("gb18030", "gb18030"), ("cp950", "big5"), ("big5hkscs", "big5"))
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_LATIN_AND_MARKS = re.compile("[\x80-\u07ff]+")
# control characters and the colours of a terminal; line ends, tabs and form feeds mean something
_STRAY = re.compile(r"\x1b\[[0-9;]*[A-Za-z]|[\x00-\x08\x0e-\x1f\x7f]")
_STRAY_BYTES = re.compile(_STRAY.pattern.encode())
_SEVEN_BIT = ((b"~{", "hz"), (b"\x1b$)A", "iso2022_kr"), (b"\x1b$", "iso2022_jp_2"))
# mean plausibility (ingest.plausibility) below which bytes are no Chinese; wrong readings reach 0.6 on long texts
_CHINESE_ENOUGH = 0.7
_SURE = 1.5
_DECLARED_BONUS = 0.4
# share of the characters that may be unreadable: a file cut in the middle of a character, a few bad sectors
_MOST_BROKEN = 0.02
_MOST_CONTROLS = 0.01
# of the bytes of a text that is kept, one control character to each Chinese one at the most
_MOST_LITTER = 0.4
_MOST_LITTER_ASCII = 0.1
_DETECTED_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class _Reading:
    text: str
    encoding: str
    score: float
    broken: int = 0
    stray: int = 0


def decode(data: bytes, *, name: str, declared: str | None = None) -> tuple[str, tuple[Repair, ...]]:
    r"""Return the text of ``data`` with ``\n`` line ends, and a repair of kind ``encoding`` where it was not UTF-8.

    Args:
        data: the whole file.
        name: for the message.
        declared: the encoding the file claims (HTML, MIME); believed only where the bytes agree.

    Raises:
        SourceUnreadable: no text in any known encoding.
    """
    reading = _read(data, name, _codec(declared))
    text = reading.text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    text, stray = _STRAY.subn("", text)
    stray += reading.stray
    cleaned = (Repair("encoding", f"{stray} 个控制字符", "", count=stray),) if stray else ()
    if reading.encoding in ("utf-8", "ascii") and not reading.broken:
        return text, cleaned
    confidence = 0.99 if reading.score >= _SURE else 0.9 if reading.score >= _CHINESE_ENOUGH else 0.6
    if reading.broken:
        confidence = min(confidence, 0.8)
    return text, (Repair("encoding", reading.encoding, "utf-8", confidence=confidence), *cleaned)


def _codec(declared: str | None) -> str | None:
    try:
        return codecs.lookup(declared.strip()).name if declared else None
    except (LookupError, ValueError):
        return None


def _read(data: bytes, name: str, declared: str | None) -> _Reading:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _marked(data[len(mark) :], encoding, name)
    if wide := _wide(data):
        return wide
    content = data.rstrip(b"\x00\x1a")  # padding of old programs
    if len(content) < len(data) // 2:
        content = data
    if len(_CONTROLS.findall(content)) > max(2, _MOST_CONTROLS * len(content)) and b"\x1b$" not in content:
        return _littered(content, name)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return _legacy(content, name, declared)
    if content.isascii():
        return _seven_bit(content, declared) or _Reading(text, "ascii", 0.0)
    return _two_byte_luck(content, text) or _Reading(text, "utf-8", 0.0)


def _littered(content: bytes, name: str) -> _Reading:
    """Return the reading of a text that some program wrote control characters into; a binary file has none."""
    rest, stray = _STRAY_BYTES.subn(b"", content)
    most = _MOST_LITTER_ASCII if rest.isascii() else _MOST_LITTER
    if len(content) - len(rest) > most * len(content):
        raise _unreadable(name)
    if rest.isascii():
        return _Reading(rest.decode("ascii"), "ascii", 0.0, stray=stray)
    readings = [_tried(rest, codec, encoding) for codec, encoding in (("utf-8", "utf-8"), *_CHINESE)]
    best = max((one for one in readings if one), key=lambda one: one.score, default=None)
    if best is None or best.score < _CHINESE_ENOUGH:
        raise _unreadable(name)
    return replace(best, stray=stray)


def _marked(content: bytes, encoding: str, name: str) -> _Reading:
    text = content.decode(encoding, "replace")
    broken = text.count("\ufffd")
    if broken > max(2, _MOST_BROKEN * len(text)):
        if encoding == "utf-8":  # a mark that some program put before a GBK file
            return _legacy(content, name, None)
        raise _unreadable(name)
    return _Reading(text, encoding, _SURE, broken)


def _wide(data: bytes) -> _Reading | None:
    """Return the reading as UTF-16 or UTF-32 without a mark, if it is that."""
    if len(data) < 4 or (b"\x00" not in data and _valid_utf8(data)):
        return None
    readings = []
    for encoding in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        whole = len(data) - len(data) % (4 if encoding.startswith("utf-32") else 2)  # a file cut in a character
        try:
            text = data[:whole].decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text.rstrip("\x00") and not _CONTROLS.search(text.encode("utf-8", "replace")):
            ascii_share = sum(character < "\x80" for character in text) / len(text)
            score = plausibility(text) + (2.0 if ascii_share > 0.5 else 0.0)
            readings.append(_Reading(text, encoding, score))
    best = max(readings, key=lambda reading: reading.score, default=None)
    # bytes that decode without one control character are hardly chance where there are NULs
    return best if best and best.score >= (0.0 if b"\x00" in data else _SURE) else None


def _valid_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _seven_bit(content: bytes, declared: str | None) -> _Reading | None:
    """Return the reading of a 7-bit Chinese encoding (HZ, ISO 2022), if its escapes give Chinese."""
    for mark, encoding in _SEVEN_BIT:
        if mark in content or declared == encoding:
            try:
                text = content.decode(encoding)
            except UnicodeDecodeError:
                continue
            if plausibility(text) >= _SURE:
                return _Reading(text, encoding, _SURE)
    return None


def _two_byte_luck(content: bytes, text: str) -> _Reading | None:
    """Return the GB18030 reading of a short file that happens to be valid UTF-8 too (two bytes a character)."""
    marks = "".join(_LATIN_AND_MARKS.findall(text))
    if len(marks) < sum(character > "\x7f" for character in text) or len(marks) > 40:
        return None
    try:
        other = content.decode("gb18030")
    except UnicodeDecodeError:
        return None
    score = plausibility(other)
    return _Reading(other, "gb18030", score) if score >= _SURE and len(marks) >= 2 else None


def _legacy(content: bytes, name: str, declared: str | None) -> _Reading:
    """Return the best reading of bytes that are not valid UTF-8."""
    readings = [reading for reading in (_damaged_utf8(content), _line_by_line(content)) if reading]
    for codec, encoding in _CHINESE:
        if reading := _tried(content, codec, encoding):
            family = _GB if encoding == "gb18030" else _BIG5
            bonus = _DECLARED_BONUS if declared in family else 0.0
            readings.append(_Reading(reading.text, encoding, reading.score + bonus, reading.broken))
    best = max(readings, key=lambda reading: reading.score, default=None)
    if best and best.score >= _CHINESE_ENOUGH:
        return best
    return _foreign(content, declared) or _best_or_raise(best, name)


def _best_or_raise(best: _Reading | None, name: str) -> _Reading:
    """Return a poor but possible Chinese reading, or raise that there is none."""
    if best is None or best.score < 0:
        raise _unreadable(name)
    return best


def _tried(content: bytes, codec: str, encoding: str) -> _Reading | None:
    text = content.decode(codec, "replace")
    broken = text.count("\ufffd")
    beyond = sum(character > "\x7f" for character in text)
    if broken > max(1, _MOST_BROKEN * beyond):
        return None
    return _Reading(text, encoding, plausibility(text) - 0.1 * bool(broken), broken)


def _damaged_utf8(content: bytes) -> _Reading | None:
    """Return the UTF-8 reading with a few bytes that cannot be read."""
    reading = _tried(content, "utf-8", "utf-8")
    # valid sequences of three bytes hardly come about by chance: nearly all readable is proof enough
    return _Reading(reading.text, "utf-8", reading.score + 1.0, reading.broken) if reading else None


def _line_by_line(content: bytes) -> _Reading | None:
    """Return the reading of files pasted together from UTF-8 and GBK lines, if both occur."""
    lines: list[str] = []
    kinds: set[str] = set()
    for line in content.split(b"\n"):
        try:
            lines.append(line.decode("utf-8"))
            if not line.isascii():
                kinds.add("utf-8")
        except UnicodeDecodeError:
            try:
                lines.append(line.decode("gb18030"))
            except UnicodeDecodeError:
                return None
            kinds.add("gb18030")
    if len(kinds) < 2:
        return None
    text = "\n".join(lines)
    return _Reading(text, "utf-8+gb18030", plausibility(text))


def _foreign(content: bytes, declared: str | None) -> _Reading | None:
    """Return the reading in an encoding that is not Chinese: as declared, else as charset-normalizer finds."""
    from charset_normalizer import from_bytes

    if declared and declared not in _GB | _BIG5 | {"utf-8", "ascii"}:
        try:
            return _Reading(content.decode(declared), declared, 0.0)
        except (UnicodeDecodeError, LookupError):
            pass
    found = from_bytes(content[:_DETECTED_BYTES]).best()
    if found is None:
        return None
    try:
        text = content.decode(found.encoding)
    except UnicodeDecodeError:
        return None
    return None if _CONTROLS.search(text.encode("utf-8", "replace")) else _Reading(text, found.encoding, 0.0)


def _unreadable(name: str) -> SourceUnreadable:
    return SourceUnreadable(f"{name}：不是文本文件，或编码无法识别。请用记事本打开确认内容，另存为 UTF-8 编码后再导入")
