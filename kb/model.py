"""The shapes that move between the parts: frozen data, no behaviour beyond derived properties.

Knows nothing of files, databases, indexes or questions. A *section number* is the printed one (``5.5``,
``1.1.3``, ``附录A``; a chapter is ``1``) or, where none is printed, the position with a sign (``§2.1``). A *clause id*
names one block for good: ``5.5-2`` the second item of 5.5, ``5.5-2.1`` the first item nested in it, ``5.5-p1`` its
first paragraph, ``5.5-t1.r2`` the second row of its first table.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

BlockKind = Literal["paragraph", "item", "row"]
SectionStatus = Literal["present", "missing_body", "truncated"]
RepairKind = Literal["gloss", "script", "width", "gbk_shift", "encoding", "notice", "placeholder"]
WarningKind = Literal["hole", "missing_body", "truncated", "needs_ocr"]
AnswerStatus = Literal["answered", "partial", "not_found", "missing_in_source"]
Answerable = Literal["answered", "partial", "not_found"]


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, list item or table row of a section.

    ``text`` is what is cited: a verbatim slice ``section.body[start:end]``. An item's printed ``ordinal`` (``1.``,
    ``①``, ``步骤1``, ``-``) stands before it in the body and is not part of ``text``. ``term`` is the item's lead
    term (the part before its colon), a substring of ``text``. A row's ``text`` is readable alone: ``列名：值；列名：值``
    (empty cells left out); ``header`` and ``cells`` keep the table's form for display. ``level`` is the nesting depth
    of an item, from 0. ``repaired`` says that a lossy repair touched this block.
    """

    clause: str
    kind: BlockKind
    text: str
    start: int
    end: int
    ordinal: str = ""
    term: str = ""
    level: int = 0
    header: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One heading with the blocks directly under it. ``path`` holds the titles from the chapter down to this one.

    ``body`` is the section's own cleaned text, one block a line (an item as ordinal and text); blocks point into it.
    ``parent`` is the parent's number, ``""`` at the top.
    """

    number: str
    title: str
    level: int
    parent: str
    path: tuple[str, ...]
    body: str = ""
    blocks: tuple[Block, ...] = ()
    status: SectionStatus = "present"

    @property
    def heading(self) -> str:
        """Return number and title as printed; a positional number (``§2``) is not shown, nor one that is the title."""
        return self.title if self.number.startswith("§") or self.number == self.title else f"{self.number} {self.title}"


@dataclass(frozen=True, slots=True)
class Repair:
    """One repair, or (gloss, script, width) one kind of repair with its ``count``. ``confidence`` in 0..1."""

    kind: RepairKind
    before: str
    after: str
    section: str = ""
    confidence: float = 1.0
    count: int = 1


@dataclass(frozen=True, slots=True)
class SourceWarning:
    """Something the document's owner has to mend in the source: it can be reported, not repaired."""

    kind: WarningKind
    section: str
    message: str


@dataclass(frozen=True, slots=True)
class Health:
    """What was repaired in a document and what is suspect or missing."""

    repairs: tuple[Repair, ...] = ()
    warnings: tuple[SourceWarning, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One version of one source file. ``id`` stays when a new version of the same file comes; ``version`` counts from 1.

    ``checksum`` is the SHA-256 of the file's bytes, as hex.
    """

    id: str
    title: str
    source: str
    version: int
    checksum: str
    health: Health = field(default_factory=Health)


@dataclass(frozen=True, slots=True)
class Chunk:
    """One block, or a run of blocks, of one section: the unit that is indexed.

    ``heading`` is the path it is indexed under (document title and section titles joined by `` > ``); ``text`` its
    own words. ``clauses`` are the ids of its blocks, in order. ``tokens`` counts heading and text in the embedding
    model's own tokens.
    """

    section: str
    clauses: tuple[str, ...]
    heading: str
    text: str
    tokens: int = 0

    @property
    def indexed(self) -> str:
        """Return the text that is embedded."""
        return f"{self.heading}\n{self.text}"


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """What ingest hands to the knowledge base: a document without identity or version."""

    title: str
    source: str
    checksum: str
    sections: tuple[Section, ...]
    chunks: tuple[Chunk, ...]
    health: Health


@dataclass(frozen=True, slots=True)
class Hit:
    """One found chunk. ``score`` is the fused one in 0..1; ``words`` and ``vector`` are the parts it was fused from."""

    document: str
    chunk: Chunk
    score: float
    words: float = 0.0
    vector: float = 0.0


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a source and the words that stand there. ``quote`` is a slice of that section's text."""

    document: str
    section: str
    title: str
    path: tuple[str, ...]
    clause: str
    quote: str
    repaired: bool = False
    marker: int | None = None


@dataclass(frozen=True, slots=True)
class Nearest:
    """A section near a question that could not be answered."""

    document: str
    section: str
    title: str


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence that a chat model wrote, the markers it cites, and whether the cited clauses say so; if not, why."""

    text: str
    citations: tuple[int, ...]
    supported: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer whose every sentence carries the marker of a citation. ``timings`` in milliseconds.

    ``sentences`` are a chat model's, where one phrased the answer; ``fallback`` says why none did, though one is
    configured; ``notes`` are lines for the reader beside the answer. ``turn`` is the number under which it was recorded
    as a turn of a conversation, 0 where it was not.
    """

    question: str
    text: str
    status: AnswerStatus
    citations: tuple[Citation, ...] = ()
    followups: tuple[str, ...] = ()
    nearest: tuple[Nearest, ...] = ()
    missing: tuple[str, ...] = ()
    engine: str = "embedded"
    timings: dict[str, float] = field(default_factory=dict)
    turn: int = 0
    sentences: tuple[CheckedSentence, ...] = ()
    fallback: str = ""
    notes: tuple[str, ...] = ()
