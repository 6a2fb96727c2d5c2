"""The item bank: items a trainer keeps, edits, tags and retires; checked at every change, stale where their clause changed.

Knows items as JSON rows of ``kb.records``. An imported item has no clause: one is looked for in the sources, and it goes
through the same checks as any other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from assistant.quiz import intake
from assistant.quiz.check.answer import bare, is_negative, share_in, stands_in
from assistant.quiz.check.every import failures
from assistant.quiz.check.sources import Sources
from assistant.quiz.export.json_form import question_json
from assistant.quiz.mended import mended
from assistant.quiz.model import BLANK, Question
from kb.errors import NotThere
from kb.model import Block, Citation, Section
from kb.records.quizzes import ItemRow, Quizzes

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase
    from kb.search import HybridSearcher

State = Literal["kept", "retired"]
FOUND_HITS = 6
# An imported item is tied to a clause that says this much of its answer.
SAYS_ENOUGH = 0.6
ASKS_ENOUGH = 0.5  # of the stem, where the answer stands elsewhere
ASKS_CLEARLY = 0.7
ANSWER_WEIGHS = 0.25
NAMES_IT = 0.3  # for each thing in quotation marks that a block or its heading has
_QUOTED = re.compile(r"“([^“”]{2,30})”")


@dataclass(frozen=True)
class Banked:
    """An item of the bank. ``problems`` are (check, reason); ``stale`` says that its clause reads otherwise now."""

    question: Question
    state: State
    tags: tuple[str, ...]
    problems: tuple[tuple[str, str], ...]
    stale: bool
    author: str
    kept_at: str
    changed_at: str

    @property
    def usable(self) -> bool:
        """Say whether the item may stand in a paper: kept, passed by all checks, its clause unchanged."""
        return self.state == "kept" and not self.problems and not self.stale


def to_json(question: Question) -> dict[str, Any]:
    """Return an item as the bank stores it."""
    return question_json(question)


def from_json(fields: dict[str, Any]) -> Question:
    """Return the item that ``to_json`` wrote.

    Raises:
        SourceUnreadable: it is no item.
    """
    found = intake.parse(json.dumps({"questions": [fields]}).encode(), "json", source="题库")
    if not found.questions:
        raise NotThere(f"题库里的这道题读不出来：{found.left_out[0].reason if found.left_out else '内容为空'}")
    question = found.questions[0]
    return replace(question, id=str(fields.get("id") or question.id), asks=str(fields.get("asks") or ""))


class Bank:
    """The item bank of one knowledge base."""

    def __init__(self, knowledge: KnowledgeBase, sources: Sources, searcher: HybridSearcher | None = None) -> None:
        self._rows: Quizzes = knowledge.records.quizzes
        self._knowledge = knowledge
        self._sources = sources
        self._searcher = searcher

    def keep(self, questions: Iterable[Question], *, author: str = "", tags: Sequence[str] = ()) -> list[Banked]:
        """Add items (or replace those of the same id), checked now, and return them."""
        rows = [self._row(question, author=author, tags=(*question.tags, *tags)) for question in questions]
        self._rows.put_items(rows)
        return [self._banked(row) for row in rows]

    def take_in(self, questions: Iterable[Question], *, author: str = "") -> list[Banked]:
        """Add items from elsewhere: each is tied to the clause that says its answer, then checked like any other."""
        tied = [self._mended(self._tied(question)) for question in questions]
        return self.keep(tied, author=author, tags=("导入",))

    def edit(self, question: Question, *, author: str = "") -> Banked:
        """Replace an item by its changed form; it is checked again at once.

        Raises:
            NotThere: no item has its id.
        """
        before = self._rows.item(question.id)
        question = self._mended(question)
        row = replace(self._row(question, author=author or before.author, tags=before.tags), state=before.state)
        self._rows.put_items([row])
        return self._banked(row)

    def set_state(self, key: str, state: State) -> Banked:
        """Retire an item, or take it back.

        Raises:
            NotThere: no item has that id.
        """
        return self._changed(key, state=state)

    def tag(self, key: str, tags: Sequence[str]) -> Banked:
        """Give an item these tags instead of the ones it has.

        Raises:
            NotThere: no item has that id.
        """
        return self._changed(key, tags=tuple(dict.fromkeys(tag.strip() for tag in tags if tag.strip())))

    def get(self, key: str) -> Banked:
        """Return one item.

        Raises:
            NotThere: no item has that id.
        """
        return self._banked(self._rows.item(key))

    def find(
        self,
        words: str = "",
        *,
        type_: str = "",
        tag: str = "",
        section: str = "",
        state: State | Literal[""] = "kept",
        stale: bool | None = None,
    ) -> list[Banked]:
        """Return the items that fit: all the words in stem, options or answer; a type, a tag, a section, a state."""
        found = []
        for row in self._rows.items():
            if (
                (state and row.state != state)
                or (tag and tag not in row.tags)
                or (type_ and row.item.get("type") != type_)
            ):
                continue
            text = bare(json.dumps(row.item, ensure_ascii=False))
            if any(bare(word) not in text for word in words.split()):
                continue
            banked = self._banked(row)
            number = banked.question.citation.section
            if section and number != section and not number.startswith(f"{section}."):
                continue
            if stale is None or banked.stale == stale:
                found.append(banked)
        return found

    def recheck(self) -> list[Banked]:
        """Check every kept item against the sources as they are now, and return those that no longer stand."""
        rows = [row for row in self._rows.items() if row.state == "kept"]
        renewed = []
        for row in rows:
            problems = self._problems(from_json(row.item))
            if problems != row.problems:
                renewed.append(replace(row, problems=problems))
        self._rows.put_items(renewed)
        return [banked for banked in map(self._banked, renewed) if banked.problems]

    def _mended(self, question: Question) -> Question:
        """Return an item with what its clause settles and it does not say (`assistant/quiz/mended.py`)."""
        try:
            section = self._sources.section(question.citation.document, question.citation.section)
        except NotThere:
            return question
        return mended(question, section.blocks)

    def _changed(self, key: str, **values: Any) -> Banked:  # noqa: ANN401 (fields of a row)
        row = replace(self._rows.item(key), **values)
        self._rows.put_items([row])
        return self._banked(row)

    def _problems(self, question: Question) -> tuple[tuple[str, str], ...]:
        return tuple((one.check, one.reason) for one in failures(question, self._sources))

    def _row(self, question: Question, *, author: str, tags: Sequence[str]) -> ItemRow:
        return ItemRow(
            id=question.id,
            item=to_json(question),
            document=question.citation.document,
            clause=question.citation.clause,
            basis=self._sources.clause(question.citation),
            state="kept",
            tags=tuple(dict.fromkeys(tags)),
            problems=self._problems(question),
            author=author,
            kept_at="",
            changed_at="",
        )

    def _banked(self, row: ItemRow) -> Banked:
        question = from_json(row.item)
        return Banked(
            question=question,
            state="retired" if row.state == "retired" else "kept",
            tags=row.tags,
            problems=row.problems,
            stale=bool(row.clause) and self._is_stale(question.citation, row.basis),
            author=row.author,
            kept_at=row.kept_at,
            changed_at=row.changed_at,
        )

    def _is_stale(self, citation: Citation, basis: str) -> bool:
        """Say whether the clause reads otherwise than when the item was last checked, or is gone."""
        if bare(citation.quote) not in bare(self._sources.body(citation)):
            return True
        return bool(basis) and bare(self._sources.clause(citation)) != bare(basis)

    def _tied(self, question: Question) -> Question:
        """Return an imported item with the clause that it asks about, where one is found; else as it came.

        That clause may say another answer: then the checks turn the item down.
        """
        if question.citation.clause or self._searcher is None:
            return question
        parts = _answer_parts(question)
        said = "，".join(parts)
        best: tuple[float, Citation] | None = None
        spans: list[Citation] = []
        for hit in self._searcher.search(f"{question.stem} {said}"[:300], limit=FOUND_HITS):
            section = self._knowledge.section(hit.document, hit.chunk.section)
            if len(parts) > 1 and (span := _span(hit.document, section, parts)):
                spans.append(span)
            for block in section.blocks:
                if block.clause not in hit.chunk.clauses:
                    continue
                share = _fit(question, said, block, section.title)
                if share and (best is None or share > best[0]):
                    cited = Citation(
                        hit.document, section.number, section.title, section.path, block.clause, block.text
                    )
                    best = (share, cited)
        if spans and (best is None or not all(stands_in(part, best[1].quote) for part in parts)):
            return replace(question, citation=spans[0])
        return replace(question, citation=best[1]) if best else question


def _fit(question: Question, said: str, block: Block, title: str) -> float:
    """Return how well a block is what an item asks about, 0 where it is not: by the stem first, by the answer after it.

    A block that answers the stem with a wrong option, or a cloze with another word, is what it asks about all the same:
    an item tied to any clause that happens to hold its wrong answer would pass.
    """
    answered = 1.0 if stands_in(said, block.text) else share_in(said, block.text)
    asked = share_in(question.stem.replace(BLANK, ""), block.text)
    wrong = [one.text for one in question.options if one.key not in question.right]
    rival = question.type == "cloze"
    if question.type == "single" and not is_negative(question):
        rival = asked >= ASKS_CLEARLY or any(stands_in(one, block.text) for one in wrong)
    if answered + asked / 2 < SAYS_ENOUGH and not (rival and asked >= ASKS_ENOUGH):
        return 0.0
    named = sum(one in block.text or one == title for one in _QUOTED.findall(question.stem))
    return float(asked + ANSWER_WEIGHS * answered + NAMES_IT * min(2, named))


def _span(document: str, section: Section, parts: Sequence[str]) -> Citation | None:
    """Return the run of clauses in which each of ``parts`` stands, with the sentence that leads on to a list."""
    places = [next((at for at, one in enumerate(section.blocks) if stands_in(part, one.text)), None) for part in parts]
    known = [at for at in places if at is not None]
    if len(known) < len(parts):
        return None
    first, last = min(known), max(known)
    if first and section.blocks[first].kind == "item" and section.blocks[first - 1].kind == "paragraph":
        first -= 1
    quote = section.body[section.blocks[first].start : section.blocks[last].end]
    clause = section.blocks[first].clause
    return Citation(document, section.number, section.title, section.path, clause, quote)


def _answer_parts(question: Question) -> list[str]:
    """Return what the sources must say for the item to be right: the right options, or all but those of 不包括, and so on."""
    if question.options:
        negative = is_negative(question)
        return [option.text for option in question.options if (option.key in question.right) is not negative]
    if question.blanks:
        return [blank.accepted[0] for blank in question.blanks]
    if question.points_required:
        return [point.text for point in question.points_required]
    return [question.stem]
