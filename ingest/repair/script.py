"""Traditional characters back to simplified ones, for documents that were simplified before a site turned them.

Knows the signs of such a document: vocabulary and quotation marks of the mainland, simplified characters left over,
forms that only a converter writes (爲, 衆), and damage that a scraper did. A document from Hong Kong or Taiwan keeps its
script, and so does a traditional name or quotation in a simplified document. Knows nothing of words that differ between
regions: 資訊 would stay 资讯.
"""

from __future__ import annotations

import math
import re

from ingest.repair.characters import is_han, load_characters
from ingest.repair.regional_words import ELSEWHERE, MAINLAND
from kb.fold import converter

FEWEST_TRADITIONAL = 3
ENOUGH = 3.0
"""Evidence from which a document counts as turned. Of 1,000 passages from Taiwan none reaches it (DRCD)."""

_DAMAGE, _RESIDUE, _QUOTES, _CORNERS = 6.0, 4.0, 2.0, 1.0
_LEAST_RESIDUE = 0.01
_LEAST_SPRINKLED = 0.05
_LONGEST_SPRINKLED = 3
_CORNER_QUOTES = re.compile("[「」『』]")
_CURLY_QUOTES = re.compile("[“”]")
_CLAUSE = re.compile(r"[^，。；！？,;!?\s]+")

# s2t forms that t2s does not take back, and 於 wherever it is left (it is a name then, or 於單)
_FORMS = (
    ("答覆", "答复"), ("回覆", "回复"), ("批覆", "批复"), ("函覆", "函复"), ("座標", "坐标"), ("馬伕", "马夫"),
    ("車伕", "车夫"), ("揹", "背"), ("暱", "昵"), ("於", "于"),
)  # fmt: skip
# 著 stays in these; elsewhere it is 着, which OpenCC's t2s leaves alone.
_KEEPS_ZHU = re.compile(
    "(?:显|原|名|专|编|论|译|合|巨|遗|拙|土|卓|昭|较|共|新|旧|力|所|自|本|大|近|史|典|撰|选|主)著(?![手急眼想落陆重])"
    "|著(?:作|名|述|书|称|录|者|有|于|文|说|编|家|权|译)"
)
_NEVER_KEEPS = re.compile("随著|[跟沿朝向看接抱趁借本]著(?:名|作)?(?=[客市科企社时业]|$)|[跟随沿]著")
_COPYRIGHT = "著作权"
_AUTHOR = re.compile(r"(?:[》\]】〕]|作者|主[编編])[^，。；,;]{0,12}$")


def counts(document: str) -> tuple[int, int]:
    """Return how many characters are traditional only, and how many simplified only."""
    tables = load_characters()
    traditional = sum(character in tables.traditional for character in document)
    simplified = sum(character in tables.simplified for character in document)
    return traditional, simplified


def was_simplified(document: str, *, glosses: int = 0, slips: int = 0) -> bool:
    """Say whether a document with traditional characters was a simplified one.

    ``glosses`` and ``slips`` count the repairs of those kinds: a site that did the one did the other. Without them:
    simplified characters mixed in, or the words and marks of the mainland.
    """
    traditional, simplified = counts(document)
    if traditional < FEWEST_TRADITIONAL:
        # a conversion that stopped halfway leaves 著
        return simplified >= FEWEST_TRADITIONAL and "著" in document and _mend_zhu(document) != document
    if simplified > traditional:
        # single characters inside simplified clauses are damage; whole clauses are quotations
        return _sprinkled(document) >= 0.6 * traditional and traditional >= _LEAST_SPRINKLED * (
            traditional + simplified
        )
    return _evidence(document, traditional, simplified) + _DAMAGE * bool(glosses or slips) >= ENOUGH


def _mixed(document: str) -> int:
    """Return how many traditional characters stand in a clause that has simplified ones too."""
    found = (counts(clause) for clause in _CLAUSE.findall(document))
    return sum(traditional for traditional, simplified in found if simplified)


def _sprinkled(document: str) -> int:
    """Return how many traditional characters stand among simplified ones, not in a block of their own like a name."""
    tables = load_characters()
    found = 0
    for clause in _CLAUSE.findall(document):
        scripts = "".join(
            "t" if character in tables.traditional else "s"
            for character in clause
            if character in tables.traditional or character in tables.simplified
        )
        if "s" in scripts:
            found += sum(len(block) for block in scripts.split("s") if len(block) <= _LONGEST_SPRINKLED)
    return found


def _evidence(document: str, traditional: int, simplified: int) -> float:
    score = 0.0
    residue = simplified >= FEWEST_TRADITIONAL and simplified >= _LEAST_RESIDUE * (traditional + simplified)
    if residue and _mixed(document) >= 0.02 * traditional:
        score += _RESIDUE
    curly, corner = len(_CURLY_QUOTES.findall(document)), len(_CORNER_QUOTES.findall(document))
    if curly + corner:
        score += _QUOTES * (curly - corner) / (curly + corner) - _CORNERS * bool(corner)
    here = sum(weight * math.log2(1 + document.count(word)) for word, weight in MAINLAND.items())
    elsewhere = sum(weight * math.log2(1 + document.count(word)) for word, weight in ELSEWHERE.items())
    # a long text has some words of either: the difference counts against the sum
    return score + (here - elsewhere) * min(1.0, 3.0 / math.sqrt(1.0 + elsewhere))


def simplify(text: str) -> tuple[str, int]:
    """Return ``text`` in simplified characters (of the same length), and how many characters changed."""
    if not any(is_han(character) for character in text):
        return text, 0
    turned = text
    for old, new in _FORMS:
        turned = turned.replace(old, new)
    turned = str(converter("t2s").convert(turned))
    if any(character > "\uffff" for character in turned):  # forms that no font has
        turned = "".join(b if b <= "\uffff" else a for a, b in zip(text, turned, strict=True))
    turned = _mend_zhu(turned)
    changed = sum(a != b for a, b in zip(text, turned, strict=True))
    return turned, changed


def _mend_zhu(text: str) -> str:
    if "著" not in text:
        return text
    kept = {match.start() + match.group().index("著") for match in _KEEPS_ZHU.finditer(text)}
    kept -= {match.start() + match.group().index("著") for match in _NEVER_KEEPS.finditer(text)}
    kept |= {match.start() for match in re.finditer(_COPYRIGHT, text)}
    characters = list(text)
    for place, character in enumerate(characters):
        if character != "著" or place in kept:
            continue
        following = text[place + 1 : place + 2]
        if following in "，,。；;）)、 》" and _AUTHOR.search(text[max(0, place - 20) : place]):
            continue
        characters[place] = "着"
    return "".join(characters)


def first_changes(before: str, after: str, most: int) -> list[int]:
    """Return the places of the first changed characters, each character once."""
    places: list[int] = []
    seen: set[str] = set()
    for place, (a, b) in enumerate(zip(before, after, strict=False)):
        if a != b and a not in seen:
            seen.add(a)
            places.append(place)
            if len(places) == most:
                break
    return places
