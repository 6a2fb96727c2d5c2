"""The parts of Word documents stand in the order Word's schema prescribes; out of order, Word calls a file damaged."""

import io
import zipfile

import pytest
from lxml import etree

from assistant.checklist.export import render as render_checklist
from assistant.checklist.model import Check, Checklist
from assistant.quiz.export import render as render_quiz
from kb.model import Citation
from tests.assistant.quiz.papers_by_hand import paper

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore numPr pBdr shd tabs spacing ind contextualSpacing jc rPr sectPr",
    "tcPr": "tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
    "tblPr": "tblStyle tblW jc tblBorders shd tblLayout tblCellMar tblLook",
    "sectPr": "headerReference footerReference type pgSz pgMar pgBorders lnNumType pgNumType cols titlePg docGrid",
}


def files() -> dict[str, bytes]:
    citation = Citation("d", "1", "甲", ("甲",), "1-1", "原文")
    checks = tuple(Check(n, "做", "step", citation, red_line=n == 1, method="signature") for n in (1, 2))
    return {
        "quiz": render_quiz([paper()], "docx"),
        "checklist": render_checklist(Checklist("表", checks), "docx"),
    }


@pytest.mark.parametrize("name", ["quiz", "checklist"])
def test_elements_stand_in_the_order_of_the_schema(name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(files()[name])) as archive:
        parts = [
            part for part in archive.namelist() if part.startswith(("word/document", "word/header", "word/footer"))
        ]
        roots = [etree.fromstring(archive.read(part)) for part in parts]
    seen = 0
    for parent, words in ORDER.items():
        order = [f"{W}{word}" for word in words.split()]
        for element in (found for root in roots for found in root.iter(f"{W}{parent}")):
            places = [order.index(child.tag) for child in element]
            assert places == sorted(places), etree.tostring(element)[:400]
            assert len(set(places)) == len(places) or parent == "sectPr"  # a section has several headers
            seen += 1
    assert seen > 30


def test_each_part_of_a_paper_counts_its_pages_once() -> None:
    with zipfile.ZipFile(io.BytesIO(files()["quiz"])) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    counted = [len(section.findall(f"{W}pgNumType")) for section in root.iter(f"{W}sectPr")]
    assert counted == [0, 1, 1]
