"""Finds where the last item of a list ends and a paragraph begins, in text that came out of an endless line.

Evidence: a phrase that sums up (综上, 总之); the other items are one sentence each; a sentence 根据… that speaks of the
whole section where the other items have none; a sentence that opens with the chapter's subject and names its sections.
Without evidence the text stays with the item. Knows headings with their elements; lines of a file need none of this.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingest.structure.markers import sentences
from ingest.structure.outline import Element, Entry, Heading, Text
from ingest.structure.titles import glued_terms, lead_term

_SUMMARY = re.compile(
    r"综上|总之|总而言之|总体而言|综合以上|综合上述|由此可见|通过以上|以上(?:就是|是|各|所述|内容|措施|流程)|上述(?:各|内容|措施|流程)"
)
_GOES_ON = re.compile(
    r"例如|比如|如[：:，]|譬如|其中|同时|并|且|此时|该|其|这|若|如果|如有|否则|必要时|具体|即|也|另|还|因此|从而|以|包括"
)
_AUTHORITY = re.compile(r"(?:根据|依据|依照|按照|据)[^。；]{2,60}?(?:[，,]|规定|显示|指出)")
_COMMON = 4
_ECHO = 10


def part_closings(root: Heading) -> None:
    """Split closing paragraphs off last items and set the terms of items, everywhere under ``root``."""
    for chapter in [root, *root.children]:
        for heading in _walk(chapter) if chapter is not root else [root]:
            final = heading is chapter.last()
            if any(isinstance(element, Text | Entry) and element.glued for element in heading.elements):
                heading.elements = list(_parted(heading, chapter, final=final))
            _set_terms(heading, chapter)


def _walk(heading: Heading) -> Iterator[Heading]:
    yield heading
    for child in heading.children:
        yield from _walk(child)


def _set_terms(heading: Heading, chapter: Heading) -> None:
    entries = [element for element in heading.elements if isinstance(element, Entry)]
    for entry in entries:
        entry.term = lead_term(entry.text)
    for run in _runs(entries):
        if all(entry.glued and not entry.term for entry in run):
            terms = glued_terms([entry.text for entry in run], [heading.title, chapter.title])
            for entry, term in zip(run, terms, strict=True):
                entry.term = term


def _runs(entries: Sequence[Entry]) -> list[list[Entry]]:
    runs: dict[tuple[int, str], list[Entry]] = {}
    done: list[list[Entry]] = []
    for entry in entries:
        key = (entry.level, entry.style)
        if entry.ordinal.strip("（(")[:1] in "1一①" and key in runs and entry.style != "bullet":
            done.append(runs.pop(key))
        runs.setdefault(key, []).append(entry)
    return [*done, *runs.values()]


def _parted(heading: Heading, chapter: Heading, *, final: bool) -> Iterator[Element]:
    elements = heading.elements
    intro = "".join(element.text for element in elements[:1] if isinstance(element, Text))
    for at, element in enumerate(elements):
        if isinstance(element, Text) and element.glued and not _opens_list(elements, at):
            yield from (Text(part, True) for part in _paragraphs(element.text, heading, chapter, final=final))
            continue
        if not isinstance(element, Entry) or not element.glued or not _ends_run(elements, at):
            yield element
            continue
        siblings = _siblings(elements, at)
        said = sentences(element.text)
        cut = _cut_index(said, siblings, heading, chapter, intro=intro, final=final)
        lead_in = _lead_in(said, elements, at)
        cut = min(cut, lead_in)
        element.text = "".join(said[:cut]).strip()
        yield element
        rest = "".join(said[cut:]).strip()
        if rest:
            yield from (Text(part, True) for part in _paragraphs(rest, heading, chapter, final=final))


def _opens_list(elements: Sequence[Element], at: int) -> bool:
    return at + 1 < len(elements) and isinstance(elements[at + 1], Entry)


def _ends_run(elements: Sequence[Element], at: int) -> bool:
    if not _opens_list(elements, at):
        return True
    one, two = elements[at], elements[at + 1]
    assert isinstance(one, Entry)
    assert isinstance(two, Entry)
    return two.level <= one.level and two.style != "bullet" and two.ordinal.strip("（()）.、．") in ("1", "一", "①")


def _lead_in(said: Sequence[str], elements: Sequence[Element], at: int) -> int:
    """Return where a sentence `…：` begins that introduces the next list rather than belongs to this item."""
    if _opens_list(elements, at) and len(said) > 1 and said[-1].rstrip().endswith(("：", ":")):
        return len(said) - 1
    return len(said)


def _siblings(elements: Sequence[Element], at: int) -> list[Entry]:
    last = elements[at]
    assert isinstance(last, Entry)
    found: list[Entry] = []
    for element in reversed(elements[:at]):
        if not isinstance(element, Entry) or element.level < last.level:
            break
        if element.level == last.level and element.style == last.style:
            found.append(element)
    return found


def _cut_index(
    said: Sequence[str], siblings: Sequence[Entry], heading: Heading, chapter: Heading, *, intro: str, final: bool
) -> int:
    """Return which sentence of the last item is the first that does not belong to it; their number if all belong."""
    if not said:
        return 0
    others = [sentences(entry.text) for entry in siblings]
    single = bool(others) and all(len(one) == 1 for one in others)
    listed = single and all(entry.text.rstrip().endswith(("；", ";")) for entry in siblings)
    if len(said) > 1 and (listed or (single and len(others) >= 2 and not _GOES_ON.match(said[1]))):
        return 1
    cited = [any(_AUTHORITY.match(sentence) for sentence in one[1:]) for one in others]
    term = lead_term(said[0]) or said[0][:12]
    for at in range(1, len(said)):
        if _SUMMARY.match(said[at]) or (final and _sums_up(said[at:], heading, chapter)):
            return at
        if others and _AUTHORITY.match(said[at]) and _speaks_of_all(said[at], cited, heading, term=term, intro=intro):
            return at
    return len(said)


def _speaks_of_all(sentence: str, cited: Sequence[bool], heading: Heading, *, term: str, intro: str) -> bool:
    share = sum(cited) / len(cited)
    authority = _AUTHORITY.match(sentence)
    rest = sentence[authority.end() :] if authority else sentence
    if share:
        return share <= 0.5 and _common(rest, intro) >= _ECHO
    of_section = _first_common(rest, heading.title, term)
    of_item = _first_common(rest, term, heading.title)
    if of_section == len(rest) and of_item == len(rest):
        return _common(rest, heading.title) >= _COMMON
    return of_section <= of_item


def _first_common(text: str, title: str, other: str) -> int:
    """Return where ``text`` first says three characters of ``title`` that ``other`` lacks; its length if nowhere."""
    grams = {title[at : at + 3] for at in range(len(title) - 2)} - {other[at : at + 3] for at in range(len(other) - 2)}
    return min((place for gram in grams if (place := text.find(gram)) >= 0), default=len(text))


def _common(one: str, two: str) -> int:
    """Return the length of the longest run of characters that both say."""
    best = 0
    for start in range(len(one)):
        while start + best < len(one) and one[start : start + best + 1] in two:
            best += 1
    return best


def _sums_up(said: Sequence[str], heading: Heading, chapter: Heading) -> bool:
    """Return whether ``said`` opens with the chapter's subject and names what its sections are about."""
    titles = [chapter.title, *(child.title for child in chapter.children)]
    if chapter is heading or len(titles) < 3:
        return False
    if max(_prefix(said[0], title) for title in titles) < _COMMON:
        return False
    subject = min((_prefix(one, two) for one, two in pairwise(titles)), default=0)
    words = "".join(said)
    named = 0
    for title in titles[1:]:
        rest = re.sub(r"[与和及的]", " ", title[subject:])
        grams = {part[at : at + 2] for part in rest.split() for at in range(len(part) - 1)}
        named += any(gram in words for gram in grams)
    return named >= max(2, (len(titles) - 1) // 2 + 1)


def _prefix(one: str, two: str) -> int:
    count = 0
    for left, right in zip(one, two, strict=False):
        if left != right:
            break
        count += 1
    return count


def _paragraphs(text: str, heading: Heading, chapter: Heading, *, final: bool) -> list[str]:
    """Return ``text`` with the chapter's closing paragraph parted from what stands before it."""
    said = sentences(text)
    for at in range(1, len(said)):
        if _SUMMARY.match(said[at]) or (final and _sums_up(said[at:], heading, chapter)):
            return ["".join(said[:at]).strip(), "".join(said[at:]).strip()]
    return [text]
