"""Rules: what is forbidden, what is to be done in which case, and descriptions by example. Knows forms of sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.quiz.material.place import Place
from assistant.quiz.material.statement import Statement, body_of, is_clean
from kb.model import Block

_FORBIDDEN = re.compile(r"^(?P<who>[^，。；]{0,14}?)(?P<word>严禁|不得|禁止|不准|不允许)(?P<act>[^，。；]{4,44})")
_RED_LINE = re.compile(r"红线|禁止|严禁|禁令|不得")
_CASE = re.compile(
    r"^(?P<case>[^，。；]{5,46}?(?:，[^，。；]{2,20}?)??)(?P<word>的|(?<![小及准按计耗用课工学定限同随临延超即平暂])时|后)，(?P<then>.{6,60})$"
)
_TOWARDS = re.compile(r"^(?P<case>对于[^，。；]{4,36})，(?P<then>.{6,60})$")
_BAD_CASE = re.compile(r"目$|^(?:在|于|从|按|每|由|为|根据|依据|通过|当班)|目的$|^[^，]*(?:负责|组织|制定)|情况下$")
_EMPTY = re.compile(r"^(?:参与|完成|处理|结束|办理)$")
_SAYS_WHY = re.compile(r"^[^，。]{0,8}能[让使够]")


@dataclass(frozen=True)
class Forbidden:
    """Something that is not to be done: who (may be empty) and the act, both slices of the block."""

    place: Place
    block: Block
    who: str
    word: str
    act: str

    @property
    def key(self) -> str:
        """The clause and the act."""
        return f"{self.place.document}/{self.block.clause}#{self.act[:8]}"


@dataclass(frozen=True)
class Conditional:
    """What is to be done in a case: 客户两次拒绝方案的 → 报客服主管出面沟通."""

    place: Place
    block: Block
    case: str
    word: str
    then: str
    statement: Statement

    @property
    def key(self) -> str:
        """The clause and the case."""
        return f"{self.place.document}/{self.block.clause}#{self.case[:8]}"


def forbidden(place: Place) -> Iterator[Forbidden]:
    """Yield the forbidden acts of a section."""
    listed = bool(_RED_LINE.search(place.title))
    for at, block in enumerate(place.section.blocks):
        if block.kind == "row":
            continue
        _, body = body_of(block)
        before = place.section.blocks[at - 1].text if at else ""
        for sentence in re.split(r"[。\n]", body):
            # After a comma or a semicolon the thing it is about may stand before: 餐盒当天清洗，不得过夜.
            for clause in re.split(r"；", sentence) if listed else [sentence]:
                found = _FORBIDDEN.match(clause.strip())
                if found and is_clean(clause) and "除外" not in sentence and _is_act(found["act"]):
                    yield Forbidden(place, block, found["who"].strip(), found["word"], found["act"].strip())
        if block.kind == "item" and not listed and re.search(r"(?:严禁|禁止|不得)[^。]{0,10}[：:]$", before):
            act = re.split(r"[，。；]", body)[0]
            if 4 <= len(act) <= 40 and is_clean(act):
                yield Forbidden(place, block, "", "严禁", act)


def _is_act(act: str) -> bool:
    return not re.search(r"^(?:低于|高于|超过|少于|多于|大于|小于|晚于|早于|短于)|^[的在]$|^使用“|以上$", act)


def conditionals(found: Statement) -> Iterator[Conditional]:
    """Yield what the statement says is to be done in a case."""
    match = _CASE.match(found.text) or _TOWARDS.match(found.text)
    if not match or found.example or (found.label and len(found.label) > 12):
        return
    case, word = match["case"], match.groupdict().get("word", "") or ""
    then = re.split(r"；|，?例如", match["then"])[0].rstrip("，")
    if "，" in case and any(use.start == 0 for use in found.roles):
        return  # what somebody does comes first, the case after it (工程师问明原因，客户已出发的): no case by itself
    if (
        _BAD_CASE.search(case)
        or _EMPTY.match(case)
        or _SAYS_WHY.search(then)
        or len(case) < 5
        or len(then) < 6
        or not is_clean(then)
    ):
        return
    if (
        (word == "后" and len(case) < 7)
        or (word == "后" and not re.search(r"字|过|收|完|接|成|通过|批准", case[-3:]))
        or re.match(r"由|应当?|须|需|可以?|必须|不得|方可|才", case)
    ):
        return
    yield Conditional(found.place, found.block, case, word, then, found)
