"""The one door: names of formats, one file or several, and what cannot be written."""

import os
import zipfile
from pathlib import Path

import pytest

from assistant.output import file_name
from assistant.quiz.export import FORMATS, format_of, render, write
from assistant.quiz.intake import read
from assistant.quiz.model import Paper
from kb.errors import FormatUnknown, SourceUnreadable, TargetUnwritable
from tests.assistant.quiz.papers_by_hand import paper


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_writes_a_file(tmp_path: Path, name: str) -> None:
    target = tmp_path / f"卷{FORMATS[name].suffix}"
    assert write([paper()], name, target) == (target,)
    assert target.stat().st_size > 500
    assert format_of(target) == name
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


@pytest.mark.parametrize("name", FORMATS)
def test_paper_without_questions_is_written_too(name: str) -> None:
    assert render([Paper("空卷", (), seed=0)], name)


@pytest.mark.parametrize("name", FORMATS)
def test_two_papers_are_two_files_where_one_holds_one(tmp_path: Path, name: str) -> None:
    suffix = FORMATS[name].suffix
    written = write([paper("甲"), paper("乙")], name, tmp_path / f"卷{suffix}")
    names = [f"卷{suffix}"] if FORMATS[name].several else [f"卷-A{suffix}", f"卷-B{suffix}"]
    assert [path.name for path in written] == names


def test_zip_holds_a_file_a_paper(tmp_path: Path) -> None:
    (target,) = write([paper("甲/卷"), paper("乙")], "docx", tmp_path / "卷.zip")
    with zipfile.ZipFile(target) as archive:
        assert archive.namelist() == ["A卷-甲-卷.docx", "B卷-乙.docx"]


def test_folder_gets_a_file_named_by_the_title(tmp_path: Path) -> None:
    assert write([paper("期末: 测验")], "gift", tmp_path)[0].name == "期末- 测验.gift"


def test_unknown_format_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(FormatUnknown, match="json、md、docx、xlsx、gift、moodle、qti、anki、wecom"):
        write([paper()], "pdf", tmp_path / "x.pdf")


def test_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(TargetUnwritable, match="不存在"):
        write([paper()], "json", tmp_path / "没有" / "卷.json")


def test_target_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "卷.json").mkdir()
    for target in (Path("/proc/卷.json"), tmp_path / ("长" * 200 + ".json"), tmp_path / "a\0b"):
        with pytest.raises(TargetUnwritable) as caught:
            write([paper()], "json", target)
        assert "\n" not in str(caught.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_closed_folder_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(TargetUnwritable, match="没有写入权限"):
        write([paper()], "json", tmp_path / "卷.json")


def test_link_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("old")
    (tmp_path / "b.json").symlink_to(tmp_path / "a.json")
    write([paper()], "json", tmp_path / "b.json")
    assert (tmp_path / "b.json").is_symlink()
    assert "questions" in (tmp_path / "a.json").read_text()


def test_same_paper_gives_the_same_bytes() -> None:
    for name in ("json", "md", "gift", "moodle", "qti", "wecom"):
        assert render([paper()], name) == render([paper()], name)


@pytest.mark.parametrize("title", ["", "...", "a/b\\c:d", "\n", "长" * 300])
def test_file_name_is_one_that_every_system_takes(title: str) -> None:
    name = file_name(title)
    assert name
    assert len(name) <= 60
    assert not set(name) & set('\\/:*?"<>|\n')


def test_import_says_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable, match="无法读取"):
        read(tmp_path / "没有.gift")
    with pytest.raises(FormatUnknown, match="json、gift、moodle、xlsx、wecom"):
        read(tmp_path / "没有.gift", "docx")
    empty = tmp_path / "空.gift"
    empty.write_text("// 只有注释\n")
    with pytest.raises(SourceUnreadable, match="没有题目"):
        read(empty)
