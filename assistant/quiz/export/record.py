"""What an item has and Moodle's formats have no place for, as one line of JSON that rides along in a comment.

The words of an item (stem, options, answers, feedback) are never read from here, only from the file's own body, so that
an edit made elsewhere counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args, get_type_hints

from assistant.quiz.export.json_form import change_json, citation_json
from assistant.quiz.export.wording import BLOOM_WORDS, DIFFICULTY_WORDS, clean
from assistant.quiz.model import Bloom, Change, Difficulty, Question
from kb.model import Citation

MARK = "shouce:"
IMPORTED = "imported"
NOWHERE = Citation(document="", section="", title="", path=(), clause="", quote="")
# The kinds a change has in the model
ChangeKind = get_type_hints(Change)["kind"]
_DIFFICULTY, _BLOOM, _CLAUSE = "难度-", "认知-", "条款-"


@dataclass(frozen=True)
class Record:
    """The fields an item gets back; where a file has no record, what can be said without one."""

    citation: Citation = NOWHERE
    points: float | None = None
    difficulty: Difficulty = "medium"
    bloom: Bloom = "remember"
    pattern: str = IMPORTED
    keywords: tuple[tuple[str, ...], ...] = ()
    tags: tuple[str, ...] = ()
    change: Change | None = None
    asks: str = ""


def record(question: Question) -> str:
    """Return the record of an item as JSON without ``--`` and line ends, as comments demand."""
    fields: dict[str, Any] = {
        "citation": citation_json(question.citation),
        "points": question.points,
        "difficulty": question.difficulty,
        "bloom": question.bloom,
        "pattern": question.pattern,
        "keywords": [list(point.keywords) for point in question.points_required],
        "tags": list(question.tags),
        "change": change_json(question.change),
        "asks": question.asks,
    }
    return MARK + clean(json.dumps(fields, ensure_ascii=False, separators=(",", ":"))).replace("--", "-\\u002d")


def read_record(text: str) -> Record | None:
    """Return the record in a comment's ``text``, or None where there is none or it has been damaged."""
    start = text.find(MARK)
    if start < 0:
        return None
    try:
        fields = json.loads(text[start + len(MARK) :].strip())
        points = fields.get("points")
        return Record(
            citation=read_citation(fields.get("citation")),
            points=float(points) if isinstance(points, int | float) and points >= 0 else None,
            difficulty=difficulty_of(fields.get("difficulty")),
            bloom=bloom_of(fields.get("bloom")),
            pattern=str(fields.get("pattern") or IMPORTED),
            keywords=tuple(_strings(words) for words in fields.get("keywords") or ()),
            tags=_strings(fields.get("tags") or ()),
            change=read_change(fields.get("change")),
            asks=str(fields.get("asks") or ""),
        )
    except (ValueError, TypeError, AttributeError):
        return None


def difficulty_of(value: object) -> Difficulty:
    """Return a difficulty; medium where ``value`` is none."""
    return next((one for one in get_args(Difficulty) if one == value), "medium")


def bloom_of(value: object) -> Bloom:
    """Return a Bloom level; remembering where ``value`` is none."""
    return next((one for one in get_args(Bloom) if one == value), "remember")


def read_citation(fields: Mapping[str, Any] | None) -> Citation:
    """Return the citation of its JSON object; of None one that points nowhere."""
    if not fields:
        return NOWHERE
    return Citation(
        document=str(fields.get("document") or ""),
        section=str(fields.get("section") or ""),
        title=str(fields.get("title") or ""),
        path=_strings(fields.get("path") or ()),
        clause=str(fields.get("clause") or ""),
        quote=str(fields.get("quote") or ""),
        repaired=bool(fields.get("repaired")),
    )


def tags_of(question: Question) -> list[str]:
    """Return the tags an exam platform shows for an item: its own, then difficulty, Bloom level and clause."""
    own = [clean(tag) for tag in question.tags]
    shown = [f"{_DIFFICULTY}{DIFFICULTY_WORDS[question.difficulty]}", f"{_BLOOM}{BLOOM_WORDS[question.bloom]}"]
    if question.citation.clause:
        shown.append(f"{_CLAUSE}{question.citation.clause}")
    return own + shown


def read_tags(tags: Iterable[str], found: Record | None) -> Record:
    """Return the record with what its file's tags say: those survive a platform that drops comments."""
    listed = list(tags)
    base = found or Record()
    by_difficulty = {f"{_DIFFICULTY}{word}": key for key, word in DIFFICULTY_WORDS.items()}
    by_bloom = {f"{_BLOOM}{word}": key for key, word in BLOOM_WORDS.items()}
    own = tuple(
        tag for tag in listed if tag not in by_difficulty and tag not in by_bloom and not tag.startswith(_CLAUSE)
    )
    return replace(
        base,
        difficulty=next((by_difficulty[tag] for tag in listed if tag in by_difficulty), base.difficulty),
        bloom=next((by_bloom[tag] for tag in listed if tag in by_bloom), base.bloom),
        tags=own,
    )


def read_change(fields: Mapping[str, Any] | None) -> Change | None:
    """Return the change of its JSON object; None where it is no change we know."""
    kind = next((one for one in get_args(ChangeKind) if fields and one == fields.get("kind")), None)
    if kind is None or fields is None:
        return None
    return Change(kind=kind, written=str(fields.get("written") or ""), original=str(fields.get("original") or ""))


def _strings(values: Iterable[Any]) -> tuple[str, ...]:
    return tuple(str(value) for value in values)
