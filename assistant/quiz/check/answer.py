"""Checks of the answer: the source says it, and says it of no other option."""

from __future__ import annotations

import re

from assistant.quiz.check.sources import Sources
from assistant.quiz.material.amounts import AMOUNT, amounts, value_of
from assistant.quiz.material.names import alike, bigrams
from assistant.quiz.model import BLANK, Blank, Question
from assistant.verify import numbers, quote_stands
from kb.fold import fold
from kb.model import Citation

_NEGATIVE = re.compile(
    r"不属于[^，。]*(?:的是|（)|不包括(?:（|下列|哪)|没有列[出入在]|没有被列|不应写进|不符的是|归错的是|(?:不符合|不同于)[^，。]{0,30}的是"
    r"|(?:错误|有误|不正确|不一致|不恰当|不准确)的(?:是|有|一项)|说法错误|除外的是"
    # as others ask: 以下哪项不属于红线？
    r"|(?:哪[一几]?[项个些种条]|下列|以下)[^，。？]{0,16}(?:不属于|不包括|不是|不含|不在)"
)
_SIGNS = re.compile(r"[\s“”\"'‘’《》（）()，,。；;：:、—\-·]")
_PIECES = re.compile(r"[，；：]|——")
_ORDER = re.compile(r"^[①②③④⑤⑥]{3,}$")
_NEIGHBOUR = re.compile(r"下一步|紧接着|接下来|之前的一步|先做完哪一步|上一步|之后")
_TITLES = re.compile(r"《[^》]*》")
# What a sentence adds to the words of the source: who is speaking, and the joints.
_FRAME = re.compile(r"^(?:“[^”]*”(?:包括|是指|，就是)?|[\u4e00-\u9fff]{2,8}?负责)")


def is_negative(question: Question) -> bool:
    """Say whether the stem asks for what the source does *not* say."""
    return bool(_NEGATIVE.search(question.stem))


def bare(text: str) -> str:
    """Return ``text`` folded, without punctuation and space."""
    return _SIGNS.sub("", fold(text))


def stands_in(text: str, source: str) -> bool:
    """Say whether every clause of ``text`` stands word for word in ``source``, amounts as whole amounts."""
    within = bare(source)
    if any(one.text not in {other.text for other in amounts(source)} for one in amounts(text)) and amounts(source):
        return False
    pieces = [piece for piece in _PIECES.split(text) if bare(piece)]
    return bool(pieces) and all(bare(piece) in within or bare(_FRAME.sub("", piece)) in within for piece in pieces)


def share_in(text: str, source: str) -> float:
    """Return which share of the character pairs of ``text`` stands in ``source``, 0..1."""
    own = bigrams(text)
    return len(own & bigrams(source)) / len(own) if own else float(bare(text) in bare(source))


def quote_is_verbatim(question: Question, sources: Sources) -> str:
    """Reject an item whose quote does not stand in the cited section, or that has no clause at all."""
    if not question.citation.clause and not question.citation.quote:
        return "没有找到说到它的条款"
    return "" if quote_stands(question.citation, sources.body(question.citation)) else "引文在所引章节里找不到"


def answer_is_supported(question: Question, sources: Sources) -> str:
    """Reject an item whose answer the quote does not say."""
    quote = question.citation.quote
    if not quote:  # said already: there is no clause
        return ""
    if question.type in {"single", "multiple"}:
        return _choice_support(question, quote)
    if question.type == "cloze":
        missing = [
            blank.accepted[0] for at, blank in enumerate(question.blanks) if not _fills(question.stem, at, blank, quote)
        ]
        return f"引文里没有“{missing[0]}”" if missing else ""
    if question.type == "true_false":
        stem = _TITLES.sub("", question.stem)
        return _truth_support(stem, question.citation) if question.truth else ""
    lost = [
        point.text
        for point in question.points_required
        if not stands_in(point.text, quote) and share_in(point.text, quote) < 0.8
    ]
    return f"要点“{lost[0]}”在引文里找不到" if lost else ""


def _fills(stem: str, at: int, blank: Blank, quote: str) -> bool:
    """Say whether the quote has what belongs into a blank: the word, or the number with the unit that follows the blank."""
    own = blank.accepted[0]
    if own[:1].isdigit():
        following = [*stem.split(BLANK), ""][at + 1][:8]
        found = AMOUNT.match(f"{own}{following}")
        if found:
            said = (value_of(found["number"]), found["unit"].replace("％", "%"))
            return said in {(one.value, one.unit) for one in amounts(quote)} or found[0] in quote
        return bool(re.search(rf"(?<![\d.]){re.escape(own)}(?!\d)", quote))
    return bare(own) in bare(quote)


def _truth_support(stem: str, citation: Citation) -> str:
    """Reject a true statement with a number that the quote lacks, or with other words than it."""
    place = "".join((citation.section, citation.clause, citation.title, *citation.path))
    if extra := numbers(stem) - numbers(citation.quote) - numbers(place):
        return f"引文里没有“{sorted(extra)[0]}”"
    named = [bare(text) for text in re.findall(r"“([^”]+)”", stem)]
    if len(named) >= 2 and all(text in bare(citation.quote + place) for text in named):
        return ""
    return "判断句与引文相差太远" if share_in(stem, citation.quote) < 0.3 else ""


def _choice_support(question: Question, quote: str) -> str:
    right = [option.text for option in question.options if option.key in question.right]
    wrong = [option.text for option in question.options if option.key not in question.right]
    if all(_ORDER.match(option.text) for option in question.options):
        return _order_support(question, quote)
    if (steps := asked_step(question)) is not None:
        return _neighbour_support(question, steps, quote)
    said = wrong if is_negative(question) else right
    for text in said:
        if not stands_in(text, quote) and share_in(text, quote) < 0.9:
            return f"引文没有说“{text}”"
    return ""


def _order_support(question: Question, quote: str) -> str:
    """Reject an order of steps that is not the order in the quote."""
    listed = dict(re.findall(r"([①②③④⑤⑥])([^①②③④⑤⑥；。]+)", question.stem))
    right = next((option.text for option in question.options if option.key in question.right), "")
    places = [bare(quote).find(bare(listed.get(mark, "?"))[:20]) for mark in right]
    return "" if places == sorted(places) and min(places, default=-1) >= 0 else "正确顺序与引文不一致"


def asked_step(question: Question) -> str | None:
    """Return the step whose neighbour in a procedure is asked for, where that is the question."""
    if question.type != "single" or not _NEIGHBOUR.search(question.stem):
        return None
    named = [text for text in re.findall(r"“([^”]+)”", question.stem) if bare(text) in bare(question.citation.quote)]
    return named[-1] if named else None


def _neighbour_support(question: Question, step: str, quote: str) -> str:
    """Reject a neighbour that stands on the wrong side of the step, or with another option between the two."""
    source = bare(quote)
    places = {option.key: source.find(bare(option.text)[:24]) for option in question.options}
    own, right = source.find(bare(step)[:24]), places[question.right[0]] if question.right else -1
    if min(own, *places.values()) < 0:
        return "有步骤在引文里找不到"
    before = bool(re.search(r"之前|先做完|上一步", question.stem))
    if (right < own) != before:
        return "前后次序与引文不一致"
    low, high = sorted((own, right))
    between = any(low < place < high for place in places.values())
    return "两步之间还有别的选项" if between else ""


def wrong_options_are_wrong(question: Question, sources: Sources) -> str:
    """Reject a wrong option that the cited clause says as well, or that means the same as a right one."""
    if question.type not in {"single", "multiple"} or all(_ORDER.match(option.text) for option in question.options):
        return ""
    if asked_step(question) is not None:
        return ""
    right = [option.text for option in question.options if option.key in question.right]
    wrong = [option.text for option in question.options if option.key not in question.right]
    clause = f"{sources.clause(question.citation)}\n{question.citation.quote}"
    denied = right if is_negative(question) else wrong
    for text in denied:
        if "；" not in text and "——" not in text and stands_in(text, clause) and _names_whole(text, clause):
            return f"选项“{text}”在条款里也成立"
    for one in right:
        for other in wrong:
            if (
                not amounts(one)
                and len(one) <= 16
                and len(other) <= 16
                and "；" not in one
                and alike(one, other, sources.synonyms)
            ):
                return f"“{one}”与“{other}”意思相近，无法区分"
    return ""


def _names_whole(text: str, clause: str) -> bool:
    """Say whether a short text stands there as a word of its own, not inside a longer number (2小时 in 12小时)."""
    found = amounts(text)
    if len(found) == 1 and found[0].text == text:
        return text in {other.text for other in amounts(clause)}
    return True


def false_by_one_change(question: Question, sources: Sources) -> str:
    """Reject a false statement whose mistake is not one named, checkable change."""
    if question.type != "true_false" or question.truth is not False:
        return ""
    change = question.change
    if change is None:
        return "没有写明错在哪里"
    if change.kind == "order":
        first, _, second = change.original.partition("→")
        quote = bare(question.citation.quote)
        return "" if 0 <= quote.find(bare(first)[:16]) < quote.find(bare(second)[:16]) else "原文的先后与所写不符"
    if bare(change.written) not in bare(question.stem):
        return f"题干里没有“{change.written}”"
    clause = sources.clause(question.citation)
    if bare(change.original) not in bare(clause + question.citation.quote):
        return f"原文里没有“{change.original}”"
    if change.kind in {"role", "term"} and change.kind == "role" and bare(change.written) in bare(clause):
        return f"条款里也提到“{change.written}”"
    if change.kind == "number" and change.written in {one.text for one in amounts(clause)}:
        return f"条款里也有“{change.written}”"
    names = change.kind in {"term", "role"} and max(len(change.written), len(change.original)) <= 16
    if names and alike(change.written, change.original, sources.synonyms):
        return f"“{change.written}”与“{change.original}”意思相近"
    return ""


def blanks_are_fair(question: Question, sources: Sources) -> str:
    """Reject a blank that is no term or number, that stands elsewhere in the stem, or that lacks its other written forms."""
    if question.type != "cloze":
        return ""
    if question.stem.count(BLANK) != len(question.blanks) or not question.blanks:
        return "空的数目与答案不一致"
    shown = question.stem.replace(BLANK, "")
    for blank in question.blanks:
        own = blank.accepted[0]
        if not own.strip() or _FUNCTION.fullmatch(own):
            return f"“{own}”不是术语或数字"
        if len(bare(own)) >= 2 and not own[0].isdigit() and bare(own) in bare(shown):
            return f"答案“{own}”在题干里出现了"
        if len(own) > 24:
            return "空太长，答案不唯一"
        if own.rstrip("%").isdigit() and len(blank.accepted) < 2:
            return f"数字“{own}”缺少其他写法"
    if len(bare(shown)) < 10:
        return "题干剩下的字太少"
    return ""


_FUNCTION = re.compile(
    r"的|了|在|和|与|及|或|是|有|为|应|须|可|等|并|且|由|对|将|把|被|以|于|从|到|其|该|此|这|那|不|也|都|要|使用|进行|以及|通过|包括|根据|其他|执行|实施|分析|反馈|监控|调整"
)


def points_are_clear(question: Question, sources: Sources) -> str:
    """Reject an open question without points, or with points that are said twice or say nothing."""
    if question.type not in {"short_answer", "case"}:
        return ""
    texts = [bare(point.text) for point in question.points_required]
    if not texts:
        return "没有要点"
    if len(set(texts)) < len(texts):
        return "要点重复"
    if any(len(text) < 2 for text in texts) or (question.type == "short_answer" and sum(map(len, texts)) < 8):
        return "要点太短"
    shown = bare(question.stem + question.scenario)
    if all(text in shown for text in texts) and question.change is None:
        return "题干已经说出了全部要点"
    if question.type == "short_answer" and sum(text in shown for text in texts) * 2 >= len(texts) > 0:
        return "题干说出了一半以上的要点"
    return ""
