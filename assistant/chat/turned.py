"""Whether a sentence turns round what the cited clauses say: permits what they forbid, denies a demand, swaps an order.

Knows which segments speak of the same thing; the words of permission and denial are ``polarity``'s.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.chat.facts import squeezed
from assistant.chat.polarity import (
    affirmed_case,
    allowed,
    clash,
    denials,
    denied,
    forbidden,
    force,
    opposite,
    predicates,
    reversed_phrase,
    speaks_of,
    under_denial,
    unlike,
)
from assistant.chat.sources import CONDITION, PIECE, SENTENCE, Source, joined, parted, roles
from assistant.chat.wording import Cut, content, coverage

SAME_SPEECH = 0.6  # coverage from which two segments speak of the same thing
SAME_FREED = 0.4  # where one of them says that something need not be done
SURELY_SAME = 0.75
_ORDER = re.compile(r"先(?P<first>[^。;]{2,30}?)[,、·]?(?:再|然后|随后|后|才)(?P<second>[^。;,]{2,30})")
_ORDERS = (  # how a clause may say it: 先…再…, 立项前须…, 确认安全后…
    _ORDER,
    re.compile(r"(?P<second>[^。;,:]{2,12}?)之?前,?(?:必?须|应|要|先)(?P<first>[^。;]{2,30})"),
    re.compile(r"(?P<first>[^。;,:]{2,20})之?后,?(?P<second>[^。;,]{2,30})"),
)
STEPS = 2
WHOLE = 3  # characters of a step that stands word for word
SHARED = 2  # words that two pieces share when they speak of one thing
_THEN = re.compile(r"首先|其次|接下来|然后|随后|接着|最后|再(?!次)|先(?!行)")
_NOT_YET = re.compile(r"先(?:别|不要|不忙|不急)[^,;。]*[,;]?")  # 先别急着拆,先核对…: what waits is no step
_AHEAD = re.compile(r"前[^,;]{0,3}[,;]?\s*$")
_PROHIBITS = re.compile(r"[^,]{0,12}?(?P<how>严禁|禁止|不得|不准|不许|不允许)")
_LISTS = ("严禁", "禁止")
_QUOTED = re.compile(r'"[^"]*"')
_ALL_FORBIDDEN = re.compile(
    r"(?:这|以上|上述|都|均|一律|全)[^,;。]{0,6}(?:不许|不行|不可以?|不准|禁止|不允许|不得|红线|违规|严禁|不能做|要不得)[^,;。]{0,3}"
)
_FORBIDS_LIST = re.compile(r"(?:严禁|禁止|不得)[^,;。]{0,6}(?:下列|以下)[^,;。]{0,8}$|(?:严禁|禁止|不得):?$")
_ALLOWS = re.compile(r"除外|例外|但|应|须|可以|如|若|的$|未|不|没")


def turned(said: str, source: Source, cut: Cut) -> str:
    """Return what ``said`` turns round, in one line; ``""`` if nothing."""
    return (
        _turned_round(said, source, cut)
        or _turned_word(said, source, cut)
        or _affirmed(said, source)
        or _barred(said, source)
        or _wrong_condition(said, source, cut)
    )


def reordered(said: str, source: Source, cut: Cut) -> str:
    """Return what is said to come first that comes later in the evidence, in one line; ``""`` if nothing."""
    return _reordered(said, source, cut) or _steps_reordered(said, source, cut)


def opposed(said: str, source: Source) -> str:
    """Return the word of ``said`` whose opposite the evidence says, in one line; ``""`` if there is none."""
    blocks = "\n".join(source.blocks)
    word = (
        opposite(said, blocks) or reversed_phrase(said, blocks) or unlike(said, blocks) or affirmed_case(said, blocks)
    )
    return f"“{word}”与所引条款相反" if word else ""


def _turned_round(said: str, source: Source, cut: Cut) -> str:
    others = _evidence(source)
    for piece in _stated(said):
        if _only_a_case(piece, said):
            continue
        words = [word for word in content(piece, cut) if word not in source.heading]
        if not words:
            continue
        alike = [(coverage(words, other), other) for other in others]
        best = max((share for share, _ in alike), default=0.0)
        least = SAME_FREED if force(piece) == "need_not" else SAME_SPEECH
        if best < least or any(denied(piece)[0] & denied(other)[0] for other in others):
            continue
        nearest = [other for share, other in alike if share >= best - 0.05]
        sure = best >= SURELY_SAME
        if all(clash(piece, other) or (sure and forbidden(piece, other)) for other in nearest):
            return f"与所引条款说的相反：{piece.strip()}"
    return ""


def _only_a_case(piece: str, said: str) -> bool:
    """Say whether ``piece`` only names a case (没有申请的) of which the rest of ``said`` tells something, no concession."""
    return bool(CONDITION.search(piece)) and not force(piece) and not said.partition(piece)[2].startswith(",也")


def _evidence(source: Source) -> list[str]:
    """Return what the blocks state; what an introduction forbids (严禁下列行为) is forbidden in each."""
    head = next((found[0] for one in source.introductions if (found := _FORBIDS_LIST.search(one))), "")
    return [f"{head[:2]}{piece}" if head else piece for block in source.blocks for piece in _stated(block)]


def _stated(text: str) -> list[str]:
    """Return what is stated piece by piece; what a prohibition at the head of a list forbids is forbidden in each."""
    found: list[str] = []
    for sentence in SENTENCE.split(text):
        head = ""
        pieces = list(filter(squeezed, PIECE.split(sentence)))
        if len(pieces) > 1 and _ALL_FORBIDDEN.fullmatch(pieces[-1].strip()):  # 隐瞒、晚报,这些一律不许
            found += [f"{_LISTS[0]}{piece}" for piece in pieces[:-1]]
            continue
        for piece in pieces:
            opens = _PROHIBITS.match(piece)
            head = (
                opens["how"]
                if opens
                else ""
                if _ALLOWS.search(piece) or (head not in _LISTS and piece[0] != "或")
                else head
            )
            found.append(piece if opens or not head else f"{head}{piece}")
    return found


def _turned_word(said: str, source: Source, cut: Cut) -> str:
    """Return what is permitted or denied that every place in the evidence that speaks of it says otherwise of."""
    others = [*_evidence(source), *(piece for block in source.introductions for piece in _stated(block))]
    for piece in _stated(said):
        if _only_a_case(piece, said):
            continue
        if force(piece) in {"may", "need_not"} and _elsewhere_forbidden(piece, others, cut):
            return f"与所引条款说的相反：{piece.strip()}"
        for what in sorted(one for one in predicates(piece) if len(one) > 1):
            speaking = [other for other in others if what in other]
            if speaking and all(clash(piece, other) for other in speaking):
                return f"与所引条款说的相反：{piece.strip()}"
    return ""


def _elsewhere_forbidden(piece: str, others: Sequence[str], cut: Cut) -> bool:
    """Say whether what ``piece`` allows is named in the evidence, and there only where it is denied."""
    whole = piece
    if force(piece) == "may":
        piece = _QUOTED.sub(" ", allowed(piece))
        if denied(piece)[0]:
            return False
    words = [word for word in content(piece, cut) if len(word) > 1]
    for word in words:
        speaking = [other for other in others if word in other]
        if speaking and all(
            under_denial(word, other) or (denied(other)[0] and clash(whole, other)) for other in speaking
        ):
            return True
    speaking = [other for other in others if sum(word in other for word in words) >= SHARED]
    return bool(speaking) and all(clash(whole, other) for other in speaking)


def _barred(said: str, source: Source) -> str:
    """Return what is allowed of what stands in a list of things that are not (不予退换的情形)."""
    barred = {what for one in source.introductions for what in denied(re.split(r"[。\n]", one.rstrip("。:"))[-1])[0]}
    for piece in _stated(said):
        if force(piece) == "may" and not denied(piece)[0] and any(set(what) & set(allowed(piece)) for what in barred):
            return f"与所引条款说的相反：{piece.strip()}"
    return ""


def _affirmed(said: str, source: Source) -> str:
    """Return what is said to be, which the evidence nowhere says but to deny it."""
    others = [piece for block in (*source.blocks, *source.introductions) for piece in _stated(block)]
    only_denied = {what for other in others for what in denials(other)}
    only_denied -= {what for what in only_denied if any(what in denied(other)[1] for other in others)}
    for piece in _stated(said):
        if not denied(piece)[0] and any(speaks_of(what, piece) for what in only_denied):
            return f"与所引条款说的相反：{piece.strip()}"
    return ""


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
    ours = _ORDER.search(_NOT_YET.sub("", said))
    if not ours:
        return ""
    first, second = content(ours["first"], cut), content(ours["second"], cut)
    for theirs in (found for block in source.blocks for order in _ORDERS for found in order.finditer(block)):
        straight = coverage(first, theirs["first"]) + coverage(second, theirs["second"])
        to, fro = coverage(first, theirs["second"]), coverage(second, theirs["first"])
        if first and second and min(to, fro) > 0 and to + fro > straight + 0.5:
            return f"先后与所引条款相反：{ours[0].strip()}"
    return ""


def _steps_reordered(said: str, source: Source, cut: Cut) -> str:
    """Return steps that are said one after another (先…再…最后…) and stand in the evidence the other way round."""
    for sentence in SENTENCE.split(_NOT_YET.sub("", said)):
        opening, *rest = _THEN.split(sentence)
        led = re.match(r"首先|先", sentence[len(opening) :])  # what opens such a sentence is no step
        if not led and _THEN.findall(sentence) == ["最后"]:  # says who has the last word
            continue
        parts = rest if led or _AHEAD.search(opening) else [opening, *rest]
        if not rest or len(parts) < STEPS:
            continue
        pieces = [one for block in source.blocks for one in parted(block, SENTENCE)]
        fits = [min(coverage(_deeds(part, piece, cut), piece) for part in parts) for piece in pieces]
        best = max(range(len(pieces)), key=fits.__getitem__)
        if fits[best] < SAME_FREED:
            continue
        places = [_place(part, pieces[best], cut, last=at > 0) for at, part in enumerate(parts)]
        places = [place for place in places if place >= 0]
        every = len(parts) > STEPS and len(places) == len(parts) and fits[best] == 1.0
        if every and places != sorted(places):
            return f"先后与所引条款不同：{sentence.strip()}"
        if len(places) >= STEPS and places[0] > places[-1] and places[0] == max(places):
            return f"先后与所引条款相反：{sentence.strip()}"
    return ""


def _deeds(part: str, block: str, cut: Cut) -> list[str]:
    for who, _ in roles(part, block):
        part = part.replace(who, " ")
    return content(part, cut)


def _place(part: str, block: str, cut: Cut, *, last: bool) -> int:
    """Return where ``part`` first (or ``last``) stands in ``block``: what is done, else whom it names; -1 if nowhere."""
    whole = squeezed(part)
    if len(whole) > WHOLE and whole in block:
        return block.rfind(whole) if last else block.find(whole)
    deeds = (word for word in _deeds(part, block, cut) if len(word) > 1 and word in block)
    words = [word for word in deeds if not re.search(rf"{re.escape(word)}之?前", block)]  # 立项前须… comes later
    words = words or [who for who, named in roles(part, block) if named]
    if not words:
        return -1
    return max(map(block.rfind, words)) if last else min(map(block.find, words))
