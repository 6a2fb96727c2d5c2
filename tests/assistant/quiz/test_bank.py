"""The bank and the taking of papers: kept, changed, stale, resumed, handed in, mistakes."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.quiz import intake
from assistant.quiz.attempts import Attempts
from assistant.quiz.bank import Bank, from_json, to_json
from assistant.quiz.make import Order, QuizMaker
from assistant.quiz.model import Option, Paper, Question
from assistant.quiz.statistics import by_item, by_person
from ingest.pipeline import ingest
from kb.errors import NotThere
from kb.knowledge import KnowledgeBase
from kb.model import Citation
from kb.search import HybridSearcher
from kb.settings import load_settings

TEXT = """# 门店投诉处理规范

## 1 受理

1. 店员在接到投诉后10分钟内登记，写明时间、地点和经过。
2. 店长在30分钟内复核投诉级别，在系统中签字。
3. 店员在2小时内回复客户，告知处理进度和负责人。
4. 区域经理每周五抽查5张投诉单，结果记入台账。

## 2 红线

1. 严禁私下用现金了结投诉。
2. 不得删除投诉录音和原始登记。
3. 严禁把客户电话透露给第三方。
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "门店投诉处理规范.md"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def shop(tmp_path: Path, source: Path) -> Iterator[KnowledgeBase]:
    with KnowledgeBase.open(load_settings(tmp_path / "home")) as knowledge:
        assert [report.status for report in ingest([source], knowledge)] == ["added"]
        yield knowledge


@pytest.fixture
def maker(shop: KnowledgeBase) -> QuizMaker:
    return QuizMaker(shop)


@pytest.fixture
def paper(maker: QuizMaker) -> Paper:
    return maker.papers(Order(count=8, types=("single", "true_false", "cloze")))[0]


@pytest.fixture
def bank(shop: KnowledgeBase, maker: QuizMaker) -> Bank:
    return Bank(shop, maker.sources, HybridSearcher(shop))


def test_items_come_back_from_json_as_they_were(maker: QuizMaker) -> None:
    _, pool = maker.everything()
    assert len(pool) > 20
    assert [from_json(to_json(one)) for one in pool] == pool


def test_kept_items_are_usable_and_found(bank: Bank, paper: Paper) -> None:
    kept = bank.keep(paper.questions, author="培训师", tags=("新店",))
    assert all(one.usable for one in kept)
    assert len(bank.find()) == len(paper.questions)
    assert {one.question.type for one in bank.find(type_="cloze")} == {"cloze"}
    assert bank.find("投诉", tag="新店")
    assert bank.find("没有的词") == []


def test_an_edit_is_checked_at_once(bank: Bank, paper: Paper) -> None:
    single = next(one for one in paper.questions if one.type == "single")
    bank.keep([single])
    spoiled = bank.edit(replace(single, options=(*single.options[:3], Option("D", "以上都不对"))))
    assert "无笼统选项" in {check for check, _ in spoiled.problems}
    assert not spoiled.usable
    assert bank.edit(single).usable
    with pytest.raises(NotThere):
        bank.edit(replace(single, id="q-nobody"))


def test_retired_and_tagged_items_stay_so_after_an_edit(bank: Bank, paper: Paper) -> None:
    one = bank.keep([paper.questions[0]])[0].question
    bank.tag(one.id, ["冬季", "冬季", " "])
    bank.set_state(one.id, "retired")
    bank.edit(replace(one, explanation="改过的解析"))
    again = bank.get(one.id)
    assert (again.state, again.tags, again.question.explanation) == ("retired", ("冬季",), "改过的解析")
    assert bank.find() == []
    assert len(bank.find(state="retired")) == 1


def test_items_whose_clause_changed_are_stale(bank: Bank, shop: KnowledgeBase, paper: Paper, source: Path) -> None:
    about = [one for one in paper.questions if "10分钟" in one.citation.quote]
    bank.keep(paper.questions)
    source.write_text(TEXT.replace("10分钟内登记", "5分钟内登记"), encoding="utf-8")
    assert [report.status for report in ingest([source], shop)] == ["updated"]
    stale = {one.question.id for one in bank.find(stale=True)}
    assert stale == {one.id for one in about}
    assert stale
    told = bank.recheck()
    assert {one.question.id for one in told} == stale


def test_an_imported_item_is_tied_to_its_clause_and_checked(bank: Bank) -> None:
    options = tuple(
        Option(key, text) for key, text in zip("ABCD", ("5分钟", "10分钟", "20分钟", "30分钟"), strict=True)
    )
    nowhere = Citation("", "", "", (), "", "")
    right = Question(
        "x1",
        "single",
        "店员接到投诉后，应在（　　）内登记。",
        nowhere,
        "",
        2,
        "easy",
        "remember",
        "",
        options=options,
        right=("B",),
    )
    good, bad = bank.take_in([right, replace(right, id="x2", right=("C",))])
    assert good.question.citation.clause.endswith("-1")
    assert good.usable
    assert not bad.usable
    assert any("引文" in check for check, _ in bad.problems)


def answers(paper: Paper, *, right: bool = True) -> dict[str, object]:
    given: dict[str, object] = {}
    for one in paper.questions:
        if one.options:
            given[one.id] = list(one.right) if right else ["A" if one.right != ("A",) else "B"]
        elif one.blanks:
            given[one.id] = [blank.accepted[-1] for blank in one.blanks] if right else ["不知道"]
        else:
            given[one.id] = one.truth if right else not one.truth
    return given


def test_a_paper_is_taken_left_resumed_and_handed_in_once(shop: KnowledgeBase, paper: Paper) -> None:
    attempts = Attempts(shop)
    key = attempts.offer(paper, minutes=30)
    running = attempts.start(key, "p1")
    assert running.seconds_left is not None
    assert running.seconds_left > 1700
    given = answers(paper)
    half = dict(list(given.items())[:4])
    attempts.answer(running.id, half, "p1")  # type: ignore[arg-type]
    again = Attempts(shop).start(key, "p1")
    assert again.id == running.id
    assert set(again.responses) == set(half)
    attempts.answer(running.id, given, "p1")  # type: ignore[arg-type]
    result = attempts.hand_in(running.id, "p1")
    assert result.score == result.points == paper.points
    assert attempts.hand_in(running.id, "p1").score == result.score
    assert len(shop.records.quizzes.answers()) == len(paper.questions)


def test_nobody_sees_anothers_attempt(shop: KnowledgeBase, paper: Paper) -> None:
    attempts = Attempts(shop)
    running = attempts.start(attempts.offer(paper), "p1")
    for look in (attempts.resume, attempts.hand_in, attempts.result):
        with pytest.raises(NotThere):
            look(running.id, "p2")
    with pytest.raises(NotThere):
        attempts.result(running.id, "p1")


def test_what_comes_after_the_time_is_not_taken(
    shop: KnowledgeBase, paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = Attempts(shop)
    running = attempts.start(attempts.offer(paper, minutes=1), "p1")
    monkeypatch.setattr("assistant.quiz.attempts._seconds_since", lambda _moment: 3600)
    late = attempts.answer(running.id, answers(paper), "p1")  # type: ignore[arg-type]
    assert late.responses == {}
    assert late.seconds_left == 0
    assert attempts.hand_in(running.id, "p1").score == 0


def test_mistakes_leave_the_book_when_they_are_put_right(shop: KnowledgeBase, paper: Paper) -> None:
    attempts = Attempts(shop)
    key = attempts.offer(paper)
    for right in (False, True):
        running = attempts.start(key, "p1")
        attempts.answer(running.id, answers(paper, right=right), "p1")  # type: ignore[arg-type]
        attempts.hand_in(running.id, "p1")
        assert len(attempts.mistakes("p1")) == (0 if right else len(paper.questions))
    rows = shop.records.quizzes.answers()
    assert by_person(rows)[0].share == pytest.approx(0.5, abs=0.01)
    assert all(one.answers == 2 for one in by_item(rows))


def test_item_from_elsewhere_about_a_list_is_tied_to_the_whole_list(bank: Bank) -> None:
    gift = """违反红线的有？{~%33.33333%私下用现金了结投诉 ~%33.33333%删除投诉录音 ~%33.33333%把客户电话透露给第三方 ~%-100%拍照}

以下哪项不属于红线？{~私下用现金了结投诉 ~删除投诉录音 =店长复核级别}

首次登记用{=三小时}。"""
    several, negative, unknown = bank.take_in(intake.parse(gift.encode(), "gift").questions)
    for one in (several, negative):
        assert one.question.citation.section == "2"
        assert "删除投诉录音" in one.question.citation.quote
        assert ("引文逐字可查" in {check for check, _ in one.problems}) is False
    assert dict(unknown.problems)["引文逐字可查"] == "没有找到说到它的条款"
