"""What a question leaves out because the turn before said it (那紧急的呢？, 谁负责？, 它有哪些维度？).

Knows words and how Chinese leaves them out; no documents. What was asked before is parted into what it was about (its
topic) and what it wanted to know. A new word takes the place of one of its kind, a new question goes with the topic; so
a conversation of many turns never grows into one endless question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.asked import PLACE
from kb.fold import fold

Cut = Callable[[str], Sequence[str]]
Tag = Callable[[str], Sequence[tuple[str, str]]]

INTERROGATIVE = re.compile(
    r"谁|什么|哪|怎么|怎样|如何|多少|多久|多长|几|吗|是否|为何|为啥|咋|why|what|how|who|when|which"
)
LIST_NOUN = re.compile(
    r"原则|措施|内容|目标|指标|要求|职责|条件|策略|方式|方法|工具|渠道|环节|维度|类型|模式|手段|要素|途径|红线|权限|流程|步骤"
)
_THANKS = re.compile(
    r"^(?:多?谢谢?你?您?了?|好的?|明白了?|知道了?|收到|懂了|ok|thanks?( you)?|再见|嗯+)[啊呀吧哦的了~！!。.，, ]*$"
)
_LEADING = re.compile(r"^(?:那么?|还有|然后|接着|换成|如果是|要是|至于|另外)[，,]?(?!里|边|些|个|样|种)")
_TRAILING = re.compile(r"(?:的?话)?[呢呐]?[?？!！。.\s]*$")
# Points back by a word of its own.
_POINTS = re.compile(
    r"^(?:那(?!里|边|些|个|样|种)|还有|然后|接着|其中|上面|刚才|如果|要是|换成|至于|为什么|为啥|为何)|呢[?？]?$|它|^[他她]|^(?:没|做不|未)(?:做?到|达到|完成|通过)|^(?:否则|不然|超时|逾期)|^[单只光](?:用|做|看|靠|选)一|这个|这些|那个|那些|该(?=[^怎])|其(?=[中他它])|[两二]者|前者|后者|上述"
    r"|第[一二三四五六七八九十\d]+[步种条项点个类]|最后一[步种条项点个类]"
)
# A section or a clause by its number stands alone whatever was said before: 8.2讲什么, 5.5-2, 附录A.
_NUMBERED = re.compile(
    r"(?:请问|看一?下)?(?:第[一二三四五六七八九十\d]+[章节]|附录[a-z]|\d{1,2}(?:\.\d{1,2}){1,3}(?:-[\w.]+)?(?:节|条)?"
    r"(?=$|[\s?？。]|讲|说|是|写|有|的|里|怎|规定))"
)
# An item of a list, where no clause was spoken of: 第一条具体说说.
_NTH_ITEM = re.compile(r"^(第[一二三四五六七八九十\d]+|最后一)条")
# What was asked about before, taken up again: 识别出来以后怎么办.
_AFTER = re.compile(r"以后|之后|过后|完了?(?=怎|谁|要|还|该)|后(?=怎|谁|要|还|该|呢)|了(?=怎|谁|要|还|该)")
_WHICH = re.compile(
    r"(?:主要|具体|一般|通常|都|分别|大概)*(?:有|包括|包含|分为|分成|是)?(?:哪些|哪几[个种类项步条]|什么|啥|几[个种类项步条]|怎么(?!样)|如何|怎样)"
)
_PRONOUN = re.compile(r"它们?|这个(?=[有是的要由怎多包])|那个(?=[有是的要由怎多包])|^其(?!中|他|它)|[他她](?=$|们)")
_MORE = re.compile(r"^(?:别的|其他的?|更多|还有)?(?:别的|其他的?|更多)?(?:还)?(?:有)?(?:吗|么|没有?)?$")
_ORDINAL = re.compile(r"第([一二三四五六七八九十\d]+)([天周步条款级轮次期阶日])")
_NUMBER = re.compile(r"\d[\d,.]*")
_AMOUNT = re.compile(r"\d[\d,.]*\s*(?:[%％个]?[\u4e00-\u9fff]{0,3})")
# What is asked of a topic, where the topic stands before it: 一般投诉 多久响应, 服务质量指标 包括哪几类.
_ASKED = re.compile(
    r"(?:[有要该得由是能会]|分(?=[为成几哪])|应该?|需要|包括|包含|分为|分成|讲了?|说了?|写了?|规定了?|一般|通常|具体|主要|都|大概|的)*"
    r"(?:谁|什么|哪|怎么|怎样|如何|多少|多久|多长|多快|多高|几(?!乎)|是否|能不能|可不可以|要不要|是不是|有没有|为何|为什么|咋|吗).*$"
)
# What is done belongs to the topic: 服务团队 怎么 培训.
_ACTION = re.compile(
    r"(?:怎么|如何|怎样)(?!做|办|处理|弄|走|进行|开展|样|操作|说|用|写|算|回事|了|搞|应对|解决)(?P<what>[\u4e00-\u9fff]{2,4})$"
)
# Where the topic stands behind it: 怎么切换供应商, 什么是抽样池.
_ASKED_BEFORE = re.compile(r"^(?:请问)?(?:什么(?:是|叫)|何谓|怎么|如何|怎样|谁来?|哪些|为什么|介绍一?下|说说|讲讲)")
_DEFINES = re.compile(
    r"^(?:请问)?(?:什么(?:是|叫)|何谓)(?P<what>.+?)[?？]?$|^(?P<that>.+?)是(?:什么|啥)(?:意思)?[?？]?$"
)
_YES_OR_NO = re.compile("(?P<verb>[行能要会用该算好对])不(?P=verb)|有没有|可不可|是不是")
# It opens with a verb that something was asked of before: 最多能采购多少, 要抽几单, 还要补什么.
_OPENS = re.compile(r"(?:最[多少高低长短]|至少|一般|总共|一共|还|要|能|可以?|必?须|需要?|应该?|得)+")
_BRIEF = re.compile(r"[\u4e00-\u9fff]{1,2}(?:多少|几|多久|多长)[\u4e00-\u9fff]{0,2}")  # 保存多少年
_MEASURED = r"(?:几|多少|[一二两三])"
_LEVEL = re.compile(r"(?<![a-z])(?:[ivx]+|[一二三四五六七八九十\d]+)级", re.IGNORECASE)
_KINDS = re.compile("普通|加急|紧急|一般|重大|特殊|夜间|白天|旺季|淡季|平季|首次|正式|临时|线上|线下|书面|口头")
_OF_KIND = re.compile(f"(?P<kind>{_KINDS.pattern})(?:单|件|请求|投诉|情况|的)?")
# Nouns that say what is wanted of a thing, not which thing.
_WANTED = frozenset(
    """
    时限 时间 期限 标准 红线 要求 条件 流程 步骤 原则 方法 方式 措施 内容 目标 指标 职责 权限 工具 渠道 环节 维度 类型 表 表格
    记录 区别 话术 负责人 责任人 频率 周期 金额 比例 材料 手续 前提 例外 后果 依据 单子 客户 用户 员工 公司 部门 领导 主管 人 事
    事情 情况 问题 多长 意思 原因 理由 好处 结果 电话 地方 时候 两者 前者 后者 步 种 条 项 点
    """.split()
)
_MODAL = frozenset("出来 起来 下来 上去 进去 过来 需要 应该 应当 可以 能够 负责 必须 包括 包含 规定 要求".split())
_NOUNS = ("n", "eng", "j", "i", "s")


def stand_alone(text: str, before: str, *, cut: Cut = tuple, tag: Tag | None = None) -> str:
    """Return ``text`` with what it leaves out taken from ``before``; as it is where it leaves out nothing.

    Args:
        text: what is asked now.
        before: the question of the turn before, standing alone itself.
        cut: cuts a text into words.
        tag: the same with each word's part of speech (``n`` noun, ``v`` verb, …).
    """
    if not before or says_nothing(text) or not leans(text, before, tag=tag):
        return text
    rest = _TRAILING.sub("", _LEADING.sub("", text.strip()))
    if not rest or _MORE.match(rest):
        return before
    if swapped := _swapped_number(rest, before):
        return swapped
    rest = _NTH_ITEM.sub(r"\1项", rest) if not _NTH_ITEM.search(before) else rest
    if place := PLACE.search(rest):  # of the list that was asked for, or of the one that a place was asked in before
        return PLACE.sub(place[0], before) if PLACE.search(before) else _in_the_list_of(before, rest)
    topic = topic_of(before)
    if INTERROGATIVE.search(fold(rest)) or _YES_OR_NO.search(rest):
        named = _PRONOUN.sub(topic, rest, count=1)
        return f"{named}？" if named != rest else f"{topic}，{rest}？"
    return _with_new_word(rest, before, topic, cut=cut, tag=tag)


def leans(text: str, before: str = "", *, tag: Tag | None = None) -> bool:
    """Say whether a question leaves out what it is about: it points back, or names no thing but what ``before`` did."""
    folded = fold(text).strip()
    if _NUMBERED.match(folded):
        return False
    if _POINTS.search(folded):
        return True
    plain = folded.rstrip("?？!！。. ")
    if len(plain) > 12:
        return False
    if tag is None or not INTERROGATIVE.search(plain):
        return len(plain) <= 5
    asked = INTERROGATIVE.search(plain)
    first = tag(plain[: asked.start()] if asked else plain)  # 补偿谁批: an action that is asked about is a thing
    nouns = {
        word
        for word, kind in tag(plain)
        if kind.startswith(_NOUNS) and not re.search(f"{_MEASURED}{re.escape(word)}", plain)
    }
    nouns |= {
        word
        for word, kind in first
        if kind in {"vn", "an", "v"}
        and len(word) > 1
        and word not in _MODAL
        and f"{word}了" not in plain  # 超时了怎么办
        and not _OPENS.match(plain)
        and not (before and _BRIEF.fullmatch(plain))
    }
    named = [
        word
        for word in nouns
        if word not in _WANTED and not INTERROGATIVE.search(word) and not LIST_NOUN.fullmatch(word)
    ]
    return not named or (bool(_AFTER.search(plain)) and all(word in before for word in named))


def topic_of(question: str) -> str:
    """Return what a question is about, without what it wants to know of it; the whole question where that is all it says."""
    plain = question.strip().rstrip("?？。.!！ ")
    first = re.split(r"[，,；;?？]", plain)[0]
    behind = _ASKED_BEFORE.sub("", first)
    if behind != first and len(behind) > 1 and not INTERROGATIVE.search(behind):
        return behind
    action = _ACTION.search(first)
    topic = _ASKED.sub("", first).rstrip("，, 的做干办") + (action["what"] if action else "")
    return topic if len(topic) > 1 else plain


def says_nothing(text: str) -> bool:
    """Say whether a turn is only thanks or assent, so that what comes after it goes on from what came before it."""
    return bool(_THANKS.match(fold(text).strip()))


def _in_the_list_of(before: str, rest: str) -> str:
    """Return ``rest``, which asks for a place, asked of the list that ``before`` asks for: one question, not two."""
    listed = _WHICH.sub("", before.strip().rstrip("？?。.!！ "))
    return f"{listed}的{rest}{'' if INTERROGATIVE.search(rest) else '是什么'}？"


def _swapped_number(rest: str, before: str) -> str:
    """Return ``before`` with its amount or ordinal replaced by that of ``rest``, ``""`` where they are no such pair."""
    level, was = _LEVEL.fullmatch(rest), _LEVEL.search(before)
    if level and was:
        return before.replace(was[0], level[0], 1)
    if (new := _ORDINAL.fullmatch(rest)) and (old := _ORDINAL.search(before)) and old[2] == new[2]:
        return before.replace(old[0], new[0], 1)
    if _AMOUNT.fullmatch(rest) and not _ORDINAL.search(before):
        new_number, old_number = _NUMBER.match(rest), _NUMBER.search(before)
        if new_number and old_number:
            return before.replace(old_number[0], new_number[0], 1)
    return ""


def _with_new_word(rest: str, before: str, topic: str, *, cut: Cut, tag: Tag | None) -> str:
    """Return ``before`` asked of ``rest``, a word or phrase that asks nothing itself."""
    word = rest.removesuffix("的")
    if word in before:
        return before
    if LIST_NOUN.fullmatch(word):
        known = [found for found in LIST_NOUN.findall(before) if found != word]
        return before.replace(known[-1], word, 1) if known else f"{topic}的{word}有哪些？"
    if defined := _DEFINES.match(before):
        return before.replace(defined["what"] or defined["that"], word, 1)
    kind, others = _OF_KIND.fullmatch(rest), [one for one in _KINDS.findall(before) if one not in rest]
    if kind and len(others) == 1:
        return before.replace(others[0], kind["kind"], 1)
    if like := _same_head(word, before):
        return before.replace(like, word, 1)
    if like := _same_kind(word, before, cut=cut, tag=tag):
        return before.replace(like, word, 1)
    if rest.endswith("的"):  # 夜间收到的
        return f"{rest}{before}"
    if len(word) == len(topic) and before.startswith(topic):  # 退款要多久到账？ 换货呢？
        return before.replace(topic, word, 1)
    return f"{topic}，{word}？"


def _same_head(word: str, before: str) -> str:
    """Return the words of ``before`` that end as ``word`` does and are as long: 一般投诉 for 重大投诉."""
    for length in range(len(word) - 1, 1, -1):
        place = before.find(word[-length:])
        start = place - (len(word) - length)
        if place >= 0 and start >= 0 and not INTERROGATIVE.search(before[start : place + length]):
            return before[start : place + length]
    return ""


def _same_kind(word: str, before: str, *, cut: Cut, tag: Tag | None) -> str:
    """Return the word of ``before`` in whose place ``word`` can stand: as long, and of the same part of speech."""
    folded = fold(before)  # of the same length
    alike = [
        before[place : place + len(one)]
        for one in cut(before)
        if (place := folded.find(one)) >= 0 and len(one) == len(word) >= 2 and not INTERROGATIVE.search(one)
    ]
    if tag is None:
        return alike[0] if alike else ""
    kinds = {kind for _, kind in tag(word)}
    if len(tag(word)) != 1:
        return ""
    tagged = dict(tag(before))
    same = [one for one in alike if _family(tagged.get(fold(one), "")) in {_family(kind) for kind in kinds}]
    return same[-1] if same else ""


def _family(kind: str) -> str:
    """Return the kind of words that a part of speech belongs to; an attribute is an adjective, a verb as noun a verb."""
    return {"vn": "v", "b": "a", "ad": "a", "an": "a"}.get(kind, kind[:1])
