"""Words of a question that are typed with a wrong character of the same sound (平横计分卡), set right by the corpus.

Chinese is typed by sound, so the wrong character mostly sounds like the right one. Only one character of a word is put
right, only where the question's own word is none (it falls apart into characters that stand together nowhere in the
corpus), and only to a word that stands in the corpus. Knows sounds from a shipped table (``tools/build_sounds.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kb.fold import fold
from kb.segment import QUESTION_WORDS

if TYPE_CHECKING:
    from kb.word_index import WordIndex

SOUNDS = Path(__file__).with_name("sounds.txt")
LONGEST = 6
# A character stands for itself if it is a word of its own in more than this share of the chunks.
OWN_WORD = 0.0005
# Particles, pronouns, numerals, measures …: beside them anything may stand (一波, 不退), so an unknown pair says nothing.
_BESIDE_ANYTHING = frozenset("cdfmpqruy")
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]+")


def mended(text: str, index: WordIndex) -> str:
    """Return ``text``, simplified and folded or not, with misspelt words put right; mostly ``text`` itself."""
    folded = fold(text)
    if len(folded) != len(text):
        return text
    for run in _HAN_RUN.finditer(folded):
        for start, wrong, right in _corrections(run[0], index):
            at = run.start() + start
            text = f"{text[:at]}{right}{text[at + len(wrong) :]}"
    return text


def _corrections(run: str, index: WordIndex) -> list[tuple[int, str, str]]:
    """Return (start, wrong, right) of each misspelt word of a run of Han characters; they do not overlap."""
    tokens = list(_tokens(run, index))
    found: list[tuple[int, str, str]] = []
    at, place = 0, 0
    while at < len(tokens):
        for end in _ends(tokens, at):
            wrong = "".join(word for word, _ in tokens[at:end])
            if right := _right(tokens[at:end], index):
                found.append((place, wrong, right))
                break
        else:
            end, wrong = at + 1, tokens[at][0]
        place += len(wrong)
        at = end
    return found


def _tokens(run: str, index: WordIndex) -> Iterator[tuple[str, str]]:
    """Yield words and tags of ``run``; what passes for a person's name, but for none in the corpus (关健), in characters."""
    for word, tag in index.segmenter.tagged(run):
        if tag.startswith("nr") and len(word) > 1 and not index.document_frequency("bigrams", word[:2]):
            yield from ((character, tag) for character in word)
        else:
            yield word, tag


def _ends(tokens: Sequence[tuple[str, str]], start: int) -> Iterator[int]:
    """Yield the ends of the windows from ``start``, longest first."""
    length, ends = len(tokens[start][0]), []
    for end in range(start + 2, len(tokens) + 1):
        length += len(tokens[end - 1][0])
        if length > LONGEST:
            break
        ends.append(end)
    return reversed(ends)


def _right(tokens: Sequence[tuple[str, str]], index: WordIndex) -> str:
    """Return the word of the corpus, the most frequent one, that ``tokens`` together misspell; ``""`` if none."""
    wrong = "".join(word for word, _ in tokens)
    if len(wrong) == 2 and any(word in QUESTION_WORDS or tag[0] in _BESIDE_ANYTHING for word, tag in tokens):
        return ""
    place = 0
    best = (0, "")
    for token, tag in tokens:
        if len(token) == 1 and tag[0] not in _BESIDE_ANYTHING and _is_strange(token, wrong, place, index):
            for character in _same_sound(token):
                word = f"{wrong[:place]}{character}{wrong[place + 1 :]}"
                frequency = index.document_frequency("words", word)
                if frequency > best[0] and len(index.segmenter.tagged(word)) == 1:
                    best = (frequency, word)
        place += len(token)
    return best[1]


def _is_strange(character: str, word: str, place: int, index: WordIndex) -> bool:
    """Say whether a character is no word of its own and stands beside none of its neighbours anywhere in the corpus."""
    if index.document_frequency("words", character) > OWN_WORD * len(index):
        return False
    pairs = [word[i : i + 2] for i in (place - 1, place) if 0 <= i < len(word) - 1]
    return not any(index.document_frequency("bigrams", pair) for pair in pairs)


@lru_cache(maxsize=2048)
def _same_sound(character: str) -> tuple[str, ...]:
    """Return the characters that sound like ``character``, whatever the tone."""
    by_sound, sounds = _sounds()
    return tuple(sorted(by_sound.get(sounds.get(character, ""), set()) - {character}))


@lru_cache(maxsize=1)
def _sounds() -> tuple[dict[str, set[str]], dict[str, str]]:
    """Return the characters of each sound, and the sound of each character; a sound is pinyin without tone."""
    by_sound: dict[str, set[str]] = {}
    sounds: dict[str, str] = {}
    for line in SOUNDS.read_text(encoding="utf-8").splitlines():
        sound, characters = line.split(" ")
        alike = _alike(sound)
        by_sound.setdefault(alike, set()).update(characters)
        sounds.update(dict.fromkeys(characters, alike))
    return by_sound, sounds


def _alike(sound: str) -> str:
    """Return a sound as those who do not tell zh from z and ing from in type it."""
    return re.sub(r"(?<=[aei])ng$", "n", re.sub(r"^([zcs])h", r"\1", sound))
