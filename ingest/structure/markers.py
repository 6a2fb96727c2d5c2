"""Ordinals that open a heading or a list item: which styles there are and how one is told from a number in prose.

Knows one line (or one place in a long line) at a time. Knows nothing of sequences: whether ``3.`` continues
anything is decided by ``split`` (endless lines) and ``tree`` (lines), which hold the open numbers on a stack.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Style = Literal[
    "part", "chapter", "section", "article", "appendix", "cn", "paren_cn", "dotted", "dot", "comma", "bare", "roman",
    "step", "paren", "parens", "circle", "alpha", "bullet",
]  # fmt: skip

FIRM: frozenset[Style] = frozenset({"part", "chapter", "section", "article", "appendix"})
"""Styles whose words say what they are; the others depend on where they stand."""

ORDER: dict[Style, int] = {
    "part": 0, "appendix": 0, "chapter": 1, "section": 2, "article": 3, "cn": 4, "roman": 4, "paren_cn": 5, "dotted": 5,
    "dot": 6, "comma": 6, "bare": 6, "step": 6, "parens": 7, "paren": 7, "circle": 8, "alpha": 8, "bullet": 9,
}  # fmt: skip
"""The customary nesting of styles in Chinese documents: a smaller number stands outside a greater one."""

SENTENCE_END = "。！？!?…"
CLAUSE_END = SENTENCE_END + "；;：:"
_CLOSERS = "”’」』）)》】\"'"
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_CN = "一二三四五六七八九十百零〇两"
_CJK = r"\u3400-\u9fff\uf900-\ufaff"
_CIRCLES = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_PARENTHESISED = "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"
_ROMANS = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ"
BULLETS = "-•●■◆▪▫◦➢►▶○□☐✓✔*–—·"

_UNIT = (
    r"(?:倍(?!增)|%|％|‰|℃|°|万(?=[元人件次余以多吨户，。；、）])|亿|元(?!数据|素|件)|小时|分钟|秒|天(?=[内以之前后，。；、）]|$)"
    r"|个(?=月|工作日|百分点|小时|自然日)|百分点|工作日|自然日|公里|千米|毫米|厘米|平方|立方|公斤|千克|吨|折|岁|页"
    r"|年(?!度|终|中|检|会|报|审|龄)|月(?!度|报|会|检|结|份)|日(?!常|报|程|志|期)|版(?!本|面|权|式)|分(?=[以及，。；、）钟]|$)"
    r"|级(?=[以及，。；、）]|$)|次(?=[以之，。；、）/]|$)|[kKmMcCgG][gGmMbB]\b|hours?\b|minutes?\b|days?\b|percent\b|times\b)"
)
_UNIT_AHEAD = re.compile(r"\s*" + _UNIT)

_NUM = rf"[{_CN}\d０-９]"
_LINE_PATTERNS: tuple[tuple[Style, re.Pattern[str]], ...] = (
    ("part", re.compile(rf"(?:\d{{1,2}}[.、．]\s*)?第\s*({_NUM}{{1,4}})\s*(?:部分|编|篇)(?![的、，,。至和与及或])")),
    (
        "chapter",
        re.compile(rf"(?:\d{{1,2}}[.、．]\s*)?第\s*({_NUM}{{1,4}})\s*章(?![的、，,。至和与及或第所中内]|规定)"),
    ),
    ("section", re.compile(rf"第\s*({_NUM}{{1,4}})\s*节(?![的、，,。至和与及或第所中内]|规定)")),
    ("article", re.compile(rf"第\s*({_NUM}{{1,5}})\s*条(?:之{_NUM})?(?![的、，,。至和与及或第所中内款]|规定)")),
    ("appendix", re.compile(rf"附\s*[录件表]\s*([A-Z]|{_NUM}{{1,2}})(?![\d、，,。)）]|[和与及或的]|中[的所])")),
    ("appendix", re.compile(r"附\s*录(?=\s*(?:[：:]|$))()")),
    ("part", re.compile(r"(?i:part)\s+(\d{1,2})\b(?=\s*[.:：\-–—]|\s+\S)")),
    ("chapter", re.compile(r"(?i:chapter)\s+(\d{1,2})\b")),
    ("section", re.compile(r"(?i:section)\s+(\d{1,2})\b(?!\.\d)")),
    ("article", re.compile(r"(?i:article)\s+(\d{1,3})\b")),
    ("appendix", re.compile(r"(?i:appendix|annex)\s+([A-Z\d])\b")),
    (
        "dotted",
        re.compile(
            r"((?:\d{1,2}|[A-Z])(?:[.．]\d{1,3}){1,5})(?![\d%％])(?![.．]\d)[.．、]?(?!\s*[-~～—–/至]\s*\d|\s?[±×＋+<>≤≥])"
        ),
    ),
    ("dot", re.compile(r"(\d{1,3})\s?[.．](?!\d)")),
    ("comma", re.compile(r"(\d{1,3})\s?、(?!\s*\d)")),
    ("parens", re.compile(r"[(（]\s*(\d{1,3})\s*[)）](?!\s*[、，,])")),
    ("parens", re.compile(rf"([{_PARENTHESISED}])")),
    ("paren", re.compile(r"(\d{1,3})\s?[)）]")),
    ("paren_cn", re.compile(rf"[(（]\s*([{_CN}]{{1,3}})\s*[)）](?!\s*[、，,])")),
    ("paren_cn", re.compile(rf"([{_CN}]{{1,3}})[)）]")),
    ("cn", re.compile(rf"([{_CN}]{{1,3}})\s*[、.．](?![{_CN}]|\d(?!\d?\.\d))")),
    ("cn", re.compile(rf"([一二三四五六七八九]?十?[一二三四五六七八九十])[ \u3000\t]+(?=[{_CJK}])")),
    ("circle", re.compile(rf"([{_CIRCLES}])")),
    ("roman", re.compile(rf"([{_ROMANS}])\s*[、.．]?")),
    ("step", re.compile(rf"(?:步骤\s*|第(?={_NUM}{{1,2}}步)|(?i:step)\s*)({_NUM}{{1,2}})步?(?![、\d]\d)")),
    ("alpha", re.compile(rf"([a-zA-Z])[.)）、](?=\s|[{_CJK}])")),
    ("bullet", re.compile(r"[-–](?![-–\d])\s*|[•●■◆▪▫◦➢►▶○□☐✓✔]\s*|[*—·]\s+")),
    ("bare", re.compile(rf"(\d{{1,2}})[ \u3000\t]+(?=[{_CJK}A-Za-z《“])")),
)
_AFTER_FIRM = re.compile(r"^[\s：:、.．\-–—]*")


@dataclass(frozen=True, slots=True)
class Mark:
    """A recognised ordinal. ``value`` has one number, or as many as a dotted one has parts; ``()`` for a bullet."""

    style: Style
    value: tuple[int, ...]
    printed: str

    @property
    def last(self) -> int:
        """Return the number that counts among siblings, 0 for a bullet."""
        return self.value[-1] if self.value else 0

    @property
    def depth(self) -> int:
        """Return the number of parts."""
        return len(self.value)


def number_of(text: str) -> int:
    """Return the value of ``三``, ``十二``, ``二十``, ``一百零三``, ``12``, ``③``, ``Ⅳ`` or ``B`` (66)."""
    if text.isdecimal():
        return int(text)
    for row in (_CIRCLES, _PARENTHESISED, _ROMANS):
        if text in row:
            return row.index(text) + 1
    if len(text) == 1 and text.isascii():
        return ord(text)
    total = unit = 0
    for char in text:
        if char == "百":
            total, unit = total + (unit or 1) * 100, 0
        elif char == "十":
            total, unit = total + (unit or 1) * 10, 0
        else:
            unit = _DIGITS.get(char, 0)
    return total + unit


def make_mark(style: Style, number: str, printed: str) -> Mark:
    """Return the mark of ``style`` whose number part reads ``number``."""
    if style == "bullet":
        return Mark(style, (), "-")
    if style == "dotted":
        parts = number.replace("．", ".").split(".")
        return Mark(style, tuple(number_of(part) for part in parts), ".".join(parts))
    value = number_of(number) if number else 0
    if style == "alpha":
        value -= ord("a") - 1 if number.islower() else ord("A") - 1
    return Mark(style, (value,), re.sub(r"\s+", " " if printed.isascii() else "", printed.strip()))


def read_mark(line: str) -> tuple[Mark, str] | None:
    """Return the ordinal that opens ``line`` and the rest, None where it opens with words or with a quantity."""
    text = line.strip()
    if not text or not (text[0] in _FIRST or text[0].isdigit() or text[0].isascii()):
        return None
    for style, pattern in _LINE_PATTERNS:
        match = pattern.match(text)
        if match is None:
            continue
        if style in ("dotted", "bare", "dot") and _UNIT_AHEAD.match(text, match.end()):
            return None
        if style == "section" and re.match(r"[课次点]", text[match.end() :]):
            return None
        number = match.group(1) if match.re.groups else ""
        rest = text[match.end() :]
        mark = make_mark(style, number, match.group())
        if style in FIRM or style == "step":
            rest = _AFTER_FIRM.sub("", rest, count=1)
        if not rest and style not in FIRM and style != "dotted":
            return None
        return mark, rest.strip()
    return None


_FIRST = frozenset("第附步(（" + _CN + _CIRCLES + _PARENTHESISED + _ROMANS + BULLETS)


def read_ordinal(ordinal: str) -> Mark:
    """Return the mark of an ordinal that a format kept apart (``1.``, ``第三条``); an unknown one is a bullet."""
    text = ordinal.strip()
    for probe in (text + " 某", text + "、某"):
        found = read_mark(probe)
        if found and found[1].endswith("某"):
            return found[0]
    return Mark("bullet", (), "-")


def is_quantity(text: str, end: int) -> bool:
    """Return whether the number that ends at ``end`` counts something (``1.5小时``, ``2.5倍``)."""
    return _UNIT_AHEAD.match(text, end) is not None


def width(text: str) -> float:
    """Return the length in full-width characters: a Latin character counts a half."""
    return len(text) - len(text.encode("ascii", "ignore")) / 2


_LONGEST_TITLE = 80
_PROSE = re.compile(r"[。；！;!]|[：:](?!$)|，.*，|,.*,|[.](?=\s)")


def title_like(text: str) -> bool:
    """Return whether ``text`` can be a title: short, no sentence in it, at most one comma."""
    text = text.strip()
    if not text or len(text) > _LONGEST_TITLE or text[0] in "，,、；;。）)":
        return False
    limit = 26 if "，" in text or "," in text else 40
    return width(text) <= limit and _PROSE.search(text) is None and text[-1] not in "，,、."


def ends_sentence(text: str) -> bool:
    """Return whether ``text`` ends a sentence (closing quotes and brackets after the stop are passed over)."""
    bare = text.rstrip().rstrip(_CLOSERS)
    stripped = text.rstrip()
    return bool(stripped) and (
        stripped[-1] in SENTENCE_END + ".；;" or (bool(bare) and bare[-1] in SENTENCE_END + "；;")
    )


_SENTENCE = re.compile(rf"[^{SENTENCE_END}]*[{SENTENCE_END}]+[”’」』）)》】\"']*|[^{SENTENCE_END}]+$")


def sentences(text: str) -> list[str]:
    """Return the sentences of ``text``; joined they give it back."""
    return _SENTENCE.findall(text)


def plain(text: str) -> str:
    """Return ``text`` folded for comparing titles: no white space, brackets or punctuation, lower case."""
    return re.sub(r"[\W_]+", "", text).lower()
