from pathlib import Path

import pytest

from eval import metrics
from eval.dataset import Case, load, shipped
from kb.errors import SourceUnreadable
from kb.model import Answer, Citation

CASE = Case("1", "list", "？", ("5.5", "§2"), (("分类", "分级"), ("2小时",)), answerable=True)


def citation(section: str, quote: str) -> Citation:
    return Citation("d", section, "", (), f"{section}-1", quote)


def leads(one: Citation) -> bool:
    return one.section == "5.5"


def test_gold_is_the_section_or_one_above_it() -> None:
    assert metrics.is_gold(["5.5.1", "5.5", "5"], CASE)
    assert metrics.is_gold(["2", ""], CASE)
    assert not metrics.is_gold(["5.50", "5"], CASE)


def test_facts_need_one_of_each_group_in_any_script() -> None:
    assert metrics.facts(Answer("？", "先分類，２小時內回電", "answered"), CASE) == 1
    halfway = Answer("？", "先分类", "answered")
    assert metrics.facts(halfway, CASE) == 0.5
    assert metrics.missing_facts(halfway, CASE) == ("2小时",)


def test_citations_are_right_that_lead_to_gold_and_prove_what_they_quote() -> None:
    answer = Answer("？", "先分类，2小时", "answered", (citation("5.5", "先分类"), citation("6", "2小时")))
    assert metrics.citation_precision(answer, leads) == 0.5
    assert metrics.citation_recall(answer, CASE, leads) == 0.5  # 2小时 is quoted from a section that is not gold
    assert metrics.citation_precision(Answer("？", "先分类", "answered"), leads) == 0


def test_a_quote_is_valid_only_where_its_words_stand() -> None:
    answer = Answer("？", "", "answered", (citation("5.5", "先 分类"), citation("6", "没有这句")))
    assert metrics.citation_valid(answer, lambda one: "客户投诉先分类" if one.section == "5.5" else "别的") == 0.5


@pytest.mark.parametrize("name", [f"{corpus}_{part}" for corpus in ("sample", "manual") for part in "abcdefghik"])
def test_shipped_datasets_are_whole(name: str) -> None:
    cases = load(shipped(name))
    assert len({case.id for case in cases}) == len(cases) >= 70
    assert all(case.answerable == bool(case.gold_sections) for case in cases)


def test_bad_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"question":"好"}\n{"id":1}\n', encoding="utf-8")
    with pytest.raises(SourceUnreadable, match="第 2 行"):
        load(path)
