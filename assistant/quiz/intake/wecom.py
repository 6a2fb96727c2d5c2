"""The text form of 企微云学院, and of most question banks typed in a text editor → items.

An item begins with its number; options begin with their letter, alone or several on a line; ``答案：`` and ``解析：`` begin
their lines, in brackets too (``【答案】``). The answer tells the type, as on the platform: letters, 正确 or 错误, the forms of
each blank (``|`` between blanks, ``;`` between forms), anything else is an open item whose points ``；`` or numbers part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant.quiz.export.wording import Feedback, blanks_in
from assistant.quiz.intake.draft import FALSE, TRUE, Draft, Intake, LeftOut, decoded, folded, question
from assistant.quiz.model import BLANK, Question

_START = re.compile(r"^\s*(?:第\s*)?(\d{1,4})\s*(?:题\s*)?[.、．)）:：]\s*(?=\S)")
_OPTION = re.compile(r"^\s*([A-Za-z])\s*[.、．)）:：]\s*(?=\S)")
_NEXT_OPTION = re.compile(r"\s+(?=[B-Z]\s*[.、．)）:：]\s*\S)")
_NAMES = "正确答案|参考答案|标准答案|答案解析|试题解析|答案|解析|难度|知识点|分值|题型"
_FIELD = re.compile(rf"^\s*(?:[【\[]\s*({_NAMES})\s*[】\]]\s*[:：]?|({_NAMES})\s*[:：])\s*")
_TYPES = "(?:单选|多选|判断|填空|简答|问答|案例)[^）)】\\]]{0,4}"
_LABEL = re.compile(rf"^[（(【\[]\s*{_TYPES}[）)】\]]\s*|\s*[（(【\[]\s*{_TYPES}[）)】\]]$")
_POINT = re.compile(r"[；;\n]|(?=[（(]\d{1,2}[）)])")
_POINT_NUMBER = re.compile(r"^\s*(?:[（(]\d{1,2}[）)]|\d{1,2}[.、．)）])\s*")


@dataclass
class _Block:
    """One item as it is typed; ``last`` is the part a further line belongs to."""

    stem: list[str] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)
    fields: dict[str, list[str]] = field(default_factory=dict)
    last: str = "stem"


def speaks(text: str) -> bool:
    """Say whether a text is of this form: lines that begin with 答案."""
    return any((found := _FIELD.match(line)) and _name(found).endswith("答案") for line in text.split("\n"))


def read(data: bytes, source: str) -> Intake:
    """Return the items of a text.

    Raises:
        SourceUnreadable: it is no text.
    """
    questions: list[Question] = []
    left_out: list[LeftOut] = []
    for place, block in enumerate(_blocks(decoded(data, source)), 1):
        found = _item(block, place)
        if isinstance(found, Question):
            questions.append(found)
        else:
            left_out.append(found)
    return Intake(tuple(questions), tuple(left_out))


def _blocks(text: str) -> Iterator[_Block]:
    """Yield the items: a numbered line begins one, once the one before has its answer or none was begun."""
    block: _Block | None = None
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        start = _START.match(line)
        if start and (block is None or "answer" in block.fields):
            if block is not None:
                yield block
            block = _Block(stem=[line[start.end() :].strip()])
        elif block is not None and line.strip():
            _add(block, line)
    if block is not None:
        yield block


def _add(block: _Block, line: str) -> None:
    named = _FIELD.match(line)
    if named:
        name = _name(named)
        key = "answer" if name.endswith("答案") else "why" if name.endswith("解析") else "other"
        block.fields.setdefault(key, []).append(line[named.end() :].strip())
        block.last = key
        return
    option = _OPTION.match(line)
    if option and block.last in {"stem", "option"}:
        for part in _NEXT_OPTION.split(line.strip()):
            found = _OPTION.match(part)
            if found:
                block.options.append((found[1].upper(), part[found.end() :].strip()))
        block.last = "option"
    elif block.last == "option":
        letter, text = block.options[-1]
        block.options[-1] = (letter, f"{text} {line.strip()}")
    elif block.last == "stem":
        block.stem.append(line.strip())
    else:
        block.fields[block.last].append(line.strip())


def _name(found: re.Match[str]) -> str:
    """Return the name of the field that a line begins with."""
    return found[1] or found[2]


def _item(block: _Block, place: int) -> Question | LeftOut:
    stem = _LABEL.sub("", "\n".join(block.stem)).strip()
    answer = "\n".join(block.fields.get("answer", ())).strip()
    feedback = Feedback(explanation="\n".join(block.fields.get("why", ())).strip())
    if "answer" not in block.fields:
        return LeftOut(place, stem[:60], "没有“答案：”一行")
    if block.options:
        right = set(re.findall("[a-z]", folded(answer)))
        if not right or not right <= {letter.lower() for letter, _ in block.options}:
            return LeftOut(place, stem[:60], f"答案“{answer[:20]}”里有没有列出的选项")
        options = tuple((text, letter.lower() in right) for letter, text in block.options)
        return question(
            Draft(type="multiple" if len(right) > 1 else "single", stem=stem, options=options, feedback=feedback), place
        )
    if folded(answer) in TRUE | FALSE:
        return question(Draft(type="true_false", stem=stem, truth=folded(answer) in TRUE, feedback=feedback), place)
    shown = re.sub(r"_{2,}|＿{2,}", BLANK, stem)
    if blanks_in(shown):
        forms = tuple(
            tuple(dict.fromkeys(form.strip() for form in re.split("[;；]", blank) if form.strip()))
            for blank in re.split(r"[|｜]", answer)
        )
        return question(Draft(type="cloze", stem=shown, blanks=forms, feedback=feedback), place)
    points = tuple(text for one in _POINT.split(answer) if (text := _POINT_NUMBER.sub("", one).strip()))
    open_ = Feedback(points=points, explanation=feedback.explanation)
    return question(Draft(type="short_answer", stem=stem, feedback=open_), place)
