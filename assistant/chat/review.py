"""What becomes of one written sentence: it stands with its citations, or it does not, and why.

Knows evidence by number. A sentence without a marker gets one where a clause supports it; a marker that leads nowhere is
never mended.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.chat.evidence import Numbered
from assistant.chat.facts import amounts, plain, squeezed
from assistant.chat.verify import check, roles
from assistant.chat.wording import Cut, content, coverage
from assistant.chat.written import Written

LONGEST_FRAME = 40
_FRAME = re.compile(r"[:：]$")
# Sayings of a model about itself or its task: never part of an answer.
_ABOUT_ITSELF = re.compile(
    r"作为(?:一个|一名)?(?:AI|人工智能|语言模型|助手)|系统提示|提示词|我(?:不能|无法|将|会|是)|指令|希望(?:对您|以上|能)|如有(?:其他|疑问)|资料(?:\[\d+\])?(?:中|里)?(?:没有|未)"
)
SHORTEST = 4  # characters of a statement without amount or role
ATTRIBUTED = 3  # clauses tried for a sentence without a marker


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A sentence with the verdict on it. ``cited`` are the evidence numbers it stands on; a frame stands on none."""

    written: Written
    cited: tuple[int, ...]
    supported: bool
    reason: str = ""
    frame: bool = False


class Reviewer:
    """Judges the sentences of one answer, in order."""

    def __init__(self, numbered: Sequence[Numbered], *, question: str, cut: Cut) -> None:
        self._by_number = {one.evidence.marker: one.evidence for one in numbered}
        self._question = question
        self._cut = cut

    def review(self, written: Written) -> Reviewed:
        """Return what becomes of ``written``."""
        if _ABOUT_ITSELF.search(written.text):
            return Reviewed(written, (), False, "不是对问题的回答")
        unknown = [number for number in written.markers if number not in self._by_number]
        if unknown:
            return Reviewed(written, (), False, f"引用[{unknown[0]}]不存在")
        if not written.markers and self._frames(written.text):
            return Reviewed(written, (), True, frame=True)
        if self._says_nothing(written.text):
            return Reviewed(written, (), False, "没有说出内容")
        if not written.markers:
            return self._unmarked(written)
        verdict = check(written.text, [self._by_number[number] for number in written.markers], cut=self._cut)
        return Reviewed(written, written.markers if verdict.supported else (), verdict.supported, verdict.reason)

    def _says_nothing(self, text: str) -> bool:
        """Say whether ``text`` is a scrap: a few characters with neither an amount nor a role."""
        said = plain(text)
        return len(squeezed(said)) < SHORTEST and not amounts(said) and not roles(said, said)

    def _unmarked(self, written: Written) -> Reviewed:
        words = content(plain(written.text), self._cut)
        if words:
            near = sorted(self._by_number.values(), key=lambda one: -coverage(words, plain(one.text)))
            for one in near[:ATTRIBUTED]:
                if check(written.text, [one], cut=self._cut).supported:
                    return Reviewed(written, (one.marker,), True)
        return Reviewed(written, (), False, "没有标明出处")

    def _frames(self, text: str) -> bool:
        """Say whether a line only leads to what follows: no amount, nobody named, nothing that was not asked or headed."""
        if len(text) > LONGEST_FRAME or not _FRAME.search(text):
            return False
        said = plain(text)
        around = plain(self._question) + "\n" + "\n".join(plain(one.heading) for one in self._by_number.values())
        return (
            not amounts(said)
            and all(named for _, named in roles(said, around))
            and coverage(content(said, self._cut), around) >= 0.6
        )
