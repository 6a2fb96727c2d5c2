"""The facts in a text that may not change when it is said in other words: amounts, times, codes, names.

Knows how Chinese writes them (三十分钟, 百分之五, 下午两点, 不少于20单). Knows no evidence, and decides nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.codes import CODE, Code
from assistant.codes import codes as codes_of
from kb.fold import fold

Direction = Literal["", "up", "down"]

_UNITS = (
    "个学时|个课时|个百分点|百分点|个工作日|工作日|个自然日|自然日|个小时|小时|个钟头|钟头|个季度|季度|个星期|星期|个礼拜|礼拜|个月|分钟|秒钟|平方米|公里|千米|毫米|厘米|公斤|千克|毫升"
    "|课时|学时|周岁|个人|块钱|秒|周|年|月|天|日|号|元|块|%|米|克|吨|升|度|分|名|位|人|个|次|遍|回|单|项|条|款|份|张|页|件|台|套"
    "|组|级|步|倍|种|类|家|站|处|笔|通|声|期|轮|批|户|间|层|格|字|岁|折|门|题|支|句|栏|把|道|颗|箱|瓶|片|本|册|班|点|样(?![品本式板])"
)
_SAME_UNIT = {
    "个工作日": "工作日",
    "个自然日": "天",
    "自然日": "天",
    "日": "天",
    "号": "天",
    "个小时": "小时",
    "个钟头": "小时",
    "钟头": "小时",
    "个季度": "季度",
    "个星期": "周",
    "星期": "周",
    "个礼拜": "周",
    "礼拜": "周",
    "秒钟": "秒",
    "块": "元",
    "块钱": "元",
    "个学时": "学时",
    "个课时": "课时",
    "个百分点": "百分点",
    "个人": "人",
    "周岁": "岁",
}
# Measure words that one thing may be counted with; a number keeps its sense between the words of a group.
_ALIKE = tuple(
    frozenset(group.split())
    for group in (
        "名 位 人 个",
        "项 条 个 种 类 点 步 款 处 样",
        "次 遍 回 轮",
        "单 张 个 份 件 笔",
        "家 个 站",
        "道 级 层",
        "台 个 套",
    )
)
# Units of which a whole number makes another: 1年 and 12个月; 72小时 and 3天 as people say it.
_SIZE_OF = {
    "分钟": (1.0, "minute"),
    "小时": (60.0, "minute"),
    "天": (1.0, "day"),
    "周": (7.0, "day"),
    "个月": (1.0, "month"),
    "季度": (3.0, "month"),
    "年": (12.0, "month"),
}
HOURS = 24
_TIME_UNITS = frozenset("秒 分钟 小时 天 工作日 周 个月 月 季度 年".split())
_RANKED = frozenset("名 位 个 项 类 种 条".split())
_HAN = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_SIZES = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_HAN_COUNT = re.compile(
    rf"(?<![十百千万统唯同一某哪几这那下\d.])(?<!(?<!原则)上)[零一二两三四五六七八九十百千万]+(?=(?:{_UNITS}|时|刻钟)(?![把起])|万元|多?(?:{_UNITS}))"
)
_NOT_A_COUNT = re.compile(
    r"两[次者个]之间|一次性|一时|一方面|一回事|一线|一律|一般|一旦|一样|一致|一定|一同|一并|一起|一直|一些|一点|一度|一道|一把手|十分(?!钟)|万一|第一时间"
    r"|一个(?!工作日|自然日|小时|半小时|季度|星期|礼拜|钟头|月|学时|课时|百分点)|一名|一位|一份|一张|一项|一条|一种|一类|任一|逐一|之一|一次(?!性)|一回|一块儿|一门|一支|一趟|一件|一家|一台|一套|一处|一人|一单|(?<!不足)(?<!不到)(?<!超过)(?<!提前)(?<!至少)一天(?!之?内|以内|之?后|之?前)|一遍|一级|一步|一站式|一成不变|一块(?!钱)|一分钱?(?=[不没也都])|一栏|一声|一句话?|零部?件|[一二两三四五六七八](?=[两三四五六七八九][个天年月周次小分人家件单])[两三四五六七八九]"
)
_PERCENT = re.compile(r"百分之([零一二两三四五六七八九十百]+|\d+(?:\.\d+)?)")
_FRACTION = re.compile(r"([一二三四五六七八九十]+|\d+)分之([一二三四五六七八九十]+|\d+)")
_TENTHS = re.compile(r"([一二两三四五六七八九])成(?!不变|[立员本功为果长绩效交分品就语年熟套人])")
_QUARTER = re.compile(r"([一两二三123])刻钟")
_EVEN = re.compile(r"一半|半数|(?<=过)半(?=数?(?:同意|通过|的|以上))")
_HALF = re.compile(r"半个?(小时|钟头|天|年|月)")
_AND_A_HALF = re.compile(
    r"([一二两三四五六七八九]|\d+)(?:(个)半(小时|钟头|月|星期)|(天|年|小时|个小时|个月)半(?![^,;。]{0,3}[内年]度))"
)
# 一季度一次, 一周收一回: each of them, not one of them
_EVERY = re.compile(
    r"一个?(季度|星期|周|月|天|日|年|小时|钟头)(?!以?内|之内|后|前|里|中|之)(?=[^,;。:]{0,8}?(?:一|[两二三四五六]|\d+)\s*(?:次|回|轮|趟|遍))"
)
_ONE_BY_ONE = re.compile("一(年|月|周|天|日|季度?)一([评查检换盘报清核训考])(?![次回])")  # 一年一评
_REBATE = re.compile(r"([一二三四五六七八九])([一二三四五六七八九])(?=折)")
_ARROW = re.compile(r"[⇒➔➜⟶⟹]|-+>|=+>")
_CIRCLED = re.compile("[①-⑳⑴-⒇❶-❿]")
# 零点九, 一点五倍; not 三点一刻
_DECIMAL = re.compile(
    r"(零|[一二三四五六七八九](?=点[一二三四五六七八九]+(?:倍|米|万|%|公里|小时|元)))点([一二三四五六七八九]+)"
)
_FIRST_OF_RANGE = re.compile(
    rf"[一二两三四五六七八九十百]+(?=[至到][一二两三四五六七八九十百]+(?:{_UNITS}))"
)  # 三至七人
_SPOKEN_METRES = re.compile(r"(?<![\d.])([一二三123])米([一二三四五六七八九1-9])(?![\d一二三四五六七八九十米分厘毫])")
_CLOCK = re.compile(
    r"(?P<part>凌晨|清晨|早上|上午|中午|下午|傍晚|晚上|夜里|早|晚)?\s*(?:(?<![\d.])(?<!\d:)(?P<hour>\d{1,2}):(?P<minute>\d\d)(?!\d)"
    r"|(?<![\d.])(?P<oclock>\d{1,2})(?:点钟?|时(?![长限间段]))(?P<half>半|(?P<past>\d{1,2})分)?)"
)
_QUANTITY = re.compile(
    rf"(?<![\d.a-z])(?<![a-z]/)(?P<value>\d+(?:\.\d+)?)\s*(?P<size>[万千百亿](?![级份]))?\s*(?P<unit>{_UNITS})?"
)
_PARTS = re.compile("内容|工作|业务|知识|板|牌|能力")  # 四块内容 are no money
_RATIO = re.compile(r"(?<!\d)\d{1,2}/\d{1,3}(?!\d)")  # not 119/120
_TO = r"\s*(?:至|到|-|~)\s*"
_RANGE_FROM = re.compile(rf"^(?:以上|及以上|\([^)]{{0,6}}\))?{_TO}\d")
_RANGE_TO = re.compile(rf"\d[万千百]?(?:{_UNITS})?(?:以上|及以上|\([^)]{{0,6}}\))?{_TO}$")
_RANGE_END = re.compile(rf"{_TO}\d+(?:\.\d+)?(?P<unit>{_UNITS})")
_PHONE = re.compile(r"(?<!\d)\d{3,4}(?:-\d{3,4}){1,2}(?!\d)")
_LATIN = re.compile(r"(?<![a-z0-9])[a-z]{2,}(?![a-z0-9])")
_TITLE = re.compile(r"《([^》]+)》")
_SAID = re.compile(r'"([^"]{2,5})"|「([^」]{2,5})」')  # longer ones are told, not named
_UNSAID = re.compile(r"[不别勿][^,;。]{0,3}(?:说|讲|答|回复)(?:一句)?[:,]?$")  # 不能只说"不行" names nothing
_ORDINAL = re.compile(r"^\s*(?:步骤\s*\d+|\(?\d{1,2}\s*[.,、)](?!\d)|[-*•·])\s*[::]?\s*")
_LISTED = re.compile(r"、(?![^，。；：、\n]*\d)")  # between things, not between amounts
_THOUSANDS = re.compile(r"(?<=\d)[,，](?=\d{3}(?!\d))")
_STEP = re.compile(
    r"第\s*(?:\d+|[一二三四五六七八九十]+)\s*(?:个?(?:步骤?|环节|阶段|方面|点|项|类|步)|,|:)|步骤\s*(?:\d+|[一二三四五六七八九十]+)"
)
_TIME_WORDS = {
    canonical: tuple(words.split())
    for canonical, words in {
        "每天": "每天 每日 天天 逐日 按日 按天",
        "每周": "每周 每星期 每个星期 按周 逐周",
        "每月": "每月 每个月 月份 月度 按月 逐月 当月 次月 上月 月用量 月均 月平均 月报",
        "每工作日": "每个工作日 每工作日",
        "每季度": "每季度 每季 每个季度 按季度 季度 按季 当季",
        "每年": "每年 年度 一年一次",
        "每半年": "每半年 半年一次",
        "每班": "每班 每个班次",
        "当天": "当天 当日 该日 同一天 同日",
        "当场": "当场 现场就",
        "当月": "当月 本月 月份",
        "次日": "次日 第2天 第二天 隔天 翌日",
        "次月": "次月 下个月 下月",
        "立即": "立即 马上 立刻 即刻 第一时间 当即 即时 即行 随即",
        "月末": "月末 月底",
        "月初": "月初",
        "季末": "季度末 季末 季度结束",
        "年末": "年末 年底",
        "随时": "随时",
        "周末": "周末 双休日",
    }.items()
}
_BELOW_BEFORE = re.compile(
    r"(?:(?:不(?:得|应|能|可|会|要)?|别|勿)(?:超过|高于|多于|大于|晚于|迟于)|最多|至多|最晚|最迟|最长|最高|顶多)[^\d,;。]{0,10}$"
)
_ABOVE_BEFORE = re.compile(
    r"(?:不(?:得|应|能|可)?(?:少于|低于|小于|短于|早于)|至少|最少|起码|超过|大于|高于|多于|超出|(?<!期)满(?!意|后)|达到)[^\d,;。]{0,10}$"
)
_BEYOND = re.compile(r"(?:超出|超过|晚到|迟到|延误)[^\d,;。]{0,6}$")
_LESS_BEFORE = re.compile(r"(?:低于|小于|少于|不足|不到|未满|不满)\D{0,2}$")
_BELOW_AFTER = re.compile(
    r"^[\u4e00-\u9fff]{0,2}?(?:\([^)]{0,6}\))?(?:以内|之内|以下|及以下|内|前|之前|以前|封顶|为限)(?![部容往台])"
)
# 2小时前 is a point before something, 5日前 a limit.
_DURATION = re.compile(r"(?:秒|分钟|小时|天|工作日|周|个月|季度|年)$")
_ABOVE_AFTER = re.compile(r"^[\u4e00-\u9fff]{0,2}?(?:以上|及以上|之上|后|之后|以后)(?!台)")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit (``""`` if none is written), where it stands, and whether it is an upper or a lower limit."""

    value: str
    unit: str
    start: int
    end: int
    direction: Direction = ""

    @property
    def dimension(self) -> str:
        """What is measured: amounts of one dimension can be confused."""
        if self.unit in _TIME_UNITS:
            return "time"
        return self.unit if self.unit in {"元", "%"} else "clock" if self.unit == "clock" else "count"

    def same(self, other: Amount) -> bool:
        """Say whether both state the same amount."""
        if self.unit in _SIZE_OF and other.unit in _SIZE_OF and self.unit != other.unit:
            (ours, our_kind), (theirs, their_kind) = _SIZE_OF[self.unit], _SIZE_OF[other.unit]
            if our_kind == their_kind:
                return float(self.value) * ours == float(other.value) * theirs
            days, minutes = (self, other) if our_kind == "day" else (other, self)
            return (days.unit, minutes.unit) == ("天", "小时") and float(days.value) * HOURS == float(minutes.value)
        if self.value != other.value:
            return False
        if self.unit == other.unit or not self.unit or not other.unit:
            return True
        if "个" in (self.unit, other.unit):  # the general measure word
            return not {self.unit, other.unit} & (_TIME_UNITS | {"元", "%", "clock"})
        return any(self.unit in group and other.unit in group for group in _ALIKE)


def _han_value(digits: str) -> int:
    total = section = digit = 0
    for character in digits:
        if character == "万":
            total, section, digit = (total + section + digit) * 10_000, 0, 0
        elif size := _SIZES.get(character):
            section, digit = section + (digit or 1) * size, 0
        else:
            digit = _HAN.get(character, 0)
    return total + section + digit


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Return ``text`` folded, with Han numbers that count something in digits, and without what only numbers a list."""
    folded = fold(_LISTED.sub("·", _THOUSANDS.sub("", _CIRCLED.sub(" ", text)))).replace("–", "-")
    folded = _ARROW.sub("→", folded).replace("≥", "不低于").replace("≤", "不超过")
    folded = _ORDINAL.sub("", folded)
    folded = _PERCENT.sub(lambda m: f"{_number(m[1])}%", folded)
    folded = _FRACTION.sub(_fraction, folded)
    folded = _TENTHS.sub(lambda m: f"{_number(m[1])}0%", folded)
    folded = _QUARTER.sub(lambda m: f"{int(_number(m[1])) * 15}分钟", folded)
    folded = _EVEN.sub("50%", folded)
    folded = _DECIMAL.sub(lambda m: f"{_number(m[1])}.{''.join(_number(one) for one in m[2])}", folded)
    folded = _FIRST_OF_RANGE.sub(lambda m: str(_han_value(m[0])), folded)
    folded = _SPOKEN_METRES.sub(lambda m: f"{_number(m[1])}.{_number(m[2])}米", folded)
    folded = _ONE_BY_ONE.sub(r"每\1\2一次", folded)
    folded = _EVERY.sub(r"每\1", _REBATE.sub(lambda m: _number(m[1]) + _number(m[2]), folded))
    folded = _AND_A_HALF.sub(lambda m: f"{_number(m[1])}.5{m[2] or ''}{m[3] or m[4]}", folded)
    folded = _HALF.sub(_half, folded)
    kept: list[str] = []
    at = 0
    for skipped in [*_NOT_A_COUNT.finditer(folded), None]:
        end = skipped.start() if skipped else len(folded)
        kept.append(_HAN_COUNT.sub(lambda m: str(_han_value(m[0])), folded[at:end]))
        if skipped:
            kept.append(skipped[0])
            at = skipped.end()
    return "".join(kept)


def _half(found: re.Match[str]) -> str:
    return {"小时": "30分钟", "钟头": "30分钟", "月": "15天"}.get(found[1], f"0.5{found[1]}")


def _fraction(found: re.Match[str]) -> str:
    """Return a fraction in figures, a half as the share that it also is."""
    under, over = _number(found[1]), _number(found[2])
    return "50%" if float(over) * 2 == float(under) else f"{over}/{under}"


def _number(digits: str) -> str:
    return digits if digits[0].isdigit() else str(_han_value(digits))


@lru_cache(maxsize=4096)
def amounts(text: str) -> tuple[Amount, ...]:
    """Return the amounts of ``text`` (in the form of ``plain``); clock times as minutes, steps of a list left out."""
    masked = text
    found: list[Amount] = []
    for pattern in (_PHONE, CODE, _STEP):
        masked = pattern.sub(lambda m: " " * len(m[0]), masked)
    clocks = [clock for clock in _CLOCK.finditer(masked) if not _counts_points(clock)]
    found += [Amount(_minutes(clock), "clock", clock.start(), clock.end()) for clock in clocks]
    for clock in clocks:
        masked = f"{masked[: clock.start()]}{' ' * len(clock[0])}{masked[clock.end() :]}"
    for fraction in _RATIO.finditer(masked):
        found.append(Amount(fraction[0], "", fraction.start(), fraction.end(), _direction(masked, fraction)))
    masked = _RATIO.sub(lambda m: " " * len(m[0]), masked)
    for quantity in _QUANTITY.finditer(masked):
        value = float(quantity["value"]) * {"百": 1e2, "千": 1e3, "万": 1e4, "亿": 1e8}.get(quantity["size"] or "", 1.0)
        value *= 10 if quantity["unit"] == "折" and value < 10 else 1  # 9折 and 90折
        unit = quantity["unit"] or _unit_of_range(masked, quantity.end())
        if unit == "块" and _PARTS.match(masked, quantity.end()):
            unit = "个"
        if masked[: quantity.start()].endswith("前") and unit in _RANKED:  # 前三位 and 前三类 rank the same
            unit = ""
        found.append(
            Amount(
                f"{value:g}" if value < 1e6 else f"{value:.0f}",
                _SAME_UNIT.get(unit, unit),
                quantity.start(),
                quantity.end(),
                _direction(masked, quantity),
            )
        )
    return tuple(sorted(found, key=lambda amount: amount.start))


def without_amounts(text: str) -> str:
    """Return ``text`` (in the form of ``plain``) with a space for each amount, its unit, and each time of day."""
    return _QUANTITY.sub(" ", _CLOCK.sub(" ", text))


def _unit_of_range(text: str, end: int) -> str:
    """Return the unit that the first number of a range shares with the second (30至60分钟)."""
    found = _RANGE_END.match(text, end)
    return found["unit"] if found else ""


def _counts_points(clock: re.Match[str]) -> bool:
    """Say whether 点 counts points (满足两点:), not hours."""
    if clock["part"] or not clock["oclock"] or clock["half"] or not clock[0].endswith("点"):
        return False
    text, start, end = clock.string, clock.start(), clock.end()
    return text[end : end + 1] == ":" or text[:start].endswith(
        ("满足", "以下", "注意", "做到", "记住", "记好", "看这", "分")
    )


def _minutes(clock: re.Match[str]) -> str:
    hour = int(clock["hour"] or clock["oclock"])
    minute = int(clock["minute"] or clock["past"] or (30 if clock["half"] == "半" else 0))
    if clock["part"] in {"下午", "傍晚", "晚上", "夜里", "晚"} and hour < 12:
        hour += 12
    return str(hour % 24 * 60 + minute)


def _direction(text: str, found: re.Match[str]) -> Direction:
    before, after = text[max(0, found.start() - 18) : found.start()], text[found.end() : found.end() + 10]
    if _RANGE_TO.search(before):
        return "down"
    if _RANGE_FROM.search(text[found.end() :]):
        return "up"
    if _BELOW_BEFORE.search(before):
        return "down"
    if _BEYOND.search(before) and _BELOW_AFTER.match(after):  # 超出预约时段30分钟以内
        return "down"
    if _ABOVE_BEFORE.search(before) and not re.search(r"[不未]\D{0,2}$", before[: _start(_ABOVE_BEFORE, before)]):
        return "up"
    if _LESS_BEFORE.search(before):
        return "down"
    if (ends := _BELOW_AFTER.search(after)) and not (ends[0].endswith("前") and _DURATION.search(found[0])):
        return "down"
    return "up" if _ABOVE_AFTER.search(after) else ""


def _start(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.search(text)
    return found.start() if found else 0


def time_words(text: str) -> set[str]:
    """Return the times in ``text`` that are said without a number (每月, 当天, 立即), each in one form."""
    return {canonical for canonical, words in _TIME_WORDS.items() if any(word in text for word in words)}


def codes(text: str) -> set[Code]:
    """Return standards, file numbers, versions and telephone numbers, each as its parts (iso9001:2015 → iso9001, 2015)."""
    return codes_of(text) | {tuple(number.split("-")) for number in _PHONE.findall(text)}


def latin(text: str) -> set[str]:
    """Return the Latin words of ``text`` that are no part of a code."""
    return set(_LATIN.findall(CODE.sub(" ", text)))


def names(text: str) -> set[str]:
    """Return what ``text`` names in 《》 and what it quotes."""
    said = (found for found in _SAID.finditer(text) if not _UNSAID.search(text[: found.start()]))
    quoted = (found[1] or found[2] for found in said)
    return {squeezed(name) for name in (*_TITLE.findall(text), *quoted)}


def squeezed(text: str) -> str:
    """Return ``text`` without white space and punctuation."""
    return re.sub(r"[\W_]+", "", text)
