"""Is a list or a procedure given whole? Items given ÷ items of the list that the source has, both found by code.

Knows sections and the words of an answer. The list asked for is the run of sibling items (or table rows), in the gold
sections, over which most of the case's facts are spread, one item a fact; where a single block holds all the facts, that
block is asked for and no list. An item counts as given where its lead term, or its first phrase, stands in the answer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from eval.dataset import Case
from kb.fold import fold
from kb.model import Block, Section

# Types of cases that ask for a whole list or procedure; others may well ask for one item of it.
TYPES = frozenset({"list", "howto", "procedure", "checklist"})
# The facts must need that many different items, and that many for each fact, for a list to be what is asked.
_ITEMS = 2
_ITEMS_A_FACT = 0.6
_PHRASE = re.compile(r"[^，,。；;：:！!？?（(\n]{2,}")
_WORDS = re.compile(r"[^\W\d_]{2}")  # a cell that says more than a number
_CLIPPED = 12  # characters of a first phrase that have to stand in the answer


def runs(section: Section) -> Iterator[list[Block]]:
    """Yield the lists of a section: sibling items of one level under one parent, and rows of one table, two at least."""
    open_runs: dict[int, list[Block]] = {}
    rows: list[Block] = []
    for block in section.blocks:
        if block.kind == "row":
            rows.append(block)
            continue
        if rows:
            yield from _long_enough(rows)
            rows = []
        deepest = block.level if block.kind == "item" else -1
        for level in sorted(open_runs, reverse=True):
            if level > deepest:
                yield from _long_enough(open_runs.pop(level))
        if block.kind == "item":
            open_runs.setdefault(block.level, []).append(block)
    for run in (rows, *open_runs.values()):
        yield from _long_enough(run)


def _long_enough(run: list[Block]) -> Iterator[list[Block]]:
    if len(run) > 1:
        yield run


def asked_list(case: Case, sections: Sequence[Section]) -> list[Block]:
    """Return the items of the list that ``case`` asks for, out of its gold ``sections``; none where it asks for no list.

    A case that names its clauses (``gold_clauses``) asks for just those.
    """
    if case.gold_clauses:
        wanted = set(case.gold_clauses)
        return [block for section in sections for block in section.blocks if block.clause in wanted]
    if case.type not in TYPES:
        return []
    best: list[Block] = []
    most = max(_ITEMS, _ITEMS_A_FACT * len(case.facts)) - 1e-9
    for section in sections:
        if any(all(_holds(block, group) for group in case.facts) for block in section.blocks):
            return []
        for run in runs(section):
            if (needed := _needed(run, case.facts)) > most:
                best, most = run, needed
    return best


def _needed(run: Sequence[Block], facts: Sequence[Sequence[str]]) -> int:
    """Return how many items of ``run`` it takes to hold the facts that stand in it (a greedy cover)."""
    where = [{at for at, block in enumerate(run) if _holds(block, group)} for group in facts]
    open_facts = [places for places in where if places]
    needed = 0
    while open_facts:
        counts = Counter(at for places in open_facts for at in places)
        taken = max(counts, key=lambda at: (counts[at], -at))
        open_facts = [places for places in open_facts if taken not in places]
        needed += 1
    return needed


def _holds(block: Block, group: Sequence[str]) -> bool:
    text = _squeezed(block.text)
    return any(_squeezed(fact) in text for fact in group)


def given(block: Block, answer: str) -> bool:
    """Say whether ``answer`` (folded, without white space) gives this item."""
    if block.term:
        return _squeezed(block.term) in answer
    cells = [cell for cell in block.cells if _WORDS.search(cell)]
    phrase = _PHRASE.search(cells[0] if cells else block.text)
    return _squeezed(phrase.group()[:_CLIPPED] if phrase else block.text) in answer


def completeness(case: Case, sections: Sequence[Section], answer: str) -> float | None:
    """Return the share of the asked list's items that the answer gives; None where no list is asked for."""
    items = asked_list(case, sections)
    if not items:
        return None
    text = _squeezed(answer)
    return sum(given(block, text) for block in items) / len(items)


def _squeezed(text: str) -> str:
    return "".join(fold(text).split())
