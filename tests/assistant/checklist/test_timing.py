"""Time limits and frequencies, told from durations and cases."""

import pytest

from assistant.checklist.timing import deadline_in, frequency_in


@pytest.mark.parametrize(
    ("text", "deadline"),
    [
        ("在挂机后10分钟内于工单系统建立投诉工单", "挂机后10分钟内"),
        ("退款由财务专员在批准后7个工作日内退回原支付渠道", "批准后7个工作日内"),
        ("每月5日前发布上月投诉分析", "每月5日前"),
        ("次日12:00前批准关闭回访单", "次日12:00前"),
        ("在到期前30天通知归口部门负责人", "到期前30天"),
        ("立即电话报告客服主管", "立即"),
        ("保存3年", None),
        ("把工单号和预计回电时间发给客户", None),
        ("间隔至少4小时再打第二次", None),
        ("12个月内被切换2次的，不再切回", None),
    ],
)
def test_deadline_is_the_limit_with_its_starting_moment(text: str, deadline: str | None) -> None:
    assert deadline_in(text) == deadline


@pytest.mark.parametrize(
    ("text", "often"),
    [
        ("每天09:00从工单系统导出前一天完工的工单", "每天09:00"),
        ("一般投诉每个工作日至少联系一次", "每个工作日至少联系一次"),
        ("每月自查一次", "每月自查一次"),
        ("口罩每4小时更换一次", "每4小时更换一次"),
        ("每站不少于20单", None),
        ("每扣一处分必须附上截图", None),
    ],
)
def test_frequency_is_told_from_every_other_each(text: str, often: str | None) -> None:
    assert frequency_in(text) == often
