"""All checks by name, on one item and on a paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from math import ceil

from assistant.quiz.check import answer, form, mistake
from assistant.quiz.check.answer import bare
from assistant.quiz.check.sources import Sources
from assistant.quiz.material.names import overlap
from assistant.quiz.model import Question, Rejected

Check = Callable[[Question, Sources], str]
CHECKS: tuple[tuple[str, Check], ...] = (
    ("引文逐字可查", answer.quote_is_verbatim),
    ("答案有引文支持", answer.answer_is_supported),
    ("判断与原文一致", mistake.true_is_true),
    ("题干说的是答案", mistake.stem_is_the_right_ones),
    ("搭配与原文一致", mistake.pairs_belong_together),
    ("干扰项不成立", answer.wrong_options_are_wrong),
    ("正确选项数", form.one_right_answer),
    ("无笼统选项", form.no_catch_all),
    ("题干不泄露答案", form.stem_keeps_the_answer),
    ("题干独立成立", form.stem_stands_alone),
    ("文字完整", form.text_is_whole),
    ("选项形式一致", form.options_are_alike),
    ("错误只有一处", answer.false_by_one_change),
    ("填空合理", answer.blanks_are_fair),
    ("要点明确", answer.points_are_clear),
)
MOST_PATTERN = 0.15
MOST_POSITION = 0.4


def failures(question: Question, sources: Sources) -> list[Rejected]:
    """Return every check that turns ``question`` down, with the reason."""
    found = ((name, check(question, sources)) for name, check in CHECKS)
    return [Rejected(question, name, reason) for name, reason in found if reason]


def first_failure(question: Question, sources: Sources) -> Rejected | None:
    """Return the first check that turns ``question`` down."""
    for name, check in CHECKS:
        if reason := check(question, sources):
            return Rejected(question, name, reason)
    return None


def paper_failures(questions: Sequence[Question]) -> list[str]:
    """Return what is wrong with a paper as a whole: right letters that pile up, items that ask the same, one way of asking."""
    problems = [f"“{one.stem[:20]}…”与“{two.stem[:20]}…”问的是同一件事" for one, two in twins(questions)]
    letters = Counter(key for question in questions if question.type == "single" for key in question.right)
    total = sum(letters.values())
    if total >= 8 and max(letters.values()) > ceil(total * MOST_POSITION):
        problems.append(f"单选题的正确选项集中在 {letters.most_common(1)[0][0]}")
    truths = Counter(question.truth for question in questions if question.type == "true_false")
    total = sum(truths.values())
    if total >= 6 and max(truths.values()) > ceil(total * 0.7):
        problems.append("判断题的对错过于集中")
    patterns = Counter(question.pattern for question in questions)
    if len(questions) >= 20:
        problems += [
            f"“{pattern}”这种问法占了 {count}/{len(questions)}"
            for pattern, count in patterns.items()
            if count > ceil(len(questions) * MOST_PATTERN)
        ]
    return problems


def twins(questions: Iterable[Question]) -> list[tuple[Question, Question]]:
    """Return pairs of items that ask the same: one fact, or nearly one stem with one answer."""
    kept: list[Question] = []
    found: list[tuple[Question, Question]] = []
    for question in questions:
        same = next((other for other in kept if same_item(question, other)), None)
        if same:
            found.append((same, question))
        else:
            kept.append(question)
    return found


def same_item(one: Question, other: Question) -> bool:
    """Say whether two items ask the same fact, or say nearly the same."""
    if one.asks and one.asks == other.asks:
        return True
    if one.type != other.type:
        return False
    if bare(one.scenario + one.stem) == bare(other.scenario + other.stem):
        return _same_answer(one, other)
    near = one.citation.document == other.citation.document and one.citation.clause == other.citation.clause
    return near and overlap(one.scenario + one.stem, other.scenario + other.stem) > 0.9 and _same_answer(one, other)


def _same_answer(one: Question, other: Question) -> bool:
    """Say whether two choices share half of their right options; items of other types have one answer."""
    if not one.options or not other.options:
        return True
    first = {bare(option.text) for option in one.options if option.key in one.right}
    second = {bare(option.text) for option in other.options if option.key in other.right}
    return len(first & second) * 2 >= min(len(first), len(second))
