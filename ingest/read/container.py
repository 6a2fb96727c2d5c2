"""What a zip container (docx, xlsx, pptx, odt, a zip of documents) may cost, checked before anything is unpacked.

Knows nothing of what the members mean. Python's ``zipfile`` never reads more of a member than its declared size, so
the sum of the declared sizes bounds what any library can read; what a member really gave is counted where we read.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from kb.errors import SourceTooLarge, SourceUnreadable

if TYPE_CHECKING:
    from lxml.etree import XMLParser

    from kb.settings import LimitSettings

MEGABYTE = 1024 * 1024
_ENCRYPTED = 0x1
# what text never packs to (Chinese prose 1:4, the XML of a sheet of equal rows 1:100), where it would cost minutes
_BOMB_RATIO = 300
_BOMB_BYTES = 20 * MEGABYTE
# what zipfile and zlib raise on damaged or unsupported members
ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


@contextmanager
def opened(path: Path, *, name: str, limits: LimitSettings) -> Iterator[zipfile.ZipFile]:
    """Give the checked zip file at ``path``.

    Raises:
        SourceTooLarge: too many members, or more unpacked than the limits allow.
        SourceUnreadable: no zip, damaged, or members behind a password.
    """
    try:
        container = zipfile.ZipFile(path)
    except ZIP_ERRORS as error:
        message = f"{name}：文件已损坏，无法打开。请用 Word、WPS 等原软件打开后另存一份再导入"
        raise SourceUnreadable(message) from error
    with container:
        check(container, name=name, limits=limits)
        yield container


def check(container: zipfile.ZipFile, *, name: str, limits: LimitSettings) -> None:
    """Refuse a container whose declared contents pass the limits or stand behind a password."""
    members = container.infolist()
    if len(members) > limits.archive_members:
        message = f"{name}：压缩包内有 {len(members)} 个文件，超过上限 {limits.archive_members} 个。请拆分后再导入"
        raise SourceTooLarge(message)
    unpacked = sum(member.file_size for member in members)
    if unpacked > limits.unpacked_megabytes * MEGABYTE:
        message = (
            f"{name}：解压后有 {unpacked // MEGABYTE} MB，超过上限 {limits.unpacked_megabytes} MB。"
            "请拆分文件，或调大设置 limits.unpacked_megabytes"
        )
        raise SourceTooLarge(message)
    if any(m.file_size > _BOMB_BYTES and m.file_size > _BOMB_RATIO * m.compress_size for m in members):
        raise SourceTooLarge(
            f"{name}：里面的内容压缩比异常，像是压缩炸弹，已拒绝。请解压确认内容后，直接导入里面的文档"
        )
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise SourceUnreadable(f"{name}：文件设有密码。请取消密码后再导入")


def refuse_entities(container: zipfile.ZipFile, *, name: str) -> None:
    """Refuse an office file with a document type in its XML: the formats forbid it, only attacks carry it."""
    for member in container.infolist():
        if member.filename.lower().endswith((".xml", ".rels")) and _DOCTYPE.search(_head(container, member)):
            message = f"{name}：文件里含有不允许的 XML 实体声明，可能是恶意文件。请用原软件打开后另存一份再导入"
            raise SourceUnreadable(message)


def _head(container: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Return the start of a member; nothing of a damaged one, which may be one that nobody needs."""
    try:
        with container.open(member) as stream:
            return stream.read(4096)
    except ZIP_ERRORS:
        return b""


def xml_parser() -> XMLParser:
    """Return a parser that expands no entity, loads no DTD and reaches no network."""
    from lxml import etree

    return etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True)


def copy_bounded(source: IO[bytes], target: IO[bytes], *, most: int) -> int:
    """Copy at most ``most`` bytes in blocks of 1 MB and return how many were copied; -1 if there were more."""
    copied = 0
    while block := source.read(MEGABYTE):
        copied += len(block)
        if copied > most:
            return -1
        target.write(block)
    return copied
