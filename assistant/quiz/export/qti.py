"""Papers as a QTI 2.1 content package: a zip with ``imsmanifest.xml``, an item a file, a test a paper.

Choices use the standard response template, so every platform scores them; blanks are scored by what is accepted; open
items carry their points as a rubric for the scorer. Marks are the weights of the items in the test. Explanation and
clause are a rubric for author and tutor: candidates never see it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.quiz.export.layout import parts, points_shared
from assistant.quiz.export.wording import TRUTH_WORDS, clean, feedback, number, one_line
from assistant.quiz.export.wording import name as shown_name
from assistant.quiz.model import BLANK, Paper, Question

QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
CP = "http://www.imsglobal.org/xsd/imscp_v1p1"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_WHERE_QTI = f"{QTI} http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd"
_WHERE_CP = f"{CP} http://www.imsglobal.org/xsd/qti/qtiv2p1/qtiv2p1_imscpv1p2_v1p0.xsd"
_MATCH_CORRECT = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"
_MIDNIGHT = (1980, 1, 1, 0, 0, 0)
TRUE, FALSE = "true", "false"


def render(papers: Sequence[Paper], titles: Mapping[str, str]) -> bytes:
    """Return the papers as one package."""
    files: dict[str, bytes] = {}
    resources: list[tuple[str, str, list[str]]] = []
    for place, paper in enumerate(papers, 1):
        names = {}
        for at, question in enumerate(paper.questions, 1):
            name = f"item_{place:02}_{at:03}"
            names[at] = name
            files[f"items/{name}.xml"] = _bytes(_item(at, question, name, titles))
            resources.append((name, f"items/{name}.xml", []))
        test = f"test_{place:02}"
        files[f"{test}.xml"] = _bytes(_test(paper, test, names))
        resources.append((test, f"{test}.xml", list(names.values())))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {"imsmanifest.xml": _bytes(_manifest(resources)), **files}.items():
            archive.writestr(zipfile.ZipInfo(name, _MIDNIGHT), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _item(at: int, question: Question, name: str, titles: Mapping[str, str]) -> Any:  # noqa: ANN401 (an lxml element)
    item = _root("assessmentItem", QTI, _WHERE_QTI)
    for key, value in (
        ("identifier", name),
        ("title", shown_name(at, question)),
        ("adaptive", "false"),
        ("timeDependent", "false"),
    ):
        item.set(key, value)
    responses = _responses(item, question)
    score = _add(item, "outcomeDeclaration", identifier="SCORE", cardinality="single", baseType="float")
    score.set("normalMaximum", "1")
    _values(score, "defaultValue", ["0"])
    body = _add(item, "itemBody")
    if question.scenario:
        _paragraphs(_add(body, "div", **{"class": "scenario"}), question.scenario)
    _interaction(body, question)
    if words := feedback(question, titles):
        rubric = _add(body, "rubricBlock", view="author scorer tutor")
        _paragraphs(rubric, words)
        for text, marks in points_shared(question):
            _add(rubric, "p").text = f"答出“{clean(text)}”：{marks} 分"
    _processing(item, question, responses)
    return item


def _responses(item: Any, question: Question) -> list[str]:  # noqa: ANN401 (an lxml element)
    """Declare what is answered and what is right; return the identifiers of the responses."""
    if question.type == "cloze":
        share = 1 / max(len(question.blanks), 1)
        names = [f"RESPONSE{place}" for place in range(1, len(question.blanks) + 1)]
        for name, blank in zip(names, question.blanks, strict=True):
            declared = _add(item, "responseDeclaration", identifier=name, cardinality="single", baseType="string")
            forms = list(dict.fromkeys(one_line(form) for form in blank.accepted))
            _values(declared, "correctResponse", forms[:1])
            mapping = _add(declared, "mapping", defaultValue="0")
            for form in forms:
                _add(mapping, "mapEntry", mapKey=form, mappedValue=f"{share:.6g}", caseSensitive="false")
        return names
    declared = _add(item, "responseDeclaration", identifier="RESPONSE")
    if question.type in {"short_answer", "case"}:
        declared.set("cardinality", "single")
        declared.set("baseType", "string")
        return ["RESPONSE"]
    declared.set("cardinality", "multiple" if question.type == "multiple" else "single")
    declared.set("baseType", "identifier")
    right = [TRUE if question.truth else FALSE] if question.type == "true_false" else list(question.right)
    _values(declared, "correctResponse", right)
    return ["RESPONSE"]


def _interaction(body: Any, question: Question) -> None:  # noqa: ANN401 (an lxml element)
    if question.type == "cloze":
        _text_with_entries(_add(body, "p"), question)
        return
    if question.type in {"short_answer", "case"}:
        _prompt(_add(body, "extendedTextInteraction", responseIdentifier="RESPONSE", expectedLines="8"), question.stem)
        return
    choice = _add(body, "choiceInteraction", responseIdentifier="RESPONSE", shuffle="false")
    choice.set("maxChoices", "0" if question.type == "multiple" else "1")
    _prompt(choice, question.stem)
    if question.type == "true_false":
        options = [(TRUE, TRUTH_WORDS[True]), (FALSE, TRUTH_WORDS[False])]
    else:
        options = [(option.key, option.text) for option in question.options]
    for key, text in options:
        _broken(_add(choice, "simpleChoice", identifier=key), text)


def _text_with_entries(paragraph: Any, question: Question) -> None:  # noqa: ANN401 (an lxml element)
    """Write the stem with a text entry for each blank."""
    parts_ = clean(question.stem).split(BLANK)
    _broken(paragraph, parts_[0])
    for place, after in enumerate(parts_[1:], 1):
        if place > len(question.blanks):
            _broken(paragraph, BLANK + after)
            continue
        length = max((len(form) for form in question.blanks[place - 1].accepted), default=4)
        entry = _add(paragraph, "textEntryInteraction", responseIdentifier=f"RESPONSE{place}")
        entry.set("expectedLength", str(max(length, 4)))
        _broken(paragraph, after)


def _processing(item: Any, question: Question, responses: Sequence[str]) -> None:  # noqa: ANN401 (an lxml element)
    if question.type in {"short_answer", "case"}:
        return  # a person scores it
    if question.type != "cloze":
        _add(item, "responseProcessing", template=_MATCH_CORRECT)
        return
    processing = _add(item, "responseProcessing")
    total = _add(_add(processing, "setOutcomeValue", identifier="SCORE"), "sum")
    for name in responses:
        _add(total, "mapResponse", identifier=name)


def _test(paper: Paper, name: str, names: Mapping[int, str]) -> Any:  # noqa: ANN401 (an lxml element)
    test = _root("assessmentTest", QTI, _WHERE_QTI)
    test.set("identifier", name)
    test.set("title", one_line(paper.title) or name)
    outcome = _add(test, "outcomeDeclaration", identifier="SCORE", cardinality="single", baseType="float")
    _values(outcome, "defaultValue", ["0"])
    part = _add(test, "testPart", identifier=f"{name}_part", navigationMode="nonlinear", submissionMode="simultaneous")
    for place, section in enumerate(parts(paper), 1):
        box = _add(part, "assessmentSection", identifier=f"{name}_section_{place}")
        box.set("title", f"{section.heading}（{section.marks}）")
        box.set("visible", "true")
        for at, question in section.items:
            reference = _add(box, "assessmentItemRef", identifier=names[at], href=f"items/{names[at]}.xml")
            _add(reference, "weight", identifier="POINTS", value=number(question.points))
    processing = _add(_add(test, "outcomeProcessing"), "setOutcomeValue", identifier="SCORE")
    weighted = _add(_add(processing, "sum"), "testVariables", variableIdentifier="SCORE")
    weighted.set("weightIdentifier", "POINTS")
    return test


def _manifest(resources: Sequence[tuple[str, str, list[str]]]) -> Any:  # noqa: ANN401 (an lxml element)
    manifest = _root("manifest", CP, _WHERE_CP)
    manifest.set("identifier", "MANIFEST_shouce")
    metadata = _add(manifest, "metadata")
    _add(metadata, "schema").text = "QTIv2.1 Package"
    _add(metadata, "schemaversion").text = "1.0.0"
    _add(manifest, "organizations")
    listed = _add(manifest, "resources")
    for name, href, needs in resources:
        kind = "imsqti_test_xmlv2p1" if name.startswith("test") else "imsqti_item_xmlv2p1"
        resource = _add(listed, "resource", identifier=f"RES_{name}", type=kind, href=href)
        _add(resource, "file", href=href)
        for need in needs:
            _add(resource, "dependency", identifierref=f"RES_{need}")
    return manifest


def _root(tag: str, namespace: str, where: str) -> Any:  # noqa: ANN401 (an lxml element)
    from lxml import etree

    root = etree.Element(f"{{{namespace}}}{tag}", nsmap={None: namespace, "xsi": _XSI})
    root.set(f"{{{_XSI}}}schemaLocation", where)
    return root


def _add(parent: Any, tag: str, **attributes: str) -> Any:  # noqa: ANN401 (an lxml element)
    """Add an element in the parent's namespace."""
    from lxml import etree

    namespace = etree.QName(parent).namespace
    return etree.SubElement(parent, f"{{{namespace}}}{tag}", {key: clean(value) for key, value in attributes.items()})


def _values(parent: Any, tag: str, values: Sequence[str]) -> None:  # noqa: ANN401 (an lxml element)
    holder = _add(parent, tag)
    for value in values:
        _add(holder, "value").text = clean(value)


def _prompt(interaction: Any, text: str) -> None:  # noqa: ANN401 (an lxml element)
    _broken(_add(interaction, "prompt"), text)


def _paragraphs(parent: Any, text: str) -> None:  # noqa: ANN401 (an lxml element)
    for line in clean(text).split("\n"):
        if line.strip():
            _add(parent, "p").text = line


def _broken(parent: Any, text: str) -> None:  # noqa: ANN401 (an lxml element)
    """Append text, its line ends as breaks."""
    lines = re.split("\n", clean(text))
    last = parent[-1] if len(parent) else None
    if last is None:
        parent.text = (parent.text or "") + lines[0]
    else:
        last.tail = (last.tail or "") + lines[0]
    for line in lines[1:]:
        _add(parent, "br").tail = line


def _bytes(root: Any) -> bytes:  # noqa: ANN401 (an lxml element)
    from lxml import etree

    data: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return data
