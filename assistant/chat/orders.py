"""Whether a sentence puts in another order what the cited clauses enumerate or compare (依次采用, 次序为; A优先于B).

Knows enumerations and comparisons; what is said with 先, 再 and 后 is ``turned``'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from assistant.chat.facts import Amount, amounts, squeezed, without_amounts
from assistant.chat.sources import Source
from assistant.chat.wording import Cut, content, coverage

KNOWN, UNKNOWN = 2, 0.3  # members that the evidence has; coverage below which it does not have one
LEAST = 3  # members of an enumeration whose order tells something
_IN_ORDER = re.compile(r"依次|次序|顺序|先后|第一步|逐级|步骤|→")
_RUN = re.compile(r"[^,;。:、·()→]{1,14}(?:[、·,→][^,;。:、·()→]{1,14}){2,}")
_NAMES = re.compile(r"[^,;。:、·()]{1,14}(?:[、·][^,;。:、·()]{1,14}){2,}")
_FIRST = re.compile(
    r"先(?P<first>[\u4e00-\u9fff]{1,4})[,、·]?(?:再|然后|后)(?P<second>[\u4e00-\u9fff]{1,4}?)(?=[,;。、·:]|$)"
)
_CLOSES = re.compile("等|其他|之类|情况|信息|方面|内容")
_FROM = re.compile("[由从][^,;。]{0,2}$")
_TO = re.compile("^[^,;。]{0,6}[到至为成]")
_CHANGE = re.compile(
    r"[由从](?P<start>[^,;。:由从]{2,12}?)(?:逐步|逐渐|过渡|转变?|改|变|升级?|切换)(?:到|为|至|成|向|用)(?P<end>[^,;。:]{2,12})"
)
_JOIN = re.compile(r"[、·,→]|[和与及](?=[^、·,]*$)")
_COMPARED = re.compile(
    r"(?P<left>[^,;。:]{2,16}?)(?:应|须|要|可以?|必须|一般|通常)?(?P<how>优先于|先于|早于|晚于|高于|低于|多于|少于|大于|小于|长于|短于|重于|服从于?|从属于)(?P<right>[^,;。:\d]{2,16})"
)
_OPPOSITE = dict(
    pair.split("/")
    for pair in "高于/低于 多于/少于 大于/小于 长于/短于 早于/晚于 低于/高于 少于/多于 小于/大于 短于/长于 晚于/早于".split()
)


def disordered(said: str, source: Source, cut: Cut) -> str:
    """Return what stands in another order than in the evidence, in one line; ``""`` if nothing."""
    return (
        _enumerated(said, source)
        or _first_last(said, source)
        or _foreign_member(said, source, cut)
        or _compared(said, source, cut)
        or _changed_back(said, source)
        or _turned_change(said, source, cut)
    )


def _enumerated(said: str, source: Source) -> str:
    if not _IN_ORDER.search(said):
        return ""
    for run in _RUN.finditer(said):
        members = [squeezed(one) for one in _JOIN.split(run[0])]
        for block in source.blocks:
            flat = squeezed(block) if _IN_ORDER.search(block) or _NAMES.search(block) else ""
            places = [at for one in members if (at := _place(one, flat)) >= 0]
            if len(places) >= LEAST and places != sorted(places):
                return f"先后与所引条款不同：{run[0].strip()}"
    return ""


def _first_last(said: str, source: Source) -> str:
    """Return what is said first and then (先湿后干), where the evidence has it in so many words the other way."""
    for ours in _FIRST.finditer(said):
        if ours["first"] == ours["second"]:  # 先做什么后做什么
            continue
        turned = re.compile(rf"先{ours['second']}[,、·]?(?:再|然后|后){ours['first']}")
        if any(turned.search(block) for block in source.blocks):
            return f"先后与所引条款相反：{ours[0]}"
    return ""


def _foreign_member(said: str, source: Source, cut: Cut) -> str:
    """Return a member of an enumeration of which the evidence knows the others."""
    for run in _NAMES.finditer(said):
        members = [without_amounts(one) for one in _JOIN.split(run[0]) if squeezed(one)][
            1:
        ]  # what leads to the first belongs to it
        known = [one for one in members if squeezed(one) in squeezed(source.text)]
        foreign = [one for one in members if content(one, cut) and coverage(content(one, cut), source.around) < UNKNOWN]
        if len(known) >= KNOWN and len(foreign) == 1 and not _CLOSES.search(foreign[0]):
            return f"“{foreign[0].strip()}”不在所引条款中"
    return ""


def _changed_back(said: str, source: Source) -> str:
    """Return a change (由2小时降到3天) that the evidence tells the other way."""
    for before, after in _changes(said):
        for block in source.blocks:
            if any(before.same(end) and after.same(start) for start, end in _changes(block)):
                return f"与所引条款说的相反：{said[before.start : after.end]}"
    return ""


def _turned_change(said: str, source: Source, cut: Cut) -> str:
    """Return a change from one thing to another (由经验派单过渡到系统派单) that the evidence tells the other way."""
    for ours in _CHANGE.finditer(said):
        start, end = content(ours["start"], cut), content(ours["end"], cut)
        for theirs in (found for block in source.blocks for found in _CHANGE.finditer(block)):
            straight = coverage(start, theirs["start"]) + coverage(end, theirs["end"])
            crossed = coverage(start, theirs["end"]) + coverage(end, theirs["start"])
            if start and end and crossed > straight + 0.4:
                return f"与所引条款说的相反：{ours[0]}"
    return ""


def _changes(text: str) -> Iterator[tuple[Amount, Amount]]:
    """Yield the amounts between which something changes: from, to."""
    found = amounts(text)
    for before, after in pairwise(found):
        led = _FROM.search(text[: before.start])
        if led and _TO.search(text[before.end : after.start]) and not before.same(after):
            yield before, after


def _place(member: str, flat: str) -> int:
    """Return where ``member``, without the words that lead to it, first stands in ``flat``; -1 if nowhere."""
    for size in range(len(member), 1, -1):
        if (at := flat.find(member[-size:])) >= 0:
            return at
    return -1


def _compared(said: str, source: Source, cut: Cut) -> str:
    for ours in _COMPARED.finditer(said):
        for theirs in (found for block in source.blocks for found in _COMPARED.finditer(block)):
            left, right = content(ours["left"], cut), content(ours["right"], cut)
            straight = coverage(left, theirs["left"]) + coverage(right, theirs["right"])
            crossed = coverage(left, theirs["right"]) + coverage(right, theirs["left"])
            turned = _OPPOSITE.get(ours["how"]) == theirs["how"]
            if not left or not right or (ours["how"] != theirs["how"] and not turned):
                continue
            if (crossed > straight + 0.5) != turned and max(crossed, straight) >= 1:
                return f"与所引条款说的相反：{ours[0].strip()}"
    return ""
