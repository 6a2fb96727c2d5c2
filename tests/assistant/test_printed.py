"""What comes out of the printer: every exported document rendered by LibreOffice, its pages read back."""

import shutil
import subprocess

import pytest
from pypdf import PdfReader

from assistant.checklist.export import write as write_checklist
from assistant.checklist.model import Check, Checklist, Completeness
from assistant.quiz.export import write as write_quiz
from assistant.sources import SourceVersion
from kb.model import Citation
from tests.assistant.quiz.papers_by_hand import TITLES, paper

A4 = (595, 842)


def long_list() -> Checklist:
    citation = Citation("d", "3.1", "巡检", ("门店运营", "巡检"), "3.1-1", "原文")
    checks = tuple(Check(n, f"第{n}处货架价签齐全", "step", citation, red_line=n < 3) for n in range(1, 61))
    sources = (SourceVersion("d", "门店运营规范", 1),)
    return Checklist("门店早班检查表", checks, (Completeness("d", "3.1", "巡检", 60, 60),), sources)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, PdfReader]:
    """Return the PDF of each document, all made by one start of LibreOffice."""
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice is not installed, so nothing can be rendered")
    if not _chinese_font():
        pytest.skip("no font for Chinese is installed, so what is printed cannot be read back")
    folder = tmp_path_factory.mktemp("printed")
    (quiz,) = write_quiz([paper()], "docx", folder / "quiz.docx", titles=TITLES)
    sources = [quiz, *(write_checklist(long_list(), name, folder / f"{name}.{name}") for name in ("docx", "xlsx"))]
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *map(str, sources)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    return {source.stem: PdfReader(source.with_suffix(".pdf")) for source in sources}


def _chinese_font() -> bool:
    listing = shutil.which("fc-list")
    command = [listing or "", ":lang=zh", "family"]
    return bool(listing) and bool(subprocess.run(command, capture_output=True, check=False).stdout.strip())


def words(reader: PdfReader, page: int) -> str:
    return "".join(reader.pages[page].extract_text().split())


def sizes(reader: PdfReader) -> set[tuple[int, int]]:
    return {(round(float(page.mediabox.width)), round(float(page.mediabox.height))) for page in reader.pages}


def test_paper_sheet_and_key_begin_on_pages_of_their_own(printed: dict[str, PdfReader]) -> None:
    pages = [words(printed["quiz"], at) for at in range(len(printed["quiz"].pages))]
    assert sizes(printed["quiz"]) == {A4}
    assert "姓名：" in pages[0]
    assert "百分之三十" not in pages[0]
    assert all("投诉与温控测验A卷" in page for page in pages)
    first_pages = [page for page in pages if "第1页" in page]
    assert len(first_pages) == 3
    assert "教师用，请勿下发" in first_pages[2]
    assert "百分之三十" in "".join(pages[pages.index(first_pages[2]) :])


def test_word_checklist_repeats_its_head_and_counts_its_pages(printed: dict[str, PdfReader]) -> None:
    pages = [words(printed["docx"], at) for at in range(len(printed["docx"].pages))]
    assert sizes(printed["docx"]) == {(A4[1], A4[0])}
    assert len(pages) > 2
    assert all(f"第{at}页共{len(pages)}页" in page for at, page in enumerate(pages, 1))
    assert "责任岗" in pages[1]
    assert pages[0].count("☐") >= 30
    assert "检查人（签字）" in pages[-1]


def test_workbook_prints_on_wide_pages_with_its_head(printed: dict[str, PdfReader]) -> None:
    reader = printed["xlsx"]
    listed = [
        at for at in range(len(reader.pages)) if "货架价签" in words(reader, at) and "实测值" in words(reader, at)
    ]
    assert sizes(reader) == {(A4[1], A4[0])}
    assert len(listed) >= 2
    assert "已检查0/60项，不合格0项" in words(reader, 0)
    assert "检查人签字" in words(reader, listed[-1])
