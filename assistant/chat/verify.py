"""Does a generated sentence say only what the clauses say that it cites? Pure functions on texts.

A sentence stands where every amount, time, code, name and role in it stands in the cited evidence, and where it is borne
out as the small model of ``kb/claim_reader.py`` reads it beside the evidence: surely, where a rule says that something is
permitted, denied, widened or paired otherwise (paraphrases break such rules), else likely.
Knows one sentence at a time; nothing of chat models, streams or where the evidence came from. ``python -m
eval.sentence_check`` measures it on labelled sentences.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.chat.actors import exchanged
from assistant.chat.belonging import moved
from assistant.chat.crossed import crossed, paired_otherwise
from assistant.chat.exclusive import given_away
from assistant.chat.facts import amounts, codes, latin, names, plain, squeezed, without_amounts
from assistant.chat.figures import missing_amount
from assistant.chat.hedges import hedged
from assistant.chat.left_out import left_out
from assistant.chat.orders import disordered
from assistant.chat.polarity import force
from assistant.chat.scope import widened, without_exception
from assistant.chat.sources import Evidence, Source, roles, segments, without_positions
from assistant.chat.turned import opposed, reordered, turned
from assistant.chat.untied import counted_from, joined_otherwise, regardless, without_limit
from assistant.chat.wording import Cut, content, coverage, credit
from kb.claim_reader import Reading, open_claim_reader

# Log-probabilities that all of a sentence is borne out (``kb/claim_reader.py``): least for one that no rule doubts, for one
# whose words are not covered, and for one that a rule doubts. Chosen on batches that neither reader nor rules had seen.
LEAST_SURE, LIKELY, SURE = -4.0, -3.0, -0.6
INTRODUCTION = 80  # characters of an introduction that the reader is shown, the last
# Without the reader: the loosest values at which no more of the sentences of the first batches slip through.
LEAST_COVERAGE = 0.6
LEAST_SEGMENT = 0.22
LEAST_ALLOWED = 0.3  # where it allows something
LEAST_OWN = 0.35  # by the clauses themselves, without headings and introductions
SEGMENT_WORDS = 4  # characters of content that make a segment a claim of its own
_PLACE = re.compile(r"第?\d{1,2}(?:\.\d{1,2}){1,3}(?:-[\dpt.r]+)?(?=[节条款章]|的|规定|[,:;]|$)")
_IN_ORDER = re.compile("先.+[再后]|依次|→")
_THEN = re.compile("首先|然后|随后|接着|最后|先|再")
_ALWAYS = re.compile("一律|始终|全都?|都|均|总是|永远|一概")
_MARKER = re.compile(r"\s*\[\d+(?:\s*[,，、-]\s*\d+)*\]")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a sentence stands, and if not, why: one line of Chinese."""

    supported: bool
    reason: str = ""


STANDS = Verdict(True)


def check(sentence: str, cited: Sequence[Evidence], *, cut: Cut) -> Verdict:
    """Return whether ``sentence`` is supported by ``cited``.

    Args:
        sentence: one sentence, with or without its markers and its number in a list.
        cited: the evidence that it cites, at least one piece for anything to stand.
        cut: cuts a text into words.
    """
    folded = plain(_MARKER.sub("", sentence).replace("**", ""))
    said = _without_places(without_positions(folded), cited)
    if not cited:
        return Verdict(False, "没有标明出处")
    source = Source.of(cited)
    if any(squeezed(said) in squeezed(block) for block in source.blocks):
        return STANDS  # word for word
    reason = (
        missing_amount(said, source)
        or _missing_name(said, source)
        or _missing_role(said, source)
        or exchanged(said, source, cut)
        or disordered(said, source, cut)
        or reordered(said, source, cut)
        or opposed(said, source)
        or hedged(said, source)
        or given_away(said, source, cut)
        or moved(said, source, cut)
        or paired_otherwise(said, source, cut)
        or without_exception(said, source, cut)
        or regardless(said, source, cut)
        or joined_otherwise(said, source, cut)
        or counted_from(said, source)
        or without_limit(said, source, cut)
    )
    if not reason:
        doubt, read = _doubt(said, source, cut), open_claim_reader()
        missing = _not_said(said, source, cut)
        if read and (doubt or missing or not _plainly_said(said, source, cut)):
            reason = _not_borne_out(read(folded, shown(cited)), source, doubt, missing)
        else:
            reason = doubt or missing
    return Verdict(False, reason) if reason else STANDS


def _plainly_said(said: str, source: Source, cut: Cut) -> bool:
    """Say whether ``said`` states amounts or an order, all of its words being the evidence's.

    The rules see that better than the reader, which doubts what differs from a wrong sentence in a number or two places.
    """
    pieces = segments(_THEN.sub(" ", said) if _IN_ORDER.search(said) else said)
    words = [word for piece in pieces for word in content(_without_roles(piece, source), cut)]
    return bool(amounts(said) or _IN_ORDER.search(said)) and coverage(words, source.around) == 1.0


def _not_borne_out(reading: Reading, source: Source, doubt: str, missing: str) -> str:
    """Return why a sentence does not stand as it was read, where rules have their ``doubt`` or miss words (or not)."""
    if doubt and reading.stands < SURE:
        return doubt
    if missing and reading.stands < LIKELY:
        return missing
    if reading.stands >= LEAST_SURE:
        return ""
    runs = (one.strip(" ,;。:") for one in reading.doubtful(min(0.0, reading.doubt)))
    said = [one for one in runs if one]
    if said and all(_ALWAYS.fullmatch(one) for one in said) and _ALWAYS.search(source.text):
        return ""  # 一律 for 始终: which cases are meant is for the rules
    return f"所引条款没有说到：{'、'.join(said)}"


def _doubt(said: str, source: Source, cut: Cut) -> str:
    """Return what rules say that paraphrases break at times, so that the reader of claims has a say in it."""
    return (
        turned(said, source, cut)
        or widened(said, source, cut)
        or crossed(said, source, cut)
        or left_out(said, source, cut)
    )


def shown(cited: Sequence[Evidence]) -> str:
    """Return ``cited`` as the reader of claims is shown it: headings without the document, introductions, the words."""
    return "\n".join("：".join(filter(None, _parts(one))) for one in cited)


def _parts(one: Evidence) -> tuple[str, str, str]:
    path = one.heading.split(" > ")
    heading = " > ".join(path[1:-1])  # without the document and the clause's number
    return plain(heading), plain(one.introduction)[-INTRODUCTION:], plain(one.text)


def _without_places(said: str, cited: Sequence[Evidence]) -> str:
    """Return ``said`` without the numbers of the sections it cites (按5.1的规定)."""
    headings = " ".join(one.heading for one in cited)
    return _PLACE.sub(lambda place: " " if place[0].lstrip("第") in headings else place[0], said)


def _missing_name(said: str, source: Source) -> str:
    given = codes(source.text)
    for code in codes(said):
        if not any(other[: len(code)] == code for other in given):
            return f"编号“{'-'.join(code)}”不在所引条款中"
    for word in latin(said):
        if word not in source.around:
            return f"“{word}”不在所引条款中"
    flat = squeezed(source.around)
    for name in names(said):
        if name not in flat:
            return f"“{name}”不在所引条款中"
    return ""


def _missing_role(said: str, source: Source) -> str:
    for role, named in roles(said, source.around):
        if not named:
            return f"“{role}”不在所引条款中"
    return ""


def _without_roles(piece: str, source: Source) -> str:
    """Return ``piece`` without the roles it names: that both name 信息安全员 says nothing of what is claimed."""
    for role, _ in roles(piece, source.around):
        piece = piece.replace(role, " ")
    return without_amounts(piece)


def _not_said(said: str, source: Source, cut: Cut) -> str:
    every: list[str] = []
    for piece in segments(said):
        words = content(_without_roles(piece, source), cut)
        every += words
        least = LEAST_ALLOWED if force(piece) == "may" else LEAST_SEGMENT
        if sum(map(len, words)) >= SEGMENT_WORDS and coverage(words, source.around) < least:
            return f"所引条款没有说到：{piece.strip()}"
    own = coverage(every, "\n".join(source.blocks)) >= LEAST_OWN
    if sum(map(len, every)) >= SEGMENT_WORDS and (not own or coverage(every, source.around) < LEAST_COVERAGE):
        missing = [word for word in every if credit(word, source.around) < 0.5]
        return f"所引条款没有说到：{'、'.join(dict.fromkeys(missing))}"
    return ""


__all__ = ["Evidence", "Verdict", "check", "roles"]
