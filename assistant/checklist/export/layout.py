"""How a checklist is laid out, whatever the format: its groups, its columns, the words of each field.

What the source does not state is 待填 (to be filled in by the company). A check without a condition always applies, so its
condition is empty. Knows no file format.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.checklist.model import METHOD_WORDS, TO_FILL, Check, Checklist, Outcome
from assistant.sources import versions_words

RED = "红线"
RESULTS = ("合格", "不合格", "不适用")
# What is filled in at the top of a printed list
HEAD_FIELDS = ("门店／部门", "班次", "日期", "检查人")
LEGEND = f"{TO_FILL}：原文没有写明，请按本单位的规定补充。出处是条款编号。"


@dataclass(frozen=True)
class Group:
    """Lines that stand under one heading of the source, or the red lines."""

    heading: str
    checks: tuple[Check, ...]
    red: bool = False


def groups(checklist: Checklist) -> list[Group]:
    """Return the checks in printed order, in runs of one section; the red lines first, as the checklist has them."""
    titles = checklist.document_titles
    runs = groupby(checklist.checks, key=lambda check: (check.red_line, _place(check, titles)))
    return [Group(RED if red else heading, tuple(checks), red) for (red, heading), checks in runs]


def _place(check: Check, titles: dict[str, str]) -> str:
    if check.red_line:
        return ""
    document = f"《{titles[check.citation.document]}》" if len(titles) > 1 and check.citation.document in titles else ""
    return document + (" > ".join(check.citation.path) or check.citation.title)


def source(check: Check, checklist: Checklist) -> str:
    """Return where a check comes from, as short as it stays plain: ``5.1-2``, with the document where there are several."""
    titles, citation = checklist.document_titles, check.citation
    clause = citation.title if citation.clause.startswith("§") or not citation.clause else citation.clause
    document = titles.get(citation.document, "")
    return f"《{document}》{clause}" if document and len(titles) > 1 else clause


def stated(value: str | None) -> str:
    """Return a field's words, 待填 where the source has none."""
    return value or TO_FILL


def standard(check: Check) -> str | None:
    """Return what counts as right: the clause's words, and the range of a measured value where they do not say it."""
    if check.limits is None:
        return check.standard
    bounds = [f"{bound:g}" for bound in (check.limits.lower, check.limits.upper) if bound is not None]
    if check.standard and all(bound in check.standard for bound in bounds):
        return check.standard
    return f"{check.standard}（{check.limits.words}）" if check.standard else check.limits.words or None


def method(check: Check) -> str:
    """Return how a check is judged, with the range of a measured value."""
    return f"{METHOD_WORDS[check.method]} {check.limits.words}" if check.limits else METHOD_WORDS[check.method]


def versions(checklist: Checklist) -> str:
    """Return the documents and versions a list was compiled from: ``《客户投诉处理SOP》第 2 版``."""
    since = f"。{checklist.since}" if checklist.since else ""
    return versions_words(checklist.sources) + since


def head_fields(checklist: Checklist) -> list[tuple[str, str]]:
    """Return what stands at the top of a list, each with what a run has filled in, ``""`` where nothing is."""
    return list(zip(HEAD_FIELDS, checklist.head or ("",) * len(HEAD_FIELDS), strict=True))


def outcome(check: Check, checklist: Checklist) -> Outcome:
    """Return what a run found on a line; empty where the list was not worked through."""
    return checklist.outcomes.get(check.number, Outcome())


def table_row(check: Check, checklist: Checklist) -> Sequence[str]:
    """Return one check as the cells of ``TABLE``."""
    found = outcome(check, checklist)
    return (
        str(check.number),
        "是" if check.red_line else "",
        check.condition or "",
        check.action,
        stated(standard(check)),
        stated(check.role),
        stated(check.deadline),
        stated(check.frequency),
        method(check),
        stated(check.evidence),
        *(found.result, found.value, found.note),
        source(check, checklist),
        check.citation.quote,
    )


TABLE = (
    "序号",
    "红线",
    "适用条件",
    "检查项",
    "标准",
    "责任岗",
    "时限",
    "频次",
    "判定方式",
    "记录／证据",
    "结果",
    "实测值",
    "备注",
    "出处",
    "原文",
)
