"""Which files a list of paths means: files, folders, glob patterns and zips of documents, each with its display name.

Knows names and containers, never what is in a document. A name is the document's identity later on: the file's name,
``inner/file.docx`` for one found below a folder that was given, ``archive.zip/inner.docx`` for one in a zip.
"""

from __future__ import annotations

import glob
import hashlib
import re
import stat
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, BinaryIO, cast

from ingest.read.container import MEGABYTE, ZIP_ERRORS, copy_bounded, opened
from ingest.read.sniff import EXTENSIONS, refusal, sniff
from kb.errors import ShouceError, SourceTooLarge, SourceUnreadable
from kb.home import reason_of

if TYPE_CHECKING:
    from kb.settings import LimitSettings

_ZIP = ".zip"
# lock files, half-finished downloads and what systems leave in folders
_LITTER = re.compile(
    r"^(?:~\$.*|\.~.*|~.*\.tmp|.*\.(?:tmp|bak|crdownload|part|lnk|url)|Thumbs\.db|desktop\.ini|__MACOSX)$",
    re.IGNORECASE,
)
# a member's name without the UTF-8 flag: what Chinese systems wrote it in, most likely first
_NAME_ENCODINGS = ("utf-8", "gb18030", "big5")
_UTF8_FLAG = 0x800
_BROKEN_LINK = "这个链接指向的文件已经不在。请给出原文件的路径"
_SUPPORTED = "docx、pdf、xlsx、pptx、html、md、txt、csv（以及可转换的 doc、wps、xls、et、ppt、dps、rtf、odt）"


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read. ``path`` may lie in a temporary folder that goes when the collecting ends.

    ``place`` is a digest of where the file, or the archive that it is in, really lies; ``folder`` the folder's name.
    """

    path: Path
    name: str
    place: str = ""
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One path that gives no file, with the reason for the user."""

    name: str
    error: ShouceError


def collect(
    paths: Sequence[str | Path], *, limits: LimitSettings, note: Callable[[str], None] | None = None
) -> Iterator[Source | Problem]:
    """Give each document of ``paths`` once, in order; a folder's by name.

    Unpacked files live until the iteration ends: read each before asking for the next, or before closing the iterator.
    Files of other kinds inside a folder or a zip are left out and told to ``note``; one that was named itself is a
    ``Problem``. Two files of one name from different folders: the second carries its folder's name too.
    """
    seen: set[Path] = set()
    names: set[str] = set()
    with ExitStack() as stack:
        collector = _Collector(limits, stack, note or (lambda _: None))
        for given in paths:
            for found in collector.expand(given):
                if isinstance(found, Source):
                    real = found.path.resolve()
                    if real in seen:
                        continue
                    seen.add(real)
                    if found.name in names:
                        found = replace(found, name=f"{Path(given).resolve().parent.name}/{found.name}")
                    names.add(found.name)
                yield found


class _Collector:
    """The limits, the temporary folders and the notes of one call."""

    def __init__(self, limits: LimitSettings, stack: ExitStack, note: Callable[[str], None]) -> None:
        self._limits = limits
        self._stack = stack
        self._note = note

    def expand(self, given: str | Path) -> Iterator[Source | Problem]:
        """Give what one path means."""
        path = Path(given).expanduser()
        try:
            if path.is_dir():
                yield from self._folder(path)
            elif path.exists():
                yield from self._named(path)
            elif glob.has_magic(str(given)):
                yield from self._pattern(str(path))
            elif path.is_symlink():
                yield _problem(str(given), _BROKEN_LINK)
            else:
                yield _problem(str(given), "找不到这个文件或文件夹。请检查路径是否正确")
        except OSError as error:
            yield _problem(str(given), f"无法读取（{reason_of(error)}）。请检查路径和读取权限", error)

    def _named(self, path: Path) -> Iterator[Source | Problem]:
        kind = sniff(path) if path.is_file() else "unknown"
        if kind == "zip":
            yield from self._archive(path, path.name)
        elif kind == "unknown" and not (path.is_file() and path.stat().st_size == 0):
            yield _problem(path.name, refusal(path) if path.is_file() else "不是文件，也不是文件夹，无法读取")
        else:
            yield _source(path, _composed(path.name))

    def _pattern(self, pattern: str) -> Iterator[Source | Problem]:
        matches = [Path(match) for match in sorted(glob.glob(pattern, recursive=True))]  # noqa: PTH207 (absolute ones)
        root = Path(*_fixed_parts(Path(pattern)))
        found = False
        for match in matches:
            if match.is_dir() and "**" not in pattern and not _is_litter(match.name):
                found = True
                yield from self._folder(match)
            elif match.is_file() and not _is_litter(match.name):
                found = True
                name = match.relative_to(root).as_posix() if match.is_relative_to(root) else match.name
                yield from self._file(match, name)
        if not found:
            yield _problem(pattern, "没有匹配的文件。请检查通配符和路径")

    def _folder(self, root: Path) -> Iterator[Source | Problem]:
        """Give a folder's documents by name, its sub-folders' after its own; links to folders are not followed."""
        found = False
        for entry in _walk(root):
            if isinstance(entry, Problem):
                found = True
                yield entry
                continue
            for document in self._file(entry, entry.relative_to(root).as_posix()):
                found = True
                yield document
        if not found:
            yield _problem(str(root), f"文件夹里没有可导入的文档。支持的格式有 {_SUPPORTED}")

    def _file(self, path: Path, name: str) -> Iterator[Source | Problem]:
        suffix, name = path.suffix.lower(), _composed(name)
        if suffix == _ZIP:
            yield from self._archive(path, name)
        elif suffix in EXTENSIONS:
            yield _source(path, name)
        else:
            self._note(f"{name}：不是支持的文档格式，已跳过")

    def _archive(self, path: Path, name: str) -> Iterator[Source | Problem]:
        found = False
        try:
            with opened(path, name=name, limits=self._limits) as archive:
                folder = Path(self._stack.enter_context(TemporaryDirectory(prefix="shouce-")))
                for index, member in enumerate(archive.infolist()):
                    document = self._member(archive, member, f"{folder}/{index}", name, path)
                    if document is not None:
                        found = True
                        yield document
        except SourceUnreadable as error:
            yield Problem(name, error)
            return
        if not found:
            yield _problem(name, f"压缩包里没有可导入的文档。支持的格式有 {_SUPPORTED}")

    def _member(
        self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, place: str, name: str, path: Path
    ) -> Source | Problem | None:
        """Unpack one member to ``place`` plus its extension: its own name may climb out of the folder."""
        inner = member_name(member)
        if member.is_dir() or stat.S_ISLNK(member.external_attr >> 16) or any(_is_litter(part) for part in inner.parts):
            return None
        shown, suffix = _composed(f"{name}/{inner.as_posix()}"), inner.suffix.lower()
        if suffix == _ZIP:
            return _problem(shown, "压缩包里的压缩包不展开。请解压后再导入")
        if suffix not in EXTENSIONS:
            self._note(f"{shown}：不是支持的文档格式，已跳过")
            return None
        target = Path(place + suffix)
        try:
            _unpack(archive, member, target, shown, self._limits)
        except SourceUnreadable as error:
            return Problem(shown, error)
        outside = path.resolve()
        return Source(target, shown, _digest(f"{outside}/{inner}"), outside.parent.name)


def _source(path: Path, name: str) -> Source:
    real = path.resolve()
    return Source(path, name, _digest(str(real)), real.parent.name)


def _digest(place: str) -> str:
    return hashlib.sha256(place.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _problem(name: str, reason: str, cause: Exception | None = None) -> Problem:
    error = SourceUnreadable(f"{name}：{reason}")
    error.__cause__ = cause
    return Problem(name, error)


def _composed(name: str) -> str:
    """Return a name in composed form: macOS hands out decomposed ones."""
    return unicodedata.normalize("NFC", name)


def _fixed_parts(pattern: Path) -> list[str]:
    """Return the folders of a pattern before its first wildcard: names are relative to them."""
    parts: list[str] = []
    for part in pattern.parts[:-1]:
        if glob.has_magic(part):
            break
        parts.append(part)
    return parts


def _walk(folder: Path) -> Iterator[Path | Problem]:
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        yield _problem(str(folder), f"无法打开文件夹（{reason_of(error)}）。请检查读取权限", error)
        return
    for entry in entries:
        if entry.is_file() and not _is_litter(entry.name):
            yield entry
        elif entry.is_symlink() and not entry.exists() and not _is_litter(entry.name):
            yield _problem(str(entry), _BROKEN_LINK)
    for entry in entries:
        if entry.is_dir() and not entry.is_symlink() and not _is_litter(entry.name):
            yield from _walk(entry)


def _is_litter(name: str) -> bool:
    return name.startswith(".") or _LITTER.match(name) is not None


def _unpack(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, shown: str, limits: LimitSettings
) -> None:  # fmt: skip
    most = limits.file_megabytes * MEGABYTE
    try:
        with archive.open(member) as source, target.open("wb") as copy:
            copied = copy_bounded(cast("BinaryIO", source), copy, most=most)
    except ZIP_ERRORS as error:
        raise SourceUnreadable(f"{shown}：压缩包中的这个文件已损坏。请重新压缩后再导入") from error
    if copied < 0:
        message = f"{shown}：解压后超过上限 {limits.file_megabytes} MB。请拆分文件，或调大设置 limits.file_megabytes"
        raise SourceTooLarge(message)


def member_name(member: zipfile.ZipInfo) -> PurePosixPath:
    """Return a member's name, in the encoding it was really written in, without anything that climbs or is absolute."""
    name = member.filename
    if not member.flag_bits & _UTF8_FLAG:
        raw = _raw_name(name)
        for encoding in _NAME_ENCODINGS if raw is not None else ():
            try:
                name = cast("bytes", raw).decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return PurePosixPath(*parts) if parts else PurePosixPath("未命名")


def _raw_name(name: str) -> bytes | None:
    """Return the bytes of a name that ``zipfile`` took for code page 437."""
    try:
        return name.encode("cp437")
    except UnicodeEncodeError:
        return None
