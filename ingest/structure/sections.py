"""From headings to numbered sections: paths, numbers, what is only listed, where the text breaks off.

A number is the printed one: of a chapter, of a dotted heading, of an article or appendix, of a plain ordinal at the
top. Everything else (`（一）` under `三、`, headings without a number) has its position with a sign, `§3.1`; so has a
printed number that comes a second time. A heading without words of its own is called by its ordinal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.structure.blocks import assemble
from ingest.structure.contents import Listed
from ingest.structure.markers import ORDER, ends_sentence, plain, width
from ingest.structure.outline import Entry, Heading, Row, Text
from kb.model import Section, SectionStatus, SourceWarning

_PLAIN_NUMBER = frozenset({"chapter", "part", "cn", "roman", "dot", "comma", "bare"})
_HALF_SAID = frozenset("，、,（(《“‘的和与及或在对将把为从向")
_LIST_TO_COME = re.compile(r"(?:如下|以下|下列|包括|步骤|方面|类型|原则|要求|内容)[^。]{0,6}[：:]$")


def reconcile(root: Heading, listed: Sequence[Listed]) -> None:
    """Insert under ``root`` a missing heading for every line of the contents that no heading answers to."""
    known = _Known(root)
    open_entries: list[tuple[int, Heading]] = []
    for entry in listed:
        rank = _rank(entry)
        while open_entries and open_entries[-1][0] >= rank:
            open_entries.pop()
        heading = known.find(entry)
        if heading is None and (entry.title or entry.mark):
            parent = known.parent(entry) or (open_entries[-1][1] if open_entries else root)
            heading = Heading(entry.title, entry.mark, missing=True)
            _insert(parent, heading, after=known.latest)
            known.add(heading)
        if heading is not None:
            known.latest = heading
            open_entries.append((rank, heading))


@dataclass(slots=True)
class _Known:
    root: Heading
    by_title: dict[str, list[Heading]] = field(default_factory=dict)
    by_value: dict[tuple[int, ...], Heading] = field(default_factory=dict)
    latest: Heading | None = None

    def __post_init__(self) -> None:
        for heading in _below(self.root):
            self.add(heading)

    def add(self, heading: Heading) -> None:
        self.by_title.setdefault(plain(heading.title), []).append(heading)
        if heading.mark and heading.mark.style in ("dotted", "chapter", "bare", "dot", "comma", "cn"):
            self.by_value.setdefault(heading.mark.value, heading)

    def find(self, entry: Listed) -> Heading | None:
        for heading in self.by_title.get(plain(entry.title), ()):
            if not entry.value or heading.mark is None or heading.mark.value == entry.value:
                return heading
        same = self.by_value.get(entry.value) if entry.value else None
        if same is None or entry.mark is None or same.mark is None:
            return None
        if not entry.title or not same.title or (entry.mark.style == "dotted" == same.mark.style):
            return same
        shared = set(plain(entry.title)) & set(plain(same.title))
        return same if len(shared) * 2 >= len(set(plain(entry.title))) else None

    def parent(self, entry: Listed) -> Heading | None:
        if entry.mark is None or entry.mark.style != "dotted":
            return None
        return self.by_value.get(entry.mark.value[:-1])


def _rank(entry: Listed) -> int:
    if entry.mark is None or entry.mark.style == "bullet":
        return 9
    return ORDER[entry.mark.style] * 10 + entry.mark.depth


def _insert(parent: Heading, heading: Heading, *, after: Heading | None) -> None:
    places = [at for at, child in enumerate(parent.children) if after is not None and after in (child, *_below(child))]
    if places:
        parent.children.insert(places[-1] + 1, heading)
    elif after is parent:
        parent.children.insert(0, heading)
    else:
        parent.children.append(heading)


def _below(heading: Heading) -> Iterator[Heading]:
    for child in heading.children:
        yield child
        yield from _below(child)


def number_sections(root: Heading, title: str) -> tuple[tuple[Section, ...], tuple[SourceWarning, ...]]:
    """Return all sections in order and the warnings on missing and broken-off ones."""
    numbering = _Numbering(parts=any(h.mark and h.mark.style == "chapter" for h in _below(root)))
    broken = _broken_off(root)
    sections: list[Section] = []
    warnings: list[SourceWarning] = []
    if root.elements:
        body, blocks = assemble("§0", root.elements)
        status: SectionStatus = "truncated" if root is broken else "present"
        if blocks:
            sections.append(Section("§0", title, 1, "", (title,), body, blocks, status))
            warnings.extend(_warned(sections[-1], listed=False))
    for heading, number, parent, path in numbering.walk(root):
        body, blocks = assemble(number, heading.elements)
        empty = not blocks and not heading.children
        status = "missing_body" if heading.missing or empty else "truncated" if heading is broken else "present"
        if heading.missing and heading.children and not all(child.missing for child in heading.children):
            status = "present"
        section = Section(number, path[-1], len(path), parent, path, body, blocks, status)
        sections.append(section)
        warnings.extend(_warned(section, listed=heading.missing))
    return tuple(sections), tuple(warnings)


def _warned(section: Section, *, listed: bool) -> Iterator[SourceWarning]:
    if section.status == "missing_body":
        where = "目录中列出" if listed else "有标题"
        yield SourceWarning("missing_body", section.number, f"{section.heading}：{where}，但没有正文")
    elif section.status == "truncated":
        tail = section.body[-20:].replace("\n", " ")
        yield SourceWarning("truncated", section.number, f"{section.heading}：正文在“…{tail}”处中断")


@dataclass(slots=True)
class _Numbering:
    parts: bool  # chapters are printed below parts, so that a part keeps its own words as number
    used: set[str] = field(default_factory=lambda: {"§0"})

    def walk(self, root: Heading) -> Iterator[tuple[Heading, str, str, tuple[str, ...]]]:
        """Yield heading, number, parent's number and path, in reading order."""
        yield from self._walk(root, "", (), ())

    def _walk(
        self, above: Heading, parent: str, path: tuple[str, ...], position: tuple[int, ...]
    ) -> Iterator[tuple[Heading, str, str, tuple[str, ...]]]:
        for at, heading in enumerate(above.children, 1):
            here = (*position, at)
            number = self._number(heading, here)
            below = (*path, _title(heading, number))
            yield heading, number, parent, below
            yield from self._walk(heading, number, below, here)

    def _number(self, heading: Heading, position: tuple[int, ...]) -> str:
        mark = heading.mark
        printed = ""
        if mark is not None:
            if mark.style in ("dotted", "article", "appendix") or (mark.style == "part" and self.parts):
                printed = mark.printed
            elif mark.style == "chapter" or (mark.style in _PLAIN_NUMBER and len(position) == 1):
                printed = str(mark.last)
        number = printed if printed and printed not in self.used else f"§{'.'.join(map(str, position))}"
        self.used.add(number)
        return number


def _title(heading: Heading, number: str) -> str:
    mark = heading.mark
    if not heading.title:
        return (
            mark.printed
            if mark and (mark.style != "chapter" or number.startswith("§"))
            else mark.printed
            if mark
            else number
        )
    if mark is not None and mark.style == "step":
        return f"{mark.printed} {heading.title}"
    return heading.title


def _broken_off(root: Heading) -> Heading | None:
    """Return the last heading with a body if its last words break off in mid-sentence."""
    paragraphs: list[str] = []
    last: Heading | None = None
    for heading in (root, *_below(root)):
        if heading.elements:
            last = heading
            paragraphs.extend(element.text for element in heading.elements if isinstance(element, Text))
    if last is None or isinstance(last.elements[-1], Row):
        return None
    element = last.elements[-1]
    text = element.text.rstrip()
    if not text or ends_sentence(text):
        return None
    if _unclosed(text) or text[-1] in _HALF_SAID or (_LIST_TO_COME.search(text) and width(text) > 8):
        return last
    prose = [one for one in paragraphs if width(one) >= 20 and one is not element.text]
    stopped = sum(ends_sentence(one) or one.rstrip()[-1:] in "：:" for one in prose)
    habit = len(prose) >= 2 and stopped >= 0.8 * len(prose)
    return last if isinstance(element, Text) and habit and width(text) >= 20 and "，" in text else None


def _unclosed(text: str) -> bool:
    return any(text.rfind(left) > text.rfind(right) for left, right in ("（）", "《》", "“”", "()"))


__all__ = ["Entry", "number_sections", "reconcile"]
