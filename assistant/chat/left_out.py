"""Whether a sentence leaves out for which kind alone the cited clauses say something: 重大投诉, 旺季, (I级为2个工作日内).

Knows words for kinds and what stands in brackets as an exception. Knows nothing of cases told with 的 and 时 (``scope``'s).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.chat.facts import amounts
from assistant.chat.sources import SENTENCE, Source, parted
from assistant.chat.wording import Cut, content, coverage

SAME_SPEECH, CLEARLY = 0.75, 0.25  # coverage of a piece that tells the same, and how much more than any other it does
_KIND = re.compile(
    r"(?<![不非])(?:一般|重大|特大|较大|紧急|普通|加急|特殊|首次|再次|重复|大额|小额|旺季|平季|淡季|夜间|(?<![a-z])[ivx]+级)(?=[\u4e00-\u9fff(,:])"
)
_BRACKETED = re.compile(r"\((?P<case>[^(),;\d]{1,12}?)(?:为|是|则|须|应|在)[^(),;\d]{0,4}(?P<amount>\d[^()]*)\)")


def _exception_exchanged(said: str, source: Source) -> str:
    """Return the case of an exception in brackets whose amount is said of the rest, and the rest's of it."""
    for found in (one for block in source.blocks for one in _BRACKETED.finditer(block)):
        rule = amounts(source.text.replace(found[0], " "))
        for amount in amounts(found["amount"]):
            parts = [part for part in re.split("[;。]", said) if amounts(part)]
            theirs = [part for part in parts if found["case"] in part]
            others = [part for part in parts if found["case"] not in part]
            if (
                any(amount.same(one) for part in others for one in amounts(part))
                and theirs
                and not any(amount.same(one) for part in theirs for one in amounts(part))
                and any(one.same(two) for part in theirs for one in amounts(part) for two in rule)
            ):
                return f"所引条款只在“{found['case']}”时才这样说"
    return ""


def left_out(said: str, source: Source, cut: Cut) -> str:
    """Return the kind of which alone the evidence says what ``said`` says of every kind, in one line; ``""`` if there is none."""
    return (
        _exception_exchanged(said, source)
        or _exception(said, source)
        or _kind_of_amount(said, source)
        or _kind_of_deed(said, source, cut)
    )


def _exception(said: str, source: Source) -> str:
    """Return the case of an exception in brackets whose amount is said without it."""
    for block in source.blocks:
        for found in _BRACKETED.finditer(block):
            outside = amounts(block.replace(found[0], " "))
            for amount in amounts(found["amount"]):
                said_too = any(amount.same(one) for one in amounts(said))
                if said_too and not any(amount.same(one) for one in outside) and not _named(found["case"], said):
                    return f"所引条款只在“{found['case']}”时才这样说"
    return ""


def _kind_of_amount(said: str, source: Source) -> str:
    """Return the kind with which alone the evidence tells an amount of ``said``, which ``said`` does not name."""
    pieces = list(_pieces(source))
    for amount in amounts(said):
        telling = [piece for piece in pieces if any(amount.same(one) for one in amounts(piece))]
        kinds = [_unnamed(piece, said, source) for piece in telling]
        if kinds and all(kinds):
            return f"所引条款只说“{kinds[0]}”"
    return ""


def _kind_of_deed(said: str, source: Source, cut: Cut) -> str:
    pieces = list(_pieces(source))
    for part in SENTENCE.split(said):
        words = content(part, cut)
        shares = [coverage(words, piece) for piece in pieces]
        if len(words) < 2 or not shares or max(shares) < SAME_SPEECH:
            continue
        best = max(range(len(pieces)), key=shares.__getitem__)
        others = [share for at, share in enumerate(shares) if at != best]
        kind = _unnamed(pieces[best], part, source)
        if kind and others and max(others) < shares[best] - CLEARLY:
            return f"所引条款只说“{kind}”"
    return ""


def _pieces(source: Source) -> Iterator[str]:
    for block in source.blocks:
        yield from (piece for piece in parted(block, SENTENCE) if piece.strip())


def _unnamed(piece: str, said: str, source: Source) -> str:
    """Return the kind that ``piece`` opens with and that neither ``said`` nor a heading names; ``""`` if there is none."""
    found = _KIND.search(piece)
    return "" if not found or found.start() > 12 or _named(found[0], said + source.heading) else found[0]


def _named(kind: str, text: str) -> bool:
    """Say whether ``text`` names ``kind``, or speaks of the like (急件 for 紧急)."""
    return any(character in text for character in kind if character not in "级的")
