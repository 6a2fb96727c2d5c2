"""The way of one file through ingest: read → repair → structure → chunks → knowledge base, and of many, one by one.

Knows the order of the stages and what to report of each file; each stage lives in a module of its own. One bad file
never stops the others, and leaves what was stored before as it was.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ingest.chunk import chunk
from ingest.collect import Problem, collect
from ingest.identity import apart, copy_of, known_as, moved
from ingest.read import read
from ingest.repair import Elsewhere, Judge, repair
from ingest.source import SourceText
from ingest.structure import Structure, build
from kb.discriminator import open_discriminator
from kb.embeddings import open_beside
from kb.errors import SourceUnreadable
from kb.home import reason_of
from kb.model import Block, Document, Health, ParsedDocument, Repair, Section, SourceWarning

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase
    from kb.settings import LimitSettings

# Kinds of repair that decide what the words are; a block one of them touched is marked for whoever cites it.
# Rises with every change of what reading, repairing, structuring or chunking makes of the same file, so that files read
# by an older parser are read again.
PARSER = "7"
_LOSSY = frozenset({"gbk_shift", "encoding"})
# Kinds of repair that have one place; the others speak of the whole document.
_PLACED = frozenset({"gbk_shift", "encoding", "placeholder"})
_ENCODINGS = frozenset({"utf-8", "utf8"})
_LEARNT = 200_000
"""How many characters of other documents a damaged one is read with."""

_ESTIMATE_SECONDS = 5.0
_QUOTED = re.compile(r"[“「『]([^”」』]{2,})[”」』]")

Progress = Callable[[str], None]
Outcome = Literal["added", "updated", "unchanged", "failed"]


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one source: the stored document and its counts, or the error in one line."""

    source: str
    status: Outcome
    document: Document | None = None
    sections: int = 0
    chunks: int = 0
    health: Health = field(default_factory=Health)
    error: str = ""
    note: str = ""


def sample_folder() -> Path:
    """Return the folder of the shipped sample corpus."""
    return Path(str(files("ingest").joinpath("sample")))


def parse(
    path: Path,
    *,
    name: str,
    limits: LimitSettings,
    count_tokens: Callable[[str], int],
    tell: Progress | None = None,
    judge: Judge | None = None,
    elsewhere: Elsewhere | None = None,
) -> ParsedDocument:
    """Return the file at ``path`` as a document: repaired, in sections, in chunks.

    ``tell`` hears of each stage; ``judge`` is asked how damaged places may have read, ``elsewhere`` for the text of other
    documents.

    Raises:
        SourceUnreadable: the file cannot be read, or holds no text at all.
    """
    tell = tell or (lambda _message: None)
    checksum = checksum_of(path)
    text = read(path, name=name, limits=limits)
    tell(f"{name}：正在修复（第 2/5 步）")
    text = repair(text, judge, elsewhere)
    tell(f"{name}：正在分节（第 3/5 步）")
    structure = build(text)
    repairs = tuple(_located(one, structure.sections) for one in text.repairs)
    sections = _marked(structure.sections, repairs)
    warnings = tuple(_placed(one, sections) for one in (*text.warnings, *structure.warnings))
    if not any(section.blocks for section in sections) and not warnings:
        raise SourceUnreadable(f"{name}：文件里没有可读的文字。请确认文件不是空的，或另存为 docx、txt 后重试")
    tell(f"{name}：正在切块（第 4/5 步）")
    chunks = chunk(structure.title, sections, count_tokens=count_tokens, limit=limits.chunk_tokens)
    return ParsedDocument(
        title=structure.title,
        source=name,
        checksum=checksum,
        sections=sections,
        chunks=chunks,
        health=Health(repairs, warnings),
    )


def ingest(
    paths: Sequence[str | Path], knowledge: KnowledgeBase, *, progress: Progress | None = None
) -> Iterator[Report]:
    """Read every source that ``paths`` name (files, folders, globs, zips) into ``knowledge``; yield a report for each."""
    tell = progress or (lambda _message: None)
    limits = knowledge.settings.limits
    judge = open_discriminator()
    opening = False
    parser = f"{PARSER}/{limits.chunk_tokens}/{knowledge.embeddings.model_id}"
    for source in collect(paths, limits=limits):
        name = printable(source.name)
        if isinstance(source, Problem):
            yield Report(name, "failed", error=printable(str(source.error)))
            continue
        tell(f"正在读取 {name}")
        try:
            checksum = checksum_of(source.path)
            known = known_as(source, name, knowledge)
            original = copy_of(source, name, checksum, knowledge)
            note = (
                f"{name} 与已有的《{original.title}》（{original.source}）内容完全相同，没有重复加入"
                if original
                else ""
            )
            if original:
                known = original.source
            if unchanged := knowledge.current(known, checksum, parser=parser):
                yield replace(_stored(knowledge, name, unchanged), note=note)
                continue
            if not opening:
                open_beside(knowledge.embeddings)
                opening = True
            count_tokens = knowledge.embeddings.count_tokens
            parsed = parse(
                source.path,
                name=known,
                limits=limits,
                count_tokens=count_tokens,
                tell=tell,
                judge=judge,
                elsewhere=partial(_text_but, known, knowledge),
            )
            if other := apart(parsed, source, knowledge):
                parsed = other
                note = f"{name} 与已有的同名文件没有相同的内容，作为另一份文档《{other.title}》（{other.source}）加入"
            elif moved(parsed, source, knowledge):
                note = f"{name} 作为同名文件的新版本加入，上一版在另一个文件夹。如果是两份不同的文件，请改名后重新导入"
            embedding = _embedding_progress(tell, name)
            added = knowledge.add(parsed, parser=parser, place=source.place, progress=embedding)
        except SourceUnreadable as error:
            yield Report(name, "failed", error=printable(str(error)))
            continue
        fresh = added.status == "updated" and added.embedded == len(parsed.chunks) > 2
        yield Report(
            source=name,
            status=added.status,
            document=added.document,
            sections=len(parsed.sections),
            chunks=len(parsed.chunks),
            health=parsed.health,
            note=note or (f"{name} 与上一版没有相同的内容。如果是另一份同名文件，请改名后重新导入" if fresh else ""),
        )


def _text_but(source: str, knowledge: KnowledgeBase) -> str:
    """Return the text of the other documents, the latest first, as much of it as is learnt from."""
    text = ""
    for document in reversed(knowledge.documents()):
        if len(text) >= _LEARNT:
            break
        if document.source != source:
            text += "".join(f"{chunk.text}\n" for _, chunk in knowledge.chunks(document.id))
    return text[:_LEARNT]


def printable(text: str) -> str:
    """Return ``text`` on one line and storable: bytes that are no UTF-8 and control characters are escaped."""
    plain = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in plain)


def _stored(knowledge: KnowledgeBase, source: str, document: Document) -> Report:
    """Return the report on a file that is stored as it is."""
    sections, chunks = len(knowledge.sections(document.id)), knowledge.chunk_count(document.id)
    return Report(source, "unchanged", document, sections, chunks, document.health)


def _embedding_progress(tell: Progress, name: str) -> Callable[[int, int], None]:
    """Return a progress that tells how far it is and, once that can be told, how long the rest will take."""
    started: list[tuple[float, int]] = []

    def progress(done: int, of: int) -> None:
        started.append((time.monotonic(), done))
        del started[1:]
        (since, before), left = started[0], ""
        seconds = time.monotonic() - since
        if seconds > _ESTIMATE_SECONDS and done > before:
            minutes = seconds / (done - before) * (of - done) / 60
            left = f"，还要约 {minutes:.0f} 分钟" if minutes >= 1 else "，还要不到 1 分钟"
        tell(f"{name}：已向量化 {done}/{of} 块{left}")

    return progress


def checksum_of(path: Path) -> str:
    """Return the SHA-256 of the file's bytes, as hex."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise SourceUnreadable(f"{path}：无法打开（{reason_of(error)}）。请检查文件是否存在、是否有读取权限") from error


def _located(one: Repair, sections: Sequence[Section]) -> Repair:
    """Return a repair with the number of the section its words stand in."""
    if one.section or not one.after or one.count > 1 or one.kind not in _PLACED:
        return one
    if one.kind == "encoding" and one.after.lower() in _ENCODINGS:
        return one
    return replace(one, section=_section_with(one.after, sections))


def _placed(one: SourceWarning, sections: Sequence[Section]) -> SourceWarning:
    """Return a warning with the number of the section whose words it quotes."""
    if one.section:
        return one
    quoted = _QUOTED.search(one.message)
    return replace(one, section=_section_with(quoted[1], sections)) if quoted else one


def _section_with(words: str, sections: Sequence[Section]) -> str:
    """Return the number of the first section that has ``words``, or the longer part of them where an item begins or ends."""
    core = words.strip("… ")
    pieces = (
        core[cut:] if left else core[: len(core) - cut] for cut in range(len(core) // 2) for left in (True, False)
    )
    return next((section.number for piece in pieces for section in sections if piece in section.body), "")


def _marked(sections: Sequence[Section], repairs: Sequence[Repair]) -> tuple[Section, ...]:
    """Return ``sections`` with every block marked that a lossy repair touched."""
    touched = [one for one in repairs if one.kind in _LOSSY and one.section and one.after]
    if not touched:
        return tuple(sections)
    return tuple(
        replace(section, blocks=tuple(_mark(block, section, touched) for block in section.blocks))
        if any(one.section == section.number for one in touched)
        else section
        for section in sections
    )


def _mark(block: Block, section: Section, touched: Sequence[Repair]) -> Block:
    hit = any(one.section == section.number and one.after.strip("… ") in block.text for one in touched)
    return replace(block, repaired=True) if hit else block


__all__ = ["Report", "SourceText", "Structure", "ingest", "parse", "sample_folder"]
