"""What a clause says as a measure: a whole sentence that tells to do something, once."""

import pytest

from assistant.checklist.model import Check
from assistant.plan.clauses import does_something, in_whole, measure_text, says_again, told
from assistant.plan.measures import Measure
from assistant.plan.schedule import deliverable, work_kind
from kb.model import Block, Citation

SENTENCE = "试用期满后5个工作日内，质量主管汇总到货检验和站长反馈，出具《试用评价报告》"


def check(quote: str, action: str = "", condition: str | None = None, role: str | None = None) -> Check:
    return Check(1, action or quote, "step", Citation("d", "5", "试用", ("试用",), "5-1", quote), condition, role=role)


def test_a_part_of_a_sentence_is_quoted_with_all_of_it() -> None:
    block = Block("5-1", "item", f"{SENTENCE}。不合格的重新选择供应商。", 0, 60)
    assert in_whole(check("试用期满后5个工作日内"), {"5-1": block}).citation.quote == SENTENCE
    assert in_whole(check("别处的话"), {"5-1": block}).citation.quote == "别处的话"
    assert in_whole(check("试用期满后5个工作日内"), {}).citation.quote == "试用期满后5个工作日内"


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        ("根据《服务管理指南》（2022），企业应建立预警机制", "建立预警机制"),
        ("服务团队应为成员提供清晰的职业发展路径", "为成员提供清晰的职业发展路径"),
        ("企业文化应由全员参与", "企业文化应由全员参与"),
        ("引入先进的技术，如（）、大数据分析", "引入先进的技术，如大数据分析"),
    ],
)
def test_what_everybody_has_to_do_is_told_without_everybody(quote: str, words: str) -> None:
    assert told(check(quote)) == words


def test_a_case_that_is_all_of_a_quote_stands_before_what_is_done_then() -> None:
    late = "约定到货时间已过48小时仍未到货"
    assert told(check(late, "必须发起切换", condition=late)) == f"（{late}）必须发起切换"


@pytest.mark.parametrize(
    "text",
    [
        "投诉工单占当期完工工单的比例",
        "备用供应商的报价和可供数量",
        "推出新服务只是开头，之后还要听反馈、做评估、再修改",
        "从受理到派单、从派单到上门两段分别计算",
        "源自制造业，核心是去掉浪费、提高效率",
        "应急处理应遵循“预防为主、反应及时”的原则",
    ],
)
def test_what_a_thing_is_and_why_is_no_measure(text: str) -> None:
    assert not does_something(check(text))


def test_what_only_leads_over_to_items_is_no_measure_beside_them() -> None:
    lead = "出现下列情形之一，采购专员必须发起切换"
    assert does_something(check(lead, role="采购专员"))
    assert not does_something(check(lead, role="采购专员"), leads=True)
    assert not does_something(check("奖励要经常、及时，让员工觉得动脑筋值得"), leads=True)


def test_the_same_term_and_nearly_the_same_words_ask_for_the_same() -> None:
    one = check("建立创新奖励机制，激励员工提出建议", "服务创新激励机制：建立创新奖励机制")
    other = check("如设立奖励基金、成果展示平台", "服务创新激励机制：如设立奖励基金")
    assert says_again(one, other)
    assert not says_again(one, check("每季度开一次座谈会", "客户访谈：每季度开一次座谈会"))
    assert measure_text(other) == "服务创新激励机制：如设立奖励基金、成果展示平台"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("客服专员把来电中的抱怨记入工单系统", "日常执行"),
        ("引入标准化管理工具，如流程管理软件", "系统工具"),
        ("质量主管按季度安排安全课程培训", "培训演练"),
        ("为成员提供清晰的职业发展路径", "机制建设"),
    ],
)
def test_who_writes_into_a_system_builds_none(text: str, kind: str) -> None:
    assert work_kind(Measure(check(text), 0, 1.0)).name == kind


def test_what_is_left_begins_at_its_own_word() -> None:
    assert deliverable(Measure(check("质量主管每季度组织一次满意度问卷"), 0, 1.0)) == "满意度问卷"
    assert deliverable(Measure(check(SENTENCE), 0, 1.0)) == "《试用评价报告》"
