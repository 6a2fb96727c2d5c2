import pytest

from assistant.ask import asks_something
from assistant.compare import sides
from assistant.context import stand_alone
from assistant.question import kind_of, named_section, understand


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("客户投诉来了怎么处理？", "procedure"),
        ("服务质量指标包括哪几类？", "list"),
        ("绩效评估有哪些维度？", "list"),
        ("退款多久到账？", "number"),
        ("多少分算合格？", "number"),
        ("什么是服务蓝图？", "definition"),
        ("抽样池是指啥？", "definition"),
        ("SLA是什么的简称", "definition"),
        ("什么情况叫未接通", "definition"),
        ("什么东西是退不了的", "list"),
        ("应急开始之后都要做哪些事，谁来做", "list"),
        ("资料漏出去了先干嘛后干嘛", "procedure"),
        ("投诉处理的第三步是什么", "procedure"),
        ("家属追问赔多少怎么答", "procedure"),  # the amount is the situation, not what is asked
        ("奖金能拆成几笔发吗", "polar"),
        ("这套制度分几大块", "list"),
        ("新员工都学什么？", "list"),
        ("RBC是什么的缩写", "definition"),
        ("一般投诉和重大投诉有什么区别？", "comparison"),
        ("补偿800元要谁批准？", "person"),
        ("5.4讲了什么？", "summary"),
        ("可以当天离职吗？", "polar"),
        ("What does PDCA stand for in this manual?", "definition"),
        ("How many days until the refund arrives?", "number"),
    ],
)
def test_kind_of_tells_what_is_asked(question: str, kind: str) -> None:
    assert kind_of(question) == kind


@pytest.mark.parametrize(
    ("question", "section"),
    [
        ("8.3 服务运营管理信息化建设讲了什么？", "8.3"),
        ("5.4讲了什么", "5.4"),
        ("第五章主要内容是什么", "5"),
        ("第12章有什么", "12"),
        ("第五章第3节讲什么", "5.3"),
        ("附录A 里有谁的电话", "附录A"),
        ("缩短了2.5小时吗", ""),
        ("ISO9001:2015要求什么", ""),
        ("提高3.5倍是怎么做到的", ""),
    ],
)
def test_named_section_finds_section_numbers_only(question: str, section: str) -> None:
    assert named_section(question) == section


def test_two_questions_at_once_become_parts() -> None:
    parts = understand("一般投诉多久办结？由谁回访？").parts
    assert parts == ("一般投诉多久办结", "一般投诉由谁回访")


def test_one_question_stays_one_part() -> None:
    text = "收到客户反馈之后，怎么分析和改进？"
    assert understand(text).parts == (text,)


def test_elliptic_question_takes_the_subject_of_the_turn_before() -> None:
    words = {
        "一般投诉多久首次响应？": ["一般", "投诉", "多久", "首次", "响应"],
        "服务创新有哪些原则？": ["服务", "创新", "有", "哪些", "原则"],
    }
    assert stand_alone("那紧急的呢？", "一般投诉多久首次响应？", cut=words.__getitem__) == "紧急投诉多久首次响应？"
    assert stand_alone("那方法呢？", "服务创新有哪些原则？", cut=words.__getitem__) == "服务创新有哪些方法？"
    assert (
        stand_alone("那夜间收到的呢？", "一般投诉多久首次响应？", cut=words.__getitem__)
        == "夜间收到的一般投诉多久首次响应？"
    )
    assert stand_alone("退款多久到账？", "一般投诉多久首次响应？") == "退款多久到账？"


def test_tags_of_a_page_that_was_pasted_ask_nothing() -> None:
    assert understand("<b>客户投诉</b><br/>怎么处理？").text == "客户投诉 怎么处理？"
    assert understand("评分<3分、>1分怎么办？").text == "评分<3分、>1分怎么办？"
    assert [asks_something(text) for text in ('<img src=x onerror="alert(1)">', "=1+1", "？？", "5.5", "8", "BSC")] == [
        *(False, False, False),
        *(True, True, True),
    ]


def test_script_and_language_are_seen() -> None:
    assert understand("服務品質有哪些監控機制？").traditional
    assert understand("What is PDCA?").english
    assert not understand("PDCA是什么？").english
    assert not understand("KPI").english


@pytest.mark.parametrize(
    ("question", "both"),
    [
        ("一般投诉和重大投诉有什么区别？", ("一般投诉", "重大投诉")),
        ("职能型组织结构与矩阵式组织结构的区别", ("职能型组织结构", "矩阵式组织结构")),
        ("比较风险规避和风险转移有哪些不同", ("风险规避", "风险转移")),
    ],
)
def test_sides_of_a_comparison(question: str, both: tuple[str, str]) -> None:
    found = sides(question)
    assert found is not None
    assert (found.first, found.second) == both


@pytest.mark.parametrize(
    ("question", "both"),
    [
        ("I级和III级的恢复目标分别是多长时间？", ("I级的恢复目标是多长时间", "III级的恢复目标是多长时间")),
        ("重大投诉和紧急投诉的响应时间有啥区别", ("重大投诉的响应时间", "紧急投诉的响应时间")),
        ("流程图和看板各拿来做什么？", ("流程图拿来做什么", "看板拿来做什么")),
    ],
)
def test_both_sides_are_asked_the_same(question: str, both: tuple[str, str]) -> None:
    found = sides(question)
    assert found is not None
    assert found.questions == both


def test_a_part_about_nothing_stays_with_what_was_said_before_it() -> None:
    assert understand("警察上门来调客户资料，能直接给吗，该怎么办？").parts == (
        "警察上门来调客户资料，能直接给吗，该怎么办？",
    )
    assert len(understand("退款多久到账，要谁审批？").parts) == 2


def test_a_later_part_that_points_back_names_the_thing() -> None:
    assert understand("哪种情况要签和解确认书，这份东西保存几年？").parts[1] == "和解确认书保存几年"


def test_courtesy_asks_for_nothing() -> None:
    question = understand("运营管理到底是个什么东西，能简单说说吗")
    assert (question.kind, question.text) == ("definition", "运营管理到底是个什么东西")


def test_how_long_is_a_question_of_its_own() -> None:
    assert len(understand("备用供应商试用期多长，期间最多买百分之几？").parts) == 2
