"""A run on the shipped corpus: what is judged, what is summed up, what the bounds are.

Whether something got worse is the gate's question (``test_gate``); the targets here are absolute.
"""

import json
from pathlib import Path

import pytest

from assistant.ask import Assistant
from eval.dataset import Case, load, shipped
from eval.followups import measured, rewritten_by_hand, versions
from eval.judged import Judged
from eval.run import Runner
from eval.summary import MEANS, summary
from kb.knowledge import KnowledgeBase
from kb.search import HybridSearcher
from tests.eval.judged_cases import good, invented, poor, refused

DEV = Path(__file__).resolve().parents[2].parent / "shared" / "eval" / "manual_dev.jsonl"
CONTRACT = {"hit@1", "hit@5", "mrr@10", "ndcg@10", "facts", "answered", "refused", "citation_valid", "completeness"}
CONTRACT |= {"latency_p50_ms", "latency_p95_ms"}


def judge(knowledge: KnowledgeBase, *cases: Case) -> list[Judged]:
    return Runner(knowledge, Assistant(knowledge, HybridSearcher(knowledge))).run(cases)


def test_an_answered_case_is_judged_in_all_respects(sample: KnowledgeBase) -> None:
    question = "补偿800元要谁批准？"
    document = "退换与补偿审批SOP"
    case = Case("1", "who", question, ("1",), (("客服主管",),), answerable=True, document=document)
    (one,) = judge(sample, case)
    assert one.answered
    assert one.values["facts"] == one.values["citation_valid"] == one.values["hit@5"] == 1
    assert one.found
    assert one.found[0].document
    assert one.probability is not None
    assert 0 < one.probability <= 1
    assert one.milliseconds > 0
    assert "refused" not in one.values


def test_a_case_that_leans_on_the_question_before_is_asked_with_it(sample: KnowledgeBase) -> None:
    case = Case(
        "1", "follow_up", "那紧急的呢？", ("4",), (("15分钟",),), answerable=True, before="一般投诉多久首次响应？"
    )
    (one,) = judge(sample, case)
    assert one.values["facts"] == 1
    assert all(case.before for case in load(shipped("sample_followups")))


def test_an_unanswerable_case_is_judged_by_its_refusal(sample: KnowledgeBase) -> None:
    (one,) = judge(sample, Case("1", "oos", "月球上的氧气怎么采购？", (), (), answerable=False))
    assert set(one.values) == {"refused", "citation_valid"}
    assert one.failed == (one.values["refused"] == 0)


def test_summary_has_the_contracts_keys_and_is_json() -> None:
    told = summary("x", [good(1), poor(2), invented(3), refused(4)])
    assert set(told["metrics"]) >= CONTRACT
    assert told["metrics"]["hit@1"] == 0.5
    assert told["metrics"]["refused"] == 0.5
    assert told["metrics"]["refusal_precision"] == 1
    assert told["metrics"]["completeness"] is None
    assert told["intervals"]["hit@1"] == [0.0, 1.0]
    assert [one["id"] for one in told["failures"]] == ["g2", "o3"]
    assert told["by_type"]["oos"] == {"cases": 2, "good": 0.5}
    json.dumps(told)


def test_summary_of_nothing_is_whole() -> None:
    told = summary("x", [])
    assert told["cases"] == 0
    assert set(MEANS) <= set(told["metrics"])


def test_real_manual_reaches_its_targets(manual: KnowledgeBase) -> None:
    if not DEV.exists():
        pytest.skip("the development questions are not beside this checkout")
    metrics = summary("dev", judge(manual, *load(DEV)))["metrics"]
    assert metrics["hit@1"] >= 31 / 32
    assert metrics["hit@5"] == 1
    assert metrics["facts"] >= 0.96
    assert metrics["answered"] >= 31 / 32
    assert metrics["refused"] == 1
    assert metrics["citation_valid"] == 1
    assert metrics["characters_p50"] < 400


def test_followups_are_asked_alone_after_the_one_before_and_rewritten_by_hand() -> None:
    cases, by_hand = load(shipped("sample_followups")), rewritten_by_hand(shipped("sample_followups"))
    asked = versions(cases, by_hand)
    assert [one.before for one in asked["alone"]] == [""] * len(cases)
    assert asked["rules"] == cases
    assert [one.question for one in asked["by_hand"]] == [by_hand[one.id] for one in cases]


def test_followups_are_measured_each_way(sample: KnowledgeBase) -> None:
    path = shipped("sample_followups")
    found = measured(Runner(sample, Assistant(sample, HybridSearcher(sample))), load(path)[:4], rewritten_by_hand(path))
    assert found.keys() == {"alone", "rules", "by_hand"}
    assert found["alone"]["facts"] <= found["rules"]["facts"] <= found["by_hand"]["facts"]
