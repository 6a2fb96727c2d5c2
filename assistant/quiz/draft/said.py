"""A statement as it is said in a stem: who or what it is about in front, its source named, cut where it has said enough."""

from __future__ import annotations

import re
from random import Random

from assistant.quiz.draft.workshop import Workshop
from assistant.quiz.material.names import bigrams, plain
from assistant.quiz.material.place import Place
from assistant.quiz.material.statement import Statement

_DOING = re.compile(
    r"(受理|登记|派发|响应|取证|审批|归档|启动|处置|评审|起草|立项|发布|检查|申请|回访|办结|准备|变更|切换|试用"
    r"|付款|培训|检验|签字|交付|收尾|预约)$"
)
_OWN_SOURCE = re.compile(r"^(?:根据|依据|按照|据|例如|参照)")
_NO_SUBJECT = re.compile(
    r"^(?:如(?!何)|包括|包含|涵盖|用于|适用于|适合|强调|是指|指(?!标|导|定|挥|南|令|派)|与(?=[^，]{2,10}(?:相辅|一起|互补|配合)))"
)
_OWN_SUBJECT = re.compile(
    r"^(?!通过|在|对|以|按|从|由|应|须|需|可|根据|利用|采用|建立|确保|如|不)[\u4e00-\u9fff“”]{2,14}?"
    r"(?:应|须|需|必须|不得|是|可以|要求|包括|采用|通过|适用|由|不仅|能|分为|至少|每[日周月年季])"
)
_SAYS = re.compile(
    r"的$|必须|不得|应当|下列|以下|如下|应(?![急用对付答变聘力])|(?<=[\u4e00-\u9fff]{2})(?:坚持|实行|采用|按照?(?!需)|用于|须|由|分为)(?=[\u4e00-\u9fff“]|$)|(?<=[\u4e00-\u9fff]{4})告知$|[“”]"
)
_ABLE = re.compile(r"^(?:可|不得|应|须|只|仅|必须|不|对|在|于|每|按|由|若|如|当|有权)")
_PLAIN = (
    "根据{book}，{text}",
    "{book}规定：{text}",
    "{book}“{name}”部分写明：{text}",
    "按照{book}中“{name}”的规定，{text}",
    "{text}（依据{book}）",
)
_HEADED = (
    "{book}“{name}”部分写明：{text}",
    "按照{book}中“{name}”的规定，{text}",
    "关于“{name}”，{book}规定：{text}",
    "在“{name}”中，{book}规定：{text}",
    "{text}（依据{book}“{name}”）",
)
_DONE = (
    "在“{name}”环节，{text}（依据{book}）",
    "{name}时，{text}（依据{book}）",
)
_SOURCED = ("{book}写道：{text}", "在“{name}”中，{book}提到：{text}", "{text}（见{book}“{name}”）")
_LABELLED = (
    "关于{label}，{book}规定：{text}",
    "{book}对{label}的规定是：{text}",
    "{book}在{label}一项写明：{text}",
    "按照{book}中{label}的规定，{text}",
)
# A clause that only names a case: what is to be done in it comes next.
_UNFINISHED = re.compile(
    r"(?:的|时|后|前|须|应|为|合同有约定的|的[\u4e00-\u9fff]{1,4}|(?:超过|不足|低于|达到|未|没有|低于)[^，；]{0,12})$"
)
ENOUGH = 60


def said(
    workshop: Workshop, statement: Statement, text: str, choose: Random, *, short: bool = False
) -> tuple[str, str]:
    """Return (wording, sentence): ``text`` (the statement, perhaps with a blank) with what makes it stand alone.

    ``short`` gives the sentence for an option, whose stem names source and section already.
    """
    return said_text(workshop, statement.place, plain(statement.label), text, choose, short=short)


def said_text(
    workshop: Workshop, place: Place, label: str, text: str, choose: Random, *, short: bool = False
) -> tuple[str, str]:
    """Return (wording, sentence) of ``text``, which explains ``label`` where that is not empty."""
    if label in workshop.material.roles.names:
        text = subject_first(label, text)
        label = ""
    if label and is_sentence(label):
        # A label that is a sentence itself (客户要求当面验货的) goes on as it does in the source.
        listed = re.sub("^包括", "", text) if "、" in text else text
        text, label = f"{label}{'，' if label.endswith('的') else '：'}{listed}", ""
    if label and _NO_SUBJECT.match(text):
        text, label = f"{named(label)}{re.sub('^如', '包括', text)}", ""
    if label and not short and _OWN_SUBJECT.match(text):
        label = ""
    if label and len(label) >= 8 and not label.startswith("“"):
        text, label = f"{label}：{text}", ""
    if short:
        return "", f"{label}：{text}" if label else text
    options: tuple[str, ...]
    if label:
        options, prefix = _LABELLED, "项"
    elif _OWN_SOURCE.match(text):
        options, prefix = _SOURCED, "引"
    elif _is_doing(place) and choose.random() < 0.5:
        options, prefix = _DONE, "时"
    elif place.general:
        options, prefix = (*_PLAIN[:2], _PLAIN[4]), "文"
    elif not bigrams(place.title) & bigrams(text):
        # A sentence with no word of its heading may leave out what it is about (…批准后移入“已废止”目录).
        options, prefix = _HEADED, "题"
    else:
        options, prefix = _PLAIN, "文"
    wording, sentence = workshop.word(prefix, options, book=place.book, name=place.title, label=named(label), text=text)
    return wording, sentence


def is_sentence(label: str) -> bool:
    """Say whether an item's term says something by itself (每日核对一次, 事故处理坚持“四不放过”), so that it is no name."""
    return bool(_SAYS.search(label)) and not label.startswith("“")


def named(label: str) -> str:
    """Return a label in quotes; one that names what it belongs to (“风险类型”中的“外部风险”) has them already."""
    return label if label.startswith("“") else f"“{label}”"


def _is_doing(place: Place) -> bool:
    """Say whether the section's title is something one does, short enough to stand in 时 (立项时)."""
    title = place.title
    return bool(_DOING.search(title)) and not place.general and len(title) <= 6 and not re.search(r"与|和|、", title)


def subject_first(role: str, text: str) -> str:
    """Return a role's duty as a sentence: 采购专员 + 监控到货 → 采购专员负责监控到货."""
    if text.startswith(role):
        return text
    return f"{role}{text}" if _ABLE.match(text) else f"{role}负责{text}"


def cut(text: str, needed: int) -> str:
    """Return ``text`` up to the end of the clause that holds place ``needed``, where it is long; else all of it.

    A clause that only names a case (…的) keeps the one after it.
    """
    if len(text) <= ENOUGH:
        return text
    end = len(text)
    for found in re.finditer(r"[，；]", text):
        before = text[: found.start()]
        if found.start() < needed or len(before) < 20 or _UNFINISHED.search(before):
            continue
        if before.count("（") != before.count("）") or before.count("“") != before.count("”"):
            continue
        end = found.start()
        break
    return text[:end]


def name_of(place: Place) -> str:
    """Return the section as it is named in a stem: its title, with its chapter's where it names nothing itself."""
    return place.name
