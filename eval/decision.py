"""The assistant's own decision on a question, undecided: how probable an answer is, and where its best passage stands.

The one place of this part that looks at the decision; knows ``Assistant.evidence`` and ``assistant.decide``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.decide import probability

if TYPE_CHECKING:
    from assistant.ask import Assistant


@dataclass(frozen=True, slots=True)
class Decision:
    """The surest part of a question. ``places`` are (document id, section number) of each part's best passage.

    ``cosine`` and ``words`` are the best hit's cosine and scaled word score, ``coverage`` the share of the question's
    weighted terms that the best passage covers: the single features the decision has to beat.
    """

    probability: float
    places: tuple[tuple[str, str], ...]
    cosine: float
    coverage: float


def decide(assistant: Assistant, question: str) -> Decision:
    """Return what the decision says of ``question``."""
    found = assistant.evidence(question)
    best = [one.ranked[0] for one in found if one.ranked]
    return Decision(
        probability=max((probability(one.evidence) for one in found), default=0.0),
        places=tuple((one.passage.document, one.passage.section.number) for one in best),
        cosine=max((hit.vector for one in found for hit in one.hits), default=0.0),
        coverage=max((one.features["coverage"] for one in best), default=0.0),
    )
