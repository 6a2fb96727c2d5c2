"""From a model's stream of words to sentences: cut where they end, their markers, their place in a list.

Knows Chinese punctuation and what models wrap their text in (Markdown, thoughts). Knows no evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_MARKERS = r"(?:\s*[\[【［]\s*\d+(?:\s*[,，、\-–]\s*\d+)*\s*[\]】］])"
_MARKER = re.compile(r"\s*[\[【［]\s*(\d+(?:\s*[,，、\-–]\s*\d+)*)\s*[\]】］]")
_END = re.compile(rf"(?:[。！？!?]+[”’」』）)]*{_MARKERS}*|(?<![\d.])\.(?=\s|$)|\n)")
_ORDINAL = re.compile(r"^\s*(?:(?P<number>\d{1,2})\s*[.、．)）]\s*(?!\d)|(?P<bullet>[-*•·])\s+)")
_MARKDOWN = re.compile(r"\*\*|__|^#{1,6}\s*|^>\s*|`", re.M)
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
        return _MARKDOWN.sub("", self._rest).strip()

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
        ordinal = _ORDINAL.match(plain) if line else None
        words = plain[ordinal.end() :] if ordinal else plain
        text = _MARKER.sub("", words).strip()
        if not re.search(r"\w", text):
            self._line = line or ended
            return []
        number = (ordinal["number"] or "-") if ordinal else ""
        return [Written(text, markers(words), number, line)]


def _may_go_on(after: str) -> bool:
    """Say whether what follows an end may still be a marker or a closing quote of the same sentence."""
    rest = after.lstrip(" ")
    return (
        not rest
        or (rest[0] in "[【［”’」』）)" and not re.match(rf"{_MARKERS}", rest))
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
