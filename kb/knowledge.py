"""The knowledge base: what ingest adds to and everything else reads from.

Knows how catalogue, cached vectors, derived indexes and the writer's lock work together. Knows nothing of file formats,
of words as search terms, or of questions. A change is one transaction of the catalogue; indexes follow when they are
next needed, or when the writer closes, whichever comes first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

from kb import lookup
from kb.catalogue import Catalogue, Model
from kb.derived import DerivedDirectories
from kb.embedding_cache import Progress, embed_missing
from kb.embeddings import EmbeddingModel, open_embeddings
from kb.errors import Ambiguous, IndexOutdated, NotThere, SourceUnreadable
from kb.home import CATALOGUE, INDEX, translated
from kb.locking import Notice, WriterLock
from kb.model import Chunk, Document, ParsedDocument, Section
from kb.read_cache import ReadCache
from kb.records import Records
from kb.rows import StoredChunk, batched, document_id, fingerprint, normal_source, stored_chunks, text_key
from kb.vectors import VectorIndex, open_vector_index

if TYPE_CHECKING:
    from types import TracebackType

    import numpy as np
    from langchain_core.vectorstores import VectorStore
    from numpy.typing import NDArray

    from kb.settings import Settings

AddStatus = Literal["added", "updated", "unchanged"]
_REBUILD_BATCH = 1000


@dataclass(frozen=True, slots=True)
class AddResult:
    """What became of a parsed document; ``embedded`` counts the chunks that had to be embedded."""

    document: Document
    status: AddStatus
    embedded: int = 0


class KnowledgeBase:
    """One open data directory. Reading is safe from several threads; so is writing, one after the other."""

    def __init__(
        self, settings: Settings, *, embeddings: EmbeddingModel | None = None, notice: Notice | None = None
    ) -> None:
        self.settings = settings
        self.home = settings.home
        self._given = embeddings
        with translated(self.home):
            self.home.mkdir(parents=True, exist_ok=True)
        self._lock = WriterLock(self.home, wait_seconds=settings.limits.lock_seconds, notice=notice)
        self._catalogue = Catalogue(self.home / CATALOGUE)
        root = self.home / INDEX
        self._derived = DerivedDirectories(root, lambda: self._catalogue.state().stamp)
        self._index: VectorIndex = open_vector_index(
            settings.search, catalogue=self._catalogue, derived=self._derived, root=root
        )
        self.records = Records(self._catalogue)
        self._cache = ReadCache(self._catalogue.state)
        self._changed = False

    @classmethod
    def open(
        cls, settings: Settings, embeddings: EmbeddingModel | None = None, *, notice: Notice | None = None
    ) -> Self:
        """Open the data directory ``settings.home``, a new one where there is none; no model is loaded yet.

        Args:
            settings: the whole tree.
            embeddings: the model instead of the configured one.
            notice: is told when another process has to be waited for.

        Raises:
            HomeUnusable: the directory or the catalogue in it cannot be used.
        """
        return cls(settings, embeddings=embeddings, notice=notice)

    def __enter__(self) -> Self:
        """Return the knowledge base itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Bring the index up to date after changes, unless something failed, and close."""
        try:
            if error is None and self._changed:
                self.refresh()
        finally:
            self.close()

    def close(self) -> None:
        """Release files; an index that is behind is brought up to date by whoever needs it next."""
        self._index.close()
        self._catalogue.close()

    @cached_property
    def embeddings(self) -> EmbeddingModel:
        """The embedding model."""
        return self._given or open_embeddings(self.settings.embedding)

    @property
    def generation(self) -> int:
        """The number that rises with every change of documents."""
        return self._cache.fresh_state().stamp.generation

    # writing

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the right to write for several changes.

        Raises:
            HomeBusy: another process is writing and does not finish in time.
        """
        with self._lock.held():
            yield

    def current(self, source: str, checksum: str, *, parser: str = "") -> Document | None:
        """Return the document of file ``source`` if that very file, read by that parser, is what is indexed."""
        key = document_id(source)
        signature = self._catalogue.signature(key)
        if signature is None or (signature.checksum, signature.parser) != (checksum, parser):
            return None
        return self._catalogue.document(key)

    def add(self, parsed: ParsedDocument, *, parser: str = "", progress: Progress | None = None) -> AddResult:
        """Add a document, or its next version; one that says the same as the current version changes nothing.

        Only chunks whose indexed text is new are embedded, before the one transaction that makes the change.

        Args:
            parsed: what ingest found; ``source`` says which document it is a version of.
            parser: what read the file, so that ``current`` can tell.
            progress: gets (chunks embedded, chunks in all).

        Raises:
            HomeBusy: another process is writing and does not finish in time.
            HomeUnusable: the directory cannot be written.
            IndexOutdated: the chunks that are there were embedded by another model.
            ModelUnavailable: the embedding model cannot be used.
            SourceUnreadable: two sections have one number.
        """
        parsed = replace(parsed, source=normal_source(parsed.source))
        _check(parsed)
        content = fingerprint(parsed)
        with self.writing():
            key = document_id(parsed.source)
            before = self._catalogue.signature(key)
            if before and (before.checksum, before.fingerprint) == (parsed.checksum, content):
                if before.parser != parser:
                    self._catalogue.confirm(key, parser=parser)
                return AddResult(self._document(key), "unchanged")
            model = self._writing_model()
            stored = stored_chunks(key, parsed.chunks)
            texts = {text_key(chunk.indexed): chunk.indexed for chunk in parsed.chunks}
            batch_size = self.settings.embedding.batch_size
            embedded = embed_missing(self._catalogue, self.embeddings, texts, batch_size=batch_size, progress=progress)
            document = self._catalogue.put(parsed, stored, model=model, parser=parser)
            self._has_changed()
        return AddResult(document, "updated" if before else "added", embedded)

    def remove(self, document: str) -> Document:
        """Remove a document (by id, file name or title) with all its versions; return what it was.

        Raises:
            NotThere: there is no such document.
        """
        with self.writing():
            found = self.find_document(document)
            self._catalogue.remove(found.id)
            self._has_changed()
        return found

    def rebuild(self, *, progress: Progress | None = None) -> None:
        """Embed with the configured model what it has not embedded yet, and build every index anew."""
        with self.writing():
            model = Model(self.embeddings.model_id, self.embeddings.dimension)
            self._catalogue.forget_vectors_unlike(model)
            total, done = self._catalogue.chunk_count(), 0
            for some in batched(self._catalogue.chunks(), _REBUILD_BATCH):
                texts = {text_key(stored.chunk.indexed): stored.chunk.indexed for stored in some}
                report = None if progress is None else _shifted(progress, done, total)
                batch_size = self.settings.embedding.batch_size
                embed_missing(self._catalogue, self.embeddings, texts, batch_size=batch_size, progress=report)
                done += len(some)
            self._catalogue.adopt_model(model)
            self._index.discard()
            self._has_changed()
            self.refresh()
        if progress:
            progress(total, total)

    def refresh(self) -> None:
        """Bring the vector index to the present generation now."""
        self._index.current()
        self._changed = False

    def _writing_model(self) -> Model:
        model = Model(self.embeddings.model_id, self.embeddings.dimension)
        recorded = self._cache.fresh_state().model
        if recorded not in (None, model) and self._catalogue.chunk_count():
            raise _another_model(recorded, model.id)
        return model

    def _has_changed(self) -> None:
        self._changed = True
        self._cache.forget_state()

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
            wanted = lookup.normal_number(number)
            places = [place for place in known if place[0] in ids and lookup.normal_number(place[1]) == wanted]
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

    # chunks, vectors and what is derived from them

    def chunks(self, document: str | None = None) -> Iterator[tuple[str, Chunk]]:
        """Yield (id, chunk) of the current chunks in order, of one document or of all, from one snapshot."""
        for stored in self._catalogue.chunks(document):
            yield stored.id, stored.chunk

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

    def vector_search(
        self, vector: Sequence[float] | NDArray[np.float32], *, limit: int, documents: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """Return (chunk id, cosine) of the chunks nearest to ``vector``, best first.

        Args:
            vector: the question's, shape (dimension,).
            limit: at most so many.
            documents: ids of the only documents to look in; None for all.

        Raises:
            IndexOutdated: the chunks were embedded by another model than the configured one.
        """
        state = self._cache.fresh_state()
        if state.model is None:
            return []
        if state.model.id != self.embeddings.model_id or state.model.dimension != len(vector):
            raise _another_model(state.model, self.embeddings.model_id)
        return self._index.current().search_vector(vector, limit=limit, documents=documents)

    @property
    def vector_store(self) -> VectorStore:
        """The vectors as a LangChain store that embeds questions with the configured model."""
        return self._index.as_langchain(self.embeddings)  # type: ignore[arg-type]

    def index_directory(self, name: str, build: Callable[[Path], None]) -> Path:
        """Return the directory of a further index at the present generation, built by ``build`` where it is missing.

        Args:
            name: letters only; names the index.
            build: fills an empty directory from what this knowledge base holds now.
        """
        return self._derived.directory(name, build)


def _check(parsed: ParsedDocument) -> None:
    ((number, times),) = Counter(section.number for section in parsed.sections).most_common(1) or [("", 0)]
    if times > 1:
        raise SourceUnreadable(f"{parsed.source} 里小节编号 {number} 出现 {times} 次，无法区分，请修改编号后重新导入")


def _another_model(recorded: Model | None, configured: str) -> IndexOutdated:
    before = f"{recorded.id}（{recorded.dimension} 维）" if recorded else "另一个模型"
    message = f"知识库的向量由 {before} 生成，现在配置的是 {configured}：请运行 shouce rebuild，或改回原来的模型"
    return IndexOutdated(message)


def _shifted(progress: Progress, done: int, total: int) -> Progress:
    return lambda some, _: progress(done + some, total)
