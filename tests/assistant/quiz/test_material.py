"""What is found in sections written by hand: amounts, lists, statements, steps, bans, cases."""

import pytest

from assistant.quiz.material.amounts import amounts, han, others, written_forms
from assistant.quiz.material.names import alike, forms, plain
from assistant.quiz.material.read import Material, read
from assistant.quiz.material.statement import is_clean
from kb.model import Block, BlockKind, Section
from kb.synonyms import parse

_NONE = parse("")


def section(title: str, *texts: str, number: str = "3.2", ordinal: str = "1.") -> Section:
    """Return a section of items; ``term：body`` names an item, a text that ends in ： introduces the rest."""
    blocks: list[Block] = []
    at = 0
    for index, text in enumerate(texts, 1):
        paragraph = text.endswith("：")
        printed = "" if paragraph else f"{index}{ordinal[1:]}"
        head, colon, _ = text.partition("：")
        term = head if colon and not paragraph and len(head) <= 16 else ""
        start = at + len(printed)
        clause = f"{number}-{'p' if paragraph else ''}{index}"
        kind: BlockKind = "paragraph" if paragraph else "item"
        blocks.append(Block(clause, kind, text, start, start + len(text), printed, term))
        at = start + len(text) + 1
    body = "\n".join(f"{block.ordinal}{block.text}" for block in blocks)
    return Section(number, title, 2, number.split(".")[0], ("服务", title), body, tuple(blocks))


def material(*sections: Section) -> Material:
    return read([("d1", "服务手册", sections)])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("客服在挂机后10分钟内登记", ["10分钟"]),
        ("退款在7个工作日内到账，比例不低于95%", ["7个工作日", "95%"]),
        ("连续两次不合格的，三天内整改", ["两次", "三天"]),
        ("2025年3月1日起执行V2.0", []),
        ("夜间22:00至次日08:00", []),
        ("拨打400-800-6120", []),
        ("第3天下午考试", []),
        ("1至3人", []),
        ("20世纪中期", []),
    ],
)
def test_amounts_are_those_one_can_ask_for(text: str, found: list[str]) -> None:
    assert [one.text for one in amounts(text)] == found


@pytest.mark.parametrize(
    ("value", "words"), [(2, "二"), (10, "十"), (15, "十五"), (30, "三十"), (108, "一百零八"), (1200, "一千二百")]
)
def test_whole_numbers_are_written_in_han(value: int, words: str) -> None:
    assert han(value) == words


def test_written_forms_hold_digits_words_and_unit() -> None:
    percent, two = amounts("达到30%")[0], amounts("抽查2次")[0]
    assert set(written_forms(percent, with_unit=True)) >= {"30%", "百分之三十"}
    assert set(written_forms(two, with_unit=False)) >= {"2", "二", "两", "2次", "两次"}


def test_other_amounts_keep_unit_and_form_and_leave_out_what_the_clause_states() -> None:
    import random

    right = amounts("三天内整改")[0]
    wrong = others(right, [5.0, 7.0], [3.0, 5.0], random.Random(0), count=3)
    assert len(set(wrong)) == 3
    assert all(amounts(text)[0].unit == "天" and not text[0].isdigit() for text in wrong)
    assert not {"三天", "五天"} & set(wrong)


def test_names_are_plain_and_keep_their_other_forms() -> None:
    assert plain("平衡计分卡 BSC（Balanced Scorecard）") == "平衡计分卡"
    assert set(forms("关键绩效指标（KPI）")) >= {"关键绩效指标", "KPI"}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("服务质量标准", "服务标准", True),
        ("持续改进原则", "持续改进", True),
        ("客户导向", "用户导向", True),
        ("风险规避", "风险转移", False),
        ("技术风险", "人员风险", False),
    ],
)
def test_names_that_may_mean_the_same_are_alike(one: str, other: str, same: bool) -> None:
    assert alike(one, other, parse("客户, 用户")) is same


@pytest.mark.parametrize(
    "text", ["按表2定级并填写理由", "上述人员不得进入", "利用大数据、等技术", "该结构强调职能分工", "如（）所示的情形"]
)
def test_sentences_that_lean_on_others_are_no_material(text: str) -> None:
    assert not is_clean(text)


def test_named_items_make_a_list_with_its_noun() -> None:
    found = material(
        section(
            "服务原则",
            "应遵循以下原则：",
            "客户导向：先问客户要什么",
            "标准统一：各站做法一样",
            "持续改进：每月复盘一次",
        )
    ).listings
    assert [one.names for one in found] == [("客户导向", "标准统一", "持续改进")]
    assert found[0].noun == "原则"
    assert found[0].named_as_list


def test_enumerations_are_cut_at_their_joints() -> None:
    found = material(section("绩效", "财务绩效：包括成本、收益、利润率和投资回报率等。")).enumerations
    assert found[0].items == ("成本", "收益", "利润率", "投资回报率")
    assert found[0].open
    assert found[0].label == "财务绩效"


def test_a_counted_enumeration_is_not_cut_further() -> None:
    found = material(section("评估", "评估体系：涵盖财务、客户、内部流程、学习与成长四个维度。")).enumerations
    assert found[0].items == ("财务", "客户", "内部流程", "学习与成长")


def test_steps_are_numbered_items_of_something_done() -> None:
    items = ("客服专员登记投诉内容", "客服主管复核投诉级别", "服务站站长组织现场核查", "投诉处理专员回复客户")
    assert material(section("处理流程", *items)).steps[0].names == items
    assert not material(section("服务原则", *items)).steps


def test_roles_are_learned_from_where_they_act() -> None:
    one = section("登记", "客服专员在10分钟内登记工单内容", "客服主管在1小时内复核工单级别")
    two = section("回访", "客服专员在24小时内回访客户", "客服主管每周抽查回访录音", number="3.3")
    found = material(one, two)
    assert set(found.roles.names) >= {"客服专员", "客服主管"}
    assert [use.name for use in found.statements[0].roles] == ["客服专员"]


def test_bans_are_found_with_who_and_what() -> None:
    found = material(section("红线", "严禁私下用现金了结投诉", "客服专员不得透露客户电话")).forbidden
    assert [(one.who, one.act) for one in found] == [("", "私下用现金了结投诉"), ("客服专员", "透露客户电话")]


def test_cases_say_what_is_done_when() -> None:
    found = material(section("回访", "客户两次拒绝方案的，当日报客服主管出面沟通")).conditionals
    assert [(one.case, one.then) for one in found] == [("客户两次拒绝方案", "当日报客服主管出面沟通")]


def test_a_span_of_hours_is_no_case() -> None:
    assert not material(section("授权", "单次授权最长24小时，到时由系统自动收回权限")).conditionals


def test_what_a_document_is_for_is_no_material() -> None:
    assert not material(section("目的", "让客户的投诉有人接、有人查、有人答复，并在3天内办结")).statements


def test_posts_and_terms_are_no_list_to_learn_but_what_is_said_of_them_is() -> None:
    posts = (
        "客服主管：审核名单。",
        "客服专员：拨打回访电话。",
        "质量主管：抽查录音。",
        "客服主管在当日复核，客服专员、质量主管签字。",
    )
    found = material(
        section("权限与使用", "各岗位的可见范围如下：", *posts[:3]),
        section("岗位职责", *posts, number="3.3"),
        section(
            "术语",
            "本规定所用名词的含义如下：",
            "回访：打给客户的电话。",
            "接通：客户本人接听。",
            "满意：4分以上。",
            number="3.4",
        ),
        section(
            "服务原则",
            "应遵循以下原则：",
            "客户导向：先听后说。",
            "持续改进：每月复盘。",
            "公开透明：收费公示。",
            number="3.5",
        ),
    )
    kinds = {one.subject: (one.noun, one.learned) for one in found.listings}
    assert kinds["权限与使用"] == ("岗位", False)
    assert kinds["术语"] == ("术语", False)
    assert kinds["服务原则"] == ("原则", True)


def test_what_is_nested_under_one_principle_is_no_list_of_principles() -> None:
    found = material(
        section(
            "服务原则",
            "应遵循以下原则：",
            "持续改进原则：按PDCA循环推进，分四步。",
            "公开原则：收费公示。",
            "合规原则：依法办事。",
        )
    )
    assert {one.thing for one in found.listings} == {"“服务原则”"}


@pytest.mark.parametrize(
    "text",
    [
        "岗位：客服经理；单次上限：3000元；年度总额：8万元。",  # a row of a table told in a line
        "由经办人与核赔人按7比3分担责任，系统性差错由部门负责人整改。",
    ],
)
def test_what_only_looks_like_an_amount_is_not_asked(text: str) -> None:
    found = material(
        section("授权", text, "店长每周抽查5单，结果记入台账，月底汇总。", "店员每天登记，写明时间和地点。")
    )
    assert all(one.block.text != text or not one.amounts for one in found.statements)


def test_where_more_stands_is_cut_off() -> None:
    found = material(
        section("评分", "出现一次即把整单判为0分的行为单独登记，清单见5.2。", "店长每周抽查5单，结果记入台账。")
    )
    assert found.statements[0].text == "出现一次即把整单判为0分的行为单独登记"


@pytest.mark.parametrize(
    ("text", "cases"),
    [
        ("有一单不合格的，当事人停止独立接单，重新跟岗5个工作日。", ["有一单不合格"]),
        ("成本管理以价值创造为目的，凡客户不愿付费的作业均应压减。", []),
        ("团队较大、内容复杂时，减少层级能让决定更快、团队更灵活。", []),
    ],
)
def test_a_case_says_what_happens_and_what_is_done(text: str, cases: list[str]) -> None:
    found = material(section("复查", text, "店长每周抽查5单，结果记入台账。"))
    assert [one.case for one in found.conditionals] == cases


def test_wrong_amounts_are_as_round_as_the_right_one() -> None:
    import random

    right = amounts("缩短30%以上")[0]
    assert "63%" not in others(right, [63.0, 36.0], [30.0], random.Random(0), count=3)


def test_a_speed_keeps_its_hour() -> None:
    assert [one.text for one in amounts("库内不得超过5公里/小时，转弯不得超过3公里/小时")] == [
        "5公里/小时",
        "3公里/小时",
    ]
