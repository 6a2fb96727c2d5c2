"""Headings and items told apart where they stand: numbering styles, quantities, references, format headings."""

from __future__ import annotations

import pytest

from ingest.source import Line, SourceText
from ingest.structure import Structure, build
from ingest.structure.markers import number_of, read_mark, read_ordinal, title_like


def of(text: str, *, name: str = "x.txt", title: str = "") -> Structure:
    return build(SourceText(name, title, tuple(Line(line) for line in text.strip("\n").split("\n"))))


def tree(structure: Structure) -> list[tuple[str, str, int]]:
    return [(s.number, s.title, s.level) for s in structure.sections]


def body(structure: Structure, number: str) -> list[str]:
    return [b.text for s in structure.sections if s.number == number for b in s.blocks]


@pytest.mark.parametrize(
    ("line", "style", "value", "rest"),
    [
        ("第三章 服务质量", "chapter", (3,), "服务质量"),
        ("第十二条 本规定自发布之日起施行。", "article", (12,), "本规定自发布之日起施行。"),
        ("第二节 职责", "section", (2,), "职责"),
        ("一、目的", "cn", (1,), "目的"),
        ("（二）适用范围", "paren_cn", (2,), "适用范围"),
        ("(3)记录", "parens", (3,), "记录"),
        ("1.1运营概述", "dotted", (1, 1), "运营概述"),
        ("1.1.12 定义", "dotted", (1, 1, 12), "定义"),
        ("3.受理", "dot", (3,), "受理"),
        ("4、派单", "comma", (4,), "派单"),
        ("5）回访", "paren", (5,), "回访"),
        ("③ 复核", "circle", (3,), "复核"),
        ("步骤2：核对", "step", (2,), "核对"),
        ("第一步，核对身份", "step", (1,), "，核对身份"),
        ("附录A 通讯录", "appendix", (65,), "通讯录"),
        ("附件2 申请表", "appendix", (2,), "申请表"),
        ("2 职责", "bare", (2,), "职责"),
        ("- 效率提升", "bullet", (), "效率提升"),
        ("Chapter 3 Scope", "chapter", (3,), "Scope"),
        ("a) apply", "alpha", (1,), "apply"),
    ],
)
def test_read_mark_knows_every_style(line: str, style: str, value: tuple[int, ...], rest: str) -> None:
    found = read_mark(line)
    assert found is not None
    assert (found[0].style, found[0].value, found[1]) == (style, value, rest)


@pytest.mark.parametrize(
    "line",
    [
        "GB/T23301-2017 服务标准化", "ISO9001:2015），流程应当受控", "2.5倍于去年", "15%-25%", "1.5小时内上门",
        "2024.3.1起施行",
        "2024年3月发布", "V1.2版", "3.5元一次", "12.5万元以上", "1.5-2小时", "3 个工作日内办结", "24 小时值班",
        "09:30开始",
        "第三章规定的流程", "第五条、第六条所列情形", "1、2号楼", "一、二线城市", "2.5%以内", "-5℃以下",
        "1.5 hours at most", "第2章的要求",
    ],
)  # fmt: skip
def test_read_mark_leaves_quantities_dates_and_references_alone(line: str) -> None:
    assert read_mark(line) is None


@pytest.mark.parametrize(("text", "value"), [("十", 10), ("二十三", 23), ("一百零五", 105), ("12", 12), ("⑩", 10)])
def test_number_of_reads_chinese_and_circled_numbers(text: str, value: int) -> None:
    assert number_of(text) == value


@pytest.mark.parametrize(
    ("ordinal", "style"), [("1.", "dot"), ("（一）", "paren_cn"), ("第三条", "article"), ("•", "bullet")]
)
def test_read_ordinal_reads_what_word_prints(ordinal: str, style: str) -> None:
    assert read_ordinal(ordinal).style == style


def test_title_like_refuses_sentences() -> None:
    assert title_like("服务质量与客户管理")
    assert title_like("以人为本，注重人才发展")
    assert not title_like("受理：客服专员接听来电")
    assert not title_like("客服专员在十分钟内登记。")


def test_build_nests_chapters_dotted_sections_and_items() -> None:
    structure = of(
        """
客户投诉处理办法
第一章 总则
1.1 目的
让每一件投诉都有人答复。
1.2 范围
适用于全部站点。
第二章 流程
2.1 受理
受理时做到以下三点：
1. 听完诉求，不打断客户。
2. 核对姓名和地址。
3. 登记工单，费用约为去年的2.5倍。
2.2 回访
1.5小时内回电。结果写入系统，按GB/T23301-2017执行。
"""
    )
    assert structure.title == "客户投诉处理办法"
    assert tree(structure) == [
        ("1", "总则", 1), ("1.1", "目的", 2), ("1.2", "范围", 2),
        ("2", "流程", 1), ("2.1", "受理", 2), ("2.2", "回访", 2),
    ]  # fmt: skip
    section = structure.sections[4]
    assert [(b.clause, b.ordinal) for b in section.blocks] == [
        ("2.1-p1", ""), ("2.1-1", "1."), ("2.1-2", "2."), ("2.1-3", "3."),
    ]  # fmt: skip
    assert section.parent == "2"
    assert section.path == ("流程", "受理")
    assert len(body(structure, "2.2")) == 1


def test_build_takes_chinese_numerals_above_bracketed_ones_above_plain_ones() -> None:
    structure = of(
        """
供应商管理
一、目的
保证供货。
二、步骤
（一）申请
按下列顺序：
1、采购员填单，写明数量。
2、经理签字，当天退回。
（二）审批
1、金额在一万元以下的，由经理批。
2、其余的，由总监批。
三、附则
本办法自发布之日起施行。
"""
    )
    assert tree(structure) == [
        ("1", "目的", 1), ("2", "步骤", 1), ("§2.1", "申请", 2), ("§2.2", "审批", 2), ("3", "附则", 1),
    ]  # fmt: skip
    assert [b.clause for b in structure.sections[2].blocks] == ["§2.1-p1", "§2.1-1", "§2.1-2"]


def test_build_takes_bracketed_numbers_with_sentences_as_items() -> None:
    structure = of(
        """
一、术语
（一）投诉：客户明确表示不满的诉求。
（二）办结：方案已执行，客户已被告知。
二、职责
客服负责登记。
"""
    )
    assert [(b.clause, b.term) for b in structure.sections[0].blocks] == [("1-1", "投诉"), ("1-2", "办结")]


def test_build_makes_articles_sections_called_by_their_number() -> None:
    structure = of(
        """
信息保护规定
第一章 总则
第一条 为保护客户信息，制定本规定。
第二条 本规定所用名词如下：
（一）客户信息：能认出客户的信息。
（二）脱敏：遮盖一部分。
第二章 处罚
第三条 【从轻】主动报告的，可以从轻。
第四条 适用
依照第三条办理。
"""
    )
    assert tree(structure)[:3] == [("1", "总则", 1), ("第一条", "第一条", 2), ("第二条", "第二条", 2)]
    assert [b.clause for b in structure.sections[2].blocks] == ["第二条-p1", "第二条-1", "第二条-2"]
    assert tree(structure)[4:] == [("第三条", "从轻", 2), ("第四条", "适用", 2)]
    assert structure.sections[1].heading == "第一条"


def test_build_takes_short_numbered_lines_with_text_below_as_headings() -> None:
    structure = of(
        """
1. 目的
让新员工知道规矩。
2. 范围
本文件适用于下列人员：
1. 客服专员，包括实习的。
2. 现场工程师，包括外包的。
3. 职责
培训主管安排课程。
"""
    )
    assert tree(structure) == [("1", "目的", 1), ("2", "范围", 1), ("3", "职责", 1)]
    assert [b.kind for b in structure.sections[1].blocks] == ["paragraph", "item", "item"]


def test_build_takes_a_plain_list_of_short_lines_as_items() -> None:
    structure = of("一、材料\n准备下列材料：\n1、身份证\n2、申请表\n3、照片\n二、时间\n每天受理。")
    assert [b.text for b in structure.sections[0].blocks] == ["准备下列材料：", "身份证", "申请表", "照片"]


def test_build_nests_bullets_and_circles_below_items() -> None:
    structure = of(
        """
一、切换
1、填写申请，写清：
①物料名称；
②库存天数。
2、当天送审：
- 一般物料由经理批；
- 关键物料由总监批。
"""
    )
    assert [b.clause for b in structure.sections[0].blocks] == ["1-1", "1-1.1", "1-1.2", "1-2", "1-2.1", "1-2.2"]
    assert structure.sections[0].body.split("\n")[1:4] == ["  ①物料名称；", "  ②库存天数。", "2、当天送审："]


def test_build_counts_on_where_a_section_has_two_lists() -> None:
    structure = of("一、要求\n前台要做到：\n1、微笑。\n2、起立。\n后台要做到：\n1、登记。\n2、归档。")
    assert [b.clause for b in structure.sections[0].blocks] == ["1-p1", "1-1", "1-2", "1-p2", "1-3", "1-4"]


def test_build_makes_one_heading_of_one_said_twice() -> None:
    structure = of("第2章 流程\n一、设计原则\n2.1设计原则\n应当简单。\n二、优化方法\n2.2优化方法\n应当持续。")
    assert tree(structure) == [("2", "流程", 1), ("2.1", "设计原则", 2), ("2.2", "优化方法", 2)]


def test_build_keeps_appendices_outside_the_chapters() -> None:
    structure = of("第一章 流程\n1.1 受理\n登记来电。\n附录A 通讯录\n值班电话见墙。\n附录B 表单\n由主管保管。")
    assert tree(structure)[2:] == [("附录A", "通讯录", 1), ("附录B", "表单", 1)]


def test_build_gives_a_repeated_number_its_position() -> None:
    structure = of("一、甲方\n甲方付款。\n二、期限\n一年。\n一、乙方\n乙方供货。\n二、地点\n总部。")
    numbers = [s.number for s in structure.sections]
    assert len(set(numbers)) == 4
    assert numbers[:2] == ["1", "2"]
    assert all(number.startswith("§") for number in numbers[2:])


def test_build_follows_heading_levels_of_a_format() -> None:
    lines = (
        Line("退换审批SOP", "heading", 1),
        Line("本文件由财务部归口，每年评审一次。"),
        Line("审批权限", "heading", 2),
        Line("按金额分级。"),
        Line("一千元以内", "heading", 3),
        Line("主管批。"),
        Line("办理步骤", "heading", 2),
        Line("登记", "item", 0, "1."),
        Line("拍照", "item", 1, "-"),
        Line("送审", "item", 0, "2."),
    )
    structure = build(SourceText("x.docx", "", lines))
    assert structure.title == "退换审批SOP"
    assert tree(structure) == [
        ("§0", "退换审批SOP", 1), ("§1", "审批权限", 1), ("§1.1", "一千元以内", 2), ("§2", "办理步骤", 1),
    ]  # fmt: skip
    assert [b.clause for b in structure.sections[-1].blocks] == ["§2-1", "§2-1.1", "§2-2"]


def test_build_nests_by_number_where_all_headings_have_one_level() -> None:
    lines = tuple(
        Line(text, kind, 1)  # type: ignore[arg-type]
        for text, kind in [
            ("1 总则", "heading"), ("1.1 目的", "heading"), ("统一做法。", "text"), ("1.2 范围", "heading"),
            ("全公司。", "text"),
            ("2 流程", "heading"), ("先登记后处理。", "text"),
        ]
    )  # fmt: skip
    structure = build(SourceText("x.html", "制度", lines))
    assert tree(structure) == [("1", "总则", 1), ("1.1", "目的", 2), ("1.2", "范围", 2), ("2", "流程", 1)]


def test_build_reads_word_numbering_kept_apart() -> None:
    lines = (
        Line("目的", "item", 0, "一、"), Line("规范上岗培训。"), Line("培训步骤", "item", 0, "二、"),
        Line("按下列步骤："),
        Line("培训主管建班，通知新人。", "item", 1, "1."), Line("导师带教三十天。", "item", 1, "2."),
        Line("附则", "item", 0, "三、"), Line("自发布之日起施行。"),
    )  # fmt: skip
    structure = build(SourceText("x.docx", "上岗培训", lines))
    assert tree(structure) == [("1", "目的", 1), ("2", "培训步骤", 1), ("3", "附则", 1)]
    assert [b.kind for b in structure.sections[1].blocks] == ["paragraph", "item", "item"]


def test_build_reads_markdown_left_as_text() -> None:
    structure = of(
        "# 回访SOP\n\n## 1. 目的\n听真话。\n\n## 2. 要求\n| 类型 | 时限 |\n| --- | --- |\n"
        "| 普通 | 3天 |\n| 加急 | 1天 |"
    )
    assert structure.title == "回访SOP"
    assert tree(structure) == [("1", "目的", 1), ("2", "要求", 1)]
    assert body(structure, "2") == ["类型：普通；时限：3天", "类型：加急；时限：1天"]


def test_build_finds_bare_title_lines_where_nothing_else_is_a_heading() -> None:
    structure = of(
        "导师制度\n\n目的\n新人第一个月由导师带教，避免出错。\n\n导师怎么选\n- 工作满一年\n"
        "- 没有责任投诉\n\n红线\n严禁代签。"
    )
    assert [s.title for s in structure.sections] == ["目的", "导师怎么选", "红线"]


def test_build_reads_an_english_sop() -> None:
    structure = of(
        """
Complaint Handling Procedure
1. Purpose
This procedure makes sure that every complaint is answered.
2. Scope
It applies to all 12 stations. Calls last 2.5 hours at most.
3. Procedure
3.1 Intake
1) The agent listens and logs the call.
2) The agent gives the ticket number.
3.2 Closing
The supervisor closes the ticket within 3 days.
Appendix A Forms
The form is kept by the supervisor.
"""
    )
    assert structure.title == "Complaint Handling Procedure"
    assert [(s.number, s.title) for s in structure.sections] == [
        ("1", "Purpose"), ("2", "Scope"), ("3", "Procedure"), ("3.1", "Intake"), ("3.2", "Closing"),
        ("Appendix A", "Forms"),
    ]  # fmt: skip
    assert [b.clause for b in structure.sections[3].blocks] == ["3.1-1", "3.1-2"]


def test_build_keeps_numbers_in_prose_out_of_the_tree() -> None:
    structure = of(
        """
第一章 指标
1.1 口径
去年为3.14亿元。
2024.3.1起按新口径。
1.5小时内到场的比例不低于90%。
2.5倍以上的异常值剔除。
V1.2版本以后不再统计。
1.2 目标
15%-25%为正常。
"""
    )
    assert [s.number for s in structure.sections] == ["1", "1.1", "1.2"]
    assert len(body(structure, "1.1")) == 5


@pytest.mark.parametrize("text", ["", "\n\n", "   "])
def test_build_of_nothing_has_no_sections(text: str) -> None:
    structure = of(text, name="空白.txt")
    assert structure.sections == ()
    assert structure.title == "空白"


def test_build_of_a_single_paragraph_is_one_untitled_section() -> None:
    structure = of("值班经理接到火警后立即拨打119，并在十分钟内报告运营总监。", name="火警.txt")
    assert [(s.number, s.title, len(s.blocks)) for s in structure.sections] == [("§0", "火警", 1)]


def test_build_of_headings_only_reports_every_leaf_as_missing() -> None:
    structure = of("第一章 总则\n1.1 目的\n1.2 范围\n第二章 流程\n2.1 受理")
    assert [s.number for s in structure.sections] == ["1", "1.1", "1.2", "2", "2.1"]
    assert [s.status for s in structure.sections] == [
        "present",
        "missing_body",
        "missing_body",
        "present",
        "missing_body",
    ]
    assert [w.section for w in structure.warnings] == ["1.1", "1.2", "2.1"]


def test_build_takes_a_heading_of_any_length_from_a_format() -> None:
    long = (
        "关于在全公司范围内进一步规范客户投诉受理、核查、答复、补偿、"
        "回访与归档全过程管理工作以及明确各岗位职责分工和时限要求的若干规定（试行稿第二次"
        "修订征求意见）"
    )
    structure = build(
        SourceText(
            "x.docx", "制度", (Line(long, "heading", 1), Line("照此执行。"), Line("附则", "heading", 1), Line("略。"))
        )
    )
    assert structure.sections[0].title == long


def test_build_survives_deep_and_hostile_nesting() -> None:
    deep = tuple(Line(f"层{n}", "heading", n) for n in range(1, 300))
    lists = tuple(Line(f"项{n}", "item", n, "-") for n in range(1500))
    titles = tuple(Line("1. 小标题") for _ in range(1500))
    for lines in (deep, lists, titles, tuple(Line(f"{n}.") for n in range(50)), (Line("（" * 3000),)):
        structure = build(SourceText("x.txt", "", lines))
        assert len({s.number for s in structure.sections}) == len(structure.sections)


def test_build_parts_a_standard_name_from_the_text_in_its_line() -> None:
    structure = of(
        "印章管理\n一、目的：规范用印，防范风险。\n二、适用范围：全公司。\n三、职责：\n1、"
        "行政部保管印章，登记台账。\n2、经理审批。\n四、附则：自发布之日起施行。"
    )
    assert tree(structure) == [("1", "目的", 1), ("2", "适用范围", 1), ("3", "职责", 1), ("4", "附则", 1)]
    assert body(structure, "1") == ["规范用印，防范风险。"]
    assert len(body(structure, "3")) == 2


def test_build_takes_numbered_clauses_with_sentences_as_items_of_their_section() -> None:
    structure = of(
        "考勤制度\n1 总则\n1.1 员工应当按时到岗，不得代打卡。\n1.2 迟到三次以上的，由主管约谈。\n"
        "2 附则\n本制度自三月起施行。"
    )
    assert tree(structure) == [("1", "总则", 1), ("2", "附则", 1)]
    assert [(b.clause, b.ordinal) for b in structure.sections[0].blocks] == [("1-1", "1.1"), ("1-2", "1.2")]


def test_build_keeps_questions_and_answers_in_order() -> None:
    structure = of(
        "常见问题\n1. 如何申请退款？\n登录后点击退款，三天内到账。\n2. 多久能到账？\n"
        "一般三个工作日到账。\n3. 找谁问？\n拨打客服电话。"
    )
    assert [s.title for s in structure.sections] == ["如何申请退款？", "多久能到账？", "找谁问？"]
    assert [len(s.blocks) for s in structure.sections] == [1, 1, 1]


def test_number_said_twice_in_an_endless_line_opens_one_section() -> None:
    line = (
        "仓储管理手册第一章总则1.1目的为规范仓储作业，制定本手册。1.2适用范围适用于公司所有仓库。"
        "第二章发货2.1拣货2.1拣货按先进先出原则拣货。2.2复核复核员应逐件复核，差错率不高于0.5%。"
    )
    found = of(line)
    assert [(s.number, s.title) for s in found.sections] == [
        ("1", "总则"), ("1.1", "目的"), ("1.2", "适用范围"), ("2", "发货"), ("2.1", "拣货"), ("2.2", "复核"),
    ]  # fmt: skip
    assert body(found, "1.1") == ["为规范仓储作业，制定本手册。"]
    assert body(found, "2.1") == ["按先进先出原则拣货。"]


def test_heading_said_twice_on_lines_of_its_own_opens_one_section() -> None:
    found = of(
        "第一章 总则\n第一章 总则\n1.1 目的\n1.1 目的\n规范报销。\n1.2 范围\n1.2 范围：全体员工。\n1.3 附则\n自发布之日起施行。"
    )
    assert tree(found) == [("1", "总则", 1), ("1.1", "目的", 2), ("1.2", "范围", 2), ("1.3", "附则", 2)]
    assert body(found, "1.2") == ["全体员工。"]
    assert found.warnings == ()


def test_items_that_begin_alike_under_one_number_stay() -> None:
    found = of("一、要求\n1. 核对\n1. 核对单据\n1. 登记\n二、附则\n自发布之日起施行。")
    assert body(found, "1") == ["核对", "核对单据", "登记"]


@pytest.mark.parametrize("line", ["2.5±0.1毫米，壁厚", "1.2×3.5米", "0.5+0.3", "3.0≥2.5"])
def test_tolerances_and_products_are_no_ordinals(line: str) -> None:
    assert read_mark(line) is None


def test_clause_set_as_a_heading_keeps_its_words_as_its_body() -> None:
    lines = [
        (1, "1 总则"), (2, "1.1 为规范响应，制定本规程"), (1, "2 响应"), (2, "2.1 客服应在2小时内响应。"),
        (2, "2.2 二百元以内由组长审批"), (2, "2.3 记录表"), (1, "3 附则"),
    ]  # fmt: skip
    end = Line("本规程自发布之日起施行。")
    found = build(SourceText("x.docx", "响应规程", (*(Line(text, "heading", level) for level, text in lines), end)))
    assert body(found, "1.1") == ["为规范响应，制定本规程"]
    assert body(found, "2.1") == ["客服应在2小时内响应。"]
    assert body(found, "2.2") == ["二百元以内由组长审批"]
    assert [(s.number, s.title) for s in found.sections if s.status == "missing_body"] == [("2.3", "记录表")]
