"""Whether words open like an order: with a verb of the trade's list, or with one that kb's segmenter tags as a verb."""

from __future__ import annotations

import re
from functools import cache

from assistant.checklist.words import VERB
from kb.segment import Segmenter

_DESCRIBES = re.compile(r"是|有|指|属于|包括|为|需要|能够?|可以|存在|具有|成为|来自|意味着")
_TAKES = frozenset("把 将 用 按 对 向 从 在 与 给 由 照 凭 经 按照 使用 通过 根据".split())


def opens_with_verb(text: str) -> bool:
    """Say whether ``text`` opens like an order: with a verb, or with what it is done to (把…, 对…)."""
    if VERB.match(text):
        return True
    said = [(word, tag) for word, tag in tagged(text[:12]) if tag not in ("d", "m", "t", "q")]
    if not said:
        return False
    word, tag = said[0]
    return (tag == "v" and not _DESCRIBES.fullmatch(word)) or word in _TAKES


def tagged(text: str) -> list[tuple[str, str]]:
    """Return the words of ``text`` with their parts of speech."""
    return _segmenter().tagged(text)


@cache
def _segmenter() -> Segmenter:
    return Segmenter()
