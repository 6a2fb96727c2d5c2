"""Our JSON → items: a paper's object, one with ``papers``, or a bare list of questions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from assistant.quiz.export.record import IMPORTED, Record, bloom_of, difficulty_of, read_change, read_citation
from assistant.quiz.export.wording import Feedback
from assistant.quiz.intake.draft import Draft, Intake, LeftOut, cloze_stem, decoded, question
from assistant.quiz.model import QUESTION_TYPES, Question
from kb.errors import SourceUnreadable


def read(data: bytes, source: str) -> Intake:
    """Return the items of a JSON file, those of several papers one after the other.

    Raises:
        SourceUnreadable: it is no JSON, or has no list of questions.
    """
    try:
        whole = json.loads(decoded(data, source))
    except (ValueError, RecursionError) as error:
        raise SourceUnreadable(f"{source}：不是可以读取的 JSON（{error}）") from error
    questions: list[Question] = []
    left_out: list[LeftOut] = []
    for place, fields in enumerate(_listed(whole, source), 1):
        found = _item(fields, place) if isinstance(fields, Mapping) else LeftOut(place, str(fields)[:60], "不是一道题")
        if isinstance(found, Question):
            questions.append(found)
        else:
            left_out.append(found)
    return Intake(tuple(questions), tuple(left_out))


def _listed(whole: Any, source: str) -> Iterator[Any]:  # noqa: ANN401 (a JSON value)
    if isinstance(whole, Mapping) and isinstance(whole.get("papers"), list):
        for paper in whole["papers"]:
            yield from _listed(paper, source)
        return
    listed = whole.get("questions") if isinstance(whole, Mapping) else whole
    if not isinstance(listed, list):
        raise SourceUnreadable(f"{source}：没有 questions 列表，请对照 shouce quiz --format json 的输出")
    yield from listed


def _item(fields: Mapping[str, Any], place: int) -> Question | LeftOut:
    kind, stem, story = fields.get("type"), _text(fields.get("stem")), _text(fields.get("scenario"))
    if kind not in QUESTION_TYPES:
        return LeftOut(place, stem[:60], f"不认识的题型“{kind}”，可以用：{'、'.join(QUESTION_TYPES)}")
    if story and stem.startswith(f"{story}\n"):
        stem = stem[len(story) + 1 :]
    answer, options = fields.get("answer"), [one for one in _list(fields.get("options")) if isinstance(one, Mapping)]
    blanks = _blanks(fields) if kind == "cloze" else ()
    points = [one for one in _list(fields.get("points_required")) if isinstance(one, Mapping)]
    texts = tuple(_text(one.get("text")) for one in points) or tuple(map(_text, _list(answer)))
    is_open = kind in {"short_answer", "case"}
    right = set(map(_text, _list(answer)))
    made = question(
        Draft(
            type=kind,
            stem=cloze_stem(stem, len(blanks)) if kind == "cloze" else stem,
            id=_text(fields.get("id")),
            known=True,
            options=tuple((_text(one.get("text")), _text(one.get("key")) in right) for one in options),
            truth=answer if isinstance(answer, bool) else None,
            blanks=blanks,
            feedback=Feedback(points=texts if is_open else (), explanation=_text(fields.get("explanation"))),
            record=_record(fields, points),
        ),
        place,
    )
    return replace(made, scenario=story) if isinstance(made, Question) and story else made


def _record(fields: Mapping[str, Any], points: list[Mapping[str, Any]]) -> Record:
    marks, citation = fields.get("points"), fields.get("citation")
    return Record(
        citation=read_citation(citation if isinstance(citation, Mapping) else None),
        points=float(marks) if isinstance(marks, int | float) and 0 <= marks < 10_000 else None,
        difficulty=difficulty_of(fields.get("difficulty")),
        bloom=bloom_of(fields.get("bloom")),
        pattern=_text(fields.get("pattern")) or IMPORTED,
        keywords=tuple(tuple(map(_text, _list(one.get("keywords")))) for one in points),
        tags=tuple(map(_text, _list(fields.get("tags")))),
        change=read_change(change if isinstance(change := fields.get("change"), Mapping) else None),
        asks=_text(fields.get("asks")),
    )


def _blanks(fields: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    """Return each blank's forms; without ``blanks`` the whole answer belongs to one."""
    listed = [_list(forms) for forms in _list(fields.get("blanks"))] or [_list(fields.get("answer"))]
    return tuple(tuple(map(_text, forms)) for forms in listed)


def _list(value: Any) -> list[Any]:  # noqa: ANN401 (a JSON value)
    return list(value) if isinstance(value, list) else []


def _text(value: Any) -> str:  # noqa: ANN401 (a JSON value)
    return "" if value is None else str(value)
