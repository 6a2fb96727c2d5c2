"""From a block to what it orders: its sentences and half-sentences, split where one order ends and the next begins.

Knows punctuation, prohibitions inside a step, and what is only an explanation. Every unit is a verbatim slice of its block.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.checklist.model import CheckKind
from assistant.checklist.opening import opens_with_verb
from assistant.checklist.orders import LIKELY, likelihood
from assistant.checklist.parts import Part, pieces
from assistant.checklist.split import KEPT_FOR, Run, acts, is_case, only_tells_when, says_so, split
from assistant.checklist.telling import explains, in_charge, only_when, speaks_of, unobservable
from assistant.checklist.words import DUTY, PROHIBITION, VERB, role_at_start
from kb.model import Block

# Arrows from which on a sentence is a chain of steps.
LINKS = 2
# Characters up to which the first sentence of an item is its name.
LABEL = 6
# How likely a part of a document of orders has to be one that its place or a word of duty speaks for.
LEAST = 0.3
# The same for a link of a chain of steps, and for how long something is kept.
CERTAIN = 0.08
SAID = 0.4
# How little likely a part is that only says what the order behind it is about.
DOUBTED = 0.3
# What happened, before the colon (发生针刺伤：…): the case of all that is to be done.
_EVENT = re.compile(
    r"(?P<what>(?:发[生现]|出现|遇到?|接到|听到|突发|一旦)[^，：、]{1,14}|[^，：、]{2,12}(?:时|后|的|了))：|(?P<led>[^，：→]{2,24}?)\s*→\s*(?=[^→]+$)"
)
# How something is to be (语速适中): an order without a verb, not what the next one is about.
_KEPT_SO = re.compile(r"(?:适中|清[晰楚洁]|整[洁齐]|一致|齐全|完好|到位|平稳|规范|礼貌|热情|自然|得体|牢固|干净)$")
_FAILS = re.compile(r"[不没未无缺坏断]|了$|^(?:发[现生]|出现|遇|[接收听看见碰]到)")
# What is so or may be done in any case (探视时间为每日9时至11时, 可以看到住址): no case of what follows.
_STATED = re.compile(r"(?<!成)为(?!了)|即为|是(?!否)|可以?(?!疑|燃)|用于|一般|通常|\d[^，]{0,4}(?:完成|实施)$|[：:]")


@dataclass(frozen=True)
class Unit:
    """One order: ``block.text[start:end]``.

    ``before`` is the part just before it that it leans on (for a prohibition); ``case`` the case its sentence opens with,
    where that stands before it; ``led`` how many of its own first parts are not the order but what it is about.
    """

    block: Block
    start: int
    end: int
    kind: CheckKind
    before: str = ""
    case: str = ""
    led: int = 0

    @property
    def text(self) -> str:
        """The words themselves, without white space and punctuation at either end."""
        return self.block.text[self.start : self.end]


def units(
    block: Block,
    *,
    lenient: bool,
    instructs: bool = False,
    known: frozenset[str] = frozenset(),
    forbidden: bool = False,
) -> list[Unit]:
    """Return the orders of a paragraph or an item, in order.

    ``lenient``: what does not explain is an order (a numbered step); otherwise it has to say so. ``instructs``: the
    document speaks in orders, so the model of ``orders`` decides. ``forbidden``: a lead sentence forbids all of it.
    """
    if forbidden:
        return _forbidden(block, _after_term(block))
    found: list[Unit] = []
    for piece in sentences(block, chains=instructs or lenient):
        # From when a time is counted is worth a line only among steps.
        if block.kind == "item" and _labels(block, piece):
            continue
        if explains(piece.text) or in_charge(piece.text) or (not lenient and piece.text.endswith("起算")):
            continue
        if only_when(piece.text) and not lenient:
            continue
        if block.kind == "paragraph" and speaks_of(piece.text, known):
            continue
        found.extend(_orders(block, piece, lenient=lenient, instructs=instructs, known=known))
    return found


def _labels(block: Block, piece: Part) -> bool:
    """Say whether a sentence is no more than the name of what follows in its item (结单。上传前后照片)."""
    first = piece.end <= LABEL and block.text.startswith(piece.text) and not block.term
    return first and block.text[piece.end : piece.end + 1] == "。" and piece.end + 2 < len(block.text)


def sentences(block: Block, *, chains: bool = True) -> list[Part]:
    """Return the sentences of a block behind its lead term, a chain of steps (清场→关灯→锁门) as its links."""
    found: list[Part] = []
    for piece in pieces(block.text, _after_term(block)):
        if not chains or piece.text.count("→") < LINKS:
            found.append(piece)
            continue
        head, colon, _ = piece.text.partition("：")
        begin = len(head) + 1 if colon and "→" not in head else 0
        found.extend(
            Part(piece.start + one.start, piece.start + one.end, one.text) for one in pieces(piece.text, begin, "→")
        )
    return found


def _after_term(block: Block) -> int:
    """Return where the words after the lead term begin; scraped text may lack the colon (沟通机制设计服务团队应…)."""
    if not block.term or not block.text.startswith(block.term):
        return 0
    after = len(block.term)
    return after + 1 if block.text[after : after + 1] in ("：", ":") else after


def _forbidden(block: Block, start: int) -> list[Unit]:
    found = []
    for number, piece in enumerate(pieces(block.text, start)):
        kind: CheckKind = "obligation" if number and DUTY.search(piece.text) else "prohibition"
        found.append(Unit(block, piece.start if number else start, piece.end, kind))
    return found


def _orders(block: Block, piece: Part, *, lenient: bool, instructs: bool, known: frozenset[str]) -> list[Unit]:
    """Return the orders of one sentence: its prohibitions apart from what it tells to do."""
    event = _EVENT.match(piece.text) if instructs else None
    begin = event.end() if event else 0
    parts = [
        Part(piece.start + part.start, piece.start + part.end, part.text) for part in pieces(piece.text, begin, "，,")
    ]
    order: CheckKind = "step" if lenient else "obligation"
    link = piece.end < len(block.text) and "→" in block.text[piece.start - 1 : piece.end + 1]
    said = lenient or link or says_so(piece.text, known)
    likely = [likelihood(piece.text, number) for number in range(len(parts))] if instructs else []
    ordering = frozenset(number for number, value in enumerate(likely) if value >= LIKELY)
    found: list[Unit] = []
    for run in split(parts, known, bare=lenient, ordering=ordering):
        here = parts[run.first : run.last + 1]
        text = block.text[here[0].start : here[-1].end]
        whole = (lenient or link) and len(here) == len(parts)
        if instructs:
            # ①物料名称 of 写清以下内容; 量冰箱温度：冷藏0～5℃
            listed = whole and (block.level > 0 or _orders_something(block.term))
            sure = whole or run.forbids or bool(DUTY.search(text))
            certain = link or bool(KEPT_FOR.search(text))
            least = (
                0.0 if listed else CERTAIN if certain else LEAST if sure else SAID if says_so(text, known) else LIKELY
            )
            ordered = max(likely[run.first : run.last + 1]) >= least
        else:
            ordered = said and (whole or says_so(text, known) or any(acts(one.text, known) for one in here))
        if not ordered and not (run.forbids and PROHIBITION.search(text)):
            continue
        if not run.forbids and unobservable([one.text for one in here if not is_case(one.text)] or [text]):
            continue
        before = parts[run.first - 1].text if run.first else ""
        kind: CheckKind = "prohibition" if run.forbids else order
        case = "，".join(one for one in ((event["what"] or event["led"]) if event else "", run.case) if one)
        found.append(Unit(block, here[0].start, here[-1].end, kind, before, case, _led(run, likely, here[0].text)))
    return _with_cases(found, known)


def _with_cases(found: Sequence[Unit], known: frozenset[str]) -> list[Unit]:
    """Return the units of a sentence; one that only tells when is the case of the next, and no line."""
    kept: list[Unit] = []
    when = ""
    for number, unit in enumerate(found):
        last = number + 1 == len(found)
        if not last and unit.kind != "prohibition" and "，" not in unit.text and only_tells_when(unit.text, known):
            when = unit.text
            continue
        kept.append(replace(unit, case=unit.case or when) if when else unit)
        when = "" if unit.kind != "prohibition" else when
    return kept


def _orders_something(term: str) -> bool:
    return opens_with_verb(term) or (bool(term) and likelihood(term, 0) >= LIKELY)


def _led(run: Run, likely: Sequence[float], opening: str) -> int:
    """Return 1 where the first part of a run orders nothing (组长都在忙，承诺2小时内回电) though one behind does."""
    told = likely[run.first : run.last + 1]
    first = next((at for at, value in enumerate(told) if value >= LIKELY), 0)
    role = role_at_start(opening)
    no_case = (
        bool(role and VERB.search(opening[len(role) :]) and not _FAILS.search(opening))
        or _KEPT_SO.search(opening)
        or _STATED.search(opening)
        or (opens_with_verb(opening) and not _FAILS.search(opening))
    )
    return 1 if first and told[0] < DOUBTED and not no_case else 0
