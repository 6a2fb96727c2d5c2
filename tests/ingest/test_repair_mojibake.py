from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.repair import mojibake
from tests.damage_plain import MISREAD, corpus, misread, sentences, to_traditional

# share of the clean lines of the shipped corpus that come back exactly, each alone; measured 0.94 to 1.0
LEAST_RESTORED = {("cp950", "gb18030"): 0.88, ("gb18030", "cp950"): 0.93}


@pytest.mark.parametrize(("read", "true"), MISREAD)
def test_mojibake_of_each_line_is_read_in_its_true_encoding(read: str, true: str) -> None:
    lines = [to_traditional(line) if true == "cp950" else line for line in sentences()]
    pairs = [(shown, line) for line in lines if (shown := misread(line, read, true)) is not None][:300]
    restored = sum(mojibake.mend(shown)[0] == line for shown, line in pairs)
    assert restored >= LEAST_RESTORED.get((read, true), 0.99) * len(pairs)
    assert len(pairs) > 5


@given(st.sampled_from(sentences()), st.sampled_from([("latin-1", "utf-8"), ("latin-1", "gb18030")]), st.randoms())
@settings(max_examples=100, deadline=None)
def test_mojibake_inside_a_good_line_is_mended(line: str, mistake: tuple[str, str], rng: random.Random) -> None:
    start = rng.randrange(0, len(line) - 8)
    end = start + 8
    shown = misread(line[start:end], *mistake)
    if shown is None or sum(c > "\x7f" for c in line[start:end]) < 6 or "“" in line or "”" in line:
        return
    assert mojibake.mend(line[:start] + shown + line[end:])[0] == line


def test_mojibake_that_lost_bytes_is_guessed_with_low_confidence() -> None:
    line = "标准：首次响应时限"
    shown = line.encode().decode("gbk", "replace")
    assert "\ufffd" in shown
    text, repairs = mojibake.mend(shown)
    assert text == line
    assert [(one.kind, one.after, one.confidence < 0.8) for one in repairs] == [("encoding", line, True)]


def test_mojibake_of_a_whole_document_takes_its_short_lines_along() -> None:
    turned = (line for line in sentences() if misread(line, "cp950", "gb18030"))
    lines = [*(next(turned) for _ in range(4)), "3 职责", "评分表"]
    shown = [str(misread(line, "cp950", "gb18030")) for line in lines]
    assert mojibake.mend_all(shown)[0] == lines


@pytest.mark.parametrize(
    "text",
    [
        "Café déjà vu à la carte, naïve résumé",
        "アークハウンドのヘッドホン",
        "1120μs | 528μs | 426μs",
        "温度25℃±2，误差0.5‰",
        "Ökonomie für Übung",
    ],
)
def test_mojibake_leaves_other_languages_alone(text: str) -> None:
    assert mojibake.mend(text) == (text, [])


def test_mojibake_finds_nothing_in_clean_documents() -> None:
    for document in corpus():
        for text in (document, to_traditional(document)):
            assert mojibake.mend_all(text.split("\n")) == (text.split("\n"), [])
