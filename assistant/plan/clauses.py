"""What a clause says as a measure: its whole sentence, whether that tells to do something, whether another says the same.

Knows checks and blocks, no problem.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from assistant.checklist.model import Check
from assistant.checklist.opening import opens_with_verb
from assistant.checklist.orders import likelihood
from assistant.checklist.parts import segments
from assistant.checklist.units import sentences
from assistant.checklist.words import DUTY
from kb.fold import fold
from kb.model import Block
from kb.segment import bigrams

# Up to so many characters a sentence is quoted whole; a check is often a part of one (试用期满后5个工作日内).
LONGEST_SENTENCE = 140
# How likely a sentence orders something (``assistant/checklist/orders.py``) below which it has to open with a verb, and below
# which a lead over nested items is no measure beside them. Read off the 1,139 sentences of manual and sample.
HARDLY, UNLIKELY, LEADS = 0.15, 0.25, 0.6
# Share of a quote from which on its case is all of it: what is done then stands in the lead over it.
ALL_OF_IT = 0.8
# Share of the shorter one's bigrams from which on two measures ask for the same.
SAME_WORDS = 0.55
# A scale: what a mark means.
_SCALE = re.compile(r"\d+[至到～-]\d+分|\d+分(?:及以[上下]|以[上下])?为|分为[一二三四五六\d]")
# Whether something is good, and what comes of it, is nothing to do; unless it has to be in so many words.
_ASSESSES = re.compile(r"(?:优点|缺点|好处|特点|优势|劣势)$")
_WHY = re.compile(r"都?会让|就会|都会|才能(?:提|更|真|保)|使得|只是(?:开头|第一步)")
# What a thing is, where it comes from, how it is counted, and which maxim it follows.
_DEFINES = re.compile(r"占[^，。]{2,24}的(?:比例|比重)|^源自|核心是|指的是|遵循[^，。]{2,30}的?原则$")
_STRICT = re.compile(r"必须|应当|应该|须(?!知)|不得|严禁|禁止|(?<![反供相响适对效])应(?=[由在把将按与有])")
# Where something is counted from, or by what (从受理到派单…, 按约完工的…): no verb, though it opens like an order.
_FROM = re.compile(r"从|按(?!时|期)|与|对(?![比照])")
# What is done follows in the items below.
_FOLLOWS = re.compile("下列|以下|如下")
# The standard a sentence leans on, and who has to do what everybody has to do: no part of what is done.
_LEANING = re.compile(r"^(?:根据|依据|按照|参照)《[^》]*》(?:（[^）]*）)?[^，]{0,6}，")
_EVERYBODY = re.compile(r"^(?:企业|公司|服务团队|企业内部)(?:应该|应当|应|须|需)(?=\S)")


def in_whole(check: Check, blocks: Mapping[str, Block]) -> Check:
    """Return a check whose quote is the sentence that it is a part of; rows and bans stay as they are."""
    block = blocks.get(check.citation.clause)
    if block is None or check.red_line:
        return check
    quote = check.citation.quote
    whole = next((one.text for one in sentences(block, chains=False) if quote in one.text), quote)
    return check if len(whole) > LONGEST_SENTENCE else replace(check, citation=replace(check.citation, quote=whole))


def told(check: Check) -> str:
    """Return what a measure does, in the clause's own words."""
    quote, case = check.citation.quote, check.condition or ""
    if check.red_line or "-t" in check.citation.clause or len(case) > ALL_OF_IT * len(quote):
        return f"（{case}）{check.action}" if case else check.action
    return _EVERYBODY.sub("", _LEANING.sub("", quote)).replace("（）、", "")  # 如（）、: lost in the source


def measure_text(check: Check) -> str:
    """Return a measure behind the lead term of its item."""
    term, text = lead_of(check), told(check)
    return f"{term}：{text}" if term and not text.startswith(term) else text


def lead_of(check: Check) -> str:
    """Return the lead term of a check's item, nothing where it has none."""
    return check.action.partition("：")[0] if "：" in check.action else ""


def does_something(check: Check, *, leads: bool = False) -> bool:
    """Say whether a check tells to do something, and does not only say what a thing is (回访评分，1至5分).

    ``leads``: it stands over nested items, which say what is done.
    """
    quote = check.citation.quote
    if not _STRICT.search(quote) and (_ASSESSES.search(lead_of(check)) or _WHY.search(quote)):
        return False
    if not check.red_line and "-t" not in check.citation.clause:
        if _DEFINES.search(quote):
            return False
        likely, opens = _reads(quote)
        bound = bool(check.role or check.deadline or check.frequency or DUTY.search(quote))
        if not bound and (likely < HARDLY or (likely < UNLIKELY and not opens)):
            return False
        if leads and (_FOLLOWS.search(quote) or (likely < LEADS and not bound)):
            return False
    if check.red_line or check.role or check.deadline or check.frequency or DUTY.search(quote):
        return True
    action = check.action.partition("：")[2] or check.action
    return not _SCALE.search(action) or any(opens_with_verb(part) for part in segments(action))


@lru_cache(maxsize=8192)
def _reads(sentence: str) -> tuple[float, bool]:
    """Return how likely a sentence orders something at its likeliest part, and whether a part opens with a verb."""
    parts = segments(sentence)
    likely = max((likelihood(sentence, at) for at in range(len(parts))), default=0.0)
    return likely, any(opens_with_verb(part) and not _FROM.match(part) for part in parts)


def says_again(check: Check, other: Check) -> bool:
    """Say whether a check asks for what another one asks for already: under the same term or in nearly the same words."""
    term = fold(lead_of(check))
    if len(term) > 4 and term == fold(lead_of(other)):
        return True
    one, before = (set(bigrams(fold(told(each)))) for each in (check, other))
    return len(one & before) >= SAME_WORDS * max(min(len(one), len(before)), 1)
