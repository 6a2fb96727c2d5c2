"""Workbooks that people hand in: opened, or refused in one line that names the file and what to do."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from assistant import workbook
from assistant.workbook import is_workbook, sheets
from kb.errors import SourceTooLarge, SourceUnreadable

FORMER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def made() -> bytes:
    book = Workbook()
    for row in (("日期", "原因"), ("2026-09-01", "响应慢"), ("2026-09-02", "收费")):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_sheets_are_read_as_far_as_wanted() -> None:
    assert sheets(made(), "投诉.xlsx", rows=2) == [("Sheet", [("日期", "原因"), ("2026-09-01", "响应慢")])]
    assert is_workbook(made())
    assert not is_workbook("日期,原因".encode())


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (made()[:900], "不是能打开的 xlsx 表格"),
        (b"PK\x03\x04" + bytes(99), "不是能打开的 xlsx 表格"),
        (FORMER + "EncryptedPackage".encode("utf-16-le"), "设有打开密码"),
        (FORMER, "旧格式"),
        (b"", "不是能打开的 xlsx 表格"),
    ],
)
def test_what_is_no_workbook_is_told_in_one_chinese_line(data: bytes, said: str) -> None:
    with pytest.raises(SourceUnreadable, match=rf"^投诉\.xlsx：.*{said}") as told:
        sheets(data, "投诉.xlsx")
    assert "\n" not in str(told.value)
    assert "zip" not in str(told.value)


def test_a_workbook_that_unpacks_far_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_UNPACKED", 1 << 20)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * (4 << 20))
    with pytest.raises(SourceTooLarge, match="解压后有 4 MB"):
        sheets(buffer.getvalue(), "投诉.xlsx")
