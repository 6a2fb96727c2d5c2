"""The health report of a document: what was repaired, with before and after, and what its owner has to mend in the source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ui.page.render import attributes, shown
from ui.page.texts import Words

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase
    from kb.model import Repair, SourceWarning

_KINDS = ("missing_body", "truncated", "hole", "needs_ocr")


def report_html(knowledge: KnowledgeBase, document: str, words: Words) -> str:
    """Return the report.

    Raises:
        NotThere: there is no such document.
    """
    found = knowledge.find_document(document)
    sections = knowledge.sections(found.id)
    with_text = sum(bool(section.blocks) for section in sections)
    warnings, repairs = found.health.warnings, found.health.repairs
    figures = (
        (str(with_text), "health.sections"),
        (str(sum(repair.count for repair in repairs)), "health.repaired"),
        (str(len(warnings)), "health.open"),
    )
    cards = "".join(
        f'<div class="figure"><b>{number}</b><span>{words(label)}</span></div>' for number, label in figures
    )
    return (
        f'<article class="report"><h2>{shown(found.title)}</h2><p class="quiet">{shown(found.source)} · '
        f'{words("health.version").format(found.version)}</p><div class="figures">{cards}</div>'
        f"<h3>{words('health.to_mend')}</h3>{_warnings(warnings, found.id, words)}"
        f"<h3>{words('health.was_repaired')}</h3>{_repairs(repairs, found.id, words)}</article>"
    )


def _warnings(warnings: Sequence[SourceWarning], document: str, words: Words) -> str:
    if not warnings:
        return f'<p class="notice done">{words("health.nothing_open")}</p>'
    groups: list[str] = []
    for kind in _KINDS:
        some = [warning for warning in warnings if warning.kind == kind]
        if some:
            rows = "".join(
                f"<li>{_place(one.section, document)}{shown(one.message.removeprefix(f'{one.section} '))}</li>"
                for one in some
            )
            groups.append(f"<h4>{words(f'health.kind.{kind}')}（{len(some)}）</h4><ul>{rows}</ul>")
    return "".join(groups)


def _repairs(repairs: Sequence[Repair], document: str, words: Words) -> str:
    if not repairs:
        return f'<p class="quiet">{words("health.nothing_repaired")}</p>'
    rows = "".join(
        f"<tr><td>{shown(words(f'repair.{one.kind}'))}</td><td>{one.count}</td>"
        f"<td>{_place(one.section, document)}</td><td><del>{shown(_short(one.before))}</del></td>"
        f"<td><ins>{shown(_short(one.after))}</ins></td><td>{one.confidence:.0%}</td></tr>"
        for one in repairs
    )
    head = "".join(
        f"<th>{words(f'health.column.{name}')}</th>" for name in ("kind", "count", "place", "before", "after", "sure")
    )
    return f'<div class="table"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _place(section: str, document: str) -> str:
    if not section:
        return ""
    named = attributes(document=document, section=section)
    return f'<button type="button" class="open-section link"{named}>{shown(section)}</button> '


def _short(text: str, limit: int = 80) -> str:
    return text if len(text) <= limit else f"{text[:limit]}…"
