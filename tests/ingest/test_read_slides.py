from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from pptx import Presentation
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide
from pptx.util import Cm

from ingest.read import read
from ingest.source import SourceText
from kb.errors import SourceTooLarge, SourceUnreadable
from kb.settings import LimitSettings


def saved(tmp_path: Path, deck: Deck, **limits: int) -> SourceText:
    deck.save(str(tmp_path / "a.pptx"))
    return read(tmp_path / "a.pptx", name="a.pptx", limits=LimitSettings(**limits))


def slide(deck: Deck, title: str, *texts: tuple[int, str], layout: int = 1) -> Slide:
    added = deck.slides.add_slide(deck.slide_layouts[layout])
    added.shapes.title.text = title
    for place, (level, text) in enumerate(texts):
        frame = added.placeholders[1].text_frame
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.text, paragraph.level = text, level
    return added


def shown(text: SourceText) -> list[tuple[str, int, str]]:
    return [(line.kind, line.level, line.ordinal + line.text) for line in text.lines]


def test_slide_titles_are_headings_and_bullets_items(tmp_path: Path) -> None:
    deck = Presentation()
    slide(deck, "新员工培训", (0, "培训部"), layout=0)
    slide(deck, "目的", (0, "统一要求"), (1, "先学"), (0, "后考"))
    text = saved(tmp_path, deck)
    assert text.title == "新员工培训"
    assert shown(text) == [
        ("text", 0, "培训部"), ("heading", 1, "目的"), ("item", 0, "-统一要求"), ("item", 1, "-先学"), ("item", 0, "-后考"),
    ]  # fmt: skip
    assert text.lines[1].page == 2


@pytest.mark.parametrize(
    ("kind", "second"),
    [
        ("arabicPeriod", "2."),
        ("circleNumDbPlain", "②"),
        ("ea1ChsPeriod", "二、"),
        ("alphaLcParenR", "b)"),
        ("romanUcPeriod", "II."),
    ],
)
def test_slide_numbers_are_printed(tmp_path: Path, kind: str, second: str) -> None:
    deck = Presentation()
    added = slide(deck, "步骤", (0, "登记"), (0, "派单"))
    for paragraph in added.placeholders[1].text_frame.paragraphs:
        properties = paragraph._p.get_or_add_pPr()
        properties.append(properties.makeelement(qn("a:buAutoNum"), {"type": kind}))
    assert shown(saved(tmp_path, deck))[-1][2] == f"{second}派单"


def test_slide_table_notes_and_groups_in_reading_order(tmp_path: Path) -> None:
    deck = Presentation()
    added = slide(deck, "时限", layout=5)
    below = added.shapes.add_textbox(Cm(2), Cm(15), Cm(5), Cm(1))
    below.text_frame.text = "下方说明。"
    group = added.shapes.add_group_shape()
    for left, words in ((12, "右。"), (2, "左。")):
        group.shapes.add_textbox(Cm(left), Cm(12), Cm(5), Cm(1)).text_frame.text = words
    table = added.shapes.add_table(3, 2, Cm(2), Cm(4), Cm(20), Cm(3)).table
    for place, words in enumerate(["级别", "时限", "一般", "2小时", "", "4小时"]):
        table.cell(place // 2, place % 2).text = words
    table.cell(1, 0).merge(table.cell(2, 0))
    added.notes_slide.notes_text_frame.text = "讲解时举例"
    text = saved(tmp_path, deck)
    assert [line.cells for line in text.lines if line.kind == "row"] == [
        ("级别", "时限"), ("一般", "2小时"), ("一般", "4小时"),
    ]  # fmt: skip
    assert [line.text for line in text.lines if line.kind == "text"] == [
        "左。",
        "右。",
        "下方说明。",
        "备注：讲解时举例",
    ]


def test_slide_hidden_or_of_pictures_is_named_and_thanks_left_out(tmp_path: Path) -> None:
    from PIL import Image

    deck = Presentation()
    slide(deck, "目的", (0, "统一"), (0, "要求"))
    slide(deck, "内部", (0, "不讲"))._element.set("show", "0")
    Image.new("L", (20, 20)).save(tmp_path / "a.png")
    deck.slides.add_slide(deck.slide_layouts[6]).shapes.add_picture(str(tmp_path / "a.png"), 0, 0)
    slide(deck, "谢谢大家！", layout=5)
    text = saved(tmp_path, deck)
    assert [line.text for line in text.lines] == ["目的", "统一", "要求"]
    assert [(warning.kind, "第3张" in warning.message) for warning in text.warnings] == [
        ("needs_ocr", True),
        ("hole", False),
    ]


def test_slides_over_the_limit_are_refused(tmp_path: Path) -> None:
    deck = Presentation()
    for _ in range(3):
        slide(deck, "目的")
    with pytest.raises(SourceTooLarge, match="3 张"):
        saved(tmp_path, deck, pages=2)


def test_slides_damaged_say_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "坏.pptx").write_bytes(b"PK\x05\x06" + b"\0" * 18)
    with pytest.raises(SourceUnreadable, match=r"坏\.pptx"):
        read(tmp_path / "坏.pptx", name="坏.pptx", limits=LimitSettings())


def test_slides_with_a_relation_to_nowhere_are_read(tmp_path: Path) -> None:
    deck = Presentation()
    slide(deck, "目的", (0, "统一"), (0, "要求"))
    deck.save(str(tmp_path / "a.pptx"))
    with zipfile.ZipFile(tmp_path / "a.pptx") as old, zipfile.ZipFile(tmp_path / "b.pptx", "w") as new:
        for name in old.namelist():
            lost = b'<Relationship Id="rId99" Type="http://x/image" Target="NULL"/></Relationships>'
            content = old.read(name)
            if name == "ppt/slides/_rels/slide1.xml.rels":
                content = content.replace(b"</Relationships>", lost)
            new.writestr(name, content)
    text = read(tmp_path / "b.pptx", name="b.pptx", limits=LimitSettings())
    assert [line.text for line in text.lines] == ["目的", "统一", "要求"]
