"""What is known of a passage against a question: one number a feature, each with a name, for ranking and deciding.

Knows one question part and one passage; gives no weights (``assistant/rank.py`` has them). A feature is in 0..1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant import sentences
from assistant.amount import fit, with_digits, within_range
from assistant.asked import codes_of, names_code
from assistant.passage import Passage, Shape
from assistant.question import Kind
from kb.fold import fold
from kb.search import TITLE_SHARE
from kb.segment import QUESTION_WORDS
from kb.terms import Terms

WHOLE: frozenset[Shape] = frozenset({"list", "table", "procedure", "outline"})
# Words for the members of any list; they need not stand in the source.
_MEMBERS = frozenset("方面 环节 内容 种类 类型 部分 要素 要点 步骤 阶段 维度 几点 事项 情况 东西 模块 项目".split())
_HANDLING = re.compile(r"处理|流程|步骤|程序|办理|应对|处置|方法|方式")
_COUNTED = re.compile(r"第?\d+(?:\.\d+)?(?:天|日|步|级|分(?!钟)|年|次|元|条|分钟|小时|%)|[iv]+级")
_FROM_START_TO_END = re.compile(r"一步一?步|从头到尾|全套|整个流程|完整|先.{1,4}后|流程")
_WHOLE_WAY = re.compile(r"一步一?步|从头到尾|全套|整个流程|完整的?流程|全流程|从开始到结束")
_ENUMERATION = re.compile(r"[^、。；]+、[^、。；]+(?:、|和|及|以及|与|等)")
_ROLE = re.compile(
    r"[\u4e00-\u9fff]{1,6}?(员|经理|主管|总监|站长|工程师|专员|部门?|团队|小组|管理层|负责人|高层|中层|基层"
    r"|导师|领导|组|岗|客户|企业)"
)
_DEFINING = re.compile(r"^.{0,40}?(是指|指的是|是一种|是一|即|是(?!否)|指|，是)")
_BRACKETS = re.compile(r"\([^)]*\)|（[^）]*）")
_PREAMBLE = re.compile(
    r"^(?:目的|(?:适用)?范围|目的(?:和|与|及)(?:适用)?范围|编制依据|依据|前言|引言|修订记录|文件说明|文件信息)$"
)
_OF_PREAMBLE = re.compile(r"目的|范围|适用|依据|编号|版本|归口|生效|修订|为什么|干嘛用|管哪")
_BANS = re.compile(r"红线|禁止|严禁|禁令")
_OF_BANS = re.compile(
    r"红线|禁止|严禁|不得|不能|不可|不准|不许|不让|违规|违反|违禁|后果|处罚|允许|可不可以|能不能|吗$|行不行"
)
WHY = re.compile(r"(?<!作)为什么|为何|为啥|干嘛要|凭什么|有什么(?:用|好处|意义|必要)|\bwhy\b")
_FILE_DATA = re.compile(r"文件编号|^版本|归口部门|生效日期")
PURPOSE = re.compile(r"目的|意义|重要性|必要性|背景|作用|好处")
_BECAUSE = re.compile(
    r"旨在|目的(?:是|在于)|为了|以便|从而|有助于|因此|以免|避免|防止|是.{0,30}的(?:重要)?(?:基础|关键|前提|保障|核心|手段|环节|支撑|依据)"
)
# Words for what the members of a list are; a list whose own name has none of them may hold any of them.
_KINDS_OF_MEMBERS = re.compile(
    r"原则|措施|目标|指标|要求|职责|条件|策略|方式|方法|工具|渠道|手段|途径|红线|权限|标准|情形|流程|步骤|机制"
)
_WHAT_KIND = re.compile(rf"(?:什么|啥)样?的?({_KINDS_OF_MEMBERS.pattern})")
_DUTIES = re.compile(r"职责|责任|分工|角色|岗位|负责|审批人|批准人|接报人|报告人|报给")

# The case a clause is about, said first: 停电的站点由…, 热线不通的，….
_CASE = re.compile(r"^[^，。；：:是]{2,16}?(?:(?:的|时|后|的话)(?=[,，由应须])|的(?=[\u4e00-\u9fff]{2,4}由))")
_OF_CASES = re.compile(
    r"(?:什么|啥|哪些|哪种)(?:情况|情形|时候|条件)(?:下)?(?:[要会能可才算必须应得该]|[\u4e00-\u9fff]{2})"
)
_CASES = re.compile(r"(?:下列|以下)(?:情形|情况|条件)|(?:情形|情况|条件)之一|[触启]发?动?条件")
_OTHER_KINDS = re.compile(r"类型|种类|指标|目标|原因|挑战|意义|特点|职责|分工|术语|定义")
_HOW_MANY = re.compile(
    r"(?:哪|有|分|分为|分成|共|考|看|问|查|写|填)?几(?P<unit>项|类|种|级|步|部分|块|方面|个方面|个部分|个环节|个阶段|点|条)"
)
_SO_MANY = r"(?:[一二三四五六七八九十两]|\d+)个?"

_MOST_MEMBERS = 0.6

NAMES = (
    "search",  # fused search score of the passage's best chunk
    "search_members",  # mean of its three best members; the same as search for a single clause
    "coverage",  # share of the question's terms in headings and text; of a whole list in what it calls itself
    "own",  # the same without the headings, but where a list is asked for: it is mostly known by its heading
    "called",  # asked for a list: the clause calls itself by the kind asked for (监控指标：如…)
    "one_of",  # asked for a list: one item of a section that is called by the kind asked for
    "kind_named",  # coverage, where it calls its members by the kind asked for (哪些指标)
    "column",  # coverage, where a table's first column is called what is asked for
    "case",  # asked how: the clause begins with the case asked about
    "cases",  # asked in which cases: a list of cases
    "other_kind",  # asked how: a list of types, aims, duties
    "terms",  # asked what it is: it is defined among terms
    "label",  # share of the words of what the passage calls itself that the question names
    "right_form",  # the text holds an amount, a name, a time of the kind asked for
    "wrong_form",  # it does not, though that is asked
    "in_range",  # an amount of the question lies in a range of the text
    "coded",  # a file or a standard that the question names by its number stands in headings or text
    "counted",  # a counted thing of the question (第3天) stands there as it is
    "introduces",  # a paragraph that only leads to a list, where the list is asked for
    "handling",  # asked how, a clause that calls itself the handling of something
    "term_defined",  # asked how, a definition from a section of terms
    "role",  # asked who: a role stands in the text
    "bans",  # bans and red lines, seldom what is asked for, unless by name
    "purpose",  # asked why: a section of purposes, or a sentence that gives a reason
    "whole_for_one",  # asked for one amount or one person: a whole list
    "duties",  # asked who: a row or item of duties, with what is asked for among them
    "preamble",  # purpose, scope, file numbers: seldom what is asked for, unless by name
    "defining",  # asked what it is: a defining sentence
    "defined",  # asked what it is: the clause calls itself that; 0.3 where it nearly does
    "enumerates",  # asked for a list: a sentence enumerates what is asked for
    "list_list",
    "list_sublist",
    "list_table",
    "procedure_list",
    "procedure_sublist",
    "procedure_table",
    "procedure_procedure",
    "procedure_uncalled",  # a whole procedure that the question does not call for
    "summary_outline",
    "summary_list",
    "steps",  # asked how: these are steps
    "from_start",  # asked how from start to end: a whole
)


@dataclass(frozen=True)
class Asked:
    """One question part, and what search found for it.

    ``scores`` are fused search scores by (document, clause). ``cut`` cuts a text into words.
    """

    text: str
    kind: Kind
    terms: Terms
    scores: Mapping[tuple[str, str], float]
    cut: Callable[[str], Sequence[str]]

    @cached_property
    def folded(self) -> str:
        """The question in the form that texts are compared in."""
        return fold(self.text)

    @cached_property
    def focus(self) -> str:
        """The thing asked for in a list question."""
        return focus_of(self.text)

    @cached_property
    def names_a_kind(self) -> bool:
        """Whether it asks for members by what they are (哪些指标), not by what they belong to."""
        return self.focus in _MEMBERS or bool(_KINDS_OF_MEMBERS.fullmatch(self.focus))

    @cached_property
    def counted(self) -> tuple[str, ...]:
        """The counted things that it names (第3天, 200元)."""
        return tuple(_COUNTED.findall(with_digits(self.folded)))

    @cached_property
    def synonyms(self) -> frozenset[str]:
        """What else its terms are called."""
        return frozenset(synonym for term in self.terms.terms for synonym in term.synonyms)


def features(passage: Passage, asked: Asked, *, title: str) -> dict[str, float]:
    """Return the features of ``passage`` for one question part, one for each of ``NAMES``.

    ``title`` is its document's, folded; ``""`` where there is but one document.
    """
    value = dict.fromkeys(NAMES, 0.0)
    text = fold(passage.text)
    whole = passage.shape in WHOLE
    found = [asked.scores.get((passage.document, s.block.clause), 0.0) for s in passage.statements]
    best = sorted(found, reverse=True)[:3]
    value["search"] = best[0] if best else 0.0
    value["search_members"] = sum(best) / max(len(best), 1) if whole else value["search"]
    value["coverage"] = _coverage(passage, text, asked, title)
    value["own"] = value["coverage"] if asked.kind == "list" else _own(passage, text, asked)
    value["label"] = _called_for(passage, asked)
    if codes_of(asked.text):
        value["coded"] = float(names_code(asked.text, f"{fold(passage.section.title)} {text}") == 1.0)
    title_words = re.sub(r"^[\d.、\s第一二三四五六七八九十章节]+", "", passage.section.title)
    value["preamble"] = float(bool(_PREAMBLE.match(title_words)) and not _OF_PREAMBLE.search(asked.folded))
    value["bans"] = float(
        bool(_BANS.search(passage.section.title)) and not _OF_BANS.search(asked.folded.rstrip("?？ "))
    )
    if asked.kind in {"procedure", "list"}:
        value["term_defined"] = float(passage.defines)
    _shape(value, passage, asked)
    if WHY.search(asked.folded):
        value["purpose"] = _purpose(passage, text, title_words)
        value["preamble"] = 0.0
    if whole:
        _members(value, passage, asked)
    else:
        _words(value, passage, text, asked)
    return value


def _purpose(passage: Passage, text: str, title: str) -> float:
    """Return how far a passage gives a reason: by what it calls itself, else by its section's title or its words."""
    term = passage.statements[0].block.term
    if PURPOSE.search(term) or (PURPOSE.search(title) and not term and not _FILE_DATA.search(text)):
        return 1.0
    return 0.4 * float(passage.shape not in WHOLE and bool(_BECAUSE.search(text)))


def _coverage(passage: Passage, text: str, asked: Asked, title: str) -> float:
    heading = fold(" ".join(passage.section.path))
    if passage.shape not in WHOLE:
        return asked.terms.coverage(f"{heading} {text}", beside=title, share=TITLE_SHARE)
    leads = " ".join(s.text for s in passage.statements if s.lead)
    names = " ".join(s.block.term for s in passage.members)
    label = f"{heading} {fold(leads)}"
    columns = fold(" ".join(passage.columns))
    if (
        (asked.focus and asked.focus in columns)
        or asked.focus in _MEMBERS
        or (_KINDS_OF_MEMBERS.fullmatch(asked.focus) and not _KINDS_OF_MEMBERS.search(fold(_calling(passage))))
    ):  # 有哪些环节, 导师要满足哪些条件: the members are what is asked for, whatever the source calls them
        label = f"{label} {asked.focus}"
    own = asked.terms.coverage(label, beside=title, share=TITLE_SHARE)
    if asked.kind == "list" and asked.names_a_kind and _call_themselves(passage, asked):
        each = (f"{heading} {fold(member.text)}" for member in passage.members)
        own = max(own, *(asked.terms.coverage(one, beside=title, share=TITLE_SHARE) for one in each))
    return 0.8 * own + 0.2 * asked.terms.coverage(f"{label} {fold(names)}", beside=title, share=TITLE_SHARE)


def _call_themselves(passage: Passage, asked: Asked) -> bool:
    """Say whether most members call themselves by the kind asked for (战略导向原则，效益最大化原则), none of them by its name."""
    outermost = min((member.block.level for member in passage.members), default=0)
    terms = [fold(member.block.term) for member in passage.members if member.block.level == outermost]
    called = [term.replace(asked.focus, "") for term in terms if asked.focus in term]
    named = any(len(own) > 1 and own in asked.folded for own in called)
    return not named and len(called) >= _MOST_MEMBERS * len(terms)


def _calling(passage: Passage) -> str:
    """Return what a list calls itself: its section's title and its introduction."""
    return " ".join((passage.section.title, *(statement.text for statement in passage.statements if statement.lead)))


def _own(passage: Passage, text: str, asked: Asked) -> float:
    """Return the coverage of the question's terms by a passage's own words, of a list by what leads to it and its terms."""
    if passage.shape not in WHOLE:
        return asked.terms.coverage(text)
    return asked.terms.coverage(fold(" ".join((_calling(passage), *(one.block.term for one in passage.members)))))


def _called_for(passage: Passage, asked: Asked) -> float:
    """Return how much of what a passage calls itself the question names: a label with other words is another subject."""
    words = [word for word in asked.cut(passage.label) if word not in QUESTION_WORDS and len(word) > 1]
    if not words:
        return 0.5
    return sum(_named(word, asked) for word in words) / len(words)


def _named(word: str, asked: Asked) -> float:
    """Return how far the question names ``word``; a long one may be named in two halves (培训有什么红线: 培训红线)."""
    if word in asked.folded or word in asked.synonyms:
        return 1.0
    halves = [word[:2], word[2:]] if len(word) == 4 else []
    return float(bool(halves) and all(half in asked.folded for half in halves))


def _shape(value: dict[str, float], passage: Passage, asked: Asked) -> None:
    """Set how well a passage's shape fits what is asked; steps are wanted whole where somebody asks how.

    A whole procedure has to be asked for by more than a word that stands everywhere (客户): the weight of the question's
    terms that the passage covers counts as well.
    """
    covered = value["coverage"] * asked.terms.weight
    called = bool(_WHOLE_WAY.search(asked.folded)) or (value["coverage"] >= 0.6 and covered >= 1.5)
    if passage.shape == "procedure" and not called:
        value["procedure_uncalled"] = 1.0
        return
    if (name := f"{asked.kind}_{passage.shape}") in value:
        value[name] = 1.0
    if asked.kind == "procedure" and passage.shape in {"list", "table", "procedure"}:
        value["steps"] = float(passage.procedural)
        value["from_start"] = float(bool(_FROM_START_TO_END.search(asked.folded)))


def _members(value: dict[str, float], passage: Passage, asked: Asked) -> None:
    """Set how well what a list, a table or a procedure calls its members fits what is asked for."""
    value["whole_for_one"] = float(asked.kind in {"number", "person", "polar"})
    calling = _calling(passage)
    if _OF_CASES.search(asked.folded):
        value["cases"] = float(bool(_CASES.search(calling)))
    if asked.kind == "procedure" and not _OTHER_KINDS.search(asked.folded):
        value["other_kind"] = float(bool(_OTHER_KINDS.search(calling)))
    if asked.kind == "list":
        if asked.names_a_kind and asked.focus in fold(calling):
            value["kind_named"] = value["coverage"]
        if asked.focus and asked.focus in fold(next(iter(passage.columns), "")):
            value["column"] = value["coverage"]


def _words(value: dict[str, float], passage: Passage, text: str, asked: Asked) -> None:
    """Set how well the words of a clause, folded in ``text``, fit the kind and form of the question."""
    kind = asked.kind
    form = fit(asked.text, passage.text, number=kind == "number")
    value["right_form"], value["wrong_form"] = float(form == 1.0), float(form == 0.0)
    value["in_range"] = within_range(asked.text, passage.text)
    value["counted"] = float(any(phrase in text for phrase in asked.counted))
    if kind in {"list", "procedure", "summary"}:
        value["introduces"] = float(passage.introduces)
    if kind == "procedure":
        value["handling"] = float(bool(_HANDLING.search(passage.statements[0].block.term)))
        item = passage.shape == "clause" and passage.statements[0].block.kind == "item"
        case = _CASE.match(text) if item else None
        value["case"] = asked.terms.coverage(case[0]) if case else 0.0
    elif kind == "person":
        value["role"] = float(bool(_ROLE.search(passage.text)))
        header = " ".join((passage.section.title, *passage.statements[0].block.header))
        value["duties"] = float(bool(_DUTIES.search(header)))
    elif kind == "definition":
        value["defining"] = float(bool(_DEFINING.search(passage.text)))
        name = _BRACKETS.sub("", fold(passage.label)).strip() if passage.shape == "clause" else ""
        whole = bool(name) and asked.terms.coverage(name) > 0.8
        # A section's title (抽样) may be only a part of what is asked for (抽样池); an item's own term is a name.
        named = len(name) > 1 and name in asked.folded and (whole or bool(passage.statements[0].block.term))
        value["defined"] = 1.0 if named else 0.3 if whole else 0.0
        value["terms"] = float(named and passage.defines)
    elif kind in {"list", "fact"} and passage.shape != "sublist":
        value["enumerates"] = max(_enumerates(text, asked.focus), _counts_up(text, asked.folded))
        value["called"] = float(asked.names_a_kind and asked.focus in fold(passage.statements[0].block.term))
        if kind == "list" and asked.names_a_kind and passage.statements[0].block.kind in {"item", "row"}:
            value["one_of"] = float(asked.focus in fold(passage.section.title) and asked.focus not in text)


def _enumerates(text: str, focus: str) -> float:
    """Return how far a sentence of ``text`` enumerates what the question asks for."""
    if not focus:
        return 0.0
    listing = [span.of(text) for span in sentences.split(text) if _ENUMERATION.search(span.of(text))]
    if any(focus in sentence for sentence in listing):
        return 1.0 if len(focus) > 2 else 0.6
    return 0.4 if any(focus[-2:] in sentence for sentence in listing) else 0.0


def _counts_up(text: str, question: str) -> float:
    """Return 1 where a sentence enumerates as many things as it says (准时、态度、收费三项) and ``question`` asks 几项."""
    asked = _HOW_MANY.search(question)
    if not asked:
        return 0.0
    unit = asked["unit"].removeprefix("个")
    parted = "|分为|分成|划分" if unit in {"类", "种", "级"} else ""
    counted = re.compile(rf"{_SO_MANY}{unit}{parted}")
    spans = (span.of(text) for span in sentences.split(text))
    return float(any(counted.search(sentence) and _ENUMERATION.search(sentence) for sentence in spans))


def focus_of(question: str) -> str:
    """Return the thing asked for in a list question (哪些方式 → 方式, 指标有哪些 → 指标), folded; ``""`` if unclear."""
    folded = fold(question).rstrip("?？。 ")
    if what := _WHAT_KIND.search(folded):
        return what[1]
    after = re.search(
        r"(?:哪些|哪几[个种类项条块]?|几[个种类项条])(?:不同的|主要的?|具体的?)?的?([\u4e00-\u9fff]{2,6}?)"
        r"(?:评估?|看|考核?|来|入手|着手|衡量|评价|划分)?$",
        folded,
    )
    if after:
        return after[1][-4:]
    before = re.search(
        r"([\u4e00-\u9fff]{2,4}?)(?:主要|具体|一般|通常|常用的?|都|分别|大致|要|可以)*(?:有|包括|包含|是|分为|分成|看|用)?"
        r"(?:哪些|哪几|什么|几)",
        folded,
    )
    return before[1][-2:] if before else ""
