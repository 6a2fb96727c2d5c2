"""From a model's stream of words to sentences: cut where they end, their markers, their place in a list.

Knows Chinese punctuation and what models wrap their text in (Markdown, thoughts). Knows no evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_NUMBERS = r"[\[【［]\s*(?:资料|来源)?\s*\^?{}\s*[\]】］]"
_NUMBER = r"\d+(?:\s*[,，、\-–]\s*\d+)*"
_BARE = _NUMBERS.format(_NUMBER)
_TOLD = r"[（(]\s*(?:资料|信息)?(?:来源|出处|依据|参见|参考|引用|见)?(?:资料)?\s*[:：]?\s*"  # （来源：[1]）
_MARKERS = rf"(?:\s*(?:{_BARE}|{_TOLD}(?:{_BARE}[、,，\s]*)+[）)]))"
_MARKER = re.compile(r"\s*" + _NUMBERS.format(f"({_NUMBER})"))
_CITED = re.compile(_MARKERS)
_MAY_BE_TOLD = re.compile(r"[（(][资料信息来源出处依据参见考引用:：\s\d\[【［\]】］、,，^]{0,24}")
_END = re.compile(rf"(?:[。！？!?]+[”’」』）)]*{_MARKERS}*|(?<![\d.])\.(?=\s|$)|\n)")
_ORDINAL = re.compile(r"^\s*(?:(?P<number>\d{1,2})\s*[.、．)）]\s*(?!\d)|(?P<bullet>[-*•·])\s+)")
_MARKDOWN = re.compile(r"\*\*|__|^#{1,6}\s*|^>\s*|`", re.M)
_HEADING = re.compile(r"^\s*(?:#{1,6}\s+\S.*|\*\*[^*]+\*\*[:：]?)\s*$")
_ROW = re.compile(r"^\s*\|(?P<cells>.+?)\|?\s*$")
_RULE = re.compile(r"[\s|:-]+")
_THOUGHT = re.compile(r"<think>.*?(?:</think>|$)", re.S)
_OPENING = "<think>"


@dataclass(frozen=True, slots=True)
class Written:
    """One sentence as a model wrote it: its words without markers, the markers, and how it begins.

    ``ordinal`` is its number in a list (``-`` for a bullet, ``""`` for none), ``line`` whether it begins a line.
    """

    text: str
    markers: tuple[int, ...]
    ordinal: str = ""
    line: bool = False


class Splitter:
    """Takes words as they come and gives sentences as soon as they have ended, markers after the full stop included."""

    def __init__(self) -> None:
        self._rest = ""
        self._line = True
        self._held = ""
        self._columns: list[str] = []

    def add(self, words: str) -> list[Written]:
        """Return the sentences that are complete with ``words``."""
        self._held += words
        plain = self._without_thoughts()
        self._rest += plain
        return list(self._complete(last=False))

    def close(self, *, cut: bool = False) -> list[Written]:
        """Return what is left at the end; with ``cut`` an unfinished sentence is dropped."""
        self._rest += "" if _OPENING in self._held else self._held
        self._held = ""
        found = list(self._complete(last=True))
        if self._rest.strip() and not cut:
            found += self._written(self._rest, ended=False)
        self._rest = ""
        return found

    @property
    def pending(self) -> str:
        """The words of the sentence that has not ended yet."""
        return _MARKDOWN.sub("", self._rest).replace("|", " ").strip()

    def _without_thoughts(self) -> str:
        """Take what is certain not to be a thought out of what is held back."""
        held = _THOUGHT.sub(lambda m: "" if m[0].endswith("</think>") else m[0], self._held)
        at = held.find(_OPENING)
        if at < 0:  # the tag itself may be half there
            at = next(
                (len(held) - n for n in range(len(_OPENING) - 1, 0, -1) if held.endswith(_OPENING[:n])), len(held)
            )
        self._held = held[at:]
        return held[:at]

    def _complete(self, *, last: bool) -> Iterator[Written]:
        while found := _END.search(self._rest):
            after = self._rest[found.end() :]
            if not last and found[0] != "\n" and _may_go_on(after):
                return
            sentence, self._rest = self._rest[: found.end()], after
            yield from self._written(sentence, ended=found[0].endswith("\n"))

    def _written(self, sentence: str, *, ended: bool) -> Iterable[Written]:
        line, self._line = self._line, ended
        plain = _MARKDOWN.sub("", sentence)
        if line and (row := _ROW.match(plain)):
            plain = self._row(row["cells"])
        elif line:
            self._columns = []
            plain = (
                f"{plain.rstrip()}：" if _HEADING.match(sentence) and not re.search(r"[：:。]\s*$", plain) else plain
            )
        ordinal = _ORDINAL.match(plain) if line else None
        words = plain[ordinal.end() :] if ordinal else plain
        text = _CITED.sub("", words).strip().rstrip("|")
        if not re.search(r"\w", text):
            self._line = line or ended
            return []
        number = (ordinal["number"] or "-") if ordinal else ""
        return [Written(text, markers(words), number, line)]

    def _row(self, cells: str) -> str:
        """Return a table's row as the manual's own rows are written (事项：退款；时限：7个工作日); its head is no sentence."""
        values = [re.sub(r"<br\s*/?>", "，", cell).strip() for cell in cells.split("|")]
        if not self._columns and not _RULE.fullmatch(cells):
            self._columns = values
            return ""
        if _RULE.fullmatch(cells):
            return ""
        if len(values) != len(self._columns):
            return "；".join(filter(None, values))
        named = zip(self._columns, values, strict=True)
        return "；".join(f"{name}：{value}" if name else value for name, value in named if value)


def _may_go_on(after: str) -> bool:
    """Say whether what follows an end may still be a marker or a closing quote of the same sentence."""
    rest = after.lstrip(" ")
    return (
        not rest
        or (rest[0] in "[【［”’」』）)" and not re.match(rf"{_MARKERS}", rest))
        or bool(_MAY_BE_TOLD.fullmatch(rest))
        or bool(re.fullmatch(rf"{_MARKERS}+\s*", rest))
    )


def markers(text: str) -> tuple[int, ...]:
    """Return the numbers cited in ``text`` in order, once each; [2-4] cites three."""
    found: dict[int, None] = {}
    for group in _MARKER.findall(text):
        for part in re.split(r"[,，、]", group):
            first, _, last = re.sub(r"\s", "", part).replace("–", "-").partition("-")
            numbers = range(int(first), min(int(last), int(first) + 20) + 1) if last else (int(first),)
            found |= dict.fromkeys(numbers)
    return tuple(found)
