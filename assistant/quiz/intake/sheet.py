"""A workbook in our layout → items. Needs the columns 题型, 题干, 答案; the others may be missing, in any order.

The layout is described on the sheet 填写说明 of every exported workbook (`assistant/quiz/export/sheet.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from assistant.quiz.export.record import IMPORTED, Record, read_citation, read_record
from assistant.quiz.export.sheet import COLUMNS, GUIDE
from assistant.quiz.export.wording import BLOOM_WORDS, DIFFICULTY_WORDS, Feedback
from assistant.quiz.intake.draft import FALSE, TRUE, Draft, Intake, LeftOut, cloze_stem, folded, question
from assistant.quiz.model import TYPE_WORDS, Question, QuestionType
from assistant.workbook import sheets
from kb.errors import SourceUnreadable

_TYPES: dict[str, QuestionType] = {folded(word): kind for kind, word in TYPE_WORDS.items()} | {
    folded(word.removesuffix("题")): kind for kind, word in TYPE_WORDS.items()
}
_NEEDED = ("type", "stem", "answer")
_SHELTER = 0xF0000


def read(data: bytes, source: str) -> Intake:
    """Return the items of every sheet that has the layout's heads.

    Raises:
        SourceUnreadable: it is no workbook, or no sheet has the columns 题型, 题干 and 答案.
    """
    questions: list[Question] = []
    left_out: list[LeftOut] = []
    for place, row in enumerate(_rows(data, source), 1):
        found = _item(row, place)
        if isinstance(found, Question):
            questions.append(found)
        else:
            left_out.append(found)
    return Intake(tuple(questions), tuple(left_out))


def _rows(data: bytes, source: str) -> Iterator[dict[str, str]]:
    keys = {folded(head): key for key, (head, _) in COLUMNS.items()}
    known = False
    for title, lines in sheets(data, source):
        heads = [_key(cell, keys) for cell in lines[0]] if lines else []
        if title == GUIDE or not all(key in heads for key in _NEEDED):
            continue
        known = True
        for line in lines[1:]:
            row = {key: _words(cell) for key, cell in zip(heads, line, strict=False) if key and cell is not None}
            if any(row.values()):
                yield row
    if not known:
        heads_needed = "、".join(COLUMNS[key][0] for key in _NEEDED)
        raise SourceUnreadable(f"{source}：第一行没有 {heads_needed} 三列，请对照导出的 xlsx 里的“{GUIDE}”")


def _key(cell: Any, keys: Mapping[str, str]) -> str:  # noqa: ANN401 (a cell's value)
    head = folded(str(cell or ""))
    option = re.fullmatch(r"选项([a-z])", head)
    return f"option_{option[1].upper()}" if option else keys.get(head, "")


def _words(cell: Any) -> str:  # noqa: ANN401 (a cell's value)
    if isinstance(cell, bool):
        return "正确" if cell else "错误"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    # Excel writes a control character as _x000B_; none was written, so none is meant
    return str(cell).replace("\r\n", "\n").strip()


def _item(row: Mapping[str, str], place: int) -> Question | LeftOut:
    kind = _TYPES.get(folded(row.get("type", "")))
    stem = row.get("stem", "")
    if kind is None:
        return LeftOut(
            place, stem[:60], f"不认识的题型“{row.get('type', '')}”，可以用：{'、'.join(TYPE_WORDS.values())}"
        )
    options = _options(row)
    points, keywords = _points(row.get("answer", "")) if kind in {"short_answer", "case"} else ((), ())
    blanks = _blanks(row.get("answer", "")) if kind == "cloze" else ()
    answer = folded(row.get("answer", ""))
    right = set(re.findall("[a-z]", answer))
    if kind in {"single", "multiple"} and not right <= {key.lower() for key, _ in options}:
        return LeftOut(place, stem[:60], f"答案“{row.get('answer', '')}”里有没有列出的选项")
    made = question(
        Draft(
            type=kind,
            stem=cloze_stem(stem, len(blanks)) if kind == "cloze" else stem,
            id=row.get("id", ""),
            known=True,
            options=tuple((text, key.lower() in right) for key, text in options),
            truth=True if answer in TRUE else False if answer in FALSE else None,
            blanks=blanks,
            feedback=Feedback(points=points, explanation=row.get("explanation", "")),
            record=_record(row, keywords),
        ),
        place,
    )
    story = row.get("scenario", "")
    return _with_story(made, story) if isinstance(made, Question) and story else made


def _with_story(made: Question, story: str) -> Question:
    from dataclasses import replace

    return replace(made, scenario=story)


def _options(row: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return (letter, text) of the filled options, in the letters' order."""
    filled = sorted((key.removeprefix("option_"), text) for key, text in row.items() if key.startswith("option_"))
    return [(letter, text) for letter, text in filled if text]


def _blanks(cell: str) -> tuple[tuple[str, ...], ...]:
    kept = _keep(cell)
    return tuple(
        tuple(dict.fromkeys(_restore(form).strip() for form in re.split("[;；]", blank) if form.strip()))
        for blank in re.split(r"[|｜]", kept)
        if blank.strip()
    )


def _points(cell: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return the points and the keywords of each, one point a line."""
    texts, keywords = [], []
    for line in _keep(cell).split("\n"):
        text, _, words = line.partition("//")
        if text.strip():
            texts.append(_restore(text).strip())
            keywords.append(tuple(_restore(word).strip() for word in re.split("[;；]", words) if word.strip()))
    return tuple(texts), tuple(keywords)


def _keep(cell: str) -> str:
    """Return the cell with its escaped signs out of the way."""
    return re.sub(r"\\(//|[\\|;；n])", lambda found: "".join(chr(_SHELTER + ord(char)) for char in found[1]), cell)


def _restore(text: str) -> str:
    return "".join(
        ("\n" if char == chr(_SHELTER + ord("n")) else chr(ord(char) - _SHELTER)) if ord(char) >= _SHELTER else char
        for char in text
    )


def _record(row: Mapping[str, str], keywords: tuple[tuple[str, ...], ...]) -> Record:
    difficulty = {folded(word): key for key, word in DIFFICULTY_WORDS.items()}
    bloom = {folded(word): key for key, word in BLOOM_WORDS.items()}
    fields = {key: row.get(key, "") for key in ("document", "section", "title", "clause", "quote")}
    path = [part for part in row.get("path", "").split(" > ") if part]
    known = read_record(row.get("record", "")) or Record()
    return Record(
        citation=read_citation({**fields, "path": path, "repaired": known.citation.repaired}),
        points=_number(row.get("points", "")),
        difficulty=difficulty.get(folded(row.get("difficulty", "")), "medium"),
        bloom=bloom.get(folded(row.get("bloom", "")), "remember"),
        pattern=row.get("pattern", "") or IMPORTED,
        keywords=keywords,
        tags=tuple(tag.strip() for tag in re.split("[；;]", row.get("tags", "")) if tag.strip()),
        change=known.change,
        asks=known.asks,
    )


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value < 10_000 else None
