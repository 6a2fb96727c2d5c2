"""Whether an amount, a time or a role in a sentence belongs to the same thing as in the cited clauses.

普通请求 may not get the time limit of 加急请求, nor a task another role. What fits is told by the words that stand beside it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.chat.facts import Amount, amounts, time_words
from assistant.chat.sources import SENTENCE, Source, joined, roles, segments
from assistant.chat.wording import Cut, content, credit

DEED = 3.0
OUTCOME = 2.0
MARGIN = 0.5  # by which another amount or role fits better, in words
_LABEL = re.compile(r"[^:;,。\n]{1,12}:(?:[^:;,。\n]{1,24}(?=;))?")
_TO = "[给报向转派请交找让]|通知|告知|告诉|报告|联系"
_LEVEL = re.compile(r"(?<![a-z])[ivx]+级|[一二三四五\d]级|(?<![a-z])[a-e]类")
_TOLD = re.compile(rf"(?:{_TO})")
_BETWEEN = re.compile(r"\s*(?:以上)?(?:至|到|-|~)\s*")
_CELL = re.compile(
    r"[^:;,。\n]{1,12}:(?P<value>[^:;,。\n]{2,12});"
)  # the first cell of a row says what the row is about
_CASE = re.compile(r"[^,;。]{0,8}?(?:的|为|属于|算作?)")
_LETTERS = re.compile(r"(?<![a-z0-9])[a-z]+(?![a-z0-9])|[一二三四五\d]级")


@dataclass(frozen=True, slots=True)
class _Anchor:
    """Something that belongs to a thing: an amount, a time or a role, with the segment it stands in."""

    kind: str
    amount: Amount | None
    name: str
    block: int
    near: str
    carried: str

    def same(self, other: _Anchor) -> bool:
        """Say whether both are the same amount, time or role."""
        if self.amount and other.amount:
            return self.amount.same(other.amount)
        return bool(self.name) and (self.name.endswith(other.name) if other.name else False)

    @property
    def told(self) -> bool:
        """Whether it is somebody who is told or given something, not who does it."""
        return self.kind == "role" and bool(
            re.search(rf"(?:{_TO})[^:,;。》由]{{0,2}}{re.escape(self.name)}", self.near)
        )


def _anchors(pieces: Sequence[tuple[int, str]], source: Source) -> list[_Anchor]:
    """Return the anchors of segments; a segment that begins with its amount is about the subject of the one before."""
    found: list[_Anchor] = []
    before = (-1, "")
    for block, piece in pieces:
        own = amounts(piece)
        leans = (own and own[0].start <= 1) or "," in before[1] or _TOLD.match(piece)
        carried = before[1] if before[0] == block and leans else ""
        found += [_Anchor(one.dimension, one, "", block, piece, carried) for one in own]
        found += [_Anchor("level", None, level, block, piece, carried) for level in _LEVEL.findall(piece)]
        found += [_Anchor("time", None, word, block, piece, carried) for word in sorted(time_words(piece))]
        found += [
            _Anchor("role", None, role, block, piece, carried) for role, named in roles(piece, source.text) if named
        ]
        before = (block, piece)
    return found


def moved(said: str, source: Source, cut: Cut) -> str:
    """Return what the evidence says of another thing (普通请求 gets the limit of 加急请求, a task another role)."""
    given = _anchors(source.segments, source)
    labels = [found["value"] for block in source.blocks if (found := _CELL.match(block))]
    for piece in _claims(said, source):
        own = _anchors([(0, piece)], source)
        for anchor in own:
            same = [one for one in given if one.kind == anchor.kind and _alike(anchor, one)]
            if not same:
                continue
            label = piece[anchor.amount.start : anchor.amount.end] if anchor.amount else anchor.name
            words = _words(piece, anchor, cut)
            others = [
                one
                for one in given
                if one.kind == anchor.kind
                and (one.kind != "role" or one.told == anchor.told)
                and not any(_alike(mine, one) for mine in own)
            ]
            words |= {label: 1.0 for label in labels if label in piece}
            fits = [(_fit(words, one, source), one) for one in same]
            here = max(fit for fit, _ in fits)
            if max((_fit(words, one, source) for one in others), default=0.0) >= here + MARGIN:
                return f"“{label}”在所引条款中说的是另一件事"
            near = [one for fit, one in fits if fit >= here - 0.5]
            near = near if _conditional(anchor) else [one for one in near if not _conditional(one)] or near
            limits = {one.amount.direction for one in near if one.amount}
            if anchor.amount and anchor.amount.direction and limits and not limits & {"", anchor.amount.direction}:
                return f"“{label}”的上下限与所引条款不同"
    return ""


def _alike(one: _Anchor, other: _Anchor) -> bool:
    return one.same(other) or other.same(one)


def _conditional(anchor: _Anchor) -> bool:
    """Say whether an amount only says when something holds (不足20单的), and sets no limit itself."""
    rest = anchor.near[anchor.amount.end :] if anchor.amount else ""
    return bool(re.match(r"[^,;。]{0,8}的(?:,|$)", rest))


def _words(piece: str, anchor: _Anchor, cut: Cut) -> dict[str | Amount, float]:
    """Return what tells what an anchor belongs to, with weights: the words beside it, and the other amounts.

    Who does something is told by the deed; the condition before it (不足2小时的) counts half.
    """
    words: dict[str | Amount, float] = {}
    pieces = segments(piece)
    for at, part in enumerate(pieces):
        weight = 0.5 if at + 1 < len(pieces) else 1.0
        claimed = content(part.replace(anchor.name, " ") if anchor.name else part, cut)
        words |= dict.fromkeys([*claimed, *_LETTERS.findall(part)], weight)
        _, by, deed = part.rpartition(f"由{anchor.name}")  # 月报由某人审批: who it is shows in what he does
        deeds = content(deed, cut) if by and anchor.name else []
        words |= dict.fromkeys(deeds, DEED / max(len(deeds), 1))
        case = _CASE.match(part[anchor.amount.end :]) if anchor.amount and part is piece else None
        words |= dict.fromkeys(
            content(part[anchor.amount.end + case.end() :], cut) if anchor.amount and case else [], OUTCOME
        )
        words |= {amount: weight for amount in amounts(part) if not _one_range(part, anchor.amount, amount)}
    return words


def _one_range(text: str, one: Amount | None, other: Amount) -> bool:
    """Say whether two amounts of ``text`` are one, or the two ends of one range (8至14分)."""
    if one is None:
        return False
    first, last = sorted((one, other), key=lambda amount: amount.start)
    return one.same(other) or bool(_BETWEEN.fullmatch(text[first.end : last.start]))


def _claims(said: str, source: Source) -> list[str]:
    """Return the joined segments of ``said``, a bare subject together with what follows it."""
    found: list[str] = []
    for sentence in SENTENCE.split(said):
        held = ""
        for piece in joined(sentence):
            held = f"{held},{piece}" if held else piece
            if amounts(piece) or time_words(piece) or roles(piece, source.text):
                found.append(held)
                held = ""
        found += [held] if held else []
    return found


def _fit(words: dict[str | Amount, float], anchor: _Anchor, source: Source) -> float:
    """Return how many of ``words`` stand by an anchor: in its own segment or its clause's label, else count less."""
    whole = source.blocks[anchor.block]
    near = f"{anchor.near}\n{_label(whole)}"
    total = 0.0
    for word, weight in words.items():
        if _holds(near, word):
            total += weight
        elif _holds(anchor.carried, word):
            total += 0.75 * weight
        elif _holds(whole, word):
            total += 0.5 * weight
    return total


def _label(block: str) -> str:
    """Return what a clause is about: an item's term, a row's first cell."""
    found = _LABEL.match(block)
    return found[0] if found else ""


def _holds(text: str, word: str | Amount) -> bool:
    if not isinstance(word, str):
        return any(word.same(one) for one in amounts(text))
    return word in _LETTERS.findall(text) if _LETTERS.fullmatch(word) else credit(word, text) == 1.0
