"""Numbered evidence: the clauses a model may speak from, whole, in the order in which they answer.

Knows passages and clauses; nothing of models. A clause is never cut: what does not fit the budget is left out and told.
"""

from __future__ import annotations

from assistant.chat.verify import Evidence
from kb.model import Block, Section


def evidence_of(marker: int, title: str, section: Section, block: Block) -> Evidence:
    """Return one clause as evidence; ``title`` is its document's."""
    return Evidence(
        marker=marker,
        text=block.text,
        heading=" > ".join((title, *section.path, section.number, block.clause)),
        introduction=_introduction(section, block),
    )


def _introduction(section: Section, block: Block) -> str:
    """Return what stands before the list or table that ``block`` is a member of, and the items it is nested in."""
    at = next((index for index, other in enumerate(section.blocks) if other.clause == block.clause), 0)
    level = block.level if block.kind == "item" else 0
    before: list[str] = []
    for other in reversed(section.blocks[:at]):
        if other.kind == "item" and other.level < level:
            before.append(other.text)
            level = other.level
        elif other.kind == "paragraph":
            if block.kind != "paragraph":
                before.append(other.text)
            break
    return "\n".join(reversed(before))
