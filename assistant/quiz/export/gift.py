r"""Papers in Moodle's GIFT text: a category for each paper, an item for each question.

The escapes are GIFT's own (``\~ \= \# \{ \} \: \\``, ``\n`` for a line end); every text is marked ``[plain]``, so that
``<5℃`` stays what it is. Blanks are short answers; several blanks are answered in one field, with a separator the stem
names. Of an ASCII arrow ``->`` GIFT would make a matching item, so ``→`` is written. Open items are essays whose points
stand in the general feedback. What GIFT cannot hold stands in a comment (``record``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import product
from math import prod

from assistant.quiz.export.record import record, tags_of
from assistant.quiz.export.wording import clean, feedback, full_stem, name, one_line
from assistant.quiz.model import Blank, Paper, Question

# Separators of several blanks' answers, the first that stands in none of them
SEPARATORS = ("；", "/", "｜", "&", "@@")
HINT = "（各空答案依次用“{}”隔开）"
_MOST_COMBINED = 64
# The only parts of a mark that Moodle takes, written as it writes them
_SHARES = {
    1: "100",
    2: "50",
    3: "33.33333",
    4: "25",
    5: "20",
    6: "16.66667",
    7: "14.28571",
    8: "12.5",
    9: "11.11111",
    10: "10",
}


def render(papers: Sequence[Paper], titles: Mapping[str, str]) -> bytes:
    """Return the papers as one GIFT text."""
    blocks = []
    for paper in papers:
        blocks.append(f"$CATEGORY: $course$/top/{category(paper.title)}")
        blocks += [_item(at, question, titles) for at, question in enumerate(paper.questions, 1)]
    return ("\n\n".join(blocks) + "\n").encode("utf-8", "replace")


def category(title: str) -> str:
    """Return a title as the last part of a category's path, where a slash is doubled."""
    return one_line(title).replace("/", "//") or "试卷"


def share(count: int) -> str:
    """Return the part of the mark, in per cent, that each of ``count`` right options earns."""
    return _SHARES.get(count, f"{100 / count:.5f}")


def escape(text: str) -> str:
    """Return ``text`` with GIFT's control characters escaped."""
    escaped = re.sub(r"([\\~=#{}:])", r"\\\1", clean(text).replace("->", "→"))
    return escaped.replace("\n", "\\n")


def _item(at: int, question: Question, titles: Mapping[str, str]) -> str:
    id_ = one_line(question.id).replace("]", "\\]")
    tags = " ".join("[tag:{}]".format(one_line(tag).replace("]", "\\]")) for tag in tags_of(question))
    lines = [
        f"// {record(question)}",
        f"// [id:{id_}] {tags}",
        f"::{escape(name(at, question))}::[plain]{escape(_stem(question))}{{",
        *_answers(question),
    ]
    if words := feedback(question, titles):
        lines.append(f"####{escape(words)}")
    return "\n".join([*lines, "}"])


def _stem(question: Question) -> str:
    stem = full_stem(question)
    return f"{stem}{HINT.format(separator(question.blanks))}" if len(question.blanks) > 1 else stem


def _answers(question: Question) -> list[str]:
    right = set(question.right)
    if question.type == "single":
        return [f"{'=' if option.key in right else '~'}{_text(option.text)}" for option in question.options]
    if question.type == "multiple":
        part = share(len(right))
        return [f"~%{part if option.key in right else '-100'}%{_text(option.text)}" for option in question.options]
    if question.type == "true_false":
        return ["TRUE" if question.truth else "FALSE"]
    if question.type == "cloze":
        return [f"={_text(literal_stars(words))}" for words in combined(question.blanks)]
    return []


def _text(text: str) -> str:
    """Return one option's text; where it begins like a weight or a format, the format is said before it."""
    escaped = escape(text)
    return f"[plain]{escaped}" if escaped.lstrip().startswith(("%", "[")) else escaped


def literal_stars(answer: str) -> str:
    r"""Return a short answer whose stars stand for themselves: to Moodle a bare one is a wildcard, ``\*`` is not."""
    return answer.replace("*", "\\*")


def separator(blanks: Sequence[Blank]) -> str:
    """Return what stands between the answers of several blanks: the first separator that none of them contains."""
    words = [form for blank in blanks for form in blank.accepted]
    return next((one for one in SEPARATORS if not any(one in word for word in words)), SEPARATORS[-1])


def combined(blanks: Sequence[Blank]) -> list[str]:
    """Return every accepted answer of an item with one answer field for all its blanks.

    All combinations of the blanks' forms; where that would be too many, each form once beside the others' first forms.
    """
    between = separator(blanks)
    forms = [blank.accepted for blank in blanks]
    if prod(len(accepted) for accepted in forms) <= _MOST_COMBINED:
        chosen = list(product(*forms))
    else:
        firsts = tuple(accepted[0] for accepted in forms)
        chosen = [firsts] + [
            (*firsts[:place], form, *firsts[place + 1 :])
            for place, accepted in enumerate(forms)
            for form in accepted[1:]
        ]
    return [between.join(words) for words in chosen]
