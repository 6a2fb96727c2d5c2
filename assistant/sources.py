"""What a checklist or a plan was drafted from, and whether it still says so: versions of documents, quotes that still stand.

Knows documents, versions and quotes. Knows nothing of what was drafted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.verify import squeeze
from kb.errors import NotThere
from kb.model import Citation

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase

_NAMED = 6  # clauses that a line names


@dataclass(frozen=True)
class SourceVersion:
    """A document something was drafted from, in the version it was read in."""

    document: str
    title: str
    version: int


def citation_of(stored: dict[str, Any]) -> Citation:
    """Return a citation from the JSON of the command contract."""
    place = (stored["document"], stored["section"], stored["title"], tuple(stored["path"]))
    return Citation(*place, stored["clause"], stored["quote"], bool(stored.get("repaired")))


def sources_of(knowledge: KnowledgeBase, citations: Iterable[Citation]) -> tuple[SourceVersion, ...]:
    """Return the documents that are cited, in the version they have now, in the order of the knowledge base."""
    cited = {one.document for one in citations}
    return tuple(SourceVersion(one.id, one.title, one.version) for one in knowledge.documents() if one.id in cited)


def versions_words(sources: Iterable[SourceVersion]) -> str:
    """Return the documents and versions something was drafted from: ``《客户投诉处理SOP》第 2 版``."""
    return "、".join(f"《{one.title}》第 {one.version} 版" for one in sources)


def changed_clauses(knowledge: KnowledgeBase, citations: Iterable[Citation]) -> dict[tuple[str, str], str]:
    """Return the cited clauses (document, clause) that no longer say what is quoted, each with what became of it."""
    changed: dict[tuple[str, str], str] = {}
    for one in citations:
        key = (one.document, one.clause)
        if key in changed:
            continue
        try:
            body = knowledge.section(one.document, one.section).body
        except NotThere:
            changed[key] = "原文已经没有这一节"
            continue
        if squeeze(one.quote) not in squeeze(body):
            changed[key] = f"原文已改，不再是“{one.quote[:40]}”"
    return changed


def since_drafted(knowledge: KnowledgeBase, sources: Sequence[SourceVersion], citations: Iterable[Citation]) -> str:
    """Return in one line what became of the sources since something was drafted from them; ``""`` where nothing did."""
    present = {one.id: one for one in knowledge.documents()}
    newer = [one for one in sources if one.document in present and present[one.document].version != one.version]
    gone = [one for one in sources if one.document not in present]
    if not newer and not gone:
        return ""
    told = [f"《{one.title}》现在是第 {present[one.document].version} 版" for one in newer]
    told += [f"《{one.title}》已删除" for one in gone]
    touched = {one.document for one in newer}
    clauses = [clause for _, clause in changed_clauses(knowledge, (c for c in citations if c.document in touched))]
    if clauses:
        more = " 等" if len(clauses) > _NAMED else ""
        told.append(f"引用的条款有 {len(clauses)} 条已改（{'、'.join(clauses[:_NAMED])}{more}），请重新起草后再用")
    elif newer and not gone:
        told.append("引用的条款没有变")
    return f"起草之后原文有变：{'；'.join(told)}"
