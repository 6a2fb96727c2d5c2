"""Amounts in a text: number, unit, place; other amounts of the same unit; the ways to write one. Knows characters only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

_UNITS = (
    "日(?=以?内|以上|未|后)|个工作日|工作日|个工作小时|工作小时|个小时|小时|分钟|秒钟|秒|个月|周岁|岁|天|周|年|万元|元|公里|千米|厘米|毫米|平方米|米"
    "|公斤|千克|毫升|℃|摄氏度|分|次|人|名|位|件|张|单|份|条|户|项|倍|页|通|家|台|道题|副|把|遍|级|节|门|套|盏|间|辆|箱|包|瓶|组"
)
_HAN = "零一二两三四五六七八九十百千半"
# Not a date (3月1日), a year, a version, a code, a telephone number, a clock's minute.
AMOUNT = re.compile(
    rf"(?<!\d[:：])(?<![\d.A-Za-z第/～~\-—之月年一二三四五六七八九十])(?P<number>\d{{1,6}}(?:\.\d+)?|[一二两三四五六七八九十半]{{1,3}})"
    rf"(?P<unit>%|％|(?:{_UNITS})(?:/(?:小时|分钟|天|日|月|年|人|次|件|户|吨|米))?)(?![/／]|[\d月日]|之[一二三四五六七八九十])"
)
_ONLY_HAN_SAFE = re.compile(r"日|个工作日|工作日|个小时|小时|分钟|个月|天|周|年|次|名|人|遍|倍")
_NOT_AFTER = re.compile(r"(?:20|19)\d\d年|(?:第|每|同|某|任|另|上|下|这|那|逐|前|后|统|唯|单|十)$")
_NO_MARKS = frozenset("钟之别类为级工区担摊成")  # after 分: no points are meant
_DIGIT_WORDS = "零一二三四五六七八九"
_SIZES = {"十": 10, "百": 100, "千": 1000}


@dataclass(frozen=True)
class Amount:
    """A number with its unit at ``start:end`` of a text; ``value`` as a number."""

    text: str
    number: str
    unit: str
    value: float
    start: int
    end: int


def amounts(text: str) -> list[Amount]:
    """Return the amounts in ``text`` that a question can ask for, in order."""
    found = []
    for match in AMOUNT.finditer(text):
        number, unit = match["number"], match["unit"].replace("％", "%")
        han = not number[0].isdigit()
        before = text[max(0, match.start() - 5) : match.start()]
        if han and (not _ONLY_HAN_SAFE.fullmatch(unit) or _NOT_AFTER.search(before) or number in {"一", "半", "十"}):
            continue
        if not han and unit == "年" and float(number) >= 1900:
            continue
        if unit == "分" and text[match.end() : match.end() + 1] in {
            "钟",
            "之",
            "别",
            "类",
            "为",
            "级",
            "工",
            "区",
            "担",
            "摊",
            "成",
        }:
            continue
        after = text[match.end() : match.end() + 2]
        if re.match(r"[至到～~—-]|或者?[\d一二三四五六七八九十]|以[上内下][至到]", after):
            continue
        if re.search(r"[\d一二三四五六七八九十分年元人天%个时件单次名](?:至|到|～|~|—|-|或|比)$", before):
            continue
        found.append(Amount(match[0], number, unit, value_of(number), match.start(), match.end()))
    return found


def value_of(number: str) -> float:
    """Return the value of digits or of Han numerals up to 99 (半 is a half)."""
    if number[0].isdigit():
        return float(number)
    if number == "半":
        return 0.5
    total = digit = 0
    for character in number:
        if size := _SIZES.get(character):
            total += (digit or 1) * size
            digit = 0
        else:
            digit = 2 if character == "两" else _DIGIT_WORDS.index(character)
    return float(total + digit)


def han(value: float) -> str:
    """Return a whole number below 10,000 in Han numerals (30 → 三十), nothing for others."""
    if value != int(value) or not 0 < value < 10_000:
        return ""
    digits = str(int(value))
    words = ""
    for at, character in enumerate(digits):
        size = ("", "十", "百", "千")[len(digits) - at - 1]
        if character == "0":
            words += "" if words.endswith("零") else "零"
        else:
            words += _DIGIT_WORDS[int(character)] + size
    words = words.rstrip("零")
    return words[1:] if words.startswith("一十") else words


def written_forms(amount: Amount, *, with_unit: bool) -> tuple[str, ...]:
    """Return the ways to write ``amount`` that count as right, the source's own first (30%, 百分之三十; 2, 二, 两)."""
    value = amount.value
    digits = str(int(value)) if value == int(value) else str(value)
    words = han(value)
    two = ["两"] if value == 2 else []
    if amount.unit == "%":
        own = [
            amount.text if with_unit else amount.number,
            f"{digits}%",
            f"百分之{words}" if words else "",
            f"{digits}％",
        ]
        return tuple(dict.fromkeys(form for form in own if form))
    bare = [amount.number, digits, words, *two]
    whole = [f"{form}{amount.unit}" for form in bare if form]
    return tuple(dict.fromkeys(form for form in ([*whole, *bare] if with_unit else [*bare, *whole]) if form))


_LADDERS: dict[str, tuple[float, ...]] = {
    "分钟": (1, 2, 3, 5, 10, 15, 20, 30, 40, 45, 60, 90, 120),
    "小时": (1, 2, 3, 4, 6, 8, 12, 24, 36, 48, 72, 96),
    "%": (1, 2, 3, 5, 8, 10, 15, 20, 25, 30, 40, 50, 60, 70, 75, 80, 85, 90, 92, 95, 98, 99, 100),
    "元": (
        5,
        10,
        20,
        30,
        50,
        80,
        100,
        150,
        200,
        300,
        500,
        800,
        1000,
        1500,
        2000,
        3000,
        5000,
        8000,
        10000,
        20000,
        50000,
    ),
    "分": (1, 2, 3, 4, 5, 8, 10, 15, 20, 30, 40, 50, 60, 70, 75, 80, 85, 90, 95, 100),
    "天": (1, 2, 3, 4, 5, 6, 7, 10, 14, 15, 20, 30, 45, 60, 90, 120, 180),
    "日": (1, 2, 3, 4, 5, 6, 7, 10, 14, 15, 20, 30, 45, 60, 90, 120, 180),
    "工作日": (1, 2, 3, 5, 7, 10, 15, 20, 30),
    "月": (1, 2, 3, 4, 6, 9, 12, 18, 24, 36),
    "年": (1, 2, 3, 5, 8, 10, 15, 20, 30),
}
_SMALL: tuple[float, ...] = (
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    10,
    12,
    15,
    20,
    24,
    25,
    30,
    36,
    40,
    45,
    50,
    60,
    80,
    90,
    100,
    120,
    150,
    180,
    200,
)


def _write(value: float, like: Amount) -> str:
    digits = str(int(value)) if value == int(value) else f"{value:g}"
    if like.number[0].isdigit():
        return f"{digits}{like.unit}"
    words = "两" if value == 2 else han(value)
    return f"{words}{like.unit}"


def others(amount: Amount, stated: Sequence[float], taken: Sequence[float], choose: Random, *, count: int) -> list[str]:
    """Return ``count`` other amounts of the same unit and form, near in size: those the source states elsewhere first.

    Args:
        amount: the right one.
        stated: values of the same unit elsewhere in the source, nearest section first.
        taken: values that may not be used, because the clause states them too.
        choose: the seeded choice.
        count: how many are wanted.
    """
    unit = max((key for key in _LADDERS if amount.unit.endswith(key)), key=len, default="")
    steps = _LADDERS.get(unit, _SMALL)
    ladder = [value for value in steps if _fits(value, amount)]
    # An uneven number beside round ones (63% beside 30%, 50%) would be seen to be none of them.
    odd = amount.value not in steps
    near = [value for value in dict.fromkeys(stated) if _fits(value, amount) and (odd or value in steps)][:6]
    ladder.sort(key=lambda value: abs(_ratio(value, amount.value)))
    # Steps of the ladder on both sides, so that the right one is not always in the middle of them.
    pool = [value for value in dict.fromkeys([*near, *ladder[:6]]) if value not in taken and value != amount.value]
    choose.shuffle(pool)
    pool.sort(key=lambda value: value not in near[:2])
    written = (_write(value, amount) for value in pool)
    # 一个月 and 十天 may be no amounts at all in Chinese (十天半月), so they are none here either.
    return [text for text in written if amounts(text)][:count]


def ascending(texts: Sequence[str]) -> list[str] | None:
    """Return the texts in ascending order where each is an amount of one and the same unit, else nothing."""
    found = [(amounts(text), text) for text in texts]
    if any(len(own) != 1 or own[0].text != text.strip() for own, text in found):
        return None
    if len({own[0].unit for own, _ in found}) != 1:
        return None
    return [text for own, text in sorted(found, key=lambda one: one[0][0].value)]


def _fits(value: float, amount: Amount) -> bool:
    if amount.value == int(amount.value) and value != int(value):
        return False
    if amount.unit == "%" and value > 100:
        return False
    reach = 2.5 if amount.unit == "%" else 4.0
    return value != amount.value and amount.value / reach <= value <= amount.value * reach


def _ratio(value: float, right: float) -> float:
    return (value - right) / max(value, right)
