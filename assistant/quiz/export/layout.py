"""How a paper is laid out for print, whatever the format: its parts by type, their headings, the marks of each.

Knows numbers, marks and words. Knows no file format.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.quiz.export.wording import CHOICES, clean, grouped, number, one_line
from assistant.quiz.model import BLANK, TYPE_WORDS, Paper, Question

_NUMERALS = "一二三四五六七八九十"
PERSON_LINE = ("姓名", "部门", "日期", "得分")


@dataclass(frozen=True)
class Part:
    """One part of a paper: its heading (``一、单选题``), what it is worth, its numbered items."""

    heading: str
    marks: str
    items: tuple[tuple[int, Question], ...]

    @property
    def points(self) -> float:
        """The marks of all its items."""
        return sum(question.points for _, question in self.items)


def parts(paper: Paper) -> list[Part]:
    """Return the paper's parts; where types come mixed, one part with every item under it, numbered as printed."""
    runs = grouped(paper.questions)
    if len(runs) > len({kind for kind, _ in runs}):
        return [Part("题目", worth(paper.questions), tuple(enumerate(paper.questions, 1)))]
    found, at = [], 1
    for place, (kind, questions) in enumerate(runs):
        heading = f"{_NUMERALS[place]}、{TYPE_WORDS[kind]}" if len(runs) > 1 else TYPE_WORDS[kind]
        found.append(Part(heading, worth(questions), tuple(enumerate(questions, at))))
        at += len(questions)
    return found


def worth(questions: Sequence[Question]) -> str:
    """Return what some items are worth: ``共 5 题，每题 2 分，共 10 分``."""
    total = number(sum(question.points for question in questions))
    marks = {question.points for question in questions}
    if len(questions) == 1:
        return f"1 题，{total} 分"
    each = f"每题 {number(marks.pop())} 分，" if len(marks) == 1 else ""
    return f"共 {len(questions)} 题，{each}共 {total} 分"


def summary(paper: Paper) -> str:
    """Return the line under a paper's title."""
    return f"共 {len(paper.questions)} 题，满分 {number(paper.points)} 分"


def printed_stem(question: Question, *, blank: str = BLANK) -> str:
    """Return a stem as a paper prints it: a place for the letter or the mark behind it, blanks as ``blank``."""
    stem = clean(question.stem).strip().replace(BLANK, blank)
    asks_for_mark = question.type in CHOICES or question.type == "true_false"
    return f"{stem}（　　）" if asks_for_mark and not re.search(r"[（(]\s*[)）]", stem) else stem


def mixed_label(question: Question, part: Part) -> str:
    """Return the item's type in brackets, where its part's heading does not say it."""
    return f"（{TYPE_WORDS[question.type]}）" if part.heading == "题目" else ""


def points_shared(question: Question) -> list[tuple[str, str]]:
    """Return the points of an open item with the marks each earns: halves as even as they go, the first ones more."""
    count = len(question.points_required)
    halves = round(question.points * 2)
    if not count:
        return []
    if halves < count or halves != question.points * 2:
        shares = [round(question.points / count, 2)] * count
    else:
        shares = [(halves // count + (at < halves % count)) / 2 for at in range(count)]
    return [(one_line(point.text), number(part)) for point, part in zip(question.points_required, shares, strict=True)]
