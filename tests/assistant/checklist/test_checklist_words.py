"""Who, when and whether, out of the words of an order: what reads wrong to a supervisor must not come back."""

import pytest

from assistant.checklist.nature import nature_of
from assistant.checklist.split import is_case
from assistant.checklist.tables import row_check
from assistant.checklist.timing import deadline_in
from assistant.checklist.wording import forbidden
from assistant.checklist.words import role_at_start, role_by
from kb.model import Block, Section


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("客服主管复核级别", "客服主管"),
        ("严禁借用导师账号登录", ""),
        ("禁止新员工单独接触带电部件", ""),
        ("值班店长巡检", "值班店长"),
        ("培训员工掌握流程", ""),
        ("培训主管组织学习", "培训主管"),
        ("组建运营团队", ""),
        ("适用于跨部门协作", ""),
        ("教会站长看报表", ""),
        ("制造企业按批次检验", ""),
    ],
)
def test_prohibition_is_no_post(text: str, role: str) -> None:
    assert role_at_start(text) == role


def test_post_is_named_to_its_end() -> None:
    assert role_by("由专职审核人员对过程进行审核") == "专职审核人员"


def test_present_is_no_time_limit() -> None:
    assert deadline_in("在满足当前需求的同时考虑未来") is None
    assert deadline_in("加强岗前培训") is None
    assert deadline_in("总分居前三名的给予奖励") is None
    assert deadline_in("在营业前检查") == "营业前"


def test_at_the_same_time_is_no_case() -> None:
    assert not is_case("同时")
    assert is_case("材料不全时")


def test_prohibition_without_a_lead_gets_no_empty_brackets() -> None:
    assert forbidden("错一题也不合格", "") == "错一题也不合格"
    assert forbidden("倒卖名单", "严禁下列行为：") == "严禁倒卖名单"
    assert forbidden("倒卖名单", "下列情形从重处理：") == "倒卖名单（下列情形从重处理）"


@pytest.mark.parametrize(("title", "nature"), [("服务红线", "red"), ("服务红线考试", "ordinary"), ("术语", "terms")])
def test_examination_on_the_red_lines_is_no_red_line(title: str, nature: str) -> None:
    assert nature_of(Section("3", title, 1, "", (title,))) == nature


def row(header: tuple[str, ...], cells: tuple[str, ...]) -> Block:
    text = "；".join(f"{name}：{cell}" for name, cell in zip(header, cells, strict=True))
    return Block("3-t1.r1", "row", text, 0, len(text), header=header, cells=cells)


def test_only_time_of_a_row_is_not_named_twice() -> None:
    found = row_check(row(("类型", "时限"), ("退款回访", "到账后48小时内")), "", "时限")
    assert found is not None
    assert (found.wording.action, found.wording.deadline) == ("退款回访：到账后48小时内", "到账后48小时内")
    two = row_check(row(("级别", "首次响应", "办结时限"), ("一般", "2小时内", "3天内")), "", "时限")
    assert two is not None
    assert two.wording.deadline == "首次响应：2小时内；办结时限：3天内"
