"""From a question to ranked passages: search, the sections it leads to, their passages, and what is known of the best.

Knows the knowledge base and one question part at a time; not how an answer is worded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant import passage as shapes
from assistant.amount import asks_who_holds, fit
from assistant.approved import ApprovedAnswers
from assistant.asked import asked_thing, choices, names_code
from assistant.content import has_content
from assistant.decide import (
    APART_CENTRE,
    CALIBRATED_MODEL,
    COSINE_CENTRE,
    NOTHING,
    READ_CENTRE,
    Evidence,
    RunningText,
    worth_reading,
)
from assistant.features import PURPOSE, WHY, Asked
from assistant.overview import overview
from assistant.passage import Passage
from assistant.question import Question
from assistant.rank import Ranked, lead_of, rank
from assistant.reread import reread
from assistant.wording import lead, share, weights_of
from kb.cross_encoder import open_cross_encoder
from kb.fold import fold
from kb.model import Hit, Section
from kb.search import unique_sections
from kb.terms import Terms

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase
    from kb.search import Filter, HybridSearcher

_GREETING = re.compile(
    r"你好|您好|hello|hi|嗨|在吗|谢谢|多谢|再见|早上好|下午好|晚上好|你是谁|你叫什么(名字)?|haha|哈哈|呵呵|测试|test"
)
HITS = 60
SECTIONS = 8
# Of the documents of how many sections the purpose is looked at where somebody asks why.
PURPOSES = 3
# Sections whose cosines the best one is compared with.
NEIGHBOURS = 5
# Of the blocks of the sections found, the share of items and rows below which they are decided on as running text.
LISTS = 0.5


@dataclass(frozen=True, slots=True)
class Found:
    """What one question part led to: hits, ranked passages and the evidence of the best passage.

    ``named`` says that the question names the section itself (5.4讲了什么), or is one that the owner has answered, so that
    nothing has to be decided. ``listed``: the share of items and rows among the blocks of the first sections found, 1 where
    there are none.
    """

    question: Question
    terms: Terms
    hits: tuple[Hit, ...]
    ranked: tuple[Ranked, ...]
    evidence: Evidence
    named: bool = False
    listed: float = 1.0


class EvidenceFinder:
    """Finds the passages of one knowledge base."""

    def __init__(self, knowledge: KnowledgeBase, searcher: HybridSearcher) -> None:
        self._knowledge = knowledge
        self._searcher = searcher
        self._calibrated = knowledge.embeddings.model_id == CALIBRATED_MODEL
        self._approved = ApprovedAnswers(knowledge, searcher)
        self._read = open_cross_encoder()
        self._words: dict[str, list[str]] = {}

    @property
    def titles(self) -> dict[str, str]:
        """Document titles by id."""
        return {document.id: document.title for document in self._knowledge.documents()}

    def find(self, question: Question, *, filter: Filter | None = None) -> Found:  # noqa: A002
        """Return the passages for ``question`` (one part), best first."""
        query = self._searcher.prepare(question.text)
        terms = query.terms
        hits = self._searcher.search_prepared(query, limit=HITS, filter=filter)
        if entry := self._approved.passage(question.text, query, filter=filter):
            return Found(question, terms, tuple(hits), (Ranked(entry, 1.0, {}),), NOTHING, named=True)
        scores: dict[tuple[str, str], float] = {}
        for hit in hits:
            for clause in hit.chunk.clauses:
                key = (hit.document, clause)
                scores[key] = max(scores.get(key, 0.0), hit.score)
        passages = list(self._passages(question, hits))
        asked = Asked(question.text, question.kind, terms, scores, self.cut)
        titles = {key: fold(title) for key, title in self.titles.items()} if len(self.titles) > 1 else {}
        ranked = rank(passages, asked, titles=titles)
        first = [self._knowledge.section(document, number) for document, number in unique_sections(hits)[:SECTIONS]]
        evidence = self._evidence(question, terms, hits, ranked, first)
        if self._read and ranked and worth_reading(evidence, lead=lead_of(ranked)):
            ranked = reread(question.text, ranked, self._read, titles=self.titles if titles else {})
            evidence = self._evidence(question, terms, hits, ranked, first)
        return Found(question, terms, tuple(hits), tuple(ranked), evidence, listed=_listed(first))

    def is_approved(self, question: Question) -> bool:
        """Say whether the owner has answered this question word for word."""
        return self._approved.holds(question.text)

    def named(self, question: Question) -> list[Found]:
        """Return what a question that only names a section, a chapter, a document asks for; none for every other question."""
        outlines = overview(question, titles=self.titles, sections=self._knowledge.sections, cut=self.cut)
        return [Found(question, Terms(()), (), (Ranked(one, 1.0, {}),), NOTHING, named=True) for one in outlines]

    def mended(self, text: str) -> str:
        """Return ``text`` with misspelt words put right, as the corpus has them."""
        return self._searcher.mended(text)

    def has_content(self, question: Question) -> bool:
        """Say whether there is anything to look up in a question: mashed keys, code, one word over and over have nothing."""
        return bool(question.section) or has_content(question.text, self._knows)

    def _knows(self, word: str) -> bool:
        return any(term.frequency or term.synonyms for term in self._searcher.terms_of(word).terms)

    def has_subject(self, question: Question) -> bool:
        """Say whether a question names anything at all, known here or not; a greeting does not."""
        if not self.has_content(question):
            return False
        return bool(question.section) or bool(_GREETING.sub("", fold(question.text)).strip(" ?？!！。,，~"))

    def names_unknown(self, text: str) -> bool:
        """Say whether ``text`` names a thing (a noun of two characters or more) that no document speaks of by any name."""
        nouns = {word for word, tag in self.tagged(fold(text)) if tag.startswith("n") and len(word) > 1}
        return any(
            term.word in nouns and not term.frequency and not term.synonyms
            for term in self._searcher.terms_of(text).terms
        )

    def cut(self, text: str) -> list[str]:
        """Return the words of ``text``."""
        words = self._words.get(text)
        if words is None:
            words = self._words[text] = self._searcher.index.segmenter.cut(text)
        return words

    def tagged(self, text: str) -> list[tuple[str, str]]:
        """Return the words of ``text``, each with its part of speech."""
        return self._searcher.index.segmenter.tagged(text)

    def _passages(self, question: Question, hits: Sequence[Hit]) -> Iterator[Passage]:
        parents: dict[tuple[str, str], None] = {}
        joined: set[tuple[str, str]] = set()
        places = unique_sections(hits)[:SECTIONS]
        if WHY.search(fold(question.text)):
            places += [one for one in self._purposes(places[:PURPOSES]) if one not in places]
        for document, number in places:
            section = self._knowledge.section(document, number)
            for one in shapes.continued(document, self._children(document, section.parent)):
                parts = {(document, member.section.number) for member in one.members}
                if (document, number) in parts and not parts & joined:
                    joined |= parts
                    yield one
            for one in shapes.passages(document, section):
                if one.shape != "table" or (document, number) not in joined:  # never half of what goes on
                    yield one
            if question.kind == "summary" and (outline := shapes.outline(document, section)):
                yield outline
            if section.parent:
                parents.setdefault((document, section.parent))
            parents.setdefault((document, section.number))
        if question.kind in {"procedure", "list", "summary"}:
            for document, number in parents:
                children = self._children(document, number)
                if children and (
                    steps := shapes.procedure(document, self._knowledge.section(document, number), children)
                ):
                    yield steps

    def _purposes(self, places: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Return the sections that say what the documents of ``places`` are for."""
        return [
            (document, section.number)
            for document in dict.fromkeys(document for document, _ in places)
            for section in self._knowledge.sections(document)
            if PURPOSE.search(section.title)
        ]

    def _children(self, document: str, number: str) -> list[Section]:
        return [section for section in self._knowledge.sections(document) if section.parent == number]

    def _evidence(
        self,
        question: Question,
        terms: Terms,
        hits: Sequence[Hit],
        ranked: Sequence[Ranked],
        sections: Sequence[Section],
    ) -> Evidence:
        cosine = max((hit.vector for hit in hits), default=0.0) if self._calibrated else COSINE_CENTRE
        if not ranked:
            return replace(NOTHING, kind=question.kind, cosine=cosine, english=float(question.english))
        best = ranked[0]
        text = fold(best.passage.text)
        form = fit(question.text, best.passage.text, number=question.kind == "number")
        headed = f"{fold(' '.join(best.passage.section.path))} {text}"
        thing = asked_thing(question.text, headed, terms)
        other_code = names_code(question.text, headed) == 0.0 and not self._hold_code(question, hits)
        return Evidence(
            score=best.score,
            coverage=best.features["coverage"],
            search=best.features["search"],
            kind=question.kind,
            cosine=cosine,
            wrong_form=float(form == 0.0 or other_code),
            thing=0.0 if other_code or (form == 0.0 and asks_who_holds(question.text)) else thing,
            choice=choices(question.text, text),
            read=best.features.get("read", READ_CENTRE),
            english=float(question.english),
            running=None if question.english else self._running(question, hits, ranked, sections),
        )

    def _hold_code(self, question: Question, hits: Sequence[Hit]) -> bool:
        """Say whether a document found holds the number that ``question`` names: it may be the document's own."""
        for document in dict.fromkeys(hit.document for hit in hits[:SECTIONS]):
            text = " ".join(f"{section.title} {section.body}" for section in self._knowledge.sections(document))
            if names_code(question.text, fold(f"{self.titles[document]} {text}")):
                return True
        return False

    def _running(
        self, question: Question, hits: Sequence[Hit], ranked: Sequence[Ranked], sections: Sequence[Section]
    ) -> RunningText | None:
        """Return how the best passage stands out, where the sections found are running text rather than lists."""
        if _listed(sections) >= LISTS:
            return None
        index = self._searcher.index
        pairs = weights_of(
            question.text, frequency=lambda pair: index.document_frequency("bigrams", pair), size=len(index)
        )
        best = ranked[0].passage
        return RunningText(
            apart=apart(hits) if self._calibrated else APART_CENTRE,
            lead=lead_of(ranked),
            wording=share(fold(f"{' '.join(best.section.path)} {best.text}"), pairs),
            wording_lead=lead([fold(f"{' '.join(section.path)} {section.body}") for section in sections], pairs),
        )


def _listed(sections: Sequence[Section]) -> float:
    blocks = [block for section in sections for block in section.blocks]
    return sum(block.kind != "paragraph" for block in blocks) / len(blocks) if blocks else 1.0


def apart(hits: Sequence[Hit]) -> float:
    """Return how far the best section's cosine lies above the mean of the next ``NEIGHBOURS``."""
    best: dict[tuple[str, str], float] = {}
    for hit in hits:
        place = hit.document, hit.chunk.section
        best[place] = max(best.get(place, 0.0), hit.vector)
    cosines = sorted(best.values(), reverse=True)
    near = cosines[1 : 1 + NEIGHBOURS]
    return cosines[0] - sum(near) / len(near) if near else APART_CENTRE
