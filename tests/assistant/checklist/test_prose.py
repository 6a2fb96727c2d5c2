"""Work instructions in prose and in tables without the usual headings: what is an order there, and what only tells."""

from pathlib import Path

import pytest

from assistant.checklist.compile import compile_checklist, document_parts
from assistant.checklist.manner import speaks_in_orders
from assistant.checklist.model import Check
from assistant.checklist.posts import role_names
from assistant.checklist.tables import Row, row_check
from eval.marked_checks import MARKED, score_marked
from ingest.pipeline import parse
from kb.model import Block, Document
from kb.settings import LimitSettings


def listed(tmp_path: Path, text: str, *, title: str = "泳池作业规程") -> list[Check]:
    """Return the checks of a Markdown document under one heading."""
    source = tmp_path / "a.md"
    source.write_text(f"# {title}\n\n{text}\n", encoding="utf-8")
    parsed = parse(source, name="a.md", limits=LimitSettings(), count_tokens=len)
    document = Document("a", parsed.title, "a.md", 1, "")
    return list(compile_checklist(title, document_parts(document, parsed.sections)).checks)


def actions(tmp_path: Path, text: str) -> list[str]:
    """Return what the checks of a section of a work instruction say."""
    return [check.action for check in listed(tmp_path, f"## 一、作业\n\n{text}")]


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("余氯连续两次超出范围，通知当班经理并暂停入场。", "通知当班经理并暂停入场"),
        ("首件保留到订单交付后3个月。", "首件保留到订单交付后3个月"),
        ("砂缸压差到0.05兆帕就反冲洗。", "砂缸压差到0.05兆帕就反冲洗"),
        ("处方经药师审核后方可调配。", "处方经药师审核后方可调配"),
        ("每500张抽一张对样。", "抽一张对样"),
    ],
)
def test_an_order_in_prose_needs_no_modal(tmp_path: Path, text: str, action: str) -> None:
    assert actions(tmp_path, text) == [action]


@pytest.mark.parametrize(
    "text",
    [
        "旧版一般可以保留三次使用。",
        "备用车停放在西门停车场，随时可以启动。",
        "巡检路线从配电间开始，经空调间到主机房。",
        "得分由履约率和好评率加权得出，其中履约率占一半。",
        "照管员负责学生上下车的秩序和清点。",
        "本规定自公布之日起执行，由安全办负责解释。",
    ],
)
def test_habits_and_permissions_are_no_orders(tmp_path: Path, text: str) -> None:
    assert actions(tmp_path, text) == []


@pytest.mark.parametrize("text", ["酸碱绝不可混放。", "任何情况下都不能跨骑在地坎上。", "醉酒者谢绝入场。"])
def test_bans_in_other_words_are_red_lines(tmp_path: Path, text: str) -> None:
    (check,) = listed(tmp_path, f"## 一、作业\n\n{text}")
    assert check.red_line


@pytest.mark.parametrize("text", ["不受理的要说明理由。", "采纳或不采纳都要写理由。", "说不清的地方当场标出。"])
def test_a_negation_that_only_says_of_what_is_no_ban(tmp_path: Path, text: str) -> None:
    (check,) = listed(tmp_path, f"## 一、作业\n\n1. {text}")
    assert not check.red_line


@pytest.mark.parametrize(
    ("text", "case", "action"),
    [
        ("接到召回通知，店长10分钟内组织清点。", "接到召回通知", "组织清点"),
        ("发现病苗（叶背发黄），班长当天整盘移出。", "发现病苗（叶背发黄）", "当天整盘移出"),
        ("头颈疼 → 固定颈部，报告班长。", "头颈疼", "固定颈部，报告班长"),
    ],
)
def test_what_happens_is_the_case_of_what_is_done_and_no_line(
    tmp_path: Path, text: str, case: str, action: str
) -> None:
    (check,) = listed(tmp_path, f"## 一、作业\n\n{text}")
    assert (check.condition, check.action) == (case, action)


def test_how_long_something_is_kept_is_no_moment(tmp_path: Path) -> None:
    assert actions(tmp_path, "录像保存90天，期满由安全员删除。")[0] == "录像保存90天"


@pytest.mark.parametrize(
    "text", ["充分重视监考工作，具有高度的责任感。", "按违纪处理，责任由学生自负。", "预案详见《火灾应急预案》。"]
)
def test_what_nobody_can_tick_is_no_line(tmp_path: Path, text: str) -> None:
    assert actions(tmp_path, text) == []


def test_the_name_of_an_item_is_no_line(tmp_path: Path) -> None:
    assert actions(tmp_path, "1. 结单。上传前后照片。\n2. 送电。先空载5分钟再带载。")[0] == "上传前后照片"


def test_what_only_names_something_says_what_is_done_with_it(tmp_path: Path) -> None:
    asked = "1. 提交申请，写清以下内容：\n\n（1）物料名称和规格\n\n（2）受影响的数量\n\n2. 报班长。"
    checks = listed(tmp_path, f"## 一、作业\n\n{asked}")
    assert [check.action for check in checks][:2] == ["写清：物料名称和规格", "写清：受影响的数量"]


def test_what_a_record_has_to_say_is_its_standard_and_the_form_its_proof(tmp_path: Path) -> None:
    (check,) = listed(tmp_path, "## 一、作业\n\n班长在系统填写《查看申请》，写明用途和时长。")
    assert (check.standard, check.evidence) == ("写明用途和时长", "《查看申请》")


@pytest.mark.parametrize(
    ("text", "method"),
    [("核对证件照片与本人。", "yes_no"), ("签字当天恢复默认供应商。", "yes_no"), ("拍照上传。", "photo")],
)
def test_looking_at_a_photo_or_a_signature_is_none(tmp_path: Path, text: str, method: str) -> None:
    (check,) = listed(tmp_path, f"## 一、作业\n\n{text}")
    assert check.method == method


def test_what_somebody_is_told_not_to_do_is_no_ban(tmp_path: Path) -> None:
    (check,) = listed(tmp_path, "## 一、作业\n\n安抚乘客并告知不要扒门。")
    assert not check.red_line


def test_a_chain_of_arrows_is_a_chain_of_steps(tmp_path: Path) -> None:
    assert actions(tmp_path, "闭馆流程：清场广播两遍→关闭水下灯→盖保温膜。") == [
        "清场广播两遍",
        "关闭水下灯",
        "盖保温膜",
    ]


def test_cases_under_a_lead_carry_its_order(tmp_path: Path) -> None:
    checks = listed(tmp_path, "## 一、生产\n\n出现下面的情况要停机：\n\n- 连续三张套不准；\n- 有异味。")
    assert [(check.condition, check.action) for check in checks] == [("连续三张套不准", "停机"), ("有异味", "停机")]


def test_an_item_that_only_heads_others_is_no_check(tmp_path: Path) -> None:
    assert actions(tmp_path, "1、发现溺水\n   a) 吹三声长哨；\n   b) 拨打120。") == ["吹三声长哨", "拨打120"]


def test_clauses_before_any_heading_are_the_document(tmp_path: Path) -> None:
    clauses = "一、为了安全，制定本规定。\n\n二、司机每天出车前应绕车检查。发现隐患的，不得出车。\n\n三、照管员须逐一核对名单。"
    assert [check.action for check in listed(tmp_path, clauses)] == ["不得出车", "绕车检查", "逐一核对名单"]


def test_the_title_forbids_what_its_list_names(tmp_path: Path) -> None:
    checks = listed(tmp_path, "## 七、严禁行为\n\n一经发现扣奖：\n\n1. 用铁器敲击桶盖；\n2. 跨越桶体。")
    assert [check.action for check in checks] == ["严禁用铁器敲击桶盖", "严禁跨越桶体"]


def test_a_document_that_binds_instructs_whatever_its_title(tmp_path: Path) -> None:
    text = (
        "## 一、验收\n\n"
        + "冷冻品到货时不高于-12℃。凭证由库管员保存。速测不合格的，当天退货。不得使用发芽土豆。\n\n" * 3
    )
    source = tmp_path / "a.md"
    source.write_text(f"# 食堂手册\n\n{text}", encoding="utf-8")
    sections = parse(source, name="a.md", limits=LimitSettings(), count_tokens=len).sections
    assert speaks_in_orders("食堂手册", sections)
    assert "库管员" in role_names(sections)


def row(header: tuple[str, ...], cells: tuple[str, ...]) -> Row | None:
    """Return what a row of a table obliges to."""
    text = "；".join(f"{name}：{cell}" for name, cell in zip(header, cells, strict=True))
    return row_check(Block("3-t1.r1", "row", text, 0, len(text), header=header, cells=cells), "", "要求")


def test_a_tick_under_a_period_is_how_often() -> None:
    found = row(("点检项", "每班", "每周", "标准"), ("急停按钮", "", "√", "按下即停"))
    assert found is not None
    assert (found.wording.action, found.wording.frequency) == ("急停按钮：按下即停", "每周")


def test_times_and_bounds_oblige_without_a_heading_that_says_so() -> None:
    limit = row(("情形", "接报后到场", "修复"), ("停梯", "2小时", "24小时"))
    assert limit is not None
    assert limit.wording.deadline == "接报后到场：2小时；修复：24小时"
    bound = row(("时期", "白天"), ("定植前", "18～22℃"))
    assert bound is not None
    assert bound.wording.action == "定植前：白天：18～22℃"


@pytest.mark.parametrize(
    ("header", "cells"), [(("城市", "标准价"), ("一类", "450元")), (("课程", "时长"), ("礼仪", "2小时"))]
)
def test_prices_and_lengths_oblige_to_nothing(header: tuple[str, ...], cells: tuple[str, ...]) -> None:
    assert row(header, cells) is None


def test_instructions_nobody_tuned_on_are_listed_too() -> None:
    """Their errors are not to be read: only totals tell how the next house's texts will fare."""
    score = score_marked(MARKED.with_name("work_instructions_e"))
    assert (score.recall >= 0.95, score.precision >= 0.92) == (True, True)
