"""Workbooks that people hand in, opened: their sheets as rows, or one line that says why not and what to do.

Knows xlsx, and what people take for one: with a password, of the former format, damaged, unpacked far too large.
"""

from __future__ import annotations

import io
import zipfile
from itertools import islice

from kb.errors import SourceTooLarge, SourceUnreadable

MOST_UNPACKED = 300 << 20  # bytes
_FORMER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
Sheet = tuple[str, list[tuple[object, ...]]]


def is_workbook(data: bytes) -> bool:
    """Say whether a file is meant as a workbook, by its first bytes."""
    return data.startswith((b"PK", _FORMER))


def sheets(data: bytes, name: str, *, rows: int | None = None) -> list[Sheet]:
    """Return the title and the rows of every sheet, ``rows`` of each at most.

    Raises:
        SourceUnreadable: it is no workbook, is damaged, of the former format, or has a password.
        SourceTooLarge: it unpacks to more than ``MOST_UNPACKED``.
    """
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    if data.startswith(_FORMER):
        if _LOCKED in data:
            raise SourceUnreadable(f"{name}：文件设有打开密码，请在 Office 或 WPS 中取消密码后再用")
        raise SourceUnreadable(f"{name}：是旧格式的表格，请用 Office 或 WPS 另存为 xlsx 后再用")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            unpacked = sum(member.file_size for member in packed.infolist())
        if unpacked > MOST_UNPACKED:
            raise SourceTooLarge(
                f"{name}：解压后有 {unpacked >> 20} MB，超过 {MOST_UNPACKED >> 20} MB，请只留下需要的列和行"
            )
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        read = [
            (one.title, [tuple(row) for row in islice(one.iter_rows(values_only=True), rows)])
            for one in book.worksheets
        ]
        book.close()
    except (OSError, zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, IndexError) as error:
        raise SourceUnreadable(
            f"{name}：不是能打开的 xlsx 表格，请用 Office 或 WPS 打开，另存为 xlsx 后再用"
        ) from error
    return read
