"""Rows of the item bank, of papers set, of attempts and of answers. The items themselves are JSON that others write and read.

Knows rows. Knows nothing of what a question is, whether it is right, or how it is graded.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from kb.catalogue import now
from kb.errors import NotThere
from kb.records.ledger import Ledger
from kb.rows import storable, to_json
from kb.tables import quiz_answers, quiz_attempts, quiz_items, quiz_papers

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One banked item: its JSON, the text of its clause when it was last checked, and what is wrong with it."""

    id: str
    item: Json
    document: str
    clause: str
    basis: str
    state: str
    tags: tuple[str, ...]
    problems: tuple[tuple[str, str], ...]
    author: str
    kept_at: str
    changed_at: str


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper that can be taken: its JSON, and the minutes it may take (0: as long as one likes)."""

    id: str
    title: str
    paper: Json
    minutes: int
    made_by: str
    made_at: str


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One person taking one paper; ``responses`` by item id, ``finished_at`` empty while it is open."""

    id: str
    paper: str
    person: str
    started_at: str
    finished_at: str
    responses: Json
    score: float
    points: float


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One graded response: the item, its clause, the marks earned and those to be had."""

    attempt: str
    person: str
    item: str
    document: str
    section: str
    clause: str
    type: str
    score: float
    points: float
    answered_at: str


class Quizzes:
    """The quiz tables of one catalogue; safe from several threads."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    # items

    def put_items(self, rows: Iterable[ItemRow]) -> None:
        """Write items; one of a known id takes its place, keeping when it first came."""
        with self._ledger.write() as connection:
            for row in rows:
                values = _item_values(row)
                known = connection.execute(select(quiz_items.c.id).where(quiz_items.c.id == row.id)).first()
                if known:
                    del values["kept_at"]
                    connection.execute(update(quiz_items).where(quiz_items.c.id == row.id).values(values))
                else:
                    connection.execute(insert(quiz_items).values(values))

    def items(self) -> tuple[ItemRow, ...]:
        """Return every item, in the order they came."""
        with self._ledger.read() as connection:
            rows = connection.execute(select(quiz_items).order_by(quiz_items.c.kept_at, quiz_items.c.id)).all()
        return tuple(_item_row(row) for row in rows)

    def item(self, key: str) -> ItemRow:
        """Return one item.

        Raises:
            NotThere: there is none of that id.
        """
        with self._ledger.read() as connection:
            row = connection.execute(select(quiz_items).where(quiz_items.c.id == key)).first()
        if row is None:
            raise NotThere(f"题库里没有编号为 {key} 的题")
        return _item_row(row)

    # papers and attempts

    def put_paper(self, title: str, paper: Mapping[str, Any], *, minutes: int = 0, by: str = "") -> str:
        """Keep a paper that people are to take, and return its id."""
        key = secrets.token_hex(6)
        values = {
            "id": key,
            "title": storable(title),
            "paper": to_json(paper),
            "minutes": minutes,
            "made_by": storable(by),
            "made_at": now(),
        }
        with self._ledger.write() as connection:
            connection.execute(insert(quiz_papers).values(values))
        return key

    def paper(self, key: str) -> PaperRow:
        """Return one paper.

        Raises:
            NotThere: there is none of that id.
        """
        with self._ledger.read() as connection:
            row = connection.execute(select(quiz_papers).where(quiz_papers.c.id == key)).first()
        if row is None:
            raise NotThere(f"没有编号为 {key} 的试卷")
        return PaperRow(row.id, row.title, json.loads(row.paper), row.minutes, row.made_by, row.made_at)

    def papers(self) -> tuple[PaperRow, ...]:
        """Return every paper, latest first."""
        with self._ledger.read() as connection:
            rows = connection.execute(select(quiz_papers).order_by(quiz_papers.c.made_at.desc())).all()
        return tuple(
            PaperRow(row.id, row.title, json.loads(row.paper), row.minutes, row.made_by, row.made_at) for row in rows
        )

    def start(self, paper: str, person: str, *, points: float) -> str:
        """Begin an attempt and return its id."""
        key = secrets.token_hex(8)
        values = {
            "id": key,
            "paper": paper,
            "person": storable(person),
            "started_at": now(),
            "finished_at": "",
            "responses": "{}",
            "score": "0",
            "points": str(points),
        }
        with self._ledger.write() as connection:
            connection.execute(insert(quiz_attempts).values(values))
        return key

    def save(self, attempt: str, responses: Mapping[str, Any]) -> None:
        """Keep the responses given so far; one that is finished stays as it is."""
        of = quiz_attempts.c
        with self._ledger.write() as connection:
            connection.execute(
                update(quiz_attempts)
                .where(of.id == attempt, of.finished_at == "")
                .values(responses=storable(to_json(responses)))
            )

    def finish(self, attempt: str, answers: Sequence[AnswerRow], *, score: float) -> bool:
        """Close an attempt with its marks, once; return whether it was still open."""
        of = quiz_attempts.c
        with self._ledger.write() as connection:
            closed = connection.execute(
                update(quiz_attempts)
                .where(of.id == attempt, of.finished_at == "")
                .values(finished_at=now(), score=str(score))
            )
            if not closed.rowcount:
                return False
            if answers:
                connection.execute(insert(quiz_answers), [_answer_values(row) for row in answers])
        return True

    def attempt(self, key: str) -> AttemptRow:
        """Return one attempt.

        Raises:
            NotThere: there is none of that id.
        """
        with self._ledger.read() as connection:
            row = connection.execute(select(quiz_attempts).where(quiz_attempts.c.id == key)).first()
        if row is None:
            raise NotThere(f"没有编号为 {key} 的答卷")
        return _attempt_row(row)

    def attempts(self, *, person: str = "", paper: str = "") -> tuple[AttemptRow, ...]:
        """Return attempts, latest first: of one person, of one paper, or all."""
        of = quiz_attempts.c
        statement = select(quiz_attempts).order_by(of.started_at.desc())
        if person:
            statement = statement.where(of.person == storable(person))
        if paper:
            statement = statement.where(of.paper == paper)
        with self._ledger.read() as connection:
            rows = connection.execute(statement).all()
        return tuple(_attempt_row(row) for row in rows)

    def answers(self, *, person: str = "") -> tuple[AnswerRow, ...]:
        """Return the graded answers in the order they were given: of one person, or of all."""
        of = quiz_answers.c
        statement = select(quiz_answers).order_by(of.sequence)
        if person:
            statement = statement.where(of.person == storable(person))
        with self._ledger.read() as connection:
            rows = connection.execute(statement).all()
        return tuple(
            AnswerRow(
                row.attempt,
                row.person,
                row.item,
                row.document,
                row.section,
                row.clause,
                row.type,
                float(row.score),
                float(row.points),
                row.answered_at,
            )
            for row in rows
        )


def _item_values(row: ItemRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "item": storable(to_json(row.item)),
        "document": row.document,
        "clause": row.clause,
        "basis": storable(row.basis),
        "state": row.state,
        "tags": storable(to_json(list(row.tags))),
        "problems": storable(to_json([list(one) for one in row.problems])),
        "author": storable(row.author),
        "kept_at": row.kept_at or now(),
        "changed_at": now(),
    }


def _item_row(row: Any) -> ItemRow:  # noqa: ANN401 (a row)
    return ItemRow(
        id=row.id,
        item=json.loads(row.item),
        document=row.document,
        clause=row.clause,
        basis=row.basis,
        state=row.state,
        tags=tuple(json.loads(row.tags)),
        problems=tuple((str(one[0]), str(one[1])) for one in json.loads(row.problems)),
        author=row.author,
        kept_at=row.kept_at,
        changed_at=row.changed_at,
    )


def _attempt_row(row: Any) -> AttemptRow:  # noqa: ANN401 (a row)
    return AttemptRow(
        row.id,
        row.paper,
        row.person,
        row.started_at,
        row.finished_at,
        json.loads(row.responses),
        float(row.score),
        float(row.points),
    )


def _answer_values(row: AnswerRow) -> dict[str, Any]:
    return {
        "attempt": row.attempt,
        "person": storable(row.person),
        "item": row.item,
        "document": row.document,
        "section": row.section,
        "clause": row.clause,
        "type": row.type,
        "score": str(row.score),
        "points": str(row.points),
        "answered_at": row.answered_at or now(),
    }
