"""Moodle XML → items: multiple choice, true/false, short answer, numerical, embedded answers, essay.

Other types, and embedded answers that are no short answers, are left out with the reason. The file is read without
entities of its own and without the network.
"""

from __future__ import annotations

import html
import re
from typing import Any

from assistant.quiz.export.html_text import from_html
from assistant.quiz.export.record import Record, read_record, read_tags
from assistant.quiz.export.wording import Feedback, read_feedback
from assistant.quiz.intake.draft import Draft, Intake, LeftOut, cloze_stem, question
from assistant.quiz.model import BLANK, Question
from kb.errors import SourceUnreadable

_KIND_WORDS = {
    "matching": "配对题",
    "description": "说明文字",
    "calculated": "计算题",
    "ddwtos": "拖放题",
    "gapselect": "选词填空题",
    "ordering": "排序题",
}
# An embedded item up to its first brace that no backslash shelters
_EMBEDDED = re.compile(r"\{(\d*):([A-Z_]+):((?:\\.|[^\\}])*)\}", re.DOTALL)
_SHORT = {"SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC", "NUMERICAL", "NM"}


def read(data: bytes, source: str) -> Intake:
    """Return the items of a Moodle XML file.

    Raises:
        SourceUnreadable: it is no XML, or not of Moodle's quiz format.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SourceUnreadable(f"{source}：不是可以读取的 XML（{error}）") from error
    if root.tag != "quiz":
        raise SourceUnreadable(f"{source}：不是 Moodle 题库（最外层应为 quiz，这里是 {root.tag}）")
    questions: list[Question] = []
    left_out: list[LeftOut] = []
    record: Record | None = None
    place = 0
    for node in root:
        if node.tag is etree.Comment:
            record = read_record(node.text or "") or record
            continue
        if node.tag != "question" or node.get("type") == "category":
            record = None
            continue
        place += 1
        found = _item(node, record, place)
        record = None
        if isinstance(found, Question):
            questions.append(found)
        else:
            left_out.append(found)
    return Intake(tuple(questions), tuple(left_out))


def _item(node: Any, record: Record | None, place: int) -> Question | LeftOut:  # noqa: ANN401 (an lxml element)
    kind = node.get("type", "")
    raw = _raw(node.find("questiontext"))
    stem = _shown(node.find("questiontext"))
    made = _typed(node, kind, stem, raw)
    if isinstance(made, str):
        return LeftOut(place, stem[:60], made)
    tags = [(tag.findtext("text") or "").strip() for tag in node.iterfind("tags/tag")]
    merged = read_tags(tags, record)
    if merged.points is None:
        merged = _with_points(merged, node.findtext("defaultgrade") or node.findtext("defaultmark"))
    return question(
        Draft(
            type=made.type,
            stem=made.stem,
            id=(node.findtext("idnumber") or "").strip(),
            known=record is not None,
            options=made.options,
            truth=made.truth,
            blanks=made.blanks,
            feedback=_feedback(node),
            record=merged,
        ),
        place,
    )


def _typed(node: Any, kind: str, stem: str, raw: str) -> Draft | str:  # noqa: ANN401 (an lxml element)
    """Return type, options and answers, or why the kind of item cannot be taken over."""
    answers = [(_shown(answer), _fraction(answer)) for answer in node.iterfind("answer")]
    if kind == "multichoice":
        single = (node.findtext("single") or "true").strip().lower() in {"true", "1"}
        best = 100 if single else 0.001
        options = tuple((text, fraction >= best) for text, fraction in answers)
        return Draft(type="single" if single else "multiple", stem=stem, options=options)
    if kind == "truefalse":
        right = next((text.strip().lower() for text, fraction in answers if fraction >= 100), "")
        return Draft(type="true_false", stem=stem, truth={"true": True, "false": False}.get(right))
    if kind in {"shortanswer", "numerical"}:
        forms = tuple(dict.fromkeys(text.replace("\\*", "*") for text, fraction in answers if fraction >= 100))
        return Draft(type="cloze", stem=cloze_stem(stem, 1), blanks=(forms,) if forms else ())
    if kind in {"cloze", "multianswer"}:
        return _cloze(raw)
    if kind == "essay":
        return Draft(type="short_answer", stem=stem)
    return f"{_KIND_WORDS.get(kind, f'题型 {kind}')}没有对应的题型"


def _cloze(raw: str) -> Draft | str:
    kinds = {found[2].upper() for found in _EMBEDDED.finditer(raw)}
    if not kinds:
        return "填空题没有答案"
    if kinds - _SHORT:
        return "嵌入的选择题没有对应的题型"
    blanks = tuple(_accepted(found[3]) for found in _EMBEDDED.finditer(raw))
    # the blank is put in before the tags go, so that its place is kept
    stem = from_html(_EMBEDDED.sub(BLANK, raw))
    return Draft(type="cloze", stem=stem, blanks=blanks)


def _accepted(alternatives: str) -> tuple[str, ...]:
    """Return the forms that earn the full mark, unescaped."""
    forms = []
    for part in re.findall(r"(?:\\.|[^\\~])+", alternatives, re.DOTALL):
        weighed = re.match(r"%(-?\d+(?:\.\d+)?)%", part)
        if not (part.startswith("=") or (weighed and float(weighed[1]) >= 100)):
            continue
        body = part[weighed.end() if weighed else 1 :]
        # an entity's # is no feedback
        words = re.match(r"(?:\\.|&#\w+;|[^\\#])*", body, re.DOTALL)
        # backslashes shelter Moodle's own characters; those that came in as entities stand for themselves
        text = re.sub(r"\\([}#~/\"\\])", r"\1", words[0] if words else "")
        forms.append(html.unescape(text).replace("\\*", "*").strip())
    return tuple(dict.fromkeys(form for form in forms if form))


def _feedback(node: Any) -> Feedback:  # noqa: ANN401 (an lxml element)
    found = read_feedback(_shown(node.find("generalfeedback")))
    if found.points:
        return found
    notes = _shown(node.find("graderinfo")).split("\n")
    points = tuple(re.sub(r"^\d+[.、]\s*", "", line).strip() for line in notes if line.strip())
    return Feedback(points=points, explanation=found.explanation, reference=found.reference)


def _with_points(record: Record, grade: str | None) -> Record:
    from dataclasses import replace

    try:
        return replace(record, points=max(float(grade or ""), 0.0))
    except ValueError:
        return record


def _raw(holder: Any) -> str:  # noqa: ANN401 (an lxml element or None)
    return "" if holder is None else holder.findtext("text") or ""


def _shown(holder: Any) -> str:  # noqa: ANN401 (an lxml element or None)
    """Return the text of an element in the format it names; HTML where it names none, as Moodle does."""
    text = _raw(holder)
    plain = holder is not None and holder.get("format") in {"plain_text", "markdown"}
    return text.strip() if plain else from_html(text)


def _fraction(answer: Any) -> float:  # noqa: ANN401 (an lxml element)
    try:
        return float(answer.get("fraction", "0"))
    except ValueError:
        return 0.0
