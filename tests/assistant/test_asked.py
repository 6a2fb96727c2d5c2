import pytest

from assistant.asked import NOT_TOLD, asked_thing, choices, names_code
from kb.terms import Term, Terms

BRAND = Terms((Term("crm", 3.0, (), 2), Term("牌子", 6.0, ("品牌",), 0)))


def test_a_text_that_never_speaks_of_the_thing_does_not_answer() -> None:
    assert asked_thing("CRM系统买什么牌子的？", "crm系统用于记录客户", BRAND) == 0.0
    assert asked_thing("CRM系统买什么牌子的？", "crm系统选用以下品牌", BRAND) > 0.8


def test_nothing_is_told_where_no_thing_is_asked_for() -> None:
    assert asked_thing("CRM系统怎么用？", "crm系统用于记录客户", BRAND) == NOT_TOLD


@pytest.mark.parametrize(("text", "held"), [("每月5日前发布报告", 1.0), ("每季度发布一次", 1.0), ("定期发布报告", 0.0)])
def test_one_of_the_things_offered_has_to_stand_in_the_text(text: str, held: float) -> None:
    assert choices("报告是每月发还是每季度发？", text) == held


def test_no_choice_is_offered_without_either_or() -> None:
    assert choices("报告多久发一次？", "每月5日前发布报告") == NOT_TOLD


def test_a_list_of_abstract_things_need_not_name_them() -> None:
    terms = Terms((Term("特点", 4.0, (), 0), Term("矩阵", 3.0, (), 2)))
    assert asked_thing("矩阵式结构有什么特点？", "矩阵式结构通过双重汇报机制提升协作效率", terms) == NOT_TOLD


def test_what_stands_after_how_much_is_asked_for_not_what_stands_before() -> None:
    terms = Terms((Term("同事", 4.0, (), 0), Term("手续费", 5.0, (), 3)))
    assert asked_thing("转给同事要多少手续费？", "转让须双方到店，手续费200元", terms) == 1.0


def test_words_of_measure_are_no_thing() -> None:
    terms = Terms((Term("最长", 3.0, (), 0),))
    assert asked_thing("客户信息最长存几年？", "客户信息保存3年", terms) == NOT_TOLD


@pytest.mark.parametrize(
    ("question", "held"),
    [
        ("BD-KF-02-01是哪张单子", 1.0),
        ("BD-KF-02-09是哪张单子", 0.0),
        ("KF-02里写了什么", 0.7),
        ("ISO 9001讲什么", 1.0),
        ("KPI 90分讲什么", NOT_TOLD),  # a number apart may be any number
        ("ISO9001:2015讲什么", 1.0),
        ("GB/T99999-2020是什么标准", 0.0),
        ("Win10电脑打不开工单怎么办", NOT_TOLD),
        ("24小时内要做什么", NOT_TOLD),
    ],
)
def test_files_and_standards_are_told_by_their_numbers(question: str, held: float) -> None:
    assert names_code(question, "表单编号:bd-kf-02-01;参照iso9001的要求") == held
