"""What people thought of answers: 👍 or 👎 with a reason, one a turn and person. A 👎 puts the question on the owner's desk.

Knows rows. Who may judge a turn is decided where the person is known.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from kb.catalogue import now
from kb.errors import NotThere
from kb.records.shapes import DISLIKED, Feedback, Verdict
from kb.rows import storable, to_json
from kb.tables import feedback, turns, unanswered

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from kb.records.ledger import Ledger

LONGEST_REASON = 500


class FeedbackBook:
    """The feedback of one catalogue."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def give(self, turn: int, verdict: Verdict, *, person: str = "", reason: str = "") -> None:
        """Record what ``person`` thinks of ``turn``, in place of what they thought before.

        Raises:
            NotThere: there is no such turn.
            HomeUnusable: nothing can be written.
        """
        row = {
            "turn": turn,
            "person": storable(person),
            "verdict": verdict,
            "reason": storable(reason.strip()[:LONGEST_REASON]),
            "given_at": now(),
        }
        with self._ledger.write() as connection:
            asked = connection.execute(select(turns).where(turns.c.sequence == turn)).first()
            if asked is None:
                raise NotThere(f"没有编号为 {turn} 的问答")
            self._clear(connection, turn, storable(person))
            connection.execute(insert(feedback).values(row))
            if verdict == "down":
                self._to_desk(connection, asked, row)

    def withdraw(self, turn: int, *, person: str = "") -> None:
        """Forget what ``person`` thought of ``turn``."""
        with self._ledger.write() as connection:
            self._clear(connection, turn, storable(person))

    def of(self, turn_ids: Iterable[int], *, person: str) -> dict[int, Feedback]:
        """Return what ``person`` thought of those of the turns that they judged, by turn."""
        statement = select(feedback).where(feedback.c.turn.in_(list(turn_ids)), feedback.c.person == person)
        with self._ledger.read() as connection:
            return {row.turn: _feedback(row) for row in connection.execute(statement)}

    def latest(self, *, verdict: Verdict | None = None, limit: int = 50) -> tuple[Feedback, ...]:
        """Return the latest feedback of all, latest first."""
        statement = select(feedback).order_by(feedback.c.given_at.desc(), feedback.c.turn.desc()).limit(limit)
        if verdict:
            statement = statement.where(feedback.c.verdict == verdict)
        with self._ledger.read() as connection:
            return tuple(_feedback(row) for row in connection.execute(statement))

    @staticmethod
    def _clear(connection: Connection, turn: int, person: str) -> None:
        connection.execute(delete(feedback).where(feedback.c.turn == turn, feedback.c.person == person))
        same = (unanswered.c.turn == turn) & (unanswered.c.person == person)
        connection.execute(delete(unanswered).where(same & (unanswered.c.status == DISLIKED)))

    @staticmethod
    def _to_desk(connection: Connection, asked: Row[Any], given: dict[str, Any]) -> None:
        """Put a question on the desk, unless its refusal has put it there."""
        if connection.execute(select(unanswered.c.sequence).where(unanswered.c.turn == asked.sequence)).first():
            return
        answer = json.loads(asked.answer)
        cited = {(c["document"], c["section"]): c["title"] for c in answer.get("citations", ())}
        nearest = [{"document": d, "section": s, "title": title} for (d, s), title in list(cited.items())[:3]]
        row = {
            "question": str(answer.get("standalone") or asked.question),
            "status": DISLIKED,
            "nearest": to_json(nearest),
            "conversation": asked.conversation,
            "asked_at": given["given_at"],
            "person": given["person"],
            "comment": given["reason"],
            "turn": asked.sequence,
        }
        connection.execute(insert(unanswered).values(row))


def _feedback(row: Row[Any]) -> Feedback:
    return Feedback(row.turn, row.person, row.verdict, row.reason, row.given_at)
