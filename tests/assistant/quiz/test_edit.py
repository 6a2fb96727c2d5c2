"""An item changed by hand: every type's form gives the item back, and what cannot be is refused in one line."""

from dataclasses import replace

import pytest

from assistant.quiz.edit import edited, form_of
from assistant.quiz.model import Question
from kb.errors import EntryInvalid
from tests.assistant.quiz.papers_by_hand import paper


def item(kind: str) -> Question:
    return next(one for one in paper().questions if one.type == kind)


@pytest.mark.parametrize("kind", ["single", "multiple", "true_false", "cloze", "short_answer", "case"])
def test_a_form_that_is_not_touched_changes_nothing(kind: str) -> None:
    question = item(kind)
    assert edited(question, form_of(question)) == question


def test_what_is_typed_stands_in_the_item() -> None:
    choice = edited(item("single"), {"stem": " 新题干 ", "option_B": "新选项", "right": "b"})
    assert (choice.stem, choice.options[1].text, choice.right) == ("新题干", "新选项", ("B",))
    cloze = item("cloze")
    lines = "\n".join("10 | 十" for _ in cloze.blanks)
    assert {blank.accepted for blank in edited(cloze, {"blanks": lines}).blanks} == {("10", "十")}
    points = edited(item("short_answer"), {"required": "先登记\n\n再回电"}).points_required
    assert [point.text for point in points] == ["先登记", "再回电"]
    assert edited(replace(item("true_false"), truth=False), {"truth": "true"}).change is None


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("single", {"stem": "  "}),
        ("single", {"right": "AB"}),
        ("multiple", {"right": "Z"}),
        ("single", {"option_A": ""}),
        ("cloze", {"stem": "没有空"}),
        ("short_answer", {"required": " \n"}),
    ],
)
def test_what_makes_no_item_is_refused(kind: str, fields: dict[str, str]) -> None:
    with pytest.raises(EntryInvalid):
        edited(item(kind), fields)
