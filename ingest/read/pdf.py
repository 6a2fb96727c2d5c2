"""PDF files as lines, from their text layer: ruled tables as rows, page headers dropped, paragraphs joined.

Knows files, limits and which pages show no text (they are reported as needing text recognition). What a page or the
flow of pages looks like is known in ``pdf_page`` and ``pdf_flow``.
"""

from __future__ import annotations

import logging
import re
import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.read.container import MEGABYTE
from ingest.read.pdf_flow import flow
from ingest.read.pdf_page import PageText, read_page
from ingest.source import SourceText
from kb.errors import SourceTooLarge, SourceUnreadable
from kb.model import SourceWarning

if TYPE_CHECKING:
    from pdfplumber.pdf import PDF

    from kb.settings import LimitSettings

_STREAM = re.compile(rb"stream\r?\n(?=[\x08\x18\x28\x38\x48\x58\x68\x78])")
_BLOCK = 1 << 20
# what pdfminer raises on files that break its expectations, besides its own errors
_DAMAGED = (
    KeyError, ValueError, TypeError, IndexError, AttributeError, AssertionError, RecursionError, OverflowError,
    NotImplementedError, struct.error, zlib.error, OSError,
)  # fmt: skip
_MOST_NAMED = 20


def read_pdf(path: Path, *, name: str, limits: LimitSettings) -> SourceText:
    """Return the text layer of a PDF as lines; ``page`` counts from 1.

    Raises:
        SourceUnreadable: damaged, or a password is needed to open it.
        SourceTooLarge: too many pages, or a stream that unpacks beyond the limits.
    """
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfminer.psexceptions import PSException
    from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # else one line a glyph on standard error for some fonts
    _refuse_bombs(path, name=name, limits=limits)
    try:
        with pdfplumber.open(path, pages=list(range(1, limits.pages + 2))) as document:
            pages = _read_pages(document, name=name, limits=limits)
    except (PdfminerException, MalformedPDFException, PSException, *_DAMAGED) as error:
        causes = (error, *error.args, error.__cause__, error.__context__)
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in causes):
            raise SourceUnreadable(
                f"{name}：PDF 设有打开密码。请取消密码，或重新导出一份不加密的 PDF 再导入"
            ) from error
        message = f"{name}：PDF 已损坏，无法读取。请重新导出，或用浏览器打开后“打印为 PDF”再导入"
        raise SourceUnreadable(message) from error
    title, lines = flow(pages)
    return SourceText(name, title, tuple(lines), warnings=_warnings(pages))


def _read_pages(document: PDF, *, name: str, limits: LimitSettings) -> list[PageText]:
    if len(document.pages) > limits.pages:
        message = f"{name}：超过 {limits.pages} 页。请拆分文件，或调大设置 limits.pages"
        raise SourceTooLarge(message)
    if not document.pages:
        raise SourceUnreadable(f"{name}：PDF 里没有页面，文件可能已损坏。请重新导出再导入")
    pages = []
    for number, page in enumerate(document.pages, start=1):
        pages.append(read_page(page, number))
        page.close()  # else the characters of all pages stay: about 1 MB a page
    return pages


def _warnings(pages: list[PageText]) -> tuple[SourceWarning, ...]:
    numbers = [str(number) for number, page in enumerate(pages, start=1) if page.unreadable]
    if not numbers:
        return ()
    if len(numbers) == len(pages):
        message = f"全部 {len(pages)} 页都是扫描图片或无法提取的文字，需要先做文字识别（OCR）再导入"
    else:
        named = "、".join(numbers[:_MOST_NAMED]) + (" 等" if len(numbers) > _MOST_NAMED else "")
        message = f"第 {named} 页（共 {len(numbers)} 页）是扫描图片或无法提取的文字，没有读入，需要先做文字识别（OCR）"
    return (SourceWarning("needs_ocr", "", message),)


def _refuse_bombs(path: Path, *, name: str, limits: LimitSettings) -> None:
    """Refuse a file whose compressed streams unpack beyond the limit; pdfminer itself would unpack any of them.

    Streams are unpacked in blocks that are thrown away, 300 MB a second.
    """
    content = path.read_bytes()
    left = limits.unpacked_megabytes * MEGABYTE
    for found in _STREAM.finditer(content):
        unpacker = zlib.decompressobj()
        data = content[found.end() : found.end() + _BLOCK]
        place = found.end() + len(data)
        try:
            while data and not unpacker.eof:
                left -= len(unpacker.decompress(data, _BLOCK))
                if left < 0:
                    message = (
                        f"{name}：PDF 解压后超过 {limits.unpacked_megabytes} MB。"
                        "请压缩图片或拆分文件，或调大设置 limits.unpacked_megabytes"
                    )
                    raise SourceTooLarge(message)
                data = unpacker.unconsumed_tail
                if not data and not unpacker.eof:
                    data = content[place : place + _BLOCK]
                    place += len(data)
        except zlib.error:  # an encrypted or damaged stream: pdfminer will say so
            continue
