"""Files that others made: what they hold is taken over, and what cannot be is left out with the reason."""

import io
import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from assistant.quiz.export import render
from assistant.quiz.intake import parse, read
from kb.errors import SourceUnreadable
from tests.assistant.quiz.papers_by_hand import paper

GIFT = r"""
// 题库 [id:A-1] [tag:投诉]
::一::[html]<p>投诉应在<b>多久</b>内响应？</p>{=30分钟#对 ~1小时#不对 ~%50%半天}

冷藏柜应保持在 {=8℃ =8摄氏度 =%50%10℃} 以下。

::两项::选出两项 { ~%50%甲 ~%50%乙 ~%-100%丙 ####要看第三条 }

值班店长负责复测。{T}

每班巡检几次？{#2:1}

配对{=甲 -> 1 =乙 -> 2}

这一段只是说明。

谈谈你的做法。{}
"""


def test_gift_of_others_is_taken_over() -> None:
    found = parse(GIFT.encode(), "gift")
    first, blank, two, truth, number, essay = found.questions
    assert (first.type, first.stem, first.tags) == ("single", "投诉应在多久内响应？", ("投诉",))
    assert [option.text for option in first.options] == ["30分钟", "1小时", "半天"]
    assert first.right == ("A",)
    assert (blank.type, blank.stem) == ("cloze", "冷藏柜应保持在 ____ 以下。")
    assert blank.blanks[0].accepted == ("8℃", "8摄氏度")
    assert (two.type, two.right, two.explanation) == ("multiple", ("A", "B"), "要看第三条")
    assert (truth.type, truth.truth) == ("true_false", True)
    assert (number.stem, number.blanks[0].accepted) == ("每班巡检几次？____", ("2",))
    assert essay.type == "short_answer"
    assert [(one.place, one.reason) for one in found.left_out] == [
        (6, "配对题没有对应的题型"),
        (7, "没有答案部分（{…}），是说明文字而不是题目"),
    ]
    assert all(question.citation.clause == "" for question in found.questions)


def test_items_of_others_have_an_id_of_what_they_say_and_not_of_their_number() -> None:
    one = parse("// [id:1]\n几次？{=两次 ~三次}".encode(), "gift").questions[0]
    other = parse("// [id:1]\n多久？{=两天 ~三天}".encode(), "gift").questions[0]
    again = parse("开头{T}\n\n// [id:9]\n几次？{=两次 ~三次}".encode(), "gift").questions[1]
    assert one.id != other.id
    assert one.id == again.id


def test_gift_saved_as_gbk_or_with_a_mark_is_read() -> None:
    for data in (
        GIFT.encode("gb18030"),
        GIFT.encode("utf-8-sig"),
        GIFT.encode("utf-16"),
        GIFT.replace("\n", "\r\n").encode(),
    ):
        assert len(parse(data, "gift").questions) == 6


@pytest.mark.parametrize("name", ["gift", "json"])
def test_file_that_is_no_text_is_refused(name: str) -> None:
    for data in (render([paper()], "docx"), bytes(range(256)) * 9, b"{\0}"):
        with pytest.raises(SourceUnreadable):
            parse(data, name)


def test_kind_of_file_that_holds_no_items_is_refused(tmp_path: Path) -> None:
    (tmp_path / "试卷.docx").write_bytes(render([paper()], "docx"))
    with pytest.raises(SourceUnreadable, match=r"可以导入 \.json、\.gift、\.txt、\.xml、\.xlsx"):
        read(tmp_path / "试卷.docx")


MOODLE = """<quiz>
<question type="shortanswer"><name><text>a</text></name><questiontext format="html"><text>&lt;p&gt;多久响应？&lt;/p&gt;</text>
  </questiontext><defaultgrade>2.0000000</defaultgrade>
  <answer fraction="100"><text>30分钟</text></answer><answer fraction="50"><text>1小时</text></answer></question>
<question type="cloze"><name><text>b</text></name><questiontext format="html"><text>
  <![CDATA[<p>应在{1:SA:=30\\}分钟#好~%100%半小时~%0%一天}内，{2:MC:=甲~乙}</p>]]></text></questiontext></question>
<question type="cloze"><name><text>c</text></name><questiontext format="html"><text>
  <![CDATA[<p>应在{1:SA:=30\\}分#好~%100%半小时~%0%一天}内</p>]]></text></questiontext></question>
<question type="multichoice"><questiontext format="html"><text>没有对的</text></questiontext>
  <single>true</single><answer fraction="0"><text>甲</text></answer><answer fraction="0"><text>乙</text></answer></question>
<question type="matching"><questiontext format="html"><text>配对</text></questiontext></question>
</quiz>"""


def test_moodle_xml_of_others_is_taken_over() -> None:
    found = parse(MOODLE.encode(), "moodle")
    short, cloze = found.questions
    assert (short.stem, short.blanks[0].accepted, short.points) == ("多久响应？____", ("30分钟",), 2)
    assert (cloze.stem, cloze.blanks[0].accepted) == ("应在____内", ("30}分", "半小时"))
    assert [one.reason for one in found.left_out] == [
        "嵌入的选择题没有对应的题型",
        "没有正确选项",
        "配对题没有对应的题型",
    ]


def test_moodle_entities_are_not_expanded() -> None:
    text = "<questiontext><text>x &a;</text></questiontext>"
    bomb = f'<!DOCTYPE quiz [<!ENTITY a "甲甲甲">]><quiz><question type="essay">{text}</question></quiz>'
    assert "甲" not in parse(bomb.encode(), "moodle").questions[0].stem


def workbook(rows: list[list[object]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_workbook_that_a_person_filled_in_is_taken_over() -> None:
    rows: list[list[object]] = [
        ["题干", "题型", "选项A", "选项B", "选项C", "答案", "分值", "无关"],
        ["多久响应？", "单选", "10分钟", "30分钟", 60, "b", 2, "x"],
        ["选两项", "多选题", "甲", "乙", "丙", "A、C", 3, None],
        ["应复测。", "判断", None, None, None, True, 1, None],
        ["在____内响应，____次", "填空题", None, None, None, "30分钟；半小时｜2", None, None],
        ["谈谈做法", "简答", None, None, None, "先复测 // 复测\n再报修", "很多", None],
        ["没有这个选项", "单选", "甲", "乙", None, "D", 1, None],
        ["空数不对____", "填空", None, None, None, "1|2", 1, None],
        ["什么题", "连线", None, None, None, "1", 1, None],
        [None] * 8,
    ]
    found = parse(workbook(rows), "xlsx")
    one, two, truth, blank, essay = found.questions
    assert (one.right, one.options[2].text, one.points) == (("B",), "60", 2)
    assert two.right == ("A", "C")
    assert truth.truth is True
    assert [blank_.accepted for blank_ in blank.blanks] == [("30分钟", "半小时"), ("2",)]
    assert [(point.text, point.keywords) for point in essay.points_required] == [("先复测", ("复测",)), ("再报修", ())]
    assert essay.points == 1
    assert [left.place for left in found.left_out] == [6, 7, 8]
    assert "题干有 1 个空，答案有 2 个" in found.left_out[1].reason


def test_workbook_without_the_columns_says_which() -> None:
    with pytest.raises(SourceUnreadable, match="题型、题干、答案"):
        parse(workbook([["甲", "乙"], [1, 2]]), "xlsx")


def test_json_with_only_the_contract_keys_is_taken_over() -> None:
    plain = {
        "title": "卷",
        "questions": [
            {"id": "1", "type": "cloze", "stem": "应在____内响应", "answer": ["30分钟", "半小时"]},
            {"id": "2", "type": "short_answer", "stem": "谈谈", "answer": ["甲", "乙"], "citation": None},
            {"id": "3", "type": "single", "stem": "几次？", "answer": ["B"], "options": [{"key": "A", "text": "1"}]},
            {"type": "essay"},
            7,
        ],
    }
    found = parse(json.dumps(plain).encode(), "json")
    assert found.questions[0].blanks[0].accepted == ("30分钟", "半小时")
    assert [point.text for point in found.questions[1].points_required] == ["甲", "乙"]
    assert [left.place for left in found.left_out] == [3, 4, 5]


TEXT = """一、单选题
1、（单选题）接到投诉后多久首次响应？
A、10分钟   B、30分钟
C．60分钟
【答案】B
【解析】第3条。
要求30分钟内。
2. 登记工单须写明（ ）。
A.姓名
B.职业
C.诉求
正确答案：A、C
3. 高于8℃时应立即复测。
答案：√
解析：原文如此
4. 每班至少巡检__次，合格率不低于___。
答案：两;2|30%；百分之三十
5. 简述结案条件。
参考答案：（1）客户确认；（2）工单归档
6. 没有答案的题
"""


def test_numbered_text_that_people_type_is_taken_over() -> None:
    found = parse(TEXT.encode("gb18030"), "wecom")
    one, two, truth, blank, essay = found.questions
    assert (one.type, one.stem, one.right) == ("single", "接到投诉后多久首次响应？", ("B",))
    assert [option.text for option in one.options] == ["10分钟", "30分钟", "60分钟"]
    assert one.explanation == "第3条。\n要求30分钟内。"
    assert (two.type, two.right) == ("multiple", ("A", "C"))
    assert (truth.type, truth.truth) == ("true_false", True)
    assert (blank.stem, [one.accepted for one in blank.blanks]) == (
        "每班至少巡检____次，合格率不低于____。",
        [("两", "2"), ("30%", "百分之三十")],
    )
    assert [point.text for point in essay.points_required] == ["客户确认", "工单归档"]
    assert [(left.place, left.reason) for left in found.left_out] == [(6, "没有“答案：”一行")]


def test_exported_wecom_text_is_known_by_its_lines_and_comes_back(tmp_path: Path) -> None:
    target = tmp_path / "卷.txt"
    target.write_bytes(render([paper()], "wecom"))
    for one, original in zip(read(target).questions, paper().questions, strict=True):
        assert one.type == ("short_answer" if original.type == "case" else original.type)
        assert (one.options, one.right, one.truth, one.blanks) == (
            original.options,
            original.right,
            original.truth,
            original.blanks,
        )
        assert [point.text for point in one.points_required] == [point.text for point in original.points_required]
    (tmp_path / "题.txt").write_text(GIFT, encoding="utf-8")
    assert len(read(tmp_path / "题.txt").questions) == 6
