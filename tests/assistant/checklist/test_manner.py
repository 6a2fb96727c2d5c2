"""How a document speaks: a handbook may be written in orders or about its subject, and only its lists tell."""

import pytest

from assistant.checklist.manner import opens_with_verb, speaks_in_orders
from kb.model import Block, Section

ORDERS = ("点亮门头灯", "拖干入口地面", "摆放防滑垫", "自查妆容和工服", "清点备用金", "擦净前台", "带新客参观")
SUBJECTS = ("服务蓝图：用于看清流程", "客户旅程：描述客户的体验", "六西格玛：源自制造业", "精益：减少浪费的思想") * 2


def listed(*items: str) -> Section:
    """Return a section with ``items`` as its list."""
    blocks, start = [], 0
    for number, text in enumerate(items, 1):
        term = text.partition("：")[0] if "：" in text else ""
        blocks.append(Block(f"1-{number}", "item", text, start, start + len(text), f"{number}.", term))
        start += len(text) + 1
    return Section("1", "开店", 1, "", ("开店",), "\n".join(items), tuple(blocks))


@pytest.mark.parametrize("text", ["点亮门头灯", "把产品写进档案", "先洗手", "递上温水", "清点备用金"])
def test_an_order_opens_with_a_verb(text: str) -> None:
    assert opens_with_verb(text)


@pytest.mark.parametrize("text", ["服务质量是企业的生命", "属于二类风险", "毛巾两条"])
def test_a_description_does_not(text: str) -> None:
    assert not opens_with_verb(text)


def test_the_lists_of_a_handbook_tell_whether_it_orders() -> None:
    assert speaks_in_orders("门店每日手册", [listed(*ORDERS)])
    assert not speaks_in_orders("管理手册", [listed(*SUBJECTS)])


def test_a_few_items_tell_nothing_but_a_title_does() -> None:
    assert not speaks_in_orders("门店手册", [listed(*ORDERS[:3])])
    assert speaks_in_orders("开店SOP", [listed(*SUBJECTS)])


def talk(*sentences: str) -> Section:
    """Return a section of paragraphs, without lists."""
    blocks, start = [], 0
    for number, text in enumerate(sentences, 1):
        blocks.append(Block(f"1-p{number}", "paragraph", text, start, start + len(text)))
        start += len(text) + 1
    return Section("1", "进门", 1, "", ("进门",), "\n".join(sentences), tuple(blocks))


def test_a_talk_half_of_which_orders_is_one_and_one_that_tells_is_not() -> None:
    orders = ("换鞋、戴帽，洗手二十秒再进来。", "下班前关好阀门。", "每两小时看一次温度表。", "烫伤马上冲水。")
    telling = ("这间厂是前年建的。", "面团是活的，夏天长得快。", "门店下午会报第二天的量。", "老师傅多半不爱说话。")
    assert speaks_in_orders("一天怎么过", [talk(*orders, *telling)])
    assert not speaks_in_orders("我们的故事", [talk(*telling, *telling)])
