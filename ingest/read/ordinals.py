"""Numbers as Word and HTML print them before a paragraph: 一, 壹, ①, ⑴, 甲, iv, aa, 01.

Knows the names of ECMA-376 (``ST_NumberFormat``, 17.18.59) and nothing of lists.
"""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def letters(number: int, *, upper: bool = False) -> str:
    """Return ``a``…``z``, ``aa``, ``bb`` … as Word counts on."""
    if number < 1:
        return str(number)
    letter = chr(ord("A" if upper else "a") + (number - 1) % 26)
    return letter * ((number - 1) // 26 + 1)


def roman(number: int, *, upper: bool = False) -> str:
    """Return a Roman numeral; numbers outside 1 to 3999 stay decimal."""
    if not 0 < number < 4000:
        return str(number)
    text = ""
    for value, numeral in _ROMAN:
        count, number = divmod(number, value)
        text += numeral * count
    return text.upper() if upper else text


def chinese(number: int, *, digits: str = _DIGITS, units: str = "十百千", zero: str = "零") -> str:
    """Return a Chinese numeral below ten thousand: 十, 十一, 二十, 一百零五."""
    if not 0 < number < 10000:
        return str(number)
    text, gap = "", False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            text += (zero if gap and text else "") + digits[digit] + (units[power - 1] if power else "")
        gap = digit == 0
    one_ten = digits[1] + units[0]
    return text[1:] if number < 20 and text.startswith(one_ten) and digits == _DIGITS else text


def _enclosed(number: int, starts: tuple[tuple[int, int, int], ...]) -> str:
    for first, last, code in starts:
        if first <= number <= last:
            return chr(code + number - first)
    return str(number)


def _circled(number: int) -> str:
    return _enclosed(number, ((1, 20, 0x2460), (21, 35, 0x3251), (36, 50, 0x32B1)))


def _digit_by_digit(number: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(number))


def _legal(number: int) -> str:
    return chinese(number, digits=_LEGAL, units="拾佰仟")


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimalZero": lambda number: f"{number:02d}",
    "decimalFullWidth": lambda number: str(number).translate({48 + digit: 0xFF10 + digit for digit in range(10)}),
    "lowerLetter": letters,
    "upperLetter": lambda number: letters(number, upper=True),
    "lowerRoman": roman,
    "upperRoman": lambda number: roman(number, upper=True),
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "ideographDigital": _digit_by_digit,
    "japaneseDigitalTenThousand": _digit_by_digit,
    "taiwaneseDigital": _digit_by_digit,
    "chineseLegalSimplified": _legal,
    "ideographLegalTraditional": _legal,
    "japaneseLegal": _legal,
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": lambda number: _enclosed(number, ((1, 20, 0x2474),)),
    "decimalEnclosedFullstop": lambda number: _enclosed(number, ((1, 20, 0x2488),)),
    "ideographEnclosedCircle": lambda number: _enclosed(number, ((1, 10, 0x3220),)),
    "ideographTraditional": lambda number: _STEMS[number - 1] if 0 < number <= 10 else str(number),
    "ideographZodiac": lambda number: _BRANCHES[number - 1] if 0 < number <= 12 else str(number),
    "none": lambda _: "",
}


def counted(number: int, kind: str) -> str:
    """Return ``number`` in the number format ``kind``; an unknown kind counts in decimals."""
    return _FORMATS.get(kind, str)(number)
