from assistant.wording import lead, share, weights_of

FREQUENCY = {"投诉": 90, "诉专": 2, "专员": 5}
WEIGHTS = weights_of("投诉专员是谁", frequency=lambda pair: FREQUENCY.get(pair, 0), size=100)


def test_pairs_that_only_ask_are_left_out() -> None:
    assert "是谁" not in WEIGHTS
    assert {"投诉", "诉专", "专员"} <= WEIGHTS.keys()


def test_a_rare_pair_counts_more_than_a_common_one() -> None:
    assert WEIGHTS["诉专"] > WEIGHTS["专员"] > WEIGHTS["投诉"]


def test_a_text_without_the_rare_pairs_holds_little_of_the_wording() -> None:
    assert share("投诉登记在台账", WEIGHTS) < 0.1 < share("投诉专员登记", WEIGHTS)


def test_a_question_without_pairs_has_no_share() -> None:
    assert share("投诉", {}) == 0.0


def test_the_lead_is_what_the_best_text_has_before_the_next() -> None:
    assert lead(["投诉专员", "投诉专员"], WEIGHTS) == 0.0
    assert lead(["投诉", "投诉专员"], WEIGHTS) == share("投诉专员", WEIGHTS) - share("投诉", WEIGHTS)
    assert lead([], WEIGHTS) == 0.0
