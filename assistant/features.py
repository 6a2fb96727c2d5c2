"""What is known of a passage against a question: one number a feature, each with a name, for ranking and deciding.

Knows one question part and one passage; gives no weights (``assistant/rank.py`` and ``assistant/decide.py`` have them,
fitted by ``eval/calibrate.py``). A feature is in 0..1 unless its line says otherwise.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant import sentences
from assistant.amount import fit, with_digits, within_range
from assistant.asked import asked_thing, choices
from assistant.passage import Passage, Shape
from assistant.question import Kind
from kb.fold import fold
from kb.search import TITLE_SHARE
from kb.segment import QUESTION_WORDS
from kb.terms import Terms

# Between these lie nearly all cosines of questions and passages.
LEAST_COSINE, MOST_COSINE = 0.78, 0.93
WHOLE: frozenset[Shape] = frozenset({"list", "table", "procedure", "outline"})
# Words for the members of any list; they need not stand in the source.
_MEMBERS = frozenset("方面 环节 内容 种类 类型 部分 要素 要点 步骤 阶段 维度 几点 事项 情况 东西 模块 项目".split())
_HANDLING = re.compile(r"处理|流程|步骤|程序|办理|应对|处置|方法|方式")
_COUNTED = re.compile(r"第?\d+(?:\.\d+)?(?:天|日|步|级|分(?!钟)|年|次|元|条|分钟|小时|%)|[iv]+级")
_FROM_START_TO_END = re.compile(r"一步一?步|从头到尾|全套|整个流程|完整|先.{1,4}后|流程")
_ENUMERATION = re.compile(r"[^、。；]+、[^、。；]+(?:、|和|及|以及|与|等)")
_ROLE = re.compile(
    r"[\u4e00-\u9fff]{1,6}?(员|经理|主管|总监|站长|工程师|专员|部门?|团队|小组|管理层|负责人|高层|中层|基层"
    r"|导师|领导|组|岗|客户|企业)"
)
_DEFINING = re.compile(r"^.{0,40}?(是指|指的是|是一种|是一|即|是(?!否)|指|，是)")
_PREAMBLE = re.compile(
    r"^(?:目的|(?:适用)?范围|目的(?:和|与|及)(?:适用)?范围|编制依据|依据|前言|引言|修订记录|文件说明|文件信息)$"
)
_OF_PREAMBLE = re.compile(r"目的|范围|适用|依据|编号|版本|归口|生效|修订|为什么|干嘛用|管哪")
_DUTIES = re.compile(r"职责|责任|分工|角色|岗位|负责")

NAMES = (
    "search",  # fused search score of the passage's best chunk
    "search_members",  # mean of its three best members; the same as search for a single clause
    "dense",  # cosine of question and best chunk, spread from where e5's cosines lie (0.78) to 0.93; may pass 1
    "dense_members",  # mean of its three best members
    "coverage",  # share of the question's terms in headings and text; of a whole list in what it calls itself
    "coverage_members",  # share of them in a whole list with all its members, where the question asks for a whole
    "coverage_text",  # share of them in the text alone
    "label",  # share of the words of what the passage calls itself that the question names
    "label_whole",  # the question holds the whole name
    "right_form",  # the text holds an amount, a name, a time of the kind asked for
    "wrong_form",  # it does not, though that is asked
    "in_range",  # an amount of the question lies in a range of the text
    "counted",  # a counted thing of the question (第3天) stands there as it is
    "introduces",  # a paragraph that only leads to a list, where the list is asked for
    "handling",  # asked how, a clause that calls itself the handling of something
    "term_defined",  # asked how, a definition from a section of terms
    "role",  # asked who: a role stands in the text
    "duties",  # asked who: a row or item of duties, with what is asked for among them
    "preamble",  # purpose, scope, file numbers: seldom what is asked for, unless by name
    "defining",  # asked what it is: a defining sentence
    "defined",  # asked what it is: the clause calls itself that; 0.3 where it nearly does
    "focus_title",  # asked for a list: the section's title says what is listed
    "enumerates",  # asked for a list: a sentence enumerates what is asked for
    "list_list",
    "list_sublist",
    "list_table",
    "list_procedure",
    "procedure_list",
    "procedure_sublist",
    "procedure_table",
    "procedure_procedure",
    "procedure_uncalled",  # a whole procedure that the question does not call for
    "summary_outline",
    "summary_list",
    "other_whole",  # a whole list, table or procedure where a single thing is asked for
    "steps",  # asked how: these are steps
    "from_start",  # asked how from start to end: a whole
    "lead_term",  # an item with a name of its own, where a list is asked for
    "thing",  # the thing asked for (什么品牌 → 品牌) is spoken of; 0.5 where none can be told
    "choice",  # one of the things offered (每月还是每季度) stands there; 0.5 where none is offered
    "short",  # 1 for a very short text, falling with the logarithm of its length
)


@dataclass(frozen=True, slots=True)
class Features:
    """One number for each of ``NAMES``."""

    values: tuple[float, ...]

    def __getitem__(self, name: str) -> float:
        """Return the feature called ``name``."""
        return self.values[_PLACE[name]]


_PLACE = {name: place for place, name in enumerate(NAMES)}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question part, and what search found for it.

    ``scores`` are fused search scores and ``cosines`` those of question and best chunk, by (document, clause).
    ``cut`` cuts a text into words.
    """

    text: str
    kind: Kind
    terms: Terms
    scores: Mapping[tuple[str, str], float]
    cosines: Mapping[tuple[str, str], float]
    cut: Callable[[str], Sequence[str]]


def features(passage: Passage, asked_for: Asked, *, title: str) -> Features:
    """Return the features of ``passage`` for one question part.

    ``title`` is its document's, folded; ``""`` where there is but one document.
    """
    question, kind, terms = asked_for.text, asked_for.kind, asked_for.terms
    value = dict.fromkeys(NAMES, 0.0)
    asked = fold(question)
    text = fold(passage.text)
    focus = focus_of(question)
    found = [asked_for.scores.get((passage.document, s.block.clause), 0.0) for s in passage.statements]
    best = sorted(found, reverse=True)[:3]
    value["search"] = best[0] if best else 0.0
    whole = passage.shape in WHOLE
    value["search_members"] = sum(best) / max(len(best), 1) if whole else value["search"]
    near = sorted(
        (_spread(asked_for.cosines.get((passage.document, s.block.clause), 0.0)) for s in passage.statements),
        reverse=True,
    )
    value["dense"] = near[0] if near else 0.0
    value["dense_members"] = sum(near[:3]) / max(len(near[:3]), 1) if whole else value["dense"]
    heading = fold(" ".join(passage.section.path))
    value["coverage"] = _coverage(passage, heading, focus, terms, title)
    value["coverage_text"] = terms.coverage(text)
    if whole and kind in {"list", "procedure", "summary"}:
        value["coverage_members"] = (
            terms.coverage(f"{heading} {text}", beside=title, share=TITLE_SHARE) - value["coverage"]
        )
    value["label"], value["label_whole"] = _called_for(passage, asked, terms, asked_for.cut)
    title_words = re.sub(r"^[\d.、\s第一二三四五六七八九十章节]+", "", passage.section.title)
    value["preamble"] = float(bool(_PREAMBLE.match(title_words)) and not _OF_PREAMBLE.search(asked))
    value["thing"] = asked_thing(question, f"{heading} {text}", terms)
    value["choice"] = choices(question, text)
    value["short"] = 1.0 / (1.0 + math.log1p(len(text) / 40))
    _shape(value, passage, kind, asked, value["coverage"] * terms.weight)
    if kind in {"list", "procedure"} and focus and passage.shape != "clause":
        value["focus_title"] = float(focus[-2:] in fold(passage.label))
    if not whole:
        _words(value, passage, kind, question, focus, terms)
    return Features(tuple(value[name] for name in NAMES))


def _spread(cosine: float) -> float:
    return max(0.0, (cosine - LEAST_COSINE) / (MOST_COSINE - LEAST_COSINE))


def _coverage(passage: Passage, heading: str, focus: str, terms: Terms, title: str) -> float:
    if passage.shape not in WHOLE:
        return terms.coverage(f"{heading} {fold(passage.text)}", beside=title, share=TITLE_SHARE)
    leads = " ".join(s.text for s in passage.statements if s.lead)
    names = " ".join(s.block.term for s in passage.members)
    label = f"{heading} {fold(leads)}"
    if focus in _MEMBERS:  # 有哪些环节: the members are what is asked for, whatever the source calls them
        label = f"{label} {focus}"
    own = terms.coverage(label, beside=title, share=TITLE_SHARE)
    return 0.8 * own + 0.2 * terms.coverage(f"{label} {fold(names)}", beside=title, share=TITLE_SHARE)


def _called_for(passage: Passage, asked: str, terms: Terms, cut: Callable[[str], Sequence[str]]) -> tuple[float, float]:
    """Return how much of what a passage calls itself the question names, and whether it names all of it as written."""
    label = passage.label
    words = [word for word in cut(label) if word not in QUESTION_WORDS and len(word) > 1]
    whole = float(len(label) > 1 and fold(re.sub(r"[(（].*", "", label)) in asked)
    if not words:
        return 0.5, whole
    said = {synonym for term in terms.terms for synonym in term.synonyms}
    return sum(word in asked or word in said for word in words) / len(words), whole


def _shape(value: dict[str, float], passage: Passage, kind: Kind, asked: str, covered: float) -> None:
    """Set how well a passage's shape fits what is asked; steps are wanted whole where somebody asks how.

    A whole procedure has to be asked for by more than a word that stands everywhere (客户): ``covered`` is the weight of
    the question's terms that the passage covers.
    """
    if passage.shape == "procedure" and (value["coverage"] < 0.6 or covered < 1.5):
        value["procedure_uncalled"] = 1.0
        return
    name = f"{kind}_{passage.shape}"
    if name in value:
        value[name] = 1.0
    elif passage.shape in WHOLE:
        value["other_whole"] = 1.0
    if kind == "procedure" and passage.shape in {"list", "table", "procedure"}:
        value["steps"] = float(passage.procedural)
        value["from_start"] = float(bool(_FROM_START_TO_END.search(asked)))


def _words(value: dict[str, float], passage: Passage, kind: Kind, question: str, focus: str, terms: Terms) -> None:
    """Set how well a clause's words fit the kind and form of the question."""
    asked, text = fold(question), fold(passage.text)
    form = fit(question, passage.text, number=kind == "number")
    value["right_form"], value["wrong_form"] = float(form == 1.0), float(form == 0.0)
    value["in_range"] = float(within_range(question, passage.text))
    value["counted"] = float(any(phrase in text for phrase in _COUNTED.findall(with_digits(asked))))
    term = passage.statements[0].block.term
    if kind in {"list", "procedure", "summary"}:
        value["introduces"] = float(passage.introduces)
    if kind == "list":
        value["lead_term"] = float(bool(term))
    if kind == "procedure":
        value["handling"] = float(bool(_HANDLING.search(term)))
        value["term_defined"] = float(passage.defines)
    elif kind == "person":
        value["role"] = float(bool(_ROLE.search(passage.text)))
        header = " ".join((passage.section.title, *passage.statements[0].block.header))
        value["duties"] = float(bool(_DUTIES.search(header)))
    elif kind == "definition":
        value["defining"] = float(bool(_DEFINING.search(passage.text)))
        name = fold(passage.label) if passage.shape == "clause" else ""
        near = 0.3 if name and terms.coverage(name) > 0.8 else 0.0
        value["defined"] = 1.0 if len(name) > 1 and name in asked else near
    elif kind in {"list", "fact"} and passage.shape != "sublist":
        value["enumerates"] = _enumerates(text, focus)


def _enumerates(text: str, focus: str) -> float:
    """Return how far a sentence of ``text`` enumerates what the question asks for."""
    if not focus:
        return 0.0
    listing = [span.of(text) for span in sentences.split(text) if _ENUMERATION.search(span.of(text))]
    if any(focus in sentence for sentence in listing):
        return 1.0 if len(focus) > 2 else 0.6
    return 0.4 if any(focus[-2:] in sentence for sentence in listing) else 0.0


def focus_of(question: str) -> str:
    """Return the thing asked for in a list question (哪些方式 → 方式, 指标有哪些 → 指标), folded; ``""`` if unclear."""
    folded = fold(question).rstrip("?？。 ")
    after = re.search(
        r"(?:哪些|哪几[个种类项条块]?|几[个种类项条])(?:不同的|主要的?|具体的?)?的?([\u4e00-\u9fff]{2,6})$", folded
    )
    if after:
        return after[1][-4:]
    before = re.search(
        r"([\u4e00-\u9fff]{2,4}?)(?:主要|具体|一般|通常|常用的?|都|分别|大致|要|可以)*(?:有|包括|包含|是|分为|分成|看|用)?"
        r"(?:哪些|哪几|什么|几)",
        folded,
    )
    return before[1][-2:] if before else ""
