"""Completeness: what the source lists and the model left out is put back, in its place, in the source's own words.

Knows the lines of the embedded answer, which names every member of a list or procedure, and reviewed sentences.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.chat.evidence import Numbered
from assistant.chat.review import Reviewed
from assistant.chat.written import Written
from assistant.related import RELATED_LINE
from kb.fold import fold
from kb.model import Answer, Citation

LONGEST_NAME = 40
FEWEST = 3  # members that make a list
RESTORED = "模型漏写，按原文补上"
_MEMBER = re.compile(r"^\s*(?:\d+\.|-)\s+(?P<text>.+?)\[(?P<marker>\d+)\]\s*$")
_NUMBERED = re.compile(r"^\d+\.\s", re.M)


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a list as the embedded answer says it."""

    text: str
    citation: Citation

    @property
    def place(self) -> tuple[str, str]:
        """Document and clause."""
        return self.citation.document, self.citation.clause

    @property
    def name(self) -> str:
        """Its lead term, folded; ``""`` where it has none."""
        name, colon, _ = fold(self.text).partition(":")
        return re.sub(r"\(.*?\)|[a-z ]+", "", name) if colon and len(name) <= LONGEST_NAME else ""


def members(embedded: Answer) -> list[Member]:
    """Return the members of the list or procedure that ``embedded`` gives; none where it is no list."""
    text = embedded.text.split(f"\n{RELATED_LINE}")[0]  # what is only related need not be said
    if len(_NUMBERED.findall(text)) < FEWEST:
        return []
    by_marker = {cited.marker: cited for cited in embedded.citations}
    found: dict[tuple[str, str], Member] = {}
    for line in text.split("\n"):
        match = _MEMBER.match(line)
        cited = by_marker.get(int(match["marker"])) if match else None
        if match and cited:
            member = Member(match["text"], cited)
            found.setdefault(member.place, member)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Completed:
    """Reviewed sentences with what was restored between them; ``restored`` by position, with its citation."""

    sentences: tuple[Reviewed, ...]
    restored: dict[int, Citation]
    left_out: int


def complete(
    sentences: Sequence[Reviewed],
    listed: Sequence[Member],
    numbered: Sequence[Numbered],
    *,
    names_suffice: bool = False,
) -> Completed:
    """Return ``sentences`` with every member of ``listed`` that none of them stands on put back in its place.

    With ``names_suffice`` (a list was asked for, no steps) a member that is named counts as said.
    """
    place_of = {one.evidence.marker: one.place for one in numbered}
    order = {member.place: at for at, member in enumerate(listed)}
    kept: list[tuple[Reviewed, Citation | None]] = [(one, None) for one in sentences]
    standing = [one for one in sentences if one.supported and one.cited]
    said = {place_of[number] for one in standing for number in one.cited}
    words = fold("\n".join(one.written.text for one in standing)) if names_suffice else ""
    missing = [member for member in listed if member.place not in said and not (member.name and member.name in words)]
    for member in missing:
        at = _position(order[member.place], [(one, cited) for one, cited in kept], order, place_of)
        ordinal = next((one.written.ordinal for one, _ in kept if one.written.ordinal), "")
        written = Written(member.text, (), ordinal and ("-" if ordinal == "-" else "1"), line=True)
        kept.insert(at, (Reviewed(written, (), True, RESTORED), member.citation))
    return Completed(
        sentences=tuple(one for one, _ in kept),
        restored={at: cited for at, (_, cited) in enumerate(kept) if cited},
        left_out=len(missing),
    )


def _position(
    rank: int,
    kept: Sequence[tuple[Reviewed, Citation | None]],
    order: dict[tuple[str, str], int],
    place_of: dict[int, tuple[str, str]],
) -> int:
    """Return where a member belongs: after the last sentence that stands on one before it in the source."""
    at = 0
    for index, (one, cited) in enumerate(kept):
        places = [(cited.document, cited.clause)] if cited else [place_of[number] for number in one.cited]
        ranks = [order[place] for place in places if place in order]
        if (ranks and min(ranks) < rank) or (one.frame and at == index):
            at = index + 1
    while at < len(kept) and not kept[at][0].written.line:  # never in the middle of a line
        at += 1
    return at
