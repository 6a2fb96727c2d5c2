"""Checks of the form: the stem alone, the options beside each other."""

from __future__ import annotations

import re

from assistant.quiz.check.answer import bare, is_negative
from assistant.quiz.check.sources import Sources
from assistant.quiz.material.amounts import amounts
from assistant.quiz.material.names import bigrams
from assistant.quiz.model import BLANK, Question

_CATCH_ALL = re.compile(
    r"^(?:以上|上述)(?:都|皆|全|各项|选项|说法|均|答案)"
    r"|^(?:都|全部|均)(?:是|对|正确|不是|不对|错)|^[A-F和、与]+(?:都|均)"
)
_LEANS = re.compile(
    r"上述|如上|前款|前述|见表|按表|表\s?\d|本节|本章|本条|本表|同上|下表|上表"
    r"|第[一二三四五六七八九十]+条(?:的|规定)|(?<![按应活本合])该(?![当怎做])|她(?!们)|两者|前者|后者"
)
_HOLE = re.compile(r"、等|（\s*）(?!。)|\(\s*\)|，，|。。|；。|：。|，。|、。|<[a-z/!]|\?\?|？？|�")
_TITLES = re.compile(r"《[^》]*》")
_TIMES = frozenset({"秒", "秒钟", "分钟", "小时", "工作小时", "天", "日", "工作日", "周", "月", "年"})
_GAP = re.compile(r"（\s+）")
_SHORTEST_STEM = 8
_LONGEST_STEM = 320
_LATIN = re.compile(r"[A-Za-z]{3,}")


def one_right_answer(question: Question, sources: Sources) -> str:
    """Reject a choice without exactly one right option (single) or without two right and one wrong (multiple)."""
    if question.type == "true_false":
        return "" if question.truth is not None else "没有写明对错"
    if question.type not in {"single", "multiple"}:
        return ""
    keys = [option.key for option in question.options]
    texts = [bare(option.text) for option in question.options]
    if keys != list("ABCDEFGH"[: len(keys)]) or len(keys) < (4 if question.type == "single" else 3):
        return "选项不足，或字母不连续"
    if len(set(texts)) < len(texts) or not all(texts):
        return "选项重复或为空"
    if not set(question.right) <= set(keys):
        return "答案不在选项里"
    if question.type == "single":
        return "" if len(question.right) == 1 else "单选题必须恰有一个正确选项"
    return "" if 2 <= len(question.right) < len(keys) else "多选题要有两个以上正确选项，并至少有一个错误选项"


def no_catch_all(question: Question, sources: Sources) -> str:
    """Reject 以上都对 and its like."""
    found = next((option.text for option in question.options if _CATCH_ALL.search(option.text)), "")
    return f"“{found}”是笼统选项" if found else ""


def stem_keeps_the_answer(question: Question, sources: Sources) -> str:
    """Reject a stem that says the right option, or shares words with it that no wrong option shares."""
    if question.type not in {"single", "multiple"}:
        return ""
    right = [option.text for option in question.options if option.key in question.right]
    wrong = [option.text for option in question.options if option.key not in question.right]
    stem = question.stem
    if any(len(bare(text)) >= 2 and bare(text) in bare(stem) for text in right):
        return "题干里出现了正确选项"
    if question.type == "single" and not is_negative(question) and not any(amounts(text) for text in right):
        common = frozenset[str]().union(*(bigrams(text) for text in wrong))
        shared = (bigrams(right[0]) & bigrams(_TITLES.sub("", stem))) - common
        if len(shared) >= (2 if len(right[0]) <= 12 else 4):
            return f"题干与正确选项共有“{'、'.join(sorted(shared)[:3])}”，等于提示"
    return ""


def stem_stands_alone(question: Question, sources: Sources) -> str:
    """Reject a stem that leans on something a reader of the paper does not see, or that says too little or too much."""
    text = f"{question.scenario}{question.stem}"
    found = _LEANS.search(text)
    if found:
        return f"题干里的“{found[0]}”没有着落"
    if len(bare(question.stem)) < _SHORTEST_STEM:
        return "题干太短，单独看不明白"
    if len(text) > _LONGEST_STEM:
        return "题干太长"
    return ""


def text_is_whole(question: Question, sources: Sources) -> str:
    """Reject text with holes, unbalanced brackets or markup."""
    stem = _GAP.sub("某", question.stem.replace(BLANK, "某"))
    texts = [question.scenario, stem, *(option.text for option in question.options)]
    for text in texts:
        if found := _HOLE.search(text):
            return f"文字有残缺：“{text[max(0, found.start() - 6) : found.end() + 4]}”"
        for one, other in ("（）", "《》", "“”"):
            if text.count(one) != text.count(other):
                return f"“{one}{other}”不成对"
    return ""


def options_are_alike(question: Question, sources: Sources) -> str:
    """Reject options that differ in kind, length or form so that the right one shows."""
    if question.type not in {"single", "multiple"} or len(question.options) < 3:
        return ""
    texts = [option.text for option in question.options]
    kinds = {_kind(text) for text in texts}
    if len(kinds) > 1 and any(kind.startswith("数:") for kind in kinds):
        return "选项不是同一类：数字与文字混在一起，或单位不同"
    lengths = [len(text) for text in texts]
    if max(lengths) > 12 and max(lengths) > 3.2 * min(lengths):
        return "选项长短悬殊"
    if question.type == "single":
        right = next((option.text for option in question.options if option.key in question.right), "")
        others = [len(text) for text in texts if text != right]
        if others and len(right) >= 10 and len(right) > 1.7 * max(others):
            return "正确选项明显比其他的长"
        if others and len(right) * 2.2 < min(others):
            return "正确选项明显比其他的短"
        latin = [bool(_LATIN.search(text)) for text in texts]
        if sum(latin) == 1 and _LATIN.search(right):
            return "只有正确选项带英文"
    stops = {text[-1] in "。；" for text in texts if text}
    return "选项末尾标点不一致" if len(stops) > 1 else ""


def _kind(text: str) -> str:
    """Return what kind of thing an option is: an amount of a unit, or words."""
    found = amounts(text)
    if len(found) == 1 and len(text) <= len(found[0].text) + 4 and "：" not in text:
        unit = found[0].unit.lstrip("个")
        return "数:时" if unit in _TIMES else f"数:{unit}"
    return "文"
