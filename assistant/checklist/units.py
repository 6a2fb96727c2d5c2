"""From a block to what it orders: its sentences and half-sentences, split where one order ends and the next begins.

Knows punctuation, prohibitions inside a step, and what is only an explanation. Every unit is a verbatim slice of its block.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.checklist.model import CheckKind
from assistant.checklist.parts import Part, pieces, segments
from assistant.checklist.split import acts, says_so, split
from assistant.checklist.words import DUTY, PROHIBITION, role_at_start
from kb.model import Block

_EXPLAINS = re.compile(
    r"^(?:问[：:]|用于|可用于|[^，]{0,8}理论(?:主张|认为)|例如|比如|譬如|如：|其中[，：]|即[，：]|也就是|这样|因为|由于|目的是|综上|总之|实践|注[：:]|说明[：:]|可见|为此目的|原因是|"
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
# What opens a paragraph of a manual: 服务质量改进是企业提升竞争力的关键路径，应….
_SPEAKS_OF = re.compile(r"^[^，。]{2,24}(?:不仅)?(?:是|旨在|主要指)[^，。]{4,},?.*")
_QUOTED_SOURCE = re.compile(
    r"^根据(?:《[^》]*》|[A-Z/\d]{2,}[^，]{0,8}标准|[^，]{0,28}?(?:研究|调研|定义|报告|数据))[^，]{0,30}，"
)


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


def units(block: Block, *, lenient: bool, known: frozenset[str] = frozenset(), forbidden: bool = False) -> list[Unit]:
    """Return the orders of a paragraph or an item, in order.

    ``lenient``: what does not explain is an order (a numbered step); otherwise it has to say so. ``forbidden``: a lead
    sentence forbids all of it.
    """
    start = _after_term(block)
    if forbidden:
        return _forbidden(block, start)
    found: list[Unit] = []
    for piece in pieces(block.text, start):
        # From when a time is counted is worth a line only among steps.
        if explains(piece.text) or (not lenient and piece.text.endswith("起算")):
            continue
        if block.kind == "paragraph" and _speaks_of(piece.text, known):
            continue
        found.extend(_orders(block, piece, lenient=lenient, known=known))
    return found


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
    if _EXPLAINS.match(text) or (_DESCRIBES.search(text) and not DUTY.search(text)):
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


def _orders(block: Block, piece: Part, *, lenient: bool, known: frozenset[str]) -> list[Unit]:
    """Return the orders of one sentence: its prohibitions apart from what it tells to do."""
    parts = [Part(piece.start + part.start, piece.start + part.end, part.text) for part in pieces(piece.text, 0, "，,")]
    order: CheckKind = "step" if lenient else "obligation"
    found: list[Unit] = []
    for run in split(parts, known, bare=lenient):
        here = parts[run.first : run.last + 1]
        text = block.text[here[0].start : here[-1].end]
        if run.forbids:
            kind: CheckKind = "prohibition"
        elif (
            (lenient and len(here) == len(parts)) or says_so(text, known) or any(acts(one.text, known) for one in here)
        ):
            kind = order
        else:
            continue
        before = parts[run.first - 1].text if run.first else ""
        found.append(Unit(block, here[0].start, here[-1].end, kind, before, run.case))
    if not lenient and not says_so(piece.text, known) and not any(unit.kind == "prohibition" for unit in found):
        return []
    return found
