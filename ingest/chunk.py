"""From sections to chunks: the units that are embedded, indexed and found.

Measured on the real manual: chunks of one list item (about 100 characters) retrieve best, and items are what answers
are made of. So a chunk is one item with what is nested in it; items, rows or paragraphs shorter than that join into
runs; the sentence that introduces a list goes with its first run. A chunk never crosses a section, nor cuts an item or
a word; only what alone passes the limit is split, at sentence ends, and each part keeps the clause id. Knows blocks
and a token counter; nothing of models or indexes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from kb.model import Block, Chunk, Section

_SHORT = 50  # characters; what is shorter joins a run
_RUN = 150  # characters a run grows to
_LEAD = 150  # a longer introduction stands alone
_TITLE = 40  # characters of one title in a heading path
_QUESTION = re.compile(r"(?:Q|问|问题)\s?\d{0,3}\s?[：:.．、]", re.IGNORECASE)
_ANSWER = re.compile(r"(?:A|答|答案|回答)\s?\d{0,3}\s?[：:.．、]", re.IGNORECASE)
_PIECES = (re.compile(r"(?<=[。！？!?；;\n])(?=[^”’」』）)])"), re.compile(r"(?<=[，,、：:])"), re.compile(r"(?<=\s)"))


@dataclass(frozen=True, slots=True)
class _Unit:
    """Blocks that stay together: a paragraph, a row, an item with all that is nested in it, a question with its answer."""

    kind: str
    blocks: tuple[Block, ...]
    text: str


def chunk(
    title: str, sections: Sequence[Section], *, count_tokens: Callable[[str], int], limit: int
) -> tuple[Chunk, ...]:
    """Return the chunks of all sections in reading order; a section without a body has none.

    ``count_tokens`` is called once a chunk, and again only for what passes ``limit``, the most tokens that heading
    and text of a chunk may have together.
    """
    found: list[Chunk] = []
    for section in sections:
        heading = heading_path(title, section)
        for run in _runs(_units(section)):
            found.extend(_chunks(run, section.number, heading, count_tokens, limit))
    return tuple(found)


def heading_path(title: str, section: Section) -> str:
    """Return document title and section titles joined by `` > ``; long titles are clipped, repeated ones said once."""
    parts: list[str] = []
    for one in (title, *section.path):
        short = one if len(one) <= _TITLE else one[: _TITLE - 1] + "…"
        if short and short not in parts[-1:]:
            parts.append(short)
    return " > ".join(parts)


def _units(section: Section) -> list[_Unit]:
    units: list[_Unit] = []
    group: list[Block] = []
    for block in section.blocks:
        nested = block.kind == "item" and block.level > 0 and bool(group) and group[0].kind == "item"
        if group and not nested and not (len(group) == 1 and _answers(group[0], block)):
            units.append(_unit(section, group))
            group = []
        group.append(block)
    if group:
        units.append(_unit(section, group))
    return units


def _answers(one: Block, two: Block) -> bool:
    """Say whether ``two`` is the answer to the question ``one`` (``Q1：…`` and ``A：…``)."""
    if one.kind != "paragraph" or two.kind != "paragraph":
        return False
    return _QUESTION.match(one.text) is not None and _ANSWER.match(two.text) is not None


def _unit(section: Section, blocks: Sequence[Block]) -> _Unit:
    lines = "\n".join(section.body[section.body.rfind("\n", 0, b.start) + 1 : b.end] for b in blocks)
    return _Unit(blocks[0].kind, tuple(blocks), lines)


def _runs(units: Sequence[_Unit]) -> Iterator[list[_Unit]]:
    """Yield the units that make one chunk each."""
    run: list[_Unit] = []
    for unit in units:
        if run and not _joins(run, unit):
            yield run
            run = []
        run.append(unit)
    if run:
        yield run


def _joins(run: Sequence[_Unit], unit: _Unit) -> bool:
    last = run[-1]
    if any(one.kind == "paragraph" and len(one.blocks) > 1 for one in (last, unit)):
        return False
    size = sum(len(one.text) for one in run)
    if last.kind == "paragraph" and unit.kind != "paragraph":
        leads = last.text.rstrip().endswith(("：", ":")) or (unit.kind == "row" and len(last.text) <= _SHORT)
        return leads and size <= _LEAD
    if last.kind != unit.kind:
        return False
    if unit.kind == "paragraph" and unit.text.rstrip().endswith(("：", ":")):
        return False
    own = [one for one in run if one.kind == unit.kind]
    return size + len(unit.text) <= _RUN and (len(unit.text) < _SHORT or all(len(one.text) < _SHORT for one in own))


def _chunks(
    run: Sequence[_Unit], number: str, heading: str, count_tokens: Callable[[str], int], limit: int
) -> Iterator[Chunk]:
    text = "\n".join(unit.text for unit in run)
    clauses = tuple(block.clause for unit in run for block in unit.blocks)
    tokens = count_tokens(f"{heading}\n{text}")
    if tokens <= limit:
        yield Chunk(number, clauses, heading, text, tokens)
    elif len(run) > 1:
        middle = len(run) // 2
        yield from _chunks(run[:middle], number, heading, count_tokens, limit)
        yield from _chunks(run[middle:], number, heading, count_tokens, limit)
    elif len(run[0].blocks) > 1:
        for fewer in _parts_of_item(run[0], limit, tokens):
            yield from _chunks([fewer], number, heading, count_tokens, limit)
    else:
        heading = _short_heading(heading, count_tokens, limit)
        for part, size in _parts(text, heading, count_tokens, limit):
            yield Chunk(number, clauses, heading, part, size)


def _parts_of_item(unit: _Unit, limit: int, tokens: int) -> Iterator[_Unit]:
    """Yield an item that is too long in runs of itself and its nested items, about as long as fits."""
    lines = unit.text.split("\n")
    room = max(1.0, 0.8 * limit * len(unit.text) / tokens)
    start = 0
    for at in range(1, len(lines) + 1):
        full = at == len(lines) or sum(map(len, lines[start : at + 1])) > room
        if full and at > start:
            yield _Unit(unit.kind, unit.blocks[start:at], "\n".join(lines[start:at]))
            start = at


def _short_heading(heading: str, count_tokens: Callable[[str], int], limit: int) -> str:
    """Return ``heading``, or its end where it would take more than a third of the room."""
    parts = heading.split(" > ")
    while len(parts) > 1 and count_tokens(" > ".join(parts)) * 3 > limit:
        parts.pop(0)
    return " > ".join(parts)


def _parts(text: str, heading: str, count_tokens: Callable[[str], int], limit: int) -> Iterator[tuple[str, int]]:
    """Yield ``text`` in parts that fit, and their tokens: cut at sentence ends, else commas, else words."""
    pending = [text]
    while pending:
        part = pending.pop().strip()
        tokens = count_tokens(f"{heading}\n{part}")
        halves = _halved(part, limit / tokens) if tokens > limit else None
        if halves is None:
            yield part, tokens
        else:
            pending.extend(reversed(halves))


def _halved(text: str, share: float) -> tuple[str, str] | None:
    """Return ``text`` cut near ``share`` of its length, or None if it is one word."""
    target = max(1, int(len(text) * min(share * 0.9, 0.5 if share > 0.5 else share)))
    for pattern in _PIECES:
        places = [match.start() for match in pattern.finditer(text) if 0 < match.start() < len(text)]
        near = [place for place in places if place <= target] or places[:1]
        if near and text[: near[-1]].strip() and text[near[-1] :].strip() and near[-1] >= 0.2 * target:
            return text[: near[-1]], text[near[-1] :]
    place = _word_end(text, target)
    return (text[:place], text[place:]) if place else None


def _word_end(text: str, target: int) -> int:
    """Return where the word that reaches ``target`` begins, 0 if that is the first."""
    import rjieba  # only for text without any punctuation, where it costs 0.13 s once

    before = text[max(0, target - 200) : target + 50]
    place = max(0, target - 200)
    best = 0
    for word in rjieba.cut(before):
        if place + len(word) > target:
            break
        place += len(word)
        best = place
    return best if 0 < best < len(text) else 0
