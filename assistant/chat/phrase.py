"""From reviewed sentences to an answer: markers given out in the order of use, lines joined, what was removed told.

Knows the form of an answer. What stands is decided by ``review``, what is missing by ``complete``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assistant.chat.complete import RESTORED, Completed
from assistant.chat.evidence import Numbered
from assistant.chat.review import Reviewed
from kb.model import CheckedSentence, Citation

_ENDED = re.compile(r"[。！？!?：:；;…][”’」』）)]*$")
_CLOSING = re.compile(r"([。！？!?；;…]+[”’」』）)]*)$")


@dataclass(slots=True)
class Markers:
    """Gives out markers, one a clause, in the order in which sentences cite them."""

    numbered: Sequence[Numbered]
    citations: list[Citation] = field(default_factory=list)
    _given: dict[tuple[str, str], int] = field(default_factory=dict)

    def of(self, cited: Sequence[int]) -> tuple[int, ...]:
        """Return the markers of evidence numbers."""
        by_number = {one.evidence.marker: one.citation for one in self.numbered}
        return tuple(self.of_citation(by_number[number]) for number in cited)

    def of_citation(self, cited: Citation) -> int:
        """Return the marker of one citation."""
        place = cited.document, cited.clause
        if place not in self._given:
            self._given[place] = len(self.citations) + 1
            self.citations.append(replace(cited, marker=self._given[place]))
        return self._given[place]


def checked(one: Reviewed, markers: Markers) -> CheckedSentence:
    """Return a reviewed sentence as it is told to the reader."""
    return CheckedSentence(one.written.text, markers.of(one.cited), one.supported, one.reason)


def closed(text: str, given: Sequence[int]) -> str:
    """Return a sentence with a full stop and its markers after it."""
    ended = text if _ENDED.search(text) else f"{text}。"
    return ended + "".join(f"[{marker}]" for marker in given)


def phrased(completed: Completed, markers: Markers) -> tuple[str, tuple[CheckedSentence, ...]]:
    """Return the text of an answer without what does not stand, and every sentence with its verdict."""
    told: list[CheckedSentence] = []
    lines: list[str] = []
    number = 0
    for at, one in enumerate(completed.sentences):
        restored = completed.restored.get(at)
        if restored:
            sentence = CheckedSentence(one.written.text, (markers.of_citation(restored),), True, RESTORED)
        else:
            sentence = checked(one, markers)
        told.append(sentence)
        if not one.supported or (one.frame and not _leads(completed.sentences[at + 1 :])):
            continue
        words = sentence.text if one.frame else closed(sentence.text, sentence.citations)
        if not one.written.line and lines:
            lines[-1] += words
            continue
        if one.written.ordinal and one.written.ordinal != "-":
            number = 1 if one.written.ordinal == "1" and not restored and not _listed(lines) else number + 1
            words = f"{number}. {words}"
        elif one.written.ordinal:
            words = f"- {words}"
        lines.append(words)
    return "\n".join(lines), tuple(told)


def _leads(rest: Sequence[Reviewed]) -> bool:
    """Say whether anything that stands follows a line that only leads to it."""
    return any(one.supported and not one.frame for one in rest)


def _listed(lines: Sequence[str]) -> bool:
    """Say whether the line before is a member of the same list."""
    return bool(lines) and bool(re.match(r"\d+\. ", lines[-1]))
