"""A paper for Word in three parts, each from a new page with pages of its own: the paper, an answer sheet, the key.

The key names the clause of every answer and how an open answer's marks are shared. Whoever hands out only the paper
prints its part, or takes the zip (`write` with a ``.zip``), where each paper is a file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from assistant import word_document as word
from assistant.quiz.export.layout import (
    PERSON_LINE,
    Part,
    mixed_label,
    parts,
    points_shared,
    printed_stem,
    summary,
    worth,
)
from assistant.quiz.export.wording import (
    CHOICES,
    OPEN,
    answer_words,
    number,
    one_line,
    place,
    shown_quote,
)
from assistant.quiz.model import Option, Paper, Question

# Centimetres between the margins of an A4 page
_WIDTH = 16.6
# A blank and the room for a letter, neither of which a line's end may tear
_LINE, _ROOM = "_" * 10, "（\u00a0\u00a0\u00a0\u00a0\u00a0）"
_LETTERED = CHOICES | {"true_false"}


def render(papers: Sequence[Paper], titles: Mapping[str, str]) -> bytes:
    """Return the papers as one document."""
    title = one_line(papers[0].title) if papers else "试卷"
    document = word.new_document(title)
    for at, paper in enumerate(papers):
        name = one_line(paper.title)
        word.running_heads(document.sections[0] if at == 0 else word.next_part(document), name, "试卷")
        _paper(document, paper)
        word.running_heads(word.next_part(document), name, "答题卡")
        _sheet(document, paper)
        word.running_heads(word.next_part(document), f"{name}（教师用，请勿下发）", "参考答案与评分标准")
        _key(document, paper, titles)
    return word.saved(document)


def _paper(document: Any, paper: Paper) -> None:  # noqa: ANN401 (a docx document)
    _title(document, paper.title)
    _person(document)
    sections = parts(paper)
    _score_table(document, sections, paper)
    _centred(document, f"{summary(paper)}。请将答案写在答题卡上。", before=6)
    for part in sections:
        document.add_heading(f"{part.heading}（{part.marks}）", level=1)
        for at, question in part.items:
            _item(document, at, question, part)
    _centred(document, "—— 试卷到此结束 ——")


def _title(document: Any, text: str, *, under: str = "") -> None:  # noqa: ANN401 (a docx document)
    """Write a part's title and, on a line of its own, which part it is."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    title = document.add_paragraph(style="Title")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    word.write_runs(title, one_line(text))
    if under:
        line = document.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        word.write_runs(line, under, bold=True)
        line.runs[0].font.size = Pt(13)


def _person(document: Any) -> None:  # noqa: ANN401 (a docx document)
    """Write the line to fill in: name, department, date, score."""
    line = document.add_paragraph()
    for place_, head in enumerate(PERSON_LINE):
        line.add_run(f"{head}：")
        line.add_run("　" * (7 if head == "部门" else 5)).underline = True
        if place_ < len(PERSON_LINE) - 1:
            line.add_run("　")
    line.alignment = 1


def _score_table(document: Any, sections: Sequence[Part], paper: Paper) -> None:  # noqa: ANN401 (a docx document)
    """Write the table in which the marker notes the score of each part."""
    names = [part.heading.partition("、")[2] or part.heading for part in sections]
    widths = [2.0] + [(_WIDTH - 2.0) / (len(names) + 1)] * (len(names) + 1)
    made = word.table(document, widths, ["题型", *names, "总分"])
    full = word.add_row(made, widths)
    for cell, text in zip(
        full.cells, ["满分", *(number(part.points) for part in sections), number(paper.points)], strict=True
    ):
        word.fill(cell, text, centred=True)
    word.fill(word.add_row(made, widths, height=0.75).cells[0], "得分", centred=True)


def _item(document: Any, at: int, question: Question, part: Part) -> None:  # noqa: ANN401 (a docx document)
    from docx.shared import Cm, Pt

    first = document.add_paragraph()
    _hang(first, 0.75)
    first.paragraph_format.space_before = Pt(4)
    first.paragraph_format.keep_together = True
    first.add_run(f"{at}.\t")
    stem = first
    if question.scenario:
        first.add_run("【案例】").bold = True
        word.write_runs(first, question.scenario)
        first.paragraph_format.keep_with_next = True
        stem = document.add_paragraph()
        stem.paragraph_format.left_indent = Cm(0.75)
    marks = f"（{number(question.points)} 分）" if len({one.points for _, one in part.items}) > 1 else ""
    words = f"{mixed_label(question, part)}{printed_stem(question, blank=_LINE)}{marks}"
    word.write_runs(stem, re.sub(r"（\s*）", _ROOM, words))
    rows = _option_rows(question.options)
    stem.paragraph_format.keep_with_next = bool(rows)
    for place_, row in enumerate(rows):
        _options(document, row, last=place_ == len(rows) - 1)


def _hang(paragraph: Any, indent: float) -> None:  # noqa: ANN401 (a docx paragraph)
    from docx.shared import Cm

    paragraph.paragraph_format.left_indent = Cm(indent)
    paragraph.paragraph_format.first_line_indent = Cm(-indent)
    paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(indent))


def _option_rows(options: Sequence[Option]) -> list[list[Option]]:
    """Return the options in rows of four, two or one, by the longest of them."""
    longest = max((_columns(one_line(option.text)) for option in options), default=0)
    many = 4 if longest <= 12 and len(options) <= 4 else 2 if longest <= 32 else 1
    return [list(options[at : at + many]) for at in range(0, len(options), many)]


def _columns(text: str) -> int:
    """Return how wide a text is, a Han character counting two."""
    return sum(2 if ord(char) > 0x2E80 else 1 for char in text)


def _options(document: Any, row: Sequence[Option], *, last: bool) -> None:  # noqa: ANN401 (a docx document)
    from docx.shared import Cm, Pt

    line = document.add_paragraph()
    line.paragraph_format.space_after = Pt(1)
    line.paragraph_format.keep_with_next = not last
    if len(row) == 1:
        line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Cm(1.4), Cm(-0.65)
        line.paragraph_format.tab_stops.add_tab_stop(Cm(1.4))
        word.write_runs(line, f"{row[0].key}.\t{one_line(row[0].text)}")
        return
    line.paragraph_format.left_indent = Cm(0.75)
    for at in range(1, len(row)):
        line.paragraph_format.tab_stops.add_tab_stop(Cm(0.75 + at * (_WIDTH - 0.75) / len(row)))
    word.write_runs(line, "\t".join(f"{option.key}. {one_line(option.text)}" for option in row))


def _sheet(document: Any, paper: Paper) -> None:  # noqa: ANN401 (a docx document)
    _title(document, paper.title, under="答题卡")
    _person(document)
    for part in parts(paper):
        document.add_heading(f"{part.heading}（{part.marks}）", level=1)
        lettered = [at for at, question in part.items if question.type in _LETTERED]
        _grid(document, [(str(at), "") for at in lettered])
        for at, question in part.items:
            if question.type == "cloze":
                blanks = "　　".join(
                    f"（{n}）{'_' * 20}" if len(question.blanks) > 1 else "_" * 28
                    for n in range(1, max(len(question.blanks), 1) + 1)
                )
                word.write_runs(document.add_paragraph(), f"{at}.　{blanks}")
            elif question.type in OPEN:
                _ruled(document, at, question)


def _grid(document: Any, answers: Sequence[tuple[str, str]], *, width: int = 10) -> None:  # noqa: ANN401 (a docx document)
    """Write numbers and, under them, answers or room for them, ``width`` to a row."""
    widths = [1.6] + [(_WIDTH - 1.6) / width] * width
    for at in range(0, len(answers), width):
        chunk = list(answers[at : at + width])
        made = word.table(document, widths)
        for head, row in (("题号", [number_ for number_, _ in chunk]), ("答案", [answer for _, answer in chunk])):
            cells = word.add_row(made, widths, height=0.75 if head == "答案" else 0.6).cells
            word.fill(cells[0], head, bold=True, centred=True, shade="E7EEF5")
            for cell, text in zip(cells[1:], row, strict=False):
                word.fill(cell, text, centred=True)
        document.add_paragraph().paragraph_format.line_spacing = 0.5


def _ruled(document: Any, at: int, question: Question) -> None:  # noqa: ANN401 (a docx document)
    """Write room for an open answer: a line for each point it needs and two more."""
    head = document.add_paragraph()
    head.paragraph_format.keep_with_next = True
    word.write_runs(head, f"{at}.（{number(question.points)} 分）")
    room = min(max(len(question.points_required) + 2, 4), 10)
    for line in range(room):
        word.ruled_line(document, _WIDTH, last=line == room - 1)


def _key(document: Any, paper: Paper, titles: Mapping[str, str]) -> None:  # noqa: ANN401 (a docx document)
    _title(document, paper.title, under="参考答案与评分标准")
    _centred(document, f"{summary(paper)}。依据为手册条款原文；括号内为条款编号。")
    lettered = [(str(at), answer_words(question)) for at, question in enumerate(paper.questions, 1)]
    short = [pair for pair, question in zip(lettered, paper.questions, strict=True) if question.type in _LETTERED]
    if short:
        document.add_heading("答案速查", level=1)
        _grid(document, [(at, {"正确": "√", "错误": "×"}.get(answer, answer)) for at, answer in short])
    for part in parts(paper):
        document.add_heading(f"{part.heading}（{worth([question for _, question in part.items])}）", level=1)
        wordy = any(question.type in OPEN for _, question in part.items)
        widths = [1.1, 6.0, 4.3, 5.2] if wordy else [1.1, 4.1, 6.2, 5.2]
        made = word.table(document, widths, ["题号", "答案", "解析", "依据"])
        for at, question in part.items:
            cells = word.add_row(made, widths).cells
            for cell, text in zip(cells, _key_row(at, question, titles), strict=True):
                word.fill(cell, text, centred=cell is cells[0])


def _key_row(at: int, question: Question, titles: Mapping[str, str]) -> tuple[str, str, str, str]:
    """Return number, answer with marks, explanation, clause with its words."""
    where, quote = place(question.citation, titles), shown_quote(question)
    said = f"{where}\n“{quote}”" if quote else where
    if question.type in OPEN:
        points = "\n".join(f"（{n}）{text}（{marks} 分）" for n, (text, marks) in enumerate(points_shared(question), 1))
        return str(at), points or "——", question.explanation, said
    answer = answer_words(question)
    right = [one_line(option.text) for option in question.options if option.key in question.right]
    return str(at), f"{answer}　{'；'.join(right)}" if right else answer, question.explanation, said


def _centred(document: Any, text: str, *, before: float = 0) -> None:  # noqa: ANN401 (a docx document)
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_before = Pt(before)
    word.write_runs(paragraph, text)
