from dataclasses import replace

from assistant.decide import Evidence, RunningText, answerable, probability, worth_reading

GOOD = Evidence(
    score=1.8,
    coverage=0.9,
    search=0.9,
    kind="fact",
    cosine=0.87,
    wrong_form=0.0,
    thing=0.5,
    choice=0.5,
    english=0.0,
    read=1.0,
)
PROSE = RunningText(apart=0.03, lead=0.4, wording=0.8, wording_lead=0.4)


def test_a_passage_that_fits_is_answered_from() -> None:
    assert answerable(GOOD)


def test_what_is_not_spoken_of_counts_against_an_answer() -> None:
    for lacking in (
        {"wrong_form": 1.0},
        {"thing": 0.0},
        {"choice": 0.0},
        {"score": 0.6},
        {"cosine": 0.80},
        {"read": -4.0},
    ):
        assert probability(replace(GOOD, **lacking)) < probability(GOOD)


def test_running_text_is_decided_by_wording_not_by_the_score() -> None:
    there = replace(GOOD, running=PROSE)
    assert probability(there) == probability(replace(there, score=0.1))
    for lacking in ({"wording": 0.2}, {"wording_lead": 0.0}, {"lead": 0.0}, {"apart": 0.0}):
        assert probability(replace(there, running=replace(PROSE, **lacking))) < probability(there)


def test_only_what_is_in_doubt_or_close_is_read() -> None:
    unread = replace(GOOD, read=0.0)
    assert worth_reading(replace(unread, score=1.2), lead=1.0)
    sure = replace(unread, score=3.0, search=1.0)
    assert not worth_reading(sure, lead=1.0)
    assert worth_reading(sure, lead=0.05)
    assert not worth_reading(replace(unread, score=0.1, coverage=0.1, search=0.1, cosine=0.8), lead=0.0)
    assert not worth_reading(replace(unread, score=1.2, running=PROSE), lead=0.0)
