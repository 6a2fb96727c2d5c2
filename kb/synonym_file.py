"""The home's synonyms file as its owner edits it: what is wrong with it, saved whole, and what an edit would change.

Knows the file and the search. What a line means is known by ``kb/synonyms.py``.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.errors import SettingsInvalid
from kb.home import translated
from kb.synonyms import FILE_NAME, load_synonyms, parse, says_nothing, start_set, words_of_line

if TYPE_CHECKING:
    from pathlib import Path

    from kb.model import Hit
    from kb.search import HybridSearcher

LARGEST = 1_000_000  # characters
LONGEST_WORD, LONGEST_LINE = 40, 60  # characters of a word, words of a line


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line (from 1). A ``grave`` one keeps the file from being saved, another is a hint."""

    line: int
    message: str
    grave: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """What an edit would do to one question: the synonyms it is widened by, and what is found, before and after."""

    question: str
    synonyms_before: dict[str, tuple[str, ...]]
    synonyms_after: dict[str, tuple[str, ...]]
    before: tuple[Hit, ...]
    after: tuple[Hit, ...]

    @property
    def changed(self) -> bool:
        """Whether anything else would be found, or in another order."""
        one, other = ([(hit.document, hit.chunk.text) for hit in hits] for hits in (self.before, self.after))
        return one != other


def read_text(home: Path) -> str:
    """Return the file as it is, the shipped start set where the home has none.

    Raises:
        SettingsInvalid: it cannot be read as UTF-8 text.
    """
    load_synonyms(home)  # raises where the file cannot be read
    own = home / FILE_NAME
    return own.read_text(encoding="utf-8-sig") if own.exists() else start_set()


def problems(text: str) -> tuple[Problem, ...]:
    """Return what is wrong with ``text``, line by line; nothing of it is raised."""
    return tuple(_problems(text))


def save(home: Path, text: str, *, expected: str | None = None) -> str:
    """Write ``text`` into the home's file in one step; it is in force at once. Return what stood there before.

    Args:
        home: the data directory.
        text: the whole file.
        expected: what the editor was opened with, so that nobody's change is lost.

    Raises:
        SettingsInvalid: a line is wrong, or somebody has changed the file meanwhile; the message is one line.
        HomeUnusable: the file cannot be written.
    """
    before = read_text(home)
    if expected is not None and _lines(expected) != _lines(before):
        raise SettingsInvalid("同义词文件刚被别人改过，请重新打开再改，免得盖掉别人的修改")
    for problem in _problems(text):
        if problem.grave:
            raise SettingsInvalid(f"同义词第 {problem.line} 行：{problem.message}")
    words = "\n".join(_lines(text))
    draft = home / f".{FILE_NAME}-{secrets.token_hex(4)}"
    with translated(home):
        try:
            with draft.open("w", encoding="utf-8", newline="\n") as file:
                file.write(f"{words}\n" if words else "")
                file.flush()
                os.fsync(file.fileno())
            draft.replace(home / FILE_NAME)
        finally:
            draft.unlink(missing_ok=True)
    return before


def restore_start_set(home: Path) -> str:
    """Write the shipped start set in place of the home's file; return what stood there before.

    Raises:
        HomeUnusable: the file cannot be written.
    """
    return save(home, start_set())


def mined(searcher: HybridSearcher) -> tuple[tuple[str, str], ...]:
    """Return the names that the documents themselves give for one another, as (term, other name), folded."""
    own = len(load_synonyms(searcher.home).groups)
    return tuple((group[0], group[1]) for group in searcher.synonyms.groups[own:])


def effect(searcher: HybridSearcher, question: str, text: str, *, limit: int = 5) -> Effect:
    """Return what saving ``text`` would change for ``question`` (a word will do); nothing is saved.

    Raises:
        NothingIndexed: the knowledge base is empty.
    """
    now = searcher.synonyms
    then = parse(text).joined(mined(searcher))
    before, after = (
        tuple(searcher.search_prepared(searcher.prepare(question, synonyms=synonyms), limit=limit))
        for synonyms in (now, then)
    )
    return Effect(question, now.expand(question), then.expand(question), before, after)


def _problems(text: str) -> Iterator[Problem]:
    if len(text) > LARGEST:
        yield Problem(1, f"文件太大（超过 {LARGEST // 10_000} 万字），请删减", grave=True)
        return
    for number, line in enumerate(_lines(text), start=1):
        said = line.split("#")[0]
        words = words_of_line(said)
        if any(not character.isprintable() and character != "\t" for character in line):
            yield Problem(number, "有不可见的控制字符，请重新输入这一行", grave=True)
        elif long := next((word for word in words if len(word) > LONGEST_WORD), None):
            yield Problem(number, f"“{long[:12]}……”超过 {LONGEST_WORD} 个字，词之间请用逗号或顿号隔开", grave=True)
        elif len(words) > LONGEST_LINE:
            yield Problem(number, f"一行最多 {LONGEST_LINE} 个词，请拆成几行", grave=True)
        elif says_nothing(said) and len(words) > 1:
            yield Problem(number, "箭头的两边都要写词，如 挂了 => 故障；这一行不起作用", grave=False)
        elif says_nothing(said):
            yield Problem(number, "只有一个词，不起作用；同义的词请写在同一行，用逗号或顿号隔开", grave=False)


def _lines(text: str) -> list[str]:
    """Return the lines of a file, whatever ends them; empty ones at the end do not count."""
    return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
