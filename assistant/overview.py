"""What a section, a chapter, a document or the whole shelf is about, where a question only names it (5.4讲了什么).

Knows titles and the words people ask for an overview with. A question that wants anything more of what it names is none
of this module's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from assistant import sentences
from assistant.context import Cut
from assistant.passage import Passage, Statement, is_heading, outline, passages
from assistant.question import Question
from kb.fold import fold
from kb.model import Section

# What is left of a question that only names a section.
_NAMING = re.compile(
    r"第?\s*[0-9一二三四五六七八九十百]+(?:\.\d+)*\s*[章节条款]?|附录\s*[a-z]|主要|具体|大概|里面?|中|这一?[章节]|那一?[章节]"
    r"|都?(?:讲|说|写|规定|介绍)了?(?:些)?(?:什么|啥)(?:内容)?|是?什么|有?哪些内容|内容|是|的|了|sop|[?？。,，\s《》]"
)
_SUMMING_UP = re.compile(
    r"请|帮我|给我|麻烦|简单|大致|大概|主要|总结|概述|概括|归纳|介绍|说明|说说|讲讲|梳理|一下|下"
    r"|都?(?:讲|说|写|管|规定)了?(?:的)?(?:是)?(?:些)?(?:什么|啥|哪些(?:方面|内容|东西|事情?))|是?(?:用来)?(?:干|做)(?:什么|啥|嘛)(?:用)?的?"
    r"|内容|大意|是什么|(?:这|那)?一?[本份个]?(?:手册|文件)?的?(?:这|那)?一?(?:章|部分|块)|[的里是?？。,，\s《》]"
)
# A document by a part of its title alone: 应急响应那份讲啥.
_THAT_ONE = re.compile(r"^(?:公司|我们)?的?([\u4e00-\u9fffa-z]{2,12}?)的?[那这]一?[份本个](?:文件|规定|制度)?")
_SHELF = re.compile(
    r"^(?:请问)?(?:公司|我们|咱们|你们|目前|现在|知识库|库)?(?:里|里面)?(?:都|一共|总共|目前|现在)?(?:有|收录了?)?"
    r"(?:哪些|什么|几[个份本])(?:sop|制度|文件|规定|文档|规程|手册)(?:和(?:sop|手册|制度|规定))?(?:文件)?[呢啊]?[?？。]?$"
)
_PURPOSE = re.compile(r"目的|总则|概述|前言")
_WHOSE = re.compile(r"^(?:公司|我们|咱们)?的?(?:这|那)?[本份个部]?")
_SORT = re.compile(r"sop|手册|制度|规定|规程")
# A clause by its id, as citations show it: 5.5-2, 附录A-t1.r2讲什么.
_CLAUSE = re.compile(
    r"^(?:请问|看一?下|《[^》]+》|[\u4e00-\u9fffa-z]{2,20}的)?((?:\d{1,2}(?:\.\d{1,2}){0,3}|附录[a-z])-(?:p\d+|t\d+(?:\.r\d+)?|\d+(?:\.\d+)*))"
    r"(?:这?一?[条款])?(?:是|讲|说|写|规定)?(?:了|的)?(?:什么|啥|怎么[讲说写]的?)?(?:内容)?[?？。]?$"
)
_CONTENTS = re.compile(
    r"(?:都|一共|总共|共)?(?:有|分为?|包括)?(?:哪些|哪几|几|多少)个?(?:大)?(?:章节?|部分)|目录(?:是什么|有什么|有哪些)?"
)
# The questions that may ask for nothing but an overview.
_KINDS = frozenset({"summary", "definition", "list", "number", "fact"})
LONGEST_REST = 4

Sections = Callable[[str], Sequence[Section]]


def overview(question: Question, *, titles: Mapping[str, str], sections: Sections, cut: Cut) -> list[Passage]:
    """Return the outlines of what ``question`` names and asks nothing more of; none for every other question.

    Args:
        question: one question.
        titles: document titles by id.
        sections: gives a document's sections, in order.
        cut: cuts a text into words.
    """
    asked = fold(question.text)
    if clause := _CLAUSE.match(asked):
        return list(_clause(clause[1], _documents(asked, titles)[0] or list(titles), sections))
    if question.kind not in _KINDS:
        return []
    if _SHELF.match(asked) and len(titles) > 1:
        return list(_shelf(titles, sections))
    found = _one(question, asked, titles=titles, sections=sections, cut=cut)
    return [found] if found else []


def _one(question: Question, asked: str, *, titles: Mapping[str, str], sections: Sections, cut: Cut) -> Passage | None:
    documents, rest = _documents(asked, titles)
    only = documents or (list(titles) if len(titles) == 1 else [])
    contents = _CONTENTS.search(rest)
    if len(only) == 1 and contents and not _SUMMING_UP.sub("", rest.replace(contents[0], "")):
        return _document(only[0], titles[only[0]], sections)
    if question.section:
        return _section(question.section, documents or list(titles), _NAMING.sub("", rest), sections)
    summed, rest = rest, _SUMMING_UP.sub("", rest)
    if rest == summed:
        return None
    if len(documents) == 1 and not rest.replace("sop", "").replace("公司", ""):
        return _document(documents[0], titles[documents[0]], sections)
    if re.search(r"章|部分", asked) and len(rest) > 1:
        return _chapter(rest, documents or list(titles), sections, cut)
    return None


def _clause(clause: str, documents: Sequence[str], sections: Sections) -> Iterator[Passage]:
    """Yield a clause, with what is nested under it, from each document that has one of that id."""
    number = clause.partition("-")[0]
    for document in documents:
        for section in sections(document):
            if fold(section.number) != number:
                continue
            found = [one for one in passages(document, section) if fold(one.statements[0].block.clause) == clause]
            own = [one for one in found if one.shape in {"clause", "sublist"}]
            if own:
                yield max(own, key=lambda one: len(one.statements))


def _documents(asked: str, titles: Mapping[str, str]) -> tuple[list[str], str]:
    """Return the documents that ``asked`` names, and what is left of it without their names.

    A document is named by its title, or by a part of it with its sort (投诉处理SOP, 手册), where only one is called so.
    """
    named = [key for key, title in titles.items() if _short(title) in asked]
    rest = asked
    for key in named:
        rest = rest.replace(_short(titles[key]), "")
    sort = _SORT.search(asked)
    if not named and (that := _THAT_ONE.match(asked)):
        like = [key for key, title in titles.items() if that[1] in fold(title)]
        return (like, rest.replace(that[0], "")) if len(like) == 1 else ([], rest)
    if named or sort is None:
        return named, rest
    part = re.search(rf"[a-z\u4e00-\u9fff]*{sort[0]}", _SUMMING_UP.sub(" ", asked))
    name = _WHOSE.sub("", part[0] if part else sort[0])
    like = [
        key for key, title in titles.items() if sort[0] in title.lower() and name.removesuffix(sort[0]) in fold(title)
    ]
    if name == "sop":  # what an SOP is, not which
        return [], rest
    return (like, _WHOSE.sub("", rest.replace(name, ""))) if len(like) == 1 else ([], rest)


def _section(number: str, documents: Sequence[str], rest: str, sections: Sections) -> Passage | None:
    places = [(key, section) for key in documents for section in sections(key) if section.number.lstrip("§") == number]
    if not places or len(rest.replace(fold(places[0][1].title), "")) > LONGEST_REST:
        return None
    document, section = max(places, key=lambda place: len(sections(place[0])))
    return outline(document, section, _parts(section, sections(document)))


def _chapter(rest: str, documents: Sequence[str], sections: Sections, cut: Cut) -> Passage | None:
    """Return the outline of the chapter whose title has all words of ``rest``."""
    words = [word for word in cut(rest) if len(word) > 1]
    for document in documents:
        every = sections(document)
        for chapter in every:
            below = tuple(_parts(chapter, every))
            if below and words and all(word in fold(chapter.title) for word in words):
                return outline(document, chapter, below)
    return None


def _document(document: str, title: str, sections: Sections) -> Passage | None:
    """Return the outline of a document: what each of its chapters says first."""
    every = sections(document)
    statements = tuple(
        statement
        for chapter in every
        if not chapter.parent and fold(chapter.title) != fold(title)
        for statement in _first_words(chapter, every)
    )
    if not statements:
        return None
    return Passage(document, _titled(every[0], title), "outline", statements)


def _parts(chapter: Section, every: Sequence[Section]) -> Iterator[Statement]:
    """Yield what each section under ``chapter`` says first."""
    for child in every:
        if child.parent == chapter.number:
            yield from _first_words(child, every)


def _first_words(chapter: Section, every: Sequence[Section]) -> Iterator[Statement]:
    """Yield what ``chapter`` says first, in its own words or in those of the first section under it that has any."""
    under = {chapter.number}
    for section in every:
        if section.number not in under and section.parent not in under:
            continue
        under.add(section.number)
        if first := next((block for block in section.blocks if not is_heading(block)), None):
            yield Statement(section, first, 0, sentences.clip(first.text, 1).end)
            return


def _shelf(titles: Mapping[str, str], sections: Sections) -> Iterator[Passage]:
    """Yield, of every document, the outline that says what it is for: its purpose, else the first words it has."""
    for document, title in titles.items():
        every = sections(document)
        ordered = sorted(every, key=lambda one: not _PURPOSE.search(one.title))
        words = next((found for section in ordered for found in _first_words(section, every)), None)
        if words:
            yield Passage(document, _titled(every[0], title), "outline", (words,))


def _titled(section: Section, title: str) -> Section:
    return replace(section, number="§", title=f"《{title}》", parent="", path=(), blocks=())


def _short(title: str) -> str:
    """Return a document's title folded, as people say it: without what stands in brackets at its end."""
    return re.sub(r"[(（][^)）]*[)）]$", "", fold(title))
