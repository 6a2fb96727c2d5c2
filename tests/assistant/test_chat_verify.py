"""What a generated sentence may say of the clauses it cites."""

import pytest

from assistant.chat.verify import Evidence, check
from eval.sentence_check import PRECISION, RECALL, first_looks, labelled, score, verdicts, write_first_look
from kb.knowledge import KnowledgeBase
from kb.segment import Segmenter

CUT = Segmenter().cut
URGENT = Evidence(
    1, "级别：紧急；判定情形：人身安全；首次响应：15分钟内；办结要求：24小时内提交初步报告", "投诉处理SOP > 投诉分级"
)
COMMON = Evidence(
    2, "级别：一般；判定情形：态度、迟到；首次响应：2小时内；办结要求：3个工作日内办结", "投诉处理SOP > 投诉分级"
)
REPORT = Evidence(3, "定为紧急的，客服主管在10分钟内电话报告运营总监，不得只发微信。", "投诉处理SOP > 上报")


@pytest.mark.parametrize(
    ("sentence", "cited", "stands"),
    [
        ("紧急投诉须在15分钟内首次响应。", [URGENT], True),
        ("紧急投诉须在十五分钟之内首次响应。", [URGENT], True),
        ("紧急投诉须在一刻钟内首次响应。", [URGENT], True),
        ("紧急投诉须在50分钟内首次响应。", [URGENT], False),
        ("紧急投诉须在15分钟后首次响应。", [URGENT], False),
        ("紧急投诉须在15小时内首次响应。", [URGENT], False),
        ("一般投诉2小时内首次响应，紧急投诉15分钟内首次响应。", [URGENT, COMMON], True),
        ("一般投诉2小时内首次响应，紧急投诉15分钟内首次响应。", [COMMON], False),
        ("紧急投诉2小时内首次响应，一般投诉15分钟内首次响应。", [URGENT, COMMON], False),
        ("紧急的由客服主管在10分钟内打电话报告运营总监。", [REPORT], True),
        ("紧急的由客服主管在10分钟内打电话报告总经理。", [REPORT], False),
        ("紧急的可以只发微信报告。", [REPORT], False),
        ("按照ISO9001:2015，紧急投诉须在15分钟内首次响应。", [URGENT], False),
        ("紧急投诉须在15分钟内首次响应，并赠送礼品券。", [URGENT], False),
        ("紧急投诉须在15分钟内首次响应。", [], False),
        ("定为紧急的，客服主管可以直接决定是否报告运营总监。", [REPORT], False),
        ("所有投诉都由客服主管在10分钟内电话报告运营总监。", [REPORT], False),
        ("运营总监在10分钟内电话报告客服主管。", [REPORT], False),
        ("紧急投诉要24小时内交初步报告。", [URGENT], True),
        ("《应急预案》规定紧急投诉15分钟内首次响应。", [URGENT], False),
    ],
)
def test_sentence_stands_only_on_what_it_cites(sentence: str, cited: list[Evidence], stands: bool) -> None:
    verdict = check(sentence, cited, cut=CUT)
    assert verdict.supported is stands, verdict.reason
    assert bool(verdict.reason) is not stands


def test_labelled_sentences_are_judged_rightly(sample: KnowledgeBase) -> None:
    every = labelled()
    counted = score(every, verdicts(every, sample))
    assert counted.precision >= PRECISION
    assert counted.recall >= RECALL
    assert {"number", "wrong_clause", "invented", "merged", "merged_half"} <= {one.kind for one in every}


def test_first_numbers_of_the_batches_stand_and_cannot_be_changed() -> None:
    looks = first_looks()
    assert set(looks) <= {one.part for one in labelled()}
    with pytest.raises(SystemExit):
        write_first_look(next(iter(looks)), [], [])


def test_clauses_said_word_for_word_stand(sample: KnowledgeBase) -> None:
    from assistant.chat.evidence import evidence_of

    document = sample.find_document("客户投诉处理SOP")
    for section in sample.sections(document.id):
        for block in section.blocks:
            evidence = evidence_of(1, document.title, section, block)
            assert check(block.text, [evidence], cut=CUT).supported, block.text
