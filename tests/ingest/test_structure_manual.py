"""The real manual, one endless line: 8 chapters, 40 sections, four of them only listed, one broken off."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingest.source import Line, SourceText
from ingest.structure import Structure, build

MANUAL = Path(__file__).resolve().parents[2].parent / "shared" / "manual" / "manual_raw.txt"

# items of every section that has a list, nested ones counted
ITEMS = {
    "1.1.3": 4, "1.1.4": 5, "1.2.1": 4, "1.2.2": 5, "1.3.1": 5, "1.3.2": 5, "1.3.3": 4, "1.4.1": 6, "1.4.2": 6,
    "1.5.2": 6,
    "1.5.3": 5, "1.5.4": 4, "2.1": 5, "2.2": 5, "2.3": 5, "2.4": 5, "2.5": 5, "3.1": 5, "3.2": 5, "3.3": 5, "3.4": 5,
    "3.5": 5, "4.1": 4, "4.2": 4, "4.3": 3, "4.4": 4, "4.5": 4, "5.1": 5, "5.2": 8, "5.3": 7, "5.4": 4,
    "5.5": 4, "6.1": 5,
    "6.2": 4, "6.3": 5, "6.4": 3, "6.5": 4, "7.1": 3, "7.2": 5, "7.3": 4, "7.4": 4, "7.5": 4,
}  # fmt: skip
SUBSECTIONS = {"1.1": 4, "1.2": 2, "1.3": 3, "1.4": 2, "1.5": 4}


@pytest.fixture(scope="module")
def manual() -> Structure:
    if not MANUAL.exists():
        pytest.skip("the real manual is not part of the repository (../shared/manual)")
    import opencc

    # only what structure needs: the repair proper is tested with ingest.repair
    text = re.sub(r"([\u3400-\u9fff])\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüê]+\)", r"\1", MANUAL.read_text(encoding="utf-8"))
    text = (
        opencc.OpenCC("t2s").convert(text).split("文档简介")[1].split("温馨提示")[0].strip().replace("(小节标题)", "")
    )
    text = re.sub(r"(?<!\d):|:(?!\d)", "：", text.translate(str.maketrans("(),;?!", "（），；？！")))
    return build(SourceText("manual_raw.txt", "", (Line(text),)))


def test_the_manual_has_every_chapter_and_section(manual: Structure) -> None:
    numbers = [s.number for s in manual.sections]
    assert [n for n in numbers if "." not in n] == [str(n) for n in range(1, 9)]
    assert [n for n in numbers if n.count(".") == 1] == [f"{c}.{s}" for c in range(1, 9) for s in range(1, 6)]
    assert {n: sum(m.startswith(n + ".") for m in numbers) for n in SUBSECTIONS} == SUBSECTIONS
    assert all(len(s.title) <= 16 for s in manual.sections)


def test_the_manual_lacks_four_sections_and_breaks_off_in_one(manual: Structure) -> None:
    status = {s.number: s.status for s in manual.sections if s.status != "present"}
    assert status == {"8.1": "truncated", **dict.fromkeys(("8.2", "8.3", "8.4", "8.5"), "missing_body")}
    assert [w.section for w in manual.warnings] == ["8.1", "8.2", "8.3", "8.4", "8.5"]


def test_the_manual_has_every_list_whole(manual: Structure) -> None:
    counts = {s.number: sum(b.kind == "item" for b in s.blocks) for s in manual.sections}
    assert {number: count for number, count in counts.items() if count} == ITEMS
    assert all(b.term for s in manual.sections for b in s.blocks if b.kind == "item")


def test_closing_paragraphs_of_the_manual_stand_apart(manual: Structure) -> None:
    paragraphs = {s.number: [b.text for b in s.blocks if b.kind == "paragraph"] for s in manual.sections}
    assert all(
        len(paragraphs[number]) == 2 for number in ("2.5", "3.1", "3.5", "4.2", "4.5", "5.5", "6.1", "7.1", "7.4")
    )
    assert all(len(paragraphs[number]) == 3 for number in ("6.5", "7.5"))
    assert paragraphs["6.5"][2].startswith("综上")
    assert len(paragraphs["2.1"]) == 1
