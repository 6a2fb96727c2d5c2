"""常见问答（FAQ）: what the owner wrote and approved becomes a document of its own, found, cited and versioned like any other.

The entries are the truth (``kb.records.entries``), the document is made of them anew after every change; chunks that
stay as they are are not embedded again. Each entry is a section, its question the heading, its number for good; author
and date stand in the section's path, so that every citation shows that this is no clause of the manual.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from ingest.chunk import chunk
from ingest.source import Line
from ingest.structure.blocks import assemble
from ingest.structure.markers import FIRM, Style
from ingest.structure.outline import Element, Row, Text
from ingest.structure.outline import Entry as Item
from ingest.structure.pieces import Piece, pieces_of
from ingest.structure.titles import lead_term
from kb.errors import EntryInvalid, ShouceError
from kb.model import Chunk, Health, ParsedDocument, Section
from kb.records.shapes import FAQ_DOCUMENT, FAQ_TITLE, Entry, EntryKind, EntryState, Place, chapter_of
from kb.rows import to_json

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase

# What a citation shows of where it comes from, before author and date.
_LABELS: dict[EntryKind, str] = {"answer": "FAQ", "clause": "补充条款（待并入手册）"}
LONGEST_QUESTION, LONGEST_ANSWER = 120, 20_000
WORDINGS = 8  # other ways to ask that are indexed with an entry
_CHAPTERS: dict[EntryKind, str] = {"answer": FAQ_TITLE, "clause": "补充条款（待并入手册）"}


def is_faq(document: str) -> bool:
    """Say whether this is the id of the document that is made of entries."""
    return document == FAQ_DOCUMENT


class Faq:
    """The entries of one knowledge base, and their document; safe from several threads."""

    _publishing = threading.Lock()

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge
        self._entries = knowledge.records.entries

    def entries(self, *states: EntryState) -> tuple[Entry, ...]:
        """Return the entries in these states (none given: drafts and approved ones), in order of their numbers."""
        return self._entries.all(*states)

    def entry_of(self, document: str, section: str) -> Entry | None:
        """Return the entry that a section of the document is made of; None for every other section."""
        chapter, _, number = section.partition(".")
        if not is_faq(document) or not number.isdecimal() or chapter not in {chapter_of(kind) for kind in _CHAPTERS}:
            return None
        return self._entries.get(int(number))

    def write(
        self,
        question: str,
        answer: str,
        *,
        author: str,
        kind: EntryKind = "answer",
        wordings: Sequence[str] = (),
        place: Place | None = None,
    ) -> Entry:
        """Add a draft, which nobody finds yet, and return it.

        Raises:
            EntryInvalid: question or answer are empty or too long.
            HomeUnusable: nothing can be written.
        """
        question, answer = _checked(question, answer)
        return self._entries.add(question, answer, author=author, kind=kind, wordings=wordings, place=place)

    def edit(
        self, number: int, *, question: str, answer: str, author: str, wordings: Sequence[str] | None = None
    ) -> Entry:
        """Change what an entry says; an approved one is found with its new words at once.

        Raises:
            EntryInvalid: question or answer are empty or too long.
            NotThere: there is no such entry.
            HomeBusy: another process is writing; nothing has changed then.
            HomeUnusable: nothing can be written.
        """
        question, answer = _checked(question, answer)
        before = self._entries.get(number)

        def change() -> Entry:
            return self._entries.edit(number, question=question, answer=answer, author=author, wordings=wordings)

        def undo() -> None:
            said = {"question": before.question, "answer": before.answer, "author": before.author}
            self._entries.edit(number, **said, wordings=before.wordings)

        return self._published(change, undo)

    def approve(self, number: int, *, by: str) -> Entry:
        """Approve an entry: from now on it is found.

        Raises:
            NotThere: there is no such entry.
            HomeBusy: another process is writing; nothing has changed then.
            HomeUnusable: nothing can be written.
        """
        return self._set_state(number, "approved", by)

    def remove(self, number: int, *, by: str) -> Entry:
        """Remove an entry: it is found no more. ``bring_back`` takes that back.

        Raises:
            NotThere: there is no such entry.
            HomeBusy: another process is writing; nothing has changed then.
            HomeUnusable: nothing can be written.
        """
        removed = self._set_state(number, "removed", by)
        self._knowledge.records.questions.reopen_entry(number)
        return removed

    def bring_back(self, number: int, *, by: str) -> Entry:
        """Approve a removed entry again; raises like ``approve``."""
        return self._set_state(number, "approved", by)

    def publish(self) -> None:
        """Make the document say what the approved entries say; costs nothing where it does.

        Raises:
            HomeBusy: another process is writing.
            HomeUnusable: nothing can be written.
        """
        with self._publishing, self._knowledge.writing():
            approved = self._entries.all("approved")
            if approved:
                self._knowledge.add(self._document(approved))
            elif any(is_faq(document.id) for document in self._knowledge.documents()):
                self._knowledge.remove(FAQ_DOCUMENT, keep=False)

    def _set_state(self, number: int, state: EntryState, by: str) -> Entry:
        before = self._entries.get(number)
        return self._published(
            lambda: self._entries.set_state(number, state, by=by),
            lambda: self._entries.set_state(number, before.state, by=before.approved_by),
        )

    def _published(self, change: Callable[[], Entry], undo: Callable[[], object]) -> Entry:
        """Return what ``change`` returns once it is published; undo it where it cannot be."""
        changed = change()
        try:
            self.publish()
        except ShouceError:
            undo()
            raise
        return changed

    def _document(self, entries: Sequence[Entry]) -> ParsedDocument:
        model, limits = self._knowledge.embeddings, self._knowledge.settings.limits
        sections: list[Section] = []
        chunks: list[Chunk] = []
        for kind, title in _CHAPTERS.items():
            own = [entry for entry in entries if entry.kind == kind]
            if own:
                sections.append(Section(chapter_of(kind), title, 1, "", (title,)))
            for entry in own:
                found = section_of(entry)
                sections.append(replace(found, path=(f"{_LABELS[kind]} · {byline(entry)}", found.title)))
                pieces = chunk(FAQ_TITLE, [found], count_tokens=model.count_tokens, limit=limits.chunk_tokens)
                chunks += [*pieces, *_other_wordings(entry, pieces, model.count_tokens, limits.chunk_tokens)]
        said = to_json([[s.number, s.path, s.body] for s in sections] + [[c.heading, c.text] for c in chunks])
        checksum = hashlib.sha256(said.encode()).hexdigest()
        return ParsedDocument(FAQ_TITLE, FAQ_TITLE, checksum, tuple(sections), tuple(chunks), Health())


def byline(entry: Entry) -> str:
    """Return who wrote an entry, and on which day (of this machine's clock): ``王芳 2026-11-23``."""
    day = datetime.fromisoformat(entry.written_at).astimezone().date().isoformat()
    return f"{entry.author} {day}".strip()


def section_of(entry: Entry) -> Section:
    """Return an entry as a section: its question the heading, its answer as paragraphs, items and rows with clause ids."""
    chapter, title = chapter_of(entry.kind), _CHAPTERS[entry.kind]
    number = f"{chapter}.{entry.number}"
    body, blocks = assemble(number, list(_elements(entry.answer)))
    return Section(number, entry.question, 2, chapter, (title, entry.question), body, blocks)


def _elements(text: str) -> Iterator[Element]:
    """Yield the paragraphs, list items and table rows of an answer as people type it (or write it in Markdown)."""
    styles: list[Style] = []
    for piece in pieces_of([Line(line) for line in text.splitlines()]):
        if piece.kind == "row":
            yield Row(piece.table, piece.cells, piece.header)
        elif piece.mark is None or piece.kind == "heading" or piece.mark.style in {*FIRM, "dotted"}:
            styles.clear()
            yield Text(_plain(piece.raw or piece.text))
        else:
            if piece.mark.style in styles:
                del styles[styles.index(piece.mark.style) + 1 :]
            else:
                styles.append(piece.mark.style)
            yield _item(piece, len(styles) - 1)


def _item(piece: Piece, level: int) -> Item:
    words = _plain(piece.text)
    assert piece.mark is not None
    return Item(piece.mark.printed, words, level, piece.mark.style, term=lead_term(words))


def _plain(text: str) -> str:
    return text.replace("**", "").replace("__", "").strip()


def _other_wordings(
    entry: Entry, chunks: Sequence[Chunk], count_tokens: Callable[[str], int], limit: int
) -> Iterator[Chunk]:
    """Yield the entry's first words once more under the other ways to ask for it."""
    others = [" ".join(one.split()) for one in entry.wordings if one.strip() and one.strip() != entry.question]
    if not others or not chunks:
        return
    first = chunks[0]
    for count in range(min(len(others), WORDINGS), 0, -1):
        heading = f"{FAQ_TITLE} > {'；'.join(others[:count])}"
        tokens = count_tokens(f"{heading}\n{first.text}")
        if tokens <= limit:
            yield replace(first, heading=heading, tokens=tokens)
            return


def _checked(question: str, answer: str) -> tuple[str, str]:
    question, answer = " ".join(question.split()), answer.strip()
    if not question or not answer:
        raise EntryInvalid("请把问题和答案都写上" if not question else "答案还是空的，请写上答案")
    if len(question) > LONGEST_QUESTION or len(answer) > LONGEST_ANSWER:
        raise EntryInvalid(f"问题最多 {LONGEST_QUESTION} 个字，答案最多 {LONGEST_ANSWER} 个字，请写短一些")
    if not any(True for element in _elements(answer) if not isinstance(element, Row) or any(element.cells)):
        raise EntryInvalid("答案里没有可以读的文字，请写上答案")
    return question, answer
