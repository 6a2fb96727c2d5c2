"""A paper in Markdown: the paper first, the key with explanations and clauses after a rule."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from assistant.quiz.export.layout import PERSON_LINE, mixed_label, parts, points_shared, printed_stem, summary
from assistant.quiz.export.wording import OPEN, answer_words, clean, number, one_line, reference
from assistant.quiz.model import Paper, Question

# What is markup anywhere, and what is so at the start of a line only
_MARKUP = re.compile(r"([\\`*_\[\]<>~$&|])")
_BLOCK = re.compile(r"^(\s*)([-+#=]|\d{1,9}[.)])")

# Full-width lines to write on: they need no escapes, so that the text reads well as it is
_LINE, _BLANK = "＿" * 6, "＿" * 4


def render(papers: Sequence[Paper], titles: Mapping[str, str]) -> bytes:
    """Return the papers as one Markdown text."""
    return "\n\n".join(_paper(paper, titles) for paper in papers).encode("utf-8", "replace")


def escape(text: str) -> str:
    """Return ``text`` so that Markdown shows it as it is; a line end becomes a break."""
    inline = _MARKUP.sub(r"\\\1", clean(text).strip()).replace("\n", "<br>")
    return _BLOCK.sub(lambda found: f"{found[1]}{found[2][:-1]}\\{found[2][-1]}", inline)


def _paper(paper: Paper, titles: Mapping[str, str]) -> str:
    person = "　".join(f"{word}：{_LINE}" for word in PERSON_LINE)
    lines = [f"# {escape(one_line(paper.title))}", "", person, "", summary(paper), ""]
    sections = parts(paper)
    for part in sections:
        lines += [f"## {part.heading}（{part.marks}）", ""]
        for at, question in part.items:
            lines += [*_item(at, question, mixed_label(question, part)), ""]
    lines += ["---", "", "## 参考答案与解析", ""]
    for part in sections:
        for at, question in part.items:
            lines += [*_key(at, question, titles), ""]
    return "\n".join(lines).rstrip() + "\n"


def _item(at: int, question: Question, label: str) -> list[str]:
    lines = [f"> {escape(question.scenario)}", ""] if question.scenario else []
    lines.append(f"**{at}.** {label}{escape(printed_stem(question, blank=_BLANK))}")
    if question.options:
        lines.append("")
        lines += [f"- {escape(option.key)}. {escape(option.text)}" for option in question.options]
    return lines


def _key(at: int, question: Question, titles: Mapping[str, str]) -> list[str]:
    if question.type in OPEN:
        lines = [f"**{at}.** 参考要点（{number(question.points)} 分）", ""]
        lines += [f"{n}. {escape(text)}（{marks} 分）" for n, (text, marks) in enumerate(points_shared(question), 1)]
        lines.append("")
    else:
        lines = [f"**{at}.** {escape(answer_words(question))}（{number(question.points)} 分）", ""]
    if question.explanation:
        lines.append(f"- 解析：{escape(question.explanation)}")
    if where := reference(question, titles):
        lines.append(f"- 依据：{escape(where)}")
    return lines
