"""What reading the first passages with the question changes in their order."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assistant.passage import passages
from assistant.rank import Ranked, by_passages
from assistant.reread import REACH, SECTIONS, WEIGHT, reread
from kb.model import Block, Chunk, Hit, Section


def _ranked(number: int, score: float, *texts: str) -> list[Ranked]:
    """Return the passages of a section of paragraphs, all at ``score``, the first a little higher."""
    body, blocks = "", []
    for at, text in enumerate(texts, 1):
        blocks.append(Block(f"{number}-p{at}", "paragraph", text, len(body), len(body) + len(text)))
        body += text + "\n"
    title = f"第{number}件事"
    section = Section(str(number), title, 1, "", (title,), body.rstrip("\n"), tuple(blocks))
    return [Ranked(one, score - at / 100, {}) for at, one in enumerate(passages("d", section))]


def test_the_passages_of_a_section_move_together() -> None:
    first, second = _ranked(1, 1.0, "先登记。", "再上报。"), _ranked(2, 0.9, "当场退款。")
    asked: list[str] = []

    def read(question: str, texts: Sequence[str]) -> list[float]:
        asked.extend([question, *texts])
        return [-2.0, 3.0]

    moved = reread("怎么退款", [*first, *second], read, titles={"d": "门店手册"})
    assert asked == ["怎么退款", "门店手册 第1件事：\n先登记。", "门店手册 第2件事：\n当场退款。"]
    assert [one.passage.section.number for one in moved] == ["2", "1", "1"]
    assert moved[0].score == pytest.approx(0.9 + 3 * WEIGHT)
    assert moved[1].score - moved[2].score == pytest.approx(0.01)
    assert [one.features["read"] for one in moved] == [3.0, -2.0, -2.0]


def test_what_was_not_read_is_not_better_for_it() -> None:
    ranked = [one for number in range(1, SECTIONS + 3) for one in _ranked(number, 2 - number / 10, f"第{number}条。")]
    moved = reread("怎么办", ranked, lambda _question, texts: [-4.0 - at for at in range(len(texts))], titles={})
    assert [one.passage.section.number for one in moved] == [str(number) for number in range(1, SECTIONS + 3)]


def test_nothing_is_read_where_nothing_was_found() -> None:
    assert reread("怎么办", [], lambda _question, _texts: [], titles={}) == []


def test_sections_far_behind_are_not_read() -> None:
    ranked = [*_ranked(1, 2.0, "近的。"), *_ranked(2, 2.0 - REACH / 2, "也近的。"), *_ranked(3, 1.9 - REACH, "远的。")]
    asked: list[str] = []

    def read(_question: str, texts: Sequence[str]) -> list[float]:
        asked.extend(texts)
        return [0.0] * len(texts)

    reread("怎么办", ranked, read, titles={})
    assert [text.endswith(("近的。", "也近的。")) for text in asked] == [True, True]


def _hit(section: str, score: float, at: int = 1) -> Hit:
    return Hit("d", Chunk(section, (f"{section}-p{at}",), "", "文字"), score)


def test_hits_follow_their_sections_passages() -> None:
    hits = [_hit("1", 0.9), _hit("2", 0.8), _hit("2", 0.7, at=2), _hit("3", 0.6), _hit("1", 0.5, at=2)]
    ranked = [*_ranked(2, 2.0, "先登记。"), *_ranked(1, 1.0, "再上报。")]
    moved = by_passages(hits, ranked)
    assert [(hit.chunk.section, round(hit.score, 2)) for hit in moved] == [
        ("2", 0.9),
        ("1", 0.8),
        ("2", 0.8),
        ("3", 0.6),
        ("1", 0.4),
    ]
    assert by_passages(hits, []) == hits
