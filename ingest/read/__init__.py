"""One file of any supported format as a ``SourceText``: lines in reading order.

Knows which reader takes which format, the size limit and the empty file. Knows nothing of repair or of sections. Each
reader loads its library when it is called, so a text file never pays for a PDF library.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ingest.read.container import MEGABYTE
from ingest.read.sniff import CONVERTED, Format, refusal, sniff
from kb.errors import SourceTooLarge, SourceUnreadable
from kb.home import reason_of

if TYPE_CHECKING:
    from ingest.source import SourceText
    from kb.settings import LimitSettings

__all__ = ["read"]


def read(path: Path, *, name: str, limits: LimitSettings) -> SourceText:
    """Return the text of one file, its format told by the content first and the extension second.

    Args:
        path: the file.
        name: what the document is called in messages and results.
        limits: what the file may cost.

    Raises:
        SourceTooLarge: more bytes, pages, members, cells or unpacked bytes than allowed.
        ConverterMissing: an older format, and LibreOffice is not installed.
        SourceUnreadable: damaged, empty, behind a password, or of a kind that holds no text.
    """
    try:
        size = path.stat().st_size
        if size > limits.file_megabytes * MEGABYTE:
            message = (
                f"{name}：文件有 {size / MEGABYTE:.0f} MB，超过上限 {limits.file_megabytes} MB。"
                "请拆分文件，或调大设置 limits.file_megabytes"
            )
            raise SourceTooLarge(message)
        if not size:
            raise SourceUnreadable(f"{name}：文件是空的（0 字节）。请检查文件是否下载或复制完整")
        return _read(path, sniff(path), name, limits)
    except OSError as error:
        message = f"{name}：无法打开（{reason_of(error)}）。请检查文件是否存在、是否有读取权限"
        raise SourceUnreadable(message) from error


def _read(path: Path, kind: Format, name: str, limits: LimitSettings) -> SourceText:
    if kind in CONVERTED:
        from ingest.read.convert import convert

        with TemporaryDirectory(prefix="shouce-") as folder:
            converted = convert(path, kind, name=name, folder=Path(folder))
            return _read(converted, sniff(converted), name, limits)
    if kind in ("text", "markdown", "html", "mhtml", "csv"):
        return _read_plain(path, kind, name)
    if kind == "docx":
        from ingest.read.word import read_word

        return read_word(path, name=name, limits=limits)
    if kind == "pdf":
        from ingest.read.pdf import read_pdf

        return read_pdf(path, name=name, limits=limits)
    if kind == "xlsx":
        from ingest.read.sheet import read_sheet

        return read_sheet(path, name=name, limits=limits)
    if kind == "pptx":
        from ingest.read.slides import read_slides

        return read_slides(path, name=name, limits=limits)
    if kind == "encrypted":
        raise SourceUnreadable(f"{name}：文件设有打开密码。请在 Office 或 WPS 中取消密码后再导入")
    if kind == "zip":
        raise SourceUnreadable(f"{name}：压缩包请直接作为导入路径给出，不能当作单个文档读取")
    raise SourceUnreadable(f"{name}：{refusal(path)}")


def _read_plain(path: Path, kind: Format, name: str) -> SourceText:
    if kind == "markdown":
        from ingest.read.markdown import read_markdown

        return read_markdown(path, name=name)
    if kind == "csv":
        from ingest.read.sheet import read_csv

        return read_csv(path, name=name)
    if kind in ("html", "mhtml"):
        from ingest.read.web import read_web

        return read_web(path, name=name, mhtml=kind == "mhtml")
    from ingest.read.text import read_text

    return read_text(path, name=name)
