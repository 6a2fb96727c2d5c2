"""看板: how the manual is used and how well it answers, in numbers. No names and no questions, so everybody may look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import gradio as gr

from ui.latest_report import latest_report
from ui.page.render import attributes, shown, status_word
from ui.page.talks import day_of
from ui.page.texts import Words
from ui.page.visitor import words_of

if TYPE_CHECKING:
    from kb.records import UsageSummary
    from kb.records.usage import Day
    from ui.page.frame import Page
    from ui.session import Session

DAYS = 30
_STATUSES = ("answered", "partial", "not_found", "missing_in_source")
_HEIGHT = 120  # of the bars, in pixels
_METRICS = ("hit@1", "hit@5", "mrr@10", "facts", "answered", "refused", "citation_valid")


@dataclass(frozen=True, slots=True)
class BoardTab:
    """What is filled when the tab is opened, and what opens a clause from it."""

    shown: gr.HTML


def build(page: Page, tab: gr.Tab) -> BoardTab:
    """Draw the tab; it is filled anew whenever it is opened."""
    with gr.Column(elem_classes="sheet-page"):
        board = gr.HTML(
            elem_id="board", elem_classes="own", js_on_load="shouce.list(element, trigger)", apply_default_css=False
        )

    def opened(request: gr.Request) -> str:
        return board_html(page.session, words_of(request))

    tab.select(opened, None, [board], **page.direct)
    return BoardTab(board)


def board_html(session: Session, words: Words) -> str:
    """Return the numbers of the last ``DAYS`` days as HTML."""
    use = session.knowledge.records.usage.summary(days=DAYS)
    if not use.questions:
        body = f'<div class="empty small"><p>{words("board.nothing")}</p><small>{words("board.nothing_more")}</small></div>'
    else:
        body = (
            f'<div class="figures">{_figures(use, words)}</div><h3>{words("board.days")}</h3>{_bars(use.days, words)}'
            f'<div class="two"><div><h3>{words("board.clauses")}</h3>{_clauses(session, use, words)}</div>'
            f"<div><h3>{words('board.documents')}</h3>{_documents(session, use, words)}</div></div>"
        )
    return f"<article class='board'>{body}<h3>{words('board.report')}</h3>{_report(session, words)}</article>"


def _figures(use: UsageSummary, words: Words) -> str:
    satisfied = f"{use.satisfied:.0%}" if use.up + use.down else "–"
    figures = (
        (str(use.questions), "board.questions"),
        (str(use.people), "board.people"),
        (f"{use.refused:.0%}", "board.refused"),
        (satisfied, "board.satisfied"),
        (f"{use.latency_p50:.0f} ms", "board.half"),
        (f"{use.latency_p95:.0f} ms", "board.most"),
    )
    return "".join(f'<div class="figure"><b>{value}</b><span>{words(label)}</span></div>' for value, label in figures)


def _bars(days: Sequence[Day], words: Words) -> str:
    most = max((day.questions for day in days), default=0) or 1
    bars = "".join(_bar(day, most, words) for day in days)
    legend = "".join(
        f'<span><i class="{status}"></i>{shown(status_word(status, words))}</span>' for status in _STATUSES
    )
    ends = f'<div class="ends"><span>{days[0].day[5:]}</span><span>{days[-1].day[5:]}</span></div>' if days else ""
    return f'<div class="chart"><div class="bars">{bars}</div>{ends}<div class="legend">{legend}</div></div>'


def _bar(day: Day, most: int, words: Words) -> str:
    pieces = "".join(
        f'<i class="{status}" style="height:{day.statuses.get(status, 0) / most * _HEIGHT:.1f}px"></i>'
        for status in reversed(_STATUSES)
        if day.statuses.get(status)
    )
    told = words("board.day").format(day.day, day.questions)
    return f'<div class="bar-of-day" title="{shown(told)}">{pieces}</div>'


def _clauses(session: Session, use: UsageSummary, words: Words) -> str:
    titles = session.titles
    rows = "".join(
        f'<li><span class="link"{attributes(act="select", document=one.document, section=one.section, clause=one.clause)}'
        f' role="button" tabindex="0">{shown(one.clause)}</span> {shown(titles[one.document])}<b>{one.times}</b></li>'
        for one in use.clauses[:10]
        if one.document in titles
    )
    return f'<ol class="ranked">{rows}</ol>' if rows else f'<p class="quiet">{words("board.no_clauses")}</p>'


def _documents(session: Session, use: UsageSummary, words: Words) -> str:
    titles = session.titles
    rows = "".join(
        f"<tr><td>{shown(titles[one.document])}</td><td>{one.answers}</td><td>{one.up}</td><td>{one.down}</td></tr>"
        for one in use.documents[:10]
        if one.document in titles
    )
    head = "".join(f"<th>{words(f'board.column.{name}')}</th>" for name in ("document", "answers", "up", "down"))
    return f'<div class="table"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _report(session: Session, words: Words) -> str:
    report = latest_report(session.settings.home)
    if report is None:
        return f'<p class="quiet">{words("board.no_report")}</p>'
    figures = "".join(
        f'<div class="figure"><b>{value:.2f}</b><span>{words(f"board.metric.{name}")}</span></div>'
        for name in _METRICS
        if (value := report.metrics.get(name)) is not None
    )
    told = words("board.report_of").format(day_of(report.made_at), shown(report.dataset), report.cases)
    return f'<p class="quiet">{told}</p><div class="figures">{figures}</div>'
