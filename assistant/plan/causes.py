"""The causes of a plan: what the problem names, what the data shows, what usually lies behind such a problem.

Every cause is a suspicion until somebody looks; where a clause asks for what would prevent it, the clause stands beside
it as what to check against.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from assistant.plan.kinds import GENERAL, UsualCause, kinds
from assistant.plan.likeness import Likely
from assistant.plan.model import TO_FILL, Basis, Cause, Evidence, Problem, Said
from kb.model import Citation

FROM_PROBLEM, FROM_DATA, SHOWS = "问题描述", "数据", "现象"
# An assumed cause that no clause speaks to is left out of a plan below this share.
FAINT = 0.1
SUSPECTED, SHOWN = 3, 2
# What a cause that the manager or the data says has in the problem, and what a part of the problem's own words; those of
# the usual causes add up to 1.
SAID, TOLD_SHARE = 0.2, 0.1
# Parts of the problem's own words that are searched by themselves, and characters from which on one says something.
TOLD, SAYS = 2, 5
# A part that tells a figure: it belongs to how things stand.
_FIGURE = re.compile(
    r"\d|[一二两三四五六七八九半几]成|翻倍|一倍|过半|大半"
    r"|[一二两三四五六七八九十半]+个?(?:小时|分钟)"
)
# What only says that somebody is displeased, before what it is about.
_SHOWN = re.compile(r"^[^，]{0,8}?(?:投诉|不满意?|差评|抱怨|反映|纠纷)(?:都|大多|主要|多)?(?:是|说|反映|集中在|为|指)")
# What is asked for, not what is wrong.
_REQUEST = re.compile(r"^(?:请|帮|麻烦|给我|要|需要|希望|目标|争取|力争)")
_LEAD = re.compile(r"^(?:近|最近|上|本|这|今)?[一二两三四五六七八九十半]*个?(?:月|周|天|季度|年)(?:来|以来|里)?")


@dataclass(frozen=True)
class Suspicion:
    """A cause before any clause is known: its words, its branch, what it rests on, what it is searched by, where to look.

    ``share`` is how much of the problem it is taken to be.
    """

    text: str
    branch: str
    basis: Basis
    ask: str
    look: str
    told: bool = False
    share: float = 0.0


@dataclass(frozen=True)
class Backing:
    """The clause that asks for what would prevent a cause, and where the manual says why, that sentence."""

    demand: Citation
    reason: Citation | None = None


def suspicions(problem: Problem, evidence: Evidence | None, near: Sequence[Likely] = ()) -> list[Suspicion]:
    """Return the causes to look into, the manager's own first; ``near`` are the usual ones that the problem reads like."""
    kind = kinds()[problem.kind]
    found = [
        Suspicion(
            one,
            FROM_PROBLEM,
            "user",
            f"{one} {kind.title}",
            f"找 10 个“{one}”的实例，记下时间、地点和经手岗位",
            share=SAID,
        )
        for one in problem.suspected[:SUSPECTED]
    ]
    found.extend(_told(problem) if not found else ())
    told = "".join(problem.suspected)
    for share in evidence.pareto[:SHOWN] if evidence else ():
        if share.name not in told and share.name != "其他":
            look = f"把这 {share.count:g} 件按时间和地点再拆一次，看集中在哪里"
            words = f"{share.name}（{share.count:g} 件）"
            found.append(Suspicion(words, FROM_DATA, "data", f"{share.name} {kind.title}", look, share=SAID))
    found.extend(_usual(problem, near))
    return found


def told_parts(text: str) -> list[str]:
    """Return the parts of what is told, each without its time and without who is displeased (七成投诉说…)."""
    return [_SHOWN.sub("", _LEAD.sub("", part.strip())) for part in re.split(r"[，,。；;！!]", text)]


def _told(problem: Problem) -> list[Suspicion]:
    """Return the parts of the problem that say more than figures: its particular, which no sort of problem holds."""
    said = [
        part
        for part in told_parts(problem.text)
        if len(part) >= SAYS
        and not _FIGURE.search(part)
        and not _REQUEST.match(part)
        and not (problem.metric and problem.metric in part)
    ]
    return [
        Suspicion(
            part,
            SHOWS,
            "user",
            part,
            f"逐件核对“{part}”的经过，看卡在哪一步、由谁经手",
            told=True,
            share=TOLD_SHARE,
        )
        for part in said[:TOLD]
    ]


def _usual(problem: Problem, near: Sequence[Likely]) -> list[Suspicion]:
    """Return the usual causes that the problem reads like; where it reads like none, all of the sort that it names."""
    if near:
        shares = {one.cause: one.share for one in near}
    elif problem.kind == GENERAL:
        return [_general(cause, _subject(problem)) for cause in kinds()[GENERAL].causes]
    else:
        shares = dict.fromkeys(kinds()[problem.kind].causes, 1 / len(kinds()[problem.kind].causes))
    return [
        Suspicion(one.text, one.branch, "assumption", one.ask, one.look, share=share) for one, share in shares.items()
    ]


def _general(cause: UsualCause, subject: str) -> Suspicion:
    return Suspicion(f"{subject}{cause.text}", cause.branch, "assumption", f"{subject} {cause.ask}", cause.look)


def _subject(problem: Problem) -> str:
    """Return what a problem of no known sort is about: its figure, its product, else its first words."""
    return problem.metric or problem.product or problem.text.split("，")[0][:12]


def with_clauses(found: Sequence[Suspicion], backing: Mapping[int, Backing]) -> list[Cause]:
    """Return the causes, each with the clause that asks for what would prevent it, where there is one.

    What leads on from a cause is what the manual demands, what it says of the why, and where to look; nothing where
    nothing is known.
    """
    causes: list[Cause] = []
    for number, one in enumerate(found):
        best = backing.get(number)
        whys: list[Said] = []
        if best:
            whys.append(Said(f"手册要求：“{best.demand.quote}”", "clause", best.demand))
        if best and best.reason:
            whys.append(Said(f"手册说明：“{best.reason.quote}”", "clause", best.reason))
        whys.append(Said(f"先核实：{one.look}", "assumption"))
        citation = best.demand if best else None
        causes.append(Cause(one.text, one.branch, one.basis, citation, tuple(whys), one.ask))
    return causes


def worth_looking(suspected: Sequence[Suspicion], causes: Sequence[Cause], met: Collection[int]) -> list[Cause]:
    """Return ``causes`` without the faint assumptions that neither a clause nor a measure (``met``, by place) speaks to."""
    kept = enumerate(zip(suspected, causes, strict=True))
    return [
        cause
        for at, (one, cause) in kept
        if at in met or cause.citation or one.basis != "assumption" or one.share >= FAINT
    ]


def why_chain(causes: Sequence[Cause]) -> list[Said]:
    """Return the first cause asked why of five times: as far as problem, manual and usual causes go, the rest open."""
    seen = next((one for one in causes if one.basis in ("user", "data")), None)
    usual = next((one for one in causes if one.basis == "assumption" and one.citation), None) or next(
        (one for one in causes if one.basis == "assumption"), None
    )
    said = [Said(f"看到的是：{seen.text}", seen.basis)] if seen else []
    if usual:
        said.append(Said(f"为什么会这样？可能是{usual.text}", "assumption"))
    if usual and usual.citation:
        said.append(Said(f"为什么会有这种情况？手册要求“{usual.citation.quote}”，可能没有做到", "assumption"))
    missing = "为什么没有做到" if usual and usual.citation else "为什么会有这种情况"
    return [*said, *(Said(f"{one}？{TO_FILL}", "assumption") for one in (missing, "管理上的根源是什么"))]
