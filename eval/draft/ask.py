"""Questions that the clauses of a section answer: terms, lists, procedures, amounts, tables, names in English.

Each rule reads the form of a clause (a lead term, a run of items, an amount with its unit, a table's head) and knows what
is asked of that form. Knows sections; not whether the assistant can answer.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from eval.completeness import runs
from eval.draft.question import Drafted
from kb.model import Block, Section

_PROCEDURE = re.compile(
    r"(流程|步骤|程序|办理|处理|操作|申请|审批|申诉|处置|响应|启用|切换|培训|登记|立项|回访|检查|投诉)$"
)
_AMOUNT = re.compile(
    r"(?<![\d.:A-Za-z第~至-])(?!\d{4}\s*年)\d+(?:\.\d+)?\s*"
    r"(?P<unit>个?工作日|个?小时|分钟|个月|天|周|年|%|万元|元|次|分(?!之)|公里|人|份)(?![-~至]\d)"
)
_ASKED = {
    "%": "百分之几",
    "元": "多少元",
    "万元": "多少万元",
    "分": "多少分",
    "公里": "多少公里",
    "人": "多少人",
    "份": "多少份",
    "年": "几年",
    "天": "几天",
    "周": "几周",
    "次": "几次",
    "个月": "几个月",
    "分钟": "多少分钟",
    "小时": "多少小时",
    "个小时": "几个小时",
    "工作日": "几个工作日",
    "个工作日": "几个工作日",
}
_ENGLISH = re.compile(r"(?P<name>[\u4e00-\u9fff]{2,12})[（(](?P<english>[A-Za-z][A-Za-z &/-]{3,48})[）)]")
_STOPS = re.compile(r"[，,。；;：！!？?、\n（(]|:(?!\d)")
_DEFINED = re.compile(
    r"^(?P<name>(?!本|这|以下|上述|我们)[\u4e00-\u9fff]{2,10}?)(?:[（(][^）)]*[)）])?(?:是指|指的是|是|指)(?P<words>[^。]{8,})"
)
_JOINED = re.compile(r"^(并且?|或者?|且|但|而|同时|以及)(?=[\u4e00-\u9fff\d])")
_CLAUSES = re.compile(r"[^，,。；;！!？?\n]+")
# Titles that say nothing without their document, and parts that are no subject at all.
_GENERAL = re.compile(
    r"^(总则|附则|目的|范围|适用范围|适用范围与术语|术语|术语与职责|职责|职责分工|概述|前言|引言|附录.*|第.{1,4}条|其他|说明|记录|修订记录)$"
)
_EXAMPLE = re.compile(r"例如|比如|举例|某(?:企业|公司|物流|银行|酒店)")
# Words at the end of a title that say what its items are.
_COUNTED = {
    "原则": "有哪些",
    "目标": "有哪些",
    "指标": "有哪些",
    "方法": "有哪些",
    "条件": "有哪些",
    "要求": "有哪些",
    "职责": "有哪些",
    "类型": "有哪几种",
    "分类": "分哪几类",
    "情形": "有哪些",
    "红线": "有哪几条",
    "工具": "有哪些",
    "措施": "有哪些",
}
_FACT_LENGTH = 14
_SHORTEST = 3
_LONGEST_LIST = 12


def subject_of(document: str, section: Section, *, ambiguous: bool) -> str:
    """Return what a section is about in words that tell it from others: its title, with its document's where it needs it."""
    title = section.title
    if not ambiguous and not _GENERAL.match(title):
        return title
    parents = [name for name in section.path[:-1] if not _GENERAL.match(name)]
    if parents and not ambiguous:
        return f"{parents[-1]}的{title}"
    return f"《{document}》里的{title}"


def is_general(section: Section) -> bool:
    """Say whether a section's title names no subject of its own (职责, 附则, 第三条)."""
    return bool(_GENERAL.match(section.title))


def questions_of(document: str, section: Section, *, subject: str, choose: random.Random) -> Iterator[Drafted]:
    """Yield every question that the rules know for one section of ``document`` (a title)."""
    for make in (_lists, _terms, _definitions, _amounts, _rows, _english):
        yield from make(document, section, subject, choose)


def first_phrase(text: str) -> str:
    """Return the first words of a clause, up to the first stop, at most ``_FACT_LENGTH`` characters."""
    return _STOPS.split(text.strip(), maxsplit=1)[0][:_FACT_LENGTH]


def _name(block: Block) -> str:
    return block.term or first_phrase(block.text)


def _lists(document: str, section: Section, subject: str, choose: random.Random) -> Iterator[Drafted]:
    """Yield what asks for a whole run of items: how to do it where the title names something done, else which there are."""
    for run in runs(section):
        names = [_name(block) for block in run]
        if run[0].kind != "item" or not 3 <= len(run) <= _LONGEST_LIST or run[0].level > 0:
            continue
        if any(len(name) < 2 for name in names) or len(set(names)) < len(names):
            continue
        steps = bool(_PROCEDURE.search(section.title)) and not all(block.term for block in run)
        if steps:
            asked = choose.choice(
                ("{0}一步一步怎么做？", "{0}具体怎么走？", "{0}的步骤有哪些？", "请问{0}要做哪些事？")
            )
        else:
            counted = next((words for ending, words in _COUNTED.items() if section.title.endswith(ending)), "")
            asked = (
                f"{{0}}{counted}？"
                if counted
                else choose.choice(("{0}包括哪些内容？", "{0}有哪几项？", "{0}都有什么？"))
            )
        yield Drafted(
            type="howto" if steps else "list",
            question=asked.format(subject),
            document=document,
            gold_sections=(section.number,),
            facts=tuple((name,) for name in names),
            gold_clauses=tuple(block.clause for block in run),
            evidence="；".join(block.text[:40] for block in run),
            about=subject,
        )


def _terms(document: str, section: Section, subject: str, choose: random.Random) -> Iterator[Drafted]:
    """Yield what asks for one item by its lead term: what it is in a section of terms, what is said of it elsewhere."""
    defines = bool(re.search(r"术语|定义|名词|含义", section.title + "".join(b.text for b in section.blocks[:1])))
    for block in section.blocks:
        words = block.text[len(block.term) :].lstrip("：: ")
        fact = first_phrase(words)
        if not block.term or not 2 <= len(block.term) <= 12 or len(words) < 10 or len(fact) < _SHORTEST + 1:
            continue
        if defines:
            asked = choose.choice(("什么是{0}？", "{0}是什么意思？", "{0}指的是什么？"))
            question = asked.format(block.term)
        else:
            asked = choose.choice(("{1}里，{0}是怎么规定的？", "{1}的{0}要怎么做？", "关于{0}，{1}里怎么说？"))
            question = asked.format(block.term, subject)
        yield Drafted(
            type="definition" if defines else "fact",
            question=question,
            document=document,
            gold_sections=(section.number,),
            facts=((fact,),),
            evidence=block.text,
            about=block.term,
        )


def _definitions(document: str, section: Section, subject: str, choose: random.Random) -> Iterator[Drafted]:
    """Yield what asks for a thing that a paragraph says is something."""
    del subject
    for block in section.blocks:
        found = _DEFINED.match(block.text) if block.kind == "paragraph" else None
        if found and len(fact := first_phrase(found["words"])) > _SHORTEST:
            yield Drafted(
                type="definition",
                question=choose.choice(("什么是{0}？", "{0}是什么？", "{0}指的是什么？")).format(found["name"]),
                document=document,
                gold_sections=(section.number,),
                facts=((fact,),),
                evidence=block.text,
                about=found["name"],
            )


def _amounts(document: str, section: Section, subject: str, choose: random.Random) -> Iterator[Drafted]:
    """Yield what asks for an amount: the clause it stands in with a question word in its place."""
    del choose
    for block in section.blocks:
        if block.kind == "row":
            continue
        clauses = [(found.start(), found.group()) for found in _CLAUSES.finditer(block.text)]
        for at, (start, clause) in enumerate(clauses):
            amounts = list(_AMOUNT.finditer(clause))
            if len(amounts) != 1 or _EXAMPLE.search(block.text[:start] + clause):
                continue
            found = amounts[0]
            asked = clause[: found.start()] + _ASKED[found["unit"]] + clause[found.end() :]
            asked = _JOINED.sub("", asked.strip())
            before = clauses[at - 1][1].strip() if at else ""
            told = block.term if block.term and not asked.startswith(block.term) else before
            lead = f"{told}，" if told and len(asked) < 18 else ""
            if len(lead + asked) < 10:
                lead = f"{subject}里，{lead}"
            yield Drafted(
                type="numeric",
                question=f"{lead}{asked}？",
                document=document,
                gold_sections=(section.number,),
                facts=((found.group().replace(" ", ""),),),
                evidence=block.text,
                about=block.term or before or section.title,
            )


def _rows(document: str, section: Section, subject: str, choose: random.Random) -> Iterator[Drafted]:
    """Yield what asks for one cell of a table by its row and its column."""
    for block in section.blocks:
        cells = dict(zip(block.header, block.cells, strict=False))
        named = [(head, cell) for head, cell in cells.items() if len(cell) > 1 and not cell.isdigit() and head]
        if block.kind != "row" or len(named) < 2:
            continue
        (key, name), rest = named[0], named[1:]
        head, cell = choose.choice(rest)
        if len(name) > 16 or len(cell) < 2:
            continue
        asked = choose.choice(("{s}中，{k}为“{n}”的，{h}是什么？", "“{n}”对应的{h}是什么（{s}）？"))
        yield Drafted(
            type="table",
            question=asked.format(s=subject, k=key, n=name, h=head),
            document=document,
            gold_sections=(section.number,),
            facts=((first_phrase(cell),),),
            evidence=block.text,
            about=name,
        )


def _english(document: str, section: Section, subject: str, choose: random.Random) -> Iterator[Drafted]:
    """Yield what asks in English for a thing that the source names in both languages."""
    del subject
    for block in section.blocks:
        for found in _ENGLISH.finditer(block.text):
            if found["english"].isupper():
                continue  # an abbreviation: of an institution as likely as of a thing
            english = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", found["english"]).strip()
            asked = choose.choice(("What is {0}?", "What does the manual say about {0}?", "How is {0} used here?"))
            yield Drafted(
                type="english",
                question=asked.format(english),
                document=document,
                gold_sections=(section.number,),
                facts=((found["english"],),),
                evidence=block.text,
                about=english,
            )


def join(first: Drafted, second: Drafted) -> Drafted:
    """Return a question that asks two things of two places at once."""
    sections = tuple(dict.fromkeys((*first.gold_sections, *second.gold_sections)))
    return Drafted(
        type="multi",
        question=f"{first.question.rstrip('？?')}？还有，{second.question.rstrip('？?')}？",
        document=first.document,
        gold_sections=sections,
        facts=(*first.facts, *second.facts),
        evidence=f"{first.evidence}\n{second.evidence}",
        about=first.about,
    )


def sections_with_words(sections: Sequence[Section]) -> list[Section]:
    """Return the sections that can be asked about: with blocks, and not the title page."""
    return [section for section in sections if section.blocks and section.number != "§0"]
