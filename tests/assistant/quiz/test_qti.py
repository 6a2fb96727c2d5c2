"""The QTI 2.1 package: its schema where it can be had, a public converter as second reader, and its own references."""

import io
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from assistant.quiz.export import render
from assistant.quiz.export.qti import CP, QTI
from assistant.quiz.model import Paper, Question
from tests.assistant.quiz.papers_by_hand import TITLES, cloze, paper, questions

NAMES = {"q": QTI, "c": CP}
ANY = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
lists = st.lists(questions(), min_size=5, max_size=12)


def opened(written: bytes) -> dict[str, etree._Element]:
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        return {name: etree.fromstring(archive.read(name)) for name in archive.namelist()}


def schema(folder: Path, name: str) -> etree.XMLSchema:
    """Return a schema with its imports taken from the same folder."""

    class Beside(etree.Resolver):
        def resolve(self, url: str, _id: str | None, context: object) -> object:
            found = list(folder.rglob(url.rsplit("/", 1)[-1])) if url.startswith("http") else []
            return self.resolve_filename(str(found[0]), context) if found else None

    parser = etree.XMLParser()
    parser.resolvers.add(Beside())
    return etree.XMLSchema(etree.parse(str(next(folder.rglob(name))), parser))


@ANY
@given(lists)
def test_package_holds_to_the_published_schemas(listed: list[Question]) -> None:
    place = os.environ.get("QTI_SCHEMAS", "")
    if not place:
        pytest.skip("no registry carries the QTI 2.1 schemas: put them into a folder and name it in QTI_SCHEMAS")
    item, manifest = schema(Path(place), "imsqti_v2p1.xsd"), schema(Path(place), "imscp_v1p1.xsd")
    for name, root in opened(render([paper(), Paper("卷", tuple(listed), seed=1)], "qti", titles=TITLES)).items():
        (manifest if name == "imsmanifest.xml" else item).assertValid(root)


def test_manifest_names_every_file_and_the_test_every_item() -> None:
    files = opened(render([paper("甲"), paper("乙")], "qti"))
    manifest = files["imsmanifest.xml"]
    assert sorted(manifest.xpath("//c:file/@href", namespaces=NAMES)) == sorted(set(files) - {"imsmanifest.xml"})
    ids = set(manifest.xpath("//c:resource/@identifier", namespaces=NAMES))
    assert set(manifest.xpath("//c:dependency/@identifierref", namespaces=NAMES)) <= ids
    for name in ("test_01.xml", "test_02.xml"):
        assert all(href in files for href in files[name].xpath("//q:assessmentItemRef/@href", namespaces=NAMES))
        marks = [float(value) for value in files[name].xpath("//q:weight/@value", namespaces=NAMES)]
        assert marks == [question.points for question in paper().questions]


@ANY
@given(lists)
def test_items_say_what_is_right(listed: list[Question]) -> None:
    files = opened(render([Paper("卷", tuple(listed), seed=1)], "qti"))
    for at, question in enumerate(listed, 1):
        root = files[f"items/item_01_{at:03}.xml"]
        right = root.xpath("//q:correctResponse/q:value/text()", namespaces=NAMES)
        if question.type in {"single", "multiple"}:
            assert right == list(question.right)
            shown = ["".join(one.itertext()) for one in root.iterfind(f".//{{{QTI}}}simpleChoice")]
            assert shown == [option.text for option in question.options]
        if question.type == "true_false":
            assert right == ["true" if question.truth else "false"]
        if question.type == "cloze":
            declared = root.findall(f"{{{QTI}}}responseDeclaration")
            keys = [one.xpath(".//q:mapEntry/@mapKey", namespaces=NAMES) for one in declared]
            assert keys == [list(blank.accepted) for blank in question.blanks]


def test_all_blanks_right_earn_the_whole_mark() -> None:
    root = opened(render([Paper("卷", (cloze(),), seed=1)], "qti"))["items/item_01_001.xml"]
    best = [max(map(float, one.xpath(".//@mappedValue"))) for one in root.findall(f"{{{QTI}}}responseDeclaration")]
    assert sum(best) == pytest.approx(1)
    assert len(root.xpath("//q:textEntryInteraction", namespaces=NAMES)) == 2


def test_public_converter_takes_the_whole_package() -> None:
    """A converter to QTI 3 that others wrote reads the package: every item and test comes out, with its words."""
    convert = pytest.importorskip("qti_convert", reason="citolab-qti-convert is not installed")
    written = render([paper()], "qti", titles=TITLES)
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        for name in archive.namelist():
            if not name.startswith("items/"):
                continue
            after = etree.fromstring(convert.upgrade_qti2_to_qti3(archive.read(name)).encode())
            words = "".join(after.itertext())
            question = paper().questions[int(name[-7:-4]) - 1]
            assert etree.QName(after).localname == "qti-assessment-item"
            assert all(part.strip() in words for part in question.stem.split("____"))
            assert all(option.text in words for option in question.options)
