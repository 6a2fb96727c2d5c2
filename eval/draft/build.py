"""A draft of a test set for one knowledge base: all kinds of questions, spread over all sections, none approved.

``shouce eval --build FILE``. Knows which kinds a set needs and in what shares; the rules are in the modules beside it.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from eval.draft import outside, reword
from eval.draft.ask import join, questions_of, sections_with_words, subject_of
from eval.draft.question import Drafted
from eval.sheet_form import COLUMNS, YES, write_sheet
from kb.errors import NothingIndexed, SourceUnreadable
from kb.home import reason_of

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase
    from kb.model import Section

COUNT = 80
# Type → its share of the set. What a corpus cannot give (no tables, no English) goes to the others.
SHARES = {
    "list": 0.14,
    "howto": 0.08,
    "definition": 0.06,
    "fact": 0.10,
    "numeric": 0.10,
    "table": 0.06,
    "colloquial": 0.12,
    "typo": 0.06,
    "traditional": 0.04,
    "english": 0.04,
    "multi": 0.05,
    "near_miss": 0.08,
    "oos": 0.07,
}
_Reword = Callable[[Drafted, random.Random], Drafted | None]
_REWORDED: dict[str, _Reword] = {
    "colloquial": reword.colloquial,
    "typo": reword.with_slip,
    "traditional": reword.traditional,
}


def draft(knowledge: KnowledgeBase, *, count: int = COUNT, seed: int = 0) -> list[Drafted]:
    """Return about ``count`` questions; the same seed and documents give the same ones.

    Raises:
        NothingIndexed: there is no document to ask about.
    """
    choose = random.Random(seed)
    places = _places(knowledge)
    if not places:
        raise NothingIndexed("知识库还是空的，没有可以出题的内容：请先运行 shouce ingest 文件…")
    plain = [
        list(questions_of(document, section, subject=subject, choose=choose)) for document, section, subject in places
    ]
    pools = _pools(_spread(plain, choose), choose)
    pools["near_miss"] = list(outside.near_misses(_with_chapters(knowledge, places, choose), choose))
    texts = [f"{section.title}\n{section.body}" for _, section, _ in places]
    pools["oos"] = list(outside.elsewhere(texts, choose))
    return _chosen(pools, count)


def write(path: Path, drafted: Sequence[Drafted]) -> None:
    """Write the draft, one question a line, or (``.xlsx``) a row of a sheet.

    Raises:
        SourceUnreadable: the file is there already (somebody's edits may be in it), or cannot be written.
    """
    rows = [one.row(number) for number, one in enumerate(drafted, 1)]
    try:
        with path.open("x", encoding="utf-8") as file:
            if path.suffix.lower() != ".xlsx":
                file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
                return
        write_sheet(path, rows)
    except FileExistsError as error:
        raise SourceUnreadable(f"{path} 已经存在，里面可能有改好的题：请换一个文件名，或先移走它") from error
    except OSError as error:
        raise SourceUnreadable(f"{path}：无法写出（{reason_of(error)}）") from error


def told(path: Path, drafted: Sequence[Drafted]) -> str:
    """Return what the person is to do now."""
    from eval.report.words import TYPES

    counts = Counter(TYPES.get(one.type, one.type) for one in drafted)
    kinds = "、".join(f"{name} {count}" for name, count in counts.most_common())
    sheet = path.suffix.lower() == ".xlsx"
    editor = "Excel" if sheet else "文本编辑器"
    approve = f"“{COLUMNS['approved'][0]}”一列改为“{YES}”" if sheet else '"approved": false 改为 true'
    return (
        f"已起草 {len(drafted)} 题，写入 {path}（{kinds}）\n"
        f"请用{editor}逐题看一遍：问法不像人话的改掉，答案要点不对的改对，手册外的题确认真的没有写；"
        f"看过的把{approve}，然后运行 shouce eval --dataset {path}\n"
        "注意：自拟题用词贴近原文，得分会偏高，宜用来比较前后两次，不宜当作真实水平。"
    )


def _places(knowledge: KnowledgeBase) -> list[tuple[str, Section, str]]:
    """Return every section that can be asked about: its document's title, itself, and what it is about."""
    found = [
        (document.title, section)
        for document in knowledge.documents()
        for section in sections_with_words(knowledge.sections(document.id))
    ]
    titles = Counter(section.title for _, section in found)
    return [
        (document, section, subject_of(document, section, ambiguous=titles[section.title] > 1))
        for document, section in found
    ]


def _with_chapters(
    knowledge: KnowledgeBase, places: Sequence[tuple[str, Section, str]], choose: random.Random
) -> list[tuple[str, Section, str, str]]:
    chapters: dict[tuple[str, str], str] = {}
    for document in knowledge.documents():
        for section in knowledge.sections(document.id):
            key = (document.title, section.path[0] if section.path else "")
            chapters[key] = f"{chapters.get(key, '')}\n{section.title}\n{section.body}"
    rows = [(d, s, subject, chapters[d, s.path[0] if s.path else ""]) for d, s, subject in places]
    choose.shuffle(rows)
    return rows


def _spread(groups: Sequence[list[Drafted]], choose: random.Random) -> list[Drafted]:
    """Return all questions so that sections take turns, each section's own in an order of chance."""
    shuffled = [choose.sample(group, len(group)) for group in groups if group]
    choose.shuffle(shuffled)
    longest = max((len(group) for group in shuffled), default=0)
    return [group[turn] for turn in range(longest) for group in shuffled if turn < len(group)]


def _pools(questions: Sequence[Drafted], choose: random.Random) -> dict[str, list[Drafted]]:
    """Return the questions by type, with those that are made from others, each made from one that is not used itself."""
    pools: dict[str, list[Drafted]] = {kind: [] for kind in SHARES}
    chinese = [one for one in questions if one.type != "english"]
    for turn, one in enumerate(questions):
        if one.type == "english" or turn % 3 < 2:
            pools[one.type].append(one)
    base = [one for turn, one in enumerate(questions) if turn % 3 == 2 and one.type != "english"] or chinese
    for at, (kind, change) in enumerate(_REWORDED.items()):
        mine = base[at :: len(_REWORDED)] or base
        pools[kind] = [made for one in mine if (made := change(one, choose))]
    pools["multi"] = list(_pairs([one for one in base if one.type in {"definition", "fact", "numeric"}]))
    return pools


def _pairs(questions: Sequence[Drafted]) -> Iterator[Drafted]:
    """Yield questions for two things of one document that stand in different sections."""
    by_document: dict[str, list[Drafted]] = {}
    for one in questions:
        by_document.setdefault(one.document, []).append(one)
    for group in by_document.values():
        for first, second in zip(group[::2], group[1::2], strict=False):
            if first.gold_sections != second.gold_sections:
                yield join(first, second)


def _chosen(pools: dict[str, list[Drafted]], count: int) -> list[Drafted]:
    """Return ``count`` questions, each type its share; what a type cannot give is taken from the others in turn."""
    unique = {kind: list(_unique(pool)) for kind, pool in pools.items()}
    taken = {kind: min(len(unique[kind]), round(share * count)) for kind, share in SHARES.items()}
    while sum(taken.values()) < count:
        open_kinds = [kind for kind in SHARES if taken[kind] < len(unique[kind])]
        if not open_kinds:
            break
        for kind in open_kinds[: count - sum(taken.values())]:
            taken[kind] += 1
    return [one for kind, number in taken.items() for one in unique[kind][:number]][:count]


def _unique(pool: Iterable[Drafted]) -> Iterator[Drafted]:
    seen: set[str] = set()
    for one in pool:
        if one.question not in seen:
            seen.add(one.question)
            yield one
