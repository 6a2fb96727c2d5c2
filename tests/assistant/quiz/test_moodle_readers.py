"""GIFT as a public parser reads it, Moodle XML against a schema and as Moodle's own rules cut embedded answers."""

import html
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from assistant.quiz.export import render
from assistant.quiz.export.gift import combined
from assistant.quiz.export.wording import full_stem
from assistant.quiz.model import Paper, Question
from tests.assistant.quiz.papers_by_hand import TITLES, paper, questions

PARSER = "gift-pegjs@1.0.2"
SCRIPT = """
const {parse} = require("gift-pegjs");
process.stdout.write(JSON.stringify(parse(require("fs").readFileSync(0, "utf8"))));
"""
KINDS = {
    "single": "MC",
    "multiple": "MC",
    "true_false": "TF",
    "cloze": "Short",
    "short_answer": "Essay",
    "case": "Essay",
}
lists = st.lists(questions(), min_size=10, max_size=20)
MANY = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="session")
def gift_parser() -> Path:
    """Return a folder in which node finds the public GIFT parser; it stays there for the next run."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("node and npm are not installed, so the public GIFT parser cannot be run")
    folder = Path(tempfile.gettempdir()) / f"shouce-{PARSER.replace('@', '-')}"
    if not (folder / "node_modules" / "gift-pegjs" / "package.json").exists():
        folder.mkdir(exist_ok=True)
        command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder), PARSER]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=120)
        except (OSError, subprocess.SubprocessError) as error:
            pytest.skip(f"the public GIFT parser cannot be installed from npm: {error}")
    return folder


def parsed(folder: Path, gift: bytes) -> list[dict[str, Any]]:
    done = subprocess.run(["node", "-e", SCRIPT], cwd=folder, input=gift, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()[-800:]
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return [one for one in found if one["type"] != "Category"]


def folded(text: str) -> str:
    """Return a text as it can be compared: that parser keeps ``;`` of an escaped line end and joins spaces."""
    return " ".join(re.sub("\n;?", "\n", text).replace("\\*", "*").split()).replace("->", "→")


def assert_same(found: dict[str, Any], question: Question) -> None:
    assert found["id"] == question.id
    stem = folded(re.sub("（各空答案依次用“.{1,2}”隔开）", "", found["stem"]["text"]))
    assert stem == folded(full_stem(question))
    if question.options:
        assert [folded(choice["text"]["text"]) for choice in found["choices"]] == [
            folded(option.text) for option in question.options
        ]
        right = [bool(choice["isCorrect"] or (choice["weight"] or 0) > 0) for choice in found["choices"]]
        assert right == [option.key in question.right for option in question.options]
    if question.type == "true_false":
        assert found["isTrue"] is question.truth
    if question.type == "cloze":
        assert [folded(one["text"]["text"]) for one in found["choices"]] == [
            folded(one) for one in combined(question.blanks)
        ]


def kind(question: Question) -> str:
    """Return the type that parser gives; a choice whose options are all right would be a short answer to it."""
    return KINDS[question.type]


def test_public_parser_reads_the_paper_by_hand(gift_parser: Path) -> None:
    found = parsed(gift_parser, render([paper()], "gift", titles=TITLES))
    assert [one["type"] for one in found] == [kind(question) for question in paper().questions]
    for one, question in zip(found, paper().questions, strict=True):
        assert_same(one, question)
    assert "30分钟内首次响应" in found[0]["globalFeedback"]["text"]


@MANY
@given(listed=lists)
def test_public_parser_reads_any_words(gift_parser: Path, listed: list[Question]) -> None:
    found = parsed(gift_parser, render([Paper("卷", tuple(listed), seed=1)], "gift", titles=TITLES))
    assert len(found) == len(listed)
    for one, question in zip(found, listed, strict=True):
        assert_same(one, question)


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(Path(__file__).with_name("moodle_quiz.xsd"))))


@MANY
@given(listed=lists)
def test_moodle_xml_holds_to_the_schema(schema: etree.XMLSchema, listed: list[Question]) -> None:
    written = render([paper(), Paper("甲/乙", tuple(listed), seed=1)], "moodle", titles=TITLES)
    schema.assertValid(etree.fromstring(written))


# The way Moodle itself cuts an embedded answer: up to the first ~, # or } that neither a backslash nor an & precedes
_ANSWER = re.compile(r"\{1:SHORTANSWER:(=(?:.+?(?<!\\|&)(?=[~#}]))(?:~=(?:.+?(?<!\\|&)(?=[~#}])))*)\}", re.DOTALL)


@MANY
@given(listed=lists)
def test_embedded_answers_are_cut_where_moodle_cuts(listed: list[Question]) -> None:
    written = etree.fromstring(render([Paper("卷", tuple(listed), seed=1)], "moodle"))
    items = [node for node in written.iter("question") if node.get("type") == "cloze"]
    clozes = [question for question in listed if question.type == "cloze"]
    for node, question in zip(items, clozes, strict=True):
        cut = _ANSWER.findall(node.findtext("questiontext/text"))
        forms = [[html.unescape(one[1:]).replace("\\*", "*") for one in re.split("~(?==)", each)] for each in cut]
        assert forms == [list(blank.accepted) for blank in question.blanks]


def test_marks_of_a_multiple_choice_add_up() -> None:
    node = etree.fromstring(render([paper()], "moodle")).findall("question")[2]
    fractions = [float(answer.get("fraction")) for answer in node.iter("answer")]
    assert sum(part for part in fractions if part > 0) == pytest.approx(100, abs=0.01)
    assert node.findtext("single") == "false"
