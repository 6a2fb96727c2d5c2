"""Clauses made into checks: what is one, what is not, what each field holds, and how much of the shipped SOPs is listed."""

import pytest

from assistant.checklist.choose import whole_document
from assistant.checklist.compile import Part, compile_checklist, section_checks
from assistant.checklist.measures import goal_limits, limits_in
from assistant.checklist.model import Check, Limits
from assistant.verify import quote_stands
from eval.checklist_report import DATASET, read_labels, score_knowledge
from eval.marked_checks import score_marked
from kb.knowledge import KnowledgeBase
from kb.model import Block, Document, Section

SOP = Document("d", "设备点检SOP", "d.md", 1, "")
ROLES = frozenset({"客服专员", "客服主管", "质量主管", "服务站站长"})


def checks(*items: str, title: str = "处理流程", document: Document = SOP) -> list[Check]:
    """Return the checks of one section with ``items`` as its numbered items."""
    blocks, start = [], 0
    for number, text in enumerate(items, 1):
        head, colon, _ = text.partition("：")
        term = head if colon and len(head) <= 8 else ""
        blocks.append(Block(f"1-{number}", "item", text, start, start + len(text), f"{number}.", term))
        start += len(text) + 1
    section = Section("1", title, 1, "", (title,), "\n".join(items), tuple(blocks))
    return list(section_checks(Part(document, section, ROLES)))


def test_fields_come_from_the_clause_and_the_rest_is_open() -> None:
    (check,) = checks("登记建单：客服专员在挂机后10分钟内于工单系统建立投诉工单，取得工单号，填写《登记表》。")
    assert check.action == "登记建单：于工单系统建立投诉工单，取得工单号"
    assert (check.role, check.deadline, check.evidence) == ("客服专员", "挂机后10分钟内", "填写《登记表》")
    assert (check.condition, check.frequency, check.standard, check.limits) == (None, None, None, None)


def test_a_condition_stays_with_its_step() -> None:
    (check,) = checks("上报：定为紧急的，客服主管在10分钟内电话报告运营总监。")
    assert check.condition == "定为紧急的"
    assert check.role == "客服主管"
    assert "电话报告运营总监" in check.action


def test_a_prohibition_inside_a_step_is_a_red_line_of_its_own() -> None:
    step, banned = sorted(
        checks("现场勘查：需要上门的，服务站站长在24小时内带队勘查，不得只派被投诉人单独前往。"),
        key=lambda check: check.red_line,
    )
    assert banned.action == "现场勘查：不得只派被投诉人单独前往"
    assert banned.condition == "需要上门的"
    assert "不得" not in step.action


def test_two_people_are_two_lines() -> None:
    first, second = checks("办结：客服专员上传返工单或退款凭证，客服主管核对后把工单改为已办结。")
    assert (first.role, second.role) == ("客服专员", "客服主管")


@pytest.mark.parametrize(
    "text",
    [
        "例如，某大型企业通过流程再造把处理时间由7天降到2天。",
        "培训是服务流程成功实施的重要保障。",
        "根据《服务管理》，流程是质量的基础。",
        "用于衡量企业运营的各个维度，如生产效率等。",
    ],
)
def test_an_explanation_is_no_check(text: str) -> None:
    assert checks(text) == []


def test_terms_and_purposes_oblige_to_nothing() -> None:
    assert checks("回访：由公司主动联系客户，核实结果并请客户评分。", title="术语") == []
    assert checks("让每一件投诉都有人接、有人查。", title="目的") == []


def test_a_lead_that_forbids_makes_its_items_red_lines() -> None:
    lead = "严禁下列行为："
    items = ("出售客户信息。", "借用、共用账号。")
    body = "\n".join((lead, *items))
    blocks = [Block("1-p1", "paragraph", lead, 0, len(lead))]
    start = len(lead) + 1
    for number, text in enumerate(items, 1):
        blocks.append(Block(f"1-{number}", "item", text, start, start + len(text), f"（{number}）"))
        start += len(text) + 1
    section = Section("1", "处理", 1, "", ("处理",), body, tuple(blocks))
    found = list(section_checks(Part(SOP, section, ROLES)))
    assert [check.action for check in found] == ["严禁出售客户信息", "严禁借用、共用账号"]
    assert all(check.red_line for check in found)


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("库房温度保持在18～26℃", Limits(18, 26, "℃")),
        ("抽检比例不低于10%", Limits(10, None, "%")),
        ("每组不超过8人", Limits(None, 8, "人")),
        ("冷冻品中心温度不高于零下12度", Limits(None, -12, "度")),
        ("接到400-800-6120来电", None),
        ("在24小时内完成", None),
        ("最多不超过3个工作日", None),
    ],
)
def test_limits_are_measured_values_never_times(text: str, limits: Limits | None) -> None:
    assert limits_in(text) == limits


def test_a_bare_goal_has_a_direction_only_where_it_is_plain() -> None:
    assert goal_limits("预约准时率", "95%") == Limits(95, None, "%")
    assert goal_limits("加班时数", "95") is None


def test_red_lines_stand_first_and_lines_are_numbered(sample: KnowledgeBase) -> None:
    made = compile_checklist("x", whole_document(sample, sample.find_document("客户投诉处理SOP")))
    red = [check.red_line for check in made.checks]
    assert red == sorted(red, reverse=True)
    assert [check.number for check in made.checks] == list(range(1, len(made.checks) + 1))
    steps = {line.section: (line.steps, line.listed) for line in made.completeness}
    assert steps["5.1"] == (5, 5)
    assert "共 5 步，已列 5 步" in next(line.words for line in made.completeness if line.section == "5.1")


def test_every_quote_stands_in_its_section(sample: KnowledgeBase) -> None:
    for document in sample.documents():
        for check in compile_checklist("x", whole_document(sample, document)).checks:
            body = sample.section(document.id, check.citation.section).body
            assert quote_stands(check.citation, body)


def test_shipped_sops_are_listed_whole_and_nothing_else(sample: KnowledgeBase) -> None:
    score = score_knowledge(sample, read_labels(DATASET))
    assert score.recall >= 0.97, score.missed
    assert score.precision >= 0.97, score.wrong


def test_work_instructions_of_other_houses_are_listed_too() -> None:
    score = score_marked()
    assert score.recall >= 0.97, score.missed
    assert score.precision >= 0.97, score.wrong
