"""GIFT text → items. Reads what Moodle reads: comments with id and tags, formats, weights, feedback, missing words.

Matching items and descriptions have no type here and are left out; of a numerical item the number is kept, its tolerance
is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.quiz.export.gift import HINT, SEPARATORS
from assistant.quiz.export.html_text import from_html
from assistant.quiz.export.record import MARK, Record, read_record, read_tags
from assistant.quiz.export.wording import blanks_in, read_feedback
from assistant.quiz.intake.draft import Draft, Intake, LeftOut, cloze_stem, decoded, question
from assistant.quiz.model import BLANK, Question

# An escaped character stands here while the text is cut at unescaped ones: beyond every assigned character
_SHELTER = 0xF0000
_ESCAPED = re.compile(r"\\([\\~=#{}:n])")
_FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]")
_WEIGHT = re.compile(r"%(-?\d+(?:\.\d+)?)%")
_HINT = re.compile(re.escape(HINT).replace(r"\{\}", "(.{1,2})") + r"\s*$")
# Items under each other without the blank line that should part them: a title begins the next.
_UNPARTED = re.compile(r"((?<!\\)\}[^\n{}]*)\n(?=[ \t]*::)")
_TRUE, _FALSE = {"T", "TRUE"}, {"F", "FALSE"}


@dataclass(frozen=True)
class _Block:
    """One item's text without its comments, and what these say."""

    text: str
    id: str
    known: bool
    record: Record


def read(data: bytes, source: str) -> Intake:
    """Return the items of a GIFT text.

    Raises:
        SourceUnreadable: it is no text.
    """
    questions: list[Question] = []
    left_out: list[LeftOut] = []
    for place, block in enumerate(_blocks(decoded(data, source)), 1):
        found = _item(block, place)
        if isinstance(found, Question):
            questions.append(found)
        else:
            left_out.append(found)
    return Intake(tuple(questions), tuple(left_out))


def _blocks(text: str) -> Iterator[_Block]:
    """Yield the items, which blank lines part; comments before or in one belong to it."""
    id_: str = ""
    tags: list[str] = []
    record: Record | None = None
    unified = _UNPARTED.sub(r"\1\n\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    for part in re.split(r"\n[ \t]*(?:\n[ \t]*)+", unified):
        lines = []
        for line in part.split("\n"):
            if not line.lstrip().startswith("//"):
                lines.append(line)
                continue
            if line.lstrip(" \t/").startswith(MARK):
                record = read_record(line)
                continue
            id_ = next(_named("id", line), id_)
            tags += _named("tag", line)
        body = "\n".join(lines).strip()
        if body.startswith("$CATEGORY:"):
            body = body.partition("\n")[2].strip()
        if body:
            yield _Block(text=body, id=id_, known=record is not None, record=read_tags(tags, record))
            id_, tags, record = "", [], None


def _named(name: str, line: str) -> Iterator[str]:
    """Yield the values of ``[name:value]`` in a comment; a bracket in a value is escaped."""
    for value in re.findall(rf"\[{name}:((?:\\\]|[^\]])+)\]", line):
        yield value.replace("\\]", "]").strip()


def _item(block: _Block, place: int) -> Question | LeftOut:
    text = _ESCAPED.sub(lambda found: chr(_SHELTER + ord(found[1])), block.text)
    if text.startswith("::"):
        _, _, text = text[2:].partition("::")
    before, opened, rest = text.partition("{")
    answers, closed, after = rest.partition("}")
    stem = _plain(before)
    if not opened or not closed:
        return LeftOut(place, stem[:60], "没有答案部分（{…}），是说明文字而不是题目")
    answers, _, general = answers.rpartition("####") if "####" in answers else (answers, "", "")
    if after.strip():  # the missing word's place
        stem = f"{_plain(before, keep=True)}{BLANK}{_plain(after, keep=True)}".strip()
    feedback = read_feedback(_plain(general))
    answers = answers.strip()
    made = _typed(answers, stem)
    if isinstance(made, str):
        return LeftOut(place, stem[:60], made)
    return question(
        Draft(
            type=made.type,
            stem=made.stem,
            id=block.id,
            known=block.known,
            options=made.options,
            truth=made.truth,
            blanks=made.blanks,
            feedback=feedback,
            record=block.record,
        ),
        place,
    )


def _typed(answers: str, stem: str) -> Draft | str:
    """Return type, options and answers, or why the kind of item cannot be taken over."""
    word = re.split(r"#", answers, maxsplit=1)[0].strip()
    if not answers:
        return Draft(type="short_answer", stem=stem)
    if word in _TRUE | _FALSE:
        return Draft(type="true_false", stem=stem, truth=word in _TRUE)
    if answers.startswith("#"):
        return _numerical(answers, stem)
    if "~" in answers:
        return _choice(answers, stem)
    if "=" in answers and "->" in answers:
        return "配对题没有对应的题型"
    return _short(answers, stem)


def _choice(answers: str, stem: str) -> Draft:
    parts = [(mark, *_weighed(text)) for mark, text in re.findall(r"([~=])([^~=]*)", answers)]
    single = any(mark == "=" for mark, _, _ in parts)
    options = tuple(
        (text, mark == "=" if single else weight is not None and weight > 0) for mark, weight, text in parts
    )
    return Draft(type="single" if single else "multiple", stem=stem, options=options)


def _short(answers: str, stem: str) -> Draft:
    found = re.findall(r"=([^=]*)", answers) or [answers]
    weighed = map(_weighed, found)
    forms = [text.replace("\\*", "*") for weight, text in weighed if weight is None or weight >= 100]
    hint = _HINT.search(stem)
    if hint and hint[1] in SEPARATORS:
        stem = stem[: hint.start()]
        blanks = _apart(forms, hint[1], blanks_in(stem))
    else:
        blanks = (tuple(dict.fromkeys(forms)),)
    return Draft(type="cloze", stem=cloze_stem(stem, len(blanks)), blanks=blanks)


def _apart(forms: list[str], between: str, count: int) -> tuple[tuple[str, ...], ...]:
    """Return each blank's forms out of the answers that hold all blanks, in the order they first come."""
    rows = [form.split(between) for form in forms]
    columns = zip(*(row for row in rows if len(row) == count), strict=True)
    return tuple(tuple(dict.fromkeys(part.strip() for part in column)) for column in columns)


def _numerical(answers: str, stem: str) -> Draft | str:
    number = re.match(r"#\s*=?\s*(?:%\d+%)?\s*(-?\d+(?:\.\d+)?)", answers)
    if number is None or ".." in answers:
        return "数值范围题没有对应的题型"
    return Draft(type="cloze", stem=cloze_stem(stem, 1), blanks=((number[1],),))


def _weighed(text: str) -> tuple[float | None, str]:
    """Return the weight and the plain text of one answer, its feedback left out."""
    text = text.split("#", 1)[0].strip()
    weight = _WEIGHT.match(text)
    return (float(weight[1]) if weight else None), _plain(text[weight.end() :] if weight else text)


def _plain(text: str, *, keep: bool = False) -> str:
    """Return a text without its format's mark and that format's tags, escapes resolved; outer space goes unless ``keep``."""
    marked = _FORMAT.match(text.lstrip())
    text = text.lstrip()[marked.end() :] if marked else text
    resolved = []
    for char in text:
        sheltered = chr(ord(char) - _SHELTER) if _SHELTER <= ord(char) < _SHELTER + 128 else ""
        resolved.append("\n" if sheltered == "n" else sheltered or char)
    whole = "".join(resolved)
    if marked and marked[1] == "html":
        whole = from_html(whole)
    return whole if keep else whole.strip()
