"""What changed between two versions of a document, section by section and clause by clause, down to the words.

Knows sections and their blocks as ``kb.model`` has them; pure functions. A section is followed by its number and title,
then by its title, then by its words, so that one inserted section does not change all that come after it. A clause that
stands elsewhere now has moved, it was not removed and added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

from kb.fold import fold
from kb.model import Block, Section
from kb.word_changes import Piece, pieces_of

ClauseKind = Literal["added", "removed", "changed", "moved"]
SectionKind = Literal["added", "removed", "changed", "moved", "renamed"]

_SAME = 0.5  # of what two clauses say is common, where one is the other's next form
_SAME_SECTION = 0.4
_RUN = 3  # characters that count as something in common
_COMPARED = 40_000  # pairs of clauses in one run of changes that are compared; beyond, they are paired in order


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """One clause that is not as it was. ``before`` and ``after`` are its clause ids, ``""`` where there is none.

    ``pieces`` are its words in reading order: what is common, what is gone, what is new.
    """

    kind: ClauseKind
    before: str
    after: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class SectionChange:
    """One section that is not as it was: new, gone, with changed clauses, under another heading or number.

    ``number`` and ``title`` are those of the later version (of a removed section, those it had); ``before_number`` and
    ``before_title`` the earlier ones, ``""`` for a new section.
    """

    kind: SectionKind
    number: str
    title: str
    before_number: str
    before_title: str
    clauses: tuple[ClauseChange, ...]


def changes(before: Sequence[Section], after: Sequence[Section]) -> tuple[SectionChange, ...]:
    """Return what changed, in the order of the later version; removed sections stand where they stood."""
    partner = _follow(before, after)
    found = [_changed(partner[at], section) for at, section in enumerate(after)]
    followed = {id(one) for one in partner.values() if one is not None}
    order: list[SectionChange | None] = list(found)
    gone = [section for section in before if id(section) not in followed]
    place = {id(section): at for at, section in enumerate(before)}
    at_after = {id(one): at for at, one in partner.items() if one is not None}
    for section in reversed(gone):
        earlier = (at_after[id(one)] for one in reversed(before[: place[id(section)]]) if id(one) in at_after)
        order.insert(next(earlier, -1) + 1, _removed(section))
    return tuple(_with_moves([one for one in order if one is not None]))


def counts(found: Sequence[SectionChange]) -> dict[str, int]:
    """Return how many clauses were added, removed, changed and moved, for a line that sums a new version up."""
    counted = Counter(clause.kind for section in found for clause in section.clauses)
    return {kind: counted[kind] for kind in ("added", "removed", "changed", "moved")}


# which section became which


def _follow(before: Sequence[Section], after: Sequence[Section]) -> dict[int, Section | None]:
    """Return the earlier section of each later one (by its place), None for a new one."""
    free = dict(enumerate(before))
    partner: dict[int, Section | None] = dict.fromkeys(range(len(after)))
    keys: tuple[Callable[[Section], object], ...] = (
        lambda section: (section.number, fold(section.title)),
        lambda section: (section.parent, fold(section.title)),
        lambda section: fold(section.title),
    )
    for key in keys:
        known: dict[object, list[int]] = {}
        for at, section in free.items():
            known.setdefault(key(section), []).append(at)
        wanted = Counter(key(after[at]) for at, one in partner.items() if one is None)
        for at, one in list(partner.items()):
            same = known.get(key(after[at]), []) if one is None else []
            if len(same) == 1 and wanted[key(after[at])] == 1:
                partner[at] = free.pop(same[0])
    _follow_words(free, after, partner)
    return partner


def _follow_words(free: dict[int, Section], after: Sequence[Section], partner: dict[int, Section | None]) -> None:
    """Pair what is left by its words, the most alike first; the same number helps."""
    alike: list[tuple[float, int, int]] = []
    runs = {at: _runs(section.body) for at, section in free.items()}
    for new, one in partner.items():
        if one is not None:
            continue
        own = _runs(after[new].body)
        for old, section in free.items():
            share = _shared(own, runs[old])
            if share >= _SAME_SECTION or (section.number == after[new].number and share >= _SAME_SECTION / 2):
                alike.append((share, old, new))
    for _, old, new in sorted(alike, key=lambda one: (-one[0], one[1], one[2])):
        if old in free and partner[new] is None:
            partner[new] = free.pop(old)


def _runs(text: str) -> frozenset[str]:
    folded = fold("".join(text.split()))
    return frozenset(folded[at : at + _RUN] for at in range(max(0, len(folded) - _RUN + 1)))


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


# which clause became which


def _changed(before: Section | None, after: Section) -> SectionChange | None:
    """Return what changed in one section, None where nothing did."""
    if before is None:
        clauses = tuple(_alone("added", block) for block in after.blocks)
        return SectionChange("added", after.number, after.title, "", "", clauses)
    clauses = tuple(_clauses(before.blocks, after.blocks))
    kind: SectionKind
    if clauses:
        kind = "changed"
    elif before.title != after.title:
        kind = "renamed"
    elif before.path[:-1] != after.path[:-1] or (before.number != after.number and not _positional(before, after)):
        kind = "moved"
    else:
        return None
    return SectionChange(kind, after.number, after.title, before.number, before.title, clauses)


def _positional(before: Section, after: Section) -> bool:
    """Say whether the numbers only say where the sections stand (``§3``), so that another number is no change."""
    return before.number.startswith("§") and after.number.startswith("§")


def _removed(section: Section) -> SectionChange:
    clauses = tuple(_alone("removed", block) for block in section.blocks)
    return SectionChange("removed", section.number, section.title, section.number, section.title, clauses)


def _alone(kind: Literal["added", "removed"], block: Block) -> ClauseChange:
    before, after = (block.clause, "") if kind == "removed" else ("", block.clause)
    return ClauseChange(kind, before, after, (Piece(kind, block.text),))


def _clauses(before: Sequence[Block], after: Sequence[Block]) -> Iterator[ClauseChange]:
    old, new = [_key(block) for block in before], [_key(block) for block in after]
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from _replaced(before[a:b], after[c:d])


def _key(block: Block) -> str:
    return " ".join(block.text.split())


def _replaced(before: Sequence[Block], after: Sequence[Block]) -> Iterator[ClauseChange]:
    """Yield what became of a run of clauses in the order of the later ones, the removed ones about where they stood."""
    pairs = _pairs(before, after)
    gone = [at for at in range(len(before)) if at not in pairs.values()]
    for at, block in enumerate(after):
        if at not in pairs:
            yield _alone("added", block)
            continue
        while gone and gone[0] < pairs[at]:
            yield _alone("removed", before[gone.pop(0)])
        old = before[pairs[at]]
        yield ClauseChange("changed", old.clause, block.clause, pieces_of(old.text, block.text))
    for at in gone:
        yield _alone("removed", before[at])


def _pairs(before: Sequence[Block], after: Sequence[Block]) -> dict[int, int]:
    """Return which earlier clause each later one was, by place."""
    if len(before) * len(after) > _COMPARED:
        return {at: at for at in range(min(len(before), len(after)))}
    alike: list[tuple[float, int, int]] = []
    for new, block in enumerate(after):
        matcher = SequenceMatcher(None, autojunk=False)
        matcher.set_seq2(fold(block.text))
        for old, other in enumerate(before):
            matcher.set_seq1(fold(other.text))
            named = 0.2 if block.term and block.term == other.term else 0.0
            if matcher.real_quick_ratio() >= _SAME and matcher.quick_ratio() >= _SAME:
                alike.append((matcher.ratio() + named, old, new))
            elif block.clause == other.clause:  # one that has grown much, or lost most of what it said
                kept = matcher.find_longest_match().size / max(1, min(len(block.text), len(other.text)))
                alike.append((kept + named, old, new))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for share, old, new in sorted(alike, key=lambda one: (-one[0], one[1], one[2])):
        if share >= _SAME and old not in taken and new not in pairs:
            pairs[new] = old
            taken.add(old)
    return pairs


def _with_moves(found: Sequence[SectionChange]) -> Iterator[SectionChange]:
    """Yield ``found`` with every removed clause that was added word for word elsewhere as one that moved."""
    gone: dict[str, list[ClauseChange]] = {}
    for section in found:
        for clause in section.clauses:
            if clause.kind == "removed":
                gone.setdefault(_words(clause), []).append(clause)
    moved: dict[int, ClauseChange] = {}
    left: set[int] = set()
    for section in found:
        for clause in section.clauses:
            if clause.kind == "added" and (same := gone.get(_words(clause))):
                origin = same.pop(0)
                moved[id(clause)] = ClauseChange(
                    "moved", origin.before, clause.after, (Piece("same", clause.pieces[0].text),)
                )
                left.add(id(origin))
    for section in found:
        clauses = tuple(moved.get(id(clause), clause) for clause in section.clauses if id(clause) not in left)
        if clauses or not section.clauses or section.kind in {"added", "removed"}:
            yield replace(section, clauses=clauses)


def _words(clause: ClauseChange) -> str:
    return "".join(fold(piece.text) for piece in clause.pieces).replace(" ", "")
