"""Word, Excel and Anki files are opened again: what a trainer would look for is there, and words stay words."""

import io
import json
import sqlite3
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from openpyxl import load_workbook

from assistant.quiz.export import render
from assistant.quiz.export.html_text import from_html
from assistant.quiz.export.sheet import GUIDE
from assistant.quiz.model import Option, Paper, Question
from tests.assistant.quiz.papers_by_hand import HOSTILE, TITLES, cloze, multiple, paper, questions, short_answer, single

ANY = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
lists = st.lists(questions(), min_size=3, max_size=8)


def word(made: Paper) -> docx.document.Document:
    return docx.Document(io.BytesIO(render([made], "docx", titles=TITLES)))


def words_of(document: docx.document.Document) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def test_word_paper_has_three_parts_with_their_own_heads_and_pages() -> None:
    document = word(paper())
    footers = [section.footer.paragraphs[0] for section in document.sections]
    assert [footer.text.split("　")[0] for footer in footers] == ["试卷", "答题卡", "参考答案与评分标准"]
    assert all("PAGE" in footer._p.xml for footer in footers)
    assert [section.header.paragraphs[0].text for section in document.sections] == [
        "投诉与温控 测验 A卷",
        "投诉与温控 测验 A卷",
        "投诉与温控 测验 A卷（教师用，请勿下发）",
    ]
    assert all('w:pgNumType w:start="1"' in section._sectPr.xml for section in list(document.sections)[1:])


def test_word_paper_has_the_line_to_fill_in_and_the_score_table() -> None:
    document = word(paper())
    line = next(paragraph.text for paragraph in document.paragraphs if "姓名" in paragraph.text)
    assert [head in line for head in ("姓名：", "部门：", "日期：", "得分：")] == [True] * 4
    full = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert full[0][0], full[0][-1] == ("题型", "总分")
    assert full[1][-1] == "27"


def test_answers_stand_in_the_key_only() -> None:
    document = word(paper())
    order = [paragraph.text for paragraph in document.paragraphs]
    key = next(at for at, text in enumerate(order) if text == "参考答案与评分标准")
    before = "\n".join(order[:key])
    assert "客户确认" not in before
    assert "百分之三十" not in before
    cells = words_of(document)
    assert "《客户投诉处理办法》3.2 响应与处理（3.2-1）" in cells
    assert "“接到投诉后应在30分钟内首次响应”" in cells
    assert "（1）客户确认（2 分）" in cells
    assert "两（或2）；30%（或百分之三十）" in cells


@ANY
@given(lists)
def test_word_shows_every_stem_and_option(listed: list[Question]) -> None:
    shown = "".join(words_of(word(Paper("卷", tuple(listed), seed=1))).split())
    for question in listed:
        for part in question.stem.split("____"):
            assert "".join(part.split()) in shown
        for option in question.options:
            assert "".join(option.text.split()) in shown


def test_marks_of_an_open_item_are_shared_whole() -> None:
    item = replace(short_answer(), points=10)
    cells = words_of(word(Paper("卷", (item,), seed=1)))
    assert [f"（{marks} 分）" in cells for marks in ("3.5", "3")] == [True, True]


def test_workbook_opens_with_its_list_and_no_formula() -> None:
    options = tuple(Option(chr(65 + at), text) for at, text in enumerate(HOSTILE))
    item = replace(single(), stem="=HYPERLINK(1)", options=options)
    book = load_workbook(io.BytesIO(render([Paper("卷", (item,), seed=1)], "xlsx", titles=TITLES)))
    sheet = book.worksheets[0]
    assert book.sheetnames[-1] == GUIDE
    assert sheet.freeze_panes is not None
    assert sheet.auto_filter.ref
    assert len(sheet.data_validations.dataValidation) == 3
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert next(cell for cell in cells if cell.value == "=HYPERLINK(1)").quotePrefix


def test_workbook_holds_a_sheet_a_paper_with_names_that_excel_takes() -> None:
    odd = paper("投诉/温控: [期末]*测验? 一个非常非常长的标题而且还要更长一些")
    book = load_workbook(io.BytesIO(render([odd, odd, paper(GUIDE)], "xlsx")))
    assert len(set(book.sheetnames)) == 4
    assert all(len(name) <= 31 for name in book.sheetnames)


def anki(made: Paper, folder: Path) -> sqlite3.Connection:
    with zipfile.ZipFile(io.BytesIO(render([made], "anki", titles=TITLES))) as archive:
        archive.extract("collection.anki2", folder)
    return sqlite3.connect(folder / "collection.anki2")


def test_anki_package_opens_as_its_database(tmp_path: Path) -> None:
    database = anki(paper(), tmp_path)
    notes = [row[0].split("\x1f") for row in database.execute("select flds from notes order by id")]
    (cards,) = database.execute("select count(*) from cards").fetchone()
    decks = json.loads(database.execute("select decks from col").fetchone()[0])
    database.close()
    assert len(notes) == 6
    assert cards == 7  # a card for each of the two blanks
    assert "投诉与温控 测验 A卷" in {deck["name"] for deck in decks.values()}
    assert notes[0][4] == "B. 30分钟"
    assert notes[3][0] == "每班至少巡检{{c1::两}}次，合格率不得低于{{c2::30%}}。"
    assert all("3.2 响应与处理" in fields[-1] for fields in notes)


def test_same_item_keeps_its_anki_note(tmp_path: Path) -> None:
    kept = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        database = anki(paper(), tmp_path / name)
        kept.append({row[0] for row in database.execute("select guid from notes")})
        database.close()
    assert kept[0] == kept[1]
    assert len(kept[0]) == 6


@ANY
@given(listed=lists)
@pytest.mark.filterwarnings("error")
def test_anki_fields_show_the_words_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, listed: list[Question]
) -> None:
    database = anki(Paper("卷", tuple(listed), seed=1), tmp_path_factory.mktemp("anki"))
    notes = [row[0].split("\x1f") for row in database.execute("select flds from notes order by id")]
    database.close()
    for fields, question in zip(notes, listed, strict=True):
        if question.options:
            shown = [one.partition(". ")[2] for one in fields[3].split("<br>")]
            assert [from_html(one) for one in shown] == [option.text for option in question.options]
        if question.type == "cloze":
            assert [fields[0].count(f"{{{{c{at}::") for at in range(1, 5)] == [
                int(at <= len(question.blanks)) for at in range(1, 5)
            ]
            assert fields[0].count("}}") == len(question.blanks)


@ANY
@given(lists)
def test_markdown_shows_the_words(listed: list[Question]) -> None:
    text = render([Paper("卷", tuple(listed), seed=1)], "md", titles=TITLES).decode()
    shown = "".join(from_html(MarkdownIt("commonmark").render(text)).split())
    for question in listed:
        for part in [*question.stem.split("____"), *(option.text for option in question.options)]:
            assert "".join(part.split()) in shown


def test_wecom_text_has_the_documented_form() -> None:
    blocks = render([paper()], "wecom", titles=TITLES).decode().strip().split("\n\n")
    assert len(blocks) == 6
    assert blocks[0].split("\n")[1:6] == ["A. 10分钟", "B. 30分钟", "C. 60分钟", "D. 2小时", "答案：B"]
    assert "答案：ACD" in blocks[1]
    assert "答案：错误" in blocks[2]
    assert blocks[3].startswith("4. 每班至少巡检__次，合格率不得低于__。\n答案：两;2|30%;百分之三十\n解析：")
    assert all(block.split("\n")[-1].startswith("解析：") for block in blocks)


def test_wecom_signs_in_an_answer_cannot_be_taken_for_its_own() -> None:
    item = replace(cloze(), blanks=(replace(cloze().blanks[0], accepted=("a|b;c", "答\n案")), cloze().blanks[1]))
    text = render([Paper("卷", (item,), seed=1)], "wecom").decode()
    assert "答案：a｜b；c;答 案|30%;百分之三十" in text


def test_wecom_stem_never_begins_an_answer_line() -> None:
    item = replace(multiple(), stem="选出正确的\n答案：A\n解析：无")
    lines = render([Paper("卷", (item,), seed=1)], "wecom").decode().split("\n")
    assert [line[:3] for line in lines if line.startswith(("答案", "解析"))] == ["答案：", "解析："]
