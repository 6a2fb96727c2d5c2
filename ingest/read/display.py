"""A cell's value as the spreadsheet displays it: 0.95 as 95%, 45000 as 2023/3/15, 200 as 200元.

Knows Excel's number formats (ECMA-376 18.8.30) as far as people use them; colours, conditions and fractions are
ignored. Knows nothing of sheets.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache

_TOKEN = re.compile(
    r"\"[^\"]*\"|\\.|\[[^\]]*\]|yyyy|yy|e+|mmmm|mmm|mm|m|dddd|ddd|dd|d|aaaa|aaa|hh|h|ss|s|am/pm|a/p|上午/下午|_.|\*.|.",
    re.IGNORECASE | re.DOTALL,
)
_WEEKDAYS = "一二三四五六日"
_CURRENCY = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]")


def displayed(value: object, number_format: str) -> str:
    """Return the text Excel shows for ``value`` under ``number_format``."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime | date | time):
        return _moment(value, number_format)
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02d}"
    if isinstance(value, int | float):
        return _number(value, number_format)
    return "" if value is None else str(value)


def _number(value: float, number_format: str) -> str:
    sections = number_format.split(";")
    if value < 0 and len(sections) > 1 and sections[1]:
        return _in_section(-value, sections[1])
    if value == 0 and len(sections) > 2 and sections[2]:
        return _in_section(0, sections[2])
    text = _in_section(abs(value), sections[0])
    return f"-{text}" if value < 0 else text


def _in_section(value: float, section: str) -> str:
    before, digits, after = _parts(section)
    if not digits:
        shown = "" if section and "general" not in section.lower() and (before or after) else _general(value)
        return f"{before}{shown}{after}"
    whole, _, decimals = digits.partition(".")
    if after.lstrip().startswith(("%", "％")) or before.endswith(("%", "％")):
        value *= 100
    places = len(re.findall(r"[0#?]", decimals))
    text = f"{value:,.{places}f}" if "," in whole else f"{value:.{places}f}"
    optional = len(decimals) - len(decimals.rstrip("#"))
    if optional and "." in text:
        text = text[: len(text) - optional] + text[len(text) - optional :].rstrip("0")
        text = text.rstrip(".")
    padded = whole.count("0")
    if padded > 1 and "," not in whole:
        text = text.zfill(padded + (places + 1 if places else 0))
    return f"{before}{text}{after}"


@lru_cache(maxsize=512)
def _parts(section: str) -> tuple[str, str, str]:
    """Return what a format prints before the digits, the digits' pattern, and what it prints after them."""
    section = _CURRENCY.sub(lambda found: f'"{found[1]}"', section)
    section = re.sub(r"\[[^\]]*\]|_.|\*.", "", section)
    if re.search(r"general|e[+-]|[?#0]+/[?#0]+|@", re.sub(r'"[^"]*"', "", section), re.IGNORECASE):
        around = re.split(r"general|@", section, maxsplit=1, flags=re.IGNORECASE)
        return (_literal(around[0]), "", _literal(around[1])) if len(around) == 2 else ("", "", "")
    before, after = list[str](), list[str]()
    digits = ""
    for token in re.findall(r'"[^"]*"|\\.|[0#?.,]+|[^0#?]', section, re.DOTALL):
        if token[0] in "0#?" and not after:
            digits += token
        elif digits:
            after.append(token)
        else:
            before.append(token)
    return _literal("".join(before)), digits, _literal("".join(after))


def _literal(text: str) -> str:
    return re.sub(r'"([^"]*)"|\\(.)', lambda found: found[1] if found[1] is not None else found[2], text).strip()


def _general(value: float) -> str:
    if isinstance(value, int) or value.is_integer():
        return str(int(value)) if abs(value) < 1e15 else f"{value:.10g}"
    return f"{value:.10g}"


def _moment(value: datetime | date | time, number_format: str) -> str:
    section = number_format.split(";")[0]
    plain = re.sub(r'"[^"]*"|\[[^\]]*\]', "", section).lower()
    if "general" in plain or not re.search("[ymdhs]", plain):
        clock = isinstance(value, time) or (isinstance(value, datetime) and value.time() != time())
        section = ("" if isinstance(value, time) else "yyyy/m/d ") + ("h:mm" if clock else "")
    elif plain == "mm-dd-yy":  # built-in 14: the date of the reader's own country
        section = "yyyy/m/d"
    tokens = _TOKEN.findall(section)
    shown = [_shown(token, value, _is_minute(tokens, place)) for place, token in enumerate(tokens)]
    return "".join(shown).strip()


def _is_minute(tokens: list[str], place: int) -> bool:
    """Tell whether an ``m`` means minutes: after hours or before seconds."""
    units = [token.lower() for token in tokens[:place] if re.fullmatch("[ymdhs]+", token.lower())]
    later = [token.lower() for token in tokens[place + 1 :] if re.fullmatch("[ymdhs]+", token.lower())]
    return bool(units and units[-1].startswith("h")) or bool(later and later[0].startswith("s"))


def _shown(token: str, value: datetime | date | time, minute: bool) -> str:
    low = token.lower()
    if token.startswith('"'):
        return token[1:-1]
    if token.startswith("\\"):
        return token[1:]
    if token.startswith(("[", "_", "*")) or low in ("am/pm", "a/p", "上午/下午"):
        return ""
    if isinstance(value, datetime | time):
        clock = {"h": value.hour, "s": value.second, "m": value.minute if minute else None}.get(low[0])
        if clock is not None and set(low) <= {"h", "s", "m"}:
            return f"{clock:02d}" if len(low) > 1 else str(clock)
    if isinstance(value, date):
        week = _WEEKDAYS[value.weekday()]
        day = {
            "yyyy": f"{value.year}", "e": f"{value.year}", "yy": f"{value.year % 100:02d}",
            "mmmm": f"{value.month}月", "mmm": f"{value.month}月", "mm": f"{value.month:02d}", "m": f"{value.month}",
            "dddd": f"星期{week}", "ddd": f"星期{week}", "dd": f"{value.day:02d}", "d": f"{value.day}",
            "aaaa": f"星期{week}", "aaa": week,
        }.get(low)  # fmt: skip
        if day is not None:
            return day
    return token
