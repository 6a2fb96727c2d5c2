"""Whether a sentence pairs what the cited clauses pair otherwise: A gets what B has and B what A has, or another does the deed.

Knows pieces of texts and which words stand in only one of them. Knows nothing of amounts' limits, permission and denial.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import combinations

from assistant.chat.facts import amounts, squeezed, without_amounts
from assistant.chat.sources import CONDITION, PIECE, SENTENCE, Source, parted, roles
from assistant.chat.wording import Cut, content, credit

_COMMAS = re.compile(r"[,;。!?\n]+")  # a label belongs to what it labels
_FINE = re.compile(r"[,;。!?、·→\n]+")
_CASE = re.compile("[的时],")
_LATIN = re.compile(r"(?<![a-z0-9])[a-z]+(?![a-z0-9])")
_BY = re.compile(r"(?<![理缘自])由(?P<who>[^,;。:由]{2,14})")
_NOBODY = re.compile("没|未|另|其|这|该|他|她|本人|自己|不同|专人")  # who is meant is told by something else
_LIGHT = frozenset(
    '的 和 与 及 或 由 在 于 为 是 的 了 并 须 应 可 不 不得 对 按 后 前 时 内 等 其 、 , ; 。 : ( ) " 《 》 · 个'.split()
)
_OPENS_CASE = re.compile("如果|若|当|为|要是|一旦")
_LIGHT_DEEDS = frozenset("负责 完成 要求 需要".split())
ALIKE = 0.5  # credit from which two names are one
NEARLY = 0.5  # share of a piece that stands word for word
LONGEST = 8  # characters of what stands for something else
MOST = 3  # pieces of the evidence from which two exchanged statements take their words
KNOWN = 2  # characters of an agent's name
AGENT = 12  # characters in which he stands before his deed


def crossed(said: str, source: Source, cut: Cut) -> str:
    """Return what stands for something else, or who for somebody else, in one line; ``""`` if nothing."""
    return _replaced(said, source, cut) or _another_does(said, source, cut)


def paired_otherwise(said: str, source: Source, cut: Cut) -> str:
    """Return two pieces of which each takes from two pieces of the evidence what belongs to the other."""
    blocks = [_named(block) for block in source.blocks]
    for pattern in (_COMMAS, _FINE, SENTENCE):
        theirs = [piece for block in blocks for piece in _pieces(block, pattern)]
        ours = [piece for piece in pattern.split(said) if squeezed(piece)]
        places = [_places(piece, theirs, cut) for piece in ours]
        for (one, first), (other, second) in combinations(zip(ours, places, strict=True), 2):
            for left, right in combinations(sorted(set(first) & set(second)), 2):
                if not _wholly(one, other, first, second, (left, right)) and not _parallel(
                    theirs[left], theirs[right], cut
                ):
                    continue
                if first[left] != second[left] and first[right] != second[right]:
                    return f"“{one.strip()}”与“{other.strip()}”在所引条款中不是这样对应的"
    return ""


def _wholly(
    one: str, other: str, first: dict[int, set[str]], second: dict[int, set[str]], places: tuple[int, int]
) -> bool:
    """Say whether two statements, no cases, have all of their words from two neighbouring pieces of the evidence."""
    left, right = places
    stated = not any(CONDITION.search(piece) or _OPENS_CASE.match(piece.strip()) for piece in (one, other))
    told = all(
        any(len(word) > 1 and word not in _LIGHT_DEEDS for word in words)
        for found in (first, second)
        for words in found.values()
    )
    both = {left, right}
    return (
        stated
        and told
        and right == left + 1
        and both <= set(first)
        and both <= set(second)
        and len({*first, *second}) <= MOST
    )


def _replaced(said: str, source: Source, cut: Cut) -> str:
    """Return the word that stands in a piece, nearly word for word, where the evidence has another of its words."""
    blocks = [_named(block) for block in source.blocks]
    theirs = [piece for block in blocks for piece in _pieces(block, PIECE)]
    found: list[tuple[str, str, str]] = []
    for piece in (one for one in PIECE.split(said) if squeezed(one)):
        ours = [word for word in cut(piece) if squeezed(word)]
        alike = [_aligned(ours, [word for word in cut(other) if squeezed(word)]) for other in theirs]
        best = max((same for same, _ in alike), default=0)
        if best < NEARLY * len("".join(ours)):
            continue
        for at, (same, replaced) in enumerate(alike):
            if same == best:
                rest = "\n".join([*theirs[:at], *theirs[at + 1 :]])
                found += [
                    (new, old, rest) for new, old in replaced if credit(new, theirs[at]) < ALIKE and old not in piece
                ]
    for new, old, rest in found:
        words = content(old, cut)
        if not words or not content(new, cut) or not 1 < len(new) <= LONGEST or new not in rest:
            continue
        mirrored = any(old in one and new in other for one, other, _ in found)
        if mirrored or not any(word in said for word in words):
            return f"“{new}”在所引条款中说的是另一件事"
    return ""


def _aligned(ours: Sequence[str], theirs: Sequence[str]) -> tuple[int, list[tuple[str, str]]]:
    """Return how many characters of two rows of words are the same, in order, and which words stand for which others."""
    steps = SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    same = sum(len("".join(ours[one:two])) for how, one, two, _, _ in steps if how == "equal")
    return same, [
        ("".join(ours[one:two]), "".join(theirs[left:right]))
        for how, one, two, left, right in steps
        if how == "replace"
    ]


def _pieces(block: str, pattern: re.Pattern[str]) -> Iterator[str]:
    yield from filter(squeezed, parted(block, pattern))


def _named(block: str) -> str:
    """Return ``block`` with 前者 and 后者 as what they are (业务服务目录与技术服务目录,前者…后者…)."""
    pair = re.search(r"(?P<one>[\u4e00-\u9fff]{2,10})[与和](?P<other>[\u4e00-\u9fff]{2,10})[,;:]前者", block)
    if not pair:
        return block
    one = pair["one"][-len(pair["other"]) :]
    return block.replace("前者", one).replace("后者", pair["other"])


def _places(piece: str, theirs: Sequence[str], cut: Cut) -> dict[int, set[str]]:
    """Return the words of ``piece`` that stand in only one piece of the evidence, by that piece."""
    found: dict[int, set[str]] = {}
    words = {*(word for word in content(without_amounts(piece), cut)), *_LATIN.findall(piece)}
    for word in words:
        where = [at for at, other in enumerate(theirs) if _stands(word, other)]
        if len(where) == 1:
            found.setdefault(where[0], set()).add(word)
    for amount in amounts(piece):
        where = [at for at, other in enumerate(theirs) if any(amount.same(one) for one in amounts(other))]
        if len(where) == 1:
            found.setdefault(where[0], set()).add(f"{amount.value}{amount.unit}")
    return found


def _stands(word: str, text: str) -> bool:
    return word in _LATIN.findall(text) if word.isascii() else credit(word, text) == 1.0


def _parallel(one: str, other: str, cut: Cut) -> bool:
    """Say whether two pieces are built alike (横向表示时间, 纵向表示部门): what is told of one could be told of the other."""
    pairs = [{text[at : at + 2] for at in range(len(text) - 1)} for text in (squeezed(one), squeezed(other))]
    cases = all(_CASE.search(text) for text in (one, other))  # 离职的,… 转岗的,…
    return cases or bool(pairs[0] & pairs[1]) or bool((set(cut(one)) & set(cut(other))) - _LIGHT)


def _another_does(said: str, source: Source, cut: Cut) -> str:
    """Return who is said to do (由X承担) what the evidence says that another does (由Y承担)."""
    for found in _BY.finditer(said):
        words = list(cut(found["who"]))
        for at in range(1, len(words)):
            who, deed = "".join(words[:at]), words[at]
            if _NOBODY.match(who) or deed.startswith("代") or re.search(r"\d", who + deed):
                break
            if len(who) < KNOWN or len(deed) < KNOWN or deed not in source.text:
                continue
            by = re.compile(rf"由(?P<who>[^,;。:由]{{2,{AGENT}}}?){re.escape(deed)}")
            agents = [match["who"] for block in source.blocks for match in by.finditer(block)]
            if agents and not any(_same(who, one, source) for one in agents):
                return f"“{who}”在所引条款中不是做这件事的人"
            break
    return ""


def _same(who: str, agent: str, source: Source) -> bool:
    """Say whether ``who`` names the one with whom ``agent`` begins: by the role, else by as much as the evidence knows."""
    if named := roles(who, source.text):
        return any(role in agent for role, _ in named)
    known = next((who[:size] for size in range(len(who), KNOWN - 1, -1) if who[:size] in source.text), "")
    return known in agent or agent[:KNOWN] in known if known else credit(who, agent) >= ALIKE
