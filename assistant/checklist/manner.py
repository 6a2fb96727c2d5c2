"""How a document speaks: in orders to whoever does the work, or about its subject. Told by its title and by its lists.

Knows how items open and the parts of speech of kb's segmenter. A 手册 may be either: 点亮门头灯、拖干入口地面 is an
order of work whatever the title says, 服务蓝图：用于… is not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.checklist.measures import limits_in
from assistant.checklist.nature import is_work_instruction, nature_of, share
from assistant.checklist.opening import opens_with_verb
from assistant.checklist.orders import LIKELY, likelihood
from assistant.checklist.parts import pieces, segments
from assistant.checklist.timing import deadline_span
from assistant.checklist.words import PROHIBITION, role_at_start
from kb.model import Block, Section

# Items from which on the lists of a document tell, the share of them that may be orders at all (no lead term, or one that
# names a moment or a post), and the share of those that open like an order.
ENOUGH, MOST, MANY = 6, 0.6, 0.4
# Share of sentences that bind somebody, from which on a document instructs: .34 and more in work instructions without
# a title that says so, .01 and .21 in two manuals.
BINDING = 0.3
# Share of sentences that read like orders to the model, for the same where the lists are none of terms; where there is next
# to no list of terms (so many to a sentence) a talk, half of which tells, is one too.
READS_SO, TALKS_SO, FEW = 0.6, 0.4, 0.2
# Share of parts of sentences that read so, for the same where the lists are of terms: .59 and more in work instructions,
# .42 and .52 in two manuals.
PARTS_SO = 0.57
_MOMENT = re.compile(
    r"(?:[前后中时内]|当[天日]|[天日周月]内?|小时|分钟|上午|下午|早|晚|开始|结束|第[一二三四五六七八九十\d]+[步天周])$"
)


def speaks_in_orders(title: str, sections: Sequence[Section]) -> bool:
    """Say whether a document tells people what to do: its title says so, most of its list items do, or it binds."""
    if is_work_instruction(title):
        return True
    blocks = [
        block
        for section in sections
        if nature_of(section) == "ordinary"
        for block in section.blocks
        if block.kind != "row"
    ]
    sentences = [piece.text for block in blocks for piece in pieces(block.text)]
    binding = share([_binds(text) for text in sentences]) if len(sentences) >= ENOUGH else 0.0
    items = [block for block in blocks if block.kind == "item"]
    may = [block for block in items if not block.term or _may_order(block.term)]
    if binding >= BINDING:
        return True
    enough = len(sentences) >= ENOUGH
    few = sum(bool(block.term) for block in items) < FEW * len(sentences)
    if len(may) < MOST * len(items) and not few:
        return enough and share([value for text in sentences for value in _parts_read_so(text)]) >= PARTS_SO
    if len(items) >= ENOUGH and share([_opens(block) for block in may]) >= MANY:
        return True
    return enough and share([any(_parts_read_so(text)) for text in sentences]) >= (TALKS_SO if few else READS_SO)


def _binds(text: str) -> bool:
    """Say whether a sentence names a post, a time limit in figures or a bound, or forbids."""
    parts = segments(text)
    timed = any(deadline_span(part) and re.search(r"\d", part) for part in parts)
    return timed or any(role_at_start(part) for part in parts) or bool(PROHIBITION.search(text) or limits_in(text))


def _may_order(term: str) -> bool:
    """Say whether a lead term names a moment, a post or something to do, and not what is defined."""
    return is_moment(term) or bool(role_at_start(term)) or opens_with_verb(term)


def _parts_read_so(text: str) -> list[bool]:
    return [likelihood(text, number) >= LIKELY for number in range(len(segments(text)))]


def is_moment(term: str) -> bool:
    """Say whether a lead term says when (会前一天, 签到中), not what."""
    return bool(_MOMENT.search(term))


def _opens(block: Block) -> bool:
    if block.term:
        return True
    return opens_with_verb(block.text)
