import pytest

from eval import metrics
from eval.dataset import Case, load, shipped
from kb.errors import SourceUnreadable
from kb.model import Answer

CASE = Case("1", "list", "？", ("5.5", "§2"), (("分类", "分级"), ("2小时",)), answerable=True)


def test_gold_is_the_section_or_one_above_it() -> None:
    assert metrics.is_gold(["5.5.1", "5.5", "5"], CASE)
    assert metrics.is_gold(["2", ""], CASE)
    assert not metrics.is_gold(["5.50", "5"], CASE)


def test_ranking_metrics() -> None:
    ranked = [False, True, True]
    assert metrics.hit_at(ranked, 1) == 0
    assert metrics.hit_at(ranked, 5) == 1
    assert metrics.reciprocal_rank(ranked) == 0.5
    assert metrics.ndcg([True, False], 1) == 1
    assert metrics.ndcg(ranked, 2) == pytest.approx((1 / 1.58496 + 0.5) / (1 + 1 / 1.58496), rel=1e-4)


def test_facts_need_one_of_each_group_in_any_script() -> None:
    assert metrics.facts(Answer("？", "先分類，２小时內回電", "answered"), CASE) == 1
    assert metrics.facts(Answer("？", "先分类", "answered"), CASE) == 0.5


@pytest.mark.parametrize("name", ["sample_a", "sample_b", "manual_a", "manual_b"])
def test_shipped_datasets_are_whole(name: str) -> None:
    cases = load(shipped(name))
    assert len({case.id for case in cases}) == len(cases) >= 70
    assert all(case.answerable == bool(case.gold_sections) for case in cases)


def test_bad_line_is_named(tmp_path: object) -> None:
    from pathlib import Path

    path = Path(str(tmp_path)) / "x.jsonl"
    path.write_text('{"question":"好"}\n{"id":1}\n', encoding="utf-8")
    with pytest.raises(SourceUnreadable, match="第 2 行"):
        load(path)
