"""What a section is for (a procedure, red lines, terms, duties, records, figures), told by its titles and lead sentence.

Knows headings. Decides how much has to be said before a sentence of the section becomes a check.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from kb.model import Section

Nature = Literal["ordinary", "red", "terms", "background", "records", "metrics"]
# Share of items with a lead term from which on a section of duties is a list of posts.
MOSTLY_TERMS = 0.5
# Items that are sentences, from which on what stands before the first heading is the document itself.
CLAUSES = 3
# Full stops for the same.
SENTENCES = 8
_TERMS = re.compile(r"术语|定义|名词|名称解释|含义|常用说法|缩略语|缩写|几个词|[Gg]lossary|Definitions?|Terms")
# An examination on the red lines (红线考试) is work like any other.
_RED = re.compile(r"红线(?!考试|考核|测试|培训|学习|讲解|宣贯)|禁止|禁令|禁忌|一票否决|不准|不得|高压线|负面清单|严禁")
_BACKGROUND = re.compile(
    r"目的|适用|范围|总则|附则|职责|分工|职能|引言|前言|背景|概述|概况|说明$|依据|修订记录|引用文件|参考|意义|挑战|演变|为什么|写在前|写在最?后|先说几句|^最后$"
    r"|结语|后记|关于本|奖惩|奖励|处罚|问答|常见问题|容易混淆|FAQ|Q ?& ?A|[Bb]ackground|Overview|Introduction|Purpose|Scope"
)
_RECORDS = re.compile(r"记录|表单|表格清单|档案清单|通讯录")
_METRICS = re.compile(r"考核指标|绩效指标|质量指标|KPI|指标$", re.IGNORECASE)
_NO_TITLE = re.compile(r"^(?:第[一二三四五六七八九十百\d]+[条款项]|[\d.§]+)$")
_ORDER_OF_WORK = re.compile(
    r"流程|步骤|程序|办理|处理|处置|操作|作业|响应|实施|审批|检查|切换|试用|复查|受理|验收|准备|日程"
)
# A lead sentence that makes what follows forbidden.
_FORBIDS = re.compile(
    r"(?:严禁|禁止|不得|不准).{0,12}(?:下列|以下|如下)|(?:下列|以下)(?:任一|任何)?(?:行为|情形).{0,12}(?:记0分|一票否决|严禁|禁止|从重)"
)


def nature_of(section: Section) -> Nature:
    """Return what ``section`` is for: its own title first, then those above it, the nearest first."""
    if section.number == "§0" and not _has_clauses(section):  # before the first heading: the title page
        return "background"
    items = [block for block in section.blocks if block.kind == "item" and block.level == 0]
    tasks = len(items) > 1 and share([bool(block.term) for block in items]) < MOSTLY_TERMS
    for title in reversed(section.path or (section.title,)):
        if _NO_TITLE.match(title.strip()):
            continue
        found = _by_title(title)
        # 导师职责 with numbered tasks is a list of what to do; with posts as terms it only says who is there.
        return "ordinary" if found is None or (found == "background" and "职责" in title and tasks) else found
    return "ordinary"


def _has_clauses(section: Section) -> bool:
    """Say whether what stands before the first heading is more than a title page: clauses (一、二、…), or a text."""
    said = [block for block in section.blocks if block.kind == "item" and "。" in block.text]
    return len(said) >= CLAUSES or section.body.count("。") >= SENTENCES


def _by_title(title: str) -> Nature | None:
    # A title that joins two things (适用范围与术语, 触发条件与职责) speaks for its sub-sections only where both agree.
    if _RED.search(title):
        return "red"
    if _TERMS.search(title):
        return "terms"
    if _METRICS.search(title):
        return "metrics"
    if _RECORDS.search(title) and not _ORDER_OF_WORK.search(title):
        return "records"
    if _BACKGROUND.search(title):
        return "background"
    return None


def forbids(lead: str) -> bool:
    """Say whether a lead sentence (严禁下列行为：) forbids what is listed under it."""
    return bool(_FORBIDS.search(lead))


def is_work_instruction(title: str) -> bool:
    """Say whether a document calls itself one: its items are orders unless they say otherwise."""
    return bool(
        re.search(
            r"SOP|规程|规定|制度|办法|细则|规范|守则|流程|指引|作业|操作[卡法]|须知|约定|公约|准则|纪律",
            title,
            re.IGNORECASE,
        )
    )


def is_procedure(section: Section) -> bool:
    """Say whether ``section`` or the one above calls itself an order of work."""
    return any(_ORDER_OF_WORK.search(title) for title in section.path[-2:])


def share(flags: Sequence[bool]) -> float:
    """Return the share of true values, 0 where there are none."""
    return sum(flags) / len(flags) if flags else 0.0
