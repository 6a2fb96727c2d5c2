"""The same question as other people would type it: colloquial, with slips, in traditional characters. Knows words only.

Everything is by rule and by the generator that is given, so that one seed makes one set.
"""

from __future__ import annotations

import random
import re
from dataclasses import replace

from eval.draft.question import Drafted
from kb.fold import is_han, to_traditional

# What stands in documents → what people say: forms of questions, and verbs; what things are called stays.
_SPOKEN = (
    ("包括哪些内容", "都包括些啥"),
    ("有哪几项", "有哪几样"),
    ("有哪些", "都有啥"),
    ("是什么意思", "啥意思"),
    ("指的是什么", "说的是啥"),
    ("一步一步怎么做", "咋一步步弄"),
    ("怎么做", "咋弄"),
    ("怎么规定的", "咋规定的"),
    ("什么是", "啥叫"),
    ("是什么", "是啥"),
    ("怎么", "咋"),
    ("多少元", "多少钱"),
    ("多少分钟", "多久"),
    ("多少小时", "多久"),
    ("几个工作日", "几天"),
    ("百分之几", "几个点"),
    ("必须", "得"),
    ("应当", "得"),
    ("须", "得"),
    ("客户", "顾客"),
    ("员工", "同事"),
    ("提交", "交"),
    ("通知", "告诉"),
    ("立即", "马上"),
    ("联系", "找"),
)
_OPENINGS = ("请问一下，", "问下，", "那个，", "想问问，", "我记不清了，", "新来的，不太懂，")
_CLOSINGS = ("？谢谢", "啊？", "呀？", "？在线等", "？", "呢？")
# What is typed for one another: alike in sound or in shape.
_SLIPS = dict(
    pair.split("/")
    for pair in """
    帐/账 账/帐 做/作 作/做 的/得 得/的 在/再 再/在 级/及 及/级 检/捡 质/至 量/亮 服/付 务/物 处/出 理/里 流/留 程/成 标/表
    准/谁 户/护 投/头 诉/述 回/会 访/方 培/陪 训/讯 审/甚 批/披 报/抱 期/其 限/线 规/归 定/订 划/化 员/元 工/公 时/是 间/见
    安/按 全/权 保/宝 修/休 急/极 响/想 应/映 评/平 价/介 考/烤 核/和 记/计 录/路 文/问 件/建 供/共 商/伤 采/彩 购/够 运/云
    营/赢 管/官 效/校 率/律 改/该 进/近 创/床 新/心 团/困 队/对 资/姿 源/原 风/疯 险/验 控/空 制/治 目/木 原/源 则/责
    """.split()
)
_QUOTED = re.compile(r"(《[^》]*》|“[^”]*”)")
_PROTECTED = re.compile(r"[A-Za-z0-9《》“”%]+")


def colloquial(drafted: Drafted, choose: random.Random) -> Drafted | None:
    """Return the question in spoken words; None where no word of it has a spoken form."""
    pieces = _QUOTED.split(drafted.question)
    for written, spoken in _SPOKEN:
        for at in range(0, len(pieces), 2):  # every second piece stands in quotation marks and stays
            pieces[at] = pieces[at].replace(written, spoken, 1)
    text = "".join(pieces)
    if text == drafted.question:
        return None
    text = choose.choice(_OPENINGS) + text.rstrip("？?") + choose.choice(_CLOSINGS)
    return replace(drafted, type="colloquial", question=text)


def with_slip(drafted: Drafted, choose: random.Random) -> Drafted | None:
    """Return the question with one slip of the hand in its subject: a wrong character, or two changed about."""
    text = drafted.question
    protected = {at for found in _PROTECTED.finditer(text) for at in range(*found.span())}
    start = max(0, text.find(drafted.about))
    places = [at for at in range(start, min(len(text), start + max(2, len(drafted.about)))) if at not in protected]
    wrong = [at for at in places if text[at] in _SLIPS]
    if wrong:
        at = choose.choice(wrong)
        return replace(drafted, type="typo", question=text[:at] + _SLIPS[text[at]] + text[at + 1 :])
    swaps = [
        at
        for at in places
        if at + 1 in places and is_han(text[at]) and is_han(text[at + 1]) and text[at] != text[at + 1]
    ]
    if not swaps:
        return None
    at = choose.choice(swaps)
    return replace(drafted, type="typo", question=text[:at] + text[at + 1] + text[at] + text[at + 2 :])


def traditional(drafted: Drafted, choose: random.Random) -> Drafted | None:
    """Return the question in traditional characters; None where it looks the same."""
    del choose
    text = to_traditional(drafted.question)
    return replace(drafted, type="traditional", question=text) if text != drafted.question else None
