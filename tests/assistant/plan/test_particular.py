"""What one problem has that others of its sort have not: its own words, what is named beside what shows; parts of drafts."""

import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from assistant.checklist.model import Check
from assistant.plan import learnt
from assistant.plan.causes import suspicions, why_chain
from assistant.plan.clauses import does_something
from assistant.plan.figures import goals, indicators
from assistant.plan.kinds import GENERAL, causes_in_order, kind_of, kinds, kinds_of
from assistant.plan.learnt import Learnt, pairs_of, shipped_figures
from assistant.plan.likeness import embed_phrases, likely_causes, likely_kind
from assistant.plan.make import PlanRequest, make_plan
from assistant.plan.measures import LOWEST, Measure
from assistant.plan.model import Cause
from assistant.plan.problem import understand_problem
from assistant.plan.schedule import deliverable
from kb.knowledge import KnowledgeBase
from kb.model import Citation
from kb.search import HybridSearcher


@pytest.fixture(scope="module")
def searcher(sample: KnowledgeBase) -> HybridSearcher:
    return HybridSearcher(sample)


def check(text: str) -> Check:
    """Return a check that quotes ``text``."""
    return Check(1, text, "step", Citation("d", "1", "协作", ("协作",), "1-1", text))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("客户投诉没人处理，首次响应慢", "complaints"),
        ("七成投诉说配件等太久", "supply"),
        ("投诉大多是师傅说话难听", "conduct"),
        ("客户反馈师傅私下收费", "charging"),
    ],
)
def test_what_the_trouble_is_counts_more_than_how_it_shows(text: str, kind: str) -> None:
    assert kind_of(text) == kind


def test_what_shows_the_trouble_is_kept_as_the_second_sort() -> None:
    assert kinds_of("投诉大多是师傅说话难听") == ["conduct", "complaints"]


def test_the_problems_own_words_are_searched_by_themselves() -> None:
    problem = understand_problem("近两个月一次修好率78%，同一台空调反复上门，返修单占了一成")
    told = [one.text for one in suspicions(problem, None) if one.told]
    assert told == ["同一台空调反复上门"]


def test_what_is_asked_for_and_a_length_of_time_are_no_causes() -> None:
    problem = understand_problem("投诉越来越多没人管，帮我做个改进方案，上次停了四个小时")
    assert [one.text for one in suspicions(problem, None) if one.told] == ["投诉越来越多没人管"]


def test_what_only_shows_a_trouble_says_less_of_its_sort_than_what_it_is(sample: KnowledgeBase) -> None:
    shown, named = "客户投诉做法不统一", "首次响应慢，客户投诉做法不统一"
    shares = [
        sum(one.share for one in likely_causes(text, sample.embeddings, ["complaints"]) if one.kind == "complaints")
        for text in (shown, named)
    ]
    assert shares[0] < shares[1]


def test_a_cause_of_a_small_share_gets_fewer_measures(sample: KnowledgeBase, searcher: HybridSearcher) -> None:
    near = {one.cause.text: one.share for one in likely_causes("新人没人带，三个月走了六个", sample.embeddings)}
    made = make_plan(sample, searcher, PlanRequest("新人没人带，三个月走了六个", start=date(2026, 12, 1)))
    for cause in made.causes:
        if near.get(cause.text, 1.0) < LOWEST:
            assert sum(action.cause == cause.text for action in made.measures) <= 1


def test_who_complains_is_no_part_of_the_particular() -> None:
    problem = understand_problem("城东站的投诉大多是师傅说话难听，进门不穿鞋套")
    assert [one.text for one in suspicions(problem, None) if one.told] == ["师傅说话难听", "进门不穿鞋套"]


def test_a_problem_of_no_sort_borrows_the_causes_it_reads_like(sample: KnowledgeBase) -> None:
    near = likely_causes("出了事才发现早有苗头", sample.embeddings)
    problem = understand_problem("出了事才发现早有苗头")
    assert problem.kind == GENERAL
    assert sum(one.share for one in near) == pytest.approx(1.0)
    assert [one.share for one in near] == sorted((one.share for one in near), reverse=True)
    assert {one.cause.text for one in near} <= {one.text for one in suspicions(problem, None, near)}


@pytest.mark.parametrize(("text", "kind"), [("大家都不愿意提点子", "innovation"), ("领导出差单子就没人批", "approval")])
def test_a_problem_in_words_no_list_holds_is_told_by_its_meaning(sample: KnowledgeBase, text: str, kind: str) -> None:
    assert likely_kind(likely_causes(text, sample.embeddings)) == kind


@pytest.mark.parametrize("text", ["今天星期几呀", "给我讲一个笑话", "红烧肉怎么烧"])
def test_what_is_nothing_of_work_reads_like_no_cause(sample: KnowledgeBase, text: str) -> None:
    assert likely_causes(text, sample.embeddings) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [("送奶的车半路抛锚是常事，谁也不去管它", "maintenance"), ("炒菜的和传菜的互相甩脸，客人等凉了", "conduct")],
)
def test_a_trouble_of_another_trade_in_homely_words_is_a_trouble(sample: KnowledgeBase, text: str, kind: str) -> None:
    assert kind in {one.kind for one in likely_causes(text, sample.embeddings)}


def test_what_was_learnt_is_of_these_causes_and_this_model(sample: KnowledgeBase) -> None:
    figures = shipped_figures()
    assert figures is not None, "run: python -m tools.learn_causes"
    assert figures.model == sample.embeddings.model_id
    assert figures.weights.shape == (sample.embeddings.dimension + len(figures.pairs), len(causes_in_order()) + 1)


def test_what_was_learnt_is_read_as_it_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(1)
    made = Learnt(
        "m",
        np.zeros(4, np.float32),
        ("没人", "人管"),
        random.normal(size=(6, len(causes_in_order()) + 1)).astype(np.float32),
        np.zeros(len(causes_in_order()) + 1, np.float32),
    )
    made.save(tmp_path / learnt.FILE_NAME)
    monkeypatch.setattr(learnt, "files", lambda _: tmp_path)
    read = shipped_figures.__wrapped__()
    assert read is not None
    assert read.pairs == made.pairs
    vector = np.ones(4, np.float32)
    assert np.allclose(read.log_odds("没人管", vector), made.log_odds("没人管", vector), atol=0.05)


def test_figures_of_other_causes_are_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    figures = shipped_figures()
    assert figures is not None
    monkeypatch.setattr(learnt, "causes_in_order", lambda: causes_in_order()[1:])
    figures.save(tmp_path / learnt.FILE_NAME)
    monkeypatch.undo()
    monkeypatch.setattr(learnt, "files", lambda _: tmp_path)
    assert shipped_figures.__wrapped__() is None


def test_pairs_of_characters_go_over_what_stands_between_them() -> None:
    assert pairs_of("没人，管3次") == {"没人", "人管", "管次"}


class _Few:
    """A model of two dimensions that knows one word."""

    model_id, dimension = "few", 2

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return [1.0, float("投诉" in text)]


def test_another_model_embeds_the_phrases_itself() -> None:
    vectors = embed_phrases(_Few())  # type: ignore[arg-type]
    assert vectors.shape[1] == 2
    assert (abs((vectors**2).sum(axis=1) - 1) < 1e-5).all()


def test_another_model_tells_causes_by_likeness_to_phrases() -> None:
    found = likely_causes("投诉没人管", _Few())  # type: ignore[arg-type]
    assert found
    assert all("投诉" in "".join((*one.cause.told, one.cause.text, kinds()[one.kind].title)) for one in found)


def test_two_problems_of_one_sort_get_different_measures(sample: KnowledgeBase, searcher: HybridSearcher) -> None:
    texts = ("七成投诉说配件一等就是半个月", "城东站的投诉大多是师傅说话难听，进门不穿鞋套")
    one, other = (
        {(a.citation.document, a.citation.clause) for a in plan.measures if a.citation}
        for plan in (make_plan(sample, searcher, PlanRequest(text, "8d", date(2026, 12, 1))) for text in texts)
    )
    assert len(one & other) <= 0.4 * min(len(one), len(other))


def test_no_step_of_8d_is_empty_and_a3_says_nothing_twice(sample: KnowledgeBase, searcher: HybridSearcher) -> None:
    problem = "客服、运营、财务之间互相推诿，跨部门协作差"
    made = make_plan(sample, searcher, PlanRequest(problem, "8d", date(2026, 12, 1)))
    assert all(phase.text or phase.actions for phase in made.phases)
    prepared = [action for phase in made.phases for action in phase.actions if action.id.startswith("P")]
    assert [action.id for action in prepared] == ["P1", "P2", "P3"]
    held = next(phase for phase in made.phases if phase.name.startswith("D3")).actions
    assert all(action.start == prepared[0].start and not action.after for action in held)
    assert all(not re.search("建立|机制|体系", action.action) for action in held)
    assert all(action.id[0] in "PMCA" for phase in made.phases for action in phase.actions)  # D1 to D8 are the steps
    a3 = make_plan(sample, searcher, PlanRequest(problem, "a3", date(2026, 12, 1)))
    told = next(phase for phase in a3.phases if phase.name == "对策")
    planned = next(phase for phase in a3.phases if phase.name == "实施计划")
    assert {action.id for action in planned.actions} == set(
        re.findall(r"D\d+", " ".join(one.text for one in told.text))
    )
    assert not any(action.action in one.text for action in planned.actions for one in told.text)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("每个岗位都应有岗位说明书和考核标准", "岗位说明书"),
        ("部门之间交接的信息以工单记录为准", "工单记录"),
        ("填写《登记表》", "《登记表》"),
    ],
)
def test_what_is_left_is_named_whole(text: str, left: str) -> None:
    assert deliverable(Measure(check(text), 0, 1.0)) == left


@pytest.mark.parametrize(
    "text", ["优点：成员有两条汇报线", "任何一方不通气都会让客户多等", "几个部门联手，才能提高效果"]
)
def test_what_is_good_and_what_comes_of_it_is_no_measure(text: str) -> None:
    assert not does_something(check(text))


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("客户个人信息泄露", "降到"),
        ("没人愿意当导师，人员流失率失控", "降到"),
        ("投诉首次响应及时率不行", "提高到"),
        ("满意度从92%降到85%", "提高到"),
        ("客户来电没人答复，首次回复平均9小时", "降到"),
    ],
)
def test_a_goal_goes_the_way_that_is_better(text: str, way: str) -> None:
    assert way in goals(understand_problem(text), [], date(2027, 1, 1))[0].text


def test_a_figure_of_other_work_is_not_the_problems_own(sample: KnowledgeBase) -> None:
    problem = understand_problem("跨部门协作差，出了问题没人牵头")
    assert "按期办结率" not in [one.name for one in indicators(sample, problem, ["协作"])]


def test_figures_of_other_work_are_none_of_a_complaint(sample: KnowledgeBase) -> None:
    problem = understand_problem("客户投诉响应慢，首次响应平均超过4小时")
    names = [one.name for one in indicators(sample, problem, ["投诉响应时间 指标 监控", "资源响应时间"])]
    assert "首次响应及时率" in names
    assert not any("资源" in name for name in names)


def test_how_a_figure_is_usually_counted_is_a_suggestion(sample: KnowledgeBase) -> None:
    found = indicators(sample, understand_problem("人员流失率从8%升到18%"), [])[0]
    assert found.formula_basis == "assumption"
    assert "离职人数" in (found.formula or "")
    assert (found.source or "").endswith("（建议）")


def test_the_first_cause_is_asked_why_as_far_as_anybody_knows() -> None:
    citation = Citation("d", "1", "协作", ("协作",), "1-1", "投诉按级别限时响应")
    seen = Cause("响应慢", "问题描述", "user")
    usual = Cause("投诉没有分级", "流程", "assumption", citation)
    said = why_chain([seen, usual])
    assert len(said) == 5
    assert [one.basis for one in said] == ["user", *["assumption"] * 4]
    assert "投诉按级别限时响应" in said[2].text
    assert all("待填" in one.text for one in said[3:])


def test_a_faint_cause_that_nothing_speaks_to_is_left_out(sample: KnowledgeBase, searcher: HybridSearcher) -> None:
    made = make_plan(sample, searcher, PlanRequest("客户投诉响应慢，经常超时没人回", "a3", date(2026, 12, 1)))
    open_ = [action for action in made.actions if "没有找到手册的做法" in action.action]
    assert len(open_) <= 1
    assert "相关岗位，对照“原因分析”" in " ".join(action.action for action in made.actions)
