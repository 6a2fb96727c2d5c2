"""From the parts a reader has found to an item: letters for options, blanks for answers, a type that fits.

Knows what each type needs to be an item at all (`reason`). Knows no file format, and checks nothing against a clause.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.quiz.export.record import Record
from assistant.quiz.export.wording import CHOICES, OPEN, Feedback, blanks_in, split_stem, with_blank
from assistant.quiz.model import BLANK, Blank, Option, Point, Question, QuestionType
from kb.errors import SourceUnreadable

MOST_OPTIONS = 26
# The words, folded, by which people say that a statement holds or does not
TRUE = frozenset({"正确", "对", "是", "√", "✓", "true", "t", "1"})
FALSE = frozenset({"错误", "错", "否", "×", "✗", "x", "false", "f", "0"})
_DRAWN = re.compile(r"_{2,}|＿{2,}|（[\s_＿]*）|\([\s_]*\)|【\s*】")
# Share of characters that no text has, from which on a file is none
_ODD = 0.01


@dataclass(frozen=True)
class LeftOut:
    """A question that could not be taken over: where it stands (counted from 1), how it begins, and why."""

    place: int
    stem: str
    reason: str


@dataclass(frozen=True)
class Intake:
    """What a file gave."""

    questions: tuple[Question, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True)
class Draft:
    """The parts of one item as a file has them; ``options`` are (text, is right), ``stem`` may begin with a story.

    ``known`` says that ``id`` is one of ours. Others number their items from 1 in every file, so that two files' items
    would replace each other under their numbers.
    """

    type: QuestionType
    stem: str
    id: str = ""
    known: bool = False
    options: tuple[tuple[str, bool], ...] = ()
    truth: bool | None = None
    blanks: tuple[tuple[str, ...], ...] = ()
    feedback: Feedback = field(default_factory=Feedback)
    record: Record = field(default_factory=Record)


def question(draft: Draft, place: int) -> Question | LeftOut:
    """Return the item, or why it is none."""
    if why := reason(draft):
        return LeftOut(place=place, stem=draft.stem[:60], reason=why)
    story, stem = split_stem(draft.stem)
    keys = [chr(ord("A") + at) for at in range(len(draft.options))]
    points = tuple(
        Point(text=text, keywords=draft.record.keywords[at] if at < len(draft.record.keywords) else ())
        for at, text in enumerate(draft.feedback.points)
    )
    record = draft.record
    return Question(
        id=draft.id if draft.known and draft.id else content_id(draft),
        type="case" if story and draft.type == "short_answer" else draft.type,
        stem=stem,
        citation=record.citation,
        explanation=draft.feedback.explanation,
        points=1.0 if record.points is None else record.points,
        difficulty=record.difficulty,
        bloom=record.bloom,
        pattern=record.pattern,
        options=tuple(Option(key, text) for key, (text, _) in zip(keys, draft.options, strict=True)),
        right=tuple(key for key, (_, is_right) in zip(keys, draft.options, strict=True) if is_right),
        truth=draft.truth if draft.type == "true_false" else None,
        blanks=tuple(Blank(accepted) for accepted in draft.blanks),
        points_required=points,
        scenario=story,
        tags=record.tags,
        change=record.change,
        asks=record.asks,
    )


def content_id(draft: Draft) -> str:
    """Return an id of what an item says: the same item has the same one in every file, another item another."""
    said = repr((draft.type, draft.stem, draft.options, draft.truth, draft.blanks))
    return f"i{hashlib.sha256(said.encode('utf-8', 'replace')).hexdigest()[:10]}"


def reason(draft: Draft) -> str:
    """Return what an item lacks, in words for the trainer; nothing when it is whole."""
    right = sum(is_right for _, is_right in draft.options)
    if not draft.stem.strip():
        return "没有题干"
    if draft.type in CHOICES:
        if len(draft.options) < 2:
            return "选项不足两个"
        if len(draft.options) > MOST_OPTIONS:
            return f"选项超过 {MOST_OPTIONS} 个"
        if not all(text.strip() for text, _ in draft.options):
            return "有空白的选项"
        if not right:
            return "没有正确选项"
        if draft.type == "single" and right > 1:
            return "单选题有多个正确选项"
    if draft.type == "true_false" and draft.truth is None:
        return "判断题的答案不是“正确”或“错误”"
    if draft.type == "cloze":
        return _blanks_lack(draft.stem, draft.blanks)
    if draft.type in OPEN and not draft.stem.strip("_ "):
        return "没有题干"
    return ""


def _blanks_lack(stem: str, blanks: Sequence[Sequence[str]]) -> str:
    if not blanks or not all(forms and all(form.strip() for form in forms) for forms in blanks):
        return "填空题没有答案"
    if blanks_in(stem) != len(blanks):
        return f"题干有 {blanks_in(stem)} 个空，答案有 {len(blanks)} 个"
    return ""


def cloze_stem(stem: str, blanks: int) -> str:
    """Return the stem with its blanks as ours: longer lines shortened, one at the end where one is answered and none shown.

    Blanks as people draw them (空括号, ＿＿, ___) count where there are as many as answers.
    """
    uniform = re.sub(r"_{4,}", BLANK, stem)
    if blanks_in(uniform) < blanks and len(_DRAWN.findall(stem)) == blanks:
        return _DRAWN.sub(BLANK, stem)
    return with_blank(uniform) if blanks == 1 else uniform


def decoded(data: bytes, source: str) -> str:
    """Return the text of a file that a person may have saved from any editor: UTF-8, UTF-16 or GB18030.

    Raises:
        SourceUnreadable: it is no text at all (a Word file, an archive, a picture).
    """
    marks = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
    name = next((name for mark, name in marks if data.startswith(mark)), "")
    if not name:
        try:
            return _text(data.decode("utf-8"), source)
        except UnicodeDecodeError:
            name = "gb18030"
    return _text(data.decode(name, "replace"), source)


def _text(text: str, source: str) -> str:
    """Return ``text`` where it is one: almost without control characters and bytes that are no characters."""
    odd = sum(char == "\ufffd" or (char < " " and char not in "\t\n\r\f\v") for char in text)
    if "\0" in text or odd > max(3, len(text) * _ODD):
        raise SourceUnreadable(f"{source}：不是文本文件，读不出题目")
    return text


def folded(word: str) -> str:
    """Return a word of the layout (a head, a type, 正确) without width, case and spaces."""
    return "".join(unicodedata.normalize("NFKC", word).lower().split())
