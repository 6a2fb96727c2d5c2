"""What must hold for any document: it parses back to the tree it was printed from, and no words are lost or doubled."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.source import Line, SourceText
from ingest.structure import Structure, build

CN = "一二三四五六七八九十"
TITLES = (
    "受理登记", "定级派发", "现场核查", "方案审批", "客户回访", "整改复查", "资料归档", "人员培训", "物料采购",
    "到货检验", "值班安排", "应急响应",
    "信息保护", "费用结算", "质量抽检", "供应商切换", "新人带教", "设备维护", "能耗统计", "安全巡检",
    "仓库盘点", "合同评审", "车辆调度", "满意度调查",
)  # fmt: skip
VERBS = ("登记工单", "核对姓名", "拍照留存", "报告站长", "通知客户", "填写台账", "复核金额", "签字确认")


@dataclass(frozen=True)
class Part:
    title: str
    intro: str
    items: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Chapter:
    title: str
    parts: tuple[Part, ...]


@st.composite
def documents(draw: st.DrawFn) -> tuple[Chapter, ...]:
    titles = iter(draw(st.permutations(TITLES)))
    count = iter(range(10_000))

    def sentence(end: str = "。") -> str:
        return f"责任人应在{next(count) + 3}分钟以内{draw(st.sampled_from(VERBS))}并留下记录{end}"

    def part() -> Part:
        items = tuple(
            (sentence(), ())
            if draw(st.integers(0, 3))
            else (sentence("："), tuple(sentence("；") for _ in range(draw(st.integers(2, 3)))))
            for _ in range(draw(st.sampled_from((0, 2, 3, 6))))
        )
        intro = sentence("，做法如下：") if items else sentence() + sentence()
        return Part(next(titles) + "要求", intro, items)

    return tuple(
        Chapter(next(titles) + "管理", tuple(part() for _ in range(draw(st.integers(1, 3)))))
        for _ in range(draw(st.integers(2, 5)))
    )


def chapter_mark(style: str, c: int) -> str:
    return {"dotted": f"第{c}章", "chinese": f"{CN[c - 1]}、", "bare": f"{c} "}[style]


def part_mark(style: str, c: int, p: int) -> str:
    return {"dotted": f"{c}.{p}", "chinese": f"（{CN[p - 1]}）", "bare": f"{c}.{p} "}[style]


def printed(document: tuple[Chapter, ...], style: str, *, contents: bool = False) -> list[str]:
    lines = ["服务作业手册"]
    if contents:
        lines += [
            line
            for c, chapter in enumerate(document, 1)
            for line in (
                chapter_mark(style, c) + chapter.title,
                *(part_mark(style, c, p) + q.title for p, q in enumerate(chapter.parts, 1)),
            )
        ]
    for c, chapter in enumerate(document, 1):
        lines.append(chapter_mark(style, c) + chapter.title)
        for p, part in enumerate(chapter.parts, 1):
            lines.append(part_mark(style, c, p) + part.title)
            lines.append(part.intro)
            for i, (text, nested) in enumerate(part.items, 1):
                lines.append({"dotted": f"{i}.", "chinese": f"{i}、", "bare": f"{i})"}[style] + text)
                lines += [("-" if style == "dotted" else "①②③④"[n]) + one for n, one in enumerate(nested)]
    return lines


def expected(document: tuple[Chapter, ...]) -> list[tuple[str, list[tuple[str, str, int]]]]:
    found: list[tuple[str, list[tuple[str, str, int]]]] = []
    for chapter in document:
        found.append((chapter.title, []))
        for part in chapter.parts:
            blocks = [("paragraph", part.intro, 0)]
            for text, nested in part.items:
                blocks.append(("item", text, 0))
                blocks += [("item", one, 1) for one in nested]
            found.append((part.title, blocks))
    return found


def parsed(structure: Structure) -> list[tuple[str, list[tuple[str, str, int]]]]:
    return [(s.title, [(b.kind, b.text, b.level) for b in s.blocks]) for s in structure.sections]


def assert_sound(structure: Structure) -> None:
    clauses = [b.clause for s in structure.sections for b in s.blocks]
    assert len(clauses) == len(set(clauses))
    numbers = [s.number for s in structure.sections]
    assert len(numbers) == len(set(numbers))
    for section in structure.sections:
        assert section.parent == "" or section.parent in numbers
        assert section.path[-1] == section.title
        assert len(section.path) == section.level
        for block in section.blocks:
            assert section.body[block.start : block.end] == block.text
            assert block.term in block.text
            assert block.clause.startswith(section.number + "-")


@pytest.mark.parametrize("style", ["dotted", "chinese", "bare"])
@given(document=documents(), contents=st.booleans())
@settings(max_examples=40, deadline=None)
def test_a_printed_document_parses_back(style: str, document: tuple[Chapter, ...], contents: bool) -> None:
    lines = printed(document, style, contents=contents)
    structure = build(SourceText("x.txt", "", tuple(Line(line) for line in lines)))
    assert_sound(structure)
    assert parsed(structure) == expected(document)


@pytest.mark.parametrize("style", ["dotted", "chinese"])
@given(document=documents())
@settings(max_examples=40, deadline=None)
def test_an_endless_line_with_contents_parses_back(style: str, document: tuple[Chapter, ...]) -> None:
    text = "".join(printed(document, style, contents=True))
    structure = build(SourceText("x.txt", "", (Line(text),)))
    assert_sound(structure)
    assert structure.title == "服务作业手册"
    assert parsed(structure) == expected(document)


STARTS = st.sampled_from(
    ["", "1.", "2.", "3、", "（一）", "（二）", "一、", "二、", "①", "- ", "第一章 ", "第二章 ", "1.1 ",
    "1.2 ", "2.1.1 ", "第三条 ", "步骤1 ", "附录A ", "# ", "a) ", "1 "]
)  # fmt: skip
ENDS = st.sampled_from(["", "。", "；", "：", "，按照规定由主管负责办理并且登记。"])


@given(shape=st.lists(st.tuples(STARTS, ENDS), max_size=25))
@settings(max_examples=150, deadline=None)
def test_no_words_are_lost_or_doubled(shape: list[tuple[str, str]]) -> None:
    lines = [f"{start}词{at}号{end}" for at, (start, end) in enumerate(shape)]
    structure = build(SourceText("x.txt", "", tuple(Line(line) for line in lines)))
    assert_sound(structure)
    said = [structure.title] if structure.title != "x" else []
    said += [s.title for s in structure.sections if s.number != "§0"] + [
        b.text for s in structure.sections for b in s.blocks
    ]
    counts = Counter(at for text in said for at in range(len(shape)) if f"词{at}号" in text)
    assert all(counts[at] == 1 for at in range(len(shape)))


@given(text=st.text(alphabet="一二三四第章条（）1234.、：；。-①步骤附录A \t客户服务", max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_text_gives_sound_sections(text: str) -> None:
    assert_sound(build(SourceText("x.txt", "", tuple(Line(line) for line in text.split("\n")))))


def test_two_thousand_items_are_one_list() -> None:
    text = "第一章 清单\n" + "\n".join(f"{n}. 第{n}项由客服专员在当天办结。" for n in range(1, 1000))
    text += "\n" + "\n".join(f"- 事项{n}须复核。" for n in range(1001))
    structure = build(SourceText("x.txt", "", tuple(Line(line) for line in text.split("\n"))))
    assert sum(len(s.blocks) for s in structure.sections) == 2000


@pytest.mark.parametrize("endless", [False, True])
def test_time_grows_with_the_length(endless: bool) -> None:
    def seconds(chapters: int) -> float:
        lines = []
        for c in range(1, chapters + 1):
            lines.append(f"第{c}章管理")
            for s in range(1, 6):
                lines += [
                    f"{c}.{s}要求",
                    "为了规范做法，特作如下要求：",
                    *(f"{i}.责任人应在{i}小时内办结并登记。" for i in range(1, 8)),
                ]
        source = tuple(Line(line) for line in (["".join(lines)] if endless else lines))
        started = time.process_time()
        structure = build(SourceText("x.txt", "", source))
        assert len(structure.sections) == chapters * 6
        return time.process_time() - started

    # Ten times the text; quadratic would be a hundred. Wide, because a full test run disturbs both.
    small, large = min(seconds(9) for _ in range(3)), min(seconds(90) for _ in range(2))
    assert large < 50 * small
