"""A paper as the text 企微云学院 imports: one item after the other, ``答案：`` and ``解析：`` at the start of their lines.

A blank is ``__``; in its answer ``|`` parts the blanks and ``;`` the forms of one. True and false are 正确 and 错误. Signs of
this form that stand in an answer are written full-width, since it has no escapes. The platform tells the type by the answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from assistant.quiz.export.wording import OPEN, one_line, place
from assistant.quiz.model import BLANK, Paper, Question

_FULL_WIDTH = str.maketrans({"|": "｜", ";": "；"})


def render(papers: Sequence[Paper], titles: Mapping[str, str]) -> bytes:
    """Return the papers' items as one text, numbered through."""
    questions = [question for paper in papers for question in paper.questions]
    blocks = [_item(at, question, titles) for at, question in enumerate(questions, 1)]
    return ("\n\n".join(blocks) + "\n").encode("utf-8", "replace")


def _item(at: int, question: Question, titles: Mapping[str, str]) -> str:
    story = f"{one_line(question.scenario)} " if question.scenario else ""
    stem = re.sub("_{3,}", "__", one_line(question.stem.replace(BLANK, "__")))
    lines = [f"{at}. {story}{stem}"]
    lines += [f"{option.key}. {one_line(option.text)}" for option in question.options]
    lines.append(f"答案：{_answer(question)}")
    where = place(question.citation, titles)
    why = one_line(question.explanation)
    said = f"{why}{'' if not why or why[-1] in '。！？' else '。'}{f'依据：{where}' if where else ''}"
    lines.append(f"解析：{said}")
    return "\n".join(lines)


def _answer(question: Question) -> str:
    if question.type == "true_false":
        return "正确" if question.truth else "错误"
    if question.type == "cloze":
        return "|".join(
            ";".join(one_line(form).translate(_FULL_WIDTH) for form in blank.accepted) for blank in question.blanks
        )
    if question.type in OPEN:
        return "；".join(f"（{n}）{one_line(point.text)}" for n, point in enumerate(question.points_required, 1))
    return "".join(question.right)
