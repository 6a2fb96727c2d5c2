"""Making quizzes from a knowledge base: which sections, which items, which papers.

The order of the steps: scope → material → drafts → choice with checks → balanced papers. Each step is a module of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from assistant.checklist.choose import choose
from assistant.quiz.check.every import first_failure
from assistant.quiz.check.sources import Sources
from assistant.quiz.choose import Chooser, balanced, printed_order, shares
from assistant.quiz.draft.every import drafts
from assistant.quiz.draft.workshop import Workshop
from assistant.quiz.material.read import Material, read
from assistant.quiz.model import QUESTION_TYPES, Paper, Question, QuestionType, Rejected
from kb.errors import NothingIndexed, NothingToAsk, NotThere
from kb.synonyms import load_synonyms

if TYPE_CHECKING:
    from assistant.quiz.blueprint import Blueprint
    from kb.knowledge import KnowledgeBase
    from kb.model import Document
    from kb.search import HybridSearcher

# Sections read for one quiz; more are not needed for any paper and would cost time for nothing.
MOST_SECTIONS = 600
SECTIONS_EACH = 3  # sections drafted for each item wanted

Place = tuple[str, str]


@dataclass(frozen=True)
class Scope:
    """What a quiz is about: a topic in words, a section number, documents, clauses; nothing of these is everything.

    ``clauses`` are (document, clause); where they do not give enough items, their sections are asked about.
    """

    topic: str = ""
    section: str = ""
    documents: tuple[str, ...] = ()
    clauses: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Order:
    """How many items of which types, on which scope, in how many parallel papers."""

    scope: Scope = Scope()
    count: int = 10
    types: tuple[QuestionType, ...] = QUESTION_TYPES
    papers: int = 1
    seed: int = 0
    title: str = ""
    blueprint: Blueprint | None = None


class QuizMaker:
    """Makes quizzes from one knowledge base; keeps the material of its present generation."""

    def __init__(self, knowledge: KnowledgeBase, searcher: HybridSearcher | None = None) -> None:
        self._knowledge = knowledge
        self._searcher = searcher
        self._kept: tuple[int, tuple[str, ...], Material] | None = None
        self.sources = Sources(knowledge.section, load_synonyms(knowledge.settings.home))

    def papers(self, order: Order) -> list[Paper]:
        """Return the papers of ``order``: of equal make, without a shared item.

        Raises:
            NothingIndexed: the knowledge base is empty.
            NotThere: the section or document does not exist.
            NothingToAsk: the scope holds nothing that can be asked.
        """
        focus, material = self._scoped(order.scope, order.seed)
        sets, rejected = self._filled(order, _sampled(focus, order), material)
        wanted = order.count * order.papers
        if order.blueprint is None and sum(map(len, sets)) < wanted:
            sets, rejected = self._filled(order, focus, material)
        if not any(sets):
            raise NothingToAsk(self._nothing(order))
        title = order.title or self._title(order)
        marks = [""] if len(sets) == 1 else [f"（{letter}卷）" for letter in "ABCDEFGH"[: len(sets)]]
        where = [(place.document, place.section.number) for place in material.places]
        return [
            Paper(
                title=f"{title}{mark}",
                questions=tuple(balanced(printed_order(questions, where), order.seed + at)),
                seed=order.seed,
                rejected=tuple(rejected) if at == 0 else (),
            )
            for at, (questions, mark) in enumerate(zip(sets, marks, strict=True))
        ]

    def _filled(
        self, order: Order, focus: Material, material: Material
    ) -> tuple[list[list[Question]], Sequence[Rejected]]:
        """Return the items of each paper made of ``focus``, and what was turned down."""
        pool = self.pool(order, focus, material)
        if order.blueprint is not None:
            from assistant.quiz.blueprint import planned

            titles = {document.id: document.title for document in self._knowledge.documents()}
            return planned(order.blueprint, pool, self._test, titles, papers=order.papers, seed=order.seed)
        chooser = Chooser(self._test, seed=order.seed, size=order.count * order.papers)
        return _split(self._chosen(chooser, pool, order), order), chooser.rejected

    def pool(self, order: Order, focus: Material, material: Material) -> list[Question]:
        """Return every drafted item of the wanted types, unchecked."""
        workshop = Workshop(material, self.sources.synonyms, order.seed, focus=focus)
        wanted = set(order.types)
        seen: dict[str, Question] = {}
        for question in drafts(workshop):
            if question.type in wanted or order.blueprint is not None:
                seen.setdefault(question.id, question)
        found, named = list(seen.values()), set(order.scope.clauses)
        on_them = [one for one in found if (one.citation.document, one.citation.clause) in named]
        return on_them if len(on_them) >= order.count else found

    def everything(self, *, seed: int = 0) -> tuple[Material, list[Question]]:
        """Return all material and every drafted item, unchecked: for measuring."""
        focus, material = self._scoped(Scope(), seed)
        return material, self.pool(Order(seed=seed), focus, material)

    def _test(self, question: Question):  # type: ignore[no-untyped-def]  # noqa: ANN202
        return first_failure(question, self.sources)

    def _chosen(self, chooser: Chooser, pool: Sequence[Question], order: Order) -> list[Question]:
        """Return items for all papers together, each type in a multiple of the papers where there are enough."""
        total = order.count * order.papers
        by_type = {type_: [one for one in pool if one.type == type_] for type_ in order.types}
        taken: list[Question] = []
        for type_, share in shares(order.types, order.count).items():
            taken += chooser.take(by_type[type_], share * order.papers)
        # What a type could not give, the others make up for; and only then one way of asking oftener than is nice.
        for worn in (False, True):
            while len(taken) < total:
                more = [one for type_ in order.types for one in chooser.take(by_type[type_], 1, worn=worn)]
                if not more:
                    break
                taken += more[: total - len(taken)]
        return taken

    # scope

    def _scoped(self, scope: Scope, seed: int) -> tuple[Material, Material]:
        documents = self._documents(scope)
        material = self._material(documents)
        if scope.clauses:
            return material.within(self._holding(scope.clauses)), material
        if scope.section:
            found, section = self._knowledge.find_section(
                scope.section, scope.documents[0] if scope.documents else None
            )
            inside = {(found.id, number) for number in self._below(found.id, section.number)}
            material = material if len(documents) == 1 else self._material([found])
            return material.within(inside), material
        if scope.topic.strip():
            chosen = self._on_topic(scope.topic, {document.id for document in documents})
            return material.within(chosen), material
        return material, material

    def _documents(self, scope: Scope) -> list[Document]:
        every = list(self._knowledge.documents())
        if not every:
            raise NothingIndexed("知识库还是空的：请先运行 shouce ingest 文件…，或用 shouce sample 载入自带样例")
        if not scope.documents:
            return every
        return [self._knowledge.find_document(key) for key in dict.fromkeys(scope.documents)]

    def _material(self, documents: Sequence[Document]) -> Material:
        ids = tuple(document.id for document in documents)
        if self._kept is None or self._kept[:2] != (self._knowledge.generation, ids):
            read_: list[tuple[str, str, Sequence]] = []  # type: ignore[type-arg]
            left = MOST_SECTIONS
            for document in documents:
                sections = self._knowledge.sections(document.id)[:left]
                left -= len(sections)
                read_.append((document.id, document.title, sections))
                if left <= 0:
                    break
            alone = len(self._knowledge.documents()) == 1
            self._kept = (self._knowledge.generation, ids, read(read_, alone=alone))
        return self._kept[2]

    def _below(self, document: str, number: str) -> set[str]:
        inside = {number}
        for section in self._knowledge.sections(document):
            if section.parent in inside:
                inside.add(section.number)
        return inside

    def _holding(self, clauses: Sequence[tuple[str, str]]) -> set[Place]:
        """Return the sections in which the clauses stand."""
        found: set[Place] = set()
        for document in dict.fromkeys(document for document, _ in clauses):
            named = {clause for of, clause in clauses if of == document}
            for section in self._knowledge.sections(document):
                if any(block.clause in named for block in section.blocks):
                    found.add((document, section.number))
        return found

    def _on_topic(self, topic: str, documents: set[str]) -> set[Place]:
        """Return the sections that are about ``topic``, as a checklist on it would take them; none where none is.

        A document's own subject is the whole of it, a title that names the topic is that section with those under it.
        """
        if self._searcher is None:
            return set()
        try:
            _, parts = choose(self._knowledge, self._searcher, topic)
        except NotThere:
            return set()
        return {(part.document.id, part.section.number) for part in parts if part.document.id in documents}

    # words

    def _title(self, order: Order) -> str:
        scope = order.scope
        titles = {document.id: document.title for document in self._knowledge.documents()}
        if scope.section:
            found, section = self._knowledge.find_section(
                scope.section, scope.documents[0] if scope.documents else None
            )
            return f"{titles[found.id]}：{section.heading} 测验"
        if scope.topic.strip():
            return f"{scope.topic.strip()[:40]} 测验"
        if scope.documents:
            return f"{'、'.join(self._knowledge.find_document(key).title for key in scope.documents)[:60]} 测验"
        return f"{next(iter(titles.values()))} 测验" if len(titles) == 1 else "综合测验"

    def _nothing(self, order: Order) -> str:
        about = order.scope.topic.strip() or order.scope.section or "这些文档"
        return f"“{about}”里没有可以出这些题型的内容：请换一个主题、章节或题型，可用 shouce outline 查看目录"


def _sampled(focus: Material, order: Order) -> Material:
    """Return as many of the sections as a paper needs: drafting all of a large scope would only cost time."""
    enough = max(40, SECTIONS_EACH * order.count * order.papers)
    if order.blueprint is not None or len(focus.places) <= enough:
        return focus
    chosen = Random(order.seed).sample([(place.document, place.section.number) for place in focus.places], enough)
    return focus.within(set(chosen))


def _split(questions: Sequence[Question], order: Order) -> list[list[Question]]:
    """Return the items dealt to the papers so that each has the like: type, difficulty, what it asks of the mind."""
    if order.papers == 1:
        return [list(questions)]
    sets: list[list[Question]] = [[] for _ in range(order.papers)]
    for type_ in QUESTION_TYPES:
        alike = sorted(
            (one for one in questions if one.type == type_),
            key=lambda one: (one.difficulty, one.bloom, one.citation.section),
        )
        whole = len(alike) - len(alike) % order.papers
        for at, question in enumerate(alike[:whole]):
            # Back and forth, so that no paper always gets the first of a pair.
            turn = at % order.papers
            sets[turn if (at // order.papers) % 2 == 0 else order.papers - 1 - turn].append(question)
    return sets
