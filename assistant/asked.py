"""The thing a question asks for, and the things it offers to choose from; whether a text speaks of them.

Knows forms of questions. 什么品牌, 哪个城市, 多少补贴 ask for a brand, a city, an allowance: a text that never speaks of one
does not answer. 每月还是每季度 offers two answers: one of them has to stand in the text.
"""

from __future__ import annotations

import re

from kb.fold import fold
from kb.terms import Terms

NOT_TOLD = 0.5
# Things so general that a text need not name them.
_ANY = frozenset(
    """
    方式 方法 内容 情况 情形 条件 东西 时候 时间 地方 方面 步骤 原因 要求 意思 办法 事情 人员 部门 岗位 环节 措施 作用 例子
    区别 不同 关系 问题 流程 程序 工具 结果 指标 材料 资料 动作 规定 要点 目的 好处 角色 标准 事项
    机制 原则 类型 种类 手段 途径 策略 维度
    """.split()
)
_MEASURES = "个款家种份位级类项条张页号根台套本支部笔次"
_AFTER = re.compile(
    rf"(?:什么样?的?|啥|哪(?:一|几|些)?[{_MEASURES}]?的?|多少[{_MEASURES}]?|几[{_MEASURES}])"
    r"(?P<thing>[\u4e00-\u9fff]{2,4}|[a-z]{3,})"
)
_BEFORE = re.compile(
    r"(?P<thing>[\u4e00-\u9fff]{2,3})(?:是|有|要|用|叫|为|到底|分别|大概|一般|应该|都)*(?:多少|什么|啥|哪(?:里|儿|个|家|些|款))"
)
_OFFERED = re.compile(
    r"(?P<a>[\u4e00-\u9fff\d]{2,10})还是(?P<b>[\u4e00-\u9fff\d]{2,8}?)(?P<end>发|做|进行|来|交|报|办|算|开|用)?(?:呢|啊|的|[?？,，。]|$)"
)


def asked_thing(question: str, text: str, terms: Terms) -> float:
    """Return how far folded ``text`` speaks of the thing that ``question`` asks for; ``NOT_TOLD`` where none can be told."""
    asked = fold(question)
    found_credits = []
    for found in (*_AFTER.finditer(asked), *_BEFORE.finditer(asked)):
        for term in terms.terms:
            word = term.word
            if len(word) > 1 and word not in _ANY and word in found["thing"]:
                found_credits.append(term.credit(text))
    return min(found_credits, default=NOT_TOLD)


def choices(question: str, text: str) -> float:
    """Return 1 where one of the things offered by ``question`` (每月还是每季度) stands in ``text``, 0 where none does."""
    offered = _OFFERED.search(fold(question))
    if not offered:
        return NOT_TOLD
    first, second, end = offered["a"], offered["b"], offered["end"] or ""
    return float(any(option in text for option in (second, first.removesuffix(end)[-2:])))
