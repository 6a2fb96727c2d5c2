"""Whether every amount and every time of a sentence stands in the cited clauses, as people say them (六成多, 一天内, 三条).

Knows what may be told otherwise: counts of what is listed, periods, round figures. Knows nothing of what an amount is of.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.chat.facts import Amount, amounts, time_words
from assistant.chat.sources import Source, roles
from kb.fold import is_han

_DIGITS = "一二三四五六七八九"
_KINDS = frozenset("类 种 条 点 项 个 件 方面 步 档 级 层 句 样 门".split())
_GROUPS = frozenset("组 户 层 格 门 支 栏 把 道 箱 瓶 片 本 册 班 家 站 处 笔 通 期 轮 批 间 张 块".split())
_TIMES, _DAYTIME = frozenset("次 回 遍 趟".split()), re.compile("上午|下午|晚上")
_BOTH = re.compile("双方|双签|双人|师徒|二者|两者|会签")
_BOTH_KINDS = re.compile("新[旧老]|双|前后|内外|[二两]者")  # 新老两套办法
_OTHER = re.compile("另外?|其余|其他|剩下|余下|剩余")
_PAIR = re.compile(r"[和与及、][^,;。和与及]{1,10}$")
_RUN_OF_NAMES = re.compile(r"[^,;。:、·()→]{1,16}(?:[、·→][^,;。:、·()→]{1,16})+")
_OWN_LIST = re.compile(
    r"[^,;。:]{0,8}:(?P<members>[^,;。:和与及或]+(?:·[^,;。:和与及或]+)+)[。;]?$"
)  # 三样都要有:甲·乙·丙
_HAN_PAIR = re.compile(r"[\u4e00-\u9fff]{2}")
_MORE, _NEARLY = re.compile("[多余]|出头"), re.compile("(?:近|将近|接近|快)$")
_PEOPLE = frozenset("人 个 名 位 方".split())
# 一天内查询…次 for 单日, 一年省下的 for 年度
_PERIODS = {
    "小时": re.compile("每个?小时"),
    "天": re.compile("[单每当]日|[每当]天|日均"),
    "周": re.compile("[每当本]周|周度"),
    "个月": re.compile("[当每按首本]月|月度"),
    "季度": re.compile("[每当本]季"),
    "年": re.compile("[每按]年|年度|全年"),
}
_MONTH = {"当月", "次月"}
_EVERY = {"每年": "12个月", "每半年": "6个月", "每季度": "3个月", "每周": "7天", "每天": "24小时"}
_CELLS = {"每天": "[日天]", "每周": "周", "每月": "月", "每季度": "季度?", "每年": "年"}
_REPEATS = re.compile("周期|每|一次|一回")


def missing_amount(said: str, source: Source) -> str:
    """Return the first amount or time of ``said`` that the evidence does not have, in one line; ``""`` if it has all."""
    given = (*amounts(source.text), *_of_a_list(source))
    named = {role for role, _ in roles(said, source.around)}
    for amount in amounts(said):
        if (amount.value, amount.unit) == ("2", "天") and said[: amount.start].endswith("第"):
            continue  # the day after: one of the times without a number
        if amount.unit in _PEOPLE and (
            amount.value == str(len(named)) or (amount.value == "2" and _BOTH.search(source.text))
        ):
            continue  # counts those whom it names
        if _counts_members(said, amount, source) or _said_twice(said, amount, given):
            continue
        same = [one for one in given if amount.same(one) or _roughly(said, amount, one)]
        words = said[amount.start : amount.end].strip()
        if amount.value == "1" and amount.unit in _GROUPS and all(one.unit != amount.unit for one in given):
            continue  # 一组最多8人 for 每组不超过8人
        if not same and not _of_a_period(said, amount, source):
            return f"数字“{words}”不在所引条款中"
    given_words = time_words(source.text)
    for word in sorted(time_words(said) - given_words):
        period = amounts(_EVERY.get(word, ""))
        repeats = _REPEATS.search(source.text) and any(one.same(other) for one in period for other in given)
        if not repeats and not _time_otherwise(word, said, source, given_words):  # 每年 for 周期为12个月
            return f"“{word}”不在所引条款中"
    return ""


def _time_otherwise(word: str, said: str, source: Source, given: set[str]) -> bool:
    """Say whether a time without a number stands in the evidence in another form (按周统计 for 统计:周)."""
    if word == "当场" and re.search("现场|即[退付结办]", source.text):
        return True
    if word in _MONTH and "每月" in given:  # 上月的报告本月10日前发 for 每月10日前发上月的报告
        return True
    if word in _CELLS and re.search(f":{_CELLS[word]}(?:;|。|$)", source.text, re.M):
        return True
    month = re.search(r"每年(?P<month>\d{1,2}月)", said) if word == "每年" else None
    return bool(month and re.search(rf"(?<!\d){month['month']}", source.text))  # 每年9月 for 于9月公布


def _counts_members(said: str, amount: Amount, source: Source) -> bool:
    """Say whether an amount only counts what the sentence or the evidence lists (三类: A、B和C), or is told as 三问 is."""
    if (amount.value, amount.unit) == ("2", "套"):
        return bool(_BOTH_KINDS.search(source.text))
    if amount.unit in _TIMES and amount.value == str(len(set(_DAYTIME.findall(source.text)))):
        return True  # 一天查两回 for 上午、下午各查一次
    if amount.unit not in _KINDS or not amount.value.isdigit() or not 1 < int(amount.value) <= len(_DIGITS):
        return False
    own = _OWN_LIST.match(said[amount.end :])
    if own:
        return len(own["members"].split("·")) == int(amount.value)
    if (single := _HAN_PAIR.match(said[amount.end :])) and re.search(
        rf"[一1][个名位项条份张种]{single[0]}", source.text
    ):
        return False
    if amount.value == "2" and (_PAIR.search(said[: amount.start]) or _OTHER.search(said[: amount.start])):
        return True
    if _counted_otherwise(said, amount, source):
        return False
    if amount.value == str(len(set(re.findall(rf"([a-z]+|[一二三四五]){amount.unit}", source.text)))):
        return True  # 三类 for A类, B类 and C类
    if single and amount.value == "2" and re.search(rf"{single[0]}[和与及·][^,;。]{{0,8}}{single[0]}", source.text):
        return True  # 两门考试 for 红线考试和结业考试
    thing = re.match(r"[\u4e00-\u9fff]", said[amount.end :])
    if thing and f"{_DIGITS[int(amount.value) - 1]}{thing[0]}" in source.text:
        return True
    texts = (said[amount.end :], said, *source.blocks)
    return int(amount.value) in {len(source.blocks), *(count for text in texts for count in _listed(text))}


def _counted_otherwise(said: str, amount: Amount, source: Source) -> bool:
    """Say whether the evidence counts the same things and comes to another number (四项 for 三项)."""
    thing = said[amount.end : amount.end + 1]
    for one in amounts(source.text):
        theirs = source.text[one.end : one.end + 1]
        if one.unit == amount.unit and (thing == theirs or not (is_han(thing or ",") and is_han(theirs or ","))):
            return not any(amount.same(other) for other in amounts(source.text))
    return False


def _listed(text: str) -> set[int]:
    """Return how many members the lists in ``text`` have."""
    found = [run[0] for run in _RUN_OF_NAMES.finditer(text)]
    runs = [
        re.split(join, run)
        for run in found
        for join in ("[、·→]|以及|和(?=[^、·→]*$)", "[、·→]|[和与及或](?=[^、·→]*$)")
    ]
    parts = [part for part in re.split("[:。]", text) if ";" in part]
    return (
        {len(run) for run in runs}
        | {len([one for one in part.split(";") if one]) for part in parts}
        | {len([one for one in part.split(",") if one]) for part in re.split("[:。;]", text)}
    )


def _said_twice(said: str, amount: Amount, given: Sequence[Amount]) -> bool:
    """Say whether the exact amount stands in brackets beside a rounder one (半年(180天))."""
    beside = re.match(r"(?:[多余]|左右|上下)?[,,]?(?:\(|即|也就是)每?([^),;。]{1,12})", said[amount.end :])
    exact = amounts(beside[1]) if beside else ()
    return bool(exact) and exact[0].dimension == amount.dimension and any(exact[0].same(one) for one in given)


def _roughly(said: str, amount: Amount, exact: Amount) -> bool:
    """Say whether an amount is told in round figures (六成多, 近七成) and ``exact`` is one of them."""
    value, step = float(amount.value) if amount.value.isdigit() else 0.0, 10.0 ** (len(amount.value) - 1)
    more, less = _MORE.match(said, amount.end), _NEARLY.search(said[: amount.start])
    if amount.unit != exact.unit or not value or not (more or less) or not re.fullmatch(r"[\d.]+", exact.value):
        return False
    return value < float(exact.value) < value + step if more else value - step < float(exact.value) < value


def _of_a_list(source: Source) -> list[Amount]:
    """Return the amounts that hold for every member of the list cited (整单记0分:), not those that count its members."""
    leads = (re.split(r"[。\n]", one)[-1] for one in source.introductions if one.endswith(":"))
    return [amount for lead in leads for amount in amounts(lead) if amount.dimension != "count" or amount.unit == "分"]


def _of_a_period(said: str, amount: Amount, source: Source) -> bool:
    """Say whether an amount is only a period's name (一周平均分 for 周平均分, 一个月内 for 当月)."""
    if amount.value != "1" or amount.unit not in _PERIODS:
        return False
    if _PERIODS[amount.unit].search(source.text):
        return True
    named = re.match(r"[\u4e00-\u9fff]{2}", said[amount.end :])
    bare = named and re.search(rf"(?<!\d){amount.unit}{named[0]}", source.text)
    return bool(bare)
