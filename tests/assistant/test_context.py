"""What a question leaves out is taken from the turn before, over several turns; nothing is taken where nothing is left out."""

import pytest

from assistant.ask import Assistant
from assistant.context import leans, says_nothing, stand_alone, topic_of
from kb.knowledge import KnowledgeBase
from kb.search import HybridSearcher
from kb.segment import Segmenter

WORDS = Segmenter()

# Each talk: what is asked, and what it means standing alone.
TALKS = (
    (
        ("一般投诉多久响应？", "一般投诉多久响应？"),
        ("那紧急的呢？", "紧急投诉多久响应？"),
        ("如果超时了怎么办？", "紧急投诉，如果超时了怎么办？"),
        ("谁负责？", "紧急投诉，谁负责？"),
        ("谢谢", "谢谢"),
    ),
    (
        ("补偿800元谁批？", "补偿800元谁批？"),
        ("那500块呢", "补偿500元谁批？"),
        ("2000呢？", "补偿2000元谁批？"),
        ("要填什么表？", "补偿2000元，要填什么表？"),
    ),
    (
        ("新员工第1天做什么？", "新员工第1天做什么？"),
        ("第2天呢？", "新员工第2天做什么？"),
        ("谁带他？", "谁带新员工第2天？"),
    ),
    (
        ("怎么切换供应商？", "怎么切换供应商？"),
        ("红线有哪些？", "切换供应商，红线有哪些？"),
        ("那流程呢？", "切换供应商，流程有哪些？"),
    ),
    (
        ("什么是BSC？", "什么是BSC？"),
        ("它有哪些维度？", "BSC有哪些维度？"),
        ("那KPI呢？", "KPI有哪些维度？"),
    ),
    (
        ("服务创新有哪些原则？", "服务创新有哪些原则？"),
        ("方法呢？", "服务创新有哪些方法？"),
        ("还有呢？", "服务创新有哪些方法？"),
    ),
    (("服务团队怎么培训？", "服务团队怎么培训？"), ("多久一次？", "服务团队培训，多久一次？")),
    (("8.2讲了什么？", "8.2讲了什么？"), ("那8.1呢？", "8.1讲了什么？")),
    (
        ("客户投诉来了怎么处理？", "客户投诉来了怎么处理？"),
        ("5.5", "5.5"),
        ("第5章讲什么", "第5章讲什么"),
        ("附录A", "附录A"),
        ("8.2讲什么", "8.2讲什么"),
    ),
    (
        ("服务创新有哪些原则？", "服务创新有哪些原则？"),
        ("第二个是什么？", "服务创新原则的第二个是什么？"),
        ("最后一个呢？", "服务创新原则的最后一个是什么？"),
        ("第一条呢？", "服务创新原则的第一项是什么？"),
    ),
    (("服务风险怎么识别？", "服务风险怎么识别？"), ("识别出来以后怎么办？", "服务风险识别，识别出来以后怎么办？")),
    (("超过5000谁批？", "超过5000谁批？"), ("那20000以上的呢", "超过20000谁批？")),
    (("重大投诉谁来处理？", "重大投诉谁来处理？"), ("一般投诉呢？", "一般投诉谁来处理？")),
)


@pytest.mark.parametrize("talk", TALKS, ids=[talk[0][0] for talk in TALKS])
def test_talk_is_understood_turn_by_turn(talk: tuple[tuple[str, str], ...]) -> None:
    before = ""
    for said, meant in talk:
        before = stand_alone(said, before, cut=WORDS.cut, tag=WORDS.tagged)
        assert before == meant


@pytest.mark.parametrize(
    "question",
    [
        "食堂几点开饭",
        "年假怎么休",
        "退款多久到账？",
        "补偿谁批",
        "客户要求上门退现金怎么办？",
        "什么是抽样池",
        "发票怎么开",
    ],
)
def test_question_with_a_subject_of_its_own_stays(question: str) -> None:
    assert stand_alone(question, "一般投诉多久响应？", cut=WORDS.cut, tag=WORDS.tagged) == question


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("服务质量指标包括哪几类？", "服务质量指标"),
        ("客户投诉分几级", "客户投诉"),
        ("回访什么时候做？", "回访"),
        ("如何建立反馈机制", "建立反馈机制"),
        ("切换供应商，红线有哪些？", "切换供应商"),
        ("怎么办？", "怎么办"),
    ],
)
def test_topic_is_what_a_question_is_about(question: str, topic: str) -> None:
    assert topic_of(question) == topic


def test_thanks_ask_nothing() -> None:
    assert all(says_nothing(text) for text in ("谢谢！", "好的", "明白了。", "多谢您"))
    assert not says_nothing("谢谢，那紧急的呢？")
    assert not leans("客户投诉来了怎么处理？", tag=WORDS.tagged)


def test_conversation_goes_on_over_thanks(sample: KnowledgeBase) -> None:
    assistant = Assistant(sample, HybridSearcher(sample))
    conversation = sample.records.conversations.new("test")
    for question in ("一般投诉多久响应？", "谢谢", "那紧急的呢？"):
        answer = assistant.ask(question, conversation=conversation)
    assert sample.records.turns(conversation, last=1)[0].standalone == "紧急投诉多久响应？"
    assert "15分钟" in answer.text


def test_a_thing_as_long_takes_the_place_of_what_was_asked_about() -> None:
    assert stand_alone("换货呢？", "退款要多久到账？") == "换货要多久到账？"
    assert stand_alone("登记呢？", "客户投诉怎么处理？") == "客户投诉，登记？"


@pytest.mark.parametrize(
    ("question", "before", "meant"),
    [
        ("I级呢？", "II级中断报给谁？", "I级中断报给谁？"),
        ("加急的呢？", "普通请求多久派单？", "加急请求多久派单？"),
        ("保存多少年？", "和解确认书谁填？", "和解确认书，保存多少年？"),
        ("要抽几单？", "复查谁来做？", "复查，要抽几单？"),
        ("他几天内要判完？", "责任判定谁来做？", "责任判定，他几天内要判完？"),
        ("单用一种行不行？", "评估用哪些方法？", "评估用，单用一种行不行？"),
    ],
)
def test_what_opens_with_a_deed_leans_on_the_turn_before(question: str, before: str, meant: str) -> None:
    assert stand_alone(question, before, cut=WORDS.cut, tag=WORDS.tagged) == meant
