"""GBK bytes read off by one, end to end: the known runs, clean text, and what lost bytes cost."""

from __future__ import annotations

import json
import random
import time
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from ingest.repair import LOW_CONFIDENCE, gbk_shift, repair
from ingest.repair.document_language import DocumentLanguage, Standing
from ingest.repair.language import LOGS, PATH, STEP, load_language
from ingest.repair.lexicon import Lexicon
from ingest.source import Line, SourceText
from tests import damage
from tests.damage_report import discriminator, documents, measure
from tests.damage_samples import draw

BENCH = Path(__file__).resolve().parents[2].parent / "shared" / "bench"

# Around each run a document that is damaged like the one the runs come from.
AROUND = "企業(yè)應(yīng)定期評估績效(xiào)並改進(jìn)服務流程，客戶(hù)反饋由專人處理，服務意見與建議應及時回覆。"
RUNS = [
    ("用於持續改進，確??冃Р粩嗵嵘?;數據支持決策。", "确保绩效不断提升"),
    ("如何建立機制，確??冃гu估的長期有效性。", "确保绩效评估的"),
    ("在線反饋、電話反饋等，確??蛻裟軌虮憬莸靥岢龇找庖娕c建議。", "确保客户能够便捷地提出服务意见与建议"),
]
PLAIN = [
    f"第{number}条 服务专员应当及时登记客户的投诉，由主管核实后答复客户，并记录处理结果。" for number in range(1, 9)
]
ELSEWHERE = """新人上岗前由带教师傅陪同跟班三天，跟班期间不得独立操作。
带教师傅每天在跟班记录上签字，跟班不满三天的不得定级。
过户须由双方到场办理，合同变更的，过户资料由客服专员留存。
过户费用由受让方承担，当天办结的出具过户回执。
漏检的批次须返检，返检合格后方可放行，返检记录随批留存。"""

LETTERS = (
    "评为A级供应商的，每年复审一次。|员工统一穿着T恤和工牌。|K线图显示股价走势。|孕妇需做B超检查。|本产品在C位展示。"
    "|员工可在卡拉OK厅聚会。|A类客户由专人负责，B类客户由小组负责。|维生素C片每日一次。|甲方为A公司，乙方为B公司。"
    "|用U盘拷贝资料须登记。|X光机每年检定。|在D座三楼办公。|从A点到B点的距离。|设x为变量，y轴表示数量。|按S型曲线增长。"
    "|该A股上市公司。|该指标反弹成V型走势。|M码和L码的工服各两套。|P图软件禁止使用。|先看状态（`开启`）、`是否已安装`两项。|E类物资放在J区货架。|实行AA制。"
).split("|")

# right in 12 samples of each kind, of the seed below, in traditional documents; changed wrongly with confidence, of 12
FLOORS = {
    "lead, marked": (11, 0),
    "lead": (10, 0),
    "trail": (12, 0),
    "pair": (8, 0),
    "lead and pair, marked": (8, 1),
    "lead and pair": (10, 0),
}


def source(*lines: str) -> SourceText:
    return SourceText("手册", "", tuple(map(Line, lines)))


def slips(text: str) -> list[float]:
    """Return the confidences of what is restored, without a judge and with the one that ingest hands in."""
    lines = source(*text.splitlines())
    found = [*repair(lines).repairs, *repair(lines, discriminator()).repairs]
    return [one.confidence for one in found if one.kind == "gbk_shift"]


@pytest.mark.parametrize(("line", "restored"), RUNS)
def test_known_runs_are_restored(line: str, restored: str) -> None:
    found = repair(source(AROUND * 6, line))
    assert restored in found.lines[1].text
    slip = next(one for one in found.repairs if one.kind == "gbk_shift")
    assert restored in slip.after
    assert 0 < slip.confidence < 1


def test_pair_that_vanished_in_clean_text_is_found() -> None:
    found = repair(source(AROUND * 6, "客戶可通過在線渠道便捷地提出氛意見與建議。"))
    assert found.lines[1].text == "客户可通过在线渠道便捷地提出服务意见与建议。"


@pytest.mark.parametrize(
    ("shown", "restored"),
    [
        ("站長每月導出到期名單，提前三十台知本人。", "站长每月导出到期名单，提前三十天通知本人。"),
        ("客罚員在電話中說明原因，並記錄客戶的意見。", "客服专员在电话中说明原因，并记录客户的意见。"),
        ("供應商須韵同期內提供備件和培訓。", "供应商须在合同期内提供备件和培训。"),
    ],
)
def test_lone_character_of_the_other_script_is_evidence(shown: str, restored: str) -> None:
    """What is left of a pair is a character that nobody writes in traditional text."""
    assert repair(source(AROUND * 6, shown)).lines[1].text == restored


@pytest.mark.parametrize(
    ("shown", "restored"),
    [
        ("投V處理專員在工單建立後十五分鐘內定級。", "投诉处理专员在工单建立后十五分钟内定级。"),
        ("學生未交作I的，班主任當晚電話聯繫家長。", "学生未交作业的，班主任当晚电话联系家长。"),
        ("不得用個人郵箱、個染W盤傳送客戶信息。", "不得用个人邮箱、个人网盘传送客户信息。"),
    ],
)
def test_capital_left_of_a_character_is_read(shown: str, restored: str) -> None:
    found = repair(source(AROUND * 6, shown))
    assert found.lines[1].text == restored
    assert all(one.confidence < LOW_CONFIDENCE for one in found.repairs if one.kind == "gbk_shift")


@pytest.mark.parametrize(
    ("shown", "restored"),
    [
        ("#### 1.5.3 运营管理绩衅拦赖姆椒?", "#### 1.5.3 运营管理绩效评估的方法"),
        ("抽查人员要注意是否诱计婪郑?结果记入复听表。", "抽查人员要注意是否诱导评分，结果记入复听表。"),
        (
            "查实的，质量主管当天把文件迫搿耙逊现埂蹦柯迹?加盖废止字样。",
            "查实的，质量主管当天把文件移入“已废止”目录，加盖废止字样。",
        ),
    ],
)
def test_unlikely_characters_in_a_row_are_a_run(shown: str, restored: str) -> None:
    """No rare character, or one in the middle only; the run goes as far as nobody writes what stands there."""
    assert repair(source(*PLAIN, shown), discriminator()).lines[-1].text == restored


@pytest.mark.parametrize(
    ("shown", "restored"),
    [
        ("派ィ汗さブ付ǖ骄咛宓?人员，并通知班长。", "派单：工单指定到具体的人员，并通知班长。"),
        ("在登记表写明?さズ拧⒁煲橄钅坎⒏街ぞ?", "在登记表写明工单号、异议项目并附证据"),
    ],
)
def test_kana_among_other_characters_are_a_run(shown: str, restored: str) -> None:
    """工单 one byte off shows as さ and another kana."""
    assert repair(source(*PLAIN, shown), discriminator()).lines[-1].text == restored


@pytest.mark.parametrize(
    "text",
    [
        "お客様のご意見を承ります。品質管理規程を遵守すること。",
        "接待日本客人时说「いらっしゃいませ」，并引导入座。",
        "包装上印有「さくら」字样的批次单独存放。",
        "検査と修理は別の担当が行う。",
    ],
)
def test_japanese_stays(text: str) -> None:
    assert slips(text) == []
    assert slips("\n".join([*PLAIN, text])) == []


def test_an_unusual_word_of_a_short_clean_text_stays() -> None:
    assert slips("七、严禁行为\n一经发现扣奖：\n1. 用铁器敲击桶盖；\n2. 跨越桶体。") == []


@pytest.mark.parametrize(
    ("shown", "restored"),
    [
        ("??教师傅须在评语上签字。", "带教师傅须在评语上签字。"),
        ("合同变副天办理过户，并通知客户。", "合同变更当天办理过户，并通知客户。"),
        ("抽样不合格的，当痰检一次。", "抽样不合格的，当天返检一次。"),
    ],
)
def test_terms_of_other_documents_are_read_where_bytes_were_lost(shown: str, restored: str) -> None:
    lines = source(AROUND * 6, shown)
    assert repair(lines).lines[1].text != restored
    assert repair(lines, None, lambda: ELSEWHERE).lines[1].text == restored


def test_clean_corpus_stays_beside_its_own_other_documents() -> None:
    texts = damage.corpus_texts()
    for text in texts[1::2]:
        others = "\n".join(one for one in texts if one is not text)
        for shown in (text, damage.to_traditional(text)):
            found = gbk_shift.find(shown.splitlines(), discriminator(), lambda others=others: others)
            assert found == []


def test_other_documents_are_not_read_for_clean_text() -> None:
    """They cost time, so they are asked for where there is a doubt only."""

    def elsewhere() -> str:
        raise AssertionError

    assert gbk_shift.find(PLAIN, discriminator(), elsewhere) == []


def test_form_costs_where_the_document_has_only_the_other() -> None:
    traditional, simplified = Lexicon([], scripts=(2000, 0)), Lexicon([], scripts=(0, 2000))
    assert traditional.form_cost("罚") < -5 < traditional.form_cost("罰")
    assert simplified.form_cost("罰") < -5 < simplified.form_cost("罚")
    assert traditional.form_cost("升") == simplified.form_cost("升") == 0.0


@pytest.mark.parametrize("kind", FLOORS)
def test_lost_bytes_are_restored_at_the_measured_rate(kind: str) -> None:
    """``python -m tests.damage_report`` measures more of them."""
    counts = measure(kind, "traditional document", 12, seed=3)
    least_right, most_sure = FLOORS[kind]
    assert counts["right"] >= least_right
    assert counts["sure"] <= most_sure


def test_judge_finds_more_of_the_pairs_that_vanished_and_none_wrongly_sure() -> None:
    alone, judged = (
        measure("pair", "simplified document", 20, seed=11, judge=judge) for judge in (None, discriminator())
    )
    assert judged["right"] > alone["right"]
    assert judged["sure"] == 0


def test_reader_who_knows_the_place_reads_single_losses() -> None:
    drawn = list(islice(draw(documents("corpus"), "lead, marked", traditional=True, whole=False, seed=4), 10))
    read = [gbk_shift.readings_at(one.lines, one.at, one.start, one.end) for one in drawn]
    assert all(read)
    right = sum(damage.converter("t2s")(found[0]) == one.clean for found, one in zip(read, drawn, strict=True))
    assert right >= 6


def test_clean_corpus_has_no_slip() -> None:
    for text in damage.corpus_texts():
        assert slips(text) == []
        assert slips(damage.to_traditional(text)) == []


@pytest.mark.parametrize("text", ["□ 关好房门，确认房间内没有其他人", "■ 开场白三秒内说出", "验收合格 □是 □否"])
def test_boxes_to_tick_are_no_lost_bytes(text: str) -> None:
    assert slips(text) == []


@pytest.mark.parametrize("text", LETTERS)
def test_letters_in_clean_text_stay(text: str) -> None:
    for shown in (text, damage.to_traditional(text), f"总经理审批后，{text}"):
        assert slips(shown) == []


@pytest.mark.parametrize(
    "text", ["档案第三页为□□□□□□，经办人签字处为□，由行政部补录。", "条件写作 `x+? > ?`，留空时按默认值处理。"]
)
def test_squares_in_a_row_and_marks_of_code_stay(text: str) -> None:
    assert slips(text) == []


@pytest.mark.parametrize("name", ["cmrc2018_dev", "drcd_dev", "lecoqa", "tidb_faq", "xquad_zh"])
def test_clean_public_passages_stay(name: str) -> None:
    path = BENCH / name / "corpus.jsonl"
    if not path.exists():
        pytest.skip("the public sets are not part of the repository (../shared/bench)")
    texts = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    changed = [found for text in random.Random(2).sample(texts, 40) if (found := slips(text))]
    assert len(changed) <= 1
    assert all(confidence < LOW_CONFIDENCE for found in changed for confidence in found)


def test_long_clean_text_costs_time_in_proportion() -> None:
    """Eight times the text may not take the square of the time; processor time, with room for a busy machine."""
    lines = [line for text in damage.corpus_texts() for line in text.splitlines()]
    gbk_shift.find(lines[:50])  # loads what is loaded once
    seconds = []
    for times in (1, 8):
        started = time.process_time()
        assert gbk_shift.find(lines * times) == []
        seconds.append(time.process_time() - started)
    assert seconds[1] < 24 * max(seconds[0], 0.05)


def test_language_is_small_and_normal() -> None:
    assert PATH.stat().st_size < 4 << 20
    language = load_language()
    for character in "服务的":
        (number,) = language.numbers(character)
        assert 0.7 < float(np.exp(LOGS[language.pairs[number]]).sum()) < 1.3
    likely = {text: float(language.likelihoods(language.numbers(text))[-1]) for text in ("服务", "氛意", "提供的服务")}
    assert likely["服务"] > -1.5
    assert likely["氛意"] < -7.0
    assert likely["提供的服务"] > likely["服务"]


def test_language_of_pairs_is_that_of_texts() -> None:
    language = load_language()
    numbers = language.numbers("客户服务氛意")
    found = language.likelihoods(numbers[3:5])[1]
    assert float(LOGS[language.pairs[numbers[3], numbers[4]]]) == pytest.approx(float(found), abs=STEP)


def test_texts_read_at_once_are_read_as_alone() -> None:
    lexicon = Lexicon([], text="客户的服务\n")
    texts = ["服务12", "34号", "", "\n", "\n客户", "ab", "c\ufffd𠀀氛"]
    at_once = lexicon.spelled(texts)
    assert at_once == pytest.approx([float(lexicon.spelled([text])[0]) for text in texts], abs=1e-4)


def test_document_teaches_what_it_says() -> None:
    language = load_language()
    numbers = language.numbers("氛意")
    taught = DocumentLanguage(language, "氛意见" * 20)
    assert float(taught.likelihoods(numbers)[1]) > float(language.likelihoods(numbers)[1]) + 4
    assert float(taught.after(numbers[:1], numbers[1:])[0, 0]) > float(language.likelihoods(numbers)[1]) + 4


def test_document_does_not_vouch_for_the_place_in_doubt() -> None:
    language = load_language()
    numbers = language.numbers("提出氛意见")
    places = np.zeros(len(numbers), np.int64)
    taught = DocumentLanguage(language, "提出氛意见")
    alone = taught.likelihoods(numbers, places, Standing(numbers, places))
    assert alone[2:4] == pytest.approx(language.likelihoods(numbers)[2:4], abs=0.1)
    assert float(taught.likelihoods(numbers)[3]) > float(alone[3])


def test_characters_outside_the_table_teach_nothing() -> None:
    language = load_language()
    strange = DocumentLanguage(language, "龘靐齉爩" * 50)
    numbers = language.numbers("龘齉")
    assert strange.likelihoods(numbers) == pytest.approx(language.likelihoods(numbers))
