from __future__ import annotations

import pytest

from ingest.repair import repair, script
from ingest.source import Line, SourceText
from tests.damage_plain import corpus, source, to_traditional

TAIWAN = (
    "客訴處理作業程序。一、目的：為確保客戶抱怨得以迅速處理，提升服務品質及客戶滿意度，特訂定本程序。"
    "客服人員接獲客訴後，應於三十分鐘內於系統登錄，並於二十四小時內回覆客戶。"
)
HONG_KONG = (
    "客戶服務手冊。本公司致力提供優質服務，如客戶對服務質素有任何意見，可電郵至本公司。職員須於兩個工作天內回覆查詢。"
)


@pytest.mark.parametrize("document", corpus())
def test_script_of_a_turned_document_comes_back_exactly(document: str) -> None:
    turned = to_traditional(document)
    assert script.was_simplified(turned)
    assert script.simplify(turned)[0] == document


@pytest.mark.parametrize(
    "document", [TAIWAN, HONG_KONG, "新進員工教育訓練辦法：新進同仁報到當日由人力資源部說明公司規章。"]
)
def test_script_of_a_traditional_document_stays(document: str) -> None:
    assert not script.was_simplified(document)
    assert [line.text for line in repair(source(document)).lines] == [document]


def test_script_of_a_name_in_a_simplified_document_stays() -> None:
    assert not script.was_simplified("本公司与臺灣積體電路製造股份有限公司签订了合作协议，双方将共同开发新产品。")


def test_script_sprinkled_into_a_simplified_document_is_turned() -> None:
    text = "客户投訴处理流程：客服专员接到投诉后，应在30分鐘内响应，并登記工单，记录客户诉求與联系方式。"
    assert script.was_simplified(text)
    assert (
        script.simplify(text)[0]
        == "客户投诉处理流程：客服专员接到投诉后，应在30分钟内响应，并登记工单，记录客户诉求与联系方式。"
    )


@pytest.mark.parametrize("word", ["显著", "著作", "原著", "著名", "专著", "编著", "名著", "论著", "土著", "著作权"])
def test_script_keeps_zhu_where_it_is_the_word(word: str) -> None:
    assert script.simplify(to_traditional(word))[0] == word


@pytest.mark.parametrize(
    ("before", "after"),
    [("隨著", "随着"), ("意味著", "意味着"), ("跟著", "跟着"), ("沿著", "沿着"), ("有著重要", "有着重要"), ("執著", "执着"),
     ("著重", "着重"), ("圍繞著客戶", "围绕着客户"), ("答覆", "答复"), ("用於單位", "用于单位"), ("暱稱", "昵称")],
)  # fmt: skip
def test_script_turns_what_opencc_leaves(before: str, after: str) -> None:
    assert script.simplify(before)[0] == after


def test_script_turns_the_title_and_the_cells_too() -> None:
    row = Line("崗位 | 職責", "row", cells=("崗位", "職責"), table=1)
    text = Line("質量信息由崗位責任人錄入數據庫，軟件自動反饋，運營主管落實整改。")
    mended = repair(SourceText("a.xlsx", "質量手冊", (row, text)))
    assert mended.title == "质量手册"
    assert (mended.lines[0].text, mended.lines[0].cells) == ("岗位 | 职责", ("岗位", "职责"))
    assert [one.kind for one in mended.repairs] == ["script"]
