from __future__ import annotations

import stat
import subprocess
from pathlib import Path

import pytest

from ingest.read import convert, read
from kb.errors import ConverterMissing, SourceUnreadable
from kb.settings import LimitSettings

LIMITS = LimitSettings()
SAMPLE = Path(__file__).resolve().parents[2] / "ingest" / "sample"
RTF = r"{\rtf1\ansi\ansicpg936{\fonttbl{\f0 SimSun;}}\f0\fs24 \'cd\'b6\'cb\'df\'b4\'a6\'c0\'ed\par}"
office = pytest.mark.skipif(convert.find_converter() is None, reason="LibreOffice is not installed")


@pytest.mark.parametrize("name", ["旧.doc", "旧.wps", "表.et", "稿.dps"])
def test_old_format_without_converter_says_how(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(convert, "find_converter", lambda: None)
    (tmp_path / name).write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    with pytest.raises(ConverterMissing, match=rf"{name}.*另存为 (?:docx|xlsx|pptx).*LibreOffice") as caught:
        read(tmp_path / name, name=name, limits=LIMITS)
    assert "\n" not in str(caught.value)


def test_converter_that_hangs_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nsleep 60 &\nsleep 60\n", encoding="ascii")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(convert, "find_converter", lambda: str(program))
    (tmp_path / "a.rtf").write_text(RTF, encoding="ascii")
    with pytest.raises(SourceUnreadable, match="未完成"):
        convert.convert(tmp_path / "a.rtf", "old_word", name="a.rtf", folder=tmp_path, seconds=0.5)


@office
def test_rich_text_is_converted_and_nothing_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "a.rtf").write_text(RTF, encoding="ascii")
    assert [line.text for line in read(tmp_path / "a.rtf", name="a.rtf", limits=LIMITS).lines] == ["投诉处理"]
    assert list((tmp_path / "temporary").iterdir()) == []


@office
@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("SOP编写与变更SOP.docx", "doc"),
        ("SOP编写与变更SOP.docx", "odt"),
        ("退换与补偿审批SOP.xlsx", "xls"),
        ("新员工上岗培训SOP.pptx", "ppt"),
    ],
)
def test_old_format_says_the_same_as_the_new(tmp_path: Path, name: str, suffix: str) -> None:
    program = convert.find_converter()
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        str(program),
        profile,
        "--headless",
        "--convert-to",
        suffix,
        "--outdir",
        str(tmp_path),
        str(SAMPLE / name),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    old = read(tmp_path / f"{Path(name).stem}.{suffix}", name=name, limits=LIMITS)
    new = read(SAMPLE / name, name=name, limits=LIMITS)
    assert old.title == new.title
    # LibreOffice restarts lists in the .doc files it writes itself, so their numbers are not compared
    assert [(line.kind, line.level, line.text) for line in old.lines] == [
        (line.kind, line.level, line.text) for line in new.lines
    ]


@office
def test_broken_old_file_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "坏.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    with pytest.raises(SourceUnreadable, match=r"坏\.doc"):
        read(tmp_path / "坏.doc", name="坏.doc", limits=LIMITS)


@pytest.mark.parametrize("name", ["表.xls", "稿.ppt", "旧.doc"])
def test_former_format_with_nothing_inside_is_no_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(convert, "find_converter", lambda: "soffice")  # would make a document of the first bytes
    (tmp_path / name).write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000)
    with pytest.raises(SourceUnreadable, match=rf"^{name}：文件已损坏"):
        read(tmp_path / name, name=name, limits=LIMITS)
