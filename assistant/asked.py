"""The thing a question asks for, the things it offers to choose from, the place in a list; whether a text speaks of them.

Knows forms of questions. 什么品牌, 哪个城市, 多少补贴 ask for a brand, a city, an allowance: a text that never speaks of one
does not answer. 每月还是每季度 offers two answers: one of them has to stand in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.amount import with_digits
from assistant.codes import Code, codes, of_documents, within, without_year
from kb.fold import fold
from kb.terms import Terms

NOT_TOLD = 0.5
# Things so general that a text need not name them.
_ANY = frozenset(
    """
    钱 人 时间 时候 情况 部门 岗位 人员 方式 方法 公司 企业 客户 系统 方面 比例 数量 次数 天数 期限 时限 东西 小时 分钟
    钟头 编号 号码 一共 总共 一般 最长 最短 最多 最少 最晚 最早 最高 最低 不能 不得 才能 必须 超过 低于 早上 晚上 上午
    下午 中午 每天 每次 今天
    """.split()
)
# What 什么 asks for as one thing with a name: a text that answers speaks of it. Of 什么特点, 什么要求 it need not.
_CONCRETE = "牌子|品牌|型号|颜色|字体|字号|格式|软件|模板|配方|材质|尺寸|算法|证件|证书|学历|专业|保险|药|车|网站|账号"
_MEASURES = "个款家座位张页号根台套本支部笔次份条"
_AFTER = re.compile(
    rf"(?:(?:什么样?的?|啥)(?={_CONCRETE})|哪[款家座]的?|哪个(?=城市|银行|国家|省|区|牌子|品牌|型号|软件|网站)|(?:多少|(?<![哪好少多这那十])几)[{_MEASURES}]?)"
    r"(?P<thing>[\u4e00-\u9fff]{2,4})"
)
_BEFORE = re.compile(
    r"(?P<thing>[\u4e00-\u9fff]{2,4}?)(?:是|有|要|为|到底|分别|各|占|大概|一般|应该|都|设成|具体|在|放在|按)*"
    r"(?:多少|(?<![哪好少多这那十])几(?!乎)|哪(?:里|儿|个城市|座城市)(?!去)|(?:什么|啥)(?:名字|牌子|型号))"
)
_OFFERED = re.compile(
    r"(?P<a>[\u4e00-\u9fff\d]{2,10})还是(?P<b>[\u4e00-\u9fff\d]{2,8}?)(?P<end>发|做|进行|来|交|报|办|算|开|用)?(?:呢|啊|的|[?？,，。]|$)"
)

# A place in a list: 第三步, 最后一项.
PLACE = re.compile(r"(?:第(?P<at>\d+|[一二三四五六七八九十]+)|(?P<last>最后一))(?P<unit>[步种个项点类])")


@dataclass(frozen=True, slots=True)
class Place:
    """The place in a list that a question asks for (第三步): counted from 1, 0 for the last; ``unit`` is its measure word."""

    at: int
    unit: str


def place_of(question: str) -> Place | None:
    """Return the place in a list that ``question`` asks for, None where it asks for none."""
    found = PLACE.search(with_digits(fold(question)))
    if not found:
        return None
    if found["last"]:
        return Place(0, found["unit"])
    digits = found["at"] if found["at"].isdigit() else with_digits(f"{found['at']}天")[:-1]
    return Place(int(digits), found["unit"]) if digits.isdigit() else None


def asked_thing(question: str, text: str, terms: Terms) -> float:
    """Return how far folded ``text`` speaks of the thing that ``question`` asks for; ``NOT_TOLD`` where none can be told."""
    asked = fold(question)
    for form in (_AFTER, _BEFORE):  # 转给同事要多少手续费: the fee is asked for, not the colleague
        things = [found["thing"] for found in form.finditer(asked)]
        named = [term for term in terms.terms if _is_thing(term.word) and any(term.word in thing for thing in things)]
        if named:
            return min(term.credit(text) for term in named)
    return NOT_TOLD


@lru_cache(maxsize=256)
def codes_of(question: str) -> tuple[Code, ...]:
    """Return the numbers of files and standards that ``question`` names, without their years; mostly none."""
    return tuple(of_documents(fold(question)))


def names_code(question: str, text: str) -> float:
    """Return 1 where a file or a standard that ``question`` names by its number stands in folded ``text``.

    0.7 where it is a part of another number (KF-01 of BD-KF-01-08), 0 where it is nowhere.
    """
    asked = codes_of(question)
    if not asked:
        return NOT_TOLD
    said = codes(text)
    if {without_year(code) for code in said} & set(asked):
        return 1.0
    return 0.7 * any(within(one, code) for one in asked for code in said)


def _is_thing(word: str) -> bool:
    return len(word) > 1 and word not in _ANY


def choices(question: str, text: str) -> float:
    """Return 1 where one of the things offered by ``question`` (每月还是每季度) stands in ``text``, 0 where none does."""
    offered = _OFFERED.search(fold(question))
    if not offered:
        return NOT_TOLD
    first, second, end = offered["a"], offered["b"], offered["end"] or ""
    return float(any(option in text for option in (second, first.removesuffix(end)[-2:])))
