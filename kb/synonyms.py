"""Synonyms: groups of words that mean the same in this company, from a text file anybody can edit.

One group a line, words separated by commas or 、; ``#`` begins a comment. ``挂了 => 故障, 中断`` leads one way: who asks
for the left is also answered by the right, not the other way round, nor one of the right by another (as in Solr's files).
Read at every start, used on the question's side only: an edit is in force at once, nothing is indexed again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from kb.errors import SettingsInvalid
from kb.fold import fold
from kb.home import reason_of

FILE_NAME = "synonyms.txt"
_SPLIT = re.compile(r"[,，、\t]+")
_LEADS_TO = re.compile(r"=>|→")
Lead = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Groups of folded words, and leads one way; ``by_word`` goes from each word to the others of its groups."""

    groups: tuple[tuple[str, ...], ...]
    leads: tuple[Lead, ...]
    by_word: dict[str, tuple[str, ...]] = field(repr=False)
    longest: int

    def expand(self, text: str) -> dict[str, tuple[str, ...]]:
        """Return the words of ``text`` that have synonyms, longest match first, each with its synonyms."""
        folded = fold(text)
        found: dict[str, tuple[str, ...]] = {}
        start = 0
        while start < len(folded):
            for length in range(min(self.longest, len(folded) - start), 0, -1):
                word = folded[start : start + length]
                if word in self.by_word and _stands_alone(folded, start, start + length):
                    found[word] = tuple(other for other in self.by_word[word] if other not in folded)
                    start += length
                    break
            else:
                start += 1
        return {word: others for word, others in found.items() if others}

    def joined(self, pairs: Iterable[tuple[str, str]]) -> Synonyms:
        """Return these groups and ``pairs`` of folded names besides."""
        groups = [*self.groups, *(pair for pair in pairs if pair[0] != pair[1])]
        return _grouped(groups, self.leads)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Say whether the match is a whole word where it is written in Latin letters; Han words need no borders."""
    if not text[start].isascii():
        return True
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return not (before.isascii() and before.isalnum()) and not (after.isascii() and after.isalnum())


def parse(text: str) -> Synonyms:
    """Return the synonyms written in ``text``."""
    lines = [line.split("#")[0] for line in text.splitlines()]
    sides = [[words_of_line(side) for side in _LEADS_TO.split(line, maxsplit=1)] for line in lines]
    return _grouped(
        [side[0] for side in sides if len(side) == 1 and len(side[0]) > 1],
        [(side[0], side[1]) for side in sides if len(side) == 2 and all(side)],
    )


def _grouped(groups: Sequence[tuple[str, ...]], leads: Sequence[Lead]) -> Synonyms:
    by_word: dict[str, dict[str, None]] = {}
    for asked, meant in (*zip(groups, groups, strict=True), *leads):
        for word in asked:
            by_word.setdefault(word, {}).update(dict.fromkeys(other for other in meant if other != word))
    return Synonyms(
        groups=tuple(groups),
        leads=tuple(leads),
        by_word={word: tuple(others) for word, others in by_word.items()},
        longest=max((len(word) for word in by_word), default=0),
    )


def words_of_line(line: str) -> tuple[str, ...]:
    """Return the words of one line (without its comment), folded, each once."""
    words = (word.strip() for side in _LEADS_TO.split(line) for word in _SPLIT.split(side))
    return tuple(dict.fromkeys(fold(word) for word in words if word))


def load_synonyms(home: Path) -> Synonyms:
    """Return the synonyms of ``home``: its own file where there is one, else the start set shipped with the package.

    Raises:
        SettingsInvalid: the file cannot be read as UTF-8 text.
    """
    own = home / FILE_NAME
    try:
        return _read(own, _state(own))
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        message = f"同义词文件 {own} 第 {line} 行不是 UTF-8 编码。请用记事本另存为 UTF-8 编码"
        raise SettingsInvalid(message) from error
    except OSError as error:
        message = (
            f"同义词文件 {own} 无法读取：{reason_of(error)}。请检查它是不是文件、是否有读取权限，或删掉它用自带的同义词"
        )
        raise SettingsInvalid(message) from error


def idle_lines(home: Path) -> list[int]:
    """Return the numbers of the lines of the home's own file that say nothing: one word, so that there is no pair."""
    own = home / FILE_NAME
    if not own.is_file():
        return []
    lines = (line.split("#")[0] for line in own.read_text(encoding="utf-8-sig").splitlines())
    return [number for number, line in enumerate(lines, start=1) if says_nothing(line)]


def says_nothing(line: str) -> bool:
    """Say whether a line (without its comment) is written and means nothing: one word, or an arrow from or to nowhere."""
    sides = [words_of_line(side) for side in _LEADS_TO.split(line, maxsplit=1)]
    return bool(line.strip()) and (len(words_of_line(line)) < 2 or not all(sides))


def _state(own: Path) -> tuple[int, ...]:
    """Return what changes with every writing of a file, also of two within one tick of its clock; () where there is none."""
    if not own.exists():
        return ()
    about = own.stat()
    return about.st_mtime_ns, about.st_size, about.st_ino


@lru_cache(maxsize=8)
def _read(own: Path, state: tuple[int, ...]) -> Synonyms:
    return parse(own.read_text(encoding="utf-8-sig") if state else start_set())


def start_set() -> str:
    """Return the shipped start set for service operations, as text."""
    return files("kb").joinpath(FILE_NAME).read_text(encoding="utf-8")
