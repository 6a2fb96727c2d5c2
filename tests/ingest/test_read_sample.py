"""Each shipped file, read back, holds all its source says: every heading, item, paragraph and table cell, in order."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingest.read import read
from ingest.source import SourceText
from kb.settings import LimitSettings
from tools.sample_files.source import Heading, Item, Paragraph, Source, load

SAMPLE = Path(__file__).resolve().parents[2] / "ingest" / "sample"
FILES = {
    "企业运营管理与服务手册.docx": ("manual_1.md", "manual_2.md"),
    "客户投诉处理SOP.docx": ("sop_kf_01.md",),
    "服务请求受理SOP.docx": ("sop_kf_02.md",),
    "SOP编写与变更SOP.docx": ("sop_zl_02.md",),
    "服务中断应急响应SOP.pdf": ("sop_yy_01.md",),
    "客户信息保护管理规定.pdf": ("sop_xx_01.md",),
    "退换与补偿审批SOP.xlsx": ("sop_cw_01.md",),
    "新员工上岗培训SOP.pptx": ("sop_px_01.md",),
    "客户回访SOP.html": ("sop_kf_03.md",),
    "服务质量抽检SOP.md": ("sop_zl_01.md",),
    "供应商切换SOP.txt": ("sop_cg_01.md",),
}
LIMITS = LimitSettings()


def said(source: Source) -> list[str]:
    """Return what the source says, piece by piece, in order."""
    pieces: list[str] = []
    for block in source.blocks:
        if isinstance(block, Heading | Paragraph | Item):
            pieces.append(block.text)
        else:
            pieces += [block.caption, *block.header, *(cell for row in block.rows for cell in row)]
    return [re.sub(r"\s", "", piece) for piece in pieces if piece]


def flat(text: SourceText) -> str:
    return re.sub(r"\s", "", "\n".join("\n".join(line.cells) or line.text for line in text.lines))


@pytest.mark.parametrize("name", FILES)
def test_sample_file_says_all_of_its_source_in_order(name: str) -> None:
    text = read(SAMPLE / name, name=name, limits=LIMITS)
    whole, place, added = flat(text), 0, 0
    for piece in said(load(*FILES[name])):
        found = whole.find(piece, place)
        assert found >= 0, f"{piece!r} is missing after {whole[max(0, place - 40) : place]!r}"
        added += found - place
        place = found + len(piece)
    # what is there beside the source: ordinals, the cover, a remark of the page
    assert added + len(whole) - place < 0.03 * len(whole) + 60


@pytest.mark.parametrize("name", FILES)
def test_sample_file_keeps_each_piece_on_a_line_of_its_own(name: str) -> None:
    lines = {re.sub(r"\s", "", line.text) for line in read(SAMPLE / name, name=name, limits=LIMITS).lines}
    prose = [block.text for block in load(*FILES[name]).blocks if isinstance(block, Paragraph | Item)]
    lost = [text for text in prose if not any(line.endswith(re.sub(r"\s", "", text)) for line in lines)]
    assert not lost


@pytest.mark.parametrize("name", [name for name in FILES if not name.endswith(".txt")])
def test_sample_file_has_its_title(name: str) -> None:
    assert read(SAMPLE / name, name=name, limits=LIMITS).title == load(*FILES[name]).title


@pytest.mark.parametrize(
    "name", [name for name in FILES if name[-4:] in ("docx", "html", "pptx", ".pdf") and "受理" not in name]
)
def test_sample_file_marks_its_headings(name: str) -> None:
    found = [line.text for line in read(SAMPLE / name, name=name, limits=LIMITS).lines if line.kind == "heading"]
    assert found == [block.text for block in load(*FILES[name]).blocks if isinstance(block, Heading)]


def test_sample_with_automatic_numbers_prints_them() -> None:
    lines = read(SAMPLE / "SOP编写与变更SOP.docx", name="a", limits=LIMITS).lines
    numbers = {line.text: line.ordinal for line in lines if line.kind == "heading"}
    assert (numbers["编写流程"], numbers["评审"], numbers["紧急变更"]) == ("6", "6.4", "7.2")


def test_sample_folder_is_small_enough_for_the_wheel() -> None:
    sizes = {path.name: path.stat().st_size for path in SAMPLE.iterdir()}
    assert set(sizes) == set(FILES)
    assert max(sizes.values()) < 400 * 1024
