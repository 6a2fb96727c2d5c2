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
_TERM = re.compile(r"[\u4e00-\u9fff]{2,12}(?=：)")
# Sayings of a model about itself or its task: never part of an answer.
_ABOUT_ITSELF = re.compile(
    r"作为(?:一个|一名)?(?:AI|人工智能|语言模型|助手)|系统提示|提示词|我(?:不能|无法|将|会|是)|指令|资料(?:\[\d+\])?(?:中|里)?(?:没有|未)"
)
# What is only polite says nothing of the manual: left out, and not held against the model.
_POLITE = re.compile(
    r"^(?:您好|你好|好的|当然|没问题|希望(?:以上|这些|对您|能|可以)|以上(?:就?是|为|内容|信息)|(?:如果?|若)(?:您|你)?(?:还)?有(?:其他|任何|疑问|更多|别的|不清楚)|如需(?:更多|进一步|其他)|欢迎(?:随时|继续)|祝(?:您|你)|(?:感谢|谢谢)(?:您|你)|很高兴)"
)
LONGEST_POLITE = 40
SHORTEST = 4  # characters of a statement without amount or role
ATTRIBUTED = 3  # clauses tried for a sentence without a marker
LEAST_SHARED = 0.3  # coverage of its words by a clause that is tried
LEAST_ASKED = 0.6  # coverage of the words that lead to something


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
        if self._is_polite(written):
            return Reviewed(written, (), False, "客套话", frame=True)
        if _ABOUT_ITSELF.search(written.text):
            return Reviewed(written, (), False, "不是对问题的回答")
        unknown = [number for number in written.markers if number not in self._by_number]
        if unknown:
            return Reviewed(written, (), False, f"引用[{unknown[0]}]不存在")
        if not written.markers and self._leads(written.text):
            asked = self._was_asked(written.text)
            return Reviewed(written, (), asked, "" if asked else "只引出下文", frame=True)
        if self._says_nothing(written.text):
            return Reviewed(written, (), False, "没有说出内容")
        if not written.markers:
            return self._unmarked(written)
        verdict = check(written.text, [self._by_number[number] for number in written.markers], cut=self._cut)
        return Reviewed(written, written.markers if verdict.supported else (), verdict.supported, verdict.reason)

    def _is_polite(self, written: Written) -> bool:
        said = plain(written.text)
        polite = _POLITE.search(written.text) and len(written.text) <= LONGEST_POLITE and not written.markers
        return bool(polite) and not amounts(said) and not roles(said, said) and not _FRAME.search(written.text)

    def _says_nothing(self, text: str) -> bool:
        """Say whether ``text`` is a scrap: a few characters with neither an amount nor a role."""
        said = plain(text)
        return len(squeezed(said)) < SHORTEST and not amounts(said) and not roles(said, said)

    def _unmarked(self, written: Written) -> Reviewed:
        words = content(plain(written.text), self._cut)
        if words:
            near = sorted(self._by_number.values(), key=lambda one: -coverage(words, plain(one.text)))
            for one in near[:ATTRIBUTED]:
                if (
                    coverage(words, plain(one.text)) >= LEAST_SHARED
                    and check(written.text, [one], cut=self._cut).supported
                ):
                    return Reviewed(written, (one.marker,), True)
        return Reviewed(written, (), False, "没有标明出处")

    def _leads(self, text: str) -> bool:
        """Say whether a line only leads to what follows: no amount, nobody who was not asked about or headed."""
        said = plain(text)
        short = len(text) <= LONGEST_FRAME and bool(_FRAME.search(text))
        return short and not amounts(said) and all(named for _, named in roles(said, self._around()))

    def _was_asked(self, text: str) -> bool:
        """Say whether a line that leads says nothing that was not asked or headed; one that does is left out."""
        return coverage(content(plain(text), self._cut), self._around()) >= LEAST_ASKED

    def _around(self) -> str:
        """Return what may be said in leading: what was asked, the headings, and how clauses call themselves (听完诉求：…)."""
        clauses = self._by_number.values()
        terms = (one.text[: found.end()] for one in clauses if (found := _TERM.match(one.text)))
        return plain("\n".join((self._question, *(one.heading for one in clauses), *terms)))
