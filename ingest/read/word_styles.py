"""What a Word file's styles and numbering say of a paragraph: heading level, printed number, hidden text.

Knows ``styles.xml`` and ``numbering.xml`` (ECMA-376 17.7 and 17.9) and keeps the counters of the lists while the
paragraphs pass in order. Knows nothing of runs or tables. Names are compared without their namespace, so that files
saved as strict Open XML read the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from ingest.read.ordinals import counted

if TYPE_CHECKING:
    from lxml.etree import _Element

_HEADING = re.compile(r"(?:heading|标题|標題|überschrift|titre)\s*([1-9])", re.IGNORECASE)
_TITLE = re.compile(r"(?:title|标题|標題|文档标题|文件标题|大标题|总标题)$", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc(?:\s*(?:\d|heading|标题))|目录.*|contents.*)$", re.IGNORECASE)
_PLACE = re.compile(r"%([1-9])")
_DEEPEST_STYLE = 20
# a list whose second level prints the first (1.1) numbers headings, not items
_COMPOSITE = re.compile(r"%1.*%2")


@cache
def local(tag: str) -> str:
    """Return a tag or attribute name without its namespace."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child(element: _Element | None, *path: str) -> _Element | None:
    """Return the first descendant along a path of local names."""
    for name in path:
        if element is None:
            return None
        element = next((inner for inner in element if local(inner.tag) == name), None)
    return element


def value(element: _Element | None, name: str = "val") -> str | None:
    """Return an attribute by its local name."""
    if element is None:
        return None
    return next((text for key, text in element.attrib.items() if local(key) == name), None)


def is_on(element: _Element | None) -> bool:
    """Tell whether a toggle such as ``w:vanish`` is there and not switched off."""
    return element is not None and (value(element) or "1").lower() not in ("0", "false", "off", "none")


def number(text: str | None, default: int = 0) -> int:
    """Return an attribute as a whole number."""
    return int(text) if text and re.fullmatch(r"-?\d{1,9}", text) else default


@dataclass(frozen=True, slots=True)
class Style:
    """What one style, with all it is based on, says. ``outline`` counts heading levels from 1, 0 for none."""

    name: str = ""
    outline: int = 0
    list_id: str = ""
    list_level: int = 0
    hidden: bool = False
    size: int = 0
    bold: bool = False
    centred: bool = False
    indent: int = 0

    @property
    def is_title(self) -> bool:
        """Tell whether this is the style of a document's title."""
        return _TITLE.match(self.name) is not None

    @property
    def is_contents(self) -> bool:
        """Tell whether this is a style of a table of contents."""
        return _CONTENTS.match(self.name) is not None


def read_styles(root: _Element | None) -> dict[str, Style]:
    """Return the styles by id, inheritance resolved; the default paragraph style also under ``""``."""
    if root is None:
        return {"": Style()}
    raw = {value(style, "styleId") or "": style for style in root if local(style.tag) == "style"}
    styles: dict[str, Style] = {}

    def resolve(style_id: str, deep: int) -> Style:
        if style_id not in styles:
            element = raw[style_id]
            based = value(child(element, "basedOn")) or ""
            known = based in raw and based != style_id and deep < _DEEPEST_STYLE
            parent = resolve(based, deep + 1) if known else Style()
            styles[style_id] = _own_style(element, parent)
        return styles[style_id]

    for style_id in raw:
        resolve(style_id, 0)
    paragraphs = {key: style for key, style in raw.items() if value(style, "type") == "paragraph"}
    default = next((key for key, style in paragraphs.items() if value(style, "default") in ("1", "true", "on")), "")
    styles[""] = styles.get(default, Style())
    return styles


def _own_style(element: _Element, parent: Style) -> Style:
    name = value(child(element, "name")) or ""
    properties, run = child(element, "pPr"), child(element, "rPr")
    style = paragraph_style(properties, replace(parent, name=name))
    named = _HEADING.match(name)
    if named:
        style = replace(style, outline=int(named[1]))
    elif style.is_contents or style.is_title:
        style = replace(style, outline=0)
    size, bold, hidden = child(run, "sz"), child(run, "b"), child(run, "vanish")
    return replace(
        style,
        size=number(value(size), style.size),
        bold=is_on(bold) if bold is not None else style.bold,
        hidden=is_on(hidden) if hidden is not None else style.hidden,
    )


def paragraph_style(properties: _Element | None, style: Style) -> Style:
    """Return ``style`` overridden by a paragraph's own properties (``w:pPr``)."""
    if properties is None:
        return style
    for element in properties:
        name = local(element.tag)
        if name == "outlineLvl":
            level = number(value(element), 9)
            style = replace(style, outline=level + 1 if level < 9 else 0)
        elif name == "numPr":
            list_id, level_text = value(child(element, "numId")), value(child(element, "ilvl"))
            style = replace(
                style,
                list_id=style.list_id if list_id is None else list_id,
                list_level=number(level_text, style.list_level),
            )
        elif name == "jc":
            style = replace(style, centred=value(element) == "center")
        elif name == "ind":
            left = value(element, "left") or value(element, "start")
            style = replace(style, indent=number(left, style.indent))
    return style


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list definition; ``indent`` in twentieths of a point."""

    start: int = 1
    kind: str = "decimal"
    pattern: str = ""
    restart: int = -1
    legal: bool = False
    indent: int = 0
    style: str = ""


class Numbering:
    """The lists of a file and their counters. Lists of one abstract definition count on together, as in Word."""

    def __init__(self, root: _Element | None, styles: dict[str, Style]) -> None:
        self._levels: dict[str, dict[int, Level]] = {}
        self._abstract: dict[str, str] = {}
        self._starts: dict[str, dict[int, int]] = {}
        self._counters: dict[str, dict[int, int]] = {}
        self._started: set[tuple[str, int]] = set()
        if root is None:
            return
        definitions: dict[str, dict[int, Level]] = {}
        linked: dict[str, str] = {}
        for element in root:
            if local(element.tag) == "abstractNum":
                abstract = value(element, "abstractNumId") or ""
                definitions[abstract] = dict(_levels(element))
                link = value(child(element, "numStyleLink"))
                if link:
                    linked[abstract] = link
        numbers = [element for element in root if local(element.tag) == "num"]
        uses = {value(element, "numId") or "": value(child(element, "abstractNumId")) or "" for element in numbers}
        for abstract, link in linked.items():  # a list style: its definition is the one the style's own list uses
            target = uses.get(styles.get(link, Style()).list_id, "")
            definitions[abstract] = definitions.get(target) or definitions[abstract]
        for element in numbers:
            self._read_number(element, definitions)

    def _read_number(self, element: _Element, definitions: dict[str, dict[int, Level]]) -> None:
        list_id, abstract = value(element, "numId") or "", value(child(element, "abstractNumId")) or ""
        levels, starts = dict(definitions.get(abstract, {})), dict[int, int]()
        for override in element:
            if local(override.tag) == "lvlOverride":
                level = number(value(override, "ilvl"))
                levels.update(_levels(override))
                start = value(child(override, "startOverride"))
                if start is not None:
                    starts[level] = number(start, 1)
        self._levels[list_id], self._abstract[list_id], self._starts[list_id] = levels, abstract, starts

    def knows(self, list_id: str) -> bool:
        """Tell whether paragraphs of this list are numbered; list ``0`` means numbering switched off."""
        return list_id != "0" and bool(self._levels.get(list_id))

    def abstract(self, list_id: str) -> str:
        """Return the definition a list shares with others."""
        return self._abstract.get(list_id, "")

    def level(self, list_id: str, level: int) -> Level:
        """Return what is defined for one level of a list."""
        return self._levels.get(list_id, {}).get(level, Level())

    def level_of_style(self, list_id: str, style_id: str) -> int | None:
        """Return the level of a list that is tied to a paragraph style."""
        levels = self._levels.get(list_id, {})
        return next((level for level, one in levels.items() if style_id and one.style == style_id), None)

    def numbers_headings(self, list_id: str) -> bool:
        """Tell whether a list counts like headings do: 1, 1.1."""
        second = self.level(list_id, 1)
        return second.kind != "bullet" and _COMPOSITE.search(second.pattern) is not None

    def ordinal(self, list_id: str, level: int) -> str:
        """Count one paragraph on and return its printed number; ``-`` for any bullet."""
        counters = self._counters.setdefault(self.abstract(list_id), {})
        one, starts = self.level(list_id, level), self._starts.get(list_id, {})
        if level in starts and (list_id, level) not in self._started:
            counters[level] = starts[level]
        else:
            counters[level] = counters[level] + 1 if level in counters else starts.get(level, one.start)
        self._started.add((list_id, level))
        for deeper in [key for key in counters if key > level]:
            restart = self.level(list_id, deeper).restart
            if restart != 0 and (restart < 0 or level < restart):
                del counters[deeper]
        if one.kind == "bullet":
            return "-"
        return _PLACE.sub(lambda place: self._printed(list_id, int(place[1]) - 1, one, counters), one.pattern).strip()

    def _printed(self, list_id: str, level: int, one: Level, counters: dict[int, int]) -> str:
        other = self.level(list_id, level)
        count = counters.setdefault(level, other.start)
        return counted(count, "decimal" if one.legal and other.kind != "decimalZero" else other.kind)


def _levels(element: _Element) -> Iterator[tuple[int, Level]]:
    for inner in element:
        if local(inner.tag) != "lvl":
            continue
        kind = child(inner, "numFmt")
        if kind is None:  # a custom format stands in mc:AlternateContent with a plain fallback
            kind = child(inner, "AlternateContent", "Fallback", "numFmt")
        indent = child(inner, "pPr", "ind")
        yield (
            number(value(inner, "ilvl")),
            Level(
                start=number(value(child(inner, "start")), 1),
                kind=value(kind) or "decimal",
                pattern=value(child(inner, "lvlText")) or "",
                restart=number(value(child(inner, "lvlRestart")), -1),
                legal=is_on(child(inner, "isLgl")),
                indent=number(value(indent, "left") or value(indent, "start")),
                style=value(child(inner, "pStyle")) or "",
            ),
        )
