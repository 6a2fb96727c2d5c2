"""Names that a corpus gives for one another: 流程再造（Process Reengineering）, 标准作业程序（SOP）, 以下简称“中心”.

Found in the chunks, kept beside the index they were read from, used like the synonyms file. Knows forms of writing,
nothing of meaning.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from kb.fold import fold

if TYPE_CHECKING:
    from pathlib import Path

    from kb.model import Chunk

FILE = "glossary.json"
LONGEST = 12
_BRACKETED = re.compile(r"(?P<term>[\u4e00-\u9fff]{2,16})\s*[（(](?P<names>[A-Za-z][A-Za-z0-9 ,，、&/'’.-]{1,70})[)）]")
_SHORT = re.compile(
    r"(?P<term>[\u4e00-\u9fff]{3,16})\s*[（(](?:以下)?(?:简称|统称|又称|也叫|下称|称为?)[:：]?[“\"「]?(?P<short>[\u4e00-\u9fffA-Z]{2,8})[”\"」]?[)）]"
)
# What stands before a term in a sentence and is no part of it.
_BEFORE = re.compile(
    r"^.*?(?:例如|包括|通过|采用|引入|使用|利用|运用|建立|根据|制定|绘制|借助|结合|应用|称为|叫做|叫作|就是|作为|以及|其中|实行|推行|开展|依据"
    r"|[如用按以与和及或即是的])(?=[\u4e00-\u9fff]{3,})"
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def pairs_of(text: str) -> list[tuple[str, str]]:
    """Return (term, other name) as ``text`` gives them, folded; English that lost its blanks gets them back."""
    found: list[tuple[str, str]] = []
    for match in _BRACKETED.finditer(text):
        term = _term(match["term"])
        for name in re.split(r"[,，、/]", match["names"]):
            written = " ".join(_CAMEL.sub(" ", name).split())
            if term and len(written) > 1 and not re.search(r"\d{3,}", written):
                found.append((term, fold(written)))
                if len(written.split()) > 1 and fold(name.strip()) != fold(written):
                    found.append((term, fold(name.strip())))
    found += [(term, fold(match["short"])) for match in _SHORT.finditer(text) if (term := _term(match["term"]))]
    return found


def _term(before: str) -> str:
    """Return the term at the end of ``before``; ``""`` where it cannot be told from the sentence."""
    term = before
    while (cut := _BEFORE.sub("", term)) != term:
        term = cut
    return fold(term) if 2 <= len(term) <= LONGEST else ""


def mine(texts: Iterable[str]) -> list[tuple[str, str]]:
    """Return the pairs that ``texts`` give, each once; of several terms for one name the most frequent (at least half)."""
    terms: dict[str, Counter[str]] = {}
    for text in texts:
        for term, name in pairs_of(text):
            terms.setdefault(name, Counter())[term] += 1
    return [
        (term, name)
        for name, counted in terms.items()
        for term, count in counted.items()
        if count * 2 >= max(counted.values())
    ]


def build(directory: Path, chunks: Iterable[tuple[str, str, Chunk]] | Iterable[tuple[str, Chunk]]) -> None:
    """Write the glossary of ``chunks`` into ``directory``."""
    found = mine(f"{one[-1].heading}\n{one[-1].text}" for one in chunks)
    (directory / FILE).write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


def read(directory: Path) -> list[tuple[str, str]]:
    """Return the pairs stored in ``directory``; none where the file cannot be read."""
    try:
        return [(str(term), str(name)) for term, name in json.loads((directory / FILE).read_text(encoding="utf-8"))]
    except (OSError, ValueError):
        return []
