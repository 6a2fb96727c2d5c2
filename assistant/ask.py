"""Ask: question → passages → can it be answered? → compose → verify → answer. The embedded engine, no chat model.

Knows the order of the steps and the statuses; each step lives in a module of its own. Works on one knowledge base.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.compare import sides
from assistant.compose import draft, render
from assistant.context import says_nothing
from assistant.decide import NOTHING, answerable
from assistant.evidence import HITS, EvidenceFinder, Found
from assistant.followups import followups
from assistant.lines import Draft, Line
from assistant.question import Question, kind_of, part_of, understand, without_markup
from assistant.rank import by_passages
from assistant.verify import unsupported_lines
from kb.fold import fold, to_traditional
from kb.model import Answer, Citation, Hit, Nearest, Section
from kb.search import unique_sections
from kb.terms import Terms

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase
    from kb.search import Filter, HybridSearcher

NEAREST = 3
# Turns in which the last question is looked for; those after it said thanks.
LOOKED_BACK = 4
# The share of items and rows in what was found from which on passages order it better than the search. Manuals and SOPs nearly
# always have .65 and more, product documentation, where they order it worse, up to .63.
LISTED = 0.63
# Characters of a question that are read; embedding costs time for every further one.
LONGEST_QUESTION = 500
NOTHING_ASKED = "请写下要问的问题，例如：客户投诉来了怎么处理？"
NO_SUBJECT = "我只回答手册和 SOP 里写到的内容。请把要问的事情写具体一些，例如：客户投诉来了怎么处理？"
_WORDS = re.compile(r"[^\W\d_]|\d{2}|\d\.\d|^\s*\d\s*$")  # letters, a number worth looking for, a section


def asks_something(text: str) -> bool:
    """Say whether there is a word, or a number that could be one of a section, in ``text`` at all."""
    return bool(_WORDS.search(without_markup(text)))


@dataclass(frozen=True, slots=True)
class Reached:
    """A question as it was understood, what it led to, and the embedded answer to it, not yet written down."""

    question: Question
    found: tuple[Found, ...]
    answer: Answer


class Assistant:
    """Answers questions from one knowledge base."""

    def __init__(self, knowledge: KnowledgeBase, searcher: HybridSearcher) -> None:
        self._knowledge = knowledge
        self._searcher = searcher
        self._finder = EvidenceFinder(knowledge, searcher)

    def ask(
        self,
        text: str,
        *,
        conversation: str | None = None,
        filter: Filter | None = None,  # noqa: A002
        record: bool = True,
        before: str = "",
    ) -> Answer:
        """Return the answer to ``text``, as the next turn of ``conversation`` where one is named.

        ``before`` is the question before it, standing alone, for a conversation that is kept elsewhere. What cannot be
        answered is recorded for the manual's owner, unless ``record`` is false (an evaluation asks).

        Raises:
            NothingIndexed: the knowledge base is empty.
        """
        if not asks_something(text):
            return Answer(question=text, text=NOTHING_ASKED, status="not_found")
        reached = self.reach(text, conversation=conversation, filter=filter, before=before)
        return self.recorded(reached, conversation) if record else reached.answer

    def search(self, text: str, *, limit: int, filter: Filter | None = None) -> list[Hit]:  # noqa: A002
        """Return at most ``limit`` hits for ``text``, the sections in the order in which their passages answer it.

        Several questions at once, text that is not mostly lists and the hits of a chosen reranker stay as the search has them.

        Raises:
            NothingIndexed: the knowledge base is empty.
        """
        parts = self._parts(self._understood(text))
        if len(parts) > 1 or limit > HITS:
            return self._searcher.search(text, limit=limit, filter=filter)
        return list(self._in_order(self._finder.find(parts[0], filter=filter)))[:limit]

    def _in_order(self, found: Found) -> Sequence[Hit]:
        if found.named or found.listed < LISTED or self._searcher.reranks:
            return found.hits
        return by_passages(found.hits, found.ranked)

    def warm(self) -> None:
        """Load model and indexes now, so that whoever asks first does not wait for them."""
        if self._knowledge.documents():
            self.reach("服务流程怎么做？")

    def reach(
        self,
        text: str,
        *,
        conversation: str | None = None,
        filter: Filter | None = None,  # noqa: A002
        before: str = "",
    ) -> Reached:
        """Return what ``text`` leads to, with the embedded answer; nothing is written down.

        Raises:
            NothingIndexed: the knowledge base is empty.
        """
        started = time.perf_counter()
        question = self._understood(text, before=before or self._before(conversation))
        answered = self._finder.is_approved(question)
        missing = None if answered else self._missing_section(question)
        found = [] if answered or missing else self._finder.named(question)
        if not missing and not found:
            found = self._found(question, filter)
        retrieved = time.perf_counter()
        answer = self._missing_answer(question, *missing) if missing else self._answer(question, found)
        ended = time.perf_counter()
        timings = {
            "retrieve": round((retrieved - started) * 1000, 3),
            "compose": round((ended - retrieved) * 1000, 3),
            "total": round((ended - started) * 1000, 3),
        }
        if question.traditional:
            asks = tuple(to_traditional(one) for one in answer.followups)
            answer = replace(answer, text=to_traditional(answer.text), followups=asks)
        return Reached(question, tuple(found), replace(answer, question=text, timings=timings))

    def standalone(self, questions: Sequence[str]) -> str:
        """Return the last of the ``questions`` of one conversation, standing alone; ``""`` without any."""
        before = ""
        for text in questions:
            if not says_nothing(text):
                before = self._understood(text, before=before).text
        return before

    def recorded(self, reached: Reached, conversation: str | None) -> Answer:
        """Write down what was asked and return the answer, with the number of its turn."""
        return replace(reached.answer, turn=self._record(reached.question, reached.answer, conversation))

    def _understood(self, text: str, *, before: str = "") -> Question:
        return understand(
            self._finder.mended(text[:LONGEST_QUESTION]), before=before, cut=self._finder.cut, tag=self._finder.tagged
        )

    def _before(self, conversation: str | None) -> str:
        """Return the question, standing alone, of the last turn of ``conversation`` that asked something."""
        if not conversation:
            return ""
        asked = self._knowledge.records.conversations.questions(conversation, last=LOOKED_BACK)
        return next((question for question in asked if not says_nothing(question)), "")

    def _record(self, question: Question, answer: Answer, conversation: str | None) -> int:
        """Write down what was asked; return the number of the turn, 0 outside a conversation."""
        return self._knowledge.records.record(
            answer,
            standalone=question.text,
            conversation=conversation or "",
            open_question=answer.status != "answered" and self._finder.has_subject(question),
        )

    def evidence(self, text: str) -> list[Found]:
        """Return what each part of ``text`` led to, undecided: for calibration and inspection."""
        return self._found(self._understood(text), None)

    def _parts(self, question: Question) -> list[Question]:
        if both := sides(question.text):
            kind = kind_of(both.asked) if both.asked else "definition"
            return [replace(question, text=side, kind=kind, parts=(side,)) for side in both.questions]
        return [part_of(question, part) for part in question.parts] if len(question.parts) > 1 else [question]

    def _found(self, question: Question, filter: Filter | None) -> list[Found]:  # noqa: A002
        """Return what each part of ``question`` led to.

        A later part that names a thing of its own, of which nothing here speaks, has to be answered with and without the
        first one's subject: with it alone the subject would answer (投诉怎么分级？出差补贴多少).
        """
        if not self._finder.has_content(question):
            return [Found(question, Terms(()), (), (), NOTHING)]
        found = []
        for part in self._parts(question):
            one = self._finder.find(part, filter=filter)
            own = part.text.removeprefix(question.subject)
            if own and own != part.text and self._finder.names_unknown(own):
                alone = self._finder.find(part_of(question, own), filter=filter)
                if not (answerable(alone.evidence) and answerable(one.evidence)):
                    one = replace(alone, ranked=())
            found.append(one)
        return found

    def _missing_section(self, question: Question) -> tuple[str, Section] | None:
        """Return the document and section that the table of contents lists, whose text is not there, if it is asked for."""
        asked = fold(question.text)
        for document in self._finder.titles:
            for section in self._knowledge.sections(document):
                if section.status != "missing_body":
                    continue
                words = [word for word in self._finder.cut(section.title) if len(word) > 1]
                if question.section and question.section == section.parent:  # 第八章讲数据分析的那一节
                    common = "".join(section.path[:-1])
                    words = [word for word in words if word not in common] or words
                    named = all(word in asked for word in words)
                else:
                    named = len(words) > 1 and all(word in asked for word in words)
                if named or section.number == question.section:
                    return document, section
        return None

    def _missing_answer(self, question: Question, document: str, section: Section) -> Answer:
        near = [
            s for s in self._knowledge.sections(document) if s.parent == section.parent and s.status != "missing_body"
        ]
        text = (
            f"《{self._finder.titles[document]}》的目录列有“{section.heading}”，但收到的文件里没有这一节的正文，"
            "所以无法回答。请向手册负责人索取完整版本；这个问题已经记下。"
        )
        return Answer(
            question=question.text,
            text=text,
            status="missing_in_source",
            nearest=tuple(Nearest(document, s.number, s.title) for s in near[-NEAREST:]),
            missing=(section.heading,),
            followups=followups(((s, self._finder.titles[document]) for s in reversed(near)), asked=question.text),
        )

    def _answer(self, question: Question, found: Sequence[Found]) -> Answer:
        good = [one for one in found if one.ranked and (one.named or answerable(one.evidence))]
        lacking = tuple(one.question.text for one in found if one not in good)
        text, citations = self._compose(question, good)
        if not citations:
            return self._not_found(question, found)
        if lacking:
            text += "\n手册里没有写到：" + "；".join(part.rstrip("？?") for part in lacking) + "。"
        if question.english:
            text = f"From the source (in Chinese):\n{text}"
        return Answer(
            question=question.text,
            text=text,
            status="partial" if lacking else "answered",
            citations=citations,
            followups=self._followups(question, good),
            nearest=self._nearest([one for one in found if one in good] or found),
            missing=lacking,
        )

    def _compose(self, question: Question, good: Sequence[Found]) -> tuple[str, tuple[Citation, ...]]:
        whole = Draft(())
        for one in good:
            whole += draft(
                one.ranked, question=one.question, terms=one.terms, titles=self._finder.titles, alone=len(good) == 1
            )
        return self._verified(whole)

    def _verified(self, answer: Draft) -> tuple[str, tuple[Citation, ...]]:
        """Return the text and citations of ``answer`` without any line that does not stand."""
        text, citations = render(answer)
        failed = {line for line, _ in unsupported_lines(text, citations, self._section_text)}
        if not failed:
            return text, citations
        kept: list[Line] = [line for line in answer.lines if render(Draft((line,)))[0] not in failed]
        return render(Draft(tuple(kept)))

    def _section_text(self, citation: Citation) -> str:
        return self._knowledge.section(citation.document, citation.section).body

    def _not_found(self, question: Question, found: Sequence[Found]) -> Answer:
        if not self._finder.has_subject(question):
            return Answer(question=question.text, text=NO_SUBJECT, status="not_found")
        nearest = self._nearest(found)
        text = "手册里没有写到这个问题，不能凭空回答。"
        if nearest:
            text += "最接近的章节是：" + "；".join(f"{self._heading(n)}" for n in nearest) + "。"
        text += "这个问题已经记下，可以请手册负责人补充。"
        return Answer(
            question=question.text,
            text=text,
            status="not_found",
            nearest=nearest,
            missing=(question.text,),
            followups=self._followups(question, found),
        )

    def _heading(self, nearest: Nearest) -> str:
        section = self._knowledge.section(nearest.document, nearest.section)
        title = self._finder.titles[nearest.document]
        return f"《{title}》{section.heading}" if len(self._finder.titles) > 1 else section.heading

    def _nearest(self, found: Sequence[Found]) -> tuple[Nearest, ...]:
        hits = [hit for one in found for hit in self._in_order(one)]
        nearest = unique_sections(hits)[:NEAREST]
        return tuple(Nearest(d, n, self._knowledge.section(d, n).title) for d, n in nearest)

    def _followups(self, question: Question, found: Sequence[Found]) -> tuple[str, ...]:
        used = {(one.ranked[0].passage.document, one.ranked[0].passage.section.number) for one in found if one.ranked}
        sections: dict[tuple[str, str], None] = {}
        for one in found:
            for hit in one.hits:
                if (hit.document, hit.chunk.section) not in used:
                    sections.setdefault((hit.document, hit.chunk.section))
        near = ((self._knowledge.section(d, n), self._finder.titles[d]) for d, n in sections)
        return followups(near, asked=question.text)
