"""Which part of a sentence orders something: the model, and what is made of it in a document of orders."""

from pathlib import Path

import pytest

from assistant.checklist.model import Check
from assistant.checklist.orders import LIKELY, features, likelihood
from tests.assistant.checklist.test_prose import listed

# Sentences that stand in no set the model learns from.
ORDERS = [
    ("取件码输错三次，柜子锁定后联系客服", 1),
    ("插座与水池的距离不小于一米", 0),
    ("面糊静置二十分钟再下锅", 0),
    ("地垫每晚翻面晾干", 0),
    ("票据当天贴好，次日上午交财务", 1),
]
TELLING = [
    ("老街的石板路下雨天特别滑，游客摔过好几回", 1),
    ("这种胶带是前年换的，比原来的贵一半", 0),
    ("滑雪板的长度与身高有关", 0),
    ("客人多半是附近写字楼的，午饭只有一个钟头", 0),
]


@pytest.mark.parametrize(("sentence", "number"), ORDERS)
def test_an_order_is_likely_one(sentence: str, number: int) -> None:
    assert likelihood(sentence, number) >= LIKELY


@pytest.mark.parametrize(("sentence", "number"), TELLING)
def test_what_only_tells_is_not(sentence: str, number: int) -> None:
    assert likelihood(sentence, number) < LIKELY


def test_numbers_and_letters_are_seen_as_such_and_neighbours_too() -> None:
    seen = features("温度达到85℃，换XT3号滤芯", 1)
    assert seen["from:换A"] == 1
    assert seen["before:0℃"] == 1
    assert not any("85" in name or "XT" in name for name in seen)


def one(checks: list[Check], words: str) -> Check:
    """Return the only check that says the words."""
    (found,) = [check for check in checks if words in check.action]
    return found


def section(tmp_path: Path, text: str) -> list[Check]:
    """Return the checks of one section of a work instruction."""
    return listed(tmp_path, f"## 一、作业\n\n{text}")


def test_orders_with_a_time_or_a_person_of_their_own_stand_apart(tmp_path: Path) -> None:
    checks = section(
        tmp_path, "库温不高于8℃，保管员每天9点抄一次温度表，超温时，班长30分钟内转移货物并填写《异常单》。"
    )
    assert one(checks, "抄一次温度表").role == "保管员"
    assert one(checks, "抄一次温度表").method == "yes_no"
    moved = one(checks, "转移货物")
    assert (moved.role, moved.deadline, moved.condition) == ("班长", "30分钟内", "超温时")
    assert moved.evidence == "《异常单》"


def test_a_short_end_without_its_own_matter_stays_with_what_it_is_about(tmp_path: Path) -> None:
    (check,) = section(tmp_path, "口令不少于10位，每90天更换一次。")
    assert "口令" in check.action


def test_what_a_sentence_opens_with_is_the_case_of_all_its_orders(tmp_path: Path) -> None:
    checks = section(tmp_path, "发现针头外露：立即停止搬运，用镊子夹取，30分钟内报告感控专员。")
    assert [check.condition for check in checks] == ["发现针头外露"] * len(checks)
    assert one(checks, "报告感控专员").deadline == "30分钟内"


def test_a_case_within_a_part_is_the_condition(tmp_path: Path) -> None:
    checks = section(tmp_path, "检查封条是否完好，封条破损的拍照留底、当场通知采购。")
    check = one(checks, "拍照留底")
    assert (check.condition, check.method) == ("封条破损的", "photo")


def test_a_part_that_orders_nothing_is_what_the_order_is_about(tmp_path: Path) -> None:
    checks = section(tmp_path, "数量短少超过3件或金额超过2000元，保管员当日写差异报告。")
    assert (checks[0].condition, checks[0].role) == ("数量短少超过3件或金额超过2000元", "保管员")


@pytest.mark.parametrize(
    "text", ["阴雨天不浇水。", "掉在地上的菜一概不能上桌。", "没有签字的货不能放行。", "有异味就别点火。"]
)
def test_a_plain_no_forbids_where_the_part_orders(tmp_path: Path, text: str) -> None:
    (check,) = section(tmp_path, text)
    assert check.red_line


@pytest.mark.parametrize(
    "text",
    [
        "拿不准的时候，先查价目表。",
        "材料不齐的只退一次。",
        "客户说了不要再打，当场记入名单。",
        "听不清的，请对方再说一遍。",
    ],
)
def test_a_no_that_forbids_nothing_is_no_red_line(tmp_path: Path, text: str) -> None:
    assert not any(check.red_line for check in section(tmp_path, text))


def test_where_it_is_put_down_is_the_proof(tmp_path: Path) -> None:
    checks = section(tmp_path, "标本送达后双方在标本交接本上签收。出现反应的，24小时内填报不良事件表。")
    assert [check.evidence for check in checks] == ["标本交接本", "不良事件表"]
    assert [check.method for check in checks] == ["signature", "yes_no"]


def test_who_did_the_sentence_before_does_not_do_the_next(tmp_path: Path) -> None:
    checks = section(tmp_path, "夜间由值班经理登记。次日9点前归档。")
    assert [check.role for check in checks] == ["值班经理", None]


def test_english_headings_of_a_table_are_known(tmp_path: Path) -> None:
    table = "| Check | Frequency | Owner |\n|---|---|---|\n| 证书有效期 | 每月 | 运维组 |\n"
    (check,) = section(tmp_path, table)
    assert (check.action, check.frequency, check.role) == ("证书有效期", "每月", "运维组")


def test_a_table_of_steps_may_call_them_what_is_done(tmp_path: Path) -> None:
    table = "| Step | 做什么 | 做到什么程度 |\n|---|---|---|\n| 1 | 铺床 | 四角45度 |\n"
    (check,) = section(tmp_path, table)
    assert check.standard == "四角45度"
    duties = "| 岗位 | 做什么 |\n|---|---|\n| 理货员 | 拣配、复核 |\n"
    assert section(tmp_path, duties) == []


def test_looking_at_pictures_is_no_picture_taken(tmp_path: Path) -> None:
    checks = section(tmp_path, "安检录像保存90天。站长每周抽查录像，不少于两小时。完工后拍摄四张照片上传。")
    assert [check.method for check in checks] == ["yes_no", "yes_no", "photo"]


def test_a_sentence_that_ends_in_hours_is_more_than_a_moment(tmp_path: Path) -> None:
    checks = section(tmp_path, "离开之前。站长每周抽查录像两小时。")
    assert [check.role for check in checks] == ["站长"]
