"""The model of orders is fitted again from its labels, and the fields of checks are judged."""

import json
from pathlib import Path

import numpy as np

from assistant.checklist.model import Check
from assistant.checklist.orders import BIAS, likelihood
from eval.field_report import FieldScore, cited_for, read_fields, score_fields
from eval.marked_checks import MARKED, score_marked
from eval.order_model import WEIGHTS, Example, examples_of, fit, labelled_sentences, out_of_fold, write
from kb.model import Citation


def examples() -> list[Example]:
    """Return forty examples of five sources, told apart by what all have; each has a feature of its own."""
    return [
        Example(f"s{number % 5}", {"verb" if number % 2 else "noun": 1.0, f"only{number % 5}": 1.0}, bool(number % 2))
        for number in range(40)
    ]


def test_a_model_learns_what_sources_share(tmp_path: Path) -> None:
    model = fit(examples())
    assert set(model.columns) == {"verb", "noun"}
    assert np.all((model.likelihoods(examples()) > 0.5) == [one.orders for one in examples()])
    write(model, tmp_path / "w.json")
    assert set(json.loads((tmp_path / "w.json").read_text(encoding="utf-8"))) == {BIAS, "verb", "noun"}


def test_examples_are_judged_by_models_that_did_not_see_their_source() -> None:
    odd = [*examples(), Example("odd", {"verb": 1.0}, orders=False)]
    assert out_of_fold(odd)[-1] > 0.5


def test_the_shipped_weights_come_from_the_shipped_labels() -> None:
    sentences = list(examples_of(labelled_sentences()))
    model_names = set(json.loads(WEIGHTS.read_text(encoding="utf-8")))
    assert {"opens", "closes", BIAS} <= model_names
    assert np.mean([one.orders for one in sentences]) > 0.4
    assert likelihood("下班前锁好门窗", 0) > 0.8


def check(**fields: object) -> Check:
    """Return a check of one clause with some fields."""
    citation = Citation(document="d", section="1", title="t", path=("t",), clause="1-1", quote="班长30分钟内签字")
    return Check(number=1, action="签字", kind="step", citation=citation, **fields)  # type: ignore[arg-type]


def test_a_field_is_right_made_up_or_missing() -> None:
    score = FieldScore()
    score.add(
        {"words": "签字", "role": "班长", "method": "签字"}, check(role="班长", deadline="30分钟内", method="signature")
    )
    report = score.report()
    assert (report["right"]["role"], report["right"]["deadline"], report["right"]["method"]) == (1, 0, 1)
    assert report["made_up"] == {"deadline": 1}


def test_a_gold_line_finds_the_check_that_says_its_words() -> None:
    assert cited_for("30分钟内签字", [check()]) is not None
    assert cited_for("上传", [check()]) is None


def test_fields_of_labelled_lines_stay_right() -> None:
    score = score_fields([MARKED.with_name("work_instructions_c")], read_fields())
    assert score.unlisted == []
    assert min(score.report()["right"].values()) >= 0.95, score.wrong


def test_texts_read_once_are_listed_too() -> None:
    for name in ("work_instructions_c", "work_instructions_d"):
        score = score_marked(MARKED.with_name(name))
        assert score.recall >= 0.97, score.missed
        assert score.precision >= 0.95, score.wrong
