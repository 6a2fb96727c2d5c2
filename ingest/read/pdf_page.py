"""One page of a PDF as pieces in reading order: lines of text with their place and size, tables with their cells.

Knows characters and ruled lines as pdfplumber gives them, and two columns. Knows nothing of other pages, so neither
of page headers nor of paragraphs.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, TypedDict, cast

from ingest.read.grid import Grid, Slot
from ingest.read.lines import cell_text, glue, tidy

if TYPE_CHECKING:
    from pdfplumber.page import Page

# more ruled lines than this is a drawing; looking for tables would take minutes
_MOST_EDGES = 4000
_SNAP = 3.0
# radicals without a compatibility mapping in Unicode (U+2E80), or whose mapping is another character's form (户, 青)
_RADICALS = dict(
    zip(
        map(
            ord, "⺁⺄⺆⺈⺌⺍⺕⺘⺛⺝⺠⺩⺮⺶⺷⺼⻁⻄⻅⻆⻉⻋⻌⻍⻎⻓⻔⻖⻘⻙⻚⻛⻜⻝⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳⼾⾭"
        ),
        "厂乙冂刀小小彐扌无月民王竹羊羊月虎西见角贝车辶辶辶长门阝青韦页风飞食饣马骨鬼鱼鸟卤麦黄黾齐齿龙龟户青",
        strict=True,
    )
)
# glyphs one font draws for several characters come back as the rarer one
_DASHES = {0x2010: "-", 0x2011: "-", 0x2012: "–", 0x2015: "—"}
_COMPATIBLE = re.compile("[\u2010-\u2012\u2015\u2e80-\u2fdf\uf900-\ufaff\ufb00-\ufb06]")
# marks that cannot begin a line, and those that cannot end one
_LEADING_MARKS = "，。、；：！？）》」』”’】〕…,.;:!?)%％"
_OPENING_MARKS = "（《「『“‘【〔(["
# taken for Latin by word processors, so that the character before is held too
_OPENING_QUOTES = "“‘"
_UNREADABLE = re.compile(r"\(cid:\d+\)")


class Char(TypedDict):
    """What is used of pdfplumber's character: its text, its box in points from the top left, and its font."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    fontname: str
    upright: bool


@dataclass(slots=True)
class Span:
    """One printed line of text. Places and ``size`` in points; ``start`` is the width of its first unbreakable part.

    ``margin`` is where the lines of its column end, 0 where that is the right margin of the page.
    """

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: bool
    start: float
    page: int
    margin: float = 0.0


@dataclass(slots=True)
class Ruled:
    """One ruled table: its grid, its place, and the x of its column borders."""

    grid: Grid
    top: float
    bottom: float
    borders: tuple[float, ...]
    page: int


@dataclass(slots=True)
class PageText:
    """The pieces of one page from the top. ``unreadable``: it shows something, and next to nothing of it is text."""

    pieces: list[Span | Ruled]
    width: float
    height: float
    unreadable: bool


def compose(text: str) -> str:
    """Return text with radicals and compatibility ideographs, which PDF fonts map to, as the characters meant."""
    if not _COMPATIBLE.search(text):
        return text
    return _COMPATIBLE.sub(lambda found: _composed(found[0]), text)


def _composed(character: str) -> str:
    return _DASHES.get(ord(character)) or unicodedata.normalize("NFKC", character.translate(_RADICALS))


def read_page(page: Page, number: int) -> PageText:
    """Return the pieces of one page."""
    chars = [cast("Char", char) for char in page.chars if char["text"]]
    upright = [char for char in chars if char["upright"]]
    if len(upright) * 2 >= len(chars):  # what stands askew on an upright page is a watermark
        chars = upright
    broken = sum(_UNREADABLE.match(char["text"]) is not None for char in chars)
    letters = sum(not char["text"].isspace() for char in chars)
    chars = [char for char in chars if not _UNREADABLE.match(char["text"])]
    width, height = float(page.width), float(page.height)
    pictures = sum(
        (image["x1"] - image["x0"]) * (image["bottom"] - image["top"]) for image in page.images
    )  # fmt: skip
    scanned = bool(page.images) and (letters < 5 or (letters < 50 and pictures > width * height / 2))
    unreadable = scanned or (letters > 0 and broken * 2 > letters)
    tables = _tables(page, chars, number)
    free = [char for char in chars if not any(_inside(char, table) for table in tables)] if tables else chars
    return PageText(_in_order(_line_up(free), tables, width, number), width, height, unreadable)


def _inside(char: Char, table: Ruled) -> bool:
    across, down = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return table.borders[0] <= across <= table.borders[-1] and table.top <= down <= table.bottom


def _line_up(chars: Iterable[Char]) -> list[list[Char]]:
    """Return characters as printed lines from the top, each from the left."""
    lines: list[list[Char]] = []
    middle = 0.0
    for char in sorted(chars, key=lambda one: one["top"] + one["bottom"]):
        centre = (char["top"] + char["bottom"]) / 2
        if lines and abs(centre - middle) <= 0.4 * max(char["size"], lines[-1][0]["size"]):
            lines[-1].append(char)
        else:
            lines.append([char])
            middle = centre
    for line in lines:
        line.sort(key=lambda one: one["x0"])
    return lines


def _span(line: Sequence[Char], page: int) -> Span | None:
    words, shown = _words(line)
    text = compose(tidy(words))
    if not text:
        return None
    sizes = Counter(round(char["size"] * 2) / 2 for char in shown)
    fonts = Counter("bold" in char["fontname"].lower() or "hei" in char["fontname"].lower() for char in shown)
    return Span(
        text=text,
        x0=shown[0]["x0"],
        x1=max(char["x1"] for char in shown),
        top=min(char["top"] for char in shown),
        bottom=max(char["bottom"] for char in shown),
        size=sizes.most_common(1)[0][0],
        bold=fonts.most_common(1)[0][0],
        start=_start(shown),
        page=page,
    )


def _words(line: Sequence[Char]) -> tuple[str, list[Char]]:
    """Return a line's text, with a blank where the print leaves one, and its printed characters."""
    words: list[str] = []
    shown: list[Char] = []
    for char in line:
        if shown:
            last = shown[-1]
            if char["text"] == last["text"] and abs(char["x0"] - last["x0"]) < 1:  # bold by printing twice
                continue
            gap = char["x0"] - last["x1"]
            wide = ord(char["text"][0]) > 0x2E7F or ord(last["text"][-1]) > 0x2E7F
            if gap > char["size"] * (0.6 if wide else 0.18):
                words.append(" ")
        words.append(char["text"])
        if not char["text"].isspace():
            shown.append(char)
    return "".join(words), shown


def _start(shown: Sequence[Char]) -> float:
    """Return the width of what cannot be broken at the start: a word, or one character and the marks after it."""
    end = 1
    while end < len(shown) and _holds(shown[end - 1], shown[end]):
        end += 1
    return shown[end - 1]["x1"] - shown[0]["x0"]


def _holds(before: Char, after: Char) -> bool:
    """Tell whether no line may break between two characters."""
    if after["text"] in _LEADING_MARKS or before["text"] in _OPENING_MARKS:
        return True
    latin = ord(before["text"][0]) < 0x2E80 and ord(after["text"][0]) < 0x2E80
    return (latin and after["x0"] - before["x1"] < 1) or after["text"] in _OPENING_QUOTES


def _in_order(lines: list[list[Char]], tables: list[Ruled], width: float, page: int) -> list[Span | Ruled]:
    """Return lines and tables from the top; between two that go right across, the left column before the right."""
    gutter = _gutter(lines, width)
    parted = [part for line in lines for part in _at_gutter(line, gutter)]
    spans = [span for part in parted if (span := _span(part, page)) is not None]
    pieces: list[Span | Ruled] = [*spans, *tables]
    pieces.sort(key=lambda piece: piece.top)
    if gutter is None:
        return pieces
    within = [span for span in spans if span.x1 <= gutter]
    for span in within:
        span.margin = max(one.x1 for one in within)
    ordered: list[Span | Ruled] = []
    left: list[Span | Ruled] = []
    right: list[Span | Ruled] = []
    for piece in pieces:
        first, last = (piece.x0, piece.x1) if isinstance(piece, Span) else (piece.borders[0], piece.borders[-1])
        if first < gutter < last:
            ordered += [*left, *right, piece]
            left, right = [], []
        else:
            (left if last <= gutter else right).append(piece)
    return [*ordered, *left, *right]


def _at_gutter(line: list[Char], gutter: float | None) -> list[list[Char]]:
    if gutter is None or any(char["x0"] < gutter < char["x1"] for char in line if not char["text"].isspace()):
        return [line]
    left = [char for char in line if char["x1"] <= gutter]
    return [part for part in (left, [char for char in line if char["x1"] > gutter]) if part]


def _gutter(lines: list[list[Char]], width: float) -> float | None:
    """Return the x between two columns of running text, ``None`` for one column.

    Most lines must leave the place free, and the parts on either side must fill their column: words set apart by
    blanks, as in a table without rules, do not.
    """
    shown = [[char for char in line if not char["text"].isspace()] for line in lines]
    shown = [line for line in shown if line]
    if len(shown) < 12:
        return None
    left_edge, right_edge = min(line[0]["x0"] for line in shown), max(line[-1]["x1"] for line in shown)
    best, fewest = 0.0, len(shown)
    for step in range(21):
        place = width * (0.3 + 0.02 * step)
        crossing = sum(any(char["x0"] - 3 < place < char["x1"] + 3 for char in line) for line in shown)
        if crossing < fewest:
            best, fewest = place, crossing
    lefts = [
        max(char["x1"] for char in line if char["x1"] <= best) - line[0]["x0"]
        for line in shown
        if line[0]["x1"] <= best
    ]
    rights = [
        line[-1]["x1"] - min(char["x0"] for char in line if char["x0"] >= best)
        for line in shown
        if line[-1]["x0"] >= best
    ]
    if fewest * 10 > len(shown) * 3 or min(len(lefts), len(rights)) < 6:
        return None
    full_left = sorted(lefts)[len(lefts) // 2] >= 0.75 * (best - left_edge)
    full_right = sorted(rights)[len(rights) // 2] >= 0.7 * (right_edge - best)
    return best if full_left and full_right else None


def _tables(page: Page, chars: Sequence[Char], number: int) -> list[Ruled]:
    """Return the ruled tables of a page with at least two columns."""
    if not 4 <= len(page.edges) <= _MOST_EDGES:
        return []
    found = []
    for table in page.find_tables():
        columns = _borders([edge for cell in table.cells for edge in (cell[0], cell[2])])
        rows = _borders([edge for cell in table.cells for edge in (cell[1], cell[3])])
        if len(columns) < 3 or len(table.cells) < 2:
            continue
        ruled = Ruled([], table.bbox[1], table.bbox[3], tuple(columns), number)
        within = [char for char in chars if _inside(char, ruled)]
        if within:
            ruled.grid = _grid(table.cells, columns, rows, within)
            found.append(ruled)
    return found


def _borders(places: Iterable[float]) -> list[float]:
    """Return the distinct borders; rules a hair apart are one."""
    borders: list[float] = []
    for place in sorted(places):
        if not borders or place - borders[-1] > _SNAP:
            borders.append(place)
    return borders


def _grid(
    cells: Iterable[tuple[float, float, float, float]], columns: list[float], rows: list[float], chars: Sequence[Char]
) -> Grid:
    """Return the grid of a table: a cell that reaches over several borders is one slot in all its places."""
    grid: list[list[Slot | None]] = [[None] * (len(columns) - 1) for _ in range(len(rows) - 1)]
    content: dict[int, list[Char]] = {}
    boxes: dict[int, tuple[Slot, float, float]] = {}
    for left, top, right, bottom in cells:
        across = range(_index(columns, left), max(_index(columns, right), _index(columns, left) + 1))
        down = range(_index(rows, top), max(_index(rows, bottom), _index(rows, top) + 1))
        slot = Slot("", len(down), len(across))
        boxes[id(slot)] = (slot, left, right)
        for row in down:
            for column in across:
                if row < len(grid) and column < len(grid[0]):
                    grid[row][column] = slot
    for char in chars:
        row = bisect_right(rows, (char["top"] + char["bottom"]) / 2) - 1
        column = bisect_right(columns, (char["x0"] + char["x1"]) / 2) - 1
        if 0 <= row < len(grid) and 0 <= column < len(grid[0]):
            slot_here = grid[row][column]
            if slot_here is not None:
                content.setdefault(id(slot_here), []).append(char)
    for key, inside in content.items():
        slot, left, right = boxes[key]
        slot.text = _cell(inside, left, right)
    return [[slot or Slot("") for slot in row] for row in grid]


def _index(borders: list[float], place: float) -> int:
    return min(range(len(borders)), key=lambda index: abs(borders[index] - place))


def _cell(chars: Sequence[Char], left: float, right: float) -> str:
    """Return a cell's text: lines that ran into the cell's border are one sentence, others stand apart."""
    spans = [span for line in _line_up(chars) if (span := _span(line, 0)) is not None]
    if not spans:
        return ""
    padding = min(min(span.x0 for span in spans) - left, 8.0)
    room = right - left - 2 * padding
    parts = [spans[0].text]
    for before, span in pairwise(spans):
        if room - (before.x1 - before.x0) < span.start + 0.35 * span.size:
            parts[-1] = glue(parts[-1], span.text)
        else:
            parts.append(span.text)
    return cell_text(parts)
