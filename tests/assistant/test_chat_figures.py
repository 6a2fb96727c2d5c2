"""Amounts and times as people say them, beside the clauses that state them."""

import pytest

from assistant.chat.facts import amounts, plain, time_words
from assistant.chat.figures import missing_amount
from assistant.chat.sources import Evidence, Source


def missing(said: str, clause: str) -> str:
    return missing_amount(plain(said), Source.of([Evidence(1, clause, "值班规范 > 值班")]))


@pytest.mark.parametrize(
    ("said", "clause"),
    [
        ("例会一季度一次。", "每季度召开一次例会。"),
        ("表单一小时收一次。", "每小时由值班员收取表单。"),
        ("规范一年一评。", "评审周期为12个月。"),
        ("四个钟头内上传材料。", "4小时内上传材料。"),
        ("一个半小时内到场。", "90分钟内到场。"),
        ("一天之内查询超过100人的要核实。", "单日查询超过100人的须核实。"),
        ("六成多的企业遇到过。", "约63%的企业遇到过。"),
        ("店总可打85折，经理可打9折。", "店总八五折，经理九折。"),
        ("要满足两点：持证上岗，以及每天签到。", "持证上岗，并每天签到。"),
        ("早八点交班：登记表逐条移交。", "08:00交班时逐条移交登记表。"),
        ("资源配置不能一成不变，要一块儿调整。", "资源配置应动态调整。"),
        ("次序是先119/120，后公司。", "先拨打119或120，再报公司。"),
        ("报告四块内容缺一不可。", "报告的四项内容缺一不可。"),
        ("公共邮箱一天看两回。", "每日上午、下午各查一次公共邮箱。"),
        ("两门考试都不能免。", "红线考试和结业考试不得免考。"),
        ("三类物料分开放。", "A类放前面，B类放中间，C类放后面。"),
        ("合格率按周统计。", "名称：合格率；统计：周"),
        ("系数每年9月公布。", "系数由财务部于9月公布。"),
        ("三个月左右即每90天换一回密码。", "密码每90天更换一次。"),
        ("①登记→派单；②派单→上门。", "分登记到派单、派单到上门两段。"),
    ],
)
def test_amounts_in_everyday_words_are_those_of_the_clause(said: str, clause: str) -> None:
    assert missing(said, clause) == ""


@pytest.mark.parametrize(
    ("said", "clause"),
    [
        ("例会一季度一次。", "每月召开一次例会。"),
        ("四个钟头内上传材料。", "2小时内上传材料。"),
        ("一个半小时内到场。", "60分钟内到场。"),
        ("一天之内办完。", "3个工作日内办完。"),
        ("六成多的企业遇到过。", "约73%的企业遇到过。"),
        ("须填写年级、科目、时段三项。", "须填写年级、科目、时段、来源四项。"),
        ("三样都要有：得分、排名、问题、期限。", "写清得分、排名、问题和期限。"),
        ("须明确两个牵头人。", "须明确一个牵头人，信息共享。"),
        ("可按日调整班次。", "可按周调整班次。"),
        ("给出三个可选时段。", "致电道歉，说明原因，给出两个可选时段。"),
    ],
)
def test_a_changed_amount_is_told_in_everyday_words_too(said: str, clause: str) -> None:
    assert missing(said, clause)


def test_a_limit_beyond_a_time_is_an_upper_one() -> None:
    assert [one.direction for one in amounts(plain("超出预约时段30分钟以内的"))] == ["down"]
    assert time_words(plain("碰头会一周一次")) == {"每周"}
