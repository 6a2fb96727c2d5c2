"""From a block to what it orders: its sentences and half-sentences, split where one order ends and the next begins.

Knows punctuation, prohibitions inside a step, and what is only an explanation. Every unit is a verbatim slice of its block.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.checklist.model import CheckKind
from assistant.checklist.parts import Part, pieces, segments
from assistant.checklist.split import acts, says_plainly, says_so, split
from assistant.checklist.timing import frequency_in
from assistant.checklist.words import DUTY, PROHIBITION, role_at_start, role_by
from kb.model import Block

_EXPLAINS = re.compile(
    r"^(?:这就是|问[：:]|用于|可用于|[^，]{0,8}理论(?:主张|认为)|例如|比如|譬如|如：|其中[，：]|即[，：]|也就是|这样|因为|由于|目的是|综上|总之|实践|注[：:]|说明[：:]|可见|为此目的|原因是|"
    r"[^，。]{0,12}(?:研究|调研|报告|数据|统计)(?:显示|表明|指出|认为)|(?:某|有?一家|曾有|外部|业内)[^，]{0,12}(?:企业|公司|平台|例子|参考)|据《|[^，]{1,16}(?:是指|指的是|称为|统称|代表(?!必))|"
    r"(?:本|该)(?:文件|规定|制度|手册|SOP|章|节|流程)(?:适用|规定|说明|的目的|编号|自\d|由|介绍|所称))"
)
# What there is, who it consists of, where something is to be found: nothing to do.
_DESCRIBES = re.compile(
    r"由[^，。]{1,12}(?:组成|构成|兼任)|(?:清单|型号|名单|说明|样式|格式)[^，]{0,6}(?:详?见|如)[附表图]|遵循[^。]{2,40}原则$"
    r"|^[^，。]{1,12}是为了|取决于"
)
_IS = re.compile(
    r"是(?!否)[^，。]{0,40}(?:基础|关键|依据|环节|保障|手段|工具|来源|核心|重要|部分|前提|指标|过程|方式|方法|因素|一环|所在|标尺|目标|目的|结果|作用)[。；，]?"
)
# How things are, or what may be done, in a document of orders: habit, amount there is, permission, who made the rules.
_HABIT = re.compile(
    r"往往|通常|一般(?![性应须要不])|大多|多半|多数|大约|(?<!预)约\d|现有|共有|占[了全约]|随时可以|之所以|是因为|不算|就晚了|难以|会(?:从|在|绕|让|使|闻|变)"
    r"|^这(?:就|也|种|些|[一二三两][个点样条件])?是?|用于|见[下上附]表|如下$"
    r"|可以|可(?:从|按|在|由|向|将|视|酌|支持)|视为|^(?:不过|当然|其实|毕竟|所以|因此|于是)"
)
_AT_LEAST = re.compile(r"至少|不[少低]于|不超过|不高于|最多")
# Who made the rules and from when they hold.
_MADE = re.compile(r"制定本[规办制标手细指]|依[法规]追究|(?:负责|予以)解释|(?:起|同时)(?:施行|执行|实施|废止)")
_IN_CHARGE = re.compile(r"^(?!由)[^，由]{2,10}(?:对[^，]{2,16})?负(?:总?责|[^，]{0,2}责任)[^，]{0,24}$")
# What opens a paragraph of a manual: 服务质量改进是企业提升竞争力的关键路径，应….
_SPEAKS_OF = re.compile(r"^[^，。]{2,24}(?:不仅)?(?:是|旨在|主要指)[^，。]{4,},?.*")
_QUOTED_SOURCE = re.compile(
    r"^根据(?:《[^》]*》|[A-Z/\d]{2,}[^，]{0,8}标准|[^，]{0,28}?(?:研究|调研|定义|报告|数据))[^，]{0,30}，"
)

# Arrows from which on a sentence is a chain of steps.
LINKS = 2


@dataclass(frozen=True)
class Unit:
    """One order: ``block.text[start:end]``.

    ``before`` is the part just before it that it leans on (for a prohibition); ``case`` the case its sentence opens with,
    where that stands before it.
    """

    block: Block
    start: int
    end: int
    kind: CheckKind
    before: str = ""
    case: str = ""

    @property
    def text(self) -> str:
        """The words themselves, without white space and punctuation at either end."""
        return self.block.text[self.start : self.end]


def units(
    block: Block,
    *,
    lenient: bool,
    prose: bool = False,
    known: frozenset[str] = frozenset(),
    forbidden: bool = False,
) -> list[Unit]:
    """Return the orders of a paragraph or an item, in order.

    ``lenient``: what does not explain is an order (a numbered step); otherwise it has to say so. ``prose``: sentences of
    a document that speaks in orders, where a verb that opens a part says so. ``forbidden``: a lead sentence forbids all
    of it.
    """
    start = _after_term(block)
    if forbidden:
        return _forbidden(block, start)
    found: list[Unit] = []
    for piece in _chained(block, start) if prose or lenient else pieces(block.text, start):
        # From when a time is counted is worth a line only among steps.
        if explains(piece.text) or (not lenient and piece.text.endswith("起算")):
            continue
        if prose and describes(piece.text, known):
            continue
        if block.kind == "paragraph" and _speaks_of(piece.text, known):
            continue
        found.extend(_orders(block, piece, lenient=lenient, prose=prose, known=known))
    return found


def _chained(block: Block, start: int) -> list[Part]:
    """Return the sentences of a block, a chain of steps (清场→关灯→锁门) as its links."""
    found: list[Part] = []
    for piece in pieces(block.text, start):
        if piece.text.count("→") < LINKS:
            found.append(piece)
            continue
        head, colon, _ = piece.text.partition("：")
        begin = len(head) + 1 if colon and "→" not in head else 0
        found.extend(
            Part(piece.start + one.start, piece.start + one.end, one.text) for one in pieces(piece.text, begin, "→")
        )
    return found


def describes(text: str, known: frozenset[str] = frozenset()) -> bool:
    """Say whether a sentence tells how things are or what is allowed, and obliges nobody."""
    if _IN_CHARGE.match(text) and not frequency_in(text):
        return True
    if not _HABIT.search(text) or DUTY.search(text) or PROHIBITION.search(text) or _AT_LEAST.search(text):
        return False
    return not any(role_by(part, known) for part in segments(text))


def _speaks_of(text: str, known: frozenset[str]) -> bool:
    """Say whether a sentence of a paragraph speaks about its subject (改进是…的关键路径，应…) rather than to somebody."""
    if not _SPEAKS_OF.match(text) or PROHIBITION.search(text):
        return False
    return not any(role_at_start(part, known) for part in segments(text)[1:])


def _after_term(block: Block) -> int:
    """Return where the words after the lead term begin; scraped text may lack the colon (沟通机制设计服务团队应…)."""
    if not block.term or not block.text.startswith(block.term):
        return 0
    after = len(block.term)
    return after + 1 if block.text[after : after + 1] in ("：", ":") else after


def explains(text: str) -> bool:
    """Say whether a sentence only explains: an example, a definition, a reason, a source."""
    if _EXPLAINS.match(text) or _MADE.search(text) or (_DESCRIBES.search(text) and not DUTY.search(text)):
        return True
    rest = _QUOTED_SOURCE.sub("", text)
    if rest != text and not DUTY.search(rest) and not PROHIBITION.search(rest):
        return True
    return bool(_IS.search(text)) and not (DUTY.search(text) or PROHIBITION.search(text))


def _forbidden(block: Block, start: int) -> list[Unit]:
    found = []
    for number, piece in enumerate(pieces(block.text, start)):
        kind: CheckKind = "obligation" if number and DUTY.search(piece.text) else "prohibition"
        found.append(Unit(block, piece.start if number else start, piece.end, kind))
    return found


def _orders(block: Block, piece: Part, *, lenient: bool, prose: bool, known: frozenset[str]) -> list[Unit]:
    """Return the orders of one sentence: its prohibitions apart from what it tells to do."""
    parts = [Part(piece.start + part.start, piece.start + part.end, part.text) for part in pieces(piece.text, 0, "，,")]
    order: CheckKind = "step" if lenient else "obligation"
    link = piece.end < len(block.text) and "→" in block.text[piece.start - 1 : piece.end + 1]
    found: list[Unit] = []
    for run in split(parts, known, bare=lenient):
        here = parts[run.first : run.last + 1]
        text = block.text[here[0].start : here[-1].end]
        if run.forbids:
            kind: CheckKind = "prohibition"
        elif (
            ((lenient or link) and len(here) == len(parts))
            or says_so(text, known)
            or any(acts(one.text, known) for one in here)
            or (prose and says_plainly(text, known))
        ):
            kind = order
        else:
            continue
        before = parts[run.first - 1].text if run.first else ""
        found.append(Unit(block, here[0].start, here[-1].end, kind, before, run.case))
    said = lenient or link or says_so(piece.text, known) or (prose and says_plainly(piece.text, known))
    if not said and not any(unit.kind == "prohibition" for unit in found):
        return []
    return found
