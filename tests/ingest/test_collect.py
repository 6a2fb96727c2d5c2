from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from ingest.collect import Problem, Source, collect
from kb.errors import SourceTooLarge
from kb.settings import LimitSettings

LIMITS = LimitSettings()


def fill(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name, encoding="utf-8")


def names(*paths: str | Path) -> list[str]:
    return [found.name for found in collect(paths, limits=LIMITS) if isinstance(found, Source)]


def problems(*paths: str | Path, limits: LimitSettings = LIMITS) -> list[str]:
    return [str(found.error) for found in collect(paths, limits=limits) if isinstance(found, Problem)]


def archive(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as container:
        for name, content in members.items():
            container.writestr(name, content)
    return path


def gbk_archive(path: Path, name: str, content: bytes) -> Path:
    """Write a zip as Windows' own packer does in China: names in GBK, without the flag."""
    buffer = io.BytesIO()
    placeholder = "x" * len(name.encode("gbk"))
    with zipfile.ZipFile(buffer, "w") as container:
        container.writestr(placeholder, content)
    path.write_bytes(buffer.getvalue().replace(placeholder.encode(), name.encode("gbk")))
    return path


def test_collect_a_folder_by_name_without_litter(tmp_path: Path) -> None:
    fill(
        tmp_path,
        "b.txt",
        "a.docx",
        "~$a.docx",
        ".hidden.txt",
        ".DS_Store",
        "logo.png",
        "sub/c.md",
        ".git/d.txt",
        "__MACOSX/e.txt",
    )
    told: list[str] = []
    found = [one.name for one in collect([tmp_path], limits=LIMITS, note=told.append)]
    assert found == ["a.docx", "b.txt", "sub/c.md"]
    assert told == ["logo.png：不是支持的文档格式，已跳过"]


def test_collect_names_a_file_the_same_alone_and_in_its_folder(tmp_path: Path) -> None:
    fill(tmp_path, "a.txt")
    assert names(tmp_path / "a.txt") == names(tmp_path) == ["a.txt"]


def test_collect_gives_a_file_once_and_keeps_equal_names_apart(tmp_path: Path) -> None:
    fill(tmp_path, "一/a.txt", "二/a.txt")
    assert names(tmp_path / "一", tmp_path / "一" / "a.txt", tmp_path / "二" / "a.txt") == ["a.txt", "二/a.txt"]


def test_collect_patterns(tmp_path: Path) -> None:
    fill(tmp_path, "a.txt", "b.md", "sub/c.txt", "[x].txt")
    assert names(str(tmp_path / "*.txt")) == ["[x].txt", "a.txt"]
    assert names(str(tmp_path / "**" / "*.txt")) == ["[x].txt", "a.txt", "sub/c.txt"]
    assert names(str(tmp_path / "[x].txt")) == ["[x].txt"]
    assert "没有匹配" in problems(str(tmp_path / "*.pdf"))[0]


def test_collect_reads_an_archive_while_it_is_iterated(tmp_path: Path) -> None:
    path = archive(tmp_path / "制度.zip", {"人事/考勤.txt": b"1", "a.png": b"2", "__MACOSX/._x.txt": b"3", "空/": b""})
    iterator = collect([path], limits=LIMITS)
    first = next(iterator)
    assert isinstance(first, Source)
    assert (first.name, first.path.read_bytes()) == ("制度.zip/人事/考勤.txt", b"1")
    assert list(iterator) == []
    assert not first.path.exists()


@pytest.mark.parametrize("name", ["考勤管理办法.txt", "客服部/投诉处理.txt", "值班表（试行）.txt"])
def test_collect_decodes_gbk_names_in_archives(tmp_path: Path, name: str) -> None:
    assert names(gbk_archive(tmp_path / "a.zip", name, b"1")) == [f"a.zip/{name}"]


@pytest.mark.parametrize("name", ["../../etc/x.txt", "/etc/x.txt", "C:\\x\\..\\x.txt", "..\\..\\x.txt"])
def test_collect_never_unpacks_outside_its_folder(tmp_path: Path, name: str) -> None:
    for found in collect([archive(tmp_path / "a.zip", {name: b"1"})], limits=LIMITS):
        assert isinstance(found, Source)
        assert ".." not in found.name
        assert found.path.parent.name.startswith("shouce-")


def test_collect_refuses_archives_in_archives_and_bombs(tmp_path: Path) -> None:
    inner = archive(tmp_path / "inner.zip", {"a.txt": b"1"}).read_bytes()
    assert "不展开" in problems(archive(tmp_path / "a.zip", {"inner.zip": inner}))[0]
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("a.txt", b"0" * 3_000_000)
    assert "解压后" in problems(bomb, limits=LimitSettings(unpacked_megabytes=1))[0]
    assert (
        "2 个"
        in problems(archive(tmp_path / "b.zip", {"a": b"", "b": b""}), limits=LimitSettings(archive_members=1))[0]
    )
    found = next(collect([bomb], limits=LimitSettings(file_megabytes=1)))
    assert isinstance(found, Problem)
    assert isinstance(found.error, SourceTooLarge)


def test_collect_goes_on_after_a_damaged_archive_member(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"a.txt": b"AAAAAAAA", "b.txt": b"BBBBBBBB"})
    path.write_bytes(path.read_bytes().replace(b"AAAAAAAA", b"AAAACAAA"))
    found = list(collect([path], limits=LIMITS))
    assert [type(one) for one in found] == [Problem, Source]


def test_collect_names_what_is_missing_or_unsupported(tmp_path: Path) -> None:
    fill(tmp_path, "好.txt")
    (tmp_path / "图.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    (tmp_path / "空").mkdir()
    (tmp_path / "坏.zip").write_bytes(b"PK\x03\x04oops")
    found = problems(
        tmp_path / "无.docx", tmp_path / "图.png", tmp_path / "空", tmp_path / "坏.zip", tmp_path / "好.txt"
    )
    assert [next(word for word in ("找不到", "实际上是", "没有可导入", "损坏") if word in text) for text in found] == [
        "找不到", "实际上是", "没有可导入", "损坏",
    ]  # fmt: skip
    assert all("\n" not in text for text in found)


def test_collect_takes_an_empty_file_for_the_reader_to_name(tmp_path: Path) -> None:
    (tmp_path / "空.txt").touch()
    assert names(tmp_path / "空.txt") == ["空.txt"]
