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

from kb.catalogue import Catalogue, Model
from kb.derived import DerivedDirectories
from kb.embedding_cache import Progress, embed_missing
from kb.embeddings import EmbeddingModel, open_embeddings
from kb.errors import Ambiguous, HomeUnusable, IndexOutdated, SourceUnreadable
from kb.home import CATALOGUE, INDEX, translated
from kb.locking import Notice, WriterLock
from kb.model import Document, ParsedDocument
from kb.reading import Reading
from kb.records import Records
from kb.removed import Removed, rows_of
from kb.rows import batched, document_id, fingerprint, normal_source, stored_chunks, text_key
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


class KnowledgeBase(Reading):
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
        super().__init__(Catalogue(self.home / CATALOGUE))
        root = self.home / INDEX
        self._derived = DerivedDirectories(root, lambda: self._catalogue.state().stamp)
        self._index: VectorIndex = open_vector_index(
            settings.search, catalogue=self._catalogue, derived=self._derived, root=root
        )
        self.records = Records(self._catalogue, notice)
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
        self._derived.close()
        self._catalogue.close()

    @property
    def read_only(self) -> str:
        """Why nothing can be written, as a message; empty where something can."""
        return self._catalogue.read_only

    @cached_property
    def embeddings(self) -> EmbeddingModel:
        """The embedding model."""
        return self._given or open_embeddings(self.settings.embedding)

    # writing

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the right to write for several changes.

        Raises:
            HomeBusy: another process is writing and shows no progress.
            HomeUnusable: the directory can only be read.
        """
        if self._catalogue.read_only:
            raise HomeUnusable(self._catalogue.read_only)
        with self._lock.held():
            yield

    def current(self, source: str, checksum: str, *, parser: str = "") -> Document | None:
        """Return the document of file ``source`` if that very file, read by that parser, is what is indexed."""
        key = document_id(source)
        signature = self._catalogue.signature(key)
        if signature is None or (signature.checksum, signature.parser) != (checksum, parser):
            return None
        return self._catalogue.document(key)

    def add(
        self, parsed: ParsedDocument, *, parser: str = "", place: str = "", progress: Progress | None = None
    ) -> AddResult:
        """Add a document, or its next version; one that says the same as the current version changes nothing.

        Only chunks whose indexed text is new are embedded, before the one transaction that makes the change.

        Args:
            parsed: what ingest found; ``source`` says which document it is a version of.
            parser: what read the file, so that ``current`` can tell.
            place: a digest of where the file lies, so that ``source_at`` can tell.
            progress: gets (chunks embedded, chunks in all).

        Raises:
            HomeBusy: another process is writing and shows no progress.
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
            tell = self._beating(parsed.source, progress)
            embedded = embed_missing(self._catalogue, self.embeddings, texts, batch_size=batch_size, progress=tell)
            document = self._catalogue.put(parsed, stored, model=model, parser=parser, place=place)
            self._has_changed()
        return AddResult(document, "updated" if before else "added", embedded)

    def remove(self, document: str, *, keep: bool = True, by: str = "") -> Document:
        """Remove a document (by id, file name or title) with all its versions; return what it was.

        It can be brought back for some time, unless ``keep`` is false. ``by`` says who removed it.

        Raises:
            NotThere: there is no such document.
        """
        with self.writing():
            found = self.find_document(document)
            self._catalogue.remove(found.id, keep=keep, by=by)
            self._has_changed()
        return found

    def removed(self) -> tuple[Removed, ...]:
        """Return the documents that can be brought back, latest removed first."""
        return self._catalogue.removed()

    def bring_back(self, removed: int) -> Document:
        """Bring back a removed document with all its versions, by its number among ``removed``; return it.

        Raises:
            NotThere: it was removed too long ago, or is back already.
            Ambiguous: a document of the same file is there again.
        """
        with self.writing():
            with self._catalogue.read() as connection:
                rows = rows_of(connection, removed)
            key = rows["documents"][0]["id"]
            if self._catalogue.document(key) is not None:
                raise Ambiguous(f"{rows['documents'][0]['source']} 已经重新导入过，要恢复请先删除现在的这一份")
            model = self._writing_model()
            texts = {row["key"]: f"{row['heading']}\n{row['text']}" for row in rows["chunks"]}
            tell = self._beating(rows["documents"][0]["source"], None)
            size = self.settings.embedding.batch_size
            embed_missing(self._catalogue, self.embeddings, texts, batch_size=size, progress=tell)
            self._catalogue.put_back(removed, rows, model=model)
            self._has_changed()
        return self._document(key)

    def rebuild(self, *, progress: Progress | None = None) -> None:
        """Embed with the configured model what it has not embedded yet, and build every index anew."""
        progress = self._beating("重建索引", progress)
        with self.writing():
            model = Model(self.embeddings.model_id, self.embeddings.dimension)
            self._catalogue.forget_vectors_unlike(model)
            total, done = self._catalogue.chunk_count(), 0
            for some in batched(self._catalogue.chunks(), _REBUILD_BATCH):
                texts = {text_key(stored.chunk.indexed): stored.chunk.indexed for stored in some}
                report = _shifted(progress, done, total)
                batch_size = self.settings.embedding.batch_size
                embed_missing(self._catalogue, self.embeddings, texts, batch_size=batch_size, progress=report)
                done += len(some)
            self._catalogue.adopt_model(model)
            self._index.discard()
            self._has_changed()
            self.refresh()
        progress(total, total)

    def refresh(self) -> None:
        """Bring the vector index to the present generation now."""
        self._index.current()
        self._changed = False

    def _beating(self, what: str, progress: Progress | None) -> Progress:
        """Return a progress that also shows waiting processes that this one is at work."""

        def beat(done: int, of: int) -> None:
            self._lock.beat(f"{what} 已向量化 {done}/{of} 块")
            if progress:
                progress(done, of)

        return beat

    def _writing_model(self) -> Model:
        model = Model(self.embeddings.model_id, self.embeddings.dimension)
        recorded = self._cache.fresh_state().model
        if recorded not in (None, model) and self._catalogue.chunk_count():
            raise _another_model(recorded, model.id)
        return model

    def _has_changed(self) -> None:
        self._changed = True
        self._cache.forget_state()

    # vectors, and what else is derived from chunks

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

    def vectors_of(self, chunks: Sequence[str]) -> NDArray[np.float32]:
        """Return the unit vectors of chunks (ids), shape (chunks, dimension); zeros for one that is not there."""
        return self._index.current().vectors_of(chunks)

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

    def older_index(self, name: str) -> Path | None:
        """Return the latest directory of that index that is there, of whatever generation, to build the next from."""
        return self._derived.newest(name, self._catalogue.state().stamp.identity)


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
