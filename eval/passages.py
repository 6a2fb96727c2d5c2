"""A retrieval set as a knowledge base: one document, a section for each passage, chunked as every document is.

So the product's own search, decision and answers run over public sets through their public surface. Knows blocks and
sections; not how they are searched.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from ingest.chunk import chunk
from kb.model import Block, Health, ParsedDocument, Section

if TYPE_CHECKING:
    from eval.beir import Passage

# What the file would be called at a company; a set that is not named here keeps its own name.
TITLES = {
    "tidb_faq": "产品文档",
    "lecoqa": "法律法规",
    "cmrc2018_dev": "百科",
    "drcd_dev": "百科",
    "xquad_zh": "百科",
}
_ITEM = re.compile(r"^(\s*)([-*•]|\d{1,2}[.、)）])\s*(?=\S)")


def number_of(position: int) -> str:
    """Return the section number of the passage at ``position`` in its set."""
    return f"§{position + 1}"


def passage_of(number: str, passages: Sequence[Passage]) -> Passage:
    """Return the passage that section ``number`` was made of."""
    return passages[int(number.removeprefix("§")) - 1]


def document_of(
    name: str,
    passages: tuple[Passage, ...],
    *,
    count_tokens: Callable[[str], int],
    limit: int,
    without: Collection[str] = (),
) -> ParsedDocument:
    """Return the passages as one parsed document, sections numbered by their place in ``passages``.

    Args:
        name: the set's name.
        passages: all of them.
        count_tokens: of the embedding model.
        limit: the most tokens of a chunk.
        without: ids of passages to leave out; the numbers of the others stay.
    """
    sections = tuple(
        _section(number_of(at), passage) for at, passage in enumerate(passages) if passage.id not in without
    )
    title = TITLES.get(name, name)
    return ParsedDocument(
        title=title,
        source=f"{name}.jsonl",
        checksum=f"{name}-{len(sections)}-{_digest(without)}",
        sections=sections,
        chunks=chunk(title, sections, count_tokens=count_tokens, limit=limit),
        health=Health(),
    )


def _digest(ids: Collection[str]) -> str:
    return hashlib.sha256("\n".join(sorted(ids)).encode()).hexdigest()[:8]


def _section(number: str, passage: Passage) -> Section:
    """Return one passage as a section: a block for each line, lines that are marked as items as items."""
    blocks: list[Block] = []
    body = ""
    paragraphs = items = 0
    for line in passage.text.split("\n"):
        text = line.strip()
        if not text:
            continue
        mark = _ITEM.match(line)
        words = text[mark.end() - len(mark[1]) :] if mark else text
        start = len(body) + (len(text) - len(words))
        if mark:
            items += 1
            ordinal, clause = mark[2], f"{number}-{items}"
            term = words.partition("：")[0] if "：" in words[:24] else ""
            level = min(3, len(mark[1]) // 2) if items > 1 else 0
            blocks.append(Block(clause, "item", words, start, start + len(words), ordinal, term, level))
        else:
            paragraphs += 1
            blocks.append(Block(f"{number}-p{paragraphs}", "paragraph", words, start, start + len(words)))
        body += text + "\n"
    path = (passage.title,) if passage.title else ()
    return Section(number, passage.title, 1, "", path, body.rstrip("\n"), tuple(blocks))
