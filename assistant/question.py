"""What a question asks for: its kind, its parts, its script and language. Knows words of questions, no documents.

The kinds decide how an answer is composed: a list is given whole, a procedure in order, a number in its sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from assistant.amount import asks_otherwise, with_digits
from assistant.asked import place_of
from assistant.context import Cut, Tag, stand_alone
from kb.fold import fold, is_traditional

Kind = Literal["definition", "list", "procedure", "number", "comparison", "person", "summary", "polar", "fact"]

_FORMS: tuple[tuple[Kind, str], ...] = (
    (
        "comparison",
        r"(有什么|有何|有啥|的)?(区别|不同|差别|差异|异同|不一样)|相比|对比|哪个(更|好|快)|difference|compare|versus|\bvs\b",
    ),
    ("summary", r"(讲|说|写|规定)(了|的)?(是)?(些)?什么(内容)?[?？]?$|主要内容|大意|概述一下|总结一下|summar"),
    (
        "definition",
        r"^(请问)?(什么|啥)(是|叫)|何谓|的(定义|含义|概念)|是什么意思|(指|指的)是?(什么|啥)|是指(什么|啥)|缩写|全称|(什么|啥|哪.{0,4})的简称|代表什么|"
        r"stand(s)? for|what does .+ mean|definition of|^what (is|are) (a |an |the )?[a-z-]+( [a-z-]+)?\??$"
        r"|是(一?[个种])?(什么|啥)(东西|玩意儿?|概念|意思)?[?？]?$"
        r"|是(用来)?(干|做)(什么|啥|嘛)(用)?(的)?[?？]?$",
    ),
    (
        "number",
        r"多少|多久|多长|多大比例|多快|多高|百分之几|(?<![哪好十这那有少多])几(?!乎|何|率|类|种)[\u4e00-\u9fff]"
        r"|几点|how (many|much|long|often|soon|fast)|what percent|哪(一)?(年|天|个月)|时限|期限是|频率",
    ),
    (
        "procedure",
        r"怎么办|怎么(处理|做|走|弄|操作|应对|解决|进行|开展|申请|办)|如何|怎样|步骤|流程(是|有|怎)|流程[?？]?$|第.步"
        r"|how (to|do|does|should|can|is|are)|怎么|咋|(先|后|首先|接着|第一步)(干|做)(嘛|啥|什么)",
    ),
    (
        "person",
        r"谁|哪个(部门|岗位|人|角色|领导)|什么(部门|岗位|人|角色)|归哪|找哪|\bwho\b|which (role|department)",
    ),
    (
        "list",
        r"哪些|哪几|哪两|(什么|啥)(东西|事|情况)|有什么|有啥|包括什么|包含什么|分别是|都有什么|分为|分成|几类|几种|哪(两|三|四|五|六|七|八|九|十)|列出|列举"
        r"|what (are|kinds|types|steps|tools|methods)|which|list",
    ),
    ("polar", r"吗[?？]?$|是否|能不能|可不可以|要不要|是不是|有没有|能否|可否"),
)
_PATTERNS = tuple((kind, re.compile(pattern)) for kind, pattern in _FORMS)
# What came before it is the situation: 客户追问能赔多少钱，该怎么答.
_WHAT_TO_DO = re.compile(
    r"[，,](?:那|我|我们|这时候?)?(?:该|应该|要|应|得)?(?:怎么|咋|如何)(?:答|办|说|处理|回答?|回复|做|弄)[^，,]{0,2}$"
)
_WHAT_IS_CALLED = re.compile(r"^(?:请问)?(?:什么|啥)(?:情况|样的?)?(?:叫做?|才?算是?)")
_COUNTED_LIST = re.compile(
    r"(分为|分成|包括|包含|有|共)?(哪)?几(类|种|个?(方面|维度|环节|阶段|步骤|原则|部分|等级|级别|档次|层级)|大(?:类|块)|项|步|级|档)"
    r"|分(?:为|成)?(?:哪)?几块(?!钱)"
)
_WHAT_THINGS = re.compile(
    r"(什么|啥)(条件|要求|材料|资料|手续|证件|工具|职责|好处|坏处|优点|缺点|规定|规矩|情形|情况下?会?)"
    r"|(检查|准备|注意|包括|满足|具备|填写?|提交|记录|遵守|考|学|教|管|带|看|用|查|抓|盯)(些)?(什么|啥)[?？]?$"
)
_LISTED_THING = re.compile(
    r"(原则|措施|内容|目标|指标|要求|职责|条件|策略|方式|方法|工具|渠道|环节|维度|类型|模式|手段|要素|途径|红线|权限)(都|分别|具体|主要)?(是|有)(些)?(什么|啥|哪些)[?？]?$"
)
_INTERROGATIVE = re.compile(
    r"谁|什么|为啥|干嘛|哪|怎么|怎样|如何|多少|多久|多长|多快|多高|多大|几|吗|是否|为何|why|what|how|who|when|which"
)
_SPLIT = re.compile(
    r"[?？;；]+\s*|[，,]\s*(?:以及|还有|另外|并且|同时|而且|再就是|并)?|(?<=[一-鿿])(?:，|,)?(?:以及|还有|另外|再有)"
)
# What the first of several questions is about: its words up to what it asks. The later ones mostly leave that out.
_SUBJECT = re.compile(
    r"^(.{2,16}?)(?=谁|什么|哪|怎么|怎样|如何|多少|多久|多长|多快|多高|多大|几(?!乎)|是否|能不能|应该|必须|最(?:多|少|晚|长|高|低)"
    r"|[要先得该由](?=[^，]{0,6}(?:谁|什么|哪|怎|多|几)))"
)
# Characters; a text so short that asks nothing is a topic to look up.
LONGEST_TOPIC = 12
# What is said around a question and asks for nothing itself.
_MARKUP = re.compile(r"</?[A-Za-z!][^<>]{0,400}>")
_COURTESY = re.compile(
    r"^(?:请问|麻烦问一下|问一下|想问下?|我想知道|想了解一下?)[，,：:]?"
    r"|[，,。？?]\s*(?:能不能|能|可以|可否|麻烦|请)?(?:你|您)?(?:帮我|给我|跟我)?(?:简单|大概|具体|详细)?"
    r"(?:说说|讲讲|说一下|讲一下|介绍一下|解释一下|告诉我)(?:吗|吧|呗|么)?[?？。]?$|[，,。]\s*(?:谢谢|急|在线等)[!！。]?$"
)
# What a part of a question may hold and still be about nothing: it belongs to what was said before it.
_ABOUT_NOTHING = re.compile(
    r"[\W_]|怎么办|咋办|怎么样?|怎样|如何|咋|谁|什么|哪[里儿个些]?|多少|多久|多长时间|几[天次个]?|吗|呢|是否|是不是|能不能|行不行|可不可以|有没有|为何"
    r"|应该|应当|需要|可以|直接|具体|一般|大概|这时候?|然后|接下来|后面|才|该|应|得|要|能|会|行|都|又|再|还|就|来|去|给|做|办|弄|答|说|批|算|好|对|有|是|的|了|内|呀|啊"
)
# A later part that points back to a thing named in the first.
_POINTING = re.compile(
    r"这(?:一?[份个张种些]|一)?(?:东西|文件|材料|单子|表格?|事情?)|它|那(?:份|个|张)(?:东西|文件|表)?"
)
_POINTED = re.compile(
    r"(?:签|填写?|写|交|开|做|提交|出具|准备|使?用|领|办理?|叫|是)(?:一?[份张个])?(?P<thing>[\u4e00-\u9fff]{2,10})$"
)
_SECTION = re.compile(
    r"(?<![\d.])(\d{1,2}(?:\.\d{1,2}){1,3})(?![\d.%]*[%\d倍小时天元分])(?=\s*[\u4e00-\u9fff节条款章]|\s*$|[?？,，])"
    r"|第\s*([0-9一二三四五六七八九十]+)\s*章(?:[的,，]?\s*第\s*([0-9一二三四五六七八九十]+)\s*节)?|(附录\s*[A-Z]|第[0-9一二三四五六七八九十百]+条)"
)
_ENGLISH_WORD = re.compile(r"[a-z]{2,}")
_DIGITS = {character: number for number, character in enumerate("零一二三四五六七八九")}


@dataclass(frozen=True, slots=True)
class Question:
    """A question prepared for answering.

    ``text`` stands alone (context of a conversation already worked in); ``parts`` are the things asked at once, the
    whole question if it is one; ``subject`` is what the later ones carry from the first. ``section`` is a section number
    named in it, ``""`` if none.
    """

    text: str
    kind: Kind
    parts: tuple[str, ...]
    section: str
    traditional: bool
    english: bool
    subject: str = ""


def understand(text: str, *, before: str = "", cut: Cut = tuple, tag: Tag | None = None) -> Question:
    """Return ``text`` understood; ``before`` is the question of the turn before, for what leans on it.

    Args:
        text: what was asked.
        before: the question of the turn before, standing alone; ``""`` if there is none.
        cut: cuts a text into words.
        tag: the same with each word's part of speech.
    """
    asked = " ".join(without_markup(text).split())
    plain = _COURTESY.sub("", asked)
    asked = plain if len(plain) > 3 else asked
    standalone = with_digits(stand_alone(with_digits(asked), before, cut=cut, tag=tag))
    folded = fold(standalone)
    letters = sum(character.isascii() and character.isalpha() for character in folded)
    han = sum("\u4e00" <= character <= "\u9fff" for character in folded)
    parts, subject = _parts(standalone)
    return Question(
        text=standalone,
        kind=kind_of(folded),
        parts=parts,
        subject=subject,
        section=named_section(folded),
        traditional=is_traditional(asked),
        english=han * 4 < letters and len(_ENGLISH_WORD.findall(folded)) > 1,  # KPI alone is asked in any language
    )


def without_markup(text: str) -> str:
    """Return ``text`` without the tags of a web page that somebody pasted with it: they ask nothing."""
    return _MARKUP.sub(" ", text)


def kind_of(text: str) -> Kind:
    """Return the kind of one question; counting classes (分为几类) and a bare topic (七天日程) ask for the list itself."""
    folded = fold(text).strip()
    first, _, rest = folded.rpartition("，") if "，" in folded else folded.rpartition(",")
    if first and _INTERROGATIVE.search(first) and _INTERROGATIVE.search(rest) and not _ABOUT_NOTHING.sub("", rest):
        return kind_of(first)  # 都要做哪些事，谁来做
    if place_of(folded):
        return "procedure" if "步" in folded else "list"
    if _WHAT_IS_CALLED.search(folded):
        return "definition"
    if _LISTED_THING.search(folded) or _WHAT_THINGS.search(folded):
        return "list"
    if _COUNTED_LIST.search(folded) and not re.search(r"几个?(小时|分钟|工作日|天|月|人|电话)", folded):
        return "list"
    if _WHAT_TO_DO.search(folded):
        return "procedure"
    if re.search(r"哪几(?!天|时|小时|分钟|年)", folded) and not re.search(r"步骤|流程|区别|不同", folded):
        return "list"
    for kind, pattern in _PATTERNS:
        if kind == "number" and asks_otherwise(folded):
            continue
        if pattern.search(folded):
            if kind == "procedure" and re.search(r"哪些|哪几", folded) and not re.search(r"步骤|流程", folded):
                return "list"
            return kind
    return "fact" if _INTERROGATIVE.search(folded) or len(folded) > LONGEST_TOPIC else "list"


def named_section(text: str) -> str:
    """Return the section a question names (``5.5``, ``第5章`` as ``5``, ``第5章第3节`` as ``5.3``, ``附录A``), else ``""``."""
    found = _SECTION.search(text.upper())
    if not found:
        return ""
    if found[1]:
        return found[1]
    if found[4]:
        return re.sub(r"\s", "", found[4])
    return ".".join(str(_number(part)) for part in found.group(2, 3) if part)


def _number(digits: str) -> int:
    if digits.isdigit():
        return int(digits)
    tens, _, ones = digits.rpartition("十")
    if "十" not in digits:
        return _DIGITS.get(digits, 0)
    return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)


def _parts(text: str) -> tuple[tuple[str, ...], str]:
    """Return what is asked at once, each with an interrogative of its own, and what the later ones carry from the first.

    The whole text where it is one thing.
    """
    pieces = [piece.strip() for piece in _SPLIT.split(text) if piece and piece.strip()]
    parts: list[str] = []
    lead = ""
    for piece in pieces:
        if parts and not _ABOUT_NOTHING.sub("", fold(piece)):
            parts[-1] = f"{parts[-1]}，{piece}"
        elif _INTERROGATIVE.search(fold(piece)):
            if not parts and not lead and not _ABOUT_NOTHING.sub("", fold(piece)):
                lead = piece
                continue
            parts.append(f"{lead}，{piece}" if lead else piece)
            lead = ""
        elif parts:
            parts[-1] = f"{parts[-1]}，{piece}"
        else:
            lead = f"{lead}，{piece}" if lead else piece
    if len(parts) < 2:
        return (text,), ""
    if (thing := _POINTED.search(parts[0])) and not _INTERROGATIVE.search(thing["thing"]):
        parts = [parts[0], *(_POINTING.sub(thing["thing"], part) for part in parts[1:])]
    subject = _SUBJECT.match(parts[0])
    lead = subject[1].rstrip("，, ") if subject else ""
    return (parts[0], *(part if lead in part else f"{lead}{part}" for part in parts[1:])), lead


def part_of(question: Question, part: str) -> Question:
    """Return one part of a question as a question of its own."""
    return replace(question, text=part, kind=kind_of(part), parts=(part,), section=named_section(fold(part)))
