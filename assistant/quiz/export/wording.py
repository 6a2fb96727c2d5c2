"""The words that every export puts round an item: its answer, the points of an open one, its explanation and its clause.

Knows no file format. What it writes for an open answer (`feedback`) it can also read (`read_feedback`), because formats
without a place for points and clause carry them there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.output import clean as clean
from assistant.quiz.model import BLANK, Bloom, Difficulty, Question, QuestionType
from kb.model import Citation

DIFFICULTY_WORDS: dict[Difficulty, str] = {"easy": "易", "medium": "中", "hard": "难"}
BLOOM_WORDS: dict[Bloom, str] = {"remember": "记忆", "understand": "理解", "apply": "应用", "analyze": "分析"}
TRUTH_WORDS = {True: "正确", False: "错误"}
OPEN: frozenset[QuestionType] = frozenset({"short_answer", "case"})
CHOICES: frozenset[QuestionType] = frozenset({"single", "multiple"})

_POINTS, _WHY, _WHERE = "【参考要点】", "【解析】", "【依据】"
_STORY, _TASK = "【案例】", "【问题】"
# A quote longer than this many characters fills a key with whole lists; its start is enough to find it
_LONG = 120
# So many characters of a quote in the explanation, and it need not be said twice
_TOLD = 24


@dataclass(frozen=True)
class Feedback:
    """What stands behind an item: the points an open answer needs, why the answer is right, and the clause's words."""

    points: tuple[str, ...] = ()
    explanation: str = ""
    reference: str = ""


def one_line(text: str) -> str:
    """Return ``text`` on one line, runs of white space as one space."""
    return " ".join(clean(text).split())


def number(value: float) -> str:
    """Return marks as people write them: 2, 2.5."""
    return f"{value:g}"


def name(at: int, question: Question) -> str:
    """Return what an item is called in a platform's list: its number in the paper and the start of its stem."""
    return f"{at:02} {one_line(question.stem)[:40]}".strip()


def grouped(questions: Iterable[Question]) -> list[tuple[QuestionType, list[Question]]]:
    """Return the items in runs of one type, in printed order."""
    return [(kind, list(run)) for kind, run in groupby(questions, key=lambda question: question.type)]


def sourced(citation: Citation) -> bool:
    """Say whether an item has a clause at all; one that came in from elsewhere may have none yet."""
    return bool(citation.clause or citation.section)


def place(citation: Citation, titles: Mapping[str, str]) -> str:
    """Return where an item comes from, for a reader: ``《客户投诉处理SOP》5.1 受理与登记（5.1-2）``."""
    if not sourced(citation):
        return ""
    document = titles.get(citation.document, citation.document)
    number_ = "" if citation.section.startswith("§") or citation.section == citation.title else f"{citation.section} "
    # a positional number (§2.1) is no word of the source, so its clause id says nothing to a reader
    clause = "" if citation.clause.startswith("§") or not citation.clause else f"（{citation.clause}）"
    return one_line(f"{f'《{document}》' if document else ''}{number_}{citation.title}{clause}")


def reference(question: Question, titles: Mapping[str, str]) -> str:
    """Return the place and, where the explanation has not quoted them already, the verbatim words on one line."""
    where, quote = place(question.citation, titles), shown_quote(question)
    return f"{where}：“{quote}”" if where and quote else where


def shown_quote(question: Question) -> str:
    """Return the clause's words for a reader: none where the explanation has them, the start of them where they are long."""
    quote = one_line(question.citation.quote)
    said, start = "".join(question.explanation.split()), "".join(quote.split())[:_TOLD]
    if not quote or start in said:
        return ""
    return quote if len(quote) <= _LONG else f"{quote[:_LONG]}……"


def answer_words(question: Question) -> str:
    """Return the right answer as a key prints it: ``A``、``ABD``、``正确``、``30分钟（或半小时）；2次``."""
    if question.type in CHOICES:
        return "".join(question.right)
    if question.type == "true_false":
        return TRUTH_WORDS[bool(question.truth)]
    if question.type == "cloze":
        return "；".join(_blank_words(blank.accepted) for blank in question.blanks)
    return "；".join(one_line(point.text) for point in question.points_required)


def _blank_words(accepted: Sequence[str]) -> str:
    if not accepted:
        return ""
    first, others = one_line(accepted[0]), [one_line(other) for other in accepted[1:]]
    return f"{first}（或{'、'.join(others)}）" if others else first


def full_stem(question: Question) -> str:
    """Return the stem with the story of a case before it, both marked where there is one."""
    if not question.scenario:
        return clean(question.stem)
    return f"{_STORY}{clean(question.scenario)}\n{_TASK}{clean(question.stem)}"


def split_stem(text: str) -> tuple[str, str]:
    """Return story and stem of what ``full_stem`` wrote; the story is empty where there is none."""
    found = re.fullmatch(rf"\s*{_STORY}(.*?)\n\s*{_TASK}(.*)", text, re.DOTALL)
    return (found[1].strip(), found[2].strip()) if found else ("", text)


def feedback(question: Question, titles: Mapping[str, str]) -> str:
    """Return what is shown after answering: points of an open item, explanation, clause and its words."""
    lines = []
    if question.points_required:
        lines += [_POINTS, *(f"{n}. {one_line(point.text)}" for n, point in enumerate(question.points_required, 1))]
    if question.explanation:
        lines.append(f"{_WHY}{clean(question.explanation)}")
    if where := reference(question, titles):
        lines.append(f"{_WHERE}{where}")
    return "\n".join(lines)


def read_feedback(text: str) -> Feedback:
    """Return the parts of what ``feedback`` wrote; words without its marks are the explanation."""
    rest, _, where = text.rpartition(f"\n{_WHERE}") if f"\n{_WHERE}" in text else (text, "", "")
    if not where and rest.startswith(_WHERE):
        rest, where = "", rest.removeprefix(_WHERE)
    points: tuple[str, ...] = ()
    if rest.startswith(_POINTS):
        listed, _, why = rest.removeprefix(_POINTS).partition(f"\n{_WHY}")
        points = tuple(re.sub(r"^\d+[.、]\s*", "", line) for line in listed.split("\n") if line.strip())
        rest = why
    return Feedback(points=points, explanation=rest.removeprefix(_WHY).strip(), reference=where.strip())


def blanks_in(stem: str) -> int:
    """Return how many blanks a stem shows: runs of four or more underscores."""
    return len(re.findall(r"_{4,}", stem))


def with_blank(stem: str) -> str:
    """Return ``stem`` with a blank: at its end where it has none."""
    return stem if BLANK in stem else f"{stem.rstrip()}{BLANK}"
