"""When what is done: preparing, then the measures of each cause one after the other, then checking, then making it last.

Lengths are a suggestion (working days, by what kind of work a measure is); the days themselves follow from the start and
from who waits for whom. What is handed over is what the clause names, else a suggestion that says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.plan.around import stated_source
from assistant.plan.causes import Suspicion
from assistant.plan.clauses import lead_of, told
from assistant.plan.dates import HOLIDAYS_KNOWN, after, last_of, working_day
from assistant.plan.kinds import kinds
from assistant.plan.measures import Measure
from assistant.plan.model import Action, Cause, Milestone, Problem

PREPARE, CHECK, KEEP = 3, 5, 3
# Characters up to which the terms a clause stands under are put before it.
LONGEST_NAME = 40
# What a clause names as what is left when it is done.
_LEFT = re.compile(
    r"《[^《》]{2,20}(?:表|单|书|记录|台账|报告|清单|手册|计划)》"
    r"|(?<![一-龥])?[一-龥]{2,8}?(?:报告|记录表|记录|登记册|台账|清单|问卷|说明书|流程图|看板|预案|档案)(?![制体系])"
)
_NOT_LEFT = re.compile(
    r"^(?:根据|参照|依据|通过|按照|定期|建立|制定|进行|形成|编制|发布|填写|利用|采用|结合|收集|设计|完善|提交|引入|以及)+"
)
_MADE = re.compile(r"^(?!《).*(?:一次|一份|组织|提交|出具|填写|写出|整理|编写|形成|上传|开展|完成|审定)(?=[一-龥]{3,})")
# Words of the sentence before the name of what is left: 每个岗位都应有岗位说明书, 以工单记录为准.
_BEFORE = re.compile(r"^(?!《).*(?:的|应有|都有|须有|以|把|将|按|凭|让|和|与|及|为)(?=[一-龥]{3,})")


@dataclass(frozen=True)
class WorkKind:
    """A kind of work: the words that tell it, how many working days it gets, and what is usually left when it is done."""

    name: str
    told_by: re.Pattern[str]
    days: int
    left: str


# The first that fits counts. A system is only built where one is brought in: who writes into one does daily work.
WORK_KINDS = (
    WorkKind("培训演练", re.compile(r"培训|演练|学习|考试|带教|讲解|宣讲"), 10, "签到与考核记录"),
    WorkKind(
        "系统工具",
        re.compile(
            r"(?:引入|引进|上线|建设|建立|开发|搭建|部署|启用|打通|改造|构建|使用先进|配备)[^，。；]{0,16}(?:系统|平台|软件|工具|模型|线路)"
            r"|数字化|智能化|自动化|通过接口"
        ),
        15,
        "上线与试用记录",
    ),
    WorkKind("机制建设", re.compile(r"机制|体系|制度|组织结构|文化|激励|路径|晋升|奖励"), 10, "经批准的办法"),
    WorkKind("文件标准", re.compile(r"标准|制定|编写|编制|修订|明确|流程|说明书|方案|计划|预案"), 7, "文件定稿"),
    WorkKind("检查分析", re.compile(r"监控|检查|抽查|审核|评估|分析|调查|统计|识别|复盘"), 5, "检查或分析记录"),
    WorkKind("日常执行", re.compile(r""), 5, "执行记录"),
)
RED_LINE_DAYS = 3
SUGGESTED = (
    f"起止日期是建议：准备每项 {PREPARE} 个工作日；措施按性质，"
    + "、".join(f"{kind.name} {kind.days} 个" for kind in WORK_KINDS)
    + f"，重申红线 {RED_LINE_DAYS} 个；检查每项 {CHECK} 个、固化每项 {KEEP} 个。{HOLIDAYS_KNOWN}"
)


def work_kind(measure: Measure) -> WorkKind:
    """Return what kind of work a measure is."""
    text = f"{measure.under} {lead_of(measure.check)} {told(measure.check)}"
    return next(kind for kind in WORK_KINDS if kind.told_by.search(text))


def deliverable(measure: Measure) -> str:
    """Return what is left when a measure is done: what its clause names, else a suggestion marked as one."""
    check = measure.check
    texts = [text for text in (check.evidence, check.citation.quote) if text]
    named = next(
        (
            left
            for text in texts
            for found in _LEFT.finditer(text)
            if not stated_source(text, found.start())
            and len(left := _NOT_LEFT.sub("", _MADE.sub("", _BEFORE.sub("", found[0])))) > 3
        ),
        None,
    )
    return named or f"{work_kind(measure).left}（建议）"


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
    problem: Problem,
    suspected: Sequence[Suspicion],
    causes: Sequence[Cause],
    measures: Sequence[Measure],
    start: date,
    *,
    letter: str = "D",
) -> Work:
    """Return every action with its days; the ids of the measures begin with ``letter``."""
    metric = problem.metric or kinds()[problem.kind].metric or "结果"
    prepare = _row(
        "P",
        [
            (f"核实现状：把{metric}的数据按时间、地点、原因拆开，确认问题出在哪一段", "现状数据表"),
            ("召集相关岗位，对照“原因分析”逐条到现场核实，划去不成立的", "原因核实记录"),
            ("确认目标值、责任岗和所需资源，报负责人同意", "经批准的改进计划"),
        ],
        working_day(start),
        PREPARE,
        (),
    )
    done = (prepare[-1].id,)
    begin = after(prepare[-1].end)
    acted = _measures(measures, suspected, begin, done, letter)
    # What the problem itself says is what is to go away, and no cause that the manual should have a remedy for.
    met = {suspected[measure.cause].text for measure in measures} | {one.text for one in suspected if one.told}
    open_causes = [one for one in causes if one.citation is None and one.text not in met]
    gaps = _gaps(open_causes, begin, done, f"{letter}{len(acted) + 1}")
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
    measures: Sequence[Measure], suspected: Sequence[Suspicion], begin: date, waits: tuple[str, ...], letter: str
) -> list[Action]:
    """Return the clauses to put into practice, those of one cause one after the other, in the order of their fit."""
    free: dict[int, tuple[date, tuple[str, ...]]] = {}
    found: list[Action] = []
    for number, measure in enumerate(measures, start=1):
        start, after_these = free.get(measure.cause, (begin, waits))
        check = measure.check
        end = last_of(start, RED_LINE_DAYS if check.red_line else work_kind(measure).days)
        found.append(
            Action(
                id=f"{letter}{number}",
                action=measure_words(measure),
                basis="clause",
                start=start,
                end=end,
                owner=check.role,
                deliverable=deliverable(measure),
                citation=check.citation,
                cause=suspected[measure.cause].text,
                after=after_these,
                deadline=check.deadline or check.frequency,
                standard=check.standard,
                score=measure.score,
            )
        )
        free[measure.cause] = (after(end), (f"{letter}{number}",))
    return found


def measure_words(measure: Measure) -> str:
    """Return a measure as an action: 投诉分级：根据紧急程度…."""
    check, text = measure.check, told(measure.check)
    if check.red_line:
        return f"重申并抽查红线：{text}"
    if "-t" in check.citation.clause:  # a row speaks under its table's heading
        return f"{check.citation.title}：{text}"
    term = lead_of(check)
    named = f"{measure.under} · {term}" if measure.under and term else measure.under or term
    return f"{named}：{text}" if named and len(named) <= LONGEST_NAME and not text.startswith(named) else text


def _gaps(causes: Sequence[Cause], begin: date, waits: tuple[str, ...], identity: str) -> list[Action]:
    """Return one suggestion for the causes that no clause speaks to."""
    if not causes:
        return []
    named = "、".join(f"“{cause.text}”" for cause in causes)
    text = f"{named}没有找到手册的做法：核实属实的，由牵头人提出办法，试行有效再补进 SOP"
    end = last_of(begin, WORK_KINDS[-1].days)
    return [
        Action(
            identity,
            text,
            "assumption",
            begin,
            end,
            deliverable="办法草稿（建议）",
            cause="；".join(cause.text for cause in causes),
            after=waits,
        )
    ]
