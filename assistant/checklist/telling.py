"""What only tells: an example, a definition, a reason, a habit, a permission. Nothing of it is a check.

Knows how sentences of manuals and work instructions explain and describe. Nothing of blocks or checks.
"""

from __future__ import annotations

import re

from assistant.checklist.parts import segments
from assistant.checklist.timing import frequency_in
from assistant.checklist.words import DUTY, PROHIBITION, role_at_start

_EXPLAINS = re.compile(
    r"^(?:这就是|问[：:]|用于|可用于|[^，]{0,8}理论(?:主张|认为)|例如|比如|譬如|如：|其中[，：]|即[，：]|也就是|这样|因为|由于|目的是|综上|总之|实践|注[：:]|说明[：:]|可见|为此目的|原因是|"
    r"[^，。]{0,12}(?:研究|调研|报告|数据|统计)(?:显示|表明|指出|认为)|(?:某|有?一家|曾有|外部|业内)[^，]{0,12}(?:企业|公司|平台|例子|参考)|据《|[^，]{1,16}(?:是指|指的是|称为|统称|代表(?!必)|所称)|[^，。]{1,12}(?<![手食拇各中姆无名五十戒表针一])指(?![定导派挥示令明出纹引向南标望责甲尖检环在关])[^，。]{3,}|Q[：:]|"
    r"(?:本|该)(?:文件|规定|制度|手册|SOP|章|节|流程)(?:适用|规定|说明|的目的|编号|自\d|由|介绍|所称))"
)
# What there is, who it consists of, where something is to be found: nothing to do.
_DESCRIBES = re.compile(
    r"由[^，。]{1,12}(?:组成|构成|兼任)|(?:清单|型号|名单|说明|样式|格式)[^，]{0,6}(?:详?见|如)[附表图]|遵循[^。]{2,40}原则$"
    r"|^[^，。]{1,12}是为了|取决于"
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
