"""What a problem says of itself, what sort it reads like, and what stays open."""

from datetime import date

import pytest

from assistant.plan.figures import gap, goals, with_data
from assistant.plan.kinds import kind_of, kinds
from assistant.plan.model import Evidence, Point
from assistant.plan.problem import falls, told_by, understand_problem, wanted_by, with_form


def test_figures_are_kept_as_written() -> None:
    problem = understand_problem("浦东店9月空调维修返修率从3%升到8%，希望年底前降到4%，可能是因为新人多")
    assert (problem.baseline, problem.present, problem.target) == ("3%", "8%", "4%")
    assert (problem.period, problem.place, problem.product) == ("9月", "浦东店", "空调")
    assert problem.suspected == ("新人多",)
    assert falls(problem) is False


def test_a_form_says_more_surely_than_a_sentence() -> None:
    fields = {"metric": "客户满意度", "baseline": "92%", "present": "85%", "target": "90%", "place": "北区服务站"}
    fields |= {"period": "近三个月", "product": "", "suspected": "响应慢、收费不清"}
    text = told_by(fields, "先改最严重的")
    assert text == "近三个月北区服务站客户满意度从92%变为85%，目标90%，主要因为响应慢、收费不清，先改最严重的"
    problem = with_form(understand_problem(text), fields)
    figures = (problem.metric, problem.baseline, problem.present, problem.target, problem.period, problem.place)
    assert figures == ("客户满意度", "92%", "85%", "90%", "近三个月", "北区服务站")
    assert problem.suspected == ("响应慢", "收费不清")
    assert with_form(problem, {"unknown": "x", "target": " "}) == problem


def test_what_is_not_said_stays_open() -> None:
    problem = understand_problem("跨部门推诿，没人牵头")
    facts = (problem.metric, problem.baseline, problem.present, problem.target, problem.period, problem.place)
    assert facts == (None,) * 6
    assert problem.suspected == ()


@pytest.mark.parametrize(
    ("text", "metric", "change"),
    [
        ("第三季度服务成本超预算15%", "服务成本", "超预算15%"),
        ("客户满意度从92%降到85%", "客户满意度", None),
        ("一线服务人员流失率从8%升到18%", "一线服务人员流失率", None),
    ],
)
def test_the_figure_is_named_by_what_moves(text: str, metric: str, change: str | None) -> None:
    problem = understand_problem(text)
    assert (problem.metric, problem.change) == (metric, change)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("投诉响应慢，经常超时", "complaints"),
        ("满意度从92%掉到85%", "satisfaction"),
        ("员工流失严重", "turnover"),
        ("热线打不进来", "outage"),
        ("上门老是迟到", "punctual"),
        ("仓库老鼠多", "general"),
        ("", "general"),
    ],
)
def test_sort_of_problem(text: str, kind: str) -> None:
    assert kind_of(text) == kind


def test_every_sort_has_causes_to_search_by() -> None:
    for kind in kinds().values():
        assert len(kind.causes) >= 4
        assert all(cause.ask and cause.text and cause.branch for cause in kind.causes)
        assert len({cause.text for cause in kind.causes}) == len(kind.causes)


def test_a_target_that_is_no_share_is_none_of_a_rate() -> None:
    found = goals(understand_problem("配件领用对不上账，年底盘亏8万元，目标控制在1万元以内"), [], date(2026, 12, 31))
    assert found[0].metric is None
    assert "降到 1万元以下" in found[0].text


def test_two_figures_in_one_breath_are_no_name_of_one() -> None:
    assert understand_problem("新站还在亏，站长说人手和单量对不上").metric is None


@pytest.mark.parametrize(
    ("text", "metric", "present", "target"),
    [
        ("培训投入增加了40%，但返修率仍有9.8%", "返修率", "9.8%", None),
        ("投诉量从每月38件涨到74件，希望三个月内压到40件以内", "投诉量", "74件", "40件"),
        ("11月工单系统宕机3小时40分，热线排队", "服务中断时长", "3小时40分", None),
        ("服务成本超预算12%，希望明年一季度控制在预算以内", "服务成本", None, "预算以内"),
        ("要求6月底前把返修率压到5%", "返修率", None, "5%"),
    ],
)
def test_the_figure_that_is_wrong_is_told_from_what_was_done_about_it(
    text: str, metric: str, present: str | None, target: str | None
) -> None:
    problem = understand_problem(text)
    assert (problem.metric, problem.present, problem.target) == (metric, present, target)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("希望三个月内压到40件", date(2027, 3, 2)),
        ("目标是明年一季度控制在预算以内", date(2027, 3, 31)),
        ("要求年底前降到8%", date(2026, 12, 31)),
        ("争取6月底前降到5%", date(2027, 6, 30)),
        ("近三个月投诉增加", None),
    ],
)
def test_the_day_by_which_it_is_wanted_is_read(text: str, day: date | None) -> None:
    assert wanted_by(text, date(2026, 12, 1)) == day


def test_figures_that_nobody_told_come_from_the_data() -> None:
    problem = understand_problem("一线流失率一路走高")
    months = (Point("2026-01", 6.1), Point("2026-10", 15.6))
    shown = with_data(problem, Evidence("表.csv", 10, "一线流失率", months, unit="%"))
    assert (shown.baseline, shown.present) == ("6.1%", "15.6%")
    assert [(one.text, one.basis) for one in gap(shown, "data")] == [
        ("一线流失率由 6.1% 到 15.6%，差 9.5 个百分点", "data")
    ]
    assert goals(shown, [], date(2027, 1, 1))[0].value == "6.1%"
    told = understand_problem("客户满意度从92%降到85%")
    assert with_data(told, Evidence("表.csv", 10, "件数", months)) is told
    assert with_data(understand_problem("成本太高"), Evidence("表.csv", 10, "满意度", months)).metric == "满意度"


def test_a_goal_without_a_figure_is_told_as_it_was_put() -> None:
    found = goals(understand_problem("服务成本超预算12%，希望控制在预算以内"), [], date(2027, 3, 31))[0]
    assert found.text == "2027年3月31日前，服务成本控制在预算以内"
    assert found.smart


def test_more_than_all_is_no_goal() -> None:
    assert goals(understand_problem("按期率只有60%，目标100%"), [], date(2027, 1, 1))[0].text.endswith("达到 100%")
