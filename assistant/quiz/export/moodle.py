"""Papers as Moodle XML: a category for each paper, an item for each question.

Blanks are Moodle's embedded answers (type ``cloze``), open items are essays with their points in the notes for graders.
All texts are HTML that shows the plain text. Moodle publishes no schema for this format; the tests hold it to one written
from its documentation. What Moodle has no field for rides in a comment before the item (``record``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.quiz.export.gift import category, literal_stars, share
from assistant.quiz.export.html_text import to_html
from assistant.quiz.export.record import record, tags_of
from assistant.quiz.export.wording import CHOICES, clean, feedback, full_stem, name, number, one_line
from assistant.quiz.model import BLANK, Blank, Paper, Question

_KINDS = {
    "single": "multichoice",
    "multiple": "multichoice",
    "true_false": "truefalse",
    "cloze": "cloze",
    "short_answer": "essay",
    "case": "essay",
}


def render(papers: Sequence[Paper], titles: Mapping[str, str]) -> bytes:
    """Return the papers as one Moodle XML file."""
    from lxml import etree

    quiz = etree.Element("quiz")
    for paper in papers:
        heading = etree.SubElement(quiz, "question", type="category")
        _text(heading, "category", f"$course$/top/{category(paper.title)}")
        for at, question in enumerate(paper.questions, 1):
            quiz.append(etree.Comment(f" {record(question)} "))
            _question(quiz, at, question, titles)
    data: bytes = etree.tostring(quiz, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return data


def _question(
    quiz: Any,  # noqa: ANN401 (an lxml element)
    at: int,
    question: Question,
    titles: Mapping[str, str],
) -> None:
    from lxml import etree

    item = etree.SubElement(quiz, "question", type=_KINDS[question.type])
    _text(item, "name", name(at, question))
    _html(item, "questiontext", _stem(question))
    _html(item, "generalfeedback", to_html(feedback(question, titles)))
    _plain(item, "defaultgrade", number(question.points))
    _plain(item, "penalty", "0")
    _plain(item, "hidden", "0")
    _plain(item, "idnumber", one_line(question.id))
    if question.type in CHOICES:
        _choices(item, question)
    elif question.type == "true_false":
        for word, right in (("true", question.truth is True), ("false", question.truth is False)):
            _answer(item, word, "100" if right else "0", "moodle_auto_format")
    elif question.type != "cloze":
        _essay(item, question)
    tags = etree.SubElement(item, "tags")
    for tag in tags_of(question):
        _text(tags, "tag", one_line(tag))


def _stem(question: Question) -> str:
    """Return the stem as HTML; each blank is replaced by its embedded answers, and no other brace can open one."""
    shown = to_html(full_stem(question)).replace("{", "&#123;").replace("}", "&#125;")
    if question.type != "cloze":
        return f"<p>{shown}</p>"
    parts = shown.split(BLANK)
    whole = parts[0]
    for place, after in enumerate(parts[1:]):
        whole += (embedded(question.blanks[place]) if place < len(question.blanks) else BLANK) + after
    return f"<p>{whole}</p>"


def embedded(blank: Blank) -> str:
    """Return the embedded short answer: ``{1:SHORTANSWER:=30分钟~=半小时}``."""
    return "{1:SHORTANSWER:" + "~".join(f"={_sheltered(form)}" for form in blank.accepted) + "}"


def _sheltered(form: str) -> str:
    """Return an accepted answer in HTML; what could end it early is an entity, and a star is no wildcard."""
    words = to_html(literal_stars(one_line(form)))
    return re.sub(r"[\\{}#~]", lambda found: f"&#{ord(found[0])};", words)


def _choices(item: Any, question: Question) -> None:  # noqa: ANN401 (an lxml element)
    single = question.type == "single"
    _plain(item, "single", "true" if single else "false")
    _plain(item, "shuffleanswers", "true")
    _plain(item, "answernumbering", "ABCD")
    right = set(question.right)
    good = "100" if single else share(len(right))
    for option in question.options:
        _answer(item, to_html(option.text), good if option.key in right else "0" if single else "-100", "html")


def _essay(item: Any, question: Question) -> None:  # noqa: ANN401 (an lxml element)
    _plain(item, "responseformat", "editor")
    _plain(item, "responserequired", "1")
    _plain(item, "responsefieldlines", "10")
    _plain(item, "attachments", "0")
    _plain(item, "attachmentsrequired", "0")
    points = "\n".join(f"{n}. {one_line(point.text)}" for n, point in enumerate(question.points_required, 1))
    _html(item, "graderinfo", to_html(points))
    _html(item, "responsetemplate", "")


def _answer(item: Any, text: str, fraction: str, format_: str) -> None:  # noqa: ANN401 (an lxml element)
    from lxml import etree

    answer = etree.SubElement(item, "answer", fraction=fraction, format=format_)
    etree.SubElement(answer, "text").text = etree.CDATA(text) if format_ == "html" and text else text
    _html(answer, "feedback", "")


def _html(parent: Any, tag: str, text: str) -> None:  # noqa: ANN401 (an lxml element)
    from lxml import etree

    holder = etree.SubElement(parent, tag, format="html")
    # escaped HTML holds no ]]>, so nothing can end the section early
    etree.SubElement(holder, "text").text = etree.CDATA(text) if text else ""


def _text(parent: Any, tag: str, text: str) -> None:  # noqa: ANN401 (an lxml element)
    from lxml import etree

    etree.SubElement(etree.SubElement(parent, tag), "text").text = clean(text)


def _plain(parent: Any, tag: str, text: str) -> None:  # noqa: ANN401 (an lxml element)
    from lxml import etree

    etree.SubElement(parent, tag).text = clean(text)
