"""The shapes of a checklist: a check, its limits, how complete a section is listed. Knows no way to make or write them.

A field the source does not state is None (``null`` in JSON, 待填 in a document): nothing is ever made up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from assistant.filled import Filling, filled_json
from assistant.sources import SourceVersion
from kb.model import Citation

CheckKind = Literal["step", "obligation", "prohibition"]
Method = Literal["yes_no", "number", "photo", "signature"]
METHOD_WORDS: dict[Method, str] = {"yes_no": "是/否", "number": "数值范围", "photo": "拍照", "signature": "签字"}
TO_FILL = "待填"


@dataclass(frozen=True)
class Limits:
    """The range a measured value has to lie in, bounds included unless ``open_lower``/``open_upper``; ``unit`` as printed."""

    lower: float | None
    upper: float | None
    unit: str
    open_lower: bool = False
    open_upper: bool = False

    def hold(self, value: float) -> bool:
        """Say whether ``value`` lies within the limits."""
        if self.lower is not None and (value < self.lower or (self.open_lower and value == self.lower)):
            return False
        return self.upper is None or not (value > self.upper or (self.open_upper and value == self.upper))

    @property
    def words(self) -> str:
        """The range as people write it: ``18～26℃``, ``≥85%``, ``<200元``."""
        low, high = _short(self.lower), _short(self.upper)
        if self.lower is not None and self.upper is not None and not (self.open_lower or self.open_upper):
            return f"{low}{self.unit}" if self.lower == self.upper else f"{low}～{high}{self.unit}"
        parts = []
        if self.lower is not None:
            parts.append(f"{'>' if self.open_lower else '≥'}{low}{self.unit}")
        if self.upper is not None:
            parts.append(f"{'<' if self.open_upper else '≤'}{high}{self.unit}")
        return " 且 ".join(parts)


@dataclass(frozen=True)
class Check:
    """One line of a checklist.

    ``number`` counts from 1 in printed order (red lines first, then the source's order). ``action`` is what to do or not to
    do, without what stands in the other fields; ``condition`` when it applies (如…, …的). ``limits`` is set where
    ``method`` is ``number``. ``citation`` is the checked quote; its ``section``, ``title``, ``path`` group the lines.
    ``filled`` by field is what a person wrote where the clause states nothing.
    """

    number: int
    action: str
    kind: CheckKind
    citation: Citation
    condition: str | None = None
    standard: str | None = None
    role: str | None = None
    deadline: str | None = None
    frequency: str | None = None
    method: Method = "yes_no"
    evidence: str | None = None
    red_line: bool = False
    limits: Limits | None = None
    filled: Filling = field(default_factory=dict)


@dataclass(frozen=True)
class Completeness:
    """How many steps (items and rows that oblige) a section has, and how many of them stand in the checklist."""

    document: str
    section: str
    title: str
    steps: int
    listed: int
    document_title: str = ""

    @property
    def words(self) -> str:
        """The sentence shown: ``《客户投诉处理SOP》5.1 受理与登记：共 5 步，已列 5 步``."""
        number = "" if self.section.startswith("§") or self.section == self.title else f"{self.section} "
        source = f"《{self.document_title}》" if self.document_title else ""
        return f"{source}{number}{self.title}：共 {self.steps} 步，已列 {self.listed} 步"


@dataclass(frozen=True)
class Outcome:
    """What a run found on a line: ``result`` as people read it (合格), the measured value, what was noted and by whom."""

    result: str = ""
    value: str = ""
    note: str = ""


@dataclass(frozen=True)
class Checklist:
    """A checklist in printed order. ``notes`` are lines for the reader (what was left out and why).

    ``since`` says what has become of its sources since it was drafted; ``draft`` is the id under which it is kept as it was
    made; ``outcomes`` by line and ``head`` (place, shift, day, who) are what a run of it holds.
    """

    title: str
    checks: tuple[Check, ...]
    completeness: tuple[Completeness, ...] = ()
    sources: tuple[SourceVersion, ...] = ()
    notes: tuple[str, ...] = ()
    since: str = ""
    draft: str = ""
    outcomes: Mapping[int, Outcome] = field(default_factory=dict)
    head: tuple[str, ...] = ()

    @property
    def red_lines(self) -> tuple[Check, ...]:
        """The red lines, which stand first."""
        return tuple(check for check in self.checks if check.red_line)

    @property
    def document_titles(self) -> dict[str, str]:
        """Titles of the documents the checks come from, by document id."""
        return {source.document: source.title for source in self.sources}


def checklist_json(checklist: Checklist) -> dict[str, Any]:
    """Return the checklist with the keys of the command contract."""
    return {
        "title": checklist.title,
        "items": [check_json(check) for check in checklist.checks],
        "completeness": [
            {
                "document": line.document,
                "section": line.section,
                "title": line.title,
                "steps": line.steps,
                "listed": line.listed,
                "text": line.words,
            }
            for line in checklist.completeness
        ],
        "documents": [
            {"document": source.document, "title": source.title, "version": source.version}
            for source in checklist.sources
        ],
        "notes": list(checklist.notes),
        **({"draft": checklist.draft} if checklist.draft else {}),
    }


def check_json(check: Check) -> dict[str, Any]:
    """Return one line with the keys of the command contract; ``method`` is the word people read."""
    citation, limits = check.citation, check.limits
    return {
        "number": check.number,
        "action": check.action,
        "condition": check.condition,
        "standard": check.standard,
        "role": check.role,
        "deadline": check.deadline,
        "frequency": check.frequency,
        "method": METHOD_WORDS[check.method],
        "evidence": check.evidence,
        "red_line": check.red_line,
        "kind": check.kind,
        "limits": None if limits is None else limits_json(limits),
        **({"filled": filled_json(check.filled)} if check.filled else {}),
        "citation": {
            "document": citation.document,
            "section": citation.section,
            "title": citation.title,
            "path": list(citation.path),
            "clause": citation.clause,
            "quote": citation.quote,
            "repaired": citation.repaired,
        },
    }


def limits_json(limits: Limits) -> dict[str, Any]:
    """Return a range; ``open_lower`` and ``open_upper`` say that the bound itself is outside."""
    return {
        "lower": limits.lower,
        "upper": limits.upper,
        "unit": limits.unit,
        "open_lower": limits.open_lower,
        "open_upper": limits.open_upper,
        "text": limits.words,
    }


def _short(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
