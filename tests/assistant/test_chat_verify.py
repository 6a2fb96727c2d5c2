"""What a generated sentence may say of the clauses it cites."""

import time

import pytest

from assistant.chat.verify import Evidence, check
from eval.sentence_check import (
    LEAST_OF_ALL,
    PRECISION,
    RECALL,
    first_looks,
    labelled,
    of_documents,
    of_five_kinds,
    score,
    verdicts,
    write_first_look,
)
from kb.knowledge import KnowledgeBase
from kb.segment import Segmenter

CUT = Segmenter().cut
URGENT = Evidence(
    1,
    "级别：紧急；判定情形：人身安全；首次响应：15分钟内；办结要求：24小时内提交初步报告",
    "投诉处理SOP > 投诉分级",
)
COMMON = Evidence(
    2,
    "级别：一般；判定情形：态度、迟到；首次响应：2小时内；办结要求：3个工作日内办结",
    "投诉处理SOP > 投诉分级",
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


HUMAN = Evidence(1, "智能客服：常见咨询自动答复，投诉、赔偿和安全事件始终由人工受理。")
CLOCKING = Evidence(1, "现场工程师在到达、开工、完工三个时点各打一次卡。")
RANGE = Evidence(1, "本文件适用于配件的采购。办公用品和零星采购不适用。")
LOAN = Evidence(1, "借调结束后3个工作日内，站长填写效果评价。")
PROJECT = Evidence(1, "立项前须画出现行流程，再算各环节耗时。")
PUBLIC = Evidence(1, "对外公告由客服主管起草，I级由运营总监批准，II级由运营经理批准，III级不发公告，只做逐户告知。")


@pytest.mark.parametrize(
    ("sentence", "cited", "stands"),
    [
        ("投诉一律由人工受理。", HUMAN, True),
        ("投诉可以由智能客服自动答复。", HUMAN, False),
        ("现场工程师到达、开工、完工都要打卡。", CLOCKING, True),
        ("现场工程师只需在完工时打一次卡。", CLOCKING, False),
        ("办公用品的采购不按本文件办理。", RANGE, True),
        ("办公用品的采购也按本文件办理。", RANGE, False),
        ("借调结束后由站长在3个工作日内填写效果评价。", LOAN, True),
        ("借调结束后由被借调的员工在3个工作日内填写效果评价。", LOAN, False),
        ("先画现行流程，再立项。", PROJECT, True),
        ("先立项，再画现行流程。", PROJECT, False),
        ("III级中断不发公告，逐户告知即可。", PUBLIC, True),
    ],
)
def test_what_is_kept_for_one_or_comes_first_is_not_given_away(sentence: str, cited: Evidence, *, stands: bool) -> None:
    verdict = check(sentence, [cited], cut=CUT)
    assert verdict.supported is stands, verdict.reason


LOADS = Evidence(1, "货架：重货放底层，轻货放上层，堆垛高度不超过1.8米。")
CARE = Evidence(1, "晨间照护次序为问候、洗漱、更衣、整理床铺；连续两餐吃不到一半的，护理员报告护士。")
LIMITS = Evidence(1, "金额5000元以下由部门经理核准，超过2万元报总经理核准，处理用时由3天降到2小时。")
CHECKERS = Evidence(1, "单据由出纳与会计双签，两名保安在场；单张图以不超过20个活动为宜，新流程必须附图。")


@pytest.mark.parametrize(
    ("sentence", "cited", "stands"),
    [
        ("重的货物放在底层，轻的放在上层。", LOADS, True),
        ("轻货放底层，重货放上层。", LOADS, False),
        ("堆垛最高1米8。", LOADS, True),
        ("晨间照护的次序是问候、洗漱、更衣，最后整理床铺。", CARE, True),
        ("晨间照护次序为洗漱、更衣、问候、整理床铺。", CARE, False),
        ("晨间照护包括问候、洗漱、更衣、按摩和整理床铺。", CARE, False),
        ("超过2万元的，报总经理核准。", LIMITS, True),
        ("金额超过两万元的要报总经理核准。", LIMITS, True),
        ("5000元以下由总经理核准。", LIMITS, False),
        ("处理用时由2小时降到3天。", LIMITS, False),
        ("单据由出纳一人签字即可。", CHECKERS, False),
        ("现场要有一名保安在场。", CHECKERS, False),
        ("单张图不得超过20个活动。", CHECKERS, False),
        ("新流程可以视情况附图。", CHECKERS, False),
    ],
)
def test_pairs_orders_and_hedges_are_kept(sentence: str, cited: Evidence, *, stands: bool) -> None:
    verdict = check(sentence, [cited], cut=CUT)
    assert verdict.supported is stands, verdict.reason


TWO_KINDS = Evidence(1, "普通单由客服专员在1小时内确认时段，加急单由工程师接单后立即致电。", "受理SOP > 派单")
TWO_CASES = Evidence(1, "员工离职的，当日停用全部账号。转岗的，原权限在1个工作日内收回。", "信息规定 > 账号")
REVIEW = Evidence(1, "质量主管在3个工作日内（I级为2个工作日内）召开复盘会，形成报告。", "中断SOP > 复盘")
CLEANING = Evidence(1, "作业顺序：从上到下、从里到外、先干后湿。", "保洁SOP > 作业")
FLOW = Evidence(1, "主流程：受理、派单、上门、验收、结算、回访六步。", "手册 > 主流程")
BANNED = Evidence(1, "严禁瞒报、迟报中断，或故意把级别报低。", "中断SOP > 红线")


@pytest.mark.parametrize(
    ("sentence", "cited", "stands"),
    [
        ("加急单一小时内由客服专员确认时段，普通单由工程师接单后立即致电。", TWO_KINDS, False),
        ("转岗的，当日停用全部账号；离职的，1个工作日内收回原权限。", TWO_CASES, False),
        ("离职的，全部账号当日停用；转岗的，1个工作日内收回原权限。", TWO_CASES, True),
        ("质量主管在2个工作日内召开复盘会。", REVIEW, False),
        ("I级的复盘会，质量主管在2个工作日内就要召开。", REVIEW, True),
        ("作业顺序：先湿后干、从里到外、从上到下。", CLEANING, False),
        ("主流程：受理→派单→上门→结算→验收→回访。", FLOW, False),
        ("主流程：受理→派单→上门→验收→结算→回访。", FLOW, True),
        ("瞒报、迟报，或者故意把级别报低，这些一律不许。", BANNED, True),
    ],
)
def test_kinds_cases_and_orders_are_kept(sentence: str, cited: Evidence, *, stands: bool) -> None:
    assert check(sentence, [cited], cut=CUT).supported == stands


REFUND = Evidence(
    1, "退款由财务专员在批准后7个工作日内退回。交付延误超过48小时或连续两次质量不合格的，启动切换。", "补偿SOP > 退款"
)
TRIAL = Evidence(1, "编写人请一名没参与起草的员工试做，派原编写人以外的人复核，发布前不得透露结果。", "编写SOP > 试做")
TEAMS = Evidence(1, "总部按职能划分，12个服务站扁平管理。由经验派单过渡到系统派单。", "手册 > 组织")
AWAY = Evidence(1, "停工超过90天返岗的人员：重考服务红线，并由导师跟单2天", "培训SOP > 范围")
FOUR_STEPS = Evidence(
    1, "复盘按回顾目标、评估结果、分析原因、总结规律四步进行，跨部门事项须明确一个牵头人。", "手册 > 复盘"
)


@pytest.mark.parametrize(
    ("sentence", "cited", "stands"),
    [
        ("退款在批准后7个工作日内由财务专员退回。", REFUND, True),
        ("退款在客户申请后7个工作日内由财务专员退回。", REFUND, False),
        ("交付延误超过48小时且连续两次质量不合格的，启动切换。", REFUND, False),
        ("试做由没参与起草的员工来做。", TRIAL, True),
        ("试做由参与起草的员工来做。", TRIAL, False),
        ("复核派原编写人。", TRIAL, False),
        ("发布之后不得透露结果。", TRIAL, False),
        ("总部按职能划分，服务站扁平管理。", TEAMS, True),
        ("总部扁平管理，12个服务站按职能划分。", TEAMS, False),
        ("由系统派单转为经验派单。", TEAMS, False),
        ("停工返岗的人员重考服务红线，并由导师跟单2天。", AWAY, False),
        ("停工超过90天返岗的，重考服务红线，并由导师跟单2天。", AWAY, True),
        ("停工返岗的人员重考服务红线，无论停工是否超过90天。", AWAY, False),
        ("先回顾目标，再评估结果，然后分析原因，最后总结规律。", FOUR_STEPS, True),
        ("先评估结果，再回顾目标，然后总结规律，最后分析原因。", FOUR_STEPS, False),
        ("跨部门事项须明确两个牵头人。", FOUR_STEPS, False),
    ],
)
def test_what_a_thing_is_tied_to_stays(sentence: str, cited: Evidence, *, stands: bool) -> None:
    verdict = check(sentence, [cited], cut=CUT)
    assert verdict.supported is stands, verdict.reason


def test_rules_alone_judge_without_the_bundled_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.chat.verify.open_claim_reader", lambda: None)
    assert check("紧急的由客服主管在10分钟内打电话报告运营总监。", [REPORT], cut=CUT).supported
    assert not check("紧急的由客服主管在10分钟内报告运营总监，并送上礼品券。", [REPORT], cut=CUT).supported


def test_words_run_together_are_read_at_once() -> None:
    run = "DataDrivenDecisionMakingAndContinuousServiceImprovement" * 4
    started = time.process_time()
    assert not check("按ISO9001评审。", [Evidence(1, f"数据驱动（{run}）：支持运营决策。")], cut=CUT).supported
    assert time.process_time() - started < 1


def test_labelled_sentences_are_judged_rightly(sample: KnowledgeBase) -> None:
    every = of_documents(labelled(), sample)
    found = verdicts(every, sample)
    counted, five = score(every, found), of_five_kinds(every, found)
    assert counted.precision >= LEAST_OF_ALL
    assert five.precision >= PRECISION
    assert five.recall >= RECALL
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
