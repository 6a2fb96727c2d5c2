"""Papers written by hand, one item of each type, and strategies for items with any characters."""

from __future__ import annotations

from hypothesis import strategies as st

from assistant.quiz.model import BLANK, Blank, Option, Paper, Point, Question
from kb.model import Citation

TITLES = {"d1": "客户投诉处理办法", "d2": "门店温控规范"}


def cited(clause: str = "3.2-1", quote: str = "接到投诉后应在30分钟内首次响应") -> Citation:
    return Citation(
        document="d1", section="3.2", title="响应与处理", path=("投诉处理", "响应与处理"), clause=clause, quote=quote
    )


def single(id_: str = "q1") -> Question:
    return Question(
        id=id_,
        type="single",
        stem="接到客户投诉后，应在多长时间内首次响应？",
        citation=cited(),
        explanation="第3.2条要求30分钟内首次响应。",
        points=2,
        difficulty="easy",
        bloom="remember",
        pattern="number",
        options=(Option("A", "10分钟"), Option("B", "30分钟"), Option("C", "60分钟"), Option("D", "2小时")),
        right=("B",),
        tags=("投诉", "时限"),
    )


def multiple(id_: str = "q2") -> Question:
    return Question(
        id=id_,
        type="multiple",
        stem="登记投诉时，以下哪些内容必须写入工单？",
        citation=cited("3.2-2", "工单须写明客户姓名、联系方式和诉求"),
        explanation="条款列出三项：客户姓名、联系方式、诉求。",
        points=4,
        difficulty="medium",
        bloom="understand",
        pattern="list",
        options=(
            Option("A", "客户姓名"),
            Option("B", "客户的职业和收入情况，以及其家庭成员的联系方式"),
            Option("C", "联系方式"),
            Option("D", "诉求"),
        ),
        right=("A", "C", "D"),
    )


def true_false(id_: str = "q3") -> Question:
    return Question(
        id=id_,
        type="true_false",
        stem="冷藏柜温度高于8℃时，由值班店长在1小时后复测。",
        citation=cited("4.1-2", "高于8℃时，值班店长应立即复测"),
        explanation="应为“立即复测”，不是1小时后。",
        points=1,
        difficulty="medium",
        bloom="understand",
        pattern="false_number",
        truth=False,
    )


def cloze(id_: str = "q4") -> Question:
    return Question(
        id=id_,
        type="cloze",
        stem=f"每班至少巡检{BLANK}次，合格率不得低于{BLANK}。",
        citation=cited("4.2-p1", "每班至少巡检两次，合格率不得低于30%"),
        explanation="巡检两次，合格率30%。",
        points=4,
        difficulty="medium",
        bloom="remember",
        pattern="numbers",
        blanks=(Blank(("两", "2")), Blank(("30%", "百分之三十"))),
    )


def short_answer(id_: str = "q5") -> Question:
    return Question(
        id=id_,
        type="short_answer",
        stem="简述投诉结案的三个条件。",
        citation=cited("3.4-p1", "客户确认、工单归档、主管复核后方可结案"),
        explanation="三个条件缺一不可。",
        points=6,
        difficulty="hard",
        bloom="understand",
        pattern="list_open",
        points_required=(Point("客户确认", ("客户确认", "客户认可")), Point("工单归档"), Point("主管复核", ("复核",))),
    )


def case(id_: str = "q6") -> Question:
    return Question(
        id=id_,
        type="case",
        stem="值班店长应如何处理？请说明步骤。",
        citation=cited("4.1-2", "高于8℃时，值班店长应立即复测并转移食品"),
        explanation="先复测，再转移，最后报修。",
        points=10,
        difficulty="hard",
        bloom="apply",
        pattern="situation",
        points_required=(Point("立即复测"), Point("转移食品"), Point("报修并登记", ("报修", "登记"))),
        scenario="周日下午，某门店冷藏柜显示11℃，柜内有三箱乳制品，维修人员要到次日才能到店。",
    )


def paper(title: str = "投诉与温控 测验 A卷") -> Paper:
    return Paper(title, (single(), multiple(), true_false(), cloze(), short_answer(), case()), seed=7)


HOSTILE = (
    "=1+1",
    "~ = # { } : \\",
    "<b>粗</b> & \"引\" '号'",
    "第一行\n第二行",
    "</text>]]><!-- -->",
    "{1:SHORTANSWER:=x}",
    "答案：A",
    "-> \\n \\\\ %50% ####",
    "@SUM(A1)|cmd;calc",
    "::名:: // 注释 [html] $CATEGORY: x",
    "* _ ` [x](y) | 1. - # >",
    "+8613800000000",
    "{{c1::x}} ]] --",
)

# Words that people type; a text is trimmed, as every form on the way does it
_ALPHABET = "投诉响应时限30%℃ aZ~=#{}:\\<>&\"'/|;；%$*_-+@![]()`.,\n？！"
texts = (
    st.one_of(
        st.sampled_from(HOSTILE),
        st.text(_ALPHABET, min_size=1, max_size=24),
        st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), min_size=1, max_size=12),
    )
    .map(lambda text: "\n".join(" ".join(line.split()) for line in text.split("\n") if line.strip()))
    .filter(lambda text: bool(text.strip("_ ")) and "____" not in text)
)
lines = texts.map(lambda text: " ".join(text.split())).filter(bool)
_choices = st.lists(lines, min_size=2, max_size=6, unique=True)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Return an item of any type with any words."""
    base = draw(st.sampled_from([single(), multiple(), true_false(), cloze(), short_answer(), case()]))
    words: dict[str, object] = {"stem": draw(texts), "explanation": draw(texts)}
    if base.options:
        listed = draw(_choices)
        words["options"] = tuple(Option(chr(65 + at), text) for at, text in enumerate(listed))
        count = 1 if base.type == "single" else draw(st.integers(1, len(listed)))
        words["right"] = tuple(chr(65 + at) for at in range(len(listed))[-count:])
    if base.type == "true_false":
        words["truth"] = draw(st.booleans())
    if base.type == "cloze":
        count = draw(st.integers(1, 3))
        around = [draw(lines) for _ in range(count + 1)]
        words["stem"] = BLANK.join(text.strip("_") or "空" for text in around)
        words["blanks"] = tuple(
            Blank(tuple(draw(st.lists(lines, min_size=1, max_size=3, unique=True)))) for _ in range(count)
        )
    if base.points_required:
        words["points_required"] = tuple(
            Point(text, tuple(draw(st.lists(lines, max_size=2))))
            for text in draw(st.lists(lines, min_size=1, max_size=4))
        )
    if base.scenario:
        words["scenario"] = draw(texts)
    return replaced(base, **words)


def replaced(question: Question, **fields: object) -> Question:
    from dataclasses import replace

    return replace(question, **fields)  # type: ignore[arg-type]
