"""What only tells: an example, a definition, a reason, a habit, a permission. Nothing of it is a check.

Knows how sentences of manuals and work instructions explain and describe. Nothing of blocks or checks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.checklist.parts import segments
from assistant.checklist.timing import frequency_in
from assistant.checklist.words import DUTY, PROHIBITION, role_at_start

_EXPLAINS = re.compile(
    r"^(?:这就是|问[：:]|只有通过|[^，。]{2,14}不仅(?:需要|要|是)|为什么|为何|用于|可用于|[^，]{0,8}理论(?:主张|认为)|例如|比如|譬如|如：|其中[，：]|即[，：]|也就是|这样|因为|由于|目的是|综上|总之|实践|注[：:]|说明[：:]|可见|为此目的|原因是|"
    r"[^，。]{0,12}(?:研究|调研|报告|数据|统计)(?:显示|表明|指出|认为)|(?:某|有?一家|曾有|外部|业内)[^，]{0,12}(?:企业|公司|平台|例子|参考)|据《|[^，]{1,16}(?:是指|指的是|称为|统称|代表(?!必)|所称)|[^，。]{1,12}(?<![手食拇各中姆无名五十戒表针一])指(?![定导派挥示令明出纹引向南标望责甲尖检环在关])[^，。]{3,}|Q[：:]|"
    r"(?:本|该)(?:文件|规定|制度|手册|SOP|章|节|流程)(?:适用|规定|说明|的目的|编号|自\d|由|介绍|所称))"
)
# What there is, who it consists of, where something is to be found: nothing to do.
_DESCRIBES = re.compile(
    r"由[^，。]{1,12}(?:组成|构成|兼任)|(?:清单|型号|名单|说明|样式|格式)[^，]{0,6}(?:详?见|如)[附表图]|遵循[^。]{2,40}原则$"
    r"|^[^，。]{1,12}是为了|取决于|(?:详见|另见|参见)《"
)
_IS = re.compile(
    r"是(?!否)[^，。]{0,40}(?:基础|关键|依据|环节|保障|手段|工具|来源|核心|重要|部分|前提|指标|过程|方式|方法|因素|一环|所在|标尺|目标|目的|结果|作用)[。；，]?"
)
# How things are, or what may be done, in a document of orders: habit, amount there is, permission, who made the rules.
_HABIT = re.compile(
    r"往往|通常|一般(?![性应须要不])|大多|多半|多数|大约|(?<!预)约\d|现有|共有|占[了全约]|随时可以|之所以|是因为|不算|就晚了|难以|会(?:从|在|绕|让|使|闻|变)"
    r"|^这(?:就|也|种|些|[一二三两][个点样条件])?是?|用于|见[下上附]表|如下$"
    r"|可以|可(?:从|按|在|由|向|将|视|酌|支持)|视为|^(?:不过|当然|其实|毕竟|所以|因此|于是)"
)
# Kinds of telling that are no order, for the model of ``orders``.
_KINDS = {
    "past": r"去年|前年|往年|曾|那次|有一次|有一回|当时|历史上|上半年|前些年|几年|以前出|发生过|出过|\d{4}年",
    "reason": r"因为|由于|原因|所以|之所以|为的是|为了|否则|不然|意味着|这样|才会|导致|造成|引起|关键",
    "degree": r"比较|最(?![少多低高近后终早迟初大小])|很|非常|十分|相当|特别|尤其|太|越",
    "usual": r"往往|常常|经常|通常|多半|大多|多数|一般|大概|大约|容易|难免|偶尔|有的|有时",
    "has": r"现有|共有|设有|拥有|占地|共计|有的人|位于",
    "allowed": r"可以(?![^，]{0,8}的)|可(?=[从按在由向将视酌免凭])|允许|无[须需]|不必|不用(?![于来])|自愿|酌情|[也就]行|即可",
    "money": r"奖|罚|补贴|补助|绩效|提成|津贴|扣\d|\d元",
    "automatic": r"系统(?!里|中|内|上)|自动|定时",
    "is": r"(?<![但还就都于要若])是(?![否由])|属于|称为|简称|即为|构成|组成|分为|分成|包括|包含",
    "asks": r"吗$|呢$|为什么|怎么办|什么叫|要不要|能不能|是不是|[？?]",
}
# Who or what a part speaks of, where it names somebody first: not the reader it gives orders to.
_ABOUT = {
    "system": re.compile(
        r"(?:系统|平台|后台|程序|软件|模型|设备|机器|仪器|机组|显示屏|[^，]{0,5}(?:机|仪|泵|器|灯|屏|柜|表))(?=会|将|可|能|每|自动?|按|在|都|就|到|上)|[^，]{0,8}自动"
    ),
    "others": re.compile(
        r"(?:大|老|小|新|女|男|团体|多数|有些|部分|个别|外来|醉酒|年轻|老年)?(?:客户|顾客|用户|客人|患者|病人|家属|家长|学生|旅客|乘客|读者|观众|会员|业主|住户|雇主|车主|孩子|老人|志愿者"
        r"|供应商|厂家|厂商|承包商|外包|快递|维保|保险公司|银行|总部|总行|片方|品牌方|医保|交警|警方|物业公司|街道|[^，]{0,4}(?:局|院|所|队|委|公司))(?!的?[^，]{0,6}(?:须|应|必须))"
    ),
    "we": re.compile(
        r"我们?|咱们?|大家|有人|有的|老员工|老师傅|新[人手]|多数人?|不少人?|谁|人(?=[一都家])|老[一-龥](?=[一-龥]{2})"
    ),
}
_ASPECT = re.compile(
    r"了|过(?!程|期|滤|敏|磅|秤|夜|往|后)|着|会(?!议|员|同|签)|能|都|才|就|还|有|是|要|可以|一般|通常|往往|多半"
)
_TELLING = {name: re.compile(words) for name, words in _KINDS.items()}
_ONLY_WHEN = re.compile(r"^[^，]{1,10}(?:之[前后]|的时候|(?<!小)时|[后前])[—-]*$")
# Who made the rules and from when they hold.
_MADE = re.compile(
    r"制定本[规办制标手细指]|依[法规]追究|(?:负责|予以)解释|^(?:本|该)[^，]{2,8}由[^，]{2,14}解释$|(?:起|同时)(?:施行|执行|实施|废止)"
)
_IN_CHARGE = re.compile(r"^(?!由)[^，由]{2,10}(?:对[^，]{2,16})?负(?:总?责|[^，]{0,2}责任)[^，]{0,24}$")
# A question, an answer to one, and what is given to who did well.
_ASIDE = re.compile(
    r"^(?:Q|问)[：:]|^(?:为什么|为何|什么叫|什么是|怎么办)|[吗呢？?]$|奖励?[\d一二三五十百两]|奖金|奖品|流动红旗|评[选一][^，]{0,6}[“\"]?[最优]|罚款?[\d一二三五十百两]|没得商量"
    r"|^违反[^，]{1,20}[者的]，[^，]{0,4}给予"
)
# What follows from a breach, and what is a matter of attitude: nobody can tick either.
_FOLLOWS = re.compile(
    r"^[^，]{0,8}按[^，]{0,12}(?:违纪|违规|违章|事故|旷工|失职|渎职)[^，]{0,8}(?:处[理分罚]|论处)$|^[^，]{0,6}追究[^，]{0,16}责任$"
    r"|^(?:责任|后果|损失)[^，]{0,10}自[负行][^，]{0,4}$|解除劳动合同$|^[^，]{0,10}授予[^，]{2,20}(?:称号|奖项)$"
)
_ATTITUDE = re.compile(
    r"^(?:[^，]{0,6}(?:均|都|要|应当?|须|必须))?(?:充分|高度|切实|深刻)?(?:(?:重视|认识)[^，]*|(?:具有|具备|树立|增强|强化|提高|培养|保持)[^，]*(?:意识|责任[感心]|观念|理念|精神|思想|素[质养]))$"
)
# What opens a paragraph of a manual: 服务质量改进是企业提升竞争力的关键路径，应….
_SPEAKS_OF = re.compile(r"^[^，。]{2,24}(?:不仅)?(?:是|旨在|主要指)[^，。]{4,},?.*")
_QUOTED_SOURCE = re.compile(
    r"^根据(?:《[^》]*》|[A-Z/\d]{2,}[^，]{0,8}标准|[^，]{0,28}?(?:研究|调研|定义|报告|数据))[^，]{0,30}，"
)


def in_charge(text: str) -> bool:
    """Say whether a sentence only says who answers for what (班长对本班安全负总责)."""
    return bool(_IN_CHARGE.match(text)) and not frequency_in(text)


def tellings(text: str) -> list[str]:
    """Return which kinds of telling (of the past, a reason, a permission …) a text has words of."""
    return [name for name, words in _TELLING.items() if words.search(text)]


def who_acts(text: str) -> str:
    """Return what sort of somebody a part opens with (system, others, we, post), "" where with nobody."""
    for name, words in _ABOUT.items():
        if words.match(text):
            return name
    return "post" if role_at_start(text) else ""


def aspects(text: str) -> list[str]:
    """Return the words of a part that say how it stands with what it tells: done, being done, usual, possible."""
    return sorted({found[0] for found in _ASPECT.finditer(text)})


def unobservable(parts: Sequence[str]) -> bool:
    """Say whether parts only tell what follows from a breach (按违纪处理) or an attitude (具有高度的责任感)."""
    return bool(_FOLLOWS.search(parts[-1])) or all(_ATTITUDE.match(part) for part in parts)


def only_when(text: str) -> bool:
    """Say whether a sentence is no more than a moment (离开之前), the lead of what follows."""
    return bool(_ONLY_WHEN.match(text))


def habitual(text: str) -> bool:
    """Say whether a text has words of habit, amount, permission or consequence (往往, 共有, 可以, 不过)."""
    return bool(_HABIT.search(text))


def speaks_of(text: str, known: frozenset[str]) -> bool:
    """Say whether a sentence of a paragraph speaks about its subject (改进是…的关键路径，应…) rather than to somebody."""
    if not _SPEAKS_OF.match(text) or PROHIBITION.search(text):
        return False
    return not any(role_at_start(part, known) for part in segments(text)[1:])


def explains(text: str) -> bool:
    """Say whether a sentence only explains: an example, a definition, a reason, a source."""
    if _EXPLAINS.match(text) or _MADE.search(text) or (_DESCRIBES.search(text) and not DUTY.search(text)):
        return True
    rest = _QUOTED_SOURCE.sub("", text)
    if rest != text and not DUTY.search(rest) and not PROHIBITION.search(rest):
        return True
    return bool(_IS.search(text) or _ASIDE.search(text)) and not (DUTY.search(text) or PROHIBITION.search(text))
