"""Checklists as they are kept, the JSON of the command contract, back in their shapes: what was made is what is exported.

The inverse of ``assistant.checklist.model.checklist_json``; older rows lack what was added since.
"""

from __future__ import annotations

from typing import Any

from assistant.checklist.model import METHOD_WORDS, Check, Checklist, Completeness, Limits
from assistant.filled import filled_of
from assistant.sources import SourceVersion, citation_of

Json = dict[str, Any]
_METHODS = {word: method for method, word in METHOD_WORDS.items()}


def checklist_of(stored: Json, *, draft: str = "") -> Checklist:
    """Return a stored checklist; ``draft`` is the id it is kept under."""
    sources = tuple(
        SourceVersion(one["document"], one["title"], one["version"]) for one in stored.get("documents") or ()
    )
    titles = {one.document: one.title for one in sources}
    return Checklist(
        title=stored["title"],
        checks=tuple(checks_of(stored)),
        completeness=tuple(
            Completeness(
                one["document"],
                one["section"],
                one["title"],
                one["steps"],
                one["listed"],
                _said_title(titles.get(one["document"], ""), str(one.get("text"))),
            )
            for one in stored.get("completeness") or ()
        ),
        sources=sources,
        notes=tuple(stored.get("notes") or ()),
        draft=draft,
    )


def _said_title(title: str, text: str) -> str:
    """Return the document's title where the line of completeness says it."""
    return title if title and text.startswith(f"《{title}》") else ""


def checks_of(stored: Json) -> list[Check]:
    """Return the checks of a stored checklist (the JSON of the command contract)."""
    return [_check(item) for item in stored["items"]]


def _check(item: Json) -> Check:
    limits = item.get("limits")
    return Check(
        number=item["number"],
        action=item["action"],
        kind=item.get("kind", "step"),
        citation=citation_of(item["citation"]),
        condition=item["condition"],
        standard=item["standard"],
        role=item["role"],
        deadline=item["deadline"],
        frequency=item["frequency"],
        method=_METHODS.get(item["method"], "yes_no"),
        evidence=item["evidence"],
        red_line=item["red_line"],
        limits=_limits(limits) if limits else None,
        filled=filled_of(item.get("filled")),
    )


def _limits(stored: Json) -> Limits:
    open_ends = {name: bool(stored.get(name)) for name in ("open_lower", "open_upper")}  # templates of before lack them
    return Limits(stored["lower"], stored["upper"], stored["unit"], **open_ends)
