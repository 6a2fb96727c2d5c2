"""Who does what: the roles a corpus names, and where they stand in a sentence. Learned from the sections at hand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from kb.model import Section

_SUFFIX = (
    "专员|主管|经理|总监|站长|工程师|组长|班长|店长|厂长|校长|院长|园长|队长|主任|负责人|编写人|申请人|发现人|导师|管家|保安|教练"
    "|医生|护士|教师|老师|班主任|司机|技师|厨师|师傅|阿姨|前台|客服|会计|出纳|顾问|助理|秘书|管理员|营业员|引导员|安全员|质检员"
    "|仓管员|库管员|收银员|服务员|派单员|值班员|调度员|巡检员|检测员|快递员|驾驶员|保洁员|理货员|店员|审核员|专家|督导|值班长"
    "|坐席|座席|委员会|小组|部门|[\u4e00-\u9fff]{1,3}部|服务台|调度中心|客服中心"
)
_NOT = re.compile(
    r"客户|顾客|会员|家长|学员|用户|业主|员工|人员|成员|全体|任何|其他|相关|有关|各|该|本|某|对方|供应商|旅客|住客|租客|患者|每"
    r"|全部|内部|外部|[总大小外全局]部$|俱乐部|^跨|智能|^(?:通知|报告|告|联系|提交|汇报|安排|指定)|^(?:主管|负责人|专员)$|^部门$|^小组$|主管部门|监管|专业|优秀|团队|资深|两名|一名|原|新"
)
_BOUNDARY = r"(?:^|(?<=[，。；：:、（(“由经报给向与和及或后前交请时]))"
_CANDIDATE = re.compile(
    rf"{_BOUNDARY}(?P<role>[\u4e00-\u9fff]{{0,5}}?(?:{_SUFFIX}))(?!门|长|员|分|位|署|件|专员|主管|经理|组长|中心|人员|专家|代表|坐席|座席)"
)
_DUTY_TITLE = re.compile(r"职责|分工|角色|岗位|权限")
_VERBLIKE = re.compile(r"[的是在把被将并应须可不先再已要请让找按对从为以及与和或由经报给向交于后前时内上下日]")


@dataclass(frozen=True)
class RoleUse:
    """A role in subject position at ``start:end`` of a text."""

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Roles:
    """The roles of a corpus, most frequent first."""

    names: tuple[str, ...]

    def uses(self, text: str) -> list[RoleUse]:
        """Return where a role acts in ``text``: at the start of a clause, or after 由."""
        if not self.names:
            return []
        pattern = re.compile(
            rf"(?:^|(?<=[，。；：:])|(?<=由))(?P<role>{'|'.join(map(re.escape, sorted(self.names, key=len, reverse=True)))})"
            r"(?=[^、和及或与的：:（(])"
        )
        return [RoleUse(found["role"], found.start(), found.end()) for found in pattern.finditer(text)]

    def mentioned(self, text: str) -> set[str]:
        """Return the roles named anywhere in ``text``."""
        return {name for name in self.names if name in text}


def learn(sections: Iterable[Section]) -> Roles:
    """Return the roles that ``sections`` name: as terms of duties, or by their ending where they act twice or more."""
    counts: Counter[str] = Counter()
    for section in sections:
        duties = bool(_DUTY_TITLE.search(section.title))
        for block in section.blocks:
            name = block.term if block.kind == "item" else (block.cells[:1] or ("",))[0]
            if duties and name and re.fullmatch(rf".*(?:{_SUFFIX})", name) and _is_role(name):
                counts[name] += 3
            for found in _CANDIDATE.finditer(block.text):
                if _is_role(found["role"]):
                    counts[found["role"]] += 1
    return Roles(tuple(name for name, count in counts.most_common() if count >= 2))


def _is_role(name: str) -> bool:
    if not 2 <= len(name) <= 8 or _NOT.search(name):
        return False
    return not _VERBLIKE.search(name[:-1])
