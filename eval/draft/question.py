"""A drafted question, before anybody has looked at it. Knows its form in a file; not how it was made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Drafted:
    """One question with what its answer needs. ``evidence`` is the sentence it was made from, for the person who checks it.

    ``document`` is a title, ``""`` for a question outside of all documents; ``about`` is what a rewording must not lose.
    """

    type: str
    question: str
    document: str = ""
    gold_sections: tuple[str, ...] = ()
    facts: tuple[tuple[str, ...], ...] = ()
    gold_clauses: tuple[str, ...] = ()
    answerable: bool = True
    evidence: str = ""
    about: str = field(default="", compare=False)

    def row(self, number: int) -> dict[str, Any]:
        """Return the line of the file, not approved."""
        return {
            "approved": False,
            "id": f"draft-{number:04d}",
            "type": self.type,
            "question": self.question,
            "document": self.document,
            "gold_sections": list(self.gold_sections),
            "gold_clauses": list(self.gold_clauses),
            "facts": [list(group) for group in self.facts],
            "answerable": self.answerable,
            "evidence": self.evidence,
            "source": "draft",
        }
