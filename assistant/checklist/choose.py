"""Which sections a checklist is compiled from: a whole document, sections or clauses named, or those a topic wants.

Knows the knowledge base, the searcher and the evidence finder that answers are found with. A topic that is a document's
own subject takes the whole of it, as a supervisor expects; a topic that is a section's title takes that section with the
red lines of its document; anything else takes the sections that answer best.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.checklist.compile import Part, document_parts, section_checks
from assistant.checklist.nature import is_procedure, is_work_instruction, nature_of
from assistant.checklist.parts import pieces
from assistant.checklist.telling import explains
from assistant.decide import answerable
from assistant.evidence import EvidenceFinder
from assistant.question import understand
from kb.errors import Ambiguous, NotThere
from kb.fold import fold, is_han
from kb.lookup import match_number
from kb.search import Filter
from kb.segment import content_words

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase
    from kb.model import Document, Section
    from kb.search import HybridSearcher
    from kb.synonyms import Synonyms

# Sections a topic may take, and how near to the best one they have to come.
SECTIONS = 5
NEAR_BEST = 0.8
# Characters from which on the first half of a word may stand for it in a title.
_LONG = 4
# Titles of a document up to which a word of them tells sections apart.
RARE = 2
_ASKING = re.compile(
    r"^(?:请|麻烦)?(?:给我|帮我|我要|我想要|请)?(?:做|来|出|生成|列|列出)?(?:一|1)?[张份个]|^(?:请|帮我|给我)(?:做|列出?|生成)?"
    r"|检查表|检查清单|核对表|核查表|自查表?|点检表?|清单|checklist|检查$|的$",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"[、,，;；\s]+")
_CLAUSE = re.compile(r"^(?P<section>.+?)-(?P<block>p?\d+(?:\.\d+)*|t\d+\.r\d+)$")
# Words that tell no topic apart, and those besides that make no title speak of something else.
_WEAK = frozenset(
    "sop 流程 管理 工作 规定 制度 办法 要求 标准 规范 步骤 手册 操作 处理 服务 员工 人员 公司 企业".split()
)
_NO_SUBJECT = _WEAK | frozenset(
    "服务 质量 客户 运营 团队 机制 方法 措施 改进 优化 评估 监控 实施 原则 方式 工具 内容 方向 持续 反馈 发展 核心 目标".split()
)


def whole_document(knowledge: KnowledgeBase, document: Document) -> list[Part]:
    """Return every section of ``document``, in its order."""
    return document_parts(document, knowledge.sections(document.id))


def choose(
    knowledge: KnowledgeBase, searcher: HybridSearcher, wanted: str, *, document: str | None = None
) -> tuple[str, list[Part]]:
    """Return the title and the sections of a checklist for ``wanted``: a topic, numbers, clause ids or a document.

    Raises:
        NotThere: nothing in the knowledge base is about it.
        Ambiguous: a number that several documents have.
        NothingIndexed: the knowledge base is empty.
    """
    wanted = wanted.strip().strip("《》")
    chosen = knowledge.find_document(document) if document else None
    named = None if chosen and not wanted else _document(knowledge, wanted)
    if chosen and (not wanted or (named and named.id == chosen.id)):
        named = chosen
    if named and (chosen is None or named.id == chosen.id):
        return named.title, whole_document(knowledge, named)
    if numbered := _numbered(knowledge, wanted, chosen):
        return _numbered_title(numbered), numbered
    topic = topic_of(wanted)
    return topic, _topic(knowledge, searcher, topic, chosen)


def topic_of(wanted: str) -> str:
    """Return what a request is about, without the words that only ask (给我一张…检查表)."""
    topic = wanted.strip()
    for _ in range(3):
        topic = _ASKING.sub("", topic).strip()
    return topic or wanted


def _document(knowledge: KnowledgeBase, wanted: str) -> Document | None:
    try:
        return knowledge.find_document(wanted)
    except (NotThere, Ambiguous):
        return None


def _numbered(knowledge: KnowledgeBase, wanted: str, document: Document | None) -> list[Part]:
    """Return the sections (with those under them) or single clauses that ``wanted`` numbers; empty where it numbers none."""
    pieces = [piece for piece in _NUMBERS.split(wanted) if piece]
    if not pieces or not all(re.search(r"\d|^附录|^第.+[章节条]$", piece) for piece in pieces):
        return []
    parts: list[Part] = []
    for piece in pieces:
        clause = _CLAUSE.match(piece)
        number = clause["section"] if clause else piece
        if not _is_number(knowledge, number):
            return []
        found, section = knowledge.find_section(number, document.id if document else None)
        sections = knowledge.sections(found.id)
        of_document = {part.section.number: part for part in document_parts(found, sections)}
        if clause:
            wanted_clause = f"{section.number}-{clause['block']}"
            if not any(block.clause == wanted_clause for block in section.blocks):
                raise NotThere(
                    f"《{found.title}》{section.number} 里没有条款 {piece}，可用 shouce show {section.number} 查看"
                )
            parts.append(replace(of_document[section.number], clauses=frozenset({wanted_clause})))
            continue
        parts.extend(
            part
            for number, part in of_document.items()
            if number == section.number or _is_under(number, section.number, sections)
        )
    return parts


def _is_number(knowledge: KnowledgeBase, number: str) -> bool:
    return any(
        match_number(number, [section.number for section in knowledge.sections(document.id)])
        for document in knowledge.documents()
    )


def _is_under(number: str, top: str, sections: Sequence[Section]) -> bool:
    parents = {section.number: section.parent for section in sections}
    seen = 0
    while number in parents and seen < 20:
        number = parents[number]
        if number == top:
            return True
        seen += 1
    return False


def _numbered_title(parts: Sequence[Part]) -> str:
    first = parts[0]
    return f"{first.document.title} {first.section.heading}".strip()


def _topic(knowledge: KnowledgeBase, searcher: HybridSearcher, topic: str, document: Document | None) -> list[Part]:
    finder = EvidenceFinder(knowledge, searcher)
    documents = [document] if document else list(knowledge.documents())
    wanted = _concepts(topic, searcher, finder)
    whole = [one for one in documents if is_work_instruction(one.title) and _all_in(wanted, one.title)]
    if len(whole) == 1:
        return whole_document(knowledge, whole[0])
    exact = [*wanted, *((word,) for word in _weak_words(topic, searcher))]
    sections = [(one.id, section) for one in documents for section in knowledge.sections(one.id)]
    named_so = any(_all_in(exact, section.title) for _, section in sections)
    # 流程优化 is not 资源配置优化 where there are titles of both words.
    words = exact if named_so else wanted
    titled: list[tuple[str, str]] = []
    termed: dict[tuple[str, str], frozenset[str]] = {}
    places: dict[tuple[str, str], frozenset[str] | None] = {}
    for key, clauses in _ranked(finder, topic, document).items():
        every = clauses or frozenset(block.clause for block in knowledge.section(*key).blocks)
        about = _about(knowledge, key, every, words, finder)
        kept = about if clauses is not None else None
        if about:
            places[key] = kept
    for document_id, section in sections:
        if _all_in(words, section.title) and not _foreign(section.title, words, finder):
            titled.append((document_id, section.number))
        elif named := _termed(section, wanted):
            termed[document_id, section.number] = named
    if not titled and (head := _head(wanted)):  # 应急预案: no title has it, but 应急处理
        titled = [(document_id, section.number) for document_id, section in sections if head in fold(section.title)]
    for key, named in termed.items() if not titled else ():
        known = places.get(key, frozenset())
        places[key] = None if known is None else known | named
    places.update(dict.fromkeys(_narrowest(knowledge, titled)[: SECTIONS * 2]))
    if not places:
        raise NotThere(_nothing(knowledge, finder, topic, document))
    return _with_red_lines(knowledge, documents, places)


def _weak_words(topic: str, searcher: HybridSearcher) -> list[str]:
    """Return the words of a topic that tell none apart by themselves (流程 of 流程优化)."""
    folded = fold(topic)
    known = [word for word in named_in_chinese(topic, searcher.synonyms) if word not in _WEAK]
    return [word for word in sorted(_WEAK) if word in folded and not any(word in one for one in known)]


def _head(words: Sequence[tuple[str, ...]]) -> str:
    """Return the first half of a topic of one long word, "" where it tells nothing apart."""
    only = words[0][0] if len(words) == 1 else ""
    head = only[:2]
    return head if len(only) >= _LONG and is_han(only[0]) and head not in _NO_SUBJECT else ""


def _narrowest(knowledge: KnowledgeBase, places: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the places without those that others of them stand under: 流程优化方法, not all of 流程设计与优化."""
    over = {
        (document, number)
        for document, under in places
        for number in (one for other, one in places if other == document and one != under)
        if _is_under(under, number, knowledge.sections(document))
    }
    return [place for place in places if place not in over]


def _concepts(topic: str, searcher: HybridSearcher, finder: EvidenceFinder) -> list[tuple[str, ...]]:
    """Return what a topic names, each with its other names: the longest known words first, then what is left, cut small."""
    known = named_in_chinese(topic, searcher.synonyms)
    rest = fold(topic)
    for word in known:
        rest = rest.replace(word, " ")
    left = [word for word in content_words(finder.cut(rest)) if len(word) > 1]
    pieces_left = [word[at : at + 2] for word in left for at in range(0, len(word), 2)] if left else []
    named = [(word, *others) for word, others in known.items() if word not in _WEAK]
    named += [(word,) for word in pieces_left if word not in _WEAK]
    return named or [(fold(topic),)]


def named_in_chinese(text: str, synonyms: Synonyms) -> dict[str, tuple[str, ...]]:
    """Return the words of ``text`` that have other names; one that only English is a name of says no more than its parts.

    So 投诉处理 (complaint handling) is 投诉 with its names.
    """
    known: dict[str, tuple[str, ...]] = {}
    for word, others in synonyms.expand(text).items():
        if any(is_han(other[0]) for other in others):
            known[word] = others
        elif len(word) > 2 and is_han(word[0]):
            known |= named_in_chinese(word[:-1], synonyms) or named_in_chinese(word[1:], synonyms)
    return known


def _all_in(words: Sequence[tuple[str, ...]], title: str) -> bool:
    """Say whether a title speaks of each word, by one of its names (流程的优化 also of 流程优化)."""
    folded = f"{fold(title)} {fold(title).replace('的', '')}"
    return bool(words) and all(any(name in folded for name in names) for names in words)


def _termed(section: Section, words: Sequence[tuple[str, ...]]) -> frozenset[str]:
    """Return the items whose lead term names the topic, in its own words."""
    own = [names[:1] for names in words]
    return frozenset(block.clause for block in section.blocks if block.term and _all_in(own, block.term))


def _foreign(title: str, words: Sequence[tuple[str, ...]], finder: EvidenceFinder) -> frozenset[str]:
    """Return what a title speaks of besides the topic (创新 of 服务创新评估与反馈 for 投诉).

    A title that has one of the topic's own words, not only other names for them, is about it whatever else it names.
    """
    if any(_all_in([names[:1]], title) for names in words):
        return frozenset()
    every = sorted({name for names in words for name in names} | _NO_SUBJECT, key=len, reverse=True)
    told = [word for word in content_words(finder.cut(fold(title))) if len(word) > 1]
    return frozenset(word for word in told if len(_besides(word, every)) > 1)


def _besides(word: str, known: Sequence[str]) -> str:
    """Return what is left of a word without the known ones in it (客户反馈机制 is 客户反馈 and 机制)."""
    for one in known:
        word = word.replace(one, "")
    return word


def _about(
    knowledge: KnowledgeBase,
    place: tuple[str, str],
    clauses: frozenset[str],
    words: Sequence[tuple[str, ...]],
    finder: EvidenceFinder,
) -> frozenset[str]:
    """Return those of ``clauses`` that speak of the topic outside their examples, and not of their section's own subject."""
    section = knowledge.section(*place)
    titles = fold("".join(section.path))
    foreign = _foreign(section.title, words, finder)
    titles += fold(knowledge.find_document(place[0]).title)
    told = titles + fold(section.body)
    missing = sum(not any(name in told for name in names) for names in words)
    if missing > (len(words) > 2) and not any(_all_in([names[:1]], section.title) for names in words):
        return frozenset()
    least = len(words) - (len(words) > 2)
    if any(name in fold(section.title) for name in _rare(knowledge, place[0], words)):
        least = 1
    kept: set[str] = set()
    for block in section.blocks:
        said = fold("".join(part.text for part in pieces(block.text) if not explains(part.text)))
        if block.clause not in clauses or any(word in said for word in foreign):
            continue
        if sum(any(name in titles + said for name in names) for names in words) >= least:
            kept.add(block.clause)
    return frozenset(kept)


def _rare(knowledge: KnowledgeBase, document: str, words: Sequence[tuple[str, ...]]) -> list[str]:
    """Return the topic's words that few titles of a document have: a section titled so is about the topic."""
    titles = [fold(section.title) for section in knowledge.sections(document)]
    return [names[0] for names in words if 0 < sum(names[0] in title for title in titles) <= RARE]


def _ranked(
    finder: EvidenceFinder, topic: str, document: Document | None
) -> dict[tuple[str, str], frozenset[str] | None]:
    """Return the clauses that answer best what has to be done about ``topic``, by section; none where nothing does.

    A section that answers as a list or a procedure is taken whole (None).
    """
    wanted = Filter(documents=frozenset({document.id})) if document else None
    question = understand(f"{topic}要怎么做", cut=finder.cut)
    found = finder.find(question, filter=wanted)
    if not found.ranked or not answerable(found.evidence):
        return {}
    best = found.ranked[0].score
    places: dict[tuple[str, str], frozenset[str] | None] = {}
    for one in found.ranked:
        if one.score < NEAR_BEST * best:
            break
        passage = one.passage
        key = (passage.document, passage.section.number)
        if key not in places and len(places) >= SECTIONS:
            continue
        if passage.shape in {"list", "table", "procedure"}:
            places[key] = None if one is found.ranked[0] else places.get(key, frozenset())
        known = places.get(key, frozenset())
        if known is not None and passage.shape in {"clause", "sublist"}:
            places[key] = known | frozenset(passage.clauses)
    return {key: clauses for key, clauses in places.items() if clauses is None or clauses}


def _with_red_lines(
    knowledge: KnowledgeBase,
    documents: Sequence[Document],
    places: Mapping[tuple[str, str], frozenset[str] | None],
) -> list[Part]:
    """Return the sections of ``places`` with those under them, and the red lines of the work instructions they are in."""
    parts: list[Part] = []
    for document in documents:
        numbers = {number for key, number in places if key == document.id}
        if not numbers:
            continue
        sections = knowledge.sections(document.id)
        red = is_work_instruction(document.title)
        chosen: list[Part] = []
        red_lines: list[Part] = []
        for part in document_parts(document, sections):
            section = part.section
            key = (document.id, section.number)
            whole = {number for number in numbers if places[document.id, number] is None}
            inside = section.number in whole or any(_is_under(section.number, number, sections) for number in whole)
            # One step of a procedure is never torn out of it.
            torn = key in places and red and is_procedure(section) and _is_table_of_steps(section)
            if inside or torn:
                chosen.append(part)
            elif key in places and not (red and nature_of(section) == "red"):
                chosen.append(replace(part, clauses=places[key]))
            elif red and nature_of(section) == "red":
                red_lines.append(part)
        if any(True for part in chosen for _ in section_checks(part)):
            parts.extend(sorted([*chosen, *red_lines], key=lambda part: sections.index(part.section)))
    return parts


def _is_table_of_steps(section: Section) -> bool:
    return any("步骤" in header for block in section.blocks for header in block.header)


def _nothing(knowledge: KnowledgeBase, finder: EvidenceFinder, topic: str, document: Document | None) -> str:
    where = f"《{document.title}》" if document else "手册和 SOP "
    wanted = Filter(documents=frozenset({document.id})) if document else None
    found = finder.find(understand(topic, cut=finder.cut), filter=wanted)
    near = dict.fromkeys(one.passage.section.heading for one in found.ranked[:8])
    nearest = f"，最接近的是：{'、'.join(list(near)[:3])}" if near else ""
    return f"{where}里没有写“{topic}”，列不出检查表{nearest}"
