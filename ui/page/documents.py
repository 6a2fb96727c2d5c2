"""The documents of the knowledge base as HTML: their list, the removed ones, versions and what changed between two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ingest.faq import is_faq
from kb.clause_changes import changes
from ui.page.render import attributes, notice, shown
from ui.page.talks import day_of
from ui.page.texts import Words

if TYPE_CHECKING:
    from kb.clause_changes import ClauseChange, SectionChange
    from kb.model import Document
    from ui.session import Session


def list_html(session: Session, words: Words) -> str:
    """Return the documents with what can be done to each, and those that were removed lately."""
    documents = session.knowledge.documents()
    rows = "".join(_row(session, one, words) for one in documents)
    head = "".join(f"<th>{words(f'know.column.{name}')}</th>" for name in ("title", "version", "sections", "open"))
    table = f'<div class="table"><table><thead><tr>{head}<th></th></tr></thead><tbody>{rows}</tbody></table></div>'
    empty = f'<div class="empty small"><p>{words("know.empty")}</p></div>'
    gone = session.knowledge.removed()
    back = "".join(
        f"<li>《{shown(one.title)}》 <small>{shown(day_of(one.removed_at))} {shown(one.removed_by)}</small>"
        f'<button type="button" class="link"{attributes(act="undo", id=one.id)}>{words("talk.undo")}</button></li>'
        for one in gone
    )
    removed = (
        f'<details class="removed"><summary>{words("know.removed")}（{len(gone)}）</summary><ul>{back}</ul></details>'
    )
    return (table if documents else empty) + (removed if gone else "")


def _row(session: Session, document: Document, words: Words) -> str:
    sections = session.knowledge.sections(document.id)
    warnings = len(document.health.warnings)
    versions = f'<button type="button" class="link"{attributes(act="select", id=document.id)}>{words("know.versions")}</button>'
    remove = (
        f'<button type="button" class="link danger"{attributes(act="delete", id=document.id, sure=words("know.sure"))}>'
        f"{words('talk.delete')}</button>"
    )

    def label(name: str) -> str:  # what a phone shows before the number, where the table has no head
        return attributes(label=words(f"know.column.{name}"))

    acts = "" if is_faq(document.id) else versions + remove
    return (
        f"<tr><td><b>{shown(document.title)}</b><small>{shown(document.source)}</small></td>"
        f"<td{label('version')}>{document.version}</td>"
        f"<td{label('sections')}>{sum(bool(one.blocks) for one in sections)}</td>"
        f'<td{label("open")}>{f"<span class=warn>{warnings}</span>" if warnings else "0"}</td><td class="acts">{acts}</td></tr>'
    )


def versions_html(session: Session, document: str, words: Words, of: str = "") -> str:
    """Return the versions of a document, and what changed in version ``of`` (the newest where none is named).

    Raises:
        NotThere: there is no such document.
    """
    knowledge = session.knowledge
    found = knowledge.find_document(document)
    versions = sorted(knowledge.versions(found.id), key=lambda one: -one.version)
    wanted = int(of) if of.isdigit() else versions[0].version
    rows = "".join(_version(one, wanted, newest=one is versions[0], words=words) for one in versions)
    earlier = [one.version for one in versions if one.version < wanted]
    if earlier:
        before = knowledge.sections(found.id, version=max(earlier))
        changed = changes(before, knowledge.sections(found.id, version=wanted))
        told = words("know.changed").format(max(earlier), wanted, len(changed))
        difference = f"<h4>{told}</h4>{changes_html(changed, words)}"
    else:
        difference = f'<p class="quiet">{words("know.first_version")}</p>'
    return (
        f'<section class="panel"><h3>《{shown(found.title)}》{words("know.versions")}</h3>'
        f'<div class="version-list">{rows}</div>{difference}</section>'
    )


def _version(one: Document, wanted: int, *, newest: bool, words: Words) -> str:
    show = attributes(act="select", id=one.id, of=one.version)
    back = attributes(act="apply", id=f"{one.id}@{one.version}", sure=words("know.sure_back"))
    restore = "" if newest else f'<button type="button" class="link"{back}>{words("know.go_back")}</button>'
    current = f" · {words('know.current')}" if newest else ""
    return (
        f'<span class="version{" chosen" if one.version == wanted else ""}"><button type="button"{show}>'
        f"{words('health.version').format(one.version)}{current}</button>{restore}</span>"
    )


def changes_html(changed: Sequence[SectionChange], words: Words) -> str:
    """Return what changed between two versions, section by section, clause by clause."""
    if not changed:
        return notice(words("know.no_change"), "done")
    return "".join(
        f'<div class="change"><h5><span class="kind {one.kind}">{words(f"know.kind.{one.kind}")}</span>'
        f"{shown(_heading(one))}</h5>{''.join(_clause(clause, words) for clause in one.clauses)}</div>"
        for one in changed
    )


def _heading(one: SectionChange) -> str:
    now = f"{one.number} {one.title}".strip()
    before = f"{one.before_number} {one.before_title}".strip()
    return f"{before} → {now}" if one.kind in {"moved", "renamed"} and before and before != now else now


def _clause(clause: ClauseChange, words: Words) -> str:
    tags = {"added": "ins", "removed": "del"}
    text = "".join(
        f"<{tags[piece.kind]}>{shown(piece.text)}</{tags[piece.kind]}>" if piece.kind in tags else shown(piece.text)
        for piece in clause.pieces
    )
    name = clause.after or clause.before
    return (
        f'<div class="clause-change {clause.kind}"><small>{shown(name)} {words(f"know.kind.{clause.kind}")}</small>'
        f"<p>{text}</p></div>"
    )
