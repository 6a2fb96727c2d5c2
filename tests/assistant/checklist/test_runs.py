"""Runs: templates with versions, ticks checked, two people on one run, what is due, what is stale."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.checklist.make import make_checklist
from assistant.checklist.model import Limits
from assistant.checklist.runs import ChecklistRuns, Run
from assistant.checklist.stored import checks_of
from kb.errors import EntryInvalid, NotThere
from kb.knowledge import KnowledgeBase
from kb.records.checklists import TickRow
from kb.search import HybridSearcher
from kb.settings import load_settings

MONDAY = date(2026, 11, 23)


@pytest.fixture
def knowledge(own_home: Path) -> Iterator[KnowledgeBase]:
    with KnowledgeBase.open(load_settings(own_home)) as opened:
        yield opened


def kept(knowledge: KnowledgeBase, *, repeat: str = "", wanted: str = "附录B") -> tuple[ChecklistRuns, str]:
    made = make_checklist(knowledge, HybridSearcher(knowledge), wanted, document="服务中断应急响应SOP")
    runs = ChecklistRuns(knowledge)
    return runs, runs.keep(made, wanted, document="服务中断应急响应SOP", repeat=repeat, by="张三").id


def started(knowledge: KnowledgeBase) -> tuple[ChecklistRuns, Run]:
    runs, key = kept(knowledge)
    return runs, runs.start(key, day=MONDAY, place="东站", shift="早班", by="张三")


def test_a_template_gives_back_the_checks_it_was_made_from(knowledge: KnowledgeBase) -> None:
    made = make_checklist(knowledge, HybridSearcher(knowledge), "客户投诉处理SOP")
    row = ChecklistRuns(knowledge).keep(made, "客户投诉处理SOP")
    assert checks_of(row.checklist) == list(made.checks)


def test_a_measured_value_decides_the_result(knowledge: KnowledgeBase) -> None:
    runs, run = started(knowledge)
    limited = next(line.check for line in run.lines if line.check.limits)
    assert limited.limits is not None
    low = (limited.limits.lower or 0) - 1
    after = runs.tick(run.row.id, TickRow(limited.number, "pass", value=f"{low}%", person="李四"))
    assert [line.check.number for line in after.failed] == [limited.number]
    with pytest.raises(EntryInvalid, match="不是数字"):
        runs.tick(run.row.id, TickRow(limited.number, "pass", value="很多"))


def test_two_people_see_each_others_ticks(own_home: Path, knowledge: KnowledgeBase) -> None:
    runs, run = started(knowledge)
    with KnowledgeBase.open(load_settings(own_home)) as other:
        ChecklistRuns(other).tick(run.row.id, TickRow(3, "pass", person="李四"))
    seen = runs.tick(run.row.id, TickRow(4, "fail", note="建不了单", person="张三"))
    assert {(line.check.number, line.result, line.person) for line in seen.lines if line.result} == {
        (3, "pass", "李四"),
        (4, "fail", "张三"),
    }
    assert seen.words == f"已查 2/{len(seen.lines)}，不合格 1"


def test_a_later_tick_counts_and_the_earlier_one_stays(knowledge: KnowledgeBase) -> None:
    runs, run = started(knowledge)
    runs.tick(run.row.id, TickRow(3, "fail", note="打不通"))
    line = runs.tick(run.row.id, TickRow(3, "pass", person="李四")).lines[2]
    assert (line.result, line.person) == ("pass", "李四")
    assert [entry.result for entry in line.history] == ["fail", "pass"]


@pytest.mark.parametrize(
    "tick",
    [TickRow(99, "pass"), TickRow(3, "ok"), TickRow(3, "fail"), TickRow(3, ""), TickRow(3, "pass", note="长" * 3000)],
)
def test_what_does_not_do_is_refused(knowledge: KnowledgeBase, tick: TickRow) -> None:
    runs, run = started(knowledge)
    with pytest.raises(EntryInvalid):
        runs.tick(run.row.id, tick)
    assert runs.run(run.row.id).done == 0


def test_a_photo_and_a_signature_are_asked_for(knowledge: KnowledgeBase) -> None:
    made = make_checklist(knowledge, HybridSearcher(knowledge), "5.4", document="客户投诉处理SOP")
    runs = ChecklistRuns(knowledge)
    run = runs.start(runs.keep(made, "5.4").id, day=MONDAY)
    for method, proof in (("photo", {"photo": "现场.jpg"}), ("signature", {"signed": "王五"})):
        number = next(check.number for check in made.checks if check.method == method)
        with pytest.raises(EntryInvalid):
            runs.tick(run.row.id, TickRow(number, "pass"))
        assert runs.tick(run.row.id, TickRow(number, "pass", **proof)).lines[number - 1].result == "pass"


def test_a_run_is_closed_whole_or_on_purpose(knowledge: KnowledgeBase) -> None:
    runs, run = started(knowledge)
    with pytest.raises(EntryInvalid, match="没有查"):
        runs.finish(run.row.id)
    runs.tick(run.row.id, TickRow(3, "fail", note="打不通"))
    runs.finish(run.row.id, incomplete=True)
    with pytest.raises(EntryInvalid, match="已经结束"):
        runs.tick(run.row.id, TickRow(3, "pass"))
    assert "打不通" in runs.problem(run.row.id)
    with pytest.raises(NotThere):
        runs.run("没有")


def test_what_repeats_is_due_until_it_is_closed(knowledge: KnowledgeBase) -> None:
    runs, daily = kept(knowledge, repeat="daily")
    _, weekly = kept(knowledge, repeat="weekly")
    assert {one.template.id for one in runs.due(MONDAY)} == {daily, weekly}
    for key in (daily, weekly):
        run = runs.start(key, day=MONDAY)
        runs.finish(run.row.id, incomplete=True)
    assert runs.due(MONDAY) == []
    assert {one.template.id for one in runs.due(MONDAY.replace(day=24))} == {daily}
    assert {one.template.id for one in runs.due(MONDAY.replace(day=30))} == {daily, weekly}
    with pytest.raises(EntryInvalid):
        kept(knowledge, repeat="hourly")


def test_a_template_is_stale_when_its_clause_changes_and_its_next_version_is_not(knowledge: KnowledgeBase) -> None:
    runs, key = kept(knowledge)
    template = runs.rows.template(key)
    assert runs.stale(template) == []
    stored = {**template.checklist, "items": [dict(item) for item in template.checklist["items"]]}
    stored["items"][0]["citation"] = {**stored["items"][0]["citation"], "quote": "以前的规定"}
    stored["items"][1]["citation"] = {**stored["items"][1]["citation"], "section": "没有这一节"}
    assert len(runs.stale(replace(template, checklist=stored))) == 2
    made = make_checklist(knowledge, HybridSearcher(knowledge), "附录B", document="服务中断应急响应SOP")
    assert runs.keep(made, "附录B", key=key).version == 2
    assert [row.version for row in runs.rows.templates()] == [2]
    assert runs.rows.template(key, version=1).version == 1


def test_bounds_that_are_outside_stay_outside(knowledge: KnowledgeBase) -> None:
    made = make_checklist(knowledge, HybridSearcher(knowledge), "附录B", document="服务中断应急响应SOP")
    strict = replace(made.checks[0], method="number", limits=Limits(None, 200, "元", open_upper=True))
    row = ChecklistRuns(knowledge).keep(replace(made, checks=(strict,)), "附录B")
    limits = checks_of(row.checklist)[0].limits
    assert limits is not None
    assert (limits.words, limits.hold(200)) == ("<200元", False)


def test_what_is_wanted_again_is_the_same_template_until_it_says_otherwise(knowledge: KnowledgeBase) -> None:
    made = make_checklist(knowledge, HybridSearcher(knowledge), "附录B", document="服务中断应急响应SOP")
    runs = ChecklistRuns(knowledge)
    first, again = (runs.kept_as(made, "附录B", repeat="daily") for _ in range(2))
    assert (again.id, again.version) == (first.id, 1)
    changed = runs.kept_as(replace(made, checks=made.checks[1:]), "附录B", repeat="daily")
    assert (changed.id, changed.version) == (first.id, 2)
    assert runs.kept_as(made, "附录B", repeat="weekly").id != first.id
    assert runs.renew(first.id, made, by="张三").version == 3
