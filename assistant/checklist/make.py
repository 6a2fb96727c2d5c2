"""Make: what is wanted, chosen and compiled into one checklist. The one door for the command, the page and the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.checklist.choose import choose
from assistant.checklist.compile import compile_checklist
from assistant.checklist.model import Checklist
from kb.errors import NotThere

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase
    from kb.search import HybridSearcher

# Characters of a topic that are read.
LONGEST_TOPIC = 200


def make_checklist(
    knowledge: KnowledgeBase, searcher: HybridSearcher, wanted: str, *, document: str | None = None
) -> Checklist:
    """Return the checklist for ``wanted``: a topic, section numbers, clause ids or a document's title.

    Raises:
        NotThere: nothing is written about it, or what is written obliges nobody to anything.
        Ambiguous: a number that several documents have.
        NothingIndexed: the knowledge base is empty.
    """
    title, parts = choose(knowledge, searcher, " ".join(wanted.split())[:LONGEST_TOPIC], document=document)
    made = compile_checklist(f"{title}检查表", parts)
    if not made.checks and parts and all(part.section.status == "missing_body" for part in parts):
        section = parts[0].section
        raise NotThere(f"目录里有“{section.heading}”，但正文缺失，列不出检查表；请向手册负责人要完整的一份")
    if not made.checks:
        named = "、".join(dict.fromkeys(part.section.heading for part in parts[:3]))
        raise NotThere(f"“{wanted}”找到了{named or '相关章节'}，但那里只有说明，没有可以逐条检查的要求")
    return made
