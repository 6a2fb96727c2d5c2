"""Sentences that stand alone, and what in them can be asked: an amount, a role, a rule's word. Knows forms, no questions.

A sentence that leans on another (上述, 该, 如下, 按表2) is no material: read alone in a stem it would say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant import sentences
from assistant.quiz.material.amounts import Amount, amounts
from assistant.quiz.material.place import Place
from assistant.quiz.material.roles import Roles, RoleUse
from kb.model import Block

_LEANING = re.compile(
    r"上述|下列|下表|上表|如下|见表|按表|表\s?\d|图\s?\d|附录|附表|附件|前款|前述|本[条节章表站人组岗]|同上|同一时限|同样|上[一节文]|下[一节文]|违反第|第[一二三四五六七八九十百]+条"
    r"|(?<![按应活本合])该(?!当)|此(?!外)|其(?!他|中|余|它|实|次)|(?:^|[，。；])(?:以上|以下)|这(?!样的话)|那些|他们|她|它|对方|双方|两者|前者|后者|后一|前一|次序同"
    r"|本(?:规定|规范|手册|文件|制度|标准|办法|流程|SOP|程序|规程|指南|细则)|同一时间内|上文|后文|[“\"]?…"
)
_LEADING = re.compile(
    r"^(?:并|但|而|且|或|因此|所以|同时|此外|另外|另|否则|例如|比如|譬如|如|也|还|又|再|则|即|然后|随后|其中|综上|总之|只有|从而|以便|以免|以|由此|不过|若|当|的|地|得|之|"
    r"仍|逾期|超过的|未|不含|包括|含|至少|仅|均|一律|方|才|都|应|须|需|可|不|按|记录|结果|姓名|材料)"
)
# Words were dropped here by a filter of the site it came from; nobody can be asked for them.
_HOLE = re.compile(r"、等|（\s*）|\(\s*\)|如、|[，、]{2}|？？|\?\?|（[^）]*$|《[^》]*$|“[^”]*$")
# What every handbook says of everything: nobody learns a rule from it.
SAYS_LITTLE = re.compile(
    r"不可或缺|(?:关键|重要|核心)(?:的)?(?:环节|手段|保障|组成部分|路径|支撑|一环|基础|依据|因素|来源)|向更高水平|企业能够.*可持续发展$|系统性工程"
)
_COMMERCIAL = re.compile(r"某[\u4e00-\u9fff]{0,6}(?:企业|公司|平台|银行|酒店|医院)")
_STOP = re.compile(r"[，。；](?![^（(]*[）)])")
_JOINT = re.compile(r"^(?:并且|并|但|且|同时|然后|再)(?=[\u4e00-\u9fff]{3})")
# Where more stands (…，清单见5.2) is no part of what is said; a row of a table told in a line (岗位：…；上限：…) is no sentence.
_POINTER = re.compile(r"，[^，；]{0,12}(?:详?见|参见|参照)(?:附?[录表件]|第?\d|《)[^，；]*$")
_FIELDS = re.compile(
    r"^[^，。；：:]{1,10}[：:][^；]{1,40}；[^，。；：:]{1,10}[：:]|^[^；]*；(?:[^，。；：:]{1,10}[：:][^，；]{1,14}(?:；|$)){2,}"
)
SHORTEST, LONGEST = 12, 78
_TERM_COLON = re.compile(r"^\s*[：:]\s*")
_MODALS: tuple[tuple[str, str], ...] = (
    ("严禁", "允许"),
    ("禁止", "允许"),
    ("不得", "可以"),
    ("必须", "可以不"),
    ("不低于", "不高于"),
    ("不高于", "不低于"),
    ("不少于", "不超过"),
    ("不超过", "不少于"),
    ("至少", "至多"),
    ("不能", "可以"),
    ("一律不", "可以"),
)


def opposites() -> Iterator[tuple[str, str]]:
    """Yield each word of a rule with a word that turns it round, both ways: 不得 → 可以, 可以 → 不得."""
    for word, other in _MODALS:
        yield word, other
        yield other, word
    yield from (("不得", "允许"), ("严禁", "可以"), ("禁止", "可以"))


@dataclass(frozen=True)
class Modal:
    """A word that makes a rule at ``start:end``, and the word that turns the rule round."""

    word: str
    opposite: str
    start: int
    end: int


@dataclass(frozen=True)
class Statement:
    """A sentence of a block that can be read alone: ``text`` is ``block.text[start:end]`` without its full stop.

    ``label`` is the item's term that it explains, empty where the sentence has a subject of its own.
    """

    place: Place
    block: Block
    start: int
    end: int
    label: str
    amounts: tuple[Amount, ...] = ()
    roles: tuple[RoleUse, ...] = ()
    modals: tuple[Modal, ...] = ()
    example: bool = False

    @property
    def text(self) -> str:
        """The sentence."""
        return self.block.text[self.start : self.end]

    @property
    def key(self) -> str:
        """The clause and place it stands at."""
        return f"{self.place.document}/{self.block.clause}@{self.start}"


def body_of(block: Block) -> tuple[int, str]:
    """Return where the words after an item's term begin, and those words."""
    if not block.term or not block.text.startswith(block.term):
        return 0, block.text
    rest = block.text[len(block.term) :]
    colon = _TERM_COLON.match(rest)
    start = len(block.term) + (colon.end() if colon else 0)
    return start, block.text[start:]


def clauses_of(text: str) -> list[str]:
    """Return what a sentence says, clause by clause: none cut inside brackets, a mere case (…的) kept with what it leads to."""
    found: list[str] = []
    waiting = ""
    for piece in _STOP.split(text):
        said = waiting + (piece.strip() if waiting else _JOINT.sub("", piece.strip()))
        if re.search(r"(?:的|时)$", said) and len(said) > 3:
            waiting = f"{said}，"
        else:
            waiting = ""
            found.append(said)
    return [one for one in [*found, waiting.rstrip("，")] if one]


def is_clean(text: str) -> bool:
    """Say whether ``text`` has no hole, no open bracket and leans on nothing before it."""
    return not (_HOLE.search(text) or _LEANING.search(text))


def statements(place: Place, roles: Roles) -> Iterator[Statement]:
    """Yield every sentence of the section that stands alone, with its amounts, roles and rules."""
    blocks = place.section.blocks
    for index, block in enumerate(blocks):
        if block.kind == "row" or (block.repaired and "?" in block.text):
            continue
        if block.text.rstrip().endswith(("：", ":")):
            continue
        leads = index + 1 < len(blocks) and blocks[index + 1].kind == "item" and blocks[index + 1].level > block.level
        offset, body = body_of(block)
        for number, span in enumerate(sentences.split(body)):
            text = span.of(body)
            if leads and re.search(r"[：:]$", text):
                continue
            yield from _read(place, block, offset + span.start, text, roles, first=number == 0)


def _read(place: Place, block: Block, at: int, text: str, roles: Roles, *, first: bool) -> Iterator[Statement]:
    bare = re.split(r"；", text.rstrip("。；;！!？?"))[0] if len(text) > LONGEST else text.rstrip("。；;！!？?")
    bare = _POINTER.sub("", bare)
    if (
        _FIELDS.match(bare)
        or not SHORTEST <= len(bare) <= LONGEST
        or not is_clean(bare)
        or bare.endswith(("？", "?", "：", ":"))
    ):
        return
    label = block.term if first else ""
    if SAYS_LITTLE.search(bare):
        return
    uses = tuple(roles.uses(bare))
    if _LEADING.match(bare) and not (label and first):
        return
    if not first and not block.term and _COMMERCIAL.search(bare):
        return
    yield Statement(
        place=place,
        block=block,
        start=at,
        end=at + len(bare),
        label=label,
        amounts=tuple(amounts(bare)),
        roles=uses,
        modals=tuple(_modals(bare)),
        example=bool(_COMMERCIAL.search(bare)) or bare.startswith(("例如", "比如")),
    )


def _modals(text: str) -> Iterator[Modal]:
    taken: list[tuple[int, int]] = []
    for word, opposite in _MODALS:
        for found in re.finditer(word, text):
            if any(start <= found.start() < end for start, end in taken) or text[: found.start()].endswith("提前"):
                continue
            taken.append((found.start(), found.end()))
            yield Modal(word, opposite, found.start(), found.end())
