"""When what is done: preparing, then the measures of each cause one after the other, then checking, then making it last.

Lengths are a suggestion (``PREPARE`` … working days each); the days themselves follow from the start and from who waits
for whom.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.plan.causes import Suspicion
from assistant.plan.dates import after, last_of, working_day
from assistant.plan.measures import Measure
from assistant.plan.model import Action, Cause, Milestone, Problem

PREPARE, DO, CHECK, KEEP = 3, 5, 5, 3
SUGGESTED = (
    f"起止日期按准备每项 {PREPARE} 个、落实每项 {DO} 个、检查每项 {CHECK} 个、固化每项 {KEEP} 个工作日排出，"
    "是建议；未计法定节假日"
)


@dataclass(frozen=True)
class Work:
    """All actions of a plan, by what they are for."""

    prepare: tuple[Action, ...]
    measures: tuple[Action, ...]
    gaps: tuple[Action, ...]
    check: tuple[Action, ...]
    keep: tuple[Action, ...]

    @property
    def end(self) -> date:
        """The last day."""
        return self.keep[-1].end


def schedule(
    problem: Problem, suspected: Sequence[Suspicion], causes: Sequence[Cause], measures: Sequence[Measure], start: date
) -> Work:
    """Return every action with its days."""
    metric = problem.metric or "指标"
    prepare = _row(
        "P",
        [
            (f"核实现状：把{metric}的数据按时间、地点、原因拆开，确认问题出在哪一段", "现状数据表"),
            ("召集相关岗位，对照下面的原因逐条到现场核实，划去不成立的", "原因核实记录"),
            ("确认目标值、责任岗和所需资源，报负责人同意", "经批准的改进计划"),
        ],
        working_day(start),
        PREPARE,
        (),
    )
    done = (prepare[-1].id,)
    begin = after(prepare[-1].end)
    acted = _measures(measures, suspected, begin, done)
    gaps = _gaps(causes, begin, done, first=len(acted) + 1)
    worked = [*acted, *gaps]
    last = max((action.end for action in worked), default=prepare[-1].end)
    waits = tuple(action.id for action in worked) or done
    check = _row(
        "C",
        [
            (f"对比改进前后的{metric}，逐项检查措施是否按条款落实", "效果对比表"),
            ("未达到目标的，找出没有做到的措施和原因，调整后再做", "偏差与调整记录"),
        ],
        after(last),
        CHECK,
        waits,
    )
    keep = _row(
        "A",
        [
            ("把有效的做法写进 SOP 并培训相关岗位，无效的说明原因后停止", "修订后的 SOP、培训记录"),
            ("遗留问题列入下一轮改进", "下一轮改进清单"),
        ],
        after(check[-1].end),
        KEEP,
        (check[-1].id,),
    )
    return Work(tuple(prepare), tuple(acted), tuple(gaps), tuple(check), tuple(keep))


def milestones(work: Work) -> list[Milestone]:
    """Return the days on which the plan is reviewed."""
    worked = [*work.measures, *work.gaps]
    days = sorted(action.end for action in worked)
    found = [Milestone("启动评审", work.prepare[-1].end, "原因是否核实、目标和责任岗是否确认")]
    if days:
        found.append(Milestone("中期评审", days[len(days) // 2], "到期的措施是否按条款完成，卡在哪里"))
        found.append(Milestone("落实评审", days[-1], "全部措施是否完成，凭证是否齐全"))
    found.append(Milestone("效果评审", work.check[-1].end, "指标是否达到目标"))
    found.append(Milestone("结项评审", work.keep[-1].end, "有效做法是否写进 SOP，遗留问题如何处理"))
    return found


def _row(letter: str, told: Sequence[tuple[str, str]], start: date, days: int, waits: tuple[str, ...]) -> list[Action]:
    """Return suggested actions one after the other."""
    found: list[Action] = []
    for number, (text, deliverable) in enumerate(told, start=1):
        end = last_of(start, days)
        found.append(Action(f"{letter}{number}", text, "assumption", start, end, deliverable=deliverable, after=waits))
        waits, start = (f"{letter}{number}",), after(end)
    return found


def _measures(
    measures: Sequence[Measure], suspected: Sequence[Suspicion], begin: date, waits: tuple[str, ...]
) -> list[Action]:
    """Return the clauses to put into practice, those of one cause one after the other, in the order of their fit."""
    free: dict[int, tuple[date, tuple[str, ...]]] = {}
    found: list[Action] = []
    for number, measure in enumerate(measures, start=1):
        start, after_these = free.get(measure.cause, (begin, waits))
        end = last_of(start, DO)
        check = measure.check
        found.append(
            Action(
                id=f"D{number}",
                action=measure_words(measure),
                basis="clause",
                start=start,
                end=end,
                owner=check.role,
                deliverable=check.evidence,
                citation=check.citation,
                cause=suspected[measure.cause].text,
                after=after_these,
                deadline=check.deadline or check.frequency,
                standard=check.standard,
                score=measure.score,
            )
        )
        free[measure.cause] = (after(end), (f"D{number}",))
    return found


def measure_words(measure: Measure) -> str:
    """Return a measure as an action: 落实“投诉分级”：…."""
    check = measure.check
    case = f"（{check.condition}）" if check.condition else ""
    if check.red_line:
        return f"重申并抽查红线：{case}{check.action}"
    if "-t" in check.citation.clause:  # a row speaks under its table's heading
        return f"按“{check.citation.title}”执行：{case}{check.action}"
    term, colon, rest = check.action.partition("：")
    term = term if colon else ""
    named = f"{measure.under} · {term}" if measure.under and term else measure.under or term
    if named and len(named) <= 40:
        return f"落实“{named}”：{case}{rest if colon else check.action}"
    return f"落实：{case}{check.action}"


def _gaps(causes: Sequence[Cause], begin: date, waits: tuple[str, ...], *, first: int) -> list[Action]:
    """Return one suggestion for each cause that no clause speaks to."""
    found: list[Action] = []
    for cause in causes:
        if cause.citation is None:
            text = f"手册里没有找到针对“{cause.text}”的做法：核实后由牵头人提出办法，有效的补进 SOP"
            identity = f"D{first + len(found)}"
            found.append(Action(identity, text, "assumption", begin, last_of(begin, DO), cause=cause.text, after=waits))
    return found
