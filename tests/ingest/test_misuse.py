"""Files that are not what they are called, or hardly readable: read by content, or refused with what they really are."""

import shutil
import stat
import zipfile
from pathlib import Path

import pytest

from ingest.collect import Problem, Source, collect
from ingest.decode import decode
from ingest.pipeline import parse
from ingest.read import read
from kb.errors import SourceTooLarge, SourceUnreadable
from kb.settings import LimitSettings
from tests.ingest.files import docx, p

LIMITS = LimitSettings()
TEXT = "客户投诉处理规范\n1. 接到投诉后10分钟内登记。\n2. 24小时内首次响应客户。\n"


def words(path: Path) -> str:
    return "\n".join(line.text for line in read(path, name=path.name, limits=LIMITS).lines)


def problem(path: Path) -> str:
    (found,) = collect([path], limits=LIMITS)
    assert isinstance(found, Problem)
    return str(found.error)


@pytest.mark.parametrize("name", ["表.docx", "表.pdf", "表.txt", "表.csv", "表.html", "表.doc", "表"])
def test_workbook_is_read_under_any_name(name: str, tmp_path: Path) -> None:
    from openpyxl import Workbook

    workbook = Workbook()
    for row in (["级别", "时限"], ["一般", "24小时"]):
        workbook.active.append(row)
    workbook.save(tmp_path / "真.xlsx")
    shutil.copyfile(tmp_path / "真.xlsx", tmp_path / name)
    assert "一般 | 24小时" in words(tmp_path / name)


@pytest.mark.parametrize("name", ["文.xlsx", "文.pdf", "文.txt", "文.md", "文.doc", "文"])
def test_word_file_is_read_under_any_name(name: str, tmp_path: Path) -> None:
    shutil.copyfile(docx(tmp_path / "真.docx", p("每小时巡查一次。")), tmp_path / name)
    assert "每小时巡查一次。" in words(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "head", "says"),
    [
        ("图.docx", b"\x89PNG\r\n\x1a\n", "实际上是 PNG 图片"),
        ("图.txt", b"\xff\xd8\xff\xe0", "实际上是 JPEG 图片"),
        ("包.zip", b"Rar!\x1a\x07\x00", "实际上是 RAR 压缩包，不是文档。请解压后再导入"),
        ("包.docx", b"7z\xbc\xaf\x27\x1c", "实际上是 7z 压缩包"),
        ("程.txt", b"MZ\x90\x00\x03", "实际上是 Windows 程序"),
        ("废.docx", b"\x00\x01\x02", "内容不是 Word 文档"),
        ("废.xlsx", b"\x01\x02\x03", "内容不是 Excel 表格"),
        ("废.pdf", b"\x01\x02\x03", "内容不是 PDF"),
    ],
)
def test_what_is_no_document_is_named(name: str, head: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(head + bytes(range(256)) * 20)
    assert says in problem(tmp_path / name)
    with pytest.raises(SourceUnreadable, match=f"^{name}：{says[:6]}"):
        read(tmp_path / name, name=name, limits=LIMITS)


def test_text_that_begins_like_a_program_is_text(tmp_path: Path) -> None:
    (tmp_path / "MZ.txt").write_text("MZ 系列设备维护规程\n每月检查一次。\n", encoding="utf-8")
    (tmp_path / "BM.md").write_text("BM 班组管理办法\n", encoding="utf-8")
    assert "每月检查一次。" in words(tmp_path / "MZ.txt")
    assert "班组管理办法" in words(tmp_path / "BM.md")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le"])
@pytest.mark.parametrize("cut", [0, 1])
def test_wide_text_without_a_mark_is_read(encoding: str, cut: int, tmp_path: Path) -> None:
    data = TEXT.encode(encoding)
    (tmp_path / "宽.txt").write_bytes(data[: len(data) - cut])
    assert "24小时内首次响应客户" in words(tmp_path / "宽.txt")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5"])
@pytest.mark.parametrize("stray", ["\x00", "\x07", "\x1b[31m"])
def test_control_characters_are_taken_out_and_told(encoding: str, stray: str) -> None:
    littered = TEXT.replace("登记", f"登{stray}记").replace("。", f"。{stray}")
    text, repairs = decode(littered.encode(encoding, "replace"), name="控.txt")
    assert text == TEXT.encode(encoding, "replace").decode(encoding)
    assert (repairs[-1].kind, repairs[-1].before, repairs[-1].count) == ("encoding", "3 个控制字符", 3)


def test_control_character_at_every_step_is_taken_out() -> None:
    text, repairs = decode("\x01".join(TEXT).encode(), name="控.txt")
    assert text == TEXT
    assert repairs[-1].count == len(TEXT) - 1


def test_long_csv_cell_is_read(tmp_path: Path) -> None:
    clause = "客户投诉要在24小时内首次响应。" * 10_000  # beyond the 131,072 characters that the csv module allows
    (tmp_path / "长.csv").write_text(f"条款,内容\n1,{clause}\n", encoding="utf-8")
    assert clause in words(tmp_path / "长.csv")


def test_broken_link_is_named_alone_and_in_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "夹"
    folder.mkdir()
    (folder / "断.txt").symlink_to(tmp_path / "没有.txt")
    (folder / "圈.txt").symlink_to(folder / "圈.txt")
    (folder / "好.txt").write_text(TEXT, encoding="utf-8")
    assert "链接指向的文件已经不在" in problem(folder / "断.txt")
    found = list(collect([folder], limits=LIMITS))
    assert [one.name for one in found if isinstance(one, Source)] == ["好.txt"]
    assert [Path(one.name).name for one in found if isinstance(one, Problem)] == ["圈.txt", "断.txt"]


def test_members_that_climb_or_link_stay_inside(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "怪.zip", "w") as packed:
        packed.writestr("../../逃.txt", TEXT)
        packed.writestr("/etc/绝对.txt", TEXT)
        packed.writestr("b.txt/", "")
        link = zipfile.ZipInfo("链接.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        packed.writestr(link, "/etc/passwd")
    found = [one for one in collect([tmp_path / "怪.zip"], limits=LIMITS) if isinstance(one, Source)]
    assert [one.name for one in found] == ["怪.zip/逃.txt", "怪.zip/etc/绝对.txt"]
    assert not (tmp_path.parent / "逃.txt").exists()


def test_bomb_of_one_text_is_refused_at_once(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "炸.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("大.txt", b"0" * 40_000_000)
    (found,) = collect([tmp_path / "炸.zip"], limits=LIMITS)
    assert isinstance(found, Problem)
    assert isinstance(found.error, SourceTooLarge)


def test_blank_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "空白.txt").write_text(" \n\t\n　\n", encoding="utf-8")
    with pytest.raises(SourceUnreadable, match="文件里没有可读的文字"):
        parse(tmp_path / "空白.txt", name="空白.txt", limits=LIMITS, count_tokens=len)
