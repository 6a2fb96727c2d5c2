"""Numbered evidence: the clauses a model may speak from, whole, in the order in which they answer.

Knows passages and clauses; nothing of models. A clause is never cut: what does not fit the budget is left out and told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.chat.prompt import instructs, tokens
from assistant.chat.verify import Evidence
from assistant.compose import citation
from assistant.passage import whole
from kb.model import Block, Citation, Section

if TYPE_CHECKING:
    from assistant.evidence import Found
    from kb.knowledge import KnowledgeBase

# Clauses beside those of the embedded answer: more would lead a model away from the question.
FURTHER = 8
_PROMPT_TOKENS = 700  # the rules, the frame, the question


@dataclass(frozen=True, slots=True)
class Numbered:
    """One clause under its number: as evidence, and as the citation that an answer gives for it."""

    evidence: Evidence
    citation: Citation

    @property
    def place(self) -> tuple[str, str]:
        """Document and clause."""
        return self.citation.document, self.citation.clause


@dataclass(frozen=True, slots=True)
class Chosen:
    """The evidence for one question; ``left_out`` counts the clauses that did not fit the budget of tokens."""

    numbered: tuple[Numbered, ...]
    left_out: int = 0


def choose(
    citations: Sequence[Citation],
    found: Sequence[Found],
    *,
    knowledge: KnowledgeBase,
    titles: Mapping[str, str],
    budget: int,
) -> Chosen:
    """Return the clauses that the embedded answer cites, then the next best of what was ``found``, within ``budget`` tokens.

    A clause that speaks to a model instead of to people is never shown to one.
    """
    left = budget - _PROMPT_TOKENS
    numbered: list[Numbered] = []
    left_out = 0
    for document, section, block in _places(citations, found, knowledge):
        if instructs(block.text):
            continue
        one = evidence_of(len(numbered) + 1, titles.get(document, ""), section, block)
        cost = tokens(one.text) + tokens(one.heading) + tokens(one.introduction[:80]) + 4
        if cost > left:
            left_out += 1
            continue
        left -= cost
        cited = citation(whole(section, block), document=document, marker=one.marker)
        numbered.append(Numbered(one, cited))
    return Chosen(tuple(numbered), left_out)


def _places(
    citations: Sequence[Citation], found: Sequence[Found], knowledge: KnowledgeBase
) -> Iterator[tuple[str, Section, Block]]:
    """Yield each clause once: first those cited, then the best of the passages that follow."""
    seen: set[tuple[str, str]] = set()
    for cited in citations:
        section = knowledge.section(cited.document, cited.section)
        block = next((block for block in section.blocks if block.clause == cited.clause), None)
        if block and (cited.document, cited.clause) not in seen:
            seen.add((cited.document, cited.clause))
            yield cited.document, section, block
    further = 0
    for one in found:
        for ranked in one.ranked[:12]:
            for statement in ranked.passage.statements:
                place = ranked.passage.document, statement.block.clause
                if further < FURTHER and place not in seen:
                    seen.add(place)
                    further += 1
                    yield ranked.passage.document, statement.section, statement.block


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
