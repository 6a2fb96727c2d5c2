"""Writes the word index: all of it, or a segment for what is new.

Knows how chunks become tokens and which segments can stay. Knows nothing of scores. Up to ``WHOLE`` chunks every
change writes the index anew, with the lexicon of what is there: seconds at most. A larger index keeps its segments
(hard links cost nothing), gets one for the new chunks, which takes in those no larger than itself, and is written anew
when a quarter of it has changed: n changes cost in the order of n log n.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from kb.fold import fold
from kb.model import Chunk
from kb.postings import PostingsWriter
from kb.rows import batched
from kb.section_rows import SectionsWriter
from kb.segment import Segmenter, bigrams, unigrams
from kb.word_index import FORMAT, NAMES, WordIndex

if TYPE_CHECKING:
    from numpy.typing import NDArray

WHOLE = 20_000
CHANGED_SHARE = 0.25
# The commonest of the corpus' own words; learning each costs a start some microseconds.
LEXICON_WORDS = 50_000
_BATCH = 1000
_LEXICON_WORD = re.compile(r"^[\u3400-\u9fff]{2,8}$")
_SEPARATORS = re.compile(r"[\s>、，,。；;：:（）()《》“”\"'与和及或/|-]+")


class Source(Protocol):
    """What is indexed: a knowledge base."""

    def chunk_ids(self) -> list[str]:
        """Return the ids of all chunks in order."""
        ...

    def chunks(self) -> Iterator[tuple[str, Chunk]]:
        """Yield (id, chunk) of all chunks in order."""
        ...

    def chunks_of(self, keys: Sequence[str]) -> Mapping[str, tuple[str, Chunk]]:
        """Return (document, chunk) of those ids that are there."""
        ...


@dataclass(frozen=True, slots=True)
class _Plan:
    """Which segments of an older index stay, which of their rows are dead, and which chunks are to be added."""

    segments: tuple[str, ...]
    dead: NDArray[np.int64]
    new: tuple[str, ...]


def build(directory: Path, source: Source, *, previous: Path | None = None, whole: int = WHOLE) -> None:
    """Write the index of ``source`` into the existing, empty ``directory``.

    Args:
        directory: where to.
        source: what is indexed.
        previous: an older index of the same source, to keep what it holds; a damaged one is not used.
        whole: up to how many chunks everything is written anew.
    """
    plan = _plan(source.chunk_ids(), previous, whole) if previous else None
    if plan is None or previous is None:
        _build_whole(directory, source)
        return
    lexicon = previous / "lexicon.json"
    shutil.copy(lexicon, directory / "lexicon.json")
    for name in plan.segments:
        _link(previous / name, directory / name)
    names = list(plan.segments)
    if plan.new:
        names.append(str(1 + max(int(name) for name in names)))
        segmenter = Segmenter(json.loads(lexicon.read_text(encoding="utf-8")))
        _write_segment(directory / names[-1], _read(source, plan.new), segmenter)
    _finish(directory, names, plan.dead)


def learn_lexicon(chunks: Iterable[Chunk]) -> set[str]:
    """Return the corpus' own words: the parts of headings and the leading terms of items, 2 to 8 Han characters.

    Of more than ``LEXICON_WORDS``, those that stand in the most chunks.
    """
    words: Counter[str] = Counter()
    for chunk in chunks:
        terms = [line.partition("：")[0] for line in chunk.text.split("\n") if "：" in line[:24]]
        parts = {part for source in [*chunk.heading.split(" > "), *terms] for part in _SEPARATORS.split(fold(source))}
        words.update(part for part in parts if _LEXICON_WORD.match(part))
    if len(words) <= LEXICON_WORDS:
        return set(words)
    return {word for word, _ in sorted(words.items(), key=lambda item: (-item[1], item[0]))[:LEXICON_WORDS]}


def _build_whole(directory: Path, source: Source) -> None:
    lexicon = sorted(learn_lexicon(chunk for _, chunk in source.chunks()))
    (directory / "lexicon.json").write_text(json.dumps(lexicon, ensure_ascii=False), encoding="utf-8")
    _write_segment(directory / "0", source.chunks(), Segmenter(lexicon))
    _finish(directory, ["0"], np.empty(0, dtype=np.int64))


def _finish(directory: Path, segments: Sequence[str], dead: NDArray[np.int64]) -> None:
    np.save(directory / "dead.npy", dead)
    about = {"format": FORMAT, "segments": list(segments)}
    (directory / "index.json").write_text(json.dumps(about), encoding="utf-8")


def _write_segment(directory: Path, chunks: Iterable[tuple[str, Chunk]], segmenter: Segmenter) -> None:
    directory.mkdir()
    writers = {name: PostingsWriter(directory / name) for name in NAMES}
    keys: list[bytes] = []
    sections = SectionsWriter()
    for key, chunk in chunks:
        keys.append(key.encode("utf-8"))
        writers["words"].add(segmenter.words(chunk.indexed))
        writers["bigrams"].add(_net(chunk.indexed))
        if sections.add(key.partition(".")[0], chunk.section):
            sections.head([len(segmenter.words(chunk.heading)), len(_net(chunk.heading))])
    for writer in writers.values():
        writer.finish()
    sections.finish(directory)
    ids = np.array(keys, dtype=np.bytes_)
    np.save(directory / "ids.npy", ids)
    np.save(directory / "order.npy", np.argsort(ids, kind="stable").astype(np.int32))
    runs, start = [], 0
    for document, rows in groupby(key.partition(b".")[0].decode("utf-8") for key in keys):
        end = start + sum(1 for _ in rows)
        runs.append((document, start, end))
        start = end
    (directory / "documents.json").write_text(json.dumps(runs, ensure_ascii=False), encoding="utf-8")


def _net(text: str) -> list[str]:
    return [*bigrams(text), *unigrams(text)]


def _read(source: Source, keys: Iterable[str]) -> Iterator[tuple[str, Chunk]]:
    """Yield the chunks of ``keys`` in their order, without those that are gone meanwhile."""
    for some in batched(keys, _BATCH):
        found = source.chunks_of(some)
        yield from ((key, found[key][1]) for key in some if key in found)


def _plan(ids: list[str], previous: Path, whole: int) -> _Plan | None:
    """Return what an update has to do; None where everything is to be written anew."""
    if len(ids) <= whole:
        return None
    try:
        index = WordIndex(previous)
        names = json.loads((previous / "index.json").read_text(encoding="utf-8"))["segments"]
    except (OSError, ValueError, KeyError, EOFError, TypeError):
        return None
    wanted = set(ids)
    live: list[list[str]] = []
    dead: list[list[int]] = []
    for segment in index.segments:
        keys = [key.decode("utf-8") for key in segment.ids.tolist()]
        live.append([key for key in keys if key in wanted])
        dead.append([segment.first + row for row, key in enumerate(keys) if key not in wanted])
        wanted.difference_update(live[-1])  # a chunk that went and came back stands in two segments, alive in one
    new = [key for key in ids if key in wanted]
    kept = len(index.segments)
    while kept > 1 and len(index.segments[kept - 1]) <= len(new):
        kept -= 1
        new = [*live[kept], *new]
    chosen = set(new)
    new = [key for key in ids if key in chosen]  # in reading order: the chunks of a section stay together
    changed = sum(map(len, live[1:kept])) + len(new) + sum(map(len, dead[:kept]))
    if changed > CHANGED_SHARE * len(index.segments[0]):
        return None
    return _Plan(tuple(names[:kept]), np.array([*chain.from_iterable(dead[:kept])], dtype=np.int64), tuple(new))


def _link(source: Path, target: Path) -> None:
    """Make ``target`` a copy of the folder ``source`` that shares its files where the file system can."""
    for path in source.rglob("*"):
        place = target / path.relative_to(source)
        if path.is_dir():
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(path, place)
        except OSError:
            shutil.copyfile(path, place)
