"""What an item from elsewhere leaves unsaid and its clause says: what makes a statement false, how else a number is written.

Only what the clause settles is added; the checks judge the item then like any other. Knows one item and its clause.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.quiz.check.answer import bare
from assistant.quiz.check.mistake import mistake
from assistant.quiz.material.amounts import AMOUNT, Amount, amounts, value_of, written_forms
from assistant.quiz.model import BLANK, Blank, Question
from kb.model import Block

_NUMBER = re.compile(r"\d+(?:\.\d+)?|[一二两三四五六七八九十百]{1,3}")


def mended(question: Question, blocks: Sequence[Block]) -> Question:
    """Return ``question`` with its mistake named and its numbers in all their writings, as far as ``blocks`` say.

    Args:
        question: an item tied to a clause, or changed by hand.
        blocks: the blocks of the cited section.
    """
    if question.type == "true_false":
        return _with_mistake(question, blocks)
    if question.type == "cloze":
        return replace(question, blanks=tuple(_with_forms(question, at) for at in range(len(question.blanks))))
    return question


def _with_mistake(question: Question, blocks: Sequence[Block]) -> Question:
    if question.truth is not False:
        return replace(question, change=None)
    known = question.change
    if known is not None and (known.kind == "order" or bare(known.written) in bare(question.stem)):
        return question
    return replace(question, change=mistake(question.stem, question.citation.quote, question.citation.clause, blocks))


def _with_forms(question: Question, at: int) -> Blank:
    """Return a blank with the other writings of its number, where one alone is given."""
    blank = question.blanks[at]
    first = blank.accepted[0]
    if len(blank.accepted) > 1 or not _NUMBER.match(first):
        return blank
    own = amounts(first)
    if len(own) == 1 and own[0].text == first:
        return Blank(written_forms(own[0], with_unit=True))
    parts = question.stem.split(BLANK)
    after = parts[at + 1] if at + 1 < len(parts) else ""
    found = AMOUNT.match(f"{first}{after[:8]}")
    if not found or found["number"] != first:
        return blank
    unit = found["unit"].replace("％", "%")
    forms = written_forms(Amount(first, first, unit, value_of(first), 0, len(first)), with_unit=False)
    return Blank(tuple(dict.fromkeys((first, *forms))))
