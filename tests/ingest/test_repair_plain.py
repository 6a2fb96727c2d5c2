"""The plain kinds of damage together, and what repair does to clean documents: nothing."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.repair import repair
from tests.damage_plain import (
    HEAD_NOTICE,
    TAIL_NOTICE,
    add_glosses,
    corpus,
    halve_punctuation,
    source,
    to_radicals,
    to_traditional,
)

MANUAL = Path(__file__).resolve().parents[2].parent / "shared" / "manual" / "manual_raw.txt"


@pytest.mark.parametrize("document", corpus())
def test_clean_document_passes_unchanged(document: str) -> None:
    clean = source(document)
    mended = repair(clean)
    assert mended.lines == clean.lines
    assert mended.repairs == ()
    assert mended.warnings == ()


@given(st.sampled_from(corpus()), st.randoms(), st.booleans(), st.booleans())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_combined_damage_is_undone_exactly(document: str, rng: random.Random, noticed: bool, radicals: bool) -> None:
    lines = document.split("\n")[:40]
    damaged = halve_punctuation("\n".join(lines), rng)
    damaged = to_radicals(damaged) if radicals else damaged
    damaged = add_glosses(to_traditional(damaged))
    if noticed:
        damaged = "\n".join([*HEAD_NOTICE, damaged, *TAIL_NOTICE])
    mended = repair(source(damaged))
    assert [line.text for line in mended.lines if line.text] == [line for line in lines if line]
    assert {"gloss", "script"} <= {one.kind for one in mended.repairs}


def test_the_manual_loses_its_notices_glosses_and_placeholders() -> None:
    if not MANUAL.exists():
        pytest.skip("the real manual is not part of the repository (../shared/manual)")
    mended = repair(source(MANUAL.read_text(encoding="utf-8")))
    count = {one.kind: one.count for one in mended.repairs}
    assert len(mended.lines) == 1
    assert [one.kind for one in mended.repairs].count("notice") == 2
    assert count["gloss"] > 1000
    assert count["placeholder"] == 5
    assert sum("大数据、等" in one.message for one in mended.warnings) == 3
    assert any("如（）" in one.message for one in mended.warnings)
    text = mended.lines[0].text
    assert not set("yèùāǎ") - {"y"} & set(text)
    assert "小节标题" not in text
