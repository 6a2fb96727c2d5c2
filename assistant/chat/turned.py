"""Whether a sentence turns round what the cited clauses say: permits what they forbid, denies a demand, swaps an order.

Knows which segments speak of the same thing; the words of permission and denial are ``polarity``'s.
"""

from __future__ import annotations

import re

from assistant.chat.facts import squeezed
from assistant.chat.polarity import clash, denied, forbidden, opposite, predicates
from assistant.chat.sources import CONDITION, Source, joined
from assistant.chat.wording import Cut, content, coverage

SAME_SPEECH = 0.6  # coverage from which two segments speak of the same thing
SURELY_SAME = 0.75
_FINE = re.compile(r"[,;:。!?\n]+")
_ORDER = re.compile(r"先(?P<first>[^。;]{2,30}?),?(?:再|然后|随后|后|才)(?P<second>[^。;,]{2,30})")
_SENTENCE = re.compile(r"[;。!?\n]+")
_PROHIBITS = re.compile(r"[^,]{0,12}?(?P<how>严禁|禁止|不得|不准|不许|不允许)")
_ALLOWS = re.compile(r"除外|例外|但|应|须|可以|如|若|的$|未|不|没")


def turned(said: str, source: Source, cut: Cut) -> str:
    """Return what ``said`` turns round, in one line; ``""`` if nothing."""
    return (
        _turned_round(said, source, cut)
        or _turned_word(said, source)
        or _opposite(said, source)
        or _wrong_condition(said, source, cut)
        or _reordered(said, source, cut)
    )


def _turned_round(said: str, source: Source, cut: Cut) -> str:
    others = [piece for block in source.blocks for piece in _stated(block)]
    for piece in _stated(said):
        words = [word for word in content(piece, cut) if word not in source.heading]
        if not words:
            continue
        alike = [(coverage(words, other), other) for other in others]
        best = max((share for share, _ in alike), default=0.0)
        if best < SAME_SPEECH or any(denied(piece)[0] & denied(other)[0] for other in others):
            continue
        nearest = [other for share, other in alike if share >= best - 0.05]
        sure = best >= SURELY_SAME and not CONDITION.search(piece)
        if all(clash(piece, other) or (sure and forbidden(piece, other)) for other in nearest):
            return f"与所引条款说的相反：{piece.strip()}"
    return ""


def _stated(text: str) -> list[str]:
    """Return what is stated piece by piece; what a prohibition at the head of a list forbids is forbidden in each."""
    found: list[str] = []
    for sentence in _SENTENCE.split(text):
        head = ""
        for piece in filter(squeezed, _FINE.split(sentence)):
            opens = _PROHIBITS.match(piece)
            head = opens["how"] if opens else "" if _ALLOWS.search(piece) else head
            found.append(piece if opens or not head else f"{head}{piece}")
    return found


def _turned_word(said: str, source: Source) -> str:
    """Return what is permitted or denied that every place in the evidence that speaks of it says otherwise of."""
    others = [piece for block in (*source.blocks, *source.introductions) for piece in _stated(block)]
    for piece in _stated(said):
        for what in sorted(one for one in predicates(piece) if len(one) > 1):
            speaking = [other for other in others if what in other]
            if speaking and all(clash(piece, other) for other in speaking):
                return f"与所引条款说的相反：{piece.strip()}"
    return ""


def _opposite(said: str, source: Source) -> str:
    word = opposite(said, "\n".join(source.blocks))
    return f"“{word}”与所引条款相反" if word else ""


def _wrong_condition(said: str, source: Source, cut: Cut) -> str:
    """Return what is said to happen in the case in which the evidence says that something else does (未通过的 for 通过的)."""
    for piece in joined(said):
        condition, comma, outcome = piece.rpartition(",")
        words = content(outcome, cut)
        if not comma or not words:
            continue
        cases = [other.rpartition(",") for _, other in source.segments]
        alike = [(coverage(words, other), case) for case, mark, other in cases if mark]
        best = max((share for share, _ in alike), default=0.0)
        nearest = [case for share, case in alike if share >= best - 0.05]
        if best >= SAME_SPEECH and all(clash(condition, case) for case in nearest):
            return f"条件与所引条款相反：{condition.strip()}"
    return ""


def _reordered(said: str, source: Source, cut: Cut) -> str:
    """Return what is said to come first that comes second in the evidence."""
    ours = _ORDER.search(said)
    if not ours:
        return ""
    first, second = content(ours["first"], cut), content(ours["second"], cut)
    for theirs in (found for block in source.blocks for found in _ORDER.finditer(block)):
        straight = coverage(first, theirs["first"]) + coverage(second, theirs["second"])
        crossed = coverage(first, theirs["second"]) + coverage(second, theirs["first"])
        if first and second and crossed > straight + 0.5:
            return f"先后与所引条款相反：{ours[0].strip()}"
    return ""
