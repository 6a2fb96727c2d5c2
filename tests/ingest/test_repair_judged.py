"""Readings weighed by a judge: what it is asked, and what its answer moves."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.repair import gbk_shift, repair
from ingest.repair.characters import fold
from ingest.repair.gbk_single import Suspect
from ingest.repair.judged import DEPTH, judged_suspects, preferences, wordings_of
from tests.ingest.test_repair_shift import AROUND, source

LINE = "客戶可通過在線渠道便捷地提出氛意見與建議。"


class Partial:
    """A judge that prefers one word, and notes what it was asked."""

    def __init__(self, word: str) -> None:
        self._word = word
        self.asked: list[tuple[str, str, str]] = []
        self.opened = 0

    def open(self) -> None:
        self.opened += 1

    def __call__(self, wordings: Sequence[tuple[str, str, str]], /) -> list[float]:
        self.asked += wordings
        return [20.0 * (self._word in "".join(one)) for one in wordings]


def test_texts_are_compared_where_they_differ() -> None:
    assert wordings_of(["提供服务时", "提供业务时"], "应", "，") == [
        ("应提供", "服", "务时，"),
        ("应提供", "业", "务时，"),
    ]
    # where nothing of one is left its neighbour stands for it
    assert wordings_of(["任一项", "任何一项"], "", "") == [("", "任", "一项"), ("", "任何", "一项")]


def test_preferences_are_those_over_the_first() -> None:
    assert preferences(["服务", "服务", "业务"], "", "", Partial("业务")) == [0.0, 0.0, 20.0]
    judge = Partial("")
    assert preferences(["服务", "服务"], "", "", judge) == [0.0, 0.0]
    assert judge.asked == []


def test_judge_is_not_asked_of_clean_text() -> None:
    judge = Partial("服务")
    repair(source(AROUND * 6, "客戶可通過在線渠道便捷地提出服務意見與建議。"), judge)
    assert judge.asked == []
    assert not judge.opened


def test_judge_hears_of_damage_before_it_is_asked() -> None:
    judge = Partial("服务")
    behind = "客户能够便捷地提出服务意见".encode("gbk")[1:].decode("gbk", "replace")
    repair(source(AROUND * 6, f"我们应当确保{behind.rstrip(chr(0xFFFD))}与建议。"), judge)
    assert judge.opened
    assert judge.asked


def test_judge_is_not_asked_of_readings_far_behind() -> None:
    judge = Partial("")
    one = Suspect(2, 3, ("服务", "服装", "福务"), (9.0, 8.0, 9.0 - DEPTH), 5.0)
    (judged,) = judged_suspects("提出氛意见", [one], judge)
    assert {place for _, place, _ in judge.asked} == {"氛", "服务", "服装"}
    assert judged.readings == one.readings


def test_judge_that_prefers_what_stands_there_keeps_it() -> None:
    lines = [AROUND * 6, LINE]
    assert gbk_shift.find(lines)
    assert gbk_shift.find(lines, Partial("氛")) == []


def test_judge_decides_between_readings_of_a_run() -> None:
    damaged = ["提供的服?諛藴省"]
    first, second, *others = gbk_shift.readings_at(damaged, 0, 4, 7)
    judged = gbk_shift.readings_at(damaged, 0, 4, 7, Partial(fold(second)))
    assert judged[:2] == [second, first]
    assert sorted(judged) == sorted([first, second, *others])
