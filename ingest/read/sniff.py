"""Which format a file really has: by its first bytes or the members of its zip, by its extension only after that.

Knows the formats by name and nothing of how they are read. Company systems export HTML under the names ``.doc`` and
``.xls``, colleagues rename ``.docx`` to ``.doc``: the content decides.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Literal

from ingest.read.container import ZIP_ERRORS

Format = Literal[
    "text", "markdown", "csv", "html", "mhtml", "pdf", "docx", "xlsx", "pptx",
    "old_word", "old_sheet", "old_slides", "encrypted", "zip", "unknown",
]  # fmt: skip

# formats read here, then those converted first, by extension
EXTENSIONS: dict[str, Format] = {
    ".txt": "text", ".text": "text", ".md": "markdown", ".markdown": "markdown",
    ".csv": "csv", ".tsv": "csv", ".html": "html", ".htm": "html", ".xhtml": "html", ".shtml": "html",
    ".mht": "mhtml", ".mhtml": "mhtml", ".pdf": "pdf",
    ".docx": "docx", ".docm": "docx", ".dotx": "docx", ".xlsx": "xlsx", ".xlsm": "xlsx", ".xltx": "xlsx",
    ".pptx": "pptx", ".pptm": "pptx", ".ppsx": "pptx", ".potx": "pptx",
    ".doc": "old_word", ".dot": "old_word", ".wps": "old_word", ".wpt": "old_word",
    ".rtf": "old_word", ".odt": "old_word",
    ".xls": "old_sheet", ".et": "old_sheet", ".ett": "old_sheet", ".ods": "old_sheet", ".xlsb": "old_sheet",
    ".ppt": "old_slides", ".pps": "old_slides", ".dps": "old_slides", ".odp": "old_slides",
}  # fmt: skip
# the extension a converter must see to choose its filter, by format
CONVERTED: dict[Format, str] = {"old_word": ".doc", "old_sheet": ".xls", "old_slides": ".ppt"}

_TEXTS = frozenset({"text", "markdown", "csv", "html", "mhtml"})
_HEAD_BYTES = 8192
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(
    rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|<table[\s>]|<meta\s[^>]*charset|<frameset[\s>]", re.IGNORECASE
)
_WORD_XML = re.compile(rb"<w:wordDocument|progid=\"Word\.Document\"|<pkg:package")
_SHEET_XML = re.compile(rb"urn:schemas-microsoft-com:office:spreadsheet|progid=\"Excel\.Sheet\"")
_FLAT_ODF = re.compile(rb"office:document\s[^>]*office:mimetype=\"application/vnd\.oasis\.opendocument\.(\w+)")
_OPENDOCUMENT: dict[str, Format] = {"text": "old_word", "spreadsheet": "old_sheet", "presentation": "old_slides"}
# UTF-16LE names of the streams in an OLE file
_OLE_STREAMS: tuple[tuple[str, Format], ...] = (
    ("EncryptedPackage", "encrypted"),
    ("PowerPoint Document", "old_slides"),
    ("WordDocument", "old_word"),
    ("Workbook", "old_sheet"),
)


# what is no document, by its first bytes, in words for the user
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "PNG 图片"), (b"\xff\xd8\xff", "JPEG 图片"), (b"GIF8", "GIF 图片"), (b"BM", "BMP 图片"),
    (b"II*\x00", "TIFF 图片"), (b"MM\x00*", "TIFF 图片"), (b"RIFF", "音视频或 WebP 图片"), (b"ID3", "音频"),
    (b"Rar!", "RAR 压缩包"), (b"7z\xbc\xaf\x27\x1c", "7z 压缩包"), (b"\x1f\x8b", "GZIP 压缩包"),
    (b"MZ", "Windows 程序"), (b"\x7fELF", "Linux 程序"), (b"SQLite format 3", "SQLite 数据库"),
)  # fmt: skip
_FAMILIES = {"docx": "Word 文档", "xlsx": "Excel 表格", "pptx": "PowerPoint 演示文稿", "pdf": "PDF"}


def refusal(path: Path) -> str:
    """Return what a file of format ``unknown`` really is and what to do about it."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    for mark, words in _FOREIGN:
        if head.startswith(mark) and (len(mark) > 2 or _is_binary(head)):
            return f"实际上是 {words}，不是文档。" + (
                "请解压后再导入"
                if "压缩包" in words
                else "请先做文字识别（OCR）"
                if "图片" in words
                else "请给出原文档"
            )
    named = EXTENSIONS.get(path.suffix.lower(), "unknown")
    if named in _FAMILIES:
        return f"内容不是 {_FAMILIES[named]}，文件已损坏、被加密或扩展名写错。请用原软件打开后另存一份再导入"
    supported = "docx、pdf、xlsx、pptx、html、md、txt、csv（以及可转换的 doc、wps、xls、et、ppt、dps、rtf、odt）"
    return f"不支持这种文件。支持的格式有 {supported}，图片请先做文字识别（OCR）"


def sniff(path: Path) -> Format:
    """Return the format of the file at ``path``; ``unknown`` for content that is none of ours (an image, a program)."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    named = EXTENSIONS.get(path.suffix.lower(), "unknown")
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_format(path, named)
    if head.startswith(_OLE):
        return _ole_format(path, named)
    if head.lstrip().startswith(b"{\\rtf"):
        return "old_word"
    return _text_format(head, named)


def _zip_format(path: Path, named: Format) -> Format:
    try:
        with zipfile.ZipFile(path) as container:
            members = set(container.namelist())
            if "mimetype" in members and container.getinfo("mimetype").file_size < 200:
                kind = container.read("mimetype").decode("ascii", "replace").strip()
                return _OPENDOCUMENT.get(kind.rpartition(".")[2].partition("-")[0], "unknown")
    except ZIP_ERRORS:
        return named if named in ("docx", "xlsx", "pptx") else "zip"
    if "[Content_Types].xml" in members or "_rels/.rels" in members:
        if "xl/workbook.bin" in members:
            return "old_sheet"
        for folder, kind in (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx")):
            if any(member.startswith(folder) for member in members):
                return kind  # type: ignore[return-value]
        return named if named in ("docx", "xlsx", "pptx") else "unknown"
    return "zip"


def _ole_format(path: Path, named: Format) -> Format:
    content = path.read_bytes()
    for stream, kind in _OLE_STREAMS:
        if stream.encode("utf-16-le") in content:
            return kind
    return named if named in CONVERTED else "unknown"


def is_broken(path: Path) -> bool:
    """Say whether a file begins as one of the former office formats and has nothing of its inside: no converter tells so."""
    content = path.read_bytes()
    return content.startswith(_OLE) and "Root Entry".encode("utf-16-le") not in content


def _text_format(head: bytes, named: Format) -> Format:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        plain = head.replace(b"\x00", b"")
    elif any(head.startswith(mark) and (len(mark) > 2 or _is_binary(head)) for mark, _ in _FOREIGN):
        return "unknown"
    elif head.count(0) * 100 > len(head):
        # UTF-16 without a mark, or a text that some program wrote NULs into: the decoder tells
        return named if named in _TEXTS else "unknown"
    else:
        plain = head
    if re.search(rb"^MIME-Version:", plain, re.IGNORECASE | re.MULTILINE) and b"Content-Type:" in plain:
        return "mhtml"
    if _WORD_XML.search(plain):
        return "old_word"
    if _SHEET_XML.search(plain) and b"<?xml" in plain[:200]:
        return "old_sheet"
    flat = _FLAT_ODF.search(plain)
    if flat:
        return _OPENDOCUMENT.get(flat[1].decode("ascii"), "unknown")
    if named in _TEXTS:
        return named if named != "mhtml" else "html"
    if _HTML.search(plain):
        return "html"
    if _is_binary(plain):
        return "unknown"
    if named in CONVERTED or named in ("docx", "xlsx", "pptx", "pdf"):
        # a text file under an office name, as some systems export tables
        return "csv" if named in ("old_sheet", "xlsx") and plain.strip() else "text"
    return "text" if named == "unknown" and plain.strip() else "unknown"


def _is_binary(head: bytes) -> bool:
    controls = sum(byte < 9 or 13 < byte < 32 for byte in head)
    return controls * 50 > len(head)
