"""Why something was found, and what an edit of the synonyms file would change."""

from pathlib import Path

import pytest

from kb.errors import HomeUnusable, SettingsInvalid
from kb.explain import explain, why_not
from kb.knowledge import KnowledgeBase
from kb.search import COVERAGE_WEIGHT, HybridSearcher
from kb.synonym_file import effect, mined, problems, read_text, restore_start_set, save
from kb.synonyms import FILE_NAME, load_synonyms, start_set


@pytest.fixture(scope="module")
def searcher(sample: KnowledgeBase) -> HybridSearcher:
    return HybridSearcher(sample)


def test_explanation_agrees_with_the_search(searcher: HybridSearcher) -> None:
    question = "一般投诉多久响应？"
    told = explain(searcher, question, limit=8)
    assert [one.hit for one in told.hits] == searcher.search(question, limit=8)
    assert [one.rank for one in told.hits] == list(range(1, 9))
    assert sum(term.share for term in told.terms) == pytest.approx(1.0)
    for one in told.hits:
        assert one.score == pytest.approx(
            (one.fused + COVERAGE_WEIGHT * one.coverage) / (1 + COVERAGE_WEIGHT), abs=1e-5
        )
        # what is left of the fused score is the vectors' share of it
        assert -1e-5 <= one.fused - 0.4 * one.words <= 0.6 + 1e-5
        said = {*one.matched, *one.partly, *one.lacking, *(word for word, _ in one.through)}
        assert said == {term.word for term in told.terms}
    first = told.hits[0]
    assert "投诉" in first.matched
    assert all(word in first.hit.chunk.indexed for word in first.matched)


def test_explanation_names_the_synonym_that_matched(searcher: HybridSearcher) -> None:
    told = explain(searcher, "顾客投诉怎么处理？", limit=5)
    assert any(("顾客", "客户") in one.through for one in told.hits)
    assert not any("顾客" in one.matched for one in told.hits)


def test_word_that_segmentation_cuts_apart_is_one_term(searcher: HybridSearcher) -> None:
    told = explain(searcher, "客诉多久响应？", limit=3)
    assert {term.word for term in told.terms} == {"客诉", "响应"}
    assert ("客诉", "投诉") in told.hits[0].through


def test_section_that_was_not_shown_is_placed(searcher: HybridSearcher) -> None:
    question = "一般投诉多久响应？"
    far = explain(searcher, question, limit=60).hits[-1]
    found = why_not(searcher, question, far.hit.document, far.hit.chunk.section)
    assert found is not None
    assert found.rank <= far.rank
    assert why_not(searcher, question, "no-such", "1") is None


def test_edit_shows_its_effect_before_it_is_saved(searcher: HybridSearcher, sample: KnowledgeBase) -> None:
    before = load_synonyms(sample.home)
    told = effect(searcher, "炸毛客户怎么办", start_set() + "\n炸毛，投诉升级\n", limit=5)
    assert told.synonyms_before.get("炸毛") is None
    assert told.synonyms_after["炸毛"] == ("投诉升级",)
    assert told.changed
    assert load_synonyms(sample.home) is before
    same = effect(searcher, "炸毛客户怎么办", read_text(sample.home))
    assert not same.changed
    assert same.before == tuple(searcher.search("炸毛客户怎么办", limit=5))


def test_names_that_the_corpus_gives_are_listed(searcher: HybridSearcher) -> None:
    assert ("流程再造", "process reengineering") in mined(searcher)
    assert ("投诉", "客户投诉") not in mined(searcher)


def test_saved_file_is_in_force_at_once_and_gives_back_what_was(tmp_path: Path) -> None:
    assert read_text(tmp_path) == start_set()
    before = save(tmp_path, "投诉，客诉\r\n\r\n# 注释\r\n")
    assert before == start_set()
    assert (tmp_path / FILE_NAME).read_text(encoding="utf-8") == "投诉，客诉\n\n# 注释\n"
    assert load_synonyms(tmp_path).groups == (("投诉", "客诉"),)
    assert save(tmp_path, before) == "投诉，客诉\n\n# 注释\n"
    restore_start_set(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]
    save(tmp_path, "")
    assert load_synonyms(tmp_path).groups == ()


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("投诉，客诉\n甲\x00乙，丙", 2, "控制字符"),
        ("投" * 41 + "，客诉", 1, "超过 40 个字"),
        ("，".join(f"词{at}" for at in range(61)), 1, "最多 60 个词"),
        ("x" * 1_000_001, 1, "文件太大"),
    ],
)
def test_file_with_a_wrong_line_is_not_saved(tmp_path: Path, text: str, line: int, words: str) -> None:
    (problem,) = (one for one in problems(text) if one.grave)
    assert problem.line == line
    with pytest.raises(SettingsInvalid, match=words) as raised:
        save(tmp_path, text)
    assert "\n" not in str(raised.value)
    assert not (tmp_path / FILE_NAME).exists()


def test_line_of_one_word_is_a_hint_only(tmp_path: Path) -> None:
    assert [(one.line, one.grave) for one in problems("投诉，客诉\n孤单 # 一个词\n# 注释\n\n")] == [(2, False)]
    save(tmp_path, "孤单")


def test_nobodys_edit_is_lost(tmp_path: Path) -> None:
    opened = read_text(tmp_path)
    save(tmp_path, "甲，乙", expected=opened)
    with pytest.raises(SettingsInvalid, match="刚被别人改过"):
        save(tmp_path, "丙，丁", expected=opened)
    save(tmp_path, "甲，乙，丙", expected="甲，乙\r\n")


def test_home_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    blocked = tmp_path / "home"
    blocked.mkdir()
    (blocked / FILE_NAME).mkdir()
    with pytest.raises(SettingsInvalid, match="无法读取"):
        save(blocked, "甲，乙")
    with pytest.raises(HomeUnusable):
        save(tmp_path / "nowhere", "甲，乙")
