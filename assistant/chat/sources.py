"""The cited clauses as one source, and texts cut into segments: what every check of a sentence works on.

Knows Chinese punctuation, conditions and the names of roles. Judges nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.chat.facts import plain, squeezed

_SEGMENT = re.compile(r"[,;。!?\n]+")
SENTENCE = re.compile(r"[;。!?\n]+")
"""What stands between sentences, and between the parts of one that stand by themselves."""
PIECE = re.compile(r"[,;。!?\n]+|:(?!\d\d(?!\d))")
"""What stands between pieces; a time of day is one piece."""

# A row of a table: two columns with their names.
_ROW = re.compile(r"[^:;,。]{1,12}:[^:;。]*;[^:;,。]{1,12}:")
# A row's running number and a clause's own are no amounts.
_POSITION = re.compile(r"(?:序号|编号|no\.?):\d+(?=;)|(?:^|> )[§\d.a-z附录第条一二三四五六七八九十百-]+(?=$|\n| >)")
CONDITION = re.compile(r"(?:的|时|后|如果.*|若.*)\s*$")
_ROLE = re.compile(
    r"(?P<before>[\u4e00-\u9fff]{0,5}?)(?P<end>总经理|副总|经理|总监|主管|专员|站长|工程师|负责人|管理员|安全员|总指挥|编写人|检查人|申诉人|培训师"
    r"|讲师|带教人|导师|班长|组长|店长|店员|领班|主任|会计|出纳|董事长|客服(?!主管|专员|经理|代表|中心|人员|部)|财务(?!主管|专员|经理|总监|部)|委员会|小组|(?<![全内外局各本该一干])部(?![分位署件门]|门))"
)
_NO_ROLE = re.compile(
    r"[由向请给让和与及或到为被将把是的在找经每各位名个须从]|报(?!告)|负责|通知|告诉|告知|交给?|派给|指派|致电|提交|需要|必须|应由|联系|提示|提醒|要(?!求)|后|时|了|有(?!限)|掉|着|才(?!艺)|就|都|也|还|没|无|加上|喊|叫|凭|靠|替|帮|陪|催|另|一头|多配|借|当(?![班值事])|带(?!教)|而|讲|跟(?!岗|单|进)|风险|去(?!年)|往|指(?!挥)|等(?!级)"
)
_ADJECTIVE = re.compile(r"^.*(?:具体|相关|有关|相应|对应|其他|所有|全部|全体|任何|涉及|当事|本人|自己|该|其|原)")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One numbered clause: its own words, and what stands around it (document, headings, the list's introduction)."""

    marker: int
    text: str
    heading: str = ""
    introduction: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """All cited evidence as one: ``text`` may state facts, ``around`` only lends words."""

    blocks: tuple[str, ...]
    introductions: tuple[str, ...]
    text: str
    heading: str
    around: str
    segments: tuple[tuple[int, str], ...]

    @classmethod
    def of(cls, cited: Sequence[Evidence]) -> Source:
        """Return ``cited`` as one source."""
        blocks = tuple(without_positions(plain(one.text)) for one in cited)
        heading = "\n".join(without_positions(plain(one.heading)) for one in cited)
        text = "\n".join((*blocks, heading))
        introductions = tuple(plain(one.introduction) for one in cited if one.introduction)
        around = "\n".join((text, *introductions))
        segments = tuple((at, piece) for at, block in enumerate(blocks) for piece in joined(block))
        return cls(blocks, introductions, text, heading, around, segments)


def without_positions(text: str) -> str:
    """Return ``text`` (in the form of ``plain``) without the running numbers of rows and clauses."""
    return _POSITION.sub(" ", text)


def parted(block: str, pattern: re.Pattern[str]) -> list[str]:
    """Return ``block`` as ``pattern`` parts it; a row of a table is whole, for its cells belong together."""
    return [block] if _ROW.match(block) else pattern.split(block)


def segments(text: str) -> list[str]:
    """Return what stands between commas and full stops."""
    return [piece for piece in _SEGMENT.split(text) if squeezed(piece)]


def joined(text: str) -> list[str]:
    """Return the segments of ``text``, a condition (超过1000元的, 挂机后) together with what follows it."""
    found: list[str] = []
    held = ""
    for piece in segments(text):
        held = f"{held},{piece}" if held else piece
        if not CONDITION.search(piece):
            found.append(held)
            held = ""
    return [*found, held] if held else found


def roles(text: str, source: str) -> list[tuple[str, bool]]:
    """Return the roles named in ``text``, each as far as ``source`` names it, and whether it does."""
    found: list[tuple[str, bool]] = []
    for match in _ROLE.finditer(text):
        before, end = _ADJECTIVE.sub("", _NO_ROLE.split(match["before"])[-1]), match["end"]
        for length in range(len(before), -1, -1):
            role = before[len(before) - length :] + end
            if role in source and (length or not before or _stands(end, source)):
                found.append((role, True))
                break
        else:
            found.append((before + end, False))
    return found


def _stands(end: str, source: str) -> bool:
    """Say whether ``source`` names a role by its last word alone."""
    alone = re.search(rf"(?:^|[^\u4e00-\u9fff]|[由向请给报让和与及或经任]){end}", source)
    return bool(alone or re.search(rf"{end}(?:专员|人员|员|部|中心)", source))
