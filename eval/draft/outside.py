"""Questions that the documents do not answer: about other things altogether, and about a detail that is not written.

The first are a stock of everyday questions, kept where none of their subject's words stands in the documents. The second
ask, of a section, for a kind of detail (a phone number, a price, a year) of which neither it nor its chapter holds any.
Whether that is so is for the person who approves them to say. Knows texts; not search.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from eval.draft.ask import is_general
from eval.draft.question import Drafted
from kb.fold import fold
from kb.model import Section

# Question → the words of its subject.
_ELSEWHERE = (
    ("公司年会几号办？", "年会"),
    ("食堂今天中午吃什么？", "食堂"),
    ("班车早上几点发车？", "班车"),
    ("公积金缴存比例是多少？", "公积金"),
    ("年假一年有几天？", "年假"),
    ("产假可以休多久？", "产假"),
    ("停车位怎么申请？", "停车位 车位"),
    ("工资几号发？", "工资 薪资 发薪"),
    ("办公室的打印机怎么连？", "打印机"),
    ("无线网密码是多少？", "无线网 wifi"),
    ("公司的股票代码是什么？", "股票"),
    ("团建去哪里玩？", "团建"),
    ("生日福利有什么？", "生日"),
    ("体检安排在哪家医院？", "体检"),
    ("宿舍一个月多少钱？", "宿舍"),
    ("怎么报名篮球比赛？", "篮球"),
    ("孩子上学怎么开证明？", "孩子 子女"),
    ("竞争对手今年卖了多少？", "竞争对手"),
    ("明天会下雨吗？", "下雨 天气"),
    ("世界杯谁赢了？", "世界杯"),
    ("怎么做红烧肉？", "红烧肉"),
    ("电脑蓝屏了怎么修？", "蓝屏"),
    ("出国签证要准备什么？", "签证"),
    ("公司董事长是谁？", "董事长"),
    ("员工持股计划怎么参加？", "持股"),
    ("仓库的叉车谁能开？", "叉车"),
    ("实验室的废液怎么处理？", "废液"),
    ("直播带货的提成怎么算？", "直播 带货"),
    ("海关报关要哪些单证？", "报关 海关"),
    ("怎么给手机换电池？", "电池"),
)
# What is asked of a section → a sign that it may be written after all.
_DETAILS = (
    ("{0}出了问题打哪个电话？", r"电话|热线|\d{7,}"),
    ("{0}要交多少钱？", r"元|费|免费|价"),
    ("{0}是从哪一年开始实行的？", r"\d{4}\s*年|实行|生效|施行"),
    ("{0}没做到要罚款多少？", r"罚|扣|处分|处罚"),
    ("{0}用的软件是哪家公司做的？", r"软件|系统|平台"),
    ("{0}的英文表格在哪里下载？", r"下载|表格|表单|附件|英文"),
    ("{0}周末有没有加班费？", r"加班|周末|节假日"),
    ("{0}要不要总经理签字？", r"总经理|签字|签署|签名"),
    ("{0}的视频教程在哪里看？", r"视频|教程|课程"),
    ("{0}去年一共办了多少件？", r"去年|统计|件"),
)


def elsewhere(texts: Sequence[str], choose: random.Random) -> Iterator[Drafted]:
    """Yield everyday questions of whose subject no word stands in ``texts``, in an order of chance."""
    everything = fold("\n".join(texts))
    kept = [question for question, words in _ELSEWHERE if not any(fold(word) in everything for word in words.split())]
    choose.shuffle(kept)
    for question in kept:
        yield Drafted(type="oos", question=question, answerable=False, evidence="文档里没有出现过这件事的用词")


def near_misses(sections: Sequence[tuple[str, Section, str, str]], choose: random.Random) -> Iterator[Drafted]:
    """Yield, for each section, one question for a detail of which its chapter holds no sign.

    Args:
        sections: document title, section, what it is about, and the text of its whole chapter.
        choose: the generator.
    """
    for document, section, subject, chapter in sections:
        if is_general(section):
            continue
        fitting = [asked for asked, sign in _DETAILS if not re.search(sign, chapter)]
        if fitting:
            yield Drafted(
                type="near_miss",
                question=choose.choice(fitting).format(subject),
                answerable=False,
                evidence=f"《{document}》{section.heading}没有写这个细节，请确认别处也没有",
                about=subject,
            )
