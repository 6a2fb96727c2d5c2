"""The part of the report about single cases: each failure with what was asked, said and found. Knows judged cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from eval.judged import Judged
from eval.report.words import STATUSES, TYPES
from eval.why import KINDS, reasons

OPENING = 120  # characters of a found chunk that are shown


def failures(judged: Sequence[Judged]) -> Iterator[str]:
    """Yield the failures grouped by what went wrong first, the largest group first."""
    groups: dict[str, list[Judged]] = {}
    for one in judged:
        if one.failed:
            kinds = list(reasons(one))
            groups.setdefault(kinds[0] if kinds else "facts", []).append(one)
    for kind, cases in sorted(groups.items(), key=lambda group: -len(group[1])):
        yield f"<h3>{KINDS[kind]}（{len(cases)} 题）</h3>"
        yield from (failure(one) for one in cases)


def failure(one: Judged) -> str:
    """Return one failure, folded to its question and its reasons."""
    why = "".join(f'<span class="why">{escape(text)}</span>' for text in reasons(one).values())
    asked = escape(f"{one.id}［{TYPES.get(one.type, one.type)}］{one.question}")
    wanted = "；".join(one.gold) if one.answerable else "手册里没有答案，应当拒答"
    return (
        f"<details><summary><b>{asked}</b>{why}</summary>"
        f'<p class="soft">应答出自：{escape(wanted)}　实际：{STATUSES.get(one.status, one.status)}'
        f"　引用：{escape('；'.join(one.cited) or '无')}　耗时 {one.milliseconds:.0f} 毫秒</p>"
        f"<pre>{escape(one.answer)}</pre>{_found(one)}</details>"
    )


def _found(one: Judged) -> str:
    """Return what was retrieved, the right sections marked."""
    rows = "".join(
        f'<tr class="{"gold" if found.gold else ""}"><td class="number">{rank}</td>'
        f"<td>{escape(f'《{found.document}》{found.section} {found.title}')}</td>"
        f'<td class="number">{found.score:.3f}</td><td class="number">{found.words:.3f}</td>'
        f'<td class="number">{found.vector:.3f}</td><td class="soft">{escape(_opening(found.text))}</td></tr>'
        for rank, found in enumerate(one.found, 1)
    )
    head = "<th></th><th>检索到的章节（绿色为正确）</th><th>总分</th><th>词</th><th>向量</th><th>段落开头</th>"
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>" if rows else ""


def _opening(text: str) -> str:
    return text if len(text) <= OPENING else text[:OPENING] + "……"


def table(judged: Sequence[Judged]) -> str:
    """Return every case in one table, a row each."""
    rows = "".join(_row(one) for one in judged)
    head = "".join(f"<th>{name}</th>" for name in ("题号", "类型", "问题", "结果", "首位", "事实", "引对", "好"))
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _row(one: Judged) -> str:
    numbers = "".join(
        f'<td class="number">{one.values[name]:.2f}</td>' if name in one.values else '<td class="number">—</td>'
        for name in ("hit@1", "facts", "cited")
    )
    mark = '<td class="bad">✗</td>' if one.failed else '<td class="good">✓</td>'
    return (
        f"<tr><td>{escape(one.id)}</td><td>{escape(TYPES.get(one.type, one.type))}</td><td>{escape(one.question)}</td>"
        f"<td>{STATUSES.get(one.status, one.status)}</td>{numbers}{mark}</tr>"
    )
