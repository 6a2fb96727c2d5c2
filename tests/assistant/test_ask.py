"""The embedded engine on the shipped corpus: what each kind of question gets."""

import re
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.ask import Assistant
from assistant.followups import question_about
from assistant.related import RELATED_LINE, RELATED_UNTIL
from ingest.pipeline import ingest
from kb.knowledge import KnowledgeBase
from kb.model import Answer, Block, Chunk, Health, ParsedDocument, Section
from kb.search import Filter, HybridSearcher
from kb.settings import load_settings
from tests.fakes import HashEmbeddings


@pytest.fixture(scope="module")
def assistant(sample: KnowledgeBase) -> Assistant:
    return Assistant(sample, HybridSearcher(sample))


def complaint_sop(sample: KnowledgeBase) -> str:
    return sample.find_document("客户投诉处理SOP").id


def titles_of(answer: Answer, sample: KnowledgeBase) -> set[str]:
    return {sample.find_document(citation.document).title for citation in answer.citations}


def test_procedure_is_given_whole_and_in_order(assistant: Assistant, sample: KnowledgeBase) -> None:
    answer = assistant.ask("客户投诉来了怎么处理？")
    document = complaint_sop(sample)
    steps = [
        block.clause
        for section in sample.sections(document)
        if section.parent == "5"
        for block in section.blocks
        if block.kind == "item"
    ]
    assert answer.status == "answered"
    assert [citation.clause for citation in answer.citations] == steps
    assert f"共 {len(steps)} 步" in answer.text


def test_list_is_given_whole(assistant: Assistant, sample: KnowledgeBase) -> None:
    answer = assistant.ask("抽检的一票否决项有哪些？")
    section = sample.section(sample.find_document("服务质量抽检SOP").id, "5.2")
    items = {block.clause for block in section.blocks if block.kind == "item"}
    assert items <= {citation.clause for citation in answer.citations}


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("一般投诉要在多长时间内首次响应？", "2小时"),
        ("补偿800元要谁批准？", "客服主管"),
        ("赔偿3000元找谁签字？", "运营经理"),
        ("退款批准后多久到账？", "7个工作日"),
        ("质量抽检每月每站至少抽多少单？", "20单"),
        ("关键物料要在几小时内切到备用供应商？", "4小时"),
    ],
)
def test_fact_is_said(assistant: Assistant, question: str, fact: str) -> None:
    answer = assistant.ask(question)
    assert answer.status == "answered"
    assert fact in answer.text


@pytest.mark.parametrize("question", ["什么是抽样池？", "抽样池是什么"])
def test_definition_of_a_name_is_not_what_a_section_called_like_a_part_of_it_says(
    assistant: Assistant, question: str
) -> None:
    assert assistant.ask(question).text.startswith("抽样池：上月1日")


@pytest.mark.parametrize("question", ["投诉分几级？", "投诉分为几个等级？", "投诉有几个级别"])
def test_classes_asked_for_by_their_count_are_listed(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.status == "answered"
    assert answer.text.index("一般") < answer.text.index("重大") < answer.text.index("紧急")


def test_part_of_a_question_that_nothing_speaks_of_is_said_to_be_missing(assistant: Assistant) -> None:
    answer = assistant.ask("客户投诉怎么分级？出差补贴多少？")
    assert (answer.status, answer.missing) == ("partial", ("出差补贴多少",))


def test_definition_is_the_defining_clause(assistant: Assistant) -> None:
    assert "Plan" in assistant.ask("什么是PDCA循环？").text


def test_comparison_gives_both_sides(assistant: Assistant) -> None:
    text = assistant.ask("风险规避和风险转移有什么区别？").text
    assert "风险规避" in text
    assert "风险转移" in text


@pytest.mark.parametrize(
    "question", ["出差住酒店一晚最多能报多少钱？", "红烧肉怎么做才好吃？", "明天北京会下雨吗？", "写一首关于春天的诗"]
)
def test_what_is_not_there_is_not_answered(assistant: Assistant, sample: KnowledgeBase, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.status == "not_found"
    assert answer.citations == ()
    assert answer.nearest
    assert answer.missing
    assert sample.records.unanswered()[0].question == question


def test_traditional_question_gets_traditional_characters(assistant: Assistant) -> None:
    answer = assistant.ask("服務創新要遵循哪些原則？")
    assert "客戶" in answer.text
    assert "客户" in "".join(citation.quote for citation in answer.citations)
    assert any("創新" in question for question in answer.followups)


def test_english_question_quotes_the_source(assistant: Assistant) -> None:
    answer = assistant.ask("What is PDCA?")
    assert answer.status == "answered"
    assert "PDCA" in answer.text


def test_conversation_is_understood_from_the_turn_before(assistant: Assistant) -> None:
    assistant.ask("一般投诉的首次响应时限是多久？", conversation="turns")
    answer = assistant.ask("那紧急的呢？", conversation="turns")
    assert "15分钟" in answer.text


def test_filter_keeps_to_one_document(assistant: Assistant, sample: KnowledgeBase) -> None:
    answer = assistant.ask("保存期限是多久？", filter=Filter(documents=frozenset({complaint_sop(sample)})))
    assert titles_of(answer, sample) <= {"客户投诉处理SOP"}


QUESTIONS = Path(__file__).resolve().parents[2] / "eval" / "datasets"


def test_every_quote_is_verbatim_and_every_marker_leads_somewhere(assistant: Assistant, sample: KnowledgeBase) -> None:
    from eval.dataset import load, shipped

    lengths = []
    for case in load(shipped("sample_a")):
        answer = assistant.ask(case.question)
        lengths.append(len(answer.text))
        markers = [int(marker) for marker in re.findall(r"\[(\d+)\]", answer.text)]
        assert markers == [citation.marker for citation in answer.citations]
        for citation in answer.citations:
            text = sample.section_text(citation.document, citation.section)
            assert "".join(citation.quote.split()) in "".join(text.split())
    assert statistics.median(lengths) < 400
    assert sorted(lengths)[int(0.95 * len(lengths))] < 900


def test_follow_up_questions_can_be_answered(assistant: Assistant, sample: KnowledgeBase) -> None:
    asked = refused = 0
    for document in sample.documents():
        for section in sample.sections(document.id)[::4]:
            if section.blocks:
                asked += 1
                question = question_about(section, document_title=document.title)
                refused += assistant.ask(question).status != "answered"
    assert refused <= 0.05 * asked


@pytest.fixture
def torn(tmp_path: Path) -> Assistant:
    """Return an assistant over a document whose table of contents lists more than its body holds."""
    text = "保养每季度一次，由现场工程师执行。"
    sections = (
        Section("1", "设备保养", 1, "", ("设备保养",), text, (Block("1-p1", "paragraph", text, 0, len(text)),)),
        Section("2", "设备报废与处置", 1, "", ("设备报废与处置",), status="missing_body"),
    )
    chunks = (Chunk("1", ("1-p1",), "设备手册 > 设备保养", text),)
    knowledge = KnowledgeBase.open(load_settings(tmp_path), HashEmbeddings())
    knowledge.add(ParsedDocument("设备手册", "设备手册.txt", "0" * 64, sections, chunks, Health()))
    return Assistant(knowledge, HybridSearcher(knowledge))


@pytest.mark.parametrize("question", ["设备报废与处置讲了什么？", "第2章说了什么"])
def test_section_that_the_contents_list_and_the_text_lacks(torn: Assistant, question: str) -> None:
    answer = torn.ask(question)
    assert answer.status == "missing_in_source"
    assert "目录" in answer.text
    assert answer.nearest[0].section == "1"


def test_related_clauses_follow_marked_and_within_bounds(assistant: Assistant) -> None:
    answers = [
        assistant.ask(question, record=False)
        for question in ("补偿800元要谁批准？", "抽检不合格怎么办？", "什么是抽样池？")
    ]
    marked = [answer for answer in answers if RELATED_LINE in answer.text.split("\n")]
    assert marked
    for answer in marked:
        before, after = answer.text.split(RELATED_LINE)
        assert "[1]" in before
        assert re.search(r"\[\d+\]", after)
        assert sum(len(citation.quote) for citation in answer.citations) <= RELATED_UNTIL


@pytest.mark.parametrize("question", ["服务质量申诉的步骤是什么？", "什么是抽样池？", "一票否决项有哪些？"])
def test_lists_among_related_clauses_are_whole(assistant: Assistant, question: str) -> None:
    text = assistant.ask(question, record=False).text
    counts = [int(found) for found in re.findall(r"（共 (\d+) [项条步]）：", text)]
    numbered = [len(re.findall(r"(?m)^\d+\. ", part)) for part in re.split(r"（共 \d+ [项条步]）：", text)[1:]]
    assert numbered == counts


def test_several_questions_at_once_get_no_related_clauses(assistant: Assistant) -> None:
    assert RELATED_LINE not in assistant.ask("补偿800元要谁批准？退款批准后多久到账？", record=False).text


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("紧急变更是什么", "紧急变更：因人身安全"),  # not the procedure of that name
        ("脱敏是啥", "脱敏：把信息的一部分遮盖"),  # not a step of that name in another SOP
        ("停电了怎么处理", "停电的站点由服务站站长关闭总闸"),  # the case itself, not all first measures
        ("系统挂了怎么办", "系统不可用的"),  # in other words than the source's
        ("接到投诉第一步做什么", "处理流程的第 1 步"),  # one step, not twenty-seven
        ("抽检看哪些项目", "服务质量抽检评分表"),  # what a table calls its rows
        ("培训有什么红线", "培训红线（共 7 项）"),
        ("什么情况下要换供应商", "出现下列情形之一"),
    ],
)
def test_plain_questions_get_what_they_ask_for(assistant: Assistant, question: str, begins: str) -> None:
    answer = assistant.ask(question, record=False)
    assert answer.status == "answered"
    assert answer.text.startswith(begins)


@pytest.mark.parametrize("question", ["信息安全员叫什么", "客服主管是谁"])
def test_what_a_post_does_does_not_answer_who_holds_it(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question, record=False).status == "not_found"


@pytest.mark.parametrize("question", ["食堂几点开门", "工资几号发", "加班费怎么算", "停车费能报销吗", "公司有班车吗"])
def test_everyday_matters_that_nobody_wrote_down_are_not_answered(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question, record=False).status == "not_found"


def test_what_something_is_is_followed_by_no_procedure(assistant: Assistant) -> None:
    answer = assistant.ask("首次响应是什么意思", record=False)
    assert answer.text.startswith("首次响应：")
    assert "1. " not in answer.text


@pytest.fixture
def rules(tmp_path: Path) -> Iterator[Assistant]:
    """Return an assistant over a list whose items say what is asked for in words of their own."""
    text = """# 车队调度规则

## 1 派车原则

派车按下面几条来：

- 就近原则：谁离客户近派谁，分派车辆先看距离，再看油量。
- 轮换原则：同一司机一天不超过六单。
- 载重原则：货重不得超过核定载重的九成。

## 2 停车

收车后停回原位，钥匙交值班员。
"""
    path = tmp_path / "车队.md"
    path.write_text(text, encoding="utf-8")
    knowledge = KnowledgeBase.open(load_settings(tmp_path / "home"))
    list(ingest([path], knowledge))
    yield Assistant(knowledge, HybridSearcher(knowledge))
    knowledge.close()


def test_items_that_call_themselves_what_is_asked_for_are_given_together(rules: Assistant) -> None:
    whole = rules.ask("分派车辆有哪些原则？").text
    assert [name in whole for name in ("就近原则", "轮换原则", "载重原则")] == [True] * 3
    one = rules.ask("轮换原则具体看什么？").text
    assert "六单" in one
    assert "载重" not in one


def test_search_puts_first_what_answers_first(assistant: Assistant, sample: KnowledgeBase) -> None:
    plain = HybridSearcher(sample)
    for question in ("客户投诉来了怎么处理？", "墙上贴的打印件算数吗", "回访电话打不通怎么办"):
        found = assistant.search(question, limit=10)
        assert {hit.chunk.clauses for hit in found} <= {hit.chunk.clauses for hit in plain.search(question, limit=60)}
        assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
        best = assistant.evidence(question)[0].ranked[0].passage
        assert found[0].chunk.section in {said.section.number for said in best.statements}
        assert found[0].document == best.document


def test_search_for_many_things_or_a_long_list_is_the_searchers_own(
    assistant: Assistant, sample: KnowledgeBase
) -> None:
    plain = HybridSearcher(sample)
    for question, limit in (("投诉怎么分级？回访几天内做？", 5), ("投诉", 80)):
        assert assistant.search(question, limit=limit) == plain.search(question, limit=limit)


def test_search_stays_inside_its_filter(assistant: Assistant, sample: KnowledgeBase) -> None:
    document = complaint_sop(sample)
    found = assistant.search("多久答复客户", limit=10, filter=Filter(documents=frozenset({document})))
    assert {hit.document for hit in found} == {document}


@pytest.mark.parametrize(("items", "listed"), [(0, False), (12, False), (13, True), (20, True)])
def test_only_what_is_mostly_lists_is_listed_in_the_order_of_its_passages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, items: int, *, listed: bool
) -> None:
    texts = [f"缓存参数{at}默认打开，调大以后占用的内存也多。" for at in range(20)]
    body, blocks = "\n".join(texts), []
    for at, text in enumerate(texts):
        start = body.index(text)
        kind, clause = ("item", f"1-{at + 1}") if at < items else ("paragraph", f"1-p{at + 1}")
        blocks.append(Block(clause, kind, text, start, start + len(text)))
    section = Section("1", "缓存", 1, "", ("缓存",), body, tuple(blocks))
    chunks = tuple(Chunk("1", (block.clause,), "产品文档 > 缓存", block.text) for block in blocks)
    monkeypatch.setattr("assistant.ask.by_passages", lambda hits, _ranked: hits[:1])
    with KnowledgeBase.open(load_settings(tmp_path), HashEmbeddings()) as knowledge:
        knowledge.add(ParsedDocument("产品文档", "产品.md", "0" * 64, (section,), chunks, Health()))
        found = Assistant(knowledge, HybridSearcher(knowledge)).search("缓存参数7占多少内存", limit=10)
    assert (len(found) == 1) == listed
