"""The reading half of the knowledge base: documents, sections and chunks as they stand in the catalogue.

Knows the catalogue and what of it has been read already. Knows nothing of vectors, of models, or of how anything came
to be stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kb import lookup
from kb.catalogue import Catalogue
from kb.embedding_cache import chunk_ids
from kb.errors import Ambiguous, NotThere
from kb.model import Chunk, Document, Section
from kb.read_cache import ReadCache
from kb.rows import StoredChunk


class Reading:
    """What one catalogue holds; safe from several threads."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._cache = ReadCache(catalogue.state)

    @property
    def generation(self) -> int:
        """The number that rises with every change of documents."""
        return self._cache.fresh_state().stamp.generation

    # what is in documents and sections

    def documents(self) -> tuple[Document, ...]:
        """Return the current version of every document, in the order in which they first came."""
        return self._cache.read(("documents",), self._catalogue.documents)

    def versions(self, document: str) -> tuple[Document, ...]:
        """Return every version of the document with that id, oldest first."""
        return self._catalogue.versions(document)

    def find_document(self, key: str) -> Document:
        """Return the document whose id, file name or title is ``key``.

        Raises:
            NotThere: there is none; the message names those there are.
            Ambiguous: there are several.
        """
        return lookup.find_document(self.documents(), key)

    def source_at(self, place: str) -> str | None:
        """Return the source name of the document whose file was last read from ``place`` (a digest)."""
        known = self._cache.read(("places",), self._catalogue.places)
        return next((one.source for one in self.documents() if place and known.get(one.id) == place), None)

    def has_place(self, document: str) -> bool:
        """Say whether it is known where the file of the document with that id was read from."""
        return document in self._cache.read(("places",), self._catalogue.places)

    def place_of(self, document: str) -> str:
        """Return the digest of where the file of the document with that id was read from; ``""`` where it is unknown."""
        return self._cache.read(("places",), self._catalogue.places).get(document, "")

    def sections(self, document: str, *, version: int | None = None) -> tuple[Section, ...]:
        """Return the sections of the document with that id, in reading order."""
        number = self._document(document, version).version
        return self._cache.read(("sections", document, number), lambda: self._catalogue.sections(document, number))

    def section(self, document: str, number: str, *, version: int | None = None) -> Section:
        """Return one section by document id and exact number.

        Raises:
            NotThere: there is no such document or section.
        """
        of = self._document(document, version).version
        found = self._cache.read(
            ("section", document, of, number), lambda: self._catalogue.section(document, of, number)
        )
        if found is None:
            title = self._document(document, version).title
            raise NotThere(f"《{title}》里没有 {number} 这一节，可用 shouce outline 查看目录")
        return found

    def find_section(self, number: str, document: str | None = None) -> tuple[Document, Section]:
        """Return the section that a person means by ``number``, in the document they name (id, file name or title).

        Raises:
            NotThere: there is no such section.
            Ambiguous: several documents have one; the message names them.
        """
        chosen = [self.find_document(document)] if document is not None else list(self.documents())
        ids = {one.id: one for one in chosen}
        places = [(key, number) for key in self._catalogue.documents_with(number) if key in ids]
        if not places:
            known = self._cache.read(("numbers",), self._catalogue.section_numbers)
            within = [place for place in known if place[0] in ids]
            matching = set(lookup.match_number(number, {place[1] for place in within}))
            places = [place for place in within if place[1] in matching]
        if not places:
            where = f"《{chosen[0].title}》" if document is not None else "知识库"
            raise NotThere(f"{where}里没有 {number} 这一节，可用 shouce outline 查看目录")
        if len({key for key, _ in places}) > 1:
            names = lookup.name_all([ids[key] for key in dict.fromkeys(key for key, _ in places)])
            raise Ambiguous(f"{number} 在多个文档里都有：{names}，请用 --document 指定")
        key, exact = places[0]
        return ids[key], self.section(key, exact)

    def section_text(self, document: str, number: str, *, version: int | None = None) -> str:
        """Return a section's own body, then its descendants in order with their headings as lines.

        Raises:
            NotThere: there is no such document or section.
        """
        of = self._document(document, version).version

        def read() -> str:
            own = self.section(document, number, version=of)
            below = set(self._descendants(document, of, number))
            lines = [own.body]
            if below:
                for section in self._catalogue.sections(document, of, numbers=sorted(below)):
                    lines += [section.heading, section.body]
            return "\n".join(line for line in lines if line)

        return self._cache.read(("text", document, of, number), read)

    def _descendants(self, document: str, version: int, number: str) -> list[str]:
        outline = self._cache.read(("outline", document, version), lambda: self._catalogue.outline(document, version))
        inside = {number}
        found: list[str] = []
        for other, parent in outline:  # a parent stands before its children
            if parent in inside and other not in inside:
                inside.add(other)
                found.append(other)
        return found

    def _document(self, key: str, version: int | None = None) -> Document:
        found = self._cache.read(("document", key, version), lambda: self._catalogue.document(key, version=version))
        if found is None:
            of = "" if version is None else f"的第 {version} 版"
            raise NotThere(f"知识库里没有编号为 {key} 的文档{of}")
        return found

    # chunks

    def chunks(self, document: str | None = None) -> Iterator[tuple[str, Chunk]]:
        """Yield (id, chunk) of the current chunks in order, of one document or of all, from one snapshot."""
        for stored in self._catalogue.chunks(document):
            yield stored.id, stored.chunk

    def chunk_ids(self) -> list[str]:
        """Return the ids of the current chunks in order: what an index compares itself with."""
        with self._catalogue.read() as connection:
            return chunk_ids(connection)

    def chunk(self, key: str) -> tuple[str, Chunk]:
        """Return (document id, chunk) of a chunk id.

        Raises:
            NotThere: there is no such chunk (any more).
        """
        found = self._stored(key)
        if found is None:
            raise NotThere(f"知识库里没有编号为 {key} 的片段")
        return found.document, found.chunk

    def chunks_of(self, keys: Sequence[str]) -> dict[str, tuple[str, Chunk]]:
        """Return (document id, chunk) by chunk id, of those that are there: one read for all that are not cached."""
        loaded = self._catalogue.chunks_by_id([key for key in keys if not self._cache.holds(("chunk", key))])
        found = ((key, self._stored(key, loaded.get(key))) for key in keys)
        return {key: (stored.document, stored.chunk) for key, stored in found if stored}

    def _stored(self, key: str, loaded: StoredChunk | None = None) -> StoredChunk | None:
        return self._cache.read(("chunk", key), lambda: loaded or self._catalogue.chunks_by_id([key]).get(key))

    def chunk_count(self, document: str | None = None) -> int:
        """Return how many chunks there are, in one document or in all."""
        return self._cache.read(("count", document), lambda: self._catalogue.chunk_count(document))
