import pytest

from assistant.amount import fit, within_range
from assistant.question import kind_of


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("多久首次响应？", "2小时内首次响应", 1.0),
        ("多久首次响应？", "应及时响应客户", 0.0),
        ("多久首次响应？", "按ISO20000-1:2018执行", 0.0),
        ("缩短了多少？", "时间缩短了40%", 1.0),
        ("能报多少钱？", "200元以内当场决定", 1.0),
        ("能报多少钱？", "由主管在2小时内审批", 0.0),
        ("每天最多接多少个电话？", "每天最多接80个电话", 1.0),
        ("每天最多接多少个电话？", "客户可通过电话反馈", 0.0),
        ("演练一年要做几次？", "每年演练2次", 1.0),
        ("演练一年要做几次？", "定期开展演练", 0.0),
        ("阈值设成多少？", "根据运行指南（2022）设定阈值", 0.0),
        ("什么时候触发预警", "当指标超过阈值时，及时触发预警", 1.0),
        ("什么时候触发预警", "应建立预警机制", 0.0),
        ("弄坏了要赔多少", "超出部分按残值赔偿", 1.0),
        ("弄坏了要赔多少", "当天上报组长，3天内处理", 0.0),
        ("几月份盘点", "每年6月和12月盘点", 1.0),
        ("几月份盘点", "每半年盘点一次", 0.0),
    ],
)
def test_fit_asks_for_an_amount_of_the_right_kind(question: str, text: str, expected: float) -> None:
    assert fit(question, text, number=True) == expected


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("档案室在哪", "试卷由班主任移交档案室", 0.0),
        ("档案室在哪", "档案室设在三楼", 1.0),
        ("旧表去哪下载", "在OA的模板库下载", 1.0),
        ("旧表去哪下载", "请填写新表，旧表作废", 0.0),
        ("碎纸机放哪", "用碎纸机销毁，两人在《登记表》签字", 0.0),
        ("没用的办法要记在哪", "《已知错误》列出这些办法", 1.0),
        ("这两档差在哪", "高档的含第三者责任险", 0.5),
        ("考核难在哪里", "指标不好选", 0.5),
        ("安全总监是谁", "安全总监对体系运行负责", 0.0),
        ("安全总监叫啥", "角色：安全总监；姓名：李明", 1.0),
        ("安全总监叫啥", "角色：安全总监；姓名：待填", 0.0),
        ("安全员是谁", "安全员由班组长兼任", 1.0),
        ("平台是哪家做的", "结果在平台发布", 0.0),
    ],
)
def test_fit_asks_for_a_place_or_a_name(question: str, text: str, expected: float) -> None:
    assert fit(question, text, number=False) == expected


def test_fit_is_neutral_where_nothing_special_is_asked() -> None:
    assert fit("什么是服务蓝图？", "服务蓝图是一种方法", number=False) == 0.5


@pytest.mark.parametrize(
    ("question", "text", "inside"),
    [
        ("补偿800元要谁批准？", "200元以上至1000元；审批人：客服主管", True),
        ("补偿800元要谁批准？", "1000元以上至5000元；审批人：运营经理", False),
        ("赔3500块找谁", "1000元以上至5000元；审批人：运营经理", True),
        ("赔150元呢", "200元以内（含200元）；客服专员当场决定", True),
        ("赔3万元呢", "20000元以上；审批人：总经理", True),
        ("赔3万元呢", "5000元以上至20000元；审批人：运营总监", False),
        ("迟到40分钟赔多少", "迟到30分钟至60分钟，补偿20元", True),
        ("补偿谁批准？", "200元以上至1000元", False),
    ],
)
def test_within_range_finds_the_row_that_applies(question: str, text: str, *, inside: bool) -> None:
    assert (within_range(question, text) > 0.0) is inside


@pytest.mark.parametrize(
    ("question", "text", "form"),
    [
        ("评审会几个人到场才行？", "到会不少于5人", 1.0),
        ("多少人同意算通过？", "三分之二以上到会人员同意为通过", 1.0),
        ("备用报价比主供贵多少要测算？", "报价高出主供应商15%以上的", 1.0),
        ("How much does customer satisfaction rise?", "客户满意度平均提升15%-25%", 1.0),
        ("应急演练一年做几次？", "定期开展应急演练", 0.0),
        ("导师带一个徒弟每月补贴多少？", "一名导师同时最多带2名新员工", 0.0),
        ("导师带一个徒弟每月补贴多少？", "带教补贴每月300元", 1.0),
        ("四个维度的权重分别是多少？", "用于衡量财务、客户、内部流程、学习与成长四个维度", 0.0),
        ("调查问卷一共有几道题？", "通过问卷调查收集客户反馈", 0.0),
        ("值班人员多久巡查一次？", "值班人员每小时巡查一次", 1.0),
        ("值班人员多久巡查一次？", "值班人员每隔半小时巡查", 1.0),
        ("值班人员多久巡查一次？", "值班人员负责巡查", 0.0),
    ],
)
def test_more_forms_of_amounts(question: str, text: str, form: float) -> None:
    assert fit(question, text, number=True) == form


def test_range_with_both_ends_says_more_than_an_open_one() -> None:
    closed = within_range("赔偿3500元找谁签字", "1000元以上至5000元；审批人：运营经理")
    assert closed > within_range("赔偿3500元找谁签字", "金额1000元以上的判定责任归属") > 0.0


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("配置评估会议谁来主持", "通过定期的评估会议，分析成效", 0.0),
        ("配置评估会议谁来主持", "会议由质量主管召集", 1.0),
        ("写好了找谁批", "责任人签字前先审核", 1.0),
        ("新工单给谁", "新工单先打电话再填单", 0.0),
        ("这个办法是谁提出的", "该方法见《服务设计》", 1.0),
        ("谁都能看吗", "先登记再查看", 0.5),
        ("要做哪些事，谁来做", "先断电，再疏散", 0.5),
    ],
)
def test_fit_asks_for_somebody_where_it_asks_who(question: str, text: str, expected: float) -> None:
    assert fit(question, text, number=False) == expected


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("转型分几步走", "近年来技术广泛应用，转型加快", 0.0),
        ("转型分几步走", "转型分3步走", 1.0),
        ("转型分几个步骤", "立项\n试点\n推广", 0.5),
        ("三个站同时停算几级", "超过3个站的为i级", 1.0),
        ("岗位有几个级别", "提供晋升机制和岗位轮换", 0.0),
    ],
)
def test_fit_asks_for_a_number_of_stages_or_their_list(question: str, text: str, expected: float) -> None:
    assert fit(question, text, number=False) == expected


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("安全指南是哪一年的", "参照《食品安全指南》（2019）执行", 1.0),
        ("工厂是哪一年建的", "参照《食品安全指南》（2019）执行", 0.0),
        ("多少公司遇到过断货", "约41%的企业遇到过断货", 1.0),
        ("每月要巡店几回", "每月巡店不少于3次", 1.0),
        ("每月要巡店几回", "每月巡店并填写记录", 0.0),
        ("一天来多少投诉要上报", "同一门店一天达到6起的，上报区域", 1.0),
        ("到岗的人少了多少要停业", "到岗人数不足三分之二的停业", 1.0),
        ("家属追问赔多少怎么答", "请家属等主管答复", 0.5),
        ("草案里写哪几块", "写目的、范围和职责", 0.5),
        ("打碎杯子赔几块", "按进价赔", 0.0),
        ("V2.1改了格式，新版本号是多少", "格式改动只升次版本", 1.0),
        ("盘点结果用到哪里去", "盘点结果作为下月订货的依据", 0.5),
        ("盘点表交到哪里去", "盘点结果作为下月订货的依据", 0.0),
    ],
)
def test_fit_knows_other_words_for_amounts_and_what_only_speaks_of_one(
    question: str, text: str, expected: float
) -> None:
    assert fit(question, text, number=kind_of(question) == "number") == expected
