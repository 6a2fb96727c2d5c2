"""How results are shown: as the command contract's JSON objects, and as text for a terminal. Computes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingest.pipeline import Report
    from kb.model import Answer, Citation, Document, Hit, Section

Json = dict[str, Any]

STATUS_WORDS = {
    "answered": "已找到",
    "partial": "部分找到",
    "not_found": "手册没有",
    "missing_in_source": "目录有而正文缺失",
}
OUTCOME_WORDS = {"added": "已加入", "updated": "已更新", "unchanged": "没有变化", "failed": "失败"}
SECTION_WORDS = {"present": "", "missing_body": "（正文缺失）", "truncated": "（正文中断）"}
REPAIR_WORDS = {
    "gloss": "去掉注音",
    "script": "繁体转回简体",
    "width": "统一标点和全半角",
    "gbk_shift": "修复错位的字节",
    "encoding": "修复编码",
    "notice": "去掉网站声明",
    "placeholder": "去掉占位文字",
}


# kinds whose report says what became of what
_DETAILED = frozenset({"gbk_shift", "encoding"})


def citation_json(citation: Citation) -> Json:
    """Return a citation as the contract has it everywhere."""
    marker = {} if citation.marker is None else {"marker": citation.marker}
    return {
        **marker,
        "document": citation.document,
        "section": citation.section,
        "title": citation.title,
        "path": list(citation.path),
        "clause": citation.clause,
        "quote": citation.quote,
        "repaired": citation.repaired,
    }


def answer_json(answer: Answer) -> Json:
    """Return an answer as ``ask --json`` prints it; what a chat model adds only where one was to phrase it."""
    phrased: Json = {}
    if answer.sentences or answer.fallback:
        phrased = {
            "sentences": [
                {"text": s.text, "citations": list(s.citations), "supported": s.supported, "reason": s.reason}
                for s in answer.sentences
            ],
            "fallback": answer.fallback or None,
            "notes": list(answer.notes),
        }
    return {
        "question": answer.question,
        "answer": answer.text,
        "status": answer.status,
        "citations": [citation_json(citation) for citation in answer.citations],
        "followups": list(answer.followups),
        "nearest": [{"document": n.document, "section": n.section, "title": n.title} for n in answer.nearest],
        "missing": list(answer.missing),
        "engine": answer.engine,
        "timings_ms": answer.timings,
        **phrased,
    }


def report_json(report: Report) -> Json:
    """Return the report on one source as ``ingest --json`` prints it."""
    document = report.document
    return {
        "document": document.id if document else None,
        "source": report.source,
        "title": document.title if document else None,
        "version": document.version if document else None,
        "status": report.status,
        "sections": report.sections,
        "chunks": report.chunks,
        "repairs": [
            {
                "kind": r.kind,
                "before": r.before,
                "after": r.after,
                "section": r.section,
                "confidence": round(r.confidence, 4),
                "count": r.count,
            }
            for r in report.health.repairs
        ],
        "warnings": [{"kind": w.kind, "section": w.section, "message": w.message} for w in report.health.warnings],
        "error": report.error or None,
        "note": report.note or None,
    }


def outline_json(document: Document, sections: Sequence[Section]) -> Json:
    """Return one document's section tree as ``outline --json`` prints it."""
    return {
        "document": document.id,
        "title": document.title,
        "sections": [
            {
                "number": s.number,
                "title": s.title,
                "level": s.level,
                "status": s.status,
                "characters": sum(len(block.text) for block in s.blocks),
            }
            for s in sections
        ],
    }


def section_json(document: str, section: Section, text: str) -> Json:
    """Return one section as ``show --json`` prints it."""
    return {
        "document": document,
        "number": section.number,
        "title": section.title,
        "path": list(section.path),
        "status": section.status,
        "text": text,
        "blocks": [{"clause": b.clause, "kind": b.kind, "term": b.term, "text": b.text} for b in section.blocks],
    }


def hits_json(query: str, hits: Sequence[Hit], titles: Mapping[tuple[str, str], str]) -> Json:
    """Return search results as ``search --json`` prints them; ``titles`` by (document, section)."""
    return {
        "query": query,
        "hits": [
            {
                "rank": rank,
                "score": round(hit.score, 4),
                "document": hit.document,
                "section": hit.chunk.section,
                "title": titles[hit.document, hit.chunk.section],
                "clause": hit.chunk.clauses[0] if hit.chunk.clauses else None,
                "text": hit.chunk.text,
            }
            for rank, hit in enumerate(hits, 1)
        ],
    }


def answer_text(answer: Answer, document_titles: Mapping[str, str]) -> str:
    """Return an answer for a terminal: status, text, then every citation with its path."""
    lines = [f"【{STATUS_WORDS[answer.status]}】", answer.text]
    if answer.citations:
        lines += ["", "出处："]
        lines += [
            f"  [{c.marker}] 《{document_titles.get(c.document, c.document)}》{' > '.join(c.path)}（{c.clause}）"
            f"{' ※ 此处原文有损坏，已修复' if c.repaired else ''}"
            for c in answer.citations
        ]
    lines += [f"（{note}）" for note in (answer.fallback, *answer.notes) if note]
    if answer.followups:
        lines += ["", "还可以问：", *(f"  · {question}" for question in answer.followups)]
    return "\n".join(lines)


def report_text(report: Report) -> str:
    """Return the report on one source for a terminal."""
    if report.status == "failed" or report.document is None:
        return f"✗ {report.error}"
    lines = [
        f"✓ {report.source}：{OUTCOME_WORDS[report.status]}《{report.document.title}》第 {report.document.version} 版，"
        f"{report.sections} 节，{report.chunks} 块"
    ]
    for repair in report.health.repairs:
        place = f"（{repair.section}）" if repair.section else ""
        count = f" {repair.count} 处" if repair.count > 1 else ""
        detail = f"：{_short(repair.before)} → {_short(repair.after)}" if repair.kind in _DETAILED else ""
        detail = detail.removesuffix(" → ")  # nothing came in its place
        doubt = f"，把握 {repair.confidence:.0%}" if repair.confidence < 1 else ""
        lines.append(f"    修复 {REPAIR_WORDS[repair.kind]}{count}{place}{detail}{doubt}")
    lines += [f"    注意 {warning.message}" for warning in report.health.warnings]
    return "\n".join(lines)


def _short(text: str, limit: int = 40) -> str:
    return text if len(text) <= limit else f"{text[:limit]}…"


def outline_text(document: Document, sections: Sequence[Section]) -> str:
    """Return one document's section tree for a terminal."""
    tree = [
        f"{'  ' * section.level}{section.number} {section.title if section.title != section.number else ''}".rstrip()
        + SECTION_WORDS[section.status]
        for section in sections
    ]
    return "\n".join([f"《{document.title}》 {document.id}", *tree])


def hits_text(hits: Sequence[Hit], titles: Mapping[tuple[str, str], str], document_titles: Mapping[str, str]) -> str:
    """Return search results for a terminal."""
    if not hits:
        return "没有找到。"
    return "\n".join(
        f"{rank:2}. {hit.score:.2f} 《{document_titles[hit.document]}》{hit.chunk.section} "
        f"{titles[hit.document, hit.chunk.section]}\n    {_short(' '.join(hit.chunk.text.split()), 90)}"
        for rank, hit in enumerate(hits, 1)
    )
