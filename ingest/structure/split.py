"""Cuts an endless line at the ordinals that stand in sequence.

A scraped manual may be one line: contents, headings, lists and prose run together. A number in it is an ordinal only
if it continues an open sequence (or opens one below it) *and* stands where something new can begin: after a stop, or
right after a title. Knows numbers and boundaries; where a title ends and its body begins is found by ``titles``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.structure.markers import CLAUSE_END, FIRM, Mark, Style, is_quantity, make_mark
from ingest.structure.pieces import Piece

_CN = "一二三四五六七八九十百零〇两"
_INNER: tuple[tuple[Style, str], ...] = (
    ("part", rf"(?:\d{{1,2}}[.、．]\s*)?第\s?([{_CN}\d]{{1,4}})\s?(?:部分|编|篇)(?![的、，,。至和与及或])"),
    ("chapter", rf"(?:\d{{1,2}}[.、．]\s*)?第\s?([{_CN}\d]{{1,4}})\s?章(?![的、，,。至和与及或第所中内）)]|规定)"),
    ("section", rf"第\s?([{_CN}\d]{{1,4}})\s?节(?![的、，,。至和与及或第所中内课）)]|规定)"),
    ("article", rf"第\s?([{_CN}\d]{{1,5}})\s?条(?![的、，,。至和与及或第所中内款）)]|规定)"),
    ("appendix", rf"附[录件]\s?([A-Z]|[{_CN}\d]{{1,2}})(?![\d、，,。)）]|[和与及或的]|中[的所])"),
    ("dotted", r"(?<![\d.A-Za-z:/-])(\d{1,2}(?:\.\d{1,2}){1,4})(?![\d%％.])(?!\s?[-~～—–/至]\s?\d|\s?[±×＋+<>≤≥])"),
    ("dot", r"(?<![\d.:/-])(\d{1,3})[.．](?!\d)"),
    ("comma", r"(?<![\d.:/、-])(\d{1,3})、(?!\d)"),
    ("parens", r"[(（](\d{1,2})[)）](?![、，,])"),
    ("paren", r"(?<![\d.A-Za-z:/(（-])(\d{1,2})[)）]"),
    ("paren_cn", rf"[(（]([{_CN}]{{1,3}})[)）](?![、，,])"),
    ("cn", rf"(?<![{_CN}第\d])([{_CN}]{{1,3}})、(?![{_CN}]|\d(?!\d?\.\d))"),
    ("bare", r"(?<![\d.:/-])(\d{1,2})[ \u3000]+(?=[\u3400-\u9fff])"),
    ("circle", r"([①-⑳])"),
    ("step", rf"(?:步骤\s?|第(?=[{_CN}\d]{{1,2}}步))([{_CN}\d]{{1,2}})步?"),
    (
        "bullet",
        r"(?:(?<=[；;。：:！？])\s*(?:[-–](?![-–\d])|[•●■◆▪➢►])|(?<=[\u3400-\u9fff）])\s*[-–•●■◆▪➢►]\s+(?=[\u3400-\u9fff]))()",
    ),
)
_SCAN = re.compile("|".join(f"(?P<{style}>{pattern})" for style, pattern in _INNER))
_GROUPS: dict[str, Style] = {style: style for style, _ in _INNER}
_HEADINGS: frozenset[Style] = FIRM | {"dotted", "cn", "bare"}
_REFERENCE = frozenset("见按照据在于和与及、《“第至对由从到用即如经违反依符合以表图录件")
_TITLE_RUN = 60
_NEAR = 80
_ENDLESS = 200


@dataclass(frozen=True, slots=True)
class _Candidate:
    start: int
    end: int
    mark: Mark
    stop: bool  # stands after a stop or at the very beginning


@dataclass(slots=True)
class _Cutter:
    """The state of one pass: the open numbers, the titles seen in a table of contents, the last accepted ordinal."""

    text: str
    headings: bool
    candidates: Sequence[_Candidate]
    open: list[Mark] = field(default_factory=list)
    titles: dict[tuple[int, ...], str] = field(default_factory=dict)
    last: _Candidate | None = None

    def run(self) -> list[_Candidate]:
        accepted: list[_Candidate] = []
        for index, candidate in enumerate(self.candidates):
            if accepted and candidate.start < accepted[-1].end:
                continue
            if not self.headings and candidate.mark.style in _HEADINGS:
                continue
            near_title = self._after_title(candidate)
            if self._accepts(index, candidate, near_title=near_title):
                if near_title and self.last is not None and self.last.mark.style in _HEADINGS:
                    self.titles.setdefault(self.last.mark.value, self.text[self.last.end : candidate.start].strip())
                self._enter(candidate.mark)
                self.last = candidate
                accepted.append(candidate)
        return accepted

    def _after_title(self, candidate: _Candidate) -> bool:
        """Return whether only a title stands between the last heading (or the beginning) and ``candidate``."""
        if self.last is not None and self.last.mark.style == "bullet":
            return False
        start = self.last.end if self.last else 0
        if candidate.start - start > _TITLE_RUN:
            return False
        between = self.text[start : candidate.start]
        return not any(char in CLAUSE_END or char == "，" for char in between) and _open_bracket(between) < 0

    def _accepts(self, index: int, candidate: _Candidate, *, near_title: bool) -> bool:
        style = candidate.mark.style
        before = self.text[candidate.start - 1 : candidate.start]
        if (before in ("表", "图") and style not in FIRM) or _in_brackets(self.text, candidate.start):
            return False
        if style in FIRM:
            return self._accepts_firm(candidate, near_title=near_title)
        if style == "dotted":
            return self._accepts_dotted(candidate, near_title=near_title)
        if style == "bare" and (is_quantity(self.text, candidate.end) or not (candidate.stop or near_title)):
            return False
        if style == "cn":
            twin = self._twin(index)
            return twin or (
                (candidate.stop or near_title) and self._in_sequence(index, candidate, near_title=near_title)
            )
        return self._accepts_item(index, candidate, near_title=near_title)

    def _accepts_firm(self, candidate: _Candidate, *, near_title: bool) -> bool:
        mark, before = candidate.mark, self.text[candidate.start - 1 : candidate.start]
        if not candidate.stop and not near_title and before in _REFERENCE:
            return False
        same = [one for one in self.open if one.style == mark.style]
        if not same or mark.last == same[-1].last + 1:
            return candidate.stop or near_title or bool(same)
        return (candidate.stop or near_title) and (mark.last == 1 or mark.last > same[-1].last)

    def _accepts_dotted(self, candidate: _Candidate, *, near_title: bool) -> bool:
        mark = candidate.mark
        if near_title and self.last is not None and self.last.mark == mark:
            said = self.text[self.last.end : candidate.start].strip()
            return bool(said) and self.text.startswith(said, candidate.end)
        title = self.titles.get(mark.value)
        if title and self.text.startswith(title, candidate.end):
            return candidate.stop or near_title or self._follows(mark)
        if is_quantity(self.text, candidate.end) or not (candidate.stop or near_title):
            return False
        restart = near_title and set(mark.value) == {1}
        return self._follows(mark) or restart

    def _accepts_item(self, index: int, candidate: _Candidate, *, near_title: bool) -> bool:
        mark = candidate.mark
        if mark.style == "bullet":
            return candidate.stop or near_title or (self.last is not None and self.last.mark.style == "bullet")
        if not candidate.stop and not near_title:
            before = self.text[candidate.start - 1]
            if not self.headings or mark.style in ("parens", "circle", "paren_cn", "step") or before in _REFERENCE:
                return False
            return not before.isascii() and self._continues(mark) and not self._stronger_later(index)
        return self._in_sequence(index, candidate, near_title=near_title)

    def _in_sequence(self, index: int, candidate: _Candidate, *, near_title: bool) -> bool:
        mark = candidate.mark
        if self._continues(mark):
            return candidate.stop or near_title or not self._stronger_later(index)
        if mark.last != 1:
            return False
        if near_title and mark.style == "paren_cn":
            return True
        return self._has_next(index) or (candidate.stop and self.text[candidate.start - 1 : candidate.start] in "：:")

    def _continues(self, mark: Mark) -> bool:
        return any(one.style == mark.style and one.last + 1 == mark.last for one in self.open)

    def _follows(self, mark: Mark) -> bool:
        """Return whether a dotted number continues its siblings or opens below a number that is open."""
        siblings = [one for one in self.open if one.style == "dotted" and one.value[:-1] == mark.value[:-1]]
        if siblings:
            return siblings[-1].last < mark.last <= siblings[-1].last + 2
        if any(one.value == mark.value[:-1] for one in self.open):
            return mark.last == 1
        return not any(one.style in ("chapter", "dotted") for one in self.open)

    def _twin(self, index: int) -> bool:
        """Return whether a `二、` announces a dotted heading that says the same number: `二、方法2.2方法`."""
        candidate = self.candidates[index]
        following = self.candidates[index + 1] if index + 1 < len(self.candidates) else None
        if following is None or following.mark.style != "dotted" or following.mark.last != candidate.mark.last:
            return False
        title = self.text[candidate.end : following.start].strip()
        return (len(title) <= _TITLE_RUN and self.text.startswith(title, following.end)) or title in (
            "",
            "（小节标题）",
        )

    def _ahead(self, index: int) -> Iterator[_Candidate]:
        for candidate in self.candidates[index + 1 : index + 1 + _NEAR]:
            if candidate.mark.style in FIRM and candidate.stop:
                return
            yield candidate

    def _has_next(self, index: int) -> bool:
        mark = self.candidates[index].mark
        return any(one.mark.style == mark.style and one.mark.last == mark.last + 1 for one in self._ahead(index))

    def _stronger_later(self, index: int) -> bool:
        """Return whether the same ordinal comes again after a stop, before its successor does."""
        mark = self.candidates[index].mark
        for one in self._ahead(index):
            if one.mark.style == mark.style and one.mark.last == mark.last + 1 and one.stop:
                return False
            if one.mark.style == mark.style and one.mark.value == mark.value and one.stop:
                return True
        return False

    def _enter(self, mark: Mark) -> None:
        same = [at for at, one in enumerate(self.open) if _siblings(one, mark)]
        above = [at for at, one in enumerate(self.open) if mark.style == "dotted" and one.value == mark.value[:-1]]
        if same:
            del self.open[same[-1] :]
        elif above:
            del self.open[above[0] + 1 :]
        elif mark.style in FIRM:
            self.open = [one for one in self.open if one.style in FIRM and _outside(one.style, mark.style)]
        self.open.append(mark)


def _siblings(one: Mark, other: Mark) -> bool:
    return one.style == other.style and (one.style != "dotted" or one.value[:-1] == other.value[:-1])


def _outside(one: Style, other: Style) -> bool:
    ranks: dict[Style, int] = {"part": 0, "appendix": 0, "chapter": 1, "section": 2, "article": 3}
    return ranks[one] < ranks[other]


def _open_bracket(text: str) -> int:
    """Return the place of a bracket in ``text`` that is not closed in it, or -1."""
    opened: list[int] = []
    for at, char in enumerate(text):
        if char in "（(《“「":
            opened.append(at)
        elif char in "）)》”」" and opened:
            opened.pop()
    return opened[-1] if opened else -1


def _in_brackets(text: str, at: int) -> bool:
    # a bracket further than 40 characters back is more likely a lost closing one than a long aside
    before = text[max(0, at - 40) : at]
    if _open_bracket(before) < 0:
        return False
    return any(
        char in "）)》”」"
        for char in text[at + 1 : at + 40].partition("。")[0].lstrip("（(0123456789一二三四五六七八九十")
    )


def _candidates(text: str) -> list[_Candidate]:
    found = []
    for match in _SCAN.finditer(text):
        style = _GROUPS[match.lastgroup or "dot"]
        start = match.start()
        number = match.group((match.lastindex or 0) + 1)
        if style == "bullet":
            start += len(match.group()) - len(match.group().lstrip())
        before = text[max(0, start - 3) : start].rstrip()
        bare = before.rstrip("”’」』）)》】")
        stop = not text[:start].strip() if start < 4 else before[-1:] in CLAUSE_END + ".\n" or bare[-1:] in "。！？"
        found.append(_Candidate(start, match.end(), make_mark(style, number, match.group().strip()), stop))
    return found


def split(piece: Piece, *, alone: bool = False) -> list[Piece]:
    """Return the pieces that run together in ``piece``: itself if there is only one.

    Headings are looked for inside a long line only, or if the line is all there is (``alone``), and believed if there
    are two of them; a list inside a paragraph if it follows a colon or a stop and has two items.
    """
    text = piece.text if piece.mark is None else piece.mark.printed + piece.text
    if len(text) < 12 or piece.literal:
        return [piece]
    candidates = _candidates(text)
    if sum(one.start > 0 for one in candidates) < 1:
        return [piece]
    accepted: list[_Candidate] = []
    endless = alone or len(text) >= _ENDLESS
    if endless and piece.kind == "text":
        accepted = _Cutter(text, True, candidates).run()
        endless = sum(one.start > 0 and one.mark.style in _HEADINGS for one in accepted) >= 2
    if not endless or piece.kind != "text":
        accepted = _Cutter(text, False, candidates).run()
        endless = False
        accepted = [one for one in accepted if one.start == 0 or _in_run(one, accepted)]
    if not any(one.start > 0 for one in accepted):
        return [piece]
    return _cut(text, accepted, piece, glued=endless)


def _in_run(one: _Candidate, accepted: Sequence[_Candidate]) -> bool:
    return sum(other.mark.style == one.mark.style for other in accepted) >= 2


def _cut(text: str, accepted: Sequence[_Candidate], piece: Piece, *, glued: bool) -> list[Piece]:
    found = []
    if accepted[0].start > 0:
        head = text[: accepted[0].start].strip()
        if piece.mark is not None and head.startswith(piece.mark.printed):
            words = head[len(piece.mark.printed) :].strip()
            found.append(Piece(words, piece.mark, piece.kind, piece.level, glued=glued, raw=head))
        elif head:
            found.append(Piece(head, kind=piece.kind, level=piece.level, glued=glued))
    ends = [one.start for one in accepted[1:]] + [len(text)]
    for one, end in zip(accepted, ends, strict=True):
        words = text[one.end : end].strip(" \t\u3000")
        words = words.lstrip("：:、 ") if one.mark.style in FIRM else words
        found.append(Piece(words, one.mark, glued=glued, raw=text[one.start : end].strip()))
    return found
