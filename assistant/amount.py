"""The forms of answers: an amount with its unit, a name, a number to call; and whether a passage holds one.

Knows forms of words only. It cannot say that an amount is the right one, only that one of the right kind is there.
"""

from __future__ import annotations

import re

from kb.fold import fold

_DIGITS = r"(?:\d[\d,.]*|[一二三四五六七八九十百千万两半几]+)"
_SPAN = (
    r"\d+(?:\.\d+)?\s*个?(?:秒|分钟|小时|天|日|工作日|周|月|季度|年)"
    r"|[一二三四五六七八九十两半]+\s*个?(?:秒|分钟|小时|天|日|工作日|周|月|季度|年)(?!度)"
)
_CLOCK = (
    r"(?<![\d:-])\d{1,2}:\d\d(?!\d)|\d{1,2}\s*[点时]|[一二三四五六七八九十两半]+点|\d+\s*[日月年号]"
    r"|当(?:天|日|场|月|班)|世纪|立即|每(?:天|日|周|月|季度?|年|班)"
)
_TIME = rf"{_SPAN}|当(?:天|日|场|月|班)(?!\d)|立即|立刻|世纪"
_RATE = rf"{_SPAN}|每(?:隔|个)?半?个?(?:小时|分钟|天|日|周|星期|月|季度?|年|班)"
# What a form of question asks for, and what an answer to it looks like. The first that fits decides.
_FORMS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(asked), re.compile(given))
    for asked, given in (
        (
            r"(?:电话|热线|手机)(?:号码?)?是?(?:多少|什么)|号码是|网址|邮箱",
            r"\d{3,4}-\d{3,4}|\d{5,}|@|www|http",
        ),
        (r"版本号?.{0,6}(?:多少|几)", r"\d+\.\d|版本"),
        (
            r"标准号|文号|编号|gb/t.{0,4}(?:多少|几)|国标.{0,6}(?:多少|哪)|第几号",
            r"[a-z]{2,}[/t\s-]*\d{2,}",
        ),
        (
            r"(?:罚|赔|奖|补|报)(?:人家|客户)?多少(?=$|[?？，。])",
            rf"{_DIGITS}\s*(?:万|亿|千)?\s*元|\d\s*%|扣\s*\d+\s*分|残值|净值|进价|原价|全额|[\d一二两三]+倍|不赔|不补|不罚|不当场",
        ),
        (
            r"多少钱|(?<![哪分大写设])几(?:块|元)|多少(?:元|费用|金额|奖金|预算)|什么价|奖金|损失(?:了)?多少|亏了?多少|限额|额度是"
            r"|how much (?:money|is the (?:cost|fee|bonus|price)|.{0,30} (?:cost|pay|charge))",
            rf"{_DIGITS}\s*(?:万|亿|千)?\s*元",
        ),
        (
            r"(?:补贴|津贴|罚款|工资|薪水|提成|押金|定金|保证金|违约金|租金|奖励|[\u4e00-\u9fff]费|价格?)"
            r"(?:标准|大概|一般|每[天月次年]|一[次月年]|是|为|要|有|收|交|给|罚|拿|能)*(?:多少(?![天个次人条份])|几(?:块|元))",
            rf"{_DIGITS}\s*(?:万|亿|千)?\s*元|\d+(?:\.\d+)?\s*%|[一二三四五六七八九\d]\s*折|免|不收|无",
        ),
        (
            r"(?:权重|阈值|系数|限值|目标值|满分|比重)(?:分别|各自?|具体|设[成为]|定[成为]|是|为|占)*(?:多少|几)",
            r"\d|百分之",
        ),
        (
            r"百分之几|百分之多少|比例(?:是|为)?多少|(?:占|达到?)(?:比|了)?多少|多大比例|几成|%.{0,3}多少"
            r"|what (?:share|percent)",
            r"\d+(?:\.\d+)?\s*%|百分之|[一二三四五六七八九]成",
        ),
        (
            r"(?:缩短|减少|降低?|提高|提升|增加|增长|上升|下降|节省|改善|贵|便宜|高出?|低|多出?|差|涨)了?(?:到|至)?(?:多少|几)"
            r"|有多少(?:的)?是|how much .*(?:rise|increase|improve|grow|drop|fall|reduce|save)|by how much",
            rf"\d+(?:\.\d+)?\s*%|{_TIME}|\d",
        ),
        (r"几月份?(?![天日号])|哪个?月", r"\d+\s*月|[一二三四五六七八九十]+月|每月|当月|次月"),
        (r"哪一?年|什么年份|what year", r"\d{4}\s*年|\d{4}|[一二三四五六七八九〇]{4}年"),
        (
            r"(?:多(?:长时间|长|久)|隔?几(?:天|周|个?月|年)).{0,6}(?:一次|一回|一遍|修订|更新|复核|评审)"
            r"|频率|频次|周期|how often",
            _RATE,
        ),
        (
            r"多少个?(?:工作)?[天日]|几个?(?:工作日|天|日)",
            r"\d+\s*个?(?:工作日|天|日)|[一二三四五六七八九十两半]+\s*个?(?:工作日|天|日)|当[天日](?!\d)",
        ),
        (
            r"多久|多长时间|几(?:天|小时|分钟|个?月|年|周|个工作日|日|秒)|多快"
            r"|多少(?:天|小时|分钟|个?月|年|个工作日|日)"
            r"|时限|期限|how (?:long|soon|fast)",
            _TIME,
        ),
        (r"(?<!哪)几点|哪天|几号", rf"{_CLOCK}|{_SPAN}"),
        (
            r"什么时候|啥时候|何时|when\b",
            rf"{_CLOCK}|{_SPAN}|当[^，。；]{{2,24}}[时后]|[\u4e00-\u9fff](?:时|后|前)[,，及]",
        ),
    )
)
_CODE = next(form for form, _ in _FORMS if form.search("编号"))
_YEAR = next(form for form, _ in _FORMS if form.search("哪一年"))
_MEASURE = "个|位|名|家|部|辆|条|项|次|回|遍|趟|通|种|类|步|级|份|单|张|分|人|倍|声|轮|页|道|台|套|组|层"
_ASKED_COUNT = r"(?:多少|(?<![哪好少多这那十])几)"
_COUNT = re.compile(rf"{_ASKED_COUNT}(?:{_MEASURE}|元)?(?P<noun>[\u4e00-\u9fff]{{0,2}})")
# Of what is counted one by one; a question for 几个环节 may as well ask for the list.
_COUNTED_THINGS = re.compile(r"(?:有|分成?|分为)几(?:道|名|位|张|台|页|份|遍|次|人|个人)")
_FRACTION = re.compile(r"[一二三四五六七八九十\d]+分之[一二三四五六七八九十\d]+|过半|半数|全体|全部")
_COUNTER = re.compile(rf"{_ASKED_COUNT}(?P<unit>{_MEASURE})")
# Measure words that stand for one another.
_SAME_MEASURE = ("人名位", "次回遍趟", "份张", "起单通件")
# Things that have several names, and what is counted one by one as they come in.
_SAME_THING = (("公司", "企业", "单位", "商家"), ("客户", "用户", "顾客"), ("员工", "职工"))
_EVENT = re.compile(r"电话|来电|投诉|报修|事故|工单")
# 几 and 多少 beside another question: 客户追问赔多少怎么答, 能拆几笔批吗.
_OTHERWISE = re.compile(
    r"(?:怎么|咋|如何|怎样)(?:去|来)?(?:答|办|说|处理|回答?|回复|做|弄|整|应对)[^，,]{0,2}$"
    r"|(?<!不)[能可让许](?!告诉|说|查)[^，,。]{0,16}(?:几|编号)[^，,。]{0,10}吗[?？。]*$"
)
# Of what has a year in its name, the year is asked for: 《…指南》（2021）.
_DATED = re.compile(r"指南|标准|规定|办法|制度|报告|数据|版|文件|手册|条例|体系|调[研查]|研究|统计")
_PEOPLE = re.compile(r"人|员|徒弟|学徒|学员|新人|新手|导师|师傅|站长|代表|成员|专员|经理|主管|客服")
_NAME = re.compile(
    r"叫什么|什么名字|名字是|姓名|姓什么|哪几?家(?!里|门|人|中)|哪个(?:保险公司|公司|厂家|厂商|品牌|牌子|机构|快递)|谁提出"
    r"|who (?:proposed|invented|wrote)|which company"
)
# Who holds a post: answered by a name, or by who else holds it (由…兼任).
_HOLDER = re.compile(
    r"(?:总监|经理|主管|主任|总裁|组长|队长|站长|店长|馆长|会长|[\u4e00-\u9fff]员|官|法人)(?:现在)?(?:是谁|叫(?:什么|啥)|姓(?:什么|啥))"
)
_HELD = re.compile(r"姓名[:：]\s*(?!待填|[；;]|$)|(?:担任|兼任|任命|轮流)")
# Who does something: answered by a post, a part of the company, a person; who said or made it also by a name.
_WHO = re.compile(r"(?<![论管])谁(?![都也的])|(?:哪|什么)个?(?:部门|岗位?|人|级别的?人|领导)(?![都也])")
_NOT_WHO = re.compile(r"哪些|吗[?？。]*$")
_WHO_MADE = re.compile(r"提出|说|写|给的|发明|发布|制定的|调研|报告|定的")
_DOER = re.compile(
    r"[\u4e00-\u9fff]{1,3}(?:员(?!工)|经理|主管|总监|主任|(?<![内外全])部(?![分署件])|部门|(?<!重)组(?![织合成])|科(?!学|技)|层(?![面次级])"
    r"|人(?![力数次])|(?<!或)者|(?<![增延时特擅成])长(?![期短度])|师|委员会|机构|专家|客服(?!系统)|岗(?!位))"
    r"|领导|上级|导师|师傅|管理层|高层|中层|基层|全员|员工|供应商|本人|自己|专人|总裁|法人|ceo"
)
# How many steps or grades there are: a number of them, or the list itself.
_STAGES = re.compile(r"(?<![哪好少多这那十])几个?(?P<unit>步骤?|阶段|级别?|层级|等级|档)")
LISTED = 3
# Where something is: a place besides the thing itself (档案室在哪 is not answered by 移交档案室).
_WHERE = re.compile(
    r"(?P<thing>[\u4e00-\u9fffa-z]{0,6}?)(?:一般|都|该|要|应该)?(?<![差好坏难强弱错败贵用])(?:在|去|到|上|放|存|交|记)(?:哪[里儿]?(?![个些家一种类天年])|什么地方)|地址(?:是|在)"
)
_WRITTEN = re.compile(r"[记填写登]")
_FORM = re.compile(r"[库册簿]|台账|日志|《")
_PLACE = re.compile(
    r"位于|设[在于]|地址|[在到至于往从去入向][^，。；：]{0,14}(?:室|楼|层|厅|处|部|库|柜|区|站|门|网|系统|平台|台|点|中心|医院|窗口|箱|架|文件夹|目录|群|墙|家|现场|栏|委员会|oa|app)"
)
_NAMED = re.compile(r"[a-z]{3,}|《[^》]+》|“[^”]+”|\"[^\"]+\"")


# Numbers that are names: standards, years in brackets. They are no amounts.
_REFERENCE = re.compile(r"[a-z/]{2,}\s?\d[\d.:-]*|\(\d{4}(?:版)?\)|（\d{4}(?:版)?）|《[^》]*》")


def fit(question: str, text: str, *, number: bool) -> float:
    """Return 1 where ``text`` holds what the form of ``question`` asks for, 0 where it does not, 0.5 where it asks nothing.

    Args:
        question: one question.
        text: the passage, without its headings.
        number: whether the question asks for a number at all.
    """
    asked, given = fold(question), _REFERENCE.sub(" ", fold(text)) if number else fold(text)
    if asks_otherwise(asked):
        return 0.5
    if _HOLDER.search(asked):
        return float(bool(_HELD.search(given)))
    if _NAME.search(asked):
        return float(_names(asked, given))
    if where := _WHERE.search(asked):
        thing = where["thing"] or ""
        elsewhere = given.replace(thing[-3:], "") if len(thing) > 1 else given
        return float(bool(_PLACE.search(elsewhere) or (_WRITTEN.search(asked) and _FORM.search(elsewhere))))
    if (stages := _STAGES.search(asked)) and given.count("\n") + 1 < LISTED:
        return float(bool(re.search(rf"(?:{_DIGITS}|[ivx])\s*个?{stages['unit'][0]}|第[一二三]", given)))
    if not number and _WHO.search(asked) and not _NOT_WHO.search(asked):
        return float(_does(asked, given))
    for form, answer in _FORMS:
        if form.search(asked):
            whole = form is _CODE or (form is _YEAR and _DATED.search(asked))
            return float(bool(answer.search(fold(text) if whole else given)))
    if not number and not _COUNTED_THINGS.search(asked):
        return 0.5
    return float(_counts(asked, given))


def asks_who_holds(question: str) -> bool:
    """Say whether ``question`` asks who holds a post (信息安全员叫什么): what that post does is no answer."""
    return bool(_HOLDER.search(fold(question)))


def asks_otherwise(asked: str) -> bool:
    """Say whether folded ``asked`` speaks of an amount and asks for something else (客户追问赔多少怎么答)."""
    return bool(_OTHERWISE.search(asked))


def has_amount(question: str, text: str) -> bool:
    """Say whether ``text`` holds an amount of the kind ``question`` asks for."""
    return fit(question, text, number=True) == 1.0


def _names(asked: str, given: str) -> bool:
    """Say whether ``given`` names what ``asked`` wants named: not 某平台, and the thing itself is spoken of."""
    which = re.search(r"哪家([\u4e00-\u9fff]{2,4}?)(?=买|做|开|供|提|来|的|$|[?？])", asked)
    if which and which[1] not in given:
        return False
    return not re.search(r"某[\u4e00-\u9fff]{1,6}(?:企业|公司|平台|品牌|机构|银行|商)", given) and bool(
        _NAMED.search(given)
    )


def _does(asked: str, given: str) -> bool:
    """Say whether ``given`` has somebody whom ``asked`` does not speak of itself."""
    if _WHO_MADE.search(asked) and _NAMED.search(given):
        return True
    return any(found[0] not in asked and found[0][-2:] not in asked for found in _DOER.finditer(given))


def _counts(asked: str, given: str) -> bool:
    """Say whether ``given`` counts what ``asked`` wants counted: the same measure word or the same thing."""
    counter = _COUNTER.search(asked)
    noun = _COUNT.search(asked)
    if _FRACTION.search(given) and re.search(r"多少[人名位票]|几个人|多大比例|[缺少差占过到]了?多少", asked):
        return True
    if counter and counter["unit"] not in "个种类":
        unit = next((same for same in _SAME_MEASURE if counter["unit"] in same), counter["unit"])
        return bool(re.search(rf"{_DIGITS}\s*个?[{unit}]", given))
    if noun and noun["noun"][:1] == "人":
        return bool(re.search(rf"{_DIGITS}\s*[个位名]?(?:人|[\u4e00-\u9fff]{{0,4}}员)", given))
    if noun and _PEOPLE.match(noun["noun"]) and re.search(rf"{_DIGITS}\s*[名位]", given):
        return True
    if noun and _EVENT.match(noun["noun"]) and re.search(rf"{_DIGITS}\s*[起单通件]", given):
        return True
    if noun and noun["noun"]:
        thing = noun["noun"][:2]
        names = "|".join(next((same for same in _SAME_THING if thing in same), (thing,)))
        return bool(re.search(rf"(?:{_DIGITS}\s*[个位名家条项次种类]?|%\s*以?[上下]?的)(?:{names})", given))
    return bool(re.search(rf"\d|{_DIGITS}[个位名家条项次种类级步]", given))


# What a range without an end counts for against one that has both.
OPEN_RANGE = 0.6
_SIZES = {"万": 10_000.0, "千": 1_000.0, "百": 100.0, "亿": 1e8}
_QUANTITY = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*([万千百亿]?)\s*(元|块|分钟|小时|天|分(?!钟)|%|个|人|单|次|户)")
_BARE_AMOUNT = re.compile(r"(\d[\d,]*(?:\.\d+)?)([万千百亿]?)(?![\d.%])")
_MONEY = re.compile(r"赔|补偿|退|报销|审批|批准|花|付|钱|谁批")
_SAME_UNIT = {"块": "元"}
_AMOUNT = r"(\d[\d,]*(?:\.\d+)?)\s*([万千百亿]?)\s*"
_UNIT = r"(元|分钟|小时|天|分(?!钟)|%|个|人|单|次|户)"
_TO = r"(?:至|到|-|~|—|,)"
_RANGE = re.compile(rf"{_AMOUNT}{_UNIT}?\s*(?:以上|至少|起)?\s*{_TO}\s*{_AMOUNT}{_UNIT}")
_BELOW = re.compile(rf"{_AMOUNT}{_UNIT}\s*(?:\(含\)|（含）)?\s*(?:以内|以下|之内|及以下|内)")
_ABOVE = re.compile(rf"(?:超过|满|高于|大于)\s*{_AMOUNT}{_UNIT}|{_AMOUNT}{_UNIT}\s*(?:以上|及以上)(?!\s*{_TO})")


def _value(digits: str, size: str) -> float:
    return float(digits.replace(",", "")) * _SIZES.get(size, 1.0)


_HAN_DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_HAN_SIZES = {"十": 10, "百": 100, "千": 1000}
_HAN_NUMBER = re.compile(
    r"第[一二两三四五六七八九十百]+(?=[天日周次])|[一二两三四五六七八九十]+[百千万][一二两三四五六七八九十百千万]*"
    r"|[一二两三四五六七八九十]+(?=元|块|分钟|小时|天|个工作日)"
)


def _han_value(digits: str) -> int:
    """Return the value of a number written in Han (三千五, 两万, 二十四)."""
    total = section = digit = last = 0
    for character in digits:
        if character == "万":
            total, section, digit, last = (total + section + digit) * 10_000, 0, 0, 10_000
        elif size := _HAN_SIZES.get(character):
            section, digit, last = section + (digit or 1) * size, 0, size
        else:
            digit = _HAN_DIGITS.get(character, 0)
    return total + section + digit * (last // 10 if last > 10 and digits[-1] in _HAN_DIGITS else 1)


def with_digits(text: str) -> str:
    """Return ``text`` with its Han numbers in digits, where they count something (第五天 → 第5天, 三百块 → 300块)."""
    return _HAN_NUMBER.sub(
        lambda found: ("第" if found[0].startswith("第") else "") + str(_han_value(found[0].removeprefix("第"))), text
    )


def within_range(question: str, text: str) -> float:
    """Return 1 where an amount in ``question`` (补偿800元) lies in a range of the same unit in ``text`` (200元以上至1000元).

    A range without an end (1000元以上) says less of it: ``OPEN_RANGE``.
    """
    asked, given = with_digits(fold(question)), fold(text)
    amounts = [(_value(d, s), _SAME_UNIT.get(u, u)) for d, s, u in _QUANTITY.findall(asked)]
    if not amounts and _MONEY.search(asked):
        amounts = [(_value(d, s), "元") for d, s in _BARE_AMOUNT.findall(asked)]
    if not amounts:
        return 0.0
    ranges: list[tuple[float, float, str]] = [
        (_value(low, low_size), _value(high, high_size), unit)
        for low, low_size, _, high, high_size, unit in _RANGE.findall(given)
    ]
    covered = _RANGE.sub(" ", given)
    ranges += [(0.0, _value(d, s), u) for d, s, u in _BELOW.findall(covered)]
    ranges += [(_value(a or d, b or e), float("inf"), c or f) for a, b, c, d, e, f in _ABOVE.findall(covered)]
    holding = [high for value, unit in amounts for low, high, of in ranges if low < value <= high and unit == of]
    if not holding:
        return 0.0
    return OPEN_RANGE if min(holding) == float("inf") else 1.0
