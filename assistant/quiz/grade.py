"""Grading: a response to an item becomes marks, and says what was missed and where it stands.

Choices by their keys or words, blanks by any accepted form, open answers by the required points found in them. Lexical:
a point counts as made where its amounts stand in the answer and most of its words do (or their synonyms), on the same
side of "not". No model; a teacher may overrule it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.quiz.check.answer import bare
from assistant.quiz.material.amounts import amounts, han, value_of
from assistant.quiz.material.names import bigrams
from assistant.quiz.model import Blank, Point, Question
from kb.fold import fold
from kb.segment import Segmenter, content_words
from kb.synonyms import Synonyms, parse

Response = str | bool | Sequence[str] | None

_RIGHT = frozenset("对 正确 √ ✓ t true yes 是 y 1 a".split())
_WRONG = frozenset("错 错误 × ✗ x f false no 否 n 0 b 不对 不正确".split())
_PARTS = re.compile(r"[;；|\n]+|(?<!\d),|，|、")
_NEGATIVE = re.compile(r"红线|违规|不得|不能|不准|不可|不许|不应|不要|严禁|禁止|不允许|违反|勿|别(?!人|的|处)|未经|不")
_BANNING = re.compile(r"不得|严禁|禁止|不准|不允许|不许|不可|不能")
_REFUSES = re.compile(
    r"(?:我?认?为?这(?:样|种)?(?:做法?|是|种做法)?)?(?:不对|不行|不可以|不能|不允许|不正确|不妥|错|违规|违反)"
)
_ALLOWS = re.compile(r"(?:我?认?为?这(?:样|种)?(?:做法?|是|种做法)?)?(?:对|可以|行|允许|正确|没问题|没错)的?$")
_CLAUSE = re.compile(r"[。；;！!？?\n，,]")
ENOUGH = 0.55  # share of a point's words that makes it
ENOUGH_OF_LONG = 0.45  # of a long one people say the gist
LONG_POINT = 14
ENOUGH_WORDS = 0.5
SHORT_POINT = 4  # a point of at most so many characters has to be said as it is
# Half marks for a choice with right options only, but not all of them, as school papers count.
PART_OF_CHOICE = 0.5
_NONE = parse("")


@dataclass(frozen=True)
class PointMark:
    """One required point, and whether the answer makes it."""

    point: Point
    made: bool


@dataclass(frozen=True)
class Grade:
    """The marks of one response. ``feedback`` is what the person is told; ``points`` is what could be had."""

    question: str
    score: float
    points: float
    feedback: str
    marks: tuple[PointMark, ...] = ()

    @property
    def right(self) -> bool:
        """Say whether all marks were earned."""
        return self.score >= self.points

    @property
    def missed(self) -> tuple[Point, ...]:
        """The required points that the answer does not make."""
        return tuple(mark.point for mark in self.marks if not mark.made)


def grade(question: Question, response: Response, *, synonyms: Synonyms | None = None) -> Grade:
    """Return the marks of ``response``: keys of options, true or false, the words of the blanks, or a text.

    Args:
        question: the item.
        response: ``"B"``, ``["A", "C"]``, ``True``, ``["30", "客服主管"]`` or free text; nothing is no answer.
        synonyms: words that mean the same in this company, for open answers.
    """
    if question.type in {"single", "multiple"}:
        share, told = _choice(question, response)
    elif question.type == "true_false":
        share, told = _judgement(question, response)
    elif question.type == "cloze":
        share, told = _cloze(question, response)
    else:
        return _open(question, response, synonyms or _NONE)
    where = f"依据 {question.citation.clause}。" if question.citation.clause else ""
    return Grade(question.id, _rounded(share * question.points), question.points, f"{told}{where}")


def _rounded(score: float) -> float:
    """Return marks in steps of a half."""
    return round(score * 2) / 2


def chosen_keys(question: Question, response: Response) -> set[str]:
    """Return the keys that a response names: letters (AC, A,C), or the words of options."""
    if response is None or isinstance(response, bool):
        return set()
    keys = {option.key for option in question.options}
    by_text = {bare(option.text): option.key for option in question.options}
    parts = [response] if isinstance(response, str) else list(response)
    found: set[str] = set()
    for part in parts:
        text = part.strip()
        letters = re.sub(r"[\s,，、;；.]", "", text).upper()
        if letters and set(letters) <= keys:
            found |= set(letters)
        elif bare(text) in by_text:
            found.add(by_text[bare(text)])
        elif (led := re.match(r"^([A-Ha-h])[.．、)）]", text)) and led[1].upper() in keys:
            found.add(led[1].upper())
    return found


def _choice(question: Question, response: Response) -> tuple[float, str]:
    chosen, right = chosen_keys(question, response), set(question.right)
    answer = "".join(sorted(right))
    if not chosen:
        return 0.0, f"没有作答，正确答案是 {answer}。"
    if chosen == right:
        return 1.0, "回答正确。"
    if question.type == "multiple" and chosen < right:
        return PART_OF_CHOICE, f"少选了 {''.join(sorted(right - chosen))}，正确答案是 {answer}。"
    return 0.0, f"回答错误，正确答案是 {answer}。"


def _judgement(question: Question, response: Response) -> tuple[float, str]:
    said = _truth(response)
    word = "正确" if question.truth else "错误"
    told = "" if question.change is None else f"错在“{question.change.written}”，原文是“{question.change.original}”。"
    if said is None:
        return 0.0, f"没有作答，这句话是{word}的。{told}"
    if said == question.truth:
        return 1.0, f"回答正确。{told}"
    return 0.0, f"回答错误，这句话是{word}的。{told}"


def _truth(response: Response) -> bool | None:
    if isinstance(response, bool) or response is None:
        return response
    text = fold(response if isinstance(response, str) else "".join(response)).strip().rstrip("的。")
    return True if text in _RIGHT else False if text in _WRONG else None


def _cloze(question: Question, response: Response) -> tuple[float, str]:
    parts = _blank_parts(response, len(question.blanks))
    hits = [fits(blank, part) for blank, part in zip(question.blanks, parts, strict=True)]
    if all(hits):
        return 1.0, "回答正确。"
    shown = "；".join(blank.accepted[0] for blank in question.blanks)
    return sum(hits) / len(hits), f"答对 {sum(hits)}/{len(hits)} 空，正确答案是：{shown}。"


def _blank_parts(response: Response, count: int) -> list[str]:
    if response is None or isinstance(response, bool):
        return [""] * count
    if isinstance(response, str):
        listed = [response] if count == 1 else [part for part in _PARTS.split(response) if part.strip()]
    else:
        listed = list(response)
    return [*listed[:count], *[""] * (count - len(listed))]


def fits(blank: Blank, said: str) -> bool:
    """Say whether ``said`` is one of the accepted forms: the same letters, or the same amount otherwise written."""
    given = bare(said)
    if not given:
        return False
    if given in {bare(form) for form in blank.accepted}:
        return True
    value, unit = _measured(said)
    if value is None:
        return False
    measured = [_measured(form) for form in blank.accepted]
    units = {one for _, one in measured if one}
    return any(value == other for other, _ in measured) and (not unit or not units or unit in units)


def _measured(text: str) -> tuple[float | None, str]:
    """Return (value, unit) of an amount in any writing (百分之三十, 30％, 两 个工作日)."""
    folded = re.sub(r"\s", "", fold(text))
    percent = re.fullmatch(r"百分之([零一二两三四五六七八九十百]+|\d+(?:\.\d+)?)", folded)
    if percent:
        return _value(percent[1]), "%"
    found = re.fullmatch(r"(\d+(?:\.\d+)?|[零一二两三四五六七八九十百千半]+)个?([%\u4e00-\u9fff]*)", folded)
    return (_value(found[1]), found[2]) if found else (None, "")


def _value(number: str) -> float | None:
    try:
        return value_of(number)
    except ValueError:
        return None


# open answers


def _open(question: Question, response: Response, synonyms: Synonyms) -> Grade:
    text = response if isinstance(response, str) else "。".join(response) if isinstance(response, Sequence) else ""
    marks = tuple(PointMark(point, makes(text, point, synonyms)) for point in question.points_required)
    made = sum(mark.made for mark in marks)
    score = _rounded(question.points * made / len(marks)) if marks else 0.0
    missed = [mark.point.text for mark in marks if not mark.made]
    told = f"答到 {made}/{len(marks)} 个要点。" + (f"漏了：{'；'.join(missed)}。" if missed else "")
    where = f"依据 {question.citation.clause}。" if question.citation.clause else ""
    return Grade(question.id, score, question.points, f"{told}{where}", marks)


def makes(answer: str, point: Point, synonyms: Synonyms = _NONE) -> bool:
    """Say whether ``answer`` makes ``point``: its words or one of its keywords, its amounts, and not their opposite."""
    if not answer.strip():
        return False
    forms = (point.text, *point.keywords)
    clauses = [clause for clause in _CLAUSE.split(answer) if clause.strip()]
    return any(_says(form, answer, clauses, synonyms) for form in forms)


def _says(form: str, answer: str, clauses: Sequence[str], synonyms: Synonyms) -> bool:
    wanted = amounts(form)
    if wanted and not all(_stated(one.value, one.unit, answer) for one in wanted):
        return False
    own = bare(form)
    if own in bare(answer):
        return _same_side(form, [clause for clause in clauses if own in bare(clause)] or clauses, clauses)
    if len(own) <= SHORT_POINT:
        return any(other in bare(answer) for other in map(bare, synonyms.by_word.get(own, ())) if len(other) > 1)
    needed = bigrams(re.sub(r"\d+", "", form))
    told = _widened(answer, form, synonyms)
    enough = ENOUGH if len(own) <= LONG_POINT else ENOUGH_OF_LONG
    if len(needed & bigrams(told)) < enough * len(needed) and not _shares_words(form, told):
        return False
    nearest = max(clauses, key=lambda clause: len(needed & bigrams(clause)), default="")
    return _same_side(form, [nearest], clauses)


def _stated(value: float, unit: str, answer: str) -> bool:
    """Say whether an amount of that value and unit stands in ``answer``, in digits or Han."""
    digits = f"{value:g}"
    words = [digits, han(value), *(["两"] if value == 2 else [])]
    stem = re.escape(unit.lstrip("个"))
    if unit == "%" and re.search(rf"百分之(?:{'|'.join(word for word in words if word)})", answer):
        return True
    return any(re.search(rf"(?<![\d.十]){word}\s*个?{stem}", fold(answer)) for word in words if word)


def _shares_words(form: str, told: str) -> bool:
    """Say whether the answer has half of the point's words, and two at least: 私下了结 for 私下用现金了结投诉."""
    words = {word for word in content_words(_segmenter().cut(form)) if len(word) > 1}
    said = {word for word in words if word in fold(told)}
    return len(said) >= 2 and len(said) >= ENOUGH_WORDS * len(words)


@lru_cache(maxsize=1)
def _segmenter() -> Segmenter:
    """Return the plain dictionary, built once: 0.15 s."""
    return Segmenter()


def _widened(answer: str, form: str, synonyms: Synonyms) -> str:
    """Return the answer, and it again with its words exchanged for synonyms that the point uses."""
    folded, wanted = fold(answer), fold(form)
    extra = [
        other
        for word, others in synonyms.expand(folded).items()
        for other in others
        if other in wanted and word not in wanted
    ]
    return f"{answer}。{'。'.join(extra)}"


def _same_side(form: str, clauses: Sequence[str], answer: Sequence[str]) -> bool:
    """Say whether some clause forbids what the point forbids, or demands what it demands.

    A ban is also kept by an ``answer`` that opens with its verdict (不对。…), and by none that opens with the opposite.
    """
    forbids = bool(_BANNING.search(form))
    if forbids:
        if answer and _ALLOWS.match(answer[0].strip()):
            return False
        judged = bool(answer) and bool(_REFUSES.match(answer[0].strip()))
        return judged or any(_NEGATIVE.search(clause) for clause in clauses)
    if _NEGATIVE.search(form):
        return True
    return any(not re.search(r"不用|不需要|不必|无需|不应|不得|不要|没必要", clause) for clause in clauses)
