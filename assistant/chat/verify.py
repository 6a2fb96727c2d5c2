"""Does a generated sentence say only what the clauses say that it cites? Pure functions on texts.

A sentence stands where every amount, time, code, name and role in it stands in the cited evidence and belongs to the
same thing there, where nothing is permitted or denied that the evidence does not, and where its words are covered.
Knows one sentence at a time; nothing of models, streams or where the evidence came from. ``python -m
eval.sentence_check`` measures it on labelled sentences.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.chat.actors import exchanged
from assistant.chat.belonging import moved
from assistant.chat.exclusive import given_away
from assistant.chat.facts import Amount, amounts, codes, latin, names, plain, squeezed, time_words, without_amounts
from assistant.chat.polarity import force
from assistant.chat.scope import widened
from assistant.chat.sources import Evidence, Source, roles, segments, without_positions
from assistant.chat.turned import turned
from assistant.chat.wording import Cut, content, coverage, credit

# The loosest values at which no more of the sentences in part "tune" of eval/datasets/sentences.jsonl slip through.
LEAST_COVERAGE = 0.6
LEAST_SEGMENT = 0.22
LEAST_ALLOWED = 0.3  # where it allows something
LEAST_OWN = 0.35  # by the clauses themselves, without headings and introductions
SEGMENT_WORDS = 4  # characters of content that make a segment a claim of its own
_PLACE = re.compile(r"第?\d{1,2}(?:\.\d{1,2}){1,3}(?:-[\dpt.r]+)?(?=[节条款章]|的|规定|[,:;]|$)")
_PEOPLE = frozenset("人 个 名 位 方".split())
_PERIODS = frozenset("天 周 月 季度 年".split())
_MARKER = re.compile(r"\s*\[\d+(?:\s*[,，、-]\s*\d+)*\]")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a sentence stands, and if not, why: one line of Chinese."""

    supported: bool
    reason: str = ""


STANDS = Verdict(True)


def check(sentence: str, cited: Sequence[Evidence], *, cut: Cut) -> Verdict:
    """Return whether ``sentence`` is supported by ``cited``.

    Args:
        sentence: one sentence, with or without its markers and its number in a list.
        cited: the evidence that it cites, at least one piece for anything to stand.
        cut: cuts a text into words.
    """
    said = _without_places(without_positions(plain(_MARKER.sub("", sentence))), cited)
    if not cited:
        return Verdict(False, "没有标明出处")
    source = Source.of(cited)
    if any(squeezed(said) in squeezed(block) for block in source.blocks):
        return STANDS  # word for word
    reason = (
        _missing_amount(said, source)
        or _missing_name(said, source)
        or _missing_role(said, source)
        or turned(said, source, cut)
        or widened(said, source, cut)
        or exchanged(said, source, cut)
        or given_away(said, source, cut)
        or _not_said(said, source, cut)
        or moved(said, source, cut)
    )
    return Verdict(False, reason) if reason else STANDS


def _without_places(said: str, cited: Sequence[Evidence]) -> str:
    """Return ``said`` without the numbers of the sections it cites (按5.1的规定)."""
    headings = " ".join(one.heading for one in cited)
    return _PLACE.sub(lambda place: " " if place[0].lstrip("第") in headings else place[0], said)


def _missing_amount(said: str, source: Source) -> str:
    given = (*amounts(source.text), *_of_a_list(source))
    named = {role for role, _ in roles(said, source.around)}
    for amount in amounts(said):
        if (amount.value, amount.unit) == ("2", "天") and said[: amount.start].endswith("第"):
            continue  # the day after: one of the times without a number
        if amount.unit in _PEOPLE and amount.value == str(len(named)):
            continue  # counts those whom it names
        same = [one for one in given if amount.same(one)]
        words = said[amount.start : amount.end].strip()
        if not same and not _of_a_period(said, amount, source):
            return f"数字“{words}”不在所引条款中"
    for word in sorted(time_words(said) - time_words(source.text)):
        return f"“{word}”不在所引条款中"
    return ""


def _of_a_list(source: Source) -> list[Amount]:
    """Return the amounts that hold for every member of the list cited (整单记0分:), not those that count its members."""
    leads = (re.split(r"[。\n]", one)[-1] for one in source.introductions if one.endswith(":"))
    return [amount for lead in leads for amount in amounts(lead) if amount.dimension != "count" or amount.unit == "分"]


def _of_a_period(said: str, amount: Amount, source: Source) -> bool:
    """Say whether an amount is only a period's name (一周平均分, where the evidence has 周平均分)."""
    named = re.match(r"[\u4e00-\u9fff]{2}", said[amount.end :])
    bare = named and re.search(rf"(?<!\d){amount.unit}{named[0]}", source.text)
    return amount.value == "1" and amount.unit in _PERIODS and bool(bare)


def _missing_name(said: str, source: Source) -> str:
    given = codes(source.text)
    for code in codes(said):
        if not any(other[: len(code)] == code for other in given):
            return f"编号“{'-'.join(code)}”不在所引条款中"
    for word in latin(said):
        if word not in source.around:
            return f"“{word}”不在所引条款中"
    flat = squeezed(source.around)
    for name in names(said):
        if name not in flat:
            return f"“{name}”不在所引条款中"
    return ""


def _missing_role(said: str, source: Source) -> str:
    for role, named in roles(said, source.around):
        if not named:
            return f"“{role}”不在所引条款中"
    return ""


def _without_roles(piece: str, source: Source) -> str:
    """Return ``piece`` without the roles it names: that both name 信息安全员 says nothing of what is claimed."""
    for role, _ in roles(piece, source.around):
        piece = piece.replace(role, " ")
    return without_amounts(piece)


def _not_said(said: str, source: Source, cut: Cut) -> str:
    every: list[str] = []
    for piece in segments(said):
        words = content(_without_roles(piece, source), cut)
        every += words
        least = LEAST_ALLOWED if force(piece) == "may" else LEAST_SEGMENT
        if sum(map(len, words)) >= SEGMENT_WORDS and coverage(words, source.around) < least:
            return f"所引条款没有说到：{piece.strip()}"
    own = coverage(every, "\n".join(source.blocks)) >= LEAST_OWN
    if sum(map(len, every)) >= SEGMENT_WORDS and (not own or coverage(every, source.around) < LEAST_COVERAGE):
        missing = [word for word in every if credit(word, source.around) < 0.5]
        return f"所引条款没有说到：{'、'.join(dict.fromkeys(missing))}"
    return ""


__all__ = ["Evidence", "Verdict", "check", "roles"]
