"""Words of a line as a format hands them over: stray characters removed, wrapped lines joined again.

Knows nothing of files. Normalisation done here, and nothing beyond it: characters that print nothing (zero-width,
soft hyphen, controls) go, every kind of blank becomes one space, blanks at the ends go, and the bullets of symbol
fonts (private use area) become ``•``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ingest.source import Line

_UNSEEN = re.compile(
    "(?<=[A-Za-z])\u00ad|[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufff9-\ufffb\x00-\x08\x0e-\x1b\x7f]"
)
_BLANKS = re.compile("[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_SYMBOL_BULLET = re.compile("^[\uf000-\uf0ff][ \t]*")
_SYMBOL = re.compile("[\uf000-\uf0ff]")
_CLOSED = re.compile(r"[。！？；：!?;:…．.](?:[”’」』）)】》\"'])?$")
_OPENS_ITEM = re.compile(
    r"(?:[-•·●○■□◆◇▪▶➢➤✓√*]\s*\S"
    r"|[（(〔]?(?:\d{1,3}|[一二三四五六七八九十百]{1,4}|[a-zA-Z])[)）〕]"
    r"|(?:\d{1,3}|[一二三四五六七八九十百]{1,4}|[a-zA-Z])[、．]"
    r"|\d{1,3}(?:\.\d{1,3}){1,4}(?!\s?(?:[\d.%％万亿元倍年月天秒米]|小时|分钟|个|公里|千克))"
    r"|\d{1,3}\.(?!\d)"
    r"|[①-⓿❶-❿⑴-⒛㈠-㈩]"
    r"|第[\d一二三四五六七八九十百]{1,4}[章节条篇部编款]"
    r"|(?:步骤|附录|附件|图|表)\s*[\dA-Z一二三四五六七八九十])"
)
_TYPED_NUMBER = re.compile(
    r"步骤\s*[\d一二三四五六七八九十]|\d{1,3}[、.．)）](?!\d)|[一二三四五六七八九十]{1,3}、|[（(][\d一二三四五六七八九十]{1,3}[)）]|[①-⓿]"
    r"|第[\d一二三四五六七八九十百]{1,4}[条步]"
)
_NUMBERED = re.compile(r"第.{1,4}[章节篇部编条]|[一二三四五六七八九十]+、|[（(]|\d+(?:[.、．]|\s)|附录")
_HAN = "\u2e80-\u2fdf\u3001-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’…—"
_WIDE = re.compile("[\u2e80-\U0010ffff]+")
_HAN_END = re.compile(f"[{_HAN}]$")
_HAN_START = re.compile(f"^[{_HAN}]")


def tidy(text: str) -> str:
    """Return ``text`` without what prints nothing, its blanks single and its ends clean; line ends stay."""
    lines = _UNSEEN.sub("", text).replace("\x0b", "\n").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(_tidy_line(line) for line in lines).strip("\n")


def _tidy_line(line: str) -> str:
    line = _BLANKS.sub(" ", line).strip(" ")
    if _SYMBOL.search(line):
        line = _SYMBOL.sub("", _SYMBOL_BULLET.sub("• ", line))
    return line


def opens_item(text: str) -> bool:
    """Tell whether a line begins with a printed number, a bullet or a caption word."""
    return _OPENS_ITEM.match(text) is not None


def is_closed(text: str) -> bool:
    """Tell whether a line ends a sentence or announces a list."""
    return _CLOSED.search(text) is not None


def glue(first: str, second: str) -> str:
    """Return two parts of one sentence joined: no blank where Chinese meets anything, one between Latin words."""
    if not first or not second:
        return first + second
    if _HAN_END.search(first) or _HAN_START.match(second):
        return first + second
    if first.endswith("-") and len(first) > 1 and first[-2].isalpha() and second[0].islower():
        return first[:-1] + second
    return f"{first} {second}"


def display_width(text: str) -> int:
    """Return the columns a text takes on a terminal: 2 for a wide character, 1 for the others."""
    return 2 * len(text) - len(_WIDE.sub("", text))  # ten times as fast as looking at each character


def wrap_margin(lines: Sequence[str]) -> int:
    """Return the right margin, in columns, at which a source breaks its lines; 0 where a new line means one.

    It is wrapped where a third of the lines reach one margin and most of those break off without an end mark.
    """
    widths = sorted(display_width(line) for line in lines if line)
    if len(widths) < 4:
        return 0
    margin = widths[int(len(widths) * 0.95)]
    full = [line for line in lines if margin - 6 <= display_width(line) <= margin + 6]
    open_ended = sum(not is_closed(line) for line in full)
    wrapped = 40 <= margin <= 160 and len(full) * 3 >= len(widths) and open_ended * 2 > len(full)
    return margin if wrapped else 0


def join_wrapped(lines: Iterable[str], margin: int) -> list[str]:
    """Return the paragraphs of lines broken at ``margin`` (0: every line is one); ``""`` parts paragraphs."""
    paragraphs: list[str] = []
    previous = ""
    for line in lines:
        if margin and previous and line and margin - 6 <= display_width(previous) and not opens_item(line):
            paragraphs[-1] = glue(paragraphs[-1], line)
        elif line:
            paragraphs.append(line)
        previous = line
    return paragraphs


def cell_text(parts: Iterable[str]) -> str:
    """Return the paragraphs of one table cell as one line.

    Parts that are list items or long are parted by ``；``, short ones (a narrow column broken by hand) by a blank.
    """
    joined = ""
    for part in (line for text in parts for line in tidy(text).split("\n") if line):
        if not joined:
            joined = part
        elif joined.endswith(tuple("。；：！？，、;:,")) or part.startswith(("（", "(")):
            joined += part
        elif opens_item(part) or len(part) >= 8 or len(joined) >= 8:
            joined = f"{joined}；{part}"
        else:
            joined = f"{joined} {part}"
    return joined


def item_line(text: str, *, level: int, ordinal: str, page: int = 0) -> Line:
    """Return a list item; one whose bullet stands before a number typed by hand is a line of text with that number."""
    if ordinal == "-" and _TYPED_NUMBER.match(text):
        return Line(text, page=page)
    return Line(text, "item", level, ordinal, page=page)


def take_title(title: str, lines: list[Line], *, deeper: bool = False) -> tuple[str, list[Line]]:
    """Return the title and the lines without it: the only first-level heading, if it is the first and has no number.

    Args:
        title: what to fall back on.
        lines: all lines of a document.
        deeper: whether other headings must stand below it, as in Word, where the first level names chapters.
    """
    headings = [index for index, line in enumerate(lines) if line.kind == "heading"]
    tops = [index for index in headings if lines[index].level == 1]
    if len(tops) != 1 or tops[0] != headings[0] or tops[0] > 3 or len(lines) < 2 or (deeper and len(headings) < 2):
        return title, lines
    top = lines[tops[0]]
    if top.ordinal or _NUMBERED.match(top.text):
        return title, lines
    return top.text, lines[: tops[0]] + lines[tops[0] + 1 :]
