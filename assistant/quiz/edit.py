"""An item changed by hand: the fields of a form put back into the item. Whether it still stands, the checks say.

Knows what each type of item is made of. Fields that are not in the form stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from assistant.quiz.model import BLANK, Blank, Point, Question
from kb.errors import EntryInvalid

LONGEST = 4000
_LINES = re.compile(r"[\r\n]+")
_FORMS = re.compile(r"[|｜]")


def edited(question: Question, fields: Mapping[str, str]) -> Question:
    """Return ``question`` with what the form says.

    Args:
        question: as it stands in the bank.
        fields: ``stem``, ``scenario``, ``explanation``, ``option_A`` … with ``right`` (the keys: ``AC``), ``truth``
            (``true`` or ``false``), ``blanks`` (a line a blank, its forms separated by ``|``), ``required`` (a line a point).

    Raises:
        EntryInvalid: the stem is empty, an option is, there is no right one, or the blanks are not those of the stem.
    """
    said = {name: value.strip()[:LONGEST] for name, value in fields.items()}
    changed = replace(
        question,
        stem=said.get("stem", question.stem),
        scenario=said.get("scenario", question.scenario),
        explanation=said.get("explanation", question.explanation),
    )
    if not changed.stem:
        raise EntryInvalid("题干是空的，请写上")
    if question.options:
        return _choice(changed, said)
    if question.type == "true_false":
        truth = said.get("truth", str(question.truth).lower()) == "true"
        return replace(changed, truth=truth, change=None if truth else question.change)
    if question.type == "cloze":
        return _cloze(changed, said)
    required = [line for line in _LINES.split(said.get("required", "")) if line.strip()]
    if "required" in said and not required:
        raise EntryInvalid("请写上至少一个得分点，一行一个")
    known = {point.text: point for point in question.points_required}
    points = tuple(known.get(line.strip(), Point(line.strip())) for line in required)
    return replace(changed, points_required=points or question.points_required)


def _choice(question: Question, said: Mapping[str, str]) -> Question:
    options = tuple(replace(one, text=said.get(f"option_{one.key}", one.text)) for one in question.options)
    if any(not option.text for option in options):
        raise EntryInvalid("选项不能是空的")
    keys = {option.key for option in options}
    right = tuple(key for key in sorted(keys) if key in said["right"].upper()) if "right" in said else question.right
    if not right or (question.type == "single" and len(right) > 1):
        raise EntryInvalid("单选题要有一个正确选项，多选题至少一个，写字母，如 A 或 AC")
    return replace(question, options=options, right=right)


def _cloze(question: Question, said: Mapping[str, str]) -> Question:
    if "blanks" in said:
        lines = [line for line in _LINES.split(said["blanks"]) if line.strip()]
        blanks = tuple(Blank(tuple(form.strip() for form in _FORMS.split(line) if form.strip())) for line in lines)
        question = replace(question, blanks=blanks)
    if question.stem.count(BLANK) != len(question.blanks):
        raise EntryInvalid(f"题干里有 {question.stem.count(BLANK)} 个空，答案有 {len(question.blanks)} 行，要一样多")
    return question


def form_of(question: Question) -> dict[str, str]:
    """Return the fields of a form that ``edited`` takes back."""
    fields = {"stem": question.stem, "explanation": question.explanation}
    if question.scenario:
        fields["scenario"] = question.scenario
    if question.options:
        fields |= {f"option_{option.key}": option.text for option in question.options}
        fields["right"] = "".join(question.right)
    elif question.type == "true_false":
        fields["truth"] = str(bool(question.truth)).lower()
    elif question.type == "cloze":
        fields["blanks"] = "\n".join("|".join(blank.accepted) for blank in question.blanks)
    else:
        fields["required"] = "\n".join(point.text for point in question.points_required)
    return fields
