"""How a document speaks: in orders to whoever does the work, or about its subject. Told by its title and by its lists.

Knows how items open and the parts of speech of kb's segmenter. A 手册 may be either: 点亮门头灯、拖干入口地面 is an
order of work whatever the title says, 服务蓝图：用于… is not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from assistant.checklist.nature import is_work_instruction, nature_of, share
from assistant.checklist.words import VERB, role_at_start
from kb.model import Block, Section
from kb.segment import Segmenter

# Items from which on the lists of a document tell, the share of them that may be orders at all (no lead term, or one that
# names a moment or a post), and the share of those that open like an order.
ENOUGH, MOST, MANY = 6, 0.6, 0.4
_MOMENT = re.compile(
    r"(?:[前后中时内]|当[天日]|[天日周月]内?|小时|分钟|上午|下午|早|晚|开始|结束|第[一二三四五六七八九十\d]+[步天周])$"
)
_DESCRIBES = re.compile(r"是|有|指|属于|包括|为|需要|能够?|可以|存在|具有|成为|来自|意味着")
_TAKES = frozenset("把 将 用 按 对 向 从 在 与 给 由 照 凭 经 按照 使用 通过 根据".split())


def speaks_in_orders(title: str, sections: Sequence[Section]) -> bool:
    """Say whether a document tells people what to do: its title says so, or most of its list items do."""
    if is_work_instruction(title):
        return True
    items = [
        block
        for section in sections
        if nature_of(section) == "ordinary"
        for block in section.blocks
        if block.kind == "item"
    ]
    if len(items) < ENOUGH:
        return False
    may = [block for block in items if not block.term or is_moment(block.term) or role_at_start(block.term)]
    return len(may) >= MOST * len(items) and share([_opens(block) for block in may]) >= MANY


def is_moment(term: str) -> bool:
    """Say whether a lead term says when (会前一天, 签到中), not what."""
    return bool(_MOMENT.search(term))


def opens_with_verb(text: str) -> bool:
    """Say whether ``text`` opens like an order: with a verb, or with what it is done to (把…, 对…)."""
    if VERB.match(text):
        return True
    tagged = _segmenter().tagged(text[:12])
    said = [(word, tag) for word, tag in tagged if tag not in ("d", "m", "t", "q")]
    if not said:
        return False
    word, tag = said[0]
    return (tag == "v" and not _DESCRIBES.fullmatch(word)) or word in _TAKES


def _opens(block: Block) -> bool:
    if block.term:
        return True
    return opens_with_verb(block.text)


@cache
def _segmenter() -> Segmenter:
    return Segmenter()
