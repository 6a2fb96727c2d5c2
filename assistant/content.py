"""Is there anything to look up in what was typed? Mashed keys, code, one word over and over ask for nothing.

Knows how words of Latin letters and keyboards look, and which words carry an English question. Knows no documents: which
words stand in them is handed in. Chinese that says nothing is left to the decision on the evidence.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from kb.fold import fold

FEWEST_REPEATS = 3  # of one piece of text before it is no question
FEWEST_OF_LETTERS = 4  # of one letter or digit: AAA is a grade
LONGEST_PIECE = 12  # characters of a piece that is repeated
# Share of an English question's words that only hold it together: .3 and more in 27 real ones, under .15 in filler text.
FEWEST_FUNCTION = 0.2
_FUNCTION = frozenset(
    """
    a about all am an and any are as at be by can could did do does each every explain find first for from get give had has
    have how i if in into is it list many may me more much must my need next not of on one or our out over per please show
    should so steps tell that the their them then there these they this to two us was we what when where which who whom
    whose why will with would you your
    """.split()
)
_ASKS = re.compile(
    r"\W*(?:what|who|whom|whose|which|when|where|why|how|is|are|am|was|were|do|does|did|can|could|should|shall|will|would|must"
    r"|may|has|have|please|tell|explain|list|show|give|describe|in|on|for|after|if|according)\b"
)
_CODE = re.compile(
    r"[{}\\|<>^`]|==?\S|\S=(?:\s|$)|--|\*\s|://|[a-z]_[a-z]|\w\((?!e?s\))\w*\)"
    r"|;\s*$|(?:^|\s|\.)/\w+|\w/\w+/\w|\brm -|/\*|1=1"
)
_WORD = re.compile(
    r"[a-z][a-z'’-]*|[a-z]+(?:/[a-z])?[-/.]?\d[\w.:-]*|(?:\d[a-z]){1,2}"
)  # complaint, gb/t19001-2016, 5s
_PUNCTUATION = " \t\n,.;:!?\"'()[]，。；：！？、（）“”"
_MASHED = re.compile(
    r"[bcdfghjklmnpqrstvwxz]{5}|qwer|rtyu|tyui|yuio|uiop|asdf|sdfg|dfgh|fghj|ghjk|hjkl|zxcv|xcvb|cvbn|vbnm|jkl|fds|(.)\1\1"
    r"|q[^u]|[jvwz][bcdfgkmpqtx]|[bcdfgkmptx][jqxz]|[xz][bdfgjkmnqrsvw]"
)
_FILLER = re.compile(
    r"\W*(?:lorem ipsum\b.*|.*\bdolor sit amet\b.*"
    r"|(?:foo|bar|baz|qux|quux|blah|bla|xyzzy|plugh|abc|xyz|hello|world|hi|test(?:ing)?|null|nil|undefined|nan|none|true"
    r"|false|zero|one|two|three|four|five|six|seven|eight|nine|ten|\W)+)",
    re.DOTALL,
)


def has_content(text: str, known: Callable[[str], bool]) -> bool:
    """Say whether ``text`` holds anything to look up.

    Args:
        text: what was asked, standing alone.
        known: says whether the documents, or their synonyms, have a folded word of Latin letters.
    """
    folded = fold(text)
    if _is_one_piece(folded):
        return False
    han = sum("\u4e00" <= character <= "\u9fff" for character in folded)
    if han * 4 >= sum(character.isascii() and character.isalpha() for character in folded):
        return True
    if _CODE.search(folded):
        return bool(_ASKS.match(folded))
    words = {word for piece in folded.split() if _WORD.fullmatch(word := piece.strip(_PUNCTUATION))}
    if not words or _FILLER.fullmatch(folded):
        return any(known(word) for word in words)
    if len(words & _FUNCTION) >= FEWEST_FUNCTION * len(words) or any(map(known, words - _FUNCTION)):
        return True
    return all(_looks_like_a_word(word) for word in words) and len(words) <= 5


def _is_one_piece(folded: str) -> bool:
    """Say whether a text is one short piece over and over."""
    bare = re.sub(r"[\W_]+", "", folded)
    shortest = 2 if bare.isascii() and len(bare) < FEWEST_OF_LETTERS else 1
    return any(
        bare == (bare[:length] * (len(bare) // length + 1))[: len(bare)]
        for length in range(shortest, min(LONGEST_PIECE, len(bare) // FEWEST_REPEATS) + 1)
    )


def _looks_like_a_word(word: str) -> bool:
    return len(word) > 2 and re.search(r"[aeiouy]", word) is not None and _MASHED.search(word) is None
